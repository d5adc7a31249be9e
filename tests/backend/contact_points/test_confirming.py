"""What confirming a change does: it counts once, only where it is safe now, and nothing else goes with it (R14)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from backend.contact_points import acts, confirming, pending, risks
from backend.contact_points.acts import Found
from backend.contact_points.confirming import By, NotSafeNowError, NotWaitingError, NumberInUseError, WordInUseError
from backend.conversations.agreed_words import word_fault
from backend.conversations.talk import Talk
from backend.store.contact_points import PendingChange
from backend.store.talk import ContactPoint, Conversation
from backend.store.work import Consent
from backend.testing import HER_NUMBER, Bench
from bot.contract import Json
from safety.profile import contact_to_json
from safety.risk import Risk
from safety.types import OnSilence, PointState, SafeContact
from tests.backend.contact_points.lives import (
    TIGHTER,
    a_practitioner,
    agreed,
    answer,
    ask,
    asks_for_more,
    at,
    comes_back,
    ended,
    log,
    point,
    run,
    waits,
)
from tests.backend.talks import reasons

NEW = "+447700900777"


async def confirm_all(house: Bench, by: By, number: str = HER_NUMBER) -> None:
    """Let everything that waits from a number count."""

    def work(c: Any, found: Talk) -> None:
        for change in pending.waiting(c, house.house, found):
            confirming.confirm(c, house.house, found, change.id, by)

    await at(house, work, number)


@pytest.mark.requirement("R14")
def test_a_practitioner_who_has_made_sure_lets_it_count(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house)
        sam = await a_practitioner(house)
        await confirm_all(house, By("spoken", sam))
        now = await point(house)
        assert (now.contact.naming, now.contact.reminders, now.contact.on_silence) == (True, True, OnSilence.WAIT)
        assert len(now.contact.windows[0].days) == 7
        assert now.confirmed_at == house.clock()
        (row,) = set(
            await house.rows(select(PendingChange.state, PendingChange.reason, PendingChange.ended_by).distinct())
        )
        assert tuple(row) == ("confirmed", "spoken", sam)
        assert set(await log(house)) >= {"confirmed_change"}

    run(scenario)


@pytest.mark.requirement("R14")
def test_it_counts_once(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, "naming", True)
        (row,) = await house.rows(select(PendingChange.id))
        await confirm_all(house, By("spoken", await a_practitioner(house)))
        with pytest.raises(NotWaitingError):
            await at(house, lambda c, found: confirming.confirm(c, house.house, found, row.id, By("spoken")))

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R10")
def test_after_a_sign_of_risk_nothing_is_loosened_until_somebody_has_looked(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, "naming", True)
        await at(house, lambda c, found: risks.note_risk(c, house.house, found, Risk.NOT_CONFIRMED))
        sam = await a_practitioner(house)
        with pytest.raises(NotSafeNowError):
            await confirm_all(house, By("spoken", sam))
        await at(house, lambda c, found: acts.renew(c, house.house, found, Found(sam, "spoken", "she is well")))
        await confirm_all(house, By("spoken", sam))
        assert (await point(house)).contact.naming

    run(scenario)


@pytest.mark.requirement("R14")
def test_tightening_afterwards_still_counts_at_once(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, "naming", True)
        await confirm_all(house, By("in_person", await a_practitioner(house)))
        await comes_back(house)
        await answer(house, TIGHTER)
        assert not (await point(house)).contact.naming

    run(scenario)


def new_point(way: str = "text") -> Json:
    """A number they gave, with what they said about it."""
    contact = SafeContact(may_start=True, others_see="nobody")
    return {"way": way, "address": NEW, "note": "", "contact": contact_to_json(contact)}


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("how", ["spoken", "second_route"])
def test_another_number_becomes_a_contact_point_of_the_same_person(bench: Bench, how: str) -> None:
    """It is safe only once a practitioner has reached them there; the old one hears nothing of it."""

    async def scenario() -> None:
        await agreed(bench)
        await ask(bench, "new_point", new_point())
        by = By(how, await a_practitioner(bench)) if how == "spoken" else By(how, conversation_id=1)
        sent = len(bench.sms.sent)
        await confirm_all(bench, by)
        await bench.work()
        there = await point(bench, NEW)
        assert there.contact.may_start
        assert there.state is (PointState.SAFE if how == "spoken" else PointState.UNKNOWN)
        people = {row.person_id for row in await bench.rows(select(Conversation.person_id))}
        assert len(people) == 1 and people != {None}
        assert len(bench.sms.sent) == sent
        assert ("new_contact_point" in await reasons(bench)) == (how == "second_route")

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R15")
def test_a_number_that_is_known_here_is_joined_to_nobody(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await house.text("hello", NEW)
        await ask(house, "new_point", new_point())
        sam = await a_practitioner(house)
        with pytest.raises(NumberInUseError):
            await confirm_all(house, By("spoken", sam))
        assert await waits(house) == ["new_point"]
        assert {row.person_id for row in await house.rows(select(Conversation.person_id))} == {None}

    run(scenario)


def test_a_phone_call_is_made_by_a_person_and_has_no_contact_point(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, "new_point", new_point("call"))
        await confirm_all(house, By("spoken", await a_practitioner(house)))
        assert len(await house.rows(select(ContactPoint.id))) == 1

    run(scenario)


@pytest.mark.requirement("R14")
def test_words_and_sharing_count_once_they_are_confirmed(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house, words=True)
        await ask(house, "code_word", ("x" * 32).encode().hex())
        await ask(house, "sharing", {"purposes": ["sharing", "sharing:housing"], "words": "v1"})
        await confirm_all(house, By("in_person", await a_practitioner(house)))
        assert [row.code_word for row in await house.rows(select(Conversation.code_word))] == [b"x" * 32]
        rows = await house.rows(select(Consent.purpose, Consent.agreed))
        assert {tuple(row) for row in rows} == {("sharing", True), ("sharing:housing", True)}

    run(scenario)


@pytest.mark.requirement("R35")
@pytest.mark.requirement("R40")
@pytest.mark.parametrize("what", sorted(pending.WISHES))
def test_confirming_a_wish_wipes_closes_and_sends_nothing(house: Bench, what: str) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, what, None)
        before = await house.rows(select(Conversation.id, Conversation.session_ended_at))
        await confirm_all(house, By("in_person", await a_practitioner(house)))
        assert await house.rows(select(Conversation.id, Conversation.session_ended_at)) == before
        assert await ended(house) == {("confirmed", "in_person")}

    run(scenario)


@pytest.mark.requirement("R14")
def test_of_two_who_confirm_at_once_one_gets_it(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        await ask(bench, "naming", True)
        sam = await a_practitioner(bench)
        results = await asyncio.gather(
            *(confirm_all(bench, By("spoken", sam)) for _ in range(4)), return_exceptions=True
        )
        assert [result for result in results if result is not None and not isinstance(result, NotWaitingError)] == []
        assert (await log(bench)).count("confirmed_change") == 1

    run(scenario)


@pytest.mark.requirement("R13")
@pytest.mark.requirement("R14")
@pytest.mark.parametrize("column", ["duress_word", "exit_word"])
def test_a_word_that_has_come_to_mean_something_else_does_not_count(house: Bench, column: str) -> None:
    """Whoever texts it to be known would else call for help, or leave; it goes on waiting, for somebody to let fall."""

    async def scenario() -> None:
        word = b"y" * 32
        await agreed(house, words=True)
        await ask(house, "code_word", word.hex())
        await at(house, lambda c, found: found.talks.update({column: word}))
        before = await house.rows(select(Conversation.code_word))
        with pytest.raises(WordInUseError):
            await confirm_all(house, By("spoken", await a_practitioner(house)))
        assert await house.rows(select(Conversation.code_word)) == before
        assert await waits(house) == ["code_word"]

    run(scenario)


@pytest.mark.requirement("R13")
def test_a_word_that_waits_is_in_use(house: Bench) -> None:
    """Asked for a word that leaves, they text the one that waits to become the word they are known by."""

    async def scenario() -> None:
        waits_already, other = b"y" * 32, b"z" * 32
        await agreed(house)
        await ask(house, "code_word", waits_already.hex())

        def faults(c: Any, found: Talk) -> list[str]:
            typed = (waits_already, other)
            return [word_fault(c, house.house, found, found.memory(), "purple teapot", word) for word in typed]

        assert await at(house, faults) == ["same_word", ""]

    run(scenario)
