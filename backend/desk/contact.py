"""The safe-contact profile in plain words: what a practitioner must know before they touch a key (2.3, A9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import phonenumbers

from backend.conversations.contact_answers import windows_of
from backend.desk.words import CHANNELS, wall_time
from safety import hours
from safety.gate import REASONS
from safety.types import Decision, Drop, Hold, OnSilence, Point, PointState, Window

Tone = Literal["go", "wait", "stop", "plain"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

OTHERS: Mapping[str, tuple[str, Tone]] = {
    "nobody": ("Nobody, they said.", "plain"),
    "maybe": ("Maybe somebody. Say little.", "wait"),
    "yes": ("Somebody could. Say as little as you can.", "stop"),
}
SILENCE: Mapping[OnSilence, str] = {
    OnSilence.WAIT: "Wait for them.",
    OnSilence.TRY_ONCE_MORE: "Try once more, then wait.",
    OnSilence.TELL_WORKER: "Tell their worker.",
}
_STATES: Mapping[PointState, tuple[str, Tone]] = {
    PointState.SAFE: ("They called it safe.", "plain"),
    PointState.UNKNOWN: ("Nobody has called it safe.", "wait"),
    PointState.UNSAFE: ("Unsafe: somebody else may be reading.", "stop"),
    PointState.STALE: ("Too old to rely on. It must be asked again.", "wait"),
}
_OTHER_WAYS: Mapping[str, str] = {"text": "Text another number", "call": "Ring them", "email": "E-mail"}


@dataclass(frozen=True, slots=True)
class Line:
    """One question about contact and its answer. `tone` says whether it holds a practitioner back."""

    question: str
    answer: str = field(repr=False)
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one sentence on top: may I write to this person now?"""

    words: str
    why: str
    tone: Tone


def verdict(decision: Decision, point: Point, now: datetime, *, in_talk: bool) -> Verdict:
    """What the gate would do with a harmless message now, as advice."""
    if isinstance(decision, Drop):
        return Verdict("Do not write to them now.", _why_not(decision.reason, point, now), "stop")
    if isinstance(decision, Hold):
        opens = wall_time(now, decision.until, point.contact.time_zone)
        return Verdict(f"Not now. A message would wait until {opens}.", REASONS.get(decision.reason, ""), "wait")
    if decision.instead:
        return Verdict("Only a bland line may go to them now.", REASONS["whatsapp_window"], "wait")
    if in_talk:
        return Verdict("They are here. You can write to them.", "They wrote a moment ago, and the talk is open.", "go")
    return Verdict("You may write to them now.", "It is within the hours they called safe.", "go")


def _why_not(reason: str, point: Point, now: datetime) -> str:
    where = hours.zone(point.contact.time_zone)
    opening = hours.opens(point.contact.windows, where, now) if reason == "too_late_in_hours" and where else None
    if opening is None:
        return REASONS.get(reason, "")
    return f"Their safe hours next open {wall_time(now, opening, point.contact.time_zone)}. Write then."


def contact_lines(point: Point, address: str, cover: str, answers: Mapping[str, Any], now: datetime) -> list[Line]:
    """The profile, most important first. `cover` is the agreed line in full; `answers` are the referral's, if any."""
    contact = point.contact
    others, others_tone = OTHERS.get(contact.others_see, ("They did not say. Take it that somebody may.", "wait"))
    here = _here(point, address)
    elsewhere = answers.get("contact_way") in _OTHER_WAYS
    lines = [
        *([here] if elsewhere else []),
        Line(
            "May we write first?",
            "Yes." if contact.may_start else "No. Wait until they write.",
            _care(contact.may_start),
        ),
        Line("When?", hours_in_words(contact.windows), _care(bool(contact.windows))),
        Line("May words name us?", "Yes." if contact.naming else "No. Keep every word plain.", _care(contact.naming)),
        Line("Who else sees it?", others, others_tone),
        Line("If somebody else answers", f"Send only: “{cover}”" if cover else "Send nothing at all."),
        Line("If they go quiet", SILENCE[contact.on_silence]),
        Line("May we ring?", "Yes." if contact.voice else "Not agreed."),
        Line("Reminders?", "Yes." if contact.reminders else "No."),
        *([] if elsewhere else [here]),
    ]
    if point.expires_at is not None:
        lines.append(
            Line("Good until", f"{wall_time(now, point.expires_at, contact.time_zone)}. Ask again before then.")
        )
    stops = [
        (point.opted_out, "They asked us to stop writing."),
        (point.paused, "Everything to this person is paused."),
    ]
    return [Line("Stop", words, "stop") for holds, words in stops if holds] + _told(answers) + lines


