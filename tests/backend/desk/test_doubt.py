"""At the desk: an alert that somebody unlike them writes names the signs, and taking it ends the doubt (M4)."""

import pytest
from sqlalchemy import select

from backend.conversations import doubt
from backend.conversations.talk import load_talk
from backend.store.talk import Conversation
from tests.backend.desk.browser import Desk


@pytest.mark.requirement("R12")
def test_the_alert_names_the_signs_and_taking_it_lets_what_waits_go(at_desk: Desk) -> None:
    talk_id, house = at_desk.text("hello"), at_desk.bench.house
    with house.store.engine.begin() as c:
        there = load_talk(c, house, talk_id)
        doubt.begin(c, house, there, there.memory(), ("questions", "language", "hour", "speed"))
        there.save(c)
    at_desk.log_in()
    page = at_desk.get("/desk")
    assert "What differs: they ask what somebody else would ask; the language; the hour." in page
    at_desk.press(page, "/acknowledge")
    with house.store.engine.begin() as c:
        assert list(c.execute(select(Conversation.doubted_at)).scalars()) == [None]
