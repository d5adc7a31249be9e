"""Who speaks: the bot, or one practitioner. While a person owns a conversation the bot is silent."""

from datetime import datetime

from sqlalchemy import Connection

from backend.conversations.engine import run_engine, say
from backend.conversations.talk import load_talk
from backend.house import House
from bot.contract import HandedBack


def take_over(c: Connection, house: House, conversation_id: int, staff_id: int) -> None:
    """A practitioner takes the conversation; from this transaction on the bot says nothing more in it.

    Inside an open talk the person is told that somebody has joined.
    """
    talk = load_talk(c, house, conversation_id)
    first = talk["owner_id"] is None
    talk.talks |= {"owner_id": staff_id, "waiting_since": None}
    talk.save(c)
    if first and _in_session(house, talk.point().last_inbound_at):
        say(c, house, talk, "utter_person_joined")


def hand_back(c: Connection, house: House, conversation_id: int, staff_id: int) -> None:
    """The owner gives the conversation back to the bot; anybody else's call does nothing."""
    talk = load_talk(c, house, conversation_id)
    if talk["owner_id"] != staff_id:
        return
    talk["owner_id"] = None
    memory = talk.memory()
    if _in_session(house, talk.point().last_inbound_at):
        run_engine(c, house, talk, memory, HandedBack())
        talk.remember(memory)
    talk.save(c)


def _in_session(house: House, last_inbound_at: datetime | None) -> bool:
    return last_inbound_at is not None and house.clock() - last_inbound_at <= house.rules.in_session
