"""What waits and what was done with a contact point, in a practitioner's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.checkins.wishing import Wish, wish_from_json
from backend.checkins.words import PURPOSE_NAMES, rule_in_words
from backend.contact_points.acts import HOW
from backend.contact_points.pending import Waiting
from backend.desk.contact import OTHERS, SILENCE, hours_in_words, readable_address
from backend.desk.words import CHANNELS
from safety.profile import PARTS, contact_from_json, with_part
from safety.types import SafeContact

NAMES: Mapping[str, str] = {
    "windows": "The hours when we may write",
    "may_start": "May we write first",
    "naming": "May words name us",
    "others_see": "Who else sees it",
    "voice": "May we ring",
    "reminders": "Reminders",
    "on_silence": "If they go quiet",
    "cover": "If somebody else answers",
    "new_point": "Another number or address",
    "plan": "Texts at set times",
    "code_word": "A new agreed word",
    "duress_word": "A new word for help in silence",
    "exit_word": "A new word that ends the talk",
    "sharing": "What we may share",
    "deletion": "Wipe what we hold",
    "copy": "A copy of what we hold",
    "closure": "Close everything",
}
_SHARING: Mapping[str, str] = {
    "sharing": "we may talk to others",
    "sharing:health": "doctor or nurse",
    "sharing:housing": "housing",
    "sharing:family_team": "council family team",
    "contact": "we may get in touch again",
}
_WISHED: Mapping[str, str] = {
    "deletion": "Once accepted, it is yours to do. Nothing is wiped by this page.",
    "copy": "Once accepted, it is yours to do. Nothing is sent by this page.",
    "closure": "Once accepted, it is yours to talk over. Nothing is closed by this page.",
    "code_word": "They typed it; we keep it in a form that nobody can read.",
    "duress_word": "They typed it; we keep it in a form that nobody can read.",
    "exit_word": "They typed it; we keep it in a form that nobody can read.",
}
_DONE: Mapping[str, str] = {
    "blocked": "A message was blocked by the network or the phone",
    "no_such_handset": "The number is not in service any more",
    "landline_or_off": "The number could not be reached",
    "new_number": "They gave another number or address",
    "somebody_answered": "Somebody else answered",
    "not_confirmed": "It could not be made sure that it was them",
    "missed_appointment": "An appointment was missed",
    "risk_risen": "The risk has risen",
    "marked_unsafe": "Marked unsafe",
    "marked_safe": "Marked safe again",
    "renewed": "Asked again, and renewed",
    "pause_lifted": "The pause was lifted",
    "renewed_by_text": "They said that it is still fine",
    "rechecked": "We asked if it is still fine",
    "recheck_later": "They asked for another time",
    "confirmed_change": "A change was confirmed",
    "rejected_change": "A change was rejected",
}
BY_ANOTHER_WAY = "Not by the way it was asked for: whoever holds that phone could say yes again."
THERE_FIRST = (
    "Only when you have reached them there yourself, and know that it is them: it is called safe from then on."
)
WHY: Mapping[str, str] = {
    "told": "They told us",
    "wrote": "Something that was written",
    "call": "A call or a visit",
    "colleague": "A colleague or another agency told us",
}
"""How a practitioner knows of something that tightens."""
_KNOWN_BY: Mapping[str, str] = {
    **HOW,
    **WHY,
    "second_route": "By their second route",
    "said_so": "They said so in the talk",
    "not_reached": "It could not be checked",
    "not_theirs": "They say that it was not them",
    "changed_mind": "They want it no more",
}
WHY_NOT: Mapping[str, str] = {key: _KNOWN_BY[key] for key in ("not_reached", "changed_mind", "not_theirs")}
"""Why a change is rejected, the ordinary reason first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that waits, plainly. `old` is empty where nothing was there before."""

    id: int
    name: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    source: str
    asked_at: datetime
    expires_at: datetime
    hint: str
    """How it is to be checked."""


def in_words(change: Waiting, contact: SafeContact, cover: Callable[[str], str]) -> Change:
    """What would change, from what to what, and from where it was asked for. `cover` gives a line of the catalogue."""
    old, new = _both(change, contact, cover)
    word = "their word was given" if change.verified else "no word was given"
    source = f"{CHANNELS.get(change.channel, change.channel)}, {word}"
    hint = THERE_FIRST if change.what == "new_point" else BY_ANOTHER_WAY
    name = NAMES.get(change.what, change.what)
    return Change(change.id, name, old, new, source, change.asked_at, change.expires_at, hint)


def done_in_words(what: str) -> str:
    """One line of the log of a contact point."""
    return _DONE.get(what, what.replace("_", " ").capitalize())


def known_by(how: str) -> str:
    """How it is known; a provider's code as it is."""
    return f"Code {how.removeprefix('twilio-')}" if how[-1:].isdigit() else _KNOWN_BY.get(how, "")


def _both(change: Waiting, contact: SafeContact, cover: Callable[[str], str]) -> tuple[str, str]:
    value: Any = change.value
    if change.what in PARTS:
        new = with_part(contact, change.what, value)
        return _part(contact, change.what, cover), _part(new, change.what, cover)
    if change.what == "sharing":
        return "", ", ".join(_SHARING.get(purpose, purpose) for purpose in value["purposes"]).capitalize() + "."
    if change.what == "new_point":
        return "", _point(value, contact_from_json(value["contact"]))
    if change.what == "plan":
        return "", _plan(wish_from_json(value))
    return "", _WISHED.get(change.what, "")


def _plan(wish: Wish) -> str:
    """What would come when, and that the agreed hours make room for it."""
    names = " and ".join(PURPOSE_NAMES[purpose].lower() for purpose in wish.purposes)
    return f"{names.capitalize()}: {rule_in_words(wish.rule)} The agreed hours make room for it."


def _part(contact: SafeContact, part: str, cover: Callable[[str], str]) -> str:
    match part:
        case "windows":
            return hours_in_words(contact.windows)
        case "others_see":
            return OTHERS.get(contact.others_see, ("They did not say.", "wait"))[0]
        case "on_silence":
            return SILENCE[contact.on_silence]
        case "cover":
            return f"“{cover(contact.cover)}”" if contact.cover else "Nothing at all."
        case _:
            return "Yes." if getattr(contact, part) else "No."


def _point(value: Mapping[str, Any], contact: SafeContact) -> str:
    """The address, and all that was answered about it."""
    way = {"text": "Text", "call": "Ring", "email": "E-mail"}[value["way"]]
    address = readable_address("email" if value["way"] == "email" else "sms", value["address"])
    note = f" They wrote: “{value['note']}”." if value["note"] else ""
    first = "we may go first" if contact.may_start else "we wait for them"
    return f"{way} {address}; {first}. {hours_in_words(contact.windows)}{note}"
