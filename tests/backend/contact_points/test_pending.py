"""What loosens waits, what tightens does not, and what speaks against a wish makes it void (R14)."""

import pytest
from sqlalchemy import select, update

from backend.contact_points import checks, pending, risks
from backend.conversations.acting import Acting
from backend.conversations.choosing_words import set_code_word
from backend.retention import purge_expired
from backend.store.contact_points import ContactCheck, PendingChange
from backend.store.talk import Conversation, Timer
from backend.store.work import Consent
from backend.testing import Bench
from safety import profile
from safety.types import OnSilence, PointState
from tests.backend.contact_points.lives import (
    AGREED,
    BY_TEXT,
    COMES_BACK,
    LOOSER,
    MORE_BY_TEXT,
    QUIET,
    TIGHTER,
    act,
    agreed,
    answer,
    asks_for_more,
    at,
    comes_back,
    days_later,
    ended,
    point,
    run,
    waits,
)
from tests.backend.talks import reasons, talk

NEW = {"e164": "+447700900777", "kind": "mobile"}
CONSENT = {"consent_support": True, "consent_sharing": ["health"], "consent_contact": False}


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R2")
def test_a_first_profile_counts_and_so_does_a_change_of_mind_in_that_session(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        first = await point(house)
        assert (first.state, first.contact.may_start, first.contact.naming) == (PointState.SAFE, True, False)
        await answer(house, LOOSER)
        assert (await point(house)).contact.naming
        assert await waits(house) == []

    run(scenario)


@pytest.mark.requirement("R14")
def test_by_text_another_day_nothing_of_what_loosens_holds(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, BY_TEXT)
        before = await point(bench)
        await days_later(bench)
        replies = await talk(bench, (*COMES_BACK, *MORE_BY_TEXT))
        assert profile.loosens(before.contact, (await point(bench)).contact) == ()
        assert {"windows", "reminders", "naming", "on_silence"} <= set(await waits(bench))
        assert any("A person checks the rest with you first." in reply for reply in replies)

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("verified", [False, True])
def test_each_part_waits_by_itself_sealed_and_with_where_it_came_from(house: Bench, verified: bool) -> None:
    """Also with the agreed word: whoever has the phone may have learnt the word with it."""

    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house, verified=verified)
        assert set(await waits(house)) == {"windows", "reminders", "naming", "on_silence", "cover"}
        assert "wants_looser_contact" in await reasons(house)
        rows = await house.rows(select(PendingChange.channel, PendingChange.verified, PendingChange.value))
        assert {(row.channel, row.verified) for row in rows} == {("sms", verified)}
        assert not [row for row in rows if b"23:00" in row.value]

    run(scenario)


@pytest.mark.requirement("R14")
def test_tightening_counts_at_once_and_ends_the_wish_it_contradicts(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house)
        version = (await point(house)).version
        await answer(house, TIGHTER)
        now = await point(house)
        assert not now.contact.may_start and now.version > version
        assert now.contact.on_silence is OnSilence.TELL_WORKER
        assert await waits(house) == []
        assert await ended(house) == {("void", "answered_anew")}

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R13")
@pytest.mark.parametrize(
    ("said", "reason"),
    [(QUIET, "duress"), ("this is her husband", "somebody_else"), ("do not text me again", "opt_out")],
)
def test_what_speaks_against_it_makes_it_void(house: Bench, said: str, reason: str) -> None:
    async def scenario() -> None:
        await agreed(house, words=True)
        await asks_for_more(house)
        assert await waits(house)
        await house.text(said)
        assert await ended(house) == {("void", reason)}
        assert {row.value for row in await house.rows(select(PendingChange.value))} == {None}

    run(scenario)


@pytest.mark.requirement("R14")
def test_once_somebody_looks_at_the_phone_it_is_void(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house)
        await act(house, "action_mark_unsafe", {})
        assert await ended(house) == {("void", "unsafe")}

    run(scenario)


