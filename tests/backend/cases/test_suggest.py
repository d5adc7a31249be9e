"""A suggestion is only a suggestion, comes from the answers alone, and gives its reason (SS 7.1, A10)."""

import pytest

from backend.cases.suggest import PATHWAYS, suggest_pathway


@pytest.mark.parametrize(
    ("answers", "pathway"),
    [
        ({}, ""),
        ({"age_band": "18_over"}, "community_idva"),
        ({"age_band": "under_13"}, "cyp"),
        ({"age_band": "13_15"}, "cyp"),
        ({"age_band": "16_17"}, ""),
        ({"age_band": "16_17", "worker_age_group": "no_matter"}, ""),
        ({"age_band": "16_17", "worker_age_group": "young"}, "cyp"),
        ({"age_band": "16_17", "worker_age_group": "adult"}, "community_idva"),
        ({"age_band": "18_over", "safe_now": "not_sure"}, "community_idva"),
    ],
)
def test_the_answers_point_to_a_pathway(answers: dict[str, str], pathway: str) -> None:
    suggestion = suggest_pathway(answers)
    assert suggestion.pathway == pathway
    assert suggestion.because.endswith(".")
    assert pathway in {"", *PATHWAYS}


@pytest.mark.requirement("R31")
@pytest.mark.parametrize("age", ["under_13", "16_17", "18_over"])
def test_danger_comes_before_any_pathway(age: str) -> None:
    suggestion = suggest_pathway({"age_band": age, "safe_now": "not_safe"})
    assert suggestion.pathway == ""
    assert "Speak with them first" in suggestion.because


def test_nobody_is_sorted_by_the_words_they_chose() -> None:
    told = {"age_band": "18_over", "story": "complex needs, engage, marac, he has a knife"}
    assert suggest_pathway(told) == suggest_pathway({"age_band": "18_over"})
