"""Why something did not go, in a practitioner's words: the gate's reasons, and those of whoever else stops words."""

from collections.abc import Mapping

from safety.gate import REASONS

WHY: Mapping[str, str] = {
    **REASONS,
    "we_were_away": "We could not send it in time. The fault is ours.",
    "in_a_talk": "They were writing here just then, and it must not break in.",
    "another_talk": "Another talk has begun on that phone since. It may be somebody else (R15).",
    "left": "Another talk began on that phone before it went. It may be somebody else (R15).",
    "plan_changed": "The plan was changed before it went.",
    "plan_ended": "The plan ended before it went.",
    "appointment_changed": "The time was changed or answered before it went.",
    "wrote_first": "They wrote before it went.",
    "taken_over": "A practitioner took the talk over before it went.",
    "exit": "They left the talk before it went.",
    "somebody_else": "Somebody else may have the phone.",
    "blocked": "They have shut this way to reach them, or it was shut for them.",
    "risk": "Something happened that ended what was agreed about reaching them.",
    "unreadable": "It could not be read any more. The fault is ours.",
    "not_taken": "The provider did not have it, so it is offered again.",
    "cannot_say": "The provider could not say whether it has it, so it is offered again.",
    "unknown": "Nobody can say yet whether it went. The provider is asked.",
    "unknown_outcome": "Nobody can say whether it arrived, so it did not go twice.",
}
"""Every reason that is written to a message, a check-in or a reminder, by its code."""


def why_words(reason: str) -> str:
    """Why it did not go. A provider's own code is named, for whoever looks after the machine can look it up."""
    if reason in WHY:
        return WHY[reason]
    return f"The provider did not take it or could not deliver it ({reason})." if reason else ""
