"""Two messages that were held for the same hour go one after the other, as any two of one talk do."""

import asyncio
from datetime import timedelta

from backend.conversations.claim import claim_due
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import find_talk
from backend.testing import HER_NUMBER, Bench
from safety.types import Kind, PointState, SafeContact
from tests.backend.checkins.test_plans import EVENINGS

AGREED = SafeContact(windows=EVENINGS, may_start=True, others_see="nobody")


def test_what_was_held_for_one_hour_goes_one_by_one(bench: Bench) -> None:
    def queue(c: object) -> None:
        talk = find_talk(c, bench.house, "sms", HER_NUMBER)  # type: ignore[arg-type]  # the store's connection
        assert talk is not None
        talk.agree(AGREED, PointState.SAFE, bench.clock(), timedelta(days=28))
        talk.save(c)  # type: ignore[arg-type]  # as above
        for words in ("Hi, how is your day going?", "Hi. A cup of tea counts."):
            queue_words(c, bench.house, talk, Kind.CHECK_IN, Words(words), lasts=timedelta(hours=12))  # type: ignore[arg-type]  # as above

    async def scenario() -> None:
        await bench.text("hello")
        await bench.text("bye")
        await bench.house.store.write(queue)
        bench.sms.sent.clear()
        await bench.work()
        assert bench.sms.sent == [], "both are held until the evening"
        bench.clock.advance(hours=8)
        jobs = await bench.house.store.write(lambda c: claim_due(c, bench.house, ["sms"]))
        assert [job.message.text for job in jobs] == ["Hi, how is your day going?"]

    asyncio.run(scenario())
