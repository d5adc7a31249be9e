"""The bland question: when it goes, how often, what its answers do, and what whoever holds the phone learns (R10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.contact_points import acts, risks
from backend.contact_points.acts import Found
from backend.conversations import asking
from backend.conversations.talk import Talk
from backend.store.talk import Conversation, OutboundMessage
from backend.testing import Bench
from safety.lint import names_service, personal
from safety.types import PointState
from tests.backend.contact_points.lives import QUIET, WORD, a_practitioner, agreed, at, days_later, log, point, run
from tests.backend.talks import reasons, talk

QUESTION = "Hi, is this still a good time and place to text?\n1 It is fine\n2 Not any more\n3 Ask me another time"
DONE = "Thank you. That is all for now. You can text here any time."
COVER = "Sorry for the bother. No need to reply."
ANY_TIME = [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "23:59"}]


async def evening(house: Bench, days: float) -> list[str]:
    """Days pass, and then the day's agreed hours; what is sent by itself."""
    before = len(house.sms.sent)
    await days_later(house, days)
    house.clock.now = house.clock.now.replace(hour=19)
    await house.work()
    return house.sms.texts[before:]


async def expired(house: Bench, *, words: bool = False, **answers: Any) -> None:
    """Somebody agreed four weeks ago, and has been asked."""
    await agreed(house, words=words, **answers)
    assert await evening(house, 28) == [QUESTION]


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R12")
def test_it_goes_once_in_the_agreed_hours_and_says_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        before = len(bench.sms.sent)
        await days_later(bench, 28)
        assert bench.sms.texts[before:] == []  # ten in the morning, and evenings were agreed
        assert await evening(bench, 0) == [QUESTION]
        assert not names_service(QUESTION) and not personal(QUESTION)
        assert await evening(bench, 61) == []
        (row,) = await bench.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "recheck"))
        assert row.state == "sent"

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R2")
@pytest.mark.parametrize(
    "why", ["not agreed", "opted out", "paused", "unsafe", "risk", "owned", "no hours", "never sent"]
)
def test_it_does_not_go_where_nothing_may_be_started(house: Bench, why: str) -> None:
    async def scenario() -> None:
        hours = None if why == "no hours" else ANY_TIME
        await agreed(house, contact_may_start=why != "not agreed", contact_times=hours)
        columns = {"opted out": {"opted_out_at": house.clock()}, "paused": {"paused_at": house.clock()}}
        await at(house, lambda c, found: found.points.update(columns.get(why, {})))
        sam = await a_practitioner(house)
        if why == "unsafe":
            await at(house, lambda c, found: risks.mark_unsafe(c, house.house, found))
        if why == "risk":
            await at(house, lambda c, found: acts.risk_risen(c, house.house, found, Found(sam, "call")))
        if why == "never sent":
            await house.house.store.write(lambda c: c.execute(update(Conversation).values(expires_at=house.clock())))
        if why == "owned":
            await house.house.store.write(lambda c: c.execute(update(Conversation).values(owner_id=sam)))
        assert await evening(house, 28) == []
        assert ("answers_expired" in await reasons(house)) == (why == "owned")

    run(scenario)


@pytest.mark.requirement("R10")
def test_it_is_still_fine_so_the_same_answers_hold_again(bench: Bench) -> None:
    async def scenario() -> None:
        await expired(bench)
        contact = (await point(bench)).contact
        assert (await talk(bench, ("1", "1")))[-1] == DONE
        now = await point(bench)
        assert (now.state, now.contact) == (PointState.SAFE, contact)
        assert now.confirmed_at == bench.clock()
        assert await evening(bench, 27) == []
        assert await evening(bench, 2) == [QUESTION]

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    ("texts", "renewed"), [(("1", "1"), False), (("1", WORD, "1"), True), ((WORD, "1", "1"), True)]
)
def test_where_a_word_was_agreed_only_with_it(house: Bench, texts: tuple[str, ...], renewed: bool) -> None:
    """Without it the same is said, so that nobody learns that there is one; a practitioner is told."""

    async def scenario() -> None:
        await expired(house, words=True)
        assert (await talk(house, texts))[-1] == DONE
        assert ((await point(house)).confirmed_at == house.clock()) == renewed
        assert ("answers_expired" in await reasons(house)) != renewed

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R14")
def test_not_any_more_is_unsafe_at_once(house: Bench) -> None:
    async def scenario() -> None:
        await expired(house)
        await house.text("2")
        assert (await point(house)).state is PointState.UNSAFE
        assert await evening(house, 60) == []

    run(scenario)


