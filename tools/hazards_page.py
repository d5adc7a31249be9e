"""Write docs/hazards.md from tools/hazards.toml.

python tools/hazards_page.py            write the page
python tools/hazards_page.py --check    exit status 1 when the page is out of date, 2 when something it names is gone
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generated import ROOT, write_or_check
from requirements_list import is_there

PAGE = "docs/hazards.md"
WORDS = ROOT / "tools/hazards.toml"
MATRIX = (
    (1, 1, 2, 2, 3),
    (1, 2, 2, 3, 4),
    (2, 2, 3, 3, 4),
    (2, 3, 3, 4, 5),
    (3, 4, 4, 5, 5),
)
"""The risk, by likelihood (rows, 1 first) and severity (columns, 1 first)."""
MEANING = {
    1: "acceptable",
    2: "acceptable",
    3: "undesirable: lower it where that is practicable",
    4: "must be lowered",
    5: "unacceptable",
}
LIKELIHOOD = ("very low", "low", "medium", "high", "very high")
SEVERITY = ("minor", "significant", "considerable", "major", "catastrophic")
STATUSES = ("open", "transferred", "closed")
OWNERS = ("safeguarding lead", "service manager", "duty lead", "technical lead", "information governance lead")
HEAD = """\
# Hazard log

What could go wrong for a person because of this service, what stands in the way today, and how bad it still is. It has
the shape of the hazard logs that DCB0129 asks of health software. That standard does not bind this product, and the log
claims no conformity with it. This page is written by `tools/hazards_page.py` from `tools/hazards.toml`; a test fails
when a file, a function or a test that is named here is gone.

**Nobody has signed this log.** The scores are the builders' own first judgement. Before anybody is supported through
this service, a named safeguarding lead goes through it with practitioners and people who have lived through abuse,
changes what is wrong, and signs:

| Role | Name | Date | Signature |
|---|---|---|---|
| Safeguarding lead (answers for this log) | | | |
| Service manager | | | |
| Technical lead | | | |

## How to read it

*Likelihood* and *severity* run from 1 to 5 and are judged with the controls that exist. *Risk* comes from the table
below. *Residual* is what would be left once what is *wanted* is there too. A hazard is never deleted; one that is over
is closed, with the reason. A new one gets the next number. Threats that somebody intends are in
[threats.md](threats.md); how the requirements are met is in [safety-requirements.md](safety-requirements.md).
"""


class RottenHazardError(Exception):
    """tools/hazards.toml has a hazard that is not whole, or names what is not there."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard. `residual` is likelihood and severity once what is wanted is there."""

    number: str
    name: str
    causes: tuple[str, ...]
    effect: str
    harm: str
    controls: str
    code: tuple[str, ...]
    tests: tuple[str, ...]
    requirements: tuple[str, ...]
    wanted: str
    likelihood: int
    severity: int
    residual: tuple[int, int]
    owner: str
    status: str = "open"
    note: str = ""

    @property
    def risk(self) -> int:
        """Today, by the matrix."""
        return risk(self.likelihood, self.severity)

    @property
    def residual_risk(self) -> int:
        """Once what is wanted is there, by the matrix."""
        return risk(*self.residual)


def risk(likelihood: int, severity: int) -> int:
    """The risk of a likelihood and a severity, each from 1 to 5."""
    return MATRIX[likelihood - 1][severity - 1]


def read_hazards() -> list[Hazard]:
    """All of them, H01 first. Raises RottenHazardError."""
    listed = tomllib.loads(WORDS.read_text("utf-8"))
    lists = ("causes", "code", "tests", "requirements", "residual")
    found = [
        Hazard(number, **{name: tuple(value) if name in lists else value for name, value in fields.items()})
        for number, fields in listed.items()
    ]
    for place, hazard in enumerate(found, start=1):
        for fault in faults(hazard, place):
            raise RottenHazardError(f"{hazard.number}: {fault}")
    return found


