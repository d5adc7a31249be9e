"""Agreeing a word: what is kept of it, and when a new one has to wait (R13, R14, R15)."""

from backend.contact_points import pending
from backend.contact_points.agreeing import may_wait
from backend.conversations import statements
from backend.conversations.acting import Acting, Slots
from backend.store.sealing import context

CHOSEN = "word_chosen"
"""In the memory of a session: the words that were agreed in it, which may still be changed in it."""


def set_code_word(a: Acting, _slots: Slots) -> None:
    """The word just typed opens this conversation from now on (R12)."""
    _agree_word(a, "code_word")


def set_duress_word(a: Acting, _slots: Slots) -> None:
    """The word just typed calls for help in silence from now on (R13)."""
    _agree_word(a, "duress_word")


def set_exit_word(a: Acting, _slots: Slots) -> None:
    """The word, or emoji, just typed leaves from now on, like any bye."""
    _agree_word(a, "exit_word")


def _agree_word(a: Acting, column: str) -> None:
    """Keep the slow hash and nothing else of the word (R15). In place of one that was agreed before this session it
    waits, for whoever has the phone may have learnt the first (R14)."""
    if a.word is None:
        a.house.trouble("no_word", column)
    elif a.talk[column] is None or column in a.memory.get(CHOSEN, ()):
        a.talk[column] = a.word
        a.memory[CHOSEN] = sorted({*a.memory.get(CHOSEN, ()), column})
        pending.drop(a.c, a.house, a.talk.id, [column], "answered_anew")
    elif may_wait(a.talk):
        pending.ask(a.c, a.house, a.talk, column, a.word.hex())
    _blank_message(a)


def _blank_message(a: Acting) -> None:
    """The message that was the word: what stays of it is that there was one."""
    a.memory.get("recent", [])[-1:] = []
    if a.inbound_id is not None:
        sealed = a.talk.key.seal("", context("inbound", "text", a.inbound_id))
        a.c.execute(statements.SAVE_INBOUND, {"text": sealed, "row_id": a.inbound_id})
