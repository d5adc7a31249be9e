"""The custom actions that flows may run: what the house does in the turn's transaction when an `action_*` step is
reached.

An action reads slots by the names in docs/flow-format.md, believes none of them to be complete, and never decides what
only a person may decide (R31).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.alerts.service import raise_alert
from backend.cases.suggest import suggest_pathway
from backend.conversations import statements
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.sealing import context, seal_json
from backend.store.talk import Conversation
from backend.store.work import Consent, Referral
from bot.contract import Json
from safety import profile
from safety.types import OnSilence, PointState, SafeContact, Window

Slots = Mapping[str, Json]
HERE = "here"
"""The value of `contact_way` that means the contact point in hand."""
PURPOSES = ("support", "sharing", "contact")
"""What consent is asked for, each on its own (J2, R36): slot `consent_<purpose>`."""


@dataclass(frozen=True, slots=True)
class Acting:
    """What an action works on: `word` is the slow hash of the turn's message, `inbound_id` its row, `code` the turn's
    return code."""

    c: Connection
    house: House
    talk: Talk
    memory: dict[str, Any] = field(default_factory=dict, repr=False)
    word: bytes | None = field(default=None, repr=False)
    code: str = field(default="", repr=False)
    inbound_id: int | None = None


def save_safe_contact(a: Acting, slots: Slots) -> None:
    """Write the safe-contact profile of the contact point it was given on.

    A first profile counts at once; so does a change of mind in the session that gave it. Of a change to an older one,
    what tightens counts at once; what loosens is not believed from this channel alone, and a practitioner is told
    (R14).
    """
    old, new, now = a.talk.contact(), contact_from_slots(slots, a.house.settings.time_zone), a.house.clock()
    first_here = (
        a.talk.row["point_confirmed_at"] is None or a.talk.row["point_confirmed_at"] >= a.talk["session_started_at"]
    )
    unsafe = a.talk.point().state is PointState.UNSAFE
    if unsafe or (not first_here and profile.loosens(old, new)):
        raise_alert(a.c, a.house, a.talk.id, "wants_looser_contact", "soon")
        new = profile.tightened(old, new)
    # Once unsafe, only a person can find out that it is so no more: whoever made it unsafe may be the one who texts.
    usable = PointState.SAFE if new.may_start or new.windows else PointState.UNKNOWN
    state = PointState.UNSAFE if unsafe else usable
    a.talk.agree(new, state, now, timedelta(days=a.house.settings.safe_contact_days))


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


def record_consent(a: Acting, slots: Slots) -> None:
    """Keep each answer to each purpose, with the words' version and when it was given; the newest one counts.

    What was agreed before and is no longer named is written down as withdrawn, for that counts at once (R14, R36).
    """
    answers = dict(_consents(slots))
    agreed_before = select(Consent.purpose).where(Consent.conversation_id == a.talk.id, Consent.agreed)
    named_before = {purpose for purpose in a.c.execute(agreed_before).scalars() if ":" in purpose}
    withdrawn = {purpose: False for purpose in named_before if purpose.partition(":")[0] in answers}
    rows = [
        {
            "id": a.house.new_id(),
            "conversation_id": a.talk.id,
            "purpose": purpose,
            "agreed": agreed,
            "words_version": a.house.flows.version[:64],
            "channel": a.talk.channel,
            "at": a.house.clock(),
        }
        for purpose, agreed in (withdrawn | answers).items()
    ]
    if rows:
        a.c.execute(insert(Consent), rows)


def _consents(slots: Slots) -> Iterator[tuple[str, bool]]:
    """Each purpose that was answered; a list, such as whom we may talk to, is one purpose for each of its items."""
    for purpose in PURPOSES:
        match slots.get(f"consent_{purpose}"):
            case None:
                continue  # a skipped question is no answer
            case list() as items:
                named = [item for item in items if item != "nobody"]
                yield purpose, bool(named)
                yield from ((f"{purpose}:{item}"[:40], True) for item in named)
            case answer:
                yield purpose, answer is True


def set_code_word(a: Acting, _slots: Slots) -> None:
    """The word just typed opens this conversation from now on (R12)."""
    _agree_word(a, "code_word")
    a.memory["word_chosen"] = True


def set_duress_word(a: Acting, _slots: Slots) -> None:
    """The word just typed calls for help in silence from now on (R13)."""
    _agree_word(a, "duress_word")


def _agree_word(a: Acting, column: str) -> None:
    """Keep the slow hash and nothing else of the word (R15); in place of an earlier one only for whoever has given the
    code word, else a practitioner is told (R14)."""
    if a.word is None:
        a.house.trouble("no_word", column)
    elif a.talk[column] is not None and a.talk["verified_at"] is None:
        raise_alert(a.c, a.house, a.talk.id, "wants_new_code_word", "soon")
    else:
        a.talk[column] = a.word
    _blank_message(a)


def _blank_message(a: Acting) -> None:
    """The message that was the word: what stays of it is that there was one."""
    a.memory.get("recent", [])[-1:] = []
    if a.inbound_id is not None:
        sealed = a.talk.key.seal("", context("inbound", "text", a.inbound_id))
        a.c.execute(statements.SAVE_INBOUND, {"text": sealed, "row_id": a.inbound_id})


def issue_return_code(a: Acting, slots: Slots) -> None:
    """The code that was shown in this turn opens this conversation again (R21). Only its keyed hash is kept."""
    if slots.get("session_code") == a.code:
        a.talk["return_code_index"] = a.house.vault.index("return_code", a.code)


def submit_referral(a: Acting, slots: Slots) -> None:
    """Send the referral off: the enquiry no longer expires, and practitioners are woken.

    Answers that are sent a second time replace the first, as long as nobody has accepted them.
    """
    answers = {
        name: value
        for name, value in slots.items()
        if value is not None and not name.startswith(("session_", "service_"))
    }
    waiting = select(Referral.id).where(Referral.conversation_id == a.talk.id, Referral.state == "submitted")
    earlier = a.c.execute(waiting).scalar_one_or_none()
    row_id = earlier or a.house.new_id()
    row: dict[str, Any] = {
        "answers": seal_json(a.talk.key, answers, context("referral", "answers", row_id)),
        "suggested": suggest_pathway(answers).pathway,
        "submitted_at": a.house.clock(),
    }
    if earlier:
        a.c.execute(update(Referral).where(Referral.id == row_id), row)
    else:
        a.c.execute(insert(Referral), row | {"id": row_id, "conversation_id": a.talk.id, "state": "submitted"})
    a.talk["expires_at"] = None
    raise_alert(a.c, a.house, a.talk.id, "referral", "urgent" if answers.get("safe_now") == "not_safe" else "soon")


def mark_unsafe(a: Acting, _slots: Slots) -> None:
    """This contact point is not safe: nothing is started there, and what waited for it is gone (R2). Tightening works
    at once (R14)."""
    a.talk.set_point_state(PointState.UNSAFE)
    cancel_queued(a.c, a.talk.id, "unsafe")


def forget(a: Acting, _slots: Slots) -> None:
    """Deletion can be coerced, so it is a practitioner's task with a second route (R14, R40); nothing is started here
    meanwhile."""
    raise_alert(a.c, a.house, a.talk.id, "wants_deletion", "soon")
    a.c.execute(update(Conversation).where(Conversation.id == a.talk.id).values(waiting_since=a.house.clock()))


ACTIONS: dict[str, Callable[[Acting, Slots], None]] = {
    "action_save_safe_contact": save_safe_contact,
    "action_record_consent": record_consent,
    "action_set_code_word": set_code_word,
    "action_set_duress_word": set_duress_word,
    "action_issue_return_code": issue_return_code,
    "action_submit_referral": submit_referral,
    "action_mark_unsafe": mark_unsafe,
    "action_forget": forget,
}
