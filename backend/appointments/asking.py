"""The words of a reminder: a question by the flow of its kind, or one plain line while a practitioner has the talk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from backend.appointments.records import Appointment
from backend.appointments.rules import clock_words, when_words
from backend.conversations.asking import ask
from backend.conversations.facts import facts_for
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import Talk
from backend.house import House
from bot import render
from bot.contract import Json
from safety.types import Kind

MOST_OFFERS = 3
"""Other times in one text: with more it would not fit one segment."""


def begin(
    c: Connection,
    house: House,
    talk: Talk,
    appointment: Appointment,
    lead: int,
    reminder_id: int,
    not_after: datetime,
) -> int | None:
    """Queue the words of one reminder; the outbox row, or None where there are none.

    While a practitioner has the talk the machine asks nothing: one line without a question goes, and whatever is
    answered is theirs to read.
    """
    told = words_for(house, talk, appointment, lead)
    if talk["owner_id"] is not None:
        facts = facts_for(house, talk, new_session=False)
        said = render(house.flows, "utter_reminder_alone", {}, replace(facts, service={**facts.service, **told}))
        words = Words(said.text)
        return queue_words(
            c, house, talk, Kind.REMINDER, words, said.response, not_after=not_after, about_id=reminder_id
        )
    return ask(
        c,
        house,
        talk,
        "call_ahead" if is_call_ahead(appointment, lead) else "appointment_reminder",
        0,
        Kind.REMINDER,
        not_after,
        reminder_id,
        about=str(reminder_id),
        told=told,
        until=appointment.ends_at,
    )


def is_call_ahead(appointment: Appointment, lead: int) -> bool:
    """Whether this is the text before a call (D1)."""
    return appointment.kind == "call" and appointment.reminders is not None and lead == appointment.reminders.call_ahead


def words_for(house: House, talk: Talk, appointment: Appointment, lead: int) -> dict[str, Json]:
    """What the words may say, and nothing else: when, how it was agreed to be said, and other times."""
    zone, now = talk.contact().time_zone, house.clock()
    offers = [when_words(now, at, zone) for at in offers_of(appointment, now)]
    clock = clock_words(appointment.starts_at.astimezone(ZoneInfo(zone)))
    when = clock if is_call_ahead(appointment, lead) else when_words(now, appointment.starts_at, zone)
    wording = appointment.reminders.wording if appointment.reminders else ""
    named = {f"offer_{place}": words for place, words in enumerate(offers, start=1)}
    return {"when": when, "wording": wording, "offers": len(offers), **named}


def offers_of(appointment: Appointment, now: datetime) -> Sequence[datetime]:
    """The other times that may still be offered."""
    offers = appointment.reminders.offers if appointment.reminders else ()
    return sorted(at for at in offers if at > now)[:MOST_OFFERS]
