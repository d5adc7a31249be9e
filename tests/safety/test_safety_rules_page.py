"""docs/safety-rules.md says what the code does: a safeguarding lead signs the page, so it must not drift."""

from pathlib import Path

from safety import triage
from safety.gate import REASONS, RULES

PAGE = (Path(__file__).parents[2] / "docs" / "safety-rules.md").read_text("utf-8")


def test_every_rule_of_the_gate_is_on_the_page_in_its_order() -> None:
    lines = [f"| {place} | `{rule.__name__}` | {rule.__doc__} |" for place, rule in enumerate(RULES, start=1)]
    assert "\n".join(lines) in PAGE


def test_every_reason_is_on_the_page() -> None:
    kinds = dict.fromkeys(REASONS, "drop") | {"outside_hours": "hold", "in_doubt": "hold", "as_template": "send"}
    assert "\n".join(f"| `{code}` | {kinds[code]} | {REASONS[code]} |" for code in REASONS) in PAGE


def test_the_courses_are_on_the_page_and_in_the_code_in_the_same_order() -> None:
    table = [line for line in (triage.__doc__ or "").splitlines() if line.startswith("|")]
    assert "\n".join(table) in PAGE
    named = [line.split("|")[1].strip().replace(" ", "_").replace("-", "_") for line in table[2:]]
    assert named == [course.value for course, _ in triage.PRECEDENCE]


def test_every_alert_is_on_the_page() -> None:
    assert all(f"| `{alert.reason}` | {alert.urgency} |" in PAGE for alert, _ in triage.ALERTS)
