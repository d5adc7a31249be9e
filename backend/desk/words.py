"""Codes as plain English for practitioners. An unknown code gets a true sentence, never a blank."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backend.reasons import why_words
from backend.staff import Role
from safety.ladder import SILENCE, TOLD, TRIED_TWICE

URGENCIES: Mapping[str, str] = {"urgent": "Urgent", "soon": "Soon", "routine": "Can wait"}

ALERTS: Mapping[str, str] = {
    "danger": "They may be in danger now.",
    "duress": "They sent the word that asks for help quietly. Do not write back on this phone.",
    "asked": "They asked for a person.",
    "unclear": "The machine did not understand them.",
    "young_person": "A young person wrote.",
    "trouble": "Something in the questions went wrong.",
    "referral": "A new referral.",
    "new_message": "They wrote, in a talk that a practitioner has.",
    "somebody_else": "Somebody else may have the phone. Nothing more goes there.",
    "concern": "Something they wrote is worrying. It may be past, or about somebody else.",
    "disclosure": "They wrote of abuse. Nothing in it says that it is happening now.",
    "opted_out": "They asked us to stop writing. Nothing is closed by that.",
    "opted_in": "They asked us to write again. Check that it is really them before anything private.",
    "not_answered": "A mail got no answer: it is not from where it says, or a machine may have sent it.",
    "wrote_after_opt_out": "They wrote again after asking us to stop. Only answer what they write.",
    "help_word": "They sent the word HELP. The phone company has answered it, we have not.",
    "wrong_words": "The agreed word was wrong three times.",
    "began_without_word": "Somebody began anew on a phone that has an agreed word, and did not give it.",
    "wants_looser_contact": "They asked to change how we reach them. Check it with them by another way first.",
    "wants_new_code_word": "They asked for a new agreed word. Check it with them by another way first.",
    "wants_copy": "They asked for a copy of what we hold. Check that it is really their wish first.",
    "wants_closure": "They asked us to close this. Check with them first; nothing closes by itself.",
    "changes_confirmed": "They confirmed, by their second route, something they had asked for.",
    "changes_not_theirs": "Somebody asked for changes in their name. They say it was not them. That phone is unsafe.",
    "new_contact_point": "A new number or address that nobody has checked with them yet.",
    "answers_ended": "What we knew about reaching them no longer holds. Check with them before anything is sent.",
    "answers_expired": "What they agreed about being reached is too old. Ask them again.",
    "wants_deletion": "They asked us to wipe what we hold. Check that it is really their wish first.",
    "blocked": "They have shut this way to reach them, or it was shut for them. Nothing more goes there.",
    "contact_unreadable": "What was agreed about reaching them cannot be read. Ask it again.",
    "media": "They sent a picture, a file or their voice. It was not opened or kept. Ask what it was.",
    "unlike_them": "This is not how they write. Somebody else may be writing. What waits goes once you take this.",
    "may_be_two": "Somebody began anew where a referral was sent before. It may be another person.",
    "another_name": "Another name was given here, without the agreed word. It may be another person.",
    "wrong_codes": "Wrong numbers to come back with were tried here three times.",
    "check_in_low": "They answered a check-in: not good.",
    "low_today": "They answered a check-in low, about being safe or well treated. Reach them today.",
    "low_area": "They answered a check-in low, about one part of their life.",
    "life_changed": "They say that something in their life has changed. Look at the risk again with them.",
    "not_working": "They say that these texts do not help them. Ask, and tell them what changes.",
    "check_in_answered": "They answered a check-in: so so.",
    **{f"check_in_{outcome.value}": told for outcome, told in TOLD.items()},
    **{f"check_in_{outcome.value}_twice": TOLD[outcome] + TRIED_TWICE for outcome in SILENCE},
    "check_in_stopped": "A check-in did not go out. The page of their plans says which rule stopped it.",
    "check_in_missed_by_us": "A check-in did not go out in time, and the fault is ours. It says nothing about them.",
    "wants_plan": "They would like texts at set times, or to have them again. Go through it with them.",
    "plan_changed_by_text": "They changed, paused or ended the texts that come at set times. Nothing else ends by it.",
    "daily_reply": "They answered a daily text.",
    "cannot_come": "They answered a reminder: the time does not suit them.",
    "chose_another_time": "They chose one of the other times that were offered.",
    "running_late": "They answered a reminder: they are running late.",
    "do_not_ring": "Do not ring them now. They answered that it is not a good moment.",
    "ring_later": "They answered that a call is better a bit later.",
    "reminder_answered_late": "They answered a reminder of a time that has been changed since. Look at it with them.",
    "reminder_not_sent": "A reminder did not go out. The page of the appointment says which rule stopped it.",
    "task_overdue": "Something was to be done for them by now, and nobody has done it.",
    "not_delivered": "A message to them did not arrive.",
    "arrived_late": "A message to them arrived later than it was meant to. Somebody else may have seen it.",
    "not_sent": "A message to them was not sent.",
}

CHANNELS: Mapping[str, str] = {
    "sms": "Text message",
    "whatsapp": "WhatsApp",
    "webchat": "Web chat",
    "telegram": "Telegram",
    "email": "E-mail",
}

STATES: Mapping[str, str] = {
    "queued": "waiting to go",
    "held": "held",
    "sending": "going out",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "not delivered",
    "dropped": "not sent",
    "cancelled": "taken back",
}

CAME_AS: Mapping[str, str] = {
    "edit": "they changed an earlier message to this",
    "reaction": "their sign on a message",
    "unproven": "not proven to be from them, and not answered",
}
"""What is said of a message that is more, or less, than one."""

LEVELS: Mapping[str, str] = {"urgent": "Danger now", "concern": "Concern", "disclosure": "Tells of abuse"}

ROLES: Mapping[Role, str] = {
    Role.COMMUNITY_IDVA: "Community Idva",
    Role.COMPLEX_NEEDS_IDVA: "Community Idva, complex needs",
    Role.SENIOR_PRACTITIONER: "Senior practitioner",
    Role.CYP_WORKER: "Children and young people's worker",
    Role.ENGAGE_WORKER: "Engage worker",
    Role.DELIVERY_LEAD: "Delivery lead",
    Role.BUSINESS_SUPPORT: "Business support",
}


CONTACT_PROBLEMS: Mapping[str, str] = {
    "incomplete": "say how you know it, and what you found out.",
    "not_possible": "it has changed in the meantime. Look at it as it is now.",
    "not_waiting": "this change no longer waits.",
    "not_safe": "this contact point is not safe now, or somebody has to look at it first. Check that, then come back.",
    "in_use": "that number or address is in use here already, and two people may share it. Nothing was joined.",
    "word_in_use": "that word is in use here by now. Let this fall, and ask them for one of its own.",
}
"""Why a press on the pages about reaching somebody did nothing."""

UNKEPT: Mapping[str, str] = {
    "code_word": "(The agreed word, which is not kept.)",
    "duress": "(The word that asks for help quietly, which is not kept.)",
}


def unkept_words(course: str) -> str:
    """What stands in the place of a message of which no words are kept."""
    return UNKEPT.get(course, "(No words: a picture, or a word that they chose and that is not kept.)")


SIGNS: Mapping[str, str] = {
    "questions": "they ask what somebody else would ask",
    "language": "the language",
    "hour": "the hour",
    "style": "capitals, full stops or length",
    "spelling": "the spelling",
    "speed": "how fast they answer",
    "device": "the keyboard",
}
"""What may differ from how somebody usually writes, gravest first (M4)."""


def alert_words(reason: str) -> str:
    """What an alert is about, and the signs that are part of its code: `unlike_them.hour.style`."""
    code, *signs = reason.split(".")
    about = ALERTS.get(code, "Something here needs a person to look at it.")
    named = "; ".join(SIGNS[sign] for sign in signs if sign in SIGNS)
    return f"{about} What differs: {named}." if named else about


def fate_words(state: str, reason: str) -> str:
    """What became of a message, and why it did not go, or waits, where that was written down."""
    fate = STATES.get(state, state.replace("_", " "))
    return f"{fate}: {why_words(reason)}" if reason else fate


def ago(now: datetime, then: datetime) -> str:
    """How long ago, in the largest unit that tells it well."""
    passed = max(now - then, timedelta(0))
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if passed >= size:
            count = passed // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def wall_time(now: datetime, at: datetime, zone: str) -> str:
    """An instant as people say it in their own day: today 14:05, tomorrow 19:30, Mon 2 Mar 19:30."""
    where = ZoneInfo(zone)
    local, today = at.astimezone(where), now.astimezone(where).date()
    days = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    day = days.get(local.date()) or f"{local:%a} {local.day} {local:%b}"
    return f"{day} {local:%H:%M}"