def faults(hazard: Hazard, place: int) -> Iterator[str]:
    """What is wrong with one hazard."""
    if hazard.number != f"H{place:02d}":
        yield f"hazards are numbered in a row and never deleted; this should be H{place:02d}"
    gone = [reference for reference in (*hazard.code, *hazard.tests) if not is_there(reference)]
    if gone:
        yield f"{', '.join(gone)} is not there any more"
    if not hazard.tests or any(not each.rpartition(":")[2].startswith("test_") for each in hazard.tests):
        yield "each hazard names the tests of its controls"
    if hazard.owner not in OWNERS or hazard.status not in STATUSES:
        yield f"the owner is one of {', '.join(OWNERS)}, the status one of {', '.join(STATUSES)}"
    if hazard.status != "open" and not hazard.note:
        yield "a hazard that is not open says why"
    if not all(1 <= score <= 5 for score in (hazard.likelihood, hazard.severity, *hazard.residual)):
        yield "scores run from 1 to 5"
    if hazard.residual_risk > hazard.risk:
        yield "what is wanted cannot make it worse"


def page(hazards: Sequence[Hazard]) -> str:
    """The whole page."""
    return (
        "\n".join([HEAD, *_matrix(), *_summary(hazards), *(line for each in hazards for line in _section(each))]) + "\n"
    )


def _matrix() -> Iterator[str]:
    yield f"| Likelihood \\ severity | {' | '.join(f'{n} {word}' for n, word in enumerate(SEVERITY, start=1))} |"
    yield f"|---|{'---|' * len(SEVERITY)}"
    for place in range(len(LIKELIHOOD), 0, -1):
        yield f"| {place} {LIKELIHOOD[place - 1]} | {' | '.join(map(str, MATRIX[place - 1]))} |"
    yield "\n1 and 2: acceptable. 3: undesirable. 4: must be lowered. 5: unacceptable. The table follows the one"
    yield "that is commonly used with DCB0129, from general knowledge: verify before use.\n"


def _summary(hazards: Sequence[Hazard]) -> Iterator[str]:
    counted = Counter(hazard.risk for hazard in hazards if hazard.status == "open")
    told = ", ".join(f"{counted[score]} at {score}" for score in sorted(counted, reverse=True))
    yield f"## The hazards\n\n{len(hazards)} hazards; of those that are open: {told}.\n"
    yield "| | Hazard | Likelihood | Severity | Risk | Residual | Owner | Status |\n|---|---|---|---|---|---|---|---|"
    for each in hazards:
        yield (
            f"| [{each.number}](#{each.number.lower()}) | {each.name} | {each.likelihood} | {each.severity} "
            f"| {each.risk} | {each.residual_risk} | {each.owner} | {each.status} |"
        )


def _section(hazard: Hazard) -> Iterator[str]:
    likely, grave = LIKELIHOOD[hazard.likelihood - 1], SEVERITY[hazard.severity - 1]
    yield f"\n## {hazard.number}\n\n**{hazard.name}.** *({hazard.status}; {hazard.owner})*\n"
    yield f"* Causes: {'; '.join(hazard.causes)}."
    yield f"* Effect: {hazard.effect}"
    yield f"* Harm: {hazard.harm}"
    yield f"* Controls: {hazard.controls} ({_requirements(hazard)})"
    yield f"* Code: {', '.join(map(_link, hazard.code))}."
    yield f"* Tests: {', '.join(map(_link, hazard.tests))}."
    yield (
        f"* Risk today: {hazard.risk}, {MEANING[hazard.risk]} (likelihood {hazard.likelihood} {likely}, "
        f"severity {hazard.severity} {grave})."
    )
    yield f"* Wanted: {hazard.wanted}"
    yield f"* Residual risk: {hazard.residual_risk} (likelihood {hazard.residual[0]}, severity {hazard.residual[1]})."
    if hazard.note:
        yield f"* Note: {hazard.note}"


def _requirements(hazard: Hazard) -> str:
    return ", ".join(f"[{number}](safety-requirements.md#{number.lower()})" for number in hazard.requirements)


def _link(reference: str) -> str:
    path, _, name = reference.partition(":")
    words = name.removeprefix("test_").replace("_", " ") if name.startswith("test_") else f"`{name}`"
    return f"{words} in [{path}](../{path})" if name else f"[{path}](../{path})"


def main() -> int:
    """Write or check the page; 2: the log is not whole."""
    try:
        hazards = read_hazards()
    except (RottenHazardError, TypeError) as error:
        print(error, file=sys.stderr)
        return 2
    return write_or_check(PAGE, page(hazards), sys.argv)


if __name__ == "__main__":
    sys.exit(main())
