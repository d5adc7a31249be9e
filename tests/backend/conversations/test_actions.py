"""What flows may ask the house to do, with the real flows, on both databases."""

import asyncio

import pytest
from sqlalchemy import select

from backend.conversations.contact_answers import contact_from_slots
from backend.store.talk import ContactPoint
from backend.store.work import Consent
from backend.testing import Bench
from safety.types import OnSilence, SafeContact
from tests.backend.talks import AGREED, another_day, reasons, talk, with_word

EVENINGS = [{"days": [0, 1, 2], "start": "18:00", "end": "21:00"}]


async def consents(bench: Bench) -> dict[str, bool]:
    """The newest answer for each purpose."""
    rows = await bench.rows(select(Consent.purpose, Consent.agreed).order_by(Consent.id))
    return {row.purpose: row.agreed for row in rows}


async def agree(bench: Bench) -> None:
    """As far as the question whom we may talk to, answered with two of them."""
    for text in ("hello", "1", "1", "1", "1", "1 2", "1"):
        await bench.text(text)


@pytest.mark.requirement("R36")
def test_consent_is_kept_for_each_purpose(bench: Bench) -> None:
    async def scenario() -> None:
        await agree(bench)
        assert await consents(bench) == {
            "support": True, "sharing": True, "sharing:health": True, "sharing:housing": True, "contact": True,
        }  # fmt: skip

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R36")
def test_taking_it_back_counts_at_once_and_for_everybody_who_was_named(bench: Bench) -> None:
    async def scenario() -> None:
        await agree(bench)
        await bench.text("i take back what i agreed to")
        kept = await consents(bench)
        assert kept == {
            "support": True, "sharing": False, "sharing:health": False, "sharing:housing": False, "contact": False,
        }  # fmt: skip

    asyncio.run(scenario())


@pytest.mark.requirement("R2")
def test_a_profile_about_another_number_does_not_open_this_one() -> None:
    elsewhere = contact_from_slots(
        {"contact_way": "text", "contact_times": EVENINGS, "contact_may_start": True, "contact_reminders": True}, "UTC"
    )
    assert (elsewhere.windows, elsewhere.may_start, elsewhere.reminders) == ((), False, False)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("how", ["this is her husband", "garden gate"])
def test_what_is_unsafe_is_not_made_safe_by_text(bench: Bench, how: str) -> None:
    async def scenario() -> None:
        await talk(bench, with_word("velvet kettle", "garden gate"))
        await bench.text(how)
        assert await point_states(bench) == ["unsafe"]
        await another_day(bench)
        await bench.text("STOP")
        bench.clock.advance(minutes=1)
        await talk(bench, ("START", *AGREED, "1", "1", "1", "1", "1", "1"))
        await talk(bench, ("1", "2"))
        assert await point_states(bench) == ["unsafe"]
        assert "wants_looser_contact" in await reasons(bench)

    asyncio.run(scenario())


async def point_states(bench: Bench) -> list[str]:
    """How the contact points are marked."""
    return [row.state for row in await bench.rows(select(ContactPoint.state))]


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R9")
def test_what_was_skipped_stays_as_it_protects_best() -> None:
    skipped = contact_from_slots({"contact_way": "here"}, "Europe/London")
    assert skipped == SafeContact()
    assert skipped.on_silence is OnSilence.WAIT


def test_a_whole_profile_is_read() -> None:
    contact = contact_from_slots(
        {
            "contact_way": "here",
            "contact_times": EVENINGS,
            "contact_may_start": True,
            "contact_naming": False,
            "contact_others_see": "maybe",
            "contact_on_silence": "tell_worker",
            "contact_cover": "utter_cover_wait",
        },
        "Europe/London",
    )
    assert [sorted(window.days) for window in contact.windows] == [[0, 1, 2]]
    assert contact.may_start
    assert contact.on_silence is OnSilence.TELL_WORKER
