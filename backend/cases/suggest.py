"""Which pathway the answers point to, by the service's entry criteria (SS 7.1): a suggestion, with its reason (A10).

Pure, and blind to free text: nobody is sorted by the words they chose. Where the answers do not carry a suggestion,
there is none, and the reason says what a practitioner has to find out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Any]

PATHWAYS: Mapping[str, str] = {
    "community_idva": "Community Idva",
    "complex_needs": "Community Idva, complex needs",
    "engage": "Engage: families who stay together",
    "recovery": "Recovery: groups and peers",
    "cyp": "Children and young people",
}
"""The strands that a referral can be accepted into, and what the desk calls them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pathway, or an empty string for none, and why. Only a practitioner decides (R31)."""

    pathway: str
    because: str


@dataclass(frozen=True, slots=True)
class _Rule:
    holds: Callable[[Answers], bool]
    suggestion: Suggestion


def _is(slot: str, *values: str) -> Callable[[Answers], bool]:
    return lambda answers: answers.get(slot) in values


def _both(one: Callable[[Answers], bool], other: Callable[[Answers], bool]) -> Callable[[Answers], bool]:
    return lambda answers: one(answers) and other(answers)


_SIXTEEN = _is("age_band", "16_17")

_RULES: tuple[_Rule, ...] = (
    # B9: risk comes before any pathway.
    _Rule(
        _is("safe_now", "not_safe"),
        Suggestion(
            "",
            "They said that they are not safe. Speak with them first. At high risk the high-risk Idva team takes it "
            "at once, and Marac if the threshold is met.",
        ),
    ),
    # A14, G7: the young people's offer covers 0 to 17.
    _Rule(
        _is("age_band", "under_13", "13_15"),
        Suggestion(
            "cyp",
            "They said that they are under 16. Safeguarding comes first; no contact with a parent without a recorded "
            "review.",
        ),
    ),
    # G7: sixteen and seventeen fit both offers, and the young person chooses with a worker.
    _Rule(
        _both(_SIXTEEN, _is("worker_age_group", "young")),
        Suggestion("cyp", "They are 16 or 17 and asked for somebody who works with young people."),
    ),
    _Rule(
        _both(_SIXTEEN, _is("worker_age_group", "adult")),
        Suggestion("community_idva", "They are 16 or 17 and asked for somebody who works with adults."),
    ),
    _Rule(_SIXTEEN, Suggestion("", "They are 16 or 17 and fit both offers. Choose it together with them.")),
    _Rule(
        _is("age_band", "18_over"),
        Suggestion(
            "community_idva",
            "They are an adult, and nothing in the answers points elsewhere. Not asked yet: the risk, whether they "
            "live apart, several or complex needs, whether they are stepping down from high risk.",
        ),
    ),
)
_NOTHING_TO_GO_BY = Suggestion("", "They did not give an age, and nothing else in the answers points to one pathway.")


def suggest_pathway(answers: Answers) -> Suggestion:
    """The first rule that holds; none holds: no suggestion."""
    return next((rule.suggestion for rule in _RULES if rule.holds(answers)), _NOTHING_TO_GO_BY)
