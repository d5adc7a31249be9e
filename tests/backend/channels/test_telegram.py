"""Telegram through the real doors: the webhook, the turn, the gate, the dispatcher and the real client."""

import asyncio

import pytest
from sqlalchemy import select

from backend.pollers import Poller
from backend.store.channels import Bookmark
from backend.store.talk import ContactPoint, InboundMessage
from backend.store.work import Consent, Referral
from tests.backend.channels.conftest import HER_CHAT, Doors
from tests.peers.telegram_peer import BLOCKED, TOO_OLD

OPENING = ("hello", "It is a good time", "Nobody")
CONSENT_AND_CONTACT = ("1",) * 10 + ("2", "1", "1")
ABOUT_HER = ("velvet kettle", "1", "Zebedee", "4", "Crawley", "1", "he took my bank card", "1", "5", "4", "3", "1")


@pytest.mark.requirement("R26")
def test_a_referral_by_telegram_wakes_somebody(doors: Doors) -> None:
    doors.telegrams(*OPENING)
    assert "Telegram can read what is said here" in doors.telegram.texts[-1]
    doors.telegrams(*CONSENT_AND_CONTACT, *ABOUT_HER)
    assert len(asyncio.run(doors.bench.rows(select(Referral.id)))) == 1, doors.telegram.texts[-6:]
    assert "referral" in doors.alerts()
    assert doors.to_staff()
    agreed = asyncio.run(doors.bench.rows(select(Consent.agreed).where(Consent.purpose == "app:telegram")))
    assert [row.agreed for row in agreed] == [True]


@pytest.mark.requirement("R22")
def test_the_door_believes_only_the_secret_and_answers_every_odd_update(doors: Doors) -> None:
    update = doors.telegram.says(HER_CHAT, "hello")
    assert doors.posts(update, "another secret") == 403
    assert asyncio.run(doors.bench.rows(select(InboundMessage.id))) == []
    for odd in ({}, {"update_id": 1}, {"update_id": 2, "message": {"chat": {"id": -5, "type": "group"}, "text": "x"}}):
        assert doors.posts(odd) == 200
    assert asyncio.run(doors.bench.rows(select(InboundMessage.id))) == []
    assert doors.telegram.forms == []


@pytest.mark.requirement("R23")
def test_the_same_update_twice_is_answered_once(doors: Doors) -> None:
    update = doors.telegram.says(HER_CHAT, "hello", int(doors.bench.clock().timestamp()))
    assert [doors.posts(update), doors.posts(update)] == [200, 200]
    assert len(doors.telegram.forms) == 1


def test_a_pressed_button_answers_the_question_and_loses_its_buttons(doors: Doors) -> None:
    doors.telegrams("hello")
    number, asked = max(doors.telegram.messages.items())
    press = {"id": "cb-1", "from": {"id": HER_CHAT, "is_bot": False}, "data": "1", "message": dict(asked)}
    assert doors.posts(doors.telegram.happens(callback_query=press)) == 200
    assert "phone" in doors.telegram.texts[-1]
    assert "reply_markup" not in doors.telegram.messages[number]


@pytest.mark.requirement("R29")
def test_an_edit_answers_nothing_and_danger_in_it_wakes_somebody(doors: Doors) -> None:
    doors.telegrams("hello")
    before = len(doors.telegram.forms)
    first = doors.telegram.says(HER_CHAT, "It is a good time")["message"]
    doors.posts(doors.telegram.happens(edited_message=first | {"edit_date": first["date"]}))
    assert len(doors.telegram.forms) == before
    doors.posts(doors.telegram.happens(edited_message=first | {"text": "he has a knife, he is going to kill me"}))
    assert "danger" in doors.alerts()
    assert "999" in doors.telegram.texts[-1]
    kinds = asyncio.run(doors.bench.rows(select(InboundMessage.kind).order_by(InboundMessage.id)))
    assert [row.kind for row in kinds] == ["message", "edit", "edit"]


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("how", ["update", "403"])
def test_whoever_blocks_the_bot_is_sent_nothing_more_and_somebody_is_told(doors: Doors, how: str) -> None:
    if how == "403":
        doors.telegram.inject(BLOCKED)
        doors.telegrams("hello")
    else:
        doors.telegrams("hello")
        chat, who = {"id": HER_CHAT, "type": "private"}, {"status": "kicked"}
        doors.posts(doors.telegram.happens(my_chat_member={"chat": chat, "new_chat_member": who}))
    assert "blocked" in doors.alerts()
    (point,) = asyncio.run(doors.bench.rows(select(ContactPoint.opted_out_at)))
    assert point.opted_out_at is not None


@pytest.mark.requirement("R27")
def test_leaving_takes_both_sides_away(doors: Doors) -> None:
    doors.telegrams("hello", "It is a good time", "bye")
    doors.clear()
    assert doors.telegram.texts == ["Thank you. Bye for now."]


@pytest.mark.requirement("R27")
def test_what_stayed_is_said(doors: Doors) -> None:
    doors.telegrams("hello")
    doors.bench.clock.advance(hours=49)
    doors.telegrams("hello", "It is a good time", "clear this chat")
    doors.telegram.inject(TOO_OLD)
    doors.clear()
    assert "too old for me to take away" in doors.telegram.texts[-1]
    assert len(doors.telegram.texts) == 7, "two that are too old, one that would not go, and what was said since"


@pytest.mark.requirement("R23")
def test_polling_moves_on_only_after_the_commit_and_doubles_nothing(doors: Doors) -> None:
    poller = Poller(doors.bench.house, doors.bench.intake, doors.adapter)
    doors.telegram.says(HER_CHAT, "hello", int(doors.bench.clock().timestamp()))

    async def poll() -> None:
        assert await poller.read_once()
        await doors.bench.work()

    asyncio.run(poll())
    assert len(doors.telegram.waiting) == 1, "not yet forgotten there"
    other = Poller(doors.bench.house, doors.bench.intake, doors.adapter)
    assert not asyncio.run(other.read_once()), "one process reads at a time"
    doors.bench.clock.advance(minutes=3)
    asyncio.run(other.read_once())
    assert doors.telegram.waiting == []
    assert len(doors.telegram.forms) == 1
    (mark,) = asyncio.run(doors.bench.rows(select(Bookmark.place)))
    assert mark.place == "502"
