"""Read tools/requirements.toml: each requirement in our own words, its code, what is missing and what will bring it."""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS = ROOT / "tools/requirements.toml"
KINDS = {
    "safety": "the two doors and the words",
    "channels": "the channels and delivery",
    "time": "plans, check-ins and appointments",
    "cases": "the full desk and the case records",
    "retention": "retention, exports and more machines",
    "people": "people outside the code: survivors, practitioners, a safeguarding lead, auditors",
}
"""The kinds of work that bring what is missing, as the page says them."""


class RottenReferenceError(Exception):
    """tools/requirements.toml names code that is not there, or work that is of no kind we know."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule in our own words. `begun`: what code there is does not yet amount to the rule."""

    number: str
    title: str
    rule: str
    code: tuple[str, ...]
    missing: str = ""
    brings: tuple[str, ...] = ()
    begun: bool = False

    @property
    def waits(self) -> bool:
        """Whether the rule is still to be built, so that no test can prove it."""
        return self.begun or not self.code

    def state(self, is_tested: bool) -> str:
        """How far it is carried out."""
        if self.waits:
            return "not yet"
        return "in part" if self.missing or not is_tested else "there"


def read_requirements(words: Path = WORDS) -> list[Requirement]:
    """All of them, R1 first. Raises RottenReferenceError."""
    listed = tomllib.loads(words.read_text("utf-8"))
    found = [_requirement(number, fields) for number, fields in listed.items()]
    return sorted(found, key=lambda requirement: int(requirement.number[1:]))


def _requirement(number: str, fields: dict[str, object]) -> Requirement:
    lists = {name: tuple(fields.pop(name, ())) for name in ("code", "brings")}  # type: ignore[call-overload]  # TOML
    requirement = Requirement(number, **fields, **lists)  # type: ignore[arg-type]  # a wrong field is told at once
    for reference in requirement.code:
        if not is_there(reference):
            raise RottenReferenceError(f"{number}: {reference} is not there any more")
    if unknown := set(requirement.brings) - set(KINDS):
        raise RottenReferenceError(f"{number}: {', '.join(sorted(unknown))} is not a kind of work: {', '.join(KINDS)}")
    if (requirement.missing or requirement.waits) and not (requirement.missing and requirement.brings):
        raise RottenReferenceError(f"{number}: say in `missing` what is missing, and in `brings` which work brings it")
    return requirement


def is_there(reference: str) -> bool:
    """Whether the file is there, and defines the name: `path` or `path:name`."""
    path, _, name = reference.partition(":")
    if not (ROOT / path).exists():
        return False
    return not name or name in defined(path)


@cache
def defined(path: str) -> frozenset[str]:
    """The names that a Python file defines at its top, and `Class.method` for the methods of its classes."""
    names: set[str] = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                methods = [part for part in body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
                names |= {name, *(f"{name}.{method.name}" for method in methods)}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return frozenset(names)