def hours_in_words(windows: Sequence[Window]) -> str:
    """Safe hours as people say them: "Monday to Friday, 18:00 to 21:00"."""
    if not windows:
        return "No hours were agreed."
    said = "; ".join(f"{_days(window.days)}, {window.start:%H:%M} to {window.end:%H:%M}" for window in windows)
    return f"{said[0].upper()}{said[1:]}."


def readable_address(channel: str, address: str) -> str:
    """A phone number as it is said in its own country; nothing for web chat, whose address is ours."""
    if channel != "sms":
        return "" if channel == "webchat" else address
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    home = number.country_code == 44
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))


def _here(point: Point, address: str) -> Line:
    """Where they wrote from; what the profile says is about this point alone."""
    state, tone = _STATES[point.state]
    shown = readable_address(point.channel, address)
    name = CHANNELS.get(point.channel, point.channel)
    return Line("This contact point", f"{name}{': ' + shown if shown else ''}. {state}", tone)


def _told(answers: Mapping[str, Any]) -> list[Line]:
    """What the referral says about contact and no profile holds: another way, its dangers, times in their own words."""
    lines = []
    if answers.get("phone_watched") is True:
        lines.append(Line("Is it watched?", "They think somebody looks at what they do on it.", "stop"))
    if way := _way(answers):
        lines.append(way)
    if note := answers.get("contact_number_note"):
        lines.append(Line("About that number, they wrote", f"“{note}”", "wait"))
    if seen := OTHERS.get(str(answers.get("number_others_see"))):
        lines.append(Line("Who else sees that one?", *seen))
    lines += _agreed_there(answers)
    if note := answers.get("contact_times_note"):
        lines.append(Line("About the times, they wrote", f"“{note}”", "wait"))
    return lines


def _way(answers: Mapping[str, Any]) -> Line | None:
    """How they asked to be reached. Another number is no contact point until somebody has checked it (R14)."""
    question, way = "How they want to be reached", str(answers.get("contact_way"))
    if way == "here":
        return Line(question, "Here.")
    if way == "come_back":
        return Line(question, "They come to us. We do not write first.", "wait")
    if way not in _OTHER_WAYS:
        return None
    where = _number(answers.get("contact_number")) or answers.get("contact_email")
    told = f"{where}. Not checked with them yet" if where else "they gave no number or address"
    return Line(question, f"Not here. {_OTHER_WAYS[way]}: {told}.", "wait")


def _number(answer: Any) -> str:
    """The number as it is dialled, from the reader's {e164, kind}."""
    return readable_address("sms", str(answer["e164"])) if isinstance(answer, Mapping) else ""


def _agreed_there(answers: Mapping[str, Any]) -> list[Line]:
    """What they agreed to for another way, to be asked again when somebody checks that it reaches them (R14)."""
    if answers.get("contact_way") not in _OTHER_WAYS:
        return []
    windows, first = windows_of(answers.get("contact_times")), answers.get("contact_may_start") is True
    reminders = answers.get("contact_reminders") is True
    return [
        Line("When is it safe there?", hours_in_words(windows), _care(bool(windows))),
        Line("May we go first there?", "Yes, they said." if first else "No. Wait until they come to us.", _care(first)),
        Line("Reminders there?", "Yes, they said." if reminders else "No."),
    ]


def _care(agreed: bool) -> Tone:
    """What was not agreed is to be minded; red is kept for what must not happen at all."""
    return "plain" if agreed else "wait"


def _days(days: frozenset[int]) -> str:
    """Runs of days, joined: Monday to Friday; Saturday."""
    if len(days) == len(DAYS):
        return "every day"
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]} to {DAYS[run[-1]]}" for run in runs]
    return " and ".join(said)
