"""The answers about being reached: what profile they make, and what of them has to wait (R2, R9, R14)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from backend.contact_points import pending
from backend.contact_points.agreeing import is_first, may_wait, save_profile
from backend.contact_points.risks import note_risk
from backend.conversations.acting import Acting, Slots
from backend.conversations.talk import Talk
from bot.contract import Json
from safety import profile
from safety.risk import Risk
from safety.types import OnSilence, SafeContact, Window

HERE = "here"
"""The value of `contact_way` that means the contact point in hand."""
SLOT_OF = {
    "windows": "contact_times",
    "may_start": "contact_may_start",
    "naming": "contact_naming",
    "others_see": "contact_others_see",
    "reminders": "contact_reminders",
    "on_silence": "contact_on_silence",
    "cover": "contact_cover",
}
"""Which answer each part of the safe-contact profile comes from."""
ONLY_HERE = frozenset({"windows", "may_start", "reminders"})
"""Parts that were asked about the way they chose, which may be another one than this contact point."""


def save_safe_contact(a: Acting, slots: Slots) -> None:
    """Write what was answered about being reached: a first profile counts for the contact point it was given on; of
    another, what tightens counts, and what loosens waits (R14). Another number or address always waits.
    """
    new, first = contact_from_slots(slots, a.house.settings.time_zone), is_first(a.c, a.talk, a.memory)
    save_profile(a.c, a.house, a.talk, a.memory, new, _spoken_of(slots))
    address = _other_address(a.talk, slots)
    if not address:
        pending.drop(a.c, a.house, a.talk.id, ["new_point"], "answered_anew")
    elif may_wait(a.talk) and _ask_for_new_point(a, slots, address, tell=not first) and not first:
        note_risk(a.c, a.house, a.talk, Risk.NEW_NUMBER)


def _spoken_of(slots: Slots) -> frozenset[str]:
    """The parts of the profile that somebody said something about; what was skipped is no wish."""
    here = slots.get("contact_way") == HERE
    return frozenset(
        part for part, slot in SLOT_OF.items() if slots.get(slot) is not None and (here or part not in ONLY_HERE)
    )


def _other_address(talk: Talk, slots: Slots) -> str:
    """The number or address they gave in place of this contact point; empty where they gave none."""
    number, way = slots.get("contact_number"), slots.get("contact_way")
    if way in ("text", "call") and isinstance(number, dict):
        address = str(number.get("e164") or "")
        return "" if way == "text" and (talk.channel, talk.address()) == ("sms", address) else address
    return str(slots.get("contact_email") or "") if way == "email" else ""


def _ask_for_new_point(a: Acting, slots: Slots, address: str, *, tell: bool) -> bool:
    """Keep the number or address, with all that was answered about it. It is never told to this contact point."""
    there = {**slots, "contact_way": HERE, "contact_others_see": slots.get("number_others_see")}
    value: Json = {
        "way": str(slots["contact_way"]),
        "address": address,
        "note": str(slots.get("contact_number_note") or ""),
        "contact": profile.contact_to_json(contact_from_slots(there, a.house.settings.time_zone)),
    }
    return pending.ask(a.c, a.house, a.talk, "new_point", value, tell=tell)


def contact_from_slots(slots: Slots, time_zone: str) -> SafeContact:
    """The profile that the answers make for the contact point they came from; what was skipped protects best (R2, R9).

    Hours, reminders and our writing first count here only if the person said that here is where to reach them: the same
    words about another number say nothing about this phone.
    """
    here = slots.get("contact_way") == HERE
    silence, others = slots.get("contact_on_silence"), slots.get("contact_others_see")
    known = {item.value for item in OnSilence}
    return replace(
        SafeContact(time_zone=time_zone),
        windows=windows_of(slots.get("contact_times")) if here else (),
        may_start=here and slots.get("contact_may_start") is True,
        naming=slots.get("contact_naming") is True,
        others_see=str(others) if others in profile.WARINESS else "unknown",
        reminders=here and slots.get("contact_reminders") is True,
        on_silence=OnSilence(str(silence)) if silence in known else OnSilence.WAIT,
        cover=str(slots.get("contact_cover") or ""),
    )


def windows_of(value: Json) -> tuple[Window, ...]:
    """Windows from the reader of days and hours: [{days: [0..6], start: "HH:MM", end: "HH:MM"}]; what does not fit is
    left out."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    windows = []
    for item in value:
        if isinstance(item, dict) and {"days", "start", "end"} <= item.keys():
            days = frozenset(int(day) for day in item["days"] or () if isinstance(day, int))  # type: ignore[union-attr]  # checked item by item
            windows.append(Window(days, time.fromisoformat(str(item["start"])), time.fromisoformat(str(item["end"]))))
    return tuple(windows)
