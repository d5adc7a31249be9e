"""Sending a referral off while a practitioner accepts it: what they read stays as they read it."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import event, select

from backend.cases.service import accept
from backend.conversations.acting import Acting
from backend.conversations.actions import submit_referral
from backend.conversations.reading import read_referral
from backend.conversations.talk import find_talk
from backend.staff import Role, add_staff
from backend.store.work import Referral
from backend.testing import HER_NUMBER, Bench


@pytest.mark.requirement("R31")
def test_answers_that_were_accepted_at_that_instant_are_not_overwritten(bench: Bench) -> None:
    house = bench.house

    def submit(name: str) -> None:
        with house.store.engine.begin() as c:
            found = find_talk(c, house, "sms", HER_NUMBER)
            assert found is not None
            submit_referral(Acting(c, house, found), {"name": name})
            found.save(c)

    looking = threading.Event()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FOR UPDATE" in statement and threading.current_thread() is again:
            looking.set()

    asyncio.run(bench.text("hello"))
    submit("Ash")
    event.listen(house.store.engine, "before_cursor_execute", note)
    again = threading.Thread(target=submit, args=("Somebody else",))
    with house.store.engine.begin() as c:
        sam = add_staff(c, house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        (first,) = c.execute(select(Referral.id)).scalars()
        accept(c, house, first, sam, "community_idva")
        again.start()
        if house.store.engine.dialect.name == "postgresql":  # SQLite has one writer, who is us
            assert looking.wait(60)  # it has come as far as the talk whose referral is being accepted
    again.join(60)
    with house.store.engine.begin() as c:
        ids = c.execute(select(Referral.id).order_by(Referral.id)).scalars()
        names = [read_referral(c, house, row).answers["name"] for row in ids]
        states = list(c.execute(select(Referral.state).order_by(Referral.id)).scalars())
    assert names == ["Ash", "Somebody else"]
    assert states == ["accepted", "submitted"]
