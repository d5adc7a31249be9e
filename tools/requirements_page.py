"""Write docs/safety-requirements.md from tools/requirements.toml, the code it names, and the tests that are marked.

python tools/requirements_page.py            write the page
python tools/requirements_page.py --check    exit status 1 when the page is out of date

A test is found by its mark, `@pytest.mark.requirement("R7")`, on a function, a class or a whole file; its code is read
and not run. Results are not written here: the suite prints them.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping

from generated import ROOT, write_or_check
from requirements_list import KINDS, Requirement, RottenReferenceError, read_requirements

PAGE = "docs/safety-requirements.md"
WHOLE_FILE = "the whole file"
HEAD = """\
# Safety requirements

Forty rules that keep people safe, each with the code that carries it out, the tests that prove it, and what is missing.
This page is written by `tools/requirements_page.py` from `tools/requirements.toml` and the marks in `tests/`; a test
fails when it is out of date. It lists code and tests, not results: `make test` prints those.

*There* means that nothing is known to be missing, and that a test is marked. *In part* means what it says. *Not yet*
means that no code does it, or that what does is a beginning and no more; it waits for the work that is named. Every run
of the whole suite counts, for each rule, how many marked tests passed, and fails when one that is *there* or *in part*
has none. A test that is marked proves a part of a rule; it is not the rule. What the numbers in the rules are by
default is in [settings.md](settings.md), how the rules of the two doors read is in
[safety-rules.md](safety-rules.md).
"""

Tests = Mapping[str, Mapping[str, list[str]]]
"""By requirement, then by file: the names of the tests."""


def collect_tests() -> Tests:
    """Every marked test, by the source of the suite."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number, test in _marked(ast.parse(path.read_text("utf-8"))):
            names = found[number][path.relative_to(ROOT).as_posix()]
            if test not in names:
                names.append(test)
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                yield from ((number, WHOLE_FILE) for number in _numbers(value))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _of_test(node, node.decorator_list)
            case ast.ClassDef():
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                        yield from _of_test(inner, [*node.decorator_list, *inner.decorator_list])


def _of_test(node: ast.FunctionDef | ast.AsyncFunctionDef, decorators: list[ast.expr]) -> Iterator[tuple[str, str]]:
    words = node.name.removeprefix("test_").replace("_", " ")
    for decorator in decorators:
        yield from ((number, words) for number in _numbers(decorator))


def _numbers(node: ast.AST) -> Iterator[str]:
    """The requirements that an expression names as marks."""
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(attr="requirement"), args=arguments):
                for argument in arguments:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def page(requirements: list[Requirement], tests: Tests) -> str:
    """The whole page."""
    states = [requirement.state(requirement.number in tests) for requirement in requirements]
    counted = ", ".join(f"{states.count(state)} {state}" for state in ("there", "in part", "not yet"))
    lines = [HEAD, f"Of {len(requirements)}: {counted}.\n", "| | Rule | |", "|---|---|---|"]
    for requirement, state in zip(requirements, states, strict=True):
        lines.append(f"| [{requirement.number}](#{requirement.number.lower()}) | {requirement.title} | {state} |")
    for requirement, state in zip(requirements, states, strict=True):
        lines += _section(requirement, state, tests.get(requirement.number, {}))
    return "\n".join(lines) + "\n"


def _section(requirement: Requirement, state: str, tests: Mapping[str, list[str]]) -> Iterator[str]:
    yield f"\n## {requirement.number}\n"
    yield f"**{requirement.title}.** {requirement.rule} *({state})*\n"
    yield f"* Code: {', '.join(_code(reference) for reference in requirement.code) or 'none'}."
    if not tests:
        yield "* Tests: none is marked."
    for path, names in sorted(tests.items()):
        yield f"* Tests in [{path}](../{path}): {'; '.join(names)}."
    if requirement.missing:
        brought_by = "; ".join(KINDS[kind] for kind in requirement.brings)
        yield f"* Missing: {requirement.missing} *(Comes with: {brought_by}.)*"


def _code(reference: str) -> str:
    path, _, name = reference.partition(":")
    link = f"[{path}](../{path})"
    return f"`{name}` in {link}" if name else link


def main() -> int:
    """Write or check the page; 2: the words name code that is not there, or a mark names no requirement."""
    try:
        requirements = read_requirements()
    except RottenReferenceError as error:
        print(error, file=sys.stderr)
        return 2
    tests = collect_tests()
    if unknown := set(tests) - {requirement.number for requirement in requirements}:
        print(f"tests are marked with {', '.join(sorted(unknown))}, which there is not", file=sys.stderr)
        return 2
    return write_or_check(PAGE, page(requirements, tests), sys.argv)


if __name__ == "__main__":
    sys.exit(main())