@pytest.mark.requirement("R14")
def test_nobody_can_confirm_it_after_its_days(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house)
        house.clock.advance(days=house.house.settings.pending_days)
        assert await waits(house) == []
        await house.house.store.write(lambda c: purge_expired(c, house.house))
        assert await ended(house) == {("expired", "")}

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R10")
def test_another_number_waits_and_the_old_one_is_not_relied_on(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await comes_back(house)
        await answer(house, LOOSER | {"contact_way": "text", "contact_number": NEW})
        assert "new_point" in await waits(house)
        assert (await point(house)).state is PointState.UNKNOWN
        await house.work()
        assert {message.address for message in house.sms.sent} == {"+447700900123"}
        assert not [text for text in house.sms.texts if "777" in text]
        await comes_back(house)
        await answer(house, AGREED)
        assert (await point(house)).state is PointState.UNKNOWN  # only a practitioner can find out who has it now

    run(scenario)


@pytest.mark.requirement("R14")
def test_a_number_given_in_the_first_talk_waits_without_an_alert_of_its_own(house: Bench) -> None:
    """The referral tells of it, once it is sent."""

    async def scenario() -> None:
        await agreed(house, contact_way="text", contact_number=NEW)
        assert await waits(house) == ["new_point"]
        assert await reasons(house) == []
        assert (await point(house)).contact.windows == ()

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R36")
def test_going_further_with_consent_waits_and_taking_it_back_ends_the_wish(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await act(house, "action_record_consent", CONSENT)
        await comes_back(house)
        await act(house, "action_record_consent", CONSENT | {"consent_sharing": ["health", "housing"]})
        assert await waits(house) == ["sharing"]
        assert "sharing:housing" not in await given(house)
        await act(house, "action_record_consent", CONSENT | {"consent_sharing": ["nobody"]})
        assert await waits(house) == []
        assert await given(house) == {"support"}

    run(scenario)


@pytest.mark.requirement("R36")
def test_the_same_consent_is_written_once(house: Bench) -> None:
    """It is asked for in one flow and looked at again when the referral is sent."""

    async def scenario() -> None:
        await agreed(house)
        for _ in range(2):
            await act(house, "action_record_consent", CONSENT)
        rows = await house.rows(select(Consent.purpose))
        assert sorted(row.purpose for row in rows) == ["contact", "sharing", "sharing:health", "support"]

    run(scenario)


async def given(house: Bench) -> set[str]:
    """The purposes that are agreed to, by the newest answer."""
    rows = await house.rows(select(Consent.purpose, Consent.agreed).order_by(Consent.id))
    newest = {row.purpose: row.agreed for row in rows}
    return {purpose for purpose, agreed_to in newest.items() if agreed_to}


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    ("action", "what"),
    [("action_forget", "deletion"), ("action_copy_of_record", "copy"), ("action_close_wish", "closure")],
)
def test_what_may_be_forced_waits(house: Bench, action: str, what: str) -> None:
    async def scenario() -> None:
        await agreed(house)
        await act(house, action, {})
        assert await waits(house) == [what]
        assert await reasons(house) == [pending.TELLS[what]]

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R15")
def test_a_new_word_waits_and_is_kept_only_as_its_hash(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house, words=True)
        (old,) = await house.rows(select(Conversation.code_word))
        await comes_back(house, verified=True)
        await at(house, lambda c, found: set_code_word(Acting(c, house.house, found, {}, b"x" * 32), {}))
        assert await house.rows(select(Conversation.code_word)) == [old]
        assert await waits(house) == ["code_word"]
        assert await reasons(house) == ["wants_new_code_word"]

    run(scenario)


def test_the_same_wish_is_kept_once(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        kept = await at(house, lambda c, found: [pending.ask(c, house.house, found, "naming", True) for _ in range(2)])
        assert kept == [True, False]
        assert await waits(house) == ["naming"]

    run(scenario)


@pytest.mark.requirement("R14")
def test_whoever_writes_from_an_unsafe_point_leaves_no_wish(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await at(house, lambda c, found: risks.mark_unsafe(c, house.house, found))
        await asks_for_more(house)
        assert await waits(house) == []
        assert "wants_looser_contact" in await reasons(house)
        assert (await point(house)).state is PointState.UNSAFE

    run(scenario)


@pytest.mark.requirement("R36")
@pytest.mark.requirement("R40")
def test_an_enquiry_that_is_destroyed_takes_what_waited_and_what_was_noted_with_it(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench, contact_way="text", contact_number=NEW)
        await at(bench, lambda c, found: checks.write(c, bench.house, found, checks.RECHECKED))
        await bench.house.store.write(lambda c: c.execute(update(Conversation).values(expires_at=bench.clock())))
        bench.clock.advance(days=3)
        assert await bench.house.store.write(lambda c: purge_expired(c, bench.house)) == 1
        for table in (PendingChange, ContactCheck, Timer):
            assert await bench.rows(select(table.id)) == []

    run(scenario)
