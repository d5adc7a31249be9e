"""The page of demo mode, and what demo mode refuses."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend import demo
from backend.demo.handsets import Bubble
from backend.demo.prepare import greeting
from backend.demo.state import DemoState, RealCredentialsError, start
from backend.demo.webhook import Webhook
from backend.desk.routes import routes
from backend.staff import has_demo_staff, log_in
from backend.testing import Bench, make_settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Reached(Webhook):
    """A phone company whose texts arrive at once, without a network."""

    async def text(self, number: str, words: str) -> bool:
        return words != "lost"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[DemoState]:
    """The invented ends, with an answer on the way for whoever writes."""
    made = start(make_settings(tmp_path))
    hook = made.webhook
    reached = Reached(hook.host, hook.port, hook.public_url, hook.account_sid, hook.token, hook.our_number)
    yield replace(made, webhook=reached)
    made.stop()


@pytest.fixture
def client(bench: Bench, state: DemoState) -> Iterator[TestClient]:
    """A browser without scripts."""
    app = Starlette(routes=[*demo.routes(bench.house, state), *routes(bench.house)])
    with TestClient(app) as made:
        yield made


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
class TestPage:
    """One database is enough: the page reads none."""

    def test_three_phones_and_an_empty_mailbox(self, client: TestClient) -> None:
        page = client.get("/demo").text
        assert page.count('class="phone"') == 3
        assert "07700 900101" in page
        assert "No mail yet." in page
        assert "Nothing here is real" in page

    def test_the_lock_screen_shows_the_first_characters_only(self, client: TestClient, state: DemoState) -> None:
        phone = state.handsets.at(2)
        assert phone is not None
        phone.receive("Hello. Thank you for your message. Is now a good time to text?", NOON)
        lock = client.get("/demo").text.split('id="lock-2"')[1].split("</summary>")[0]
        assert "Hello. Thank you for your message. Is no…" in lock
        assert "good time" not in lock

    @pytest.mark.requirement("R5")
    def test_where_else_it_shows_fills_as_messages_come(self, client: TestClient, state: DemoState) -> None:
        phone = state.handsets.at(2)
        assert phone is not None
        phone.bubbles.append(Bubble(True, "hello", NOON))
        phone.receive("Thank you. Is now a good time to text?", NOON)
        phone.receive("A second one.", NOON)
        seen = client.get("/demo").text.split('id="seen-2"')[1].split("</dl>")[0]
        stack, threads, linked, bill = (
            seen.split(f"<dt>{name}</dt>")[1].split("</dd>")[0]
            for name in ("Notification centre", "List of threads", "Other devices", "Phone bill")
        )
        assert stack.count("<li") == 2
        assert "A second one." in threads and "good time" not in threads
        assert linked.count("<li") == 3
        assert "text to 07700 900000" in bill and "hello" not in bill
        assert "Not confirmed." in bill

    def test_what_was_typed_is_on_the_phone(self, client: TestClient, state: DemoState) -> None:
        phone = state.handsets.at(1)
        assert phone is not None
        phone.rang.set()
        answer = client.post("/demo/text", data={"phone": "1", "text": "lost <b>"}, follow_redirects=False)
        assert answer.headers["location"] == "/demo?open=1#phone-1"
        page = client.get("/demo?open=1").text
        assert "lost &lt;b&gt;" in page
        assert '<details class="screen" open>' in page

    def test_a_text_that_did_not_get_through_says_so(self, client: TestClient, state: DemoState) -> None:
        client.post("/demo/text", data={"phone": "1", "text": "lost"})
        phone = state.handsets.at(1)
        assert phone is not None
        assert [(bubble.text, bubble.failed) for bubble in phone.bubbles] == [("lost", True)]
        assert "Not delivered" in client.get("/demo").text

    def test_another_site_cannot_make_a_phone_text(self, client: TestClient) -> None:
        form, headers = {"phone": "1", "text": "hello"}, {"sec-fetch-site": "cross-site"}
        assert client.post("/demo/text", data=form, headers=headers).status_code == 403
        for place in ("9", "x", ""):
            assert client.post("/demo/text", data={"phone": place, "text": "hello"}).status_code == 404

    def test_every_page_says_that_it_is_a_demo(self, client: TestClient) -> None:
        assert "Demo. Nothing here is real" in client.get("/desk/login").text
        assert "Demo. Nothing here is real" in client.get("/demo").text


def test_the_demo_people_can_log_in_and_are_marked(bench: Bench) -> None:
    for _ in range(2):
        with bench.house.store.engine.begin() as c:
            demo.seed_demo(c, bench.house)
    for person in demo.PEOPLE:
        assert asyncio.run(log_in(bench.house, person.email, person.password))
        assert person.password in greeting(bench.house.settings)
    with bench.house.store.engine.begin() as c:
        assert has_demo_staff(c)


def test_a_phone_remembers_its_talk_after_a_restart(bench: Bench, tmp_path: Path) -> None:
    handsets = demo.state.Handsets()
    number = next(iter(handsets)).number
    asyncio.run(bench.text("hello", number))
    with bench.house.store.engine.begin() as c:
        handsets.restore(c, bench.house)
    bubbles: list[Bubble] = list(next(iter(handsets)).bubbles)
    assert [bubble.mine for bubble in bubbles] == [True, False]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("twilio_account_sid", "AC" + "1" * 32),
        ("twilio_auth_token", SecretStr("secret")),
        ("smtp_url", "smtp://mail.example.org"),
        ("database_url", "sqlite:///real.db"),
        ("vault_key_file", Path("real.json")),
    ],
)
def test_nothing_real_is_used(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(RealCredentialsError) as refused:
        start(make_settings(tmp_path, **{name: value}))
    assert f"SIDEDOOR_{name.upper()}" in str(refused.value)
    assert "1111" not in str(refused.value)


def test_its_data_lies_in_a_folder_of_its_own(state: DemoState, tmp_path: Path) -> None:
    assert state.settings.data_dir == tmp_path / "demo"
    assert state.settings.smtp_url == state.mailbox.url
    assert state.settings.drama_numbers
