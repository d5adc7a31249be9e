"""What is not answered still tightens: a mail that is not from where it says, with a word that only she knows (R13)."""

import asyncio

import pytest
from sqlalchemy import select, update

from backend.store.talk import ContactPoint, Conversation
from backend.testing import Bench
from channels.contract import Inbound
from safety import secret_words
from tests.backend.talks import reasons

HER_MAIL = "somebody@example.org"
WORD = "garden gate"


@pytest.mark.requirement("R13")
@pytest.mark.parametrize(
    ("text", "reason", "paused"), [(WORD, "duress", True), ("I have her phone", "somebody_else", False)]
)
def test_what_is_not_answered_tightens_all_the_same(bench: Bench, text: str, reason: str, paused: bool) -> None:
    async def scenario() -> None:
        house = bench.house
        await bench.intake.take(Inbound("email", HER_MAIL, "1", "hello", bench.clock()))
        await bench.work()
        word = secret_words.candidate(WORD)
        assert word is not None
        agreed = secret_words.slow_hash(word, house.vault.salt("word", f"email:{HER_MAIL}"))
        await house.store.write(lambda c: c.execute(update(Conversation).values(duress_word=agreed)))
        sent = len(bench.email.sent)
        await bench.intake.take(Inbound("email", HER_MAIL, "2", text, bench.clock(), {"Proof": "fail"}))
        await bench.work()
        [row] = await bench.rows(select(ContactPoint.state, ContactPoint.paused_at, ContactPoint.version))
        assert (row.state, row.paused_at is not None) == ("unsafe", paused)
        assert row.version > 0
        assert reason in await reasons(bench)
        assert len(bench.email.sent) == sent

    asyncio.run(scenario())
