"""A referral's answers as a practitioner reads them. A slot without a line here shows under its own name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, str]

_GENDER: Words = {"woman": "A woman", "man": "A man", "no_matter": "They do not mind"}

_QUESTIONS: Mapping[str, tuple[str, Words]] = {
    "name": ("May be called", {}),
    "age_band": (
        "Age",
        {"under_13": "Under 13", "13_15": "13 to 15", "16_17": "16 or 17", "18_over": "18 or over"},
    ),
    "worker_age_group": (
        "Would like somebody",
        {"young": "for young people", "adult": "for adults", "no_matter": "either"},
    ),
    "area": ("Near", {}),
    "story": ("In their own words", {}),
    "complaint": ("What they complained of", {}),
    "language": ("The machine wrote to them in", {"en": "English"}),
    "others_affected": (
        "Who else is affected",
        {"children": "Children", "pregnant": "A baby on the way", "somebody_else": "Someone else", "nobody": "Nobody"},
    ),
    "access_needs": (
        "Would help them",
        {
            "interpreter": "Another language",
            "bsl": "BSL",
            "easy_words": "Easy words",
            "other": "Else",
            "nothing": "Nothing",
        },
    ),
    "access_other": ("What would help, in their words", {}),
    "needs_language": ("Language", {}),
    "interpreter_gender": ("Interpreter", _GENDER),
    "interpreter_outside": ("Interpreter from outside their community", {}),
    "first_talk": (
        "First talk",
        {"writing": "In writing", "phone": "By phone", "face_to_face": "Face to face", "no_matter": "They do not mind"},
    ),
    "worker_gender": ("Would like to talk with", _GENDER),
    "consent_support": ("We may keep what they said", {}),
    "consent_sharing": (
        "We may talk to",
        {"health": "Doctor or nurse", "housing": "Housing", "family_team": "Council family team", "nobody": "Nobody"},
    ),
    "consent_contact": ("We may get in touch again", {}),
}

_SAFE_NOW: Mapping[str, tuple[str, str]] = {
    "not_safe": ("They said: not safe where they are.", "stop"),
    "not_sure": ("They said: not sure that they are safe.", "wait"),
    "safe": ("They said: safe for now.", "plain"),
}

# Shown with the safe-contact profile, or only a step of the talk.
_ELSEWHERE_PREFIXES = ("contact_", "session_", "service_", "wants_", "plan_")
_ELSEWHERE = frozenset(
    {
        "safe_now", "number_others_see", "phone_watched", "good_time", "ready", "carry_on", "carry_on_here", "back_for",
        "help_choice", "word_sent", "send_now", "not_kept", "asked_by_me", "recheck_answer", "recheck_word",
        "how_it_goes", "how_true", "what_changed", "how_we_do", "how_we_do_note", "daily_reply",
        "still_fine", "other_time", "good_moment",
        "consent_app", "code_word", "ending_word", "word_set", "code_issued", "privacy_checked",
        "resumed", "read_back_full", "in_opening", "referring", "listening", "waiting_for_person", "told", "hushed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what was said, in words."""

    question: str
    words: str = field(repr=False)


def safe_now(answers: Mapping[str, Any]) -> tuple[str, str]:
    """What they said about danger now, and its tone; not saying is not the same as safe."""
    return _SAFE_NOW.get(str(answers.get("safe_now")), ("They did not say whether they are safe now.", "wait"))


def answer_lines(answers: Mapping[str, Any]) -> list[Answer]:
    """All that was answered, known questions first and in the order of the talk."""
    known = [
        Answer(question, _in_words(answers[slot], words))
        for slot, (question, words) in _QUESTIONS.items()
        if answers.get(slot) not in (None, "", [])
    ]
    return known + [
        Answer(slot.replace("_", " ").capitalize(), _in_words(answers[slot], {})) for slot in _others(answers)
    ]


def _others(answers: Mapping[str, Any]) -> list[str]:
    return [
        slot
        for slot, value in answers.items()
        if value not in (None, "", [])
        and slot not in _QUESTIONS
        and slot not in _ELSEWHERE
        and not slot.startswith(_ELSEWHERE_PREFIXES)
    ]


def _in_words(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(_in_words(item, words) for item in value)
    return words.get(str(value), str(value))
