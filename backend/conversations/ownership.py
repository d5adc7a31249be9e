"""Who speaks: the bot, or one practitioner. While a person owns a conversation the bot is silent."""

from datetime import timedelta

from sqlalchemy import Connection

from backend.conversations.engine import NEUTRAL, run_engine, say
from backend.conversations.outbox import Words, queue_words, silence_machine
from backend.conversations.talk import Talk, load_talk, look_at_talk
from backend.house import House
from bot.contract import HandedBack
from channels.contract import ShowsWriting
from safety.gate import Case, decide
from safety.types import Decision, Drop, Kind, Outgoing


def take_over(c: Connection, house: House, conversation_id: int, staff_id: int) -> None:
    """A practitioner takes the conversation; from this transaction on the bot says nothing more in it, not even what
    it has queued.

    Inside an open talk the person is told that somebody has joined.
    """
    _own(c, house, load_talk(c, house, conversation_id), staff_id)


def hand_back(c: Connection, house: House, conversation_id: int, staff_id: int) -> None:
    """The owner gives the conversation back to the bot; anybody else's call does nothing."""
    talk = load_talk(c, house, conversation_id)
    if talk["owner_id"] != staff_id:
        return
    talk["owner_id"] = None
    memory = talk.memory()
    if _in_talk(house, talk) and NEUTRAL not in memory:  # nobody has shown yet that they may know of anybody here
        run_engine(c, house, talk, memory, HandedBack())
        talk.remember(memory)
    talk.save(c)


def queue_practitioner(c: Connection, house: House, conversation_id: int, staff_id: int, text: str) -> Decision:
    """Queue a practitioner's words and make them the owner in the same transaction, so that the bot is silent from now
    on.

    Returns what the gate would do with it now: send, hold until, or drop with a reason. What it would drop is not
    queued, and changes nothing.
    """
    talk = load_talk(c, house, conversation_id)
    decision = decide(_from_practitioner(house, text), talk.point(), house.rules, house.clock())
    if not isinstance(decision, Drop):
        _own(c, house, talk, staff_id)
        lasts = timedelta(hours=house.settings.practitioner_message_hours)
        queue_words(c, house, talk, Kind.PRACTITIONER, Words(text), lasts=lasts, author_id=staff_id)
    return decision


def preview_practitioner(c: Connection, house: House, conversation_id: int, text: str) -> Decision:
    """What the gate would do with these words now; nothing is queued."""
    talk = look_at_talk(c, house, conversation_id)
    return decide(_from_practitioner(house, text), talk.point(), house.rules, house.clock())


async def show_writing(house: House, conversation_id: int, staff_id: int) -> None:
    """Show a person that the practitioner who has their talk is at the keyboard, where their page can (R30); not a word
    of the draft goes with it."""
    talk = await house.store.read(lambda c: look_at_talk(c, house, conversation_id))
    sender = house.senders.get(talk.channel)
    if talk["owner_id"] == staff_id and isinstance(sender, ShowsWriting):
        await sender.show_writing(talk.address())


def _own(c: Connection, house: House, talk: Talk, staff_id: int) -> None:
    """Nobody takes a person's words for the machine's: before the first it is said that somebody joined (R30)."""
    first = talk["owner_id"] is None
    talk.talks |= {"owner_id": staff_id, "waiting_since": None}
    talk.save(c)
    if first:
        silence_machine(c, talk.id, house.clock())
    if first and _in_talk(house, talk):
        say(c, house, talk, "utter_person_joined")


def _in_talk(house: House, talk: Talk) -> bool:
    """Whether the person is still there, by the gate's own rule: outside a talk nothing is said of who answers."""
    now = house.clock()
    return Case(Outgoing(Kind.REPLY, "", now), talk.point(), house.rules, now).in_talk


def _from_practitioner(house: House, text: str) -> Outgoing:
    return Outgoing(
        Kind.PRACTITIONER, text, not_after=house.clock() + timedelta(hours=house.settings.practitioner_message_hours)
    )
