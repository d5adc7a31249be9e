"""Playing flows in the browser: the talk, the state beside it, and the talk as a test that passes."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend import demo
from backend.demo.flows import MASK, MOST_TALKS, Talks
from backend.demo.state import start
from backend.testing import make_bench, make_settings
from bot import Flows
from bot.conversation_tests import load_cases, run_case

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def client(tmp_path: Path, flows: Flows) -> Iterator[TestClient]:
    """A browser without scripts, and a database that may not be asked."""
    bench = make_bench(tmp_path, flows=flows)
    state = start(make_settings(tmp_path))

    def refuse(*_: object) -> None:
        raise AssertionError("playing a flow asked the database")

    event.listen(bench.house.store.engine, "before_cursor_execute", refuse)
    with TestClient(Starlette(routes=demo.routes(bench.house, state)), headers=HERE) as made:
        yield made
    state.stop()
    bench.close()


def begin(client: TestClient, flow: str = "", channel: str = "sms") -> str:
    """Begin a talk; its address."""
    answer = client.post("/demo/flows", data={"flow": flow, "channel": channel}, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"].partition("#")[0]


def say(client: TestClient, talk: str, *texts: str) -> str:
    """Say each; the page after the last."""
    page = ""
    for text in texts:
        page = client.post(talk, data={"text": text}).text
    return page


def part(page: str, heading: str) -> str:
    """What stands under a heading."""
    return page.split(f"<h2>{heading}</h2>")[1].split("<h2>")[0]


def test_every_flow_of_the_project_is_offered(client: TestClient, flows: Flows) -> None:
    page = client.get("/demo/flows").text
    assert "Nothing here is real" in page
    assert not [flow.id for flow in flows.flows.values() if flow.own and f'value="{flow.id}"' not in page]


def test_the_talk_is_shown_with_the_state_beside_it(client: TestClient) -> None:
    page = say(client, begin(client), "hello <b>", "1")
    assert "hello &lt;b&gt;" in page
    assert "Does anyone else look at it" in page
    assert "<code>pattern_session_start</code> at <code>who_else</code>" in part(page, "Where it stands")
    assert "<dt><code>good_time</code></dt><dd>now</dd>" in part(page, "Answers")
    assert "bot uttered <code>utter_ask_contact_others_see</code>" in part(page, "The last step")


def test_buttons_are_pressed_where_the_channel_has_them(client: TestClient) -> None:
    talk = begin(client, channel="webchat")
    page = say(client, talk, "hello")
    payload = re.search(r'name="text" value="([^"]+)">It is a good time', page)
    assert payload is not None
    assert "Does anyone else use this device" in say(client, talk, html.unescape(payload[1]))


@pytest.mark.requirement("R38")
def test_what_is_most_their_own_is_masked(client: TestClient) -> None:
    page = say(client, begin(client, "about_you"), "Zebedee")
    assert f"<dt><code>name</code></dt><dd>{MASK}</dd>" in part(page, "Answers")


def test_any_flow_can_be_begun_in(client: TestClient, flows: Flows) -> None:
    for flow in flows.flows.values():
        if flow.own:
            assert client.get(begin(client, flow.id)).status_code == 200


def test_what_happens_beside_the_words(client: TestClient) -> None:
    talk = begin(client)
    say(client, talk, "hello")
    danger = client.post(talk, data={"deed": ":danger"}).text
    assert "999" in danger
    assert "hand over: danger, urgent" in danger
    assert "999" not in client.post(talk, data={"deed": ":undo"}).text
    named = client.post(talk, data={"deed": ":fact naming=true"}).text
    assert "<dt>naming</dt><dd>true</dd>" in named
    assert "Words may not name us</button>" in named


def test_a_line_that_begins_with_a_colon_is_only_words(client: TestClient) -> None:
    talk = begin(client)
    assert ":state" in say(client, talk, "hello", ":state")
    assert "pattern_session_start" in client.get(talk).text


def test_the_talk_can_be_kept_as_a_test_that_passes(client: TestClient, flows: Flows, tmp_path: Path) -> None:
    talk = begin(client, "self_referral")
    say(client, talk, "1", "4", "why", "1", "5")
    client.post(talk, data={"deed": ":pass 2 days"})
    client.post(talk, data={"deed": ":session"})
    page = say(client, talk, "hello", "1")
    written = re.search(r'<textarea id="test"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert written is not None
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "played.yml").write_text(html.unescape(written[1]), "utf-8")
    (case,) = load_cases(tmp_path, flows)
    result = run_case(flows, case)
    assert result.passed, str(result)


def test_memory_is_bounded(flows: Flows, tmp_path: Path) -> None:
    talks = Talks(flows, make_settings(tmp_path))
    first = talks.begin("", "sms")
    others = [talks.begin("", "sms") for _ in range(MOST_TALKS)]
    assert talks.find(first) is None
    assert talks.find(others[0]) is not None


def test_what_is_not_there_is_not_there(client: TestClient) -> None:
    assert client.get("/demo/flows/nonsense").status_code == 404
    assert client.post("/demo/flows", data={"flow": "nonsense", "channel": "sms"}).status_code == 404
    assert client.post("/demo/flows", data={"flow": "", "channel": "pigeon"}).status_code == 404


def test_another_site_cannot_talk_here(client: TestClient) -> None:
    talk, elsewhere = begin(client), {"sec-fetch-site": "cross-site"}
    assert client.post(talk, data={"text": "hello"}, headers=elsewhere).status_code == 403
