"""What ends safe-contact answers before their time: every sign has its line, and none of them loosens anything."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.profile import PARTS, SAFETY, loosens, part_to_json, with_part
from safety.risk import PROVIDER_CODES, RISKS, Left, Risk, after, needs_worker
from safety.types import Point, PointState, SafeContact
from tests.safety.worlds import contacts


@pytest.mark.requirement("R10")
def test_every_sign_has_its_line() -> None:
    assert set(RISKS) == set(Risk)
    assert set(PROVIDER_CODES) == {"30004", "30005", "30006"}
    assert set(PROVIDER_CODES.values()) <= set(Risk)


def test_the_table_is_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "safety-rules.md").read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `") and line.count("|") == 4]
    told = {row[0].strip("|` "): row[2].strip("|` ") for row in rows}
    assert {risk.value: told.get(risk.value) for risk in Risk} == {
        risk.value: left.value for risk, left in RISKS.items()
    }


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R14")
@given(st.sampled_from(Risk), st.sampled_from(PointState), contacts)
def test_no_sign_ever_loosens(risk: Risk, state: PointState, contact: SafeContact) -> None:
    before = Point("sms", state, contact)
    now = after(before, risk)
    assert SAFETY.index(now.state) <= SAFETY.index(before.state)
    assert now == replace(before, state=now.state)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R10")
def test_only_a_missed_appointment_leaves_the_bland_question() -> None:
    asked_again = {risk for risk in Risk if not needs_worker(risk)}
    assert asked_again == {Risk.MISSED_APPOINTMENT}
    assert {risk for risk, left in RISKS.items() if left is Left.UNSAFE} == {Risk.SOMEBODY_ANSWERED}
    assert after(Point("sms", PointState.SAFE), Risk.MISSED_APPOINTMENT).state is PointState.STALE


@pytest.mark.requirement("R14")
@given(contacts, contacts)
def test_a_part_by_itself_changes_that_part_and_no_other(old: SafeContact, new: SafeContact) -> None:
    for part in PARTS:
        changed = with_part(old, part, part_to_json(new, part))
        assert getattr(changed, part) == getattr(new, part)
        rest = [other for other in PARTS if other != part]
        assert [getattr(changed, other) for other in rest] == [getattr(old, other) for other in rest]
        assert set(loosens(old, changed)) <= {part}
