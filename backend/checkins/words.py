"""Plans in a practitioner's words."""

from collections.abc import Mapping
from datetime import date

from backend.checkins.rules import Cadence, Every, Pause, Rule
from safety.outcomes import AgreedLadder

PURPOSE_NAMES: Mapping[str, str] = {"check_in": "Check-in", "daily_text": "Kind words"}
THEME_NAMES: Mapping[str, str] = {"calm": "calm", "strength": "strength", "small_steps": "small steps", "rest": "rest"}
ASK_NAMES: Mapping[str, str] = {
    "settled": "how settled things are",
    "areas": "one area of life at a time",
    "changes": "what has changed",
    "feedback": "how we are doing",
}
CHANGE_NAMES: Mapping[str, str] = {
    "nothing": "nothing",
    "home": "home",
    "health": "health",
    "baby": "a baby on the way",
    "medicine": "off a medicine",
    "drink": "drink or drugs",
    "someone": "someone close",
}
FEEDBACK_NAMES: Mapping[str, str] = {"helps": "they help", "is_ok": "they are ok", "does_not_help": "they do not help"}
STEP_NAMES: Mapping[str, str] = {"try_once_more": "It was asked once more.", "tell_worker": "A worker was told."}
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rule_in_words(rule: Rule) -> str:
    """When it is due, as people say it."""
    parts = [f"{cadence_in_words(rule.cadence)}, {_times(rule)}, from {day_in_words(rule.first)}"]
    parts += [f"to {day_in_words(rule.until)}"] if rule.until else []
    tapers = [
        f"; {_in_the_middle(cadence)} from {day_in_words(day)}"
        for day, cadence in sorted(rule.tapers, key=lambda each: each[0])
    ]
    return " ".join(parts) + "".join(tapers) + "."


def _in_the_middle(cadence: Cadence) -> str:
    """How often, within a sentence: a day of the week keeps its capital."""
    words = cadence_in_words(cadence)
    return words[0].lower() + words[1:] if words.startswith("Every") else words


def pause_in_words(pause: Pause) -> str:
    """From when to when it is quiet."""
    end = f"to {day_in_words(pause.last)}" if pause.last else "until they write, or somebody here ends it"
    return f"Quiet from {day_in_words(pause.first)} {end}."


def cadence_in_words(cadence: Cadence) -> str:
    """How often."""
    if cadence.every is Every.WEEKS:
        days = _days_in_words(cadence.weekdays)
        return days if cadence.n == 1 else f"{days}, every {cadence.n} weeks"
    unit = "day" if cadence.every is Every.DAYS else "month"
    return f"Every {unit}" if cadence.n == 1 else f"Every {cadence.n} {unit}s"


def _days_in_words(days: frozenset[int]) -> str:
    """`Monday, Thursday`; `Every day but Wednesday`."""
    left_out = sorted(set(range(7)) - days)
    if len(left_out) == 1:
        return f"Every day but {DAY_NAMES[left_out[0]]}"
    return ", ".join(DAY_NAMES[day] for day in sorted(days))


def ladder_in_words(ladder: AgreedLadder) -> str:
    """What was agreed for a check-in that gets no answer."""
    minutes = int(ladder.grace.total_seconds() // 60)
    steps = {
        "we ask once more": ladder.try_once_more,
        "a worker is told": ladder.tell_worker,
        "a worker may speak to the person they named": ladder.trusted_contact,
        "a worker may ask the police to look": ladder.police,
    }
    agreed = [words for words, holds in steps.items() if holds] or ["we wait"]
    return f"After {minutes} minutes without an answer: {', then '.join(agreed)}."


def day_in_words(day: date) -> str:
    """Mon 2 Mar 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _times(rule: Rule) -> str:
    if isinstance(rule.at, tuple):
        return "at " + " and ".join(f"{wall:%H:%M}" for wall in sorted(rule.at))
    return f"once between {rule.at.start:%H:%M} and {rule.at.end:%H:%M}"
