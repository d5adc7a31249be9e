"""No name, number, address or word of anybody in a log, an exception or a repr (R38): a look at the source itself.

What is looked at is how things are called. `len(text)`, `type(error).__name__` and the like say nothing about anybody.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "safety", "channels", "backend")
CONTENT = {
    "text", "texts", "words", "word", "body", "address", "number", "phone", "email", "title", "subject",
    "answers", "answer", "content", "form", "payload", "recent", "memory", "message", "inbound", "outbound",
    "said", "cover", "token", "password", "code_word", "story", "line", "lines", "thread", "contact", "headers",
    "cookies", "query", "url", "arrived", "talk", "row", "profile", "return_code", "draft",
}  # fmt: skip
"""Names that hold, or may hold, what somebody wrote or who they are."""
LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "log"})
HARMLESS_CALLS = frozenset({"len", "type", "bool", "sum", "any", "all"})
HARMLESS_PARTS = frozenset({"id", "attempt_id", "outbound_id", "conversation_id", "code", "state", "kind", "status"})
"""`message.id` is an id, whatever a message holds."""
WORDLESS_ERRORS = frozenset({"backend/hooks.py: error"})
"""Errors that are logged whole: `Receiver.parse` promises a ValueError without a word of the body."""
OWN_FILES = ("bot/language/", "bot/faults.py", "bot/conversation_tests", "bot/checker")
"""These speak of flow files, which reviewers wrote and nobody's words are in."""

Files = list[tuple[str, ast.Module]]


@pytest.fixture(scope="module")
def files() -> Files:
    """Every source file of the product, parsed, by its path from the root."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths]


def spoken(node: ast.AST) -> Iterator[str]:
    """The names whose values would be written out by an expression."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in HARMLESS_CALLS:
            return
        case ast.Attribute(attr=part) if part in HARMLESS_PARTS or part.startswith("__"):
            return
        case ast.Attribute(attr=part):
            yield part
        case ast.Name(id=name):
            yield name
        case ast.IfExp(body=body, orelse=orelse):
            yield from spoken(body)
            yield from spoken(orelse)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from spoken(child)


def log_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls such as `log.info(...)` and `logging.warning(...)`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=level)) if level in LEVELS:
                if "log" in name.lower():
                    yield node


def logged_content(files: Files) -> set[str]:
    """Where a log line would write out content."""
    return {
        f"{path}:{call.lineno}: {name}"
        for path, tree in files
        for call in log_calls(tree)
        for part in [*call.args[1:], *(keyword.value for keyword in call.keywords)]
        for name in spoken(part)
        if name in CONTENT
    }


@pytest.mark.requirement("R38")
def test_a_log_line_holds_no_content(files: Files) -> None:
    assert not logged_content(files)


@pytest.mark.parametrize(
    ("line", "leaks"),
    [
        ("log.info('from %s', message.address)", True),
        ("log.info('said %s', inbound.text[:20])", True),
        ("logging.error('broke: %s', f'{number}')", True),
        ("log.info('sent', extra={'to': address})", True),
        ("log.info('%d signs', len(text))", False),
        ("log.info('attempt %d', message.id)", False),
        ("log.error('broke: %s', type(text).__name__)", False),
    ],
)
def test_this_guard_sees(line: str, leaks: bool) -> None:
    assert bool(logged_content([("made_up.py", ast.parse(line))])) is leaks


def test_a_log_line_is_fixed_words_with_places_for_ids(files: Files) -> None:
    """A message that is put together from parts cannot be looked at; nor is a traceback free of content."""
    for path, tree in files:
        for call in log_calls(tree):
            assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"
            assert not {keyword.arg for keyword in call.keywords} & {"exc_info", "stack_info"}, f"{path}:{call.lineno}"
            assert isinstance(call.func, ast.Attribute) and call.func.attr != "exception", f"{path}:{call.lineno}"


def test_a_log_line_says_what_kind_of_error_it_was_and_not_its_words(files: Files) -> None:
    found = {
        f"{path}: {name}"
        for path, tree in files
        for call in log_calls(tree)
        for part in call.args[1:]
        for name in spoken(part)
        if name in {"error", "exc", "exception", "failure", "e", "err"}
    }
    assert found <= WORDLESS_ERRORS


@pytest.mark.requirement("R38")
def test_an_exception_holds_no_content(files: Files) -> None:
    """An exception ends up in a log of somebody's, sooner or later."""
    found = {
        f"{path}:{node.lineno}: {name}"
        for path, tree in files
        if not path.startswith(OWN_FILES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        for part in [*node.exc.args, *(keyword.value for keyword in node.exc.keywords)]
        for name in spoken(part)
        if name in CONTENT
    }
    assert not found


SHOWN = frozenset(
    {"text", "body", "address", "subject", "email", "phone", "number", "called", "story", "csrf", "password", "token"}
)
"""Fields of a dataclass that its repr must leave out, for a repr ends up in tracebacks and in pytest's output."""
FIXED_WORDS = frozenset({"StaffText", "Mail", "DemoPerson", "Pattern"})
"""Classes that hold words from a closed catalogue, a mail made of such words, invented people, or a rule of ours."""


def is_dataclass(node: ast.ClassDef) -> bool:
    """Whether a class is decorated as one, with its usual repr."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = call.func if call else decorator
        if isinstance(name, ast.Name) and name.id == "dataclass":
            keywords = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
            shown = keywords.get("repr")
            return not (isinstance(shown, ast.Constant) and shown.value is False)
    return False


def is_text(field: ast.AnnAssign) -> bool:
    """Whether a field holds text itself; a class of ours inside answers for its own repr."""
    return any(isinstance(part, ast.Name) and part.id in {"str", "bytes"} for part in ast.walk(field.annotation))


def hides(field: ast.AnnAssign) -> bool:
    """Whether a field says `field(repr=False)`."""
    value = field.value
    return isinstance(value, ast.Call) and any(
        keyword.arg == "repr" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in value.keywords
    )


@pytest.mark.requirement("R38")
def test_a_repr_holds_no_content(files: Files) -> None:
    found = {
        f"{path}:{field.lineno}: {node.name}.{field.target.id}"
        for path, tree in files
        if not path.startswith(OWN_FILES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and is_dataclass(node) and node.name not in FIXED_WORDS
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if field.target.id in SHOWN and is_text(field) and not hides(field)
    }
    assert not found
