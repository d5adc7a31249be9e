"""That somebody agrees to talk where our name shows: WhatsApp puts it above the chat and on linked devices (R26)."""

from sqlalchemy import insert, select

from backend.conversations.acting import Acting, Slots
from backend.store.work import Consent

AGREES = "go_on"
"""The value of the slot `consent_app` that means yes; any other answer is a no, and a skipped question is none."""


def record_app_consent(a: Acting, slots: Slots) -> None:
    """Keep the answer, with the words' version and when it was given. The same answer is not written twice."""
    answer, purpose = slots.get("consent_app"), f"app:{a.talk.channel}"
    here = (Consent.conversation_id == a.talk.id, Consent.purpose == purpose)
    newest = a.c.execute(select(Consent.agreed).where(*here).order_by(Consent.id.desc()).limit(1)).scalar()
    if answer is None or newest is (answer == AGREES):
        return
    row = {
        "id": a.house.new_id(),
        "conversation_id": a.talk.id,
        "purpose": purpose,
        "agreed": answer == AGREES,
        "words_version": a.house.flows.version[:64],
        "channel": a.talk.channel,
        "at": a.house.clock(),
    }
    a.c.execute(insert(Consent), row)
