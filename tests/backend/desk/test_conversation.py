"""Reading and writing: what the page says beforehand is what the gate does."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from backend.alerts.service import open_alerts
from backend.staff import Role
from backend.store.talk import Conversation, OutboundMessage
from tests.backend.desk.browser import EVENINGS, Desk


@pytest.fixture
def talk(at_desk: Desk) -> int:
    """Somebody has just written, and a practitioner is at the desk."""
    made = at_desk.text("hello")
    at_desk.log_in()
    return made


def page_of(at_desk: Desk, talk: int) -> str:
    return at_desk.get(f"/desk/conversations/{talk}")


def send(at_desk: Desk, talk: int, words: str) -> str:
    answer = at_desk.press(page_of(at_desk, talk), "/send", text=words)
    asyncio.run(at_desk.bench.work())
    return str(answer.text)


def test_inside_the_talk_words_go_now(at_desk: Desk, talk: int) -> None:
    assert "They are here. You can write to them." in page_of(at_desk, talk)
    shown = send(at_desk, talk, "Hello, I am Sam.")
    assert "Hello, I am Sam." in shown
    assert at_desk.bench.sms.texts[-1] == "Hello, I am Sam."
    assert "A community_idva" in page_of(at_desk, talk)
    assert "sent" in page_of(at_desk, talk)


def test_writing_takes_over_and_the_machine_is_silent(at_desk: Desk, talk: int) -> None:
    send(at_desk, talk, "Hello, I am Sam.")
    before = len(at_desk.bench.sms.texts)
    at_desk.text("hello Sam")
    assert len(at_desk.bench.sms.texts) == before
    assert "You have this talk." in page_of(at_desk, talk)


def test_handing_back_lets_the_machine_speak_again(at_desk: Desk, talk: int) -> None:
    at_desk.press(page_of(at_desk, talk), "/take")
    at_desk.press(page_of(at_desk, talk), "/hand-back")
    with at_desk.bench.house.store.engine.begin() as c:
        assert c.execute(select(Conversation.owner_id)).scalar_one() is None
    assert [act for act in at_desk.audit() if act in {"took_over", "handed_back"}] == ["took_over", "handed_back"]


@pytest.mark.requirement("R7")
def test_outside_their_hours_the_page_says_until_when_and_the_message_is_held(at_desk: Desk, talk: int) -> None:
    at_desk.agree(talk)
    at_desk.bench.clock.advance(hours=2)
    at_desk.log_in()
    before = len(at_desk.bench.sms.texts)
    assert "Not now. A message would wait until today 18:00." in page_of(at_desk, talk)
    page = page_of(at_desk, talk)
    checked = at_desk.press(page, "/send", text="")
    assert checked.status_code == 409
    drafted = at_desk.client.post(
        f"/desk/conversations/{talk}/preview", data={"csrf": _csrf(page), "text": "Hello again."}
    ).text
    assert "It will be held until today 18:00." in drafted
    assert "Hello again." in drafted
    send(at_desk, talk, "Hello again.")
    assert len(at_desk.bench.sms.texts) == before
    assert "held" in page_of(at_desk, talk)
    at_desk.bench.clock.advance(hours=6, minutes=1)
    asyncio.run(at_desk.bench.work())
    assert at_desk.bench.sms.texts[-1] == "Hello again."


@pytest.mark.requirement("R1")
def test_what_the_gate_would_drop_changes_nothing_and_keeps_the_draft(at_desk: Desk, talk: int) -> None:
    at_desk.agree(talk)
    shown = send(at_desk, talk, "Hello from the refuge.")
    assert "Nothing was sent." in shown
    assert "Leave out: refuge." in shown
    assert "Hello from the refuge.</textarea>" in shown
    with at_desk.bench.house.store.engine.begin() as c:
        assert c.execute(select(Conversation.owner_id)).scalar_one() is None
        assert not c.execute(select(OutboundMessage.id).where(OutboundMessage.author_id.is_not(None))).all()
    assert "wrote" not in at_desk.audit()


def test_with_naming_agreed_the_same_words_may_go(at_desk: Desk, talk: int) -> None:
    at_desk.agree(talk, replace(EVENINGS, naming=True))
    assert "Hello from the refuge." in send(at_desk, talk, "Hello from the refuge.")
    assert at_desk.bench.sms.texts[-1] == "Hello from the refuge."


def test_the_preview_shows_the_lock_screen_and_the_size(at_desk: Desk, talk: int) -> None:
    page = page_of(at_desk, talk)
    words = "I can meet you at ten. " * 8 + "Bring “it”."
    drafted = at_desk.client.post(f"/desk/conversations/{talk}/preview", data={"csrf": _csrf(page), "text": words}).text
    preview = drafted.split('id="preview"')[1].split("</form>")[0]
    assert '<span class="shown" dir="auto">I can meet you at ten. I can meet you at</span>' in preview
    assert "texts joined together" in preview
    assert "“" in preview
    assert not at_desk.bench.sms.texts[1:]


@pytest.mark.requirement("R5")
def test_the_preview_says_where_else_it_shows_and_what_lies_unread_before_it(at_desk: Desk, talk: int) -> None:
    at_desk.agree(talk, replace(EVENINGS, naming=True))
    send(at_desk, talk, "Are you safe? A worker can help.")
    page = page_of(at_desk, talk)
    drafted = at_desk.client.post(
        f"/desk/conversations/{talk}/preview", data={"csrf": _csrf(page), "text": "It is about children and housing."}
    ).text
    preview = drafted.split('id="preview"')[1].split("</form>")[0]
    assert "The message before it is still unread." in preview
    places = ("A longer lock screen", "Notification centre", "Other devices", "Phone bill", "Companies on the way")
    for words in (*places, "Not confirmed."):
        assert words in preview
    assert "Are you safe? A worker can help." in preview.split("Notification centre")[1].split("List of threads")[0]


def test_pressing_twice_sends_once(at_desk: Desk, talk: int) -> None:
    page = page_of(at_desk, talk)
    for _ in range(2):
        at_desk.press(page, "/send", text="Hello, I am Sam.")
    asyncio.run(at_desk.bench.work())
    assert at_desk.bench.sms.texts.count("Hello, I am Sam.") == 1


def test_two_practitioners_do_not_write_over_each_other(at_desk: Desk, talk: int) -> None:
    stale = page_of(at_desk, talk)
    cookies = dict(at_desk.client.cookies)
    at_desk.log_in(Role.SENIOR_PRACTITIONER)
    at_desk.press(page_of(at_desk, talk), "/take")
    at_desk.client.cookies.update(cookies)
    for action, fields in (("/send", {"text": "Hello, I am Sam."}), ("/take", {})):
        answer = at_desk.press(stale, action, **fields)
        assert answer.status_code == 409
        assert "A senior_practitioner has this talk now." in answer.text
    assert "Take over from A senior_practitioner" in answer.text
    at_desk.press(answer.text, "/take")
    with at_desk.bench.house.store.engine.begin() as c:
        assert c.execute(select(Conversation.owner_id)).scalar_one() == at_desk.staff[Role.COMMUNITY_IDVA]


@pytest.mark.requirement("R32")
def test_answering_acknowledges_what_the_page_showed_and_nothing_newer(at_desk: Desk, talk: int) -> None:
    at_desk.alert(talk, "asked", "soon")
    page = page_of(at_desk, talk)
    assert "They asked for a person." in page
    at_desk.alert(talk, "danger", "urgent")
    at_desk.press(page, "/send", text="Hello, I am Sam.")
    with at_desk.bench.house.store.engine.begin() as c:
        assert [alert.reason for alert in open_alerts(c)] == ["danger"]


def test_danger_is_marked_in_the_thread(at_desk: Desk, talk: int) -> None:
    at_desk.text("he is going to kill me")
    page = page_of(at_desk, talk)
    assert "Danger now" in page
    assert 'class="line theirs urgent"' in page


def test_markup_that_somebody_wrote_stays_text(at_desk: Desk, talk: int) -> None:
    at_desk.text("<script>alert(1)</script>")
    assert "<script>alert" not in page_of(at_desk, talk)


@pytest.mark.requirement("R39")
def test_opening_a_talk_is_written_down(at_desk: Desk, talk: int) -> None:
    page_of(at_desk, talk)
    at_desk.client.get(f"/desk/conversations/{talk}", headers={"x-desk-refresh": "1"})
    assert at_desk.audit().count("opened") == 1


def test_an_erased_talk_says_so(at_desk: Desk, talk: int) -> None:
    from sqlalchemy import update

    from backend.store.talk import DataKey

    with at_desk.bench.house.store.engine.begin() as c:
        key_id = c.execute(select(Conversation.key_id)).scalar_one()
        c.execute(update(DataKey).where(DataKey.id == key_id).values(wrapped=None))
    answer = at_desk.client.get(f"/desk/conversations/{talk}")
    assert answer.status_code == 410
    assert "This was erased" in answer.text


def _csrf(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]