@pytest.mark.requirement("R10")
def test_another_time_waits_and_asks_once_more(house: Bench) -> None:
    async def scenario() -> None:
        await expired(house)
        await house.text("3")
        assert await evening(house, 6) == []
        assert await evening(house, 1) == [QUESTION]
        assert await evening(house, 30) == []
        assert await log(house) == ["rechecked", "recheck_later", "rechecked"]

    run(scenario)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize("asked", ["who is this?", "this is her husband"])
def test_somebody_else_who_holds_the_phone_gets_the_cover_line_and_it_is_unsafe(house: Bench, asked: str) -> None:
    async def scenario() -> None:
        await expired(house)
        assert await house.text(asked) == [COVER]
        assert (await point(house)).state is PointState.UNSAFE

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R10")
@pytest.mark.parametrize("asked", ["why", "what did she tell you", "1", "0"])
def test_whatever_they_ask_they_learn_nothing(house: Bench, asked: str) -> None:
    async def scenario() -> None:
        await expired(house, words=True)
        said = "\n".join(await talk(house, (asked, asked, asked))).lower()
        assert not names_service(said)
        assert not [
            word for word in ("appointment", "referral", "case", "worker", "last time", "told us") if word in said
        ]

    run(scenario)


@pytest.mark.requirement("R13")
@pytest.mark.requirement("R29")
def test_the_word_for_help_and_danger_are_heard_as_always(house: Bench) -> None:
    async def scenario() -> None:
        await expired(house, words=True)
        assert any("999" in reply for reply in await house.text("he has a knife"))
        assert await house.text(QUIET) == ["Thank you. Bye for now."]
        assert (await point(house)).paused

    run(scenario)


@pytest.mark.requirement("R3")
def test_who_writes_before_it_has_gone_meets_the_opening_words(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await days_later(house, 28)  # it waits for the evening
        (reply,) = await house.text("hello")
        assert reply.startswith("Hello. Thank you for your message. Is now a good time to text?")
        assert QUESTION not in await evening(house, 0)

    run(scenario)


@pytest.mark.requirement("R3")
@pytest.mark.parametrize("reply", [("1",), ("he has a knife",), ("bye",)])
def test_an_older_question_of_ours_is_not_answered_by_a_later_first_message(
    house: Bench, reply: tuple[str, ...]
) -> None:
    """Only the last thing that we asked may be answered: a check-in in silence is not written down as answered. Danger
    and a bye end the question without the engine hearing an answer."""

    async def scenario() -> None:
        await expired(house)
        sent = select(OutboundMessage.id).where(OutboundMessage.state == "sent").order_by(OutboundMessage.id)
        oldest = (await house.rows(sent))[0].id

        def also_asked(_c: Any, found: Talk) -> None:
            memory = found.memory()
            memory[asking.KEY] = {"row": oldest, "about": 1, "until": (house.clock() + timedelta(days=90)).isoformat()}
            found.remember(memory)

        await at(house, also_asked)
        await talk(house, reply)
        assert asking.KEY not in await at(house, lambda _c, found: found.memory())
        await days_later(house)
        assert (await house.text("hello"))[0].startswith("Hello. Thank you for your message.")

    run(scenario)
