"""What people agree to, purpose by purpose: taking back counts at once, going further waits (J2, R14, R36)."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import insert, select

from backend.contact_points import pending
from backend.conversations.acting import Acting, Slots
from backend.store.work import Consent

PURPOSES = ("support", "sharing", "contact")
"""What consent is asked for, each on its own (J2, R36): slot `consent_<purpose>`."""


def record_consent(a: Acting, slots: Slots) -> None:
    """Keep each answer to each purpose, with the words' version and when it was given; the newest one counts.

    What was agreed before and is no longer named is written down as withdrawn, for that counts at once; what goes
    beyond what was agreed in an earlier session waits (R14, R36). The same answer is not written twice.
    """
    known, answers = _newest_consents(a), dict(_consents(slots))
    answers = _withdrawn(known, answers) | answers
    wider = _wider(a, known, answers)
    if wider:
        pending.ask(a.c, a.house, a.talk, "sharing", {"purposes": [*wider], "words": a.house.flows.version[:64]})
    elif answers:
        pending.drop(a.c, a.house, a.talk.id, ["sharing"], "answered_anew")
    row = {"conversation_id": a.talk.id, "words_version": a.house.flows.version[:64], "channel": a.talk.channel}
    rows = [
        row | {"id": a.house.new_id(), "purpose": purpose, "agreed": agreed, "at": a.house.clock()}
        for purpose, agreed in answers.items()
        if purpose not in wider and (purpose not in known or known[purpose].agreed != agreed)
    ]
    if rows:
        a.c.execute(insert(Consent), rows)


def _newest_consents(a: Acting) -> dict[str, Any]:
    rows = a.c.execute(
        select(Consent.purpose, Consent.agreed, Consent.at)
        .where(Consent.conversation_id == a.talk.id)
        .order_by(Consent.id)
    )
    return {row.purpose: row for row in rows}


def _withdrawn(known: Mapping[str, Any], answers: Mapping[str, bool]) -> dict[str, bool]:
    """Whom they named before and name no longer."""
    named = {purpose for purpose, row in known.items() if row.agreed and ":" in purpose}
    return {purpose: False for purpose in named if purpose.partition(":")[0] in answers}


def _wider(a: Acting, known: Mapping[str, Any], answers: Mapping[str, bool]) -> tuple[str, ...]:
    """What somebody agrees to beyond what held when this session began: whom we talk to, and getting in touch.

    That we may keep what is said is no such thing: it is asked before anything is said.
    """
    begun = a.talk["session_started_at"]
    if not any(row.at < begun for row in known.values()):
        return ()
    return tuple(
        purpose
        for purpose, agreed in answers.items()
        if agreed and not purpose.startswith("support") and not (purpose in known and known[purpose].agreed)
    )


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
