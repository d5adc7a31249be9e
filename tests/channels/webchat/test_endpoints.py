"""What each address of web chat answers."""

import re

import pytest
from starlette.testclient import TestClient

from channels.webchat import ChatSettings
from channels.webchat.fake import ANSWER, FIRST_WORDS
from channels.webchat.house import Outcome
from tests.channels.webchat.support import CODE, ImpatientHouse, make_client

OURS = {"sec-fetch-site": "same-origin"}
EVERY_ADDRESS = ["/", "/chat", "/safety", "/exit", "/c/page.css", "/c/exit.js", "/c/../pages.py", "/nothing-here"]


def message_id(page: str) -> str:
    """The id that a page made for what is written in its text box."""
    return re.findall(r'name="message_id" value="([^"]+)"', page)[-1]


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("path", EVERY_ADDRESS)
def test_every_response_keeps_nothing_and_tells_nobody(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, noarchive"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.requirement("R19")
@pytest.mark.parametrize("path", EVERY_ADDRESS)
def test_every_response_allows_one_origin_and_no_device(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe|https?:|\*|data:", policy)
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.requirement("R18")
def test_the_cookie_is_opaque_and_goes_with_the_browser(client: TestClient) -> None:
    cookie = client.post("/chat", data={"do": "start"}).headers["set-cookie"]
    assert re.match(r"__Host-s=[\w-]{43};", cookie)
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} == set(cookie.split("; ")[1:])


def test_without_https_the_cookie_has_a_plain_name(house: ImpatientHouse) -> None:
    client = make_client(house, ChatSettings(cookie_secure=False))
    assert client.post("/chat", data={"do": "start"}).headers["set-cookie"].startswith("s=")


def test_the_front_door_leads_to_the_one_address(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/chat"


def test_starting_twice_is_one_talk(client: TestClient, house: ImpatientHouse) -> None:
    for _ in range(2):
        assert client.post("/chat", data={"do": "start"}).headers["location"] == "/chat"
    assert len(house.sessions) == 1
    assert FIRST_WORDS in client.get("/chat").text


def test_a_form_sent_twice_is_one_message(talking: TestClient, house: ImpatientHouse) -> None:
    form = {"message_id": message_id(talking.get("/chat").text), "text": "Hello"}
    for _ in range(2):
        assert talking.post("/chat", data=form).headers["location"] == "/chat"
    (session,) = house.sessions.values()
    assert [line.text for line in session.lines] == [FIRST_WORDS, "Hello", ANSWER]


def test_a_form_waits_two_seconds_for_the_reply_to_its_own_words(talking: TestClient, house: ImpatientHouse) -> None:
    house.silent = True
    talking.post("/chat", data={"text": "Hello"})
    assert house.waited[-1] == (2, pytest.approx(2.0, abs=0.1))


def test_a_form_waits_for_the_rest_of_a_reply_of_several_messages(talking: TestClient, house: ImpatientHouse) -> None:
    house.waited.clear()
    talking.post("/chat", data={"text": "Hello"})
    assert house.waited == [(2, pytest.approx(2.0, abs=0.1)), (3, pytest.approx(0.25))]


def test_choices_mean_that_a_reply_is_complete(client: TestClient, house: ImpatientHouse) -> None:
    client.post("/chat", data={"do": "start"})
    assert len(house.waited) == 1


def test_what_a_person_writes_is_text_and_not_markup(talking: TestClient) -> None:
    talking.post("/chat", data={"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in talking.get("/chat").text


def test_an_empty_message_is_none(talking: TestClient, house: ImpatientHouse) -> None:
    talking.post("/chat", data={"text": "  "})
    (session,) = house.sessions.values()
    assert len(session.lines) == 1


def test_what_is_too_long_is_refused_whole_and_said_so(talking: TestClient) -> None:
    for length in (2_001, 20_000):
        answer = talking.post("/chat", data={"text": "x" * length})
        assert answer.status_code == 413
        assert "too long" in answer.text


def test_too_much_at_once_shows_the_words_again(talking: TestClient, house: ImpatientHouse) -> None:
    house.refuse = Outcome.TOO_MANY
    answer = talking.post("/chat", data={"text": "Keep these words"})
    assert answer.status_code == 429
    assert "Keep these words</textarea>" in answer.text


def test_words_for_a_chat_that_closed_are_said_to_be_lost(talking: TestClient, house: ImpatientHouse) -> None:
    house.sessions.clear()
    answer = talking.post("/chat", data={"text": "Hello"})
    assert answer.status_code == 410
    assert "Your last message was not sent" in answer.text


# --- by script ----------------------------------------------------------------------------------------------------


def test_a_script_gets_the_outcome_and_what_is_new(talking: TestClient) -> None:
    form = {"message_id": "made-by-the-page", "text": "Hello", "after": "1"}
    first, again = (talking.post("/chat/say", data=form).json() for _ in range(2))
    assert (first["outcome"], again["outcome"]) == ("written", "duplicate")
    assert first["lines"] == again["lines"]
    mine, reply = first["lines"]
    assert mine == {
        "seq": "2", "mine": True, "person": False, "text": "Hello", "choices": [], "message_id": "made-by-the-page"
    }  # fmt: skip
    assert reply["text"] == ANSWER


def test_a_script_is_told_when_the_chat_is_over_or_too_fast(talking: TestClient, house: ImpatientHouse) -> None:
    house.refuse = Outcome.TOO_MANY
    assert talking.post("/chat/say", data={"text": "Hello"}).status_code == 429
    house.sessions.clear()
    assert talking.post("/chat/say", data={"text": "Hello"}).status_code == 410
    assert talking.post("/chat/stay").status_code == 410


# --- from where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/chat", "/chat/say", "/chat/stay"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://testserver"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver.elsewhere.example"},
    ],
)
def test_a_post_from_another_site_is_refused(talking: TestClient, path: str, headers: dict[str, str]) -> None:
    answer = talking.post(path, data={"text": "Hello"}, headers=headers)
    assert answer.status_code == 403
    assert "Leave now" in answer.text


@pytest.mark.parametrize("headers", [OURS, {"origin": "https://testserver"}, {"origin": "null"}, {}])
def test_a_post_from_our_own_page_is_taken(talking: TestClient, headers: dict[str, str]) -> None:
    assert talking.post("/chat", data={"text": "Hello"}, headers=headers).status_code == 303


def test_behind_a_proxy_the_public_origin_is_ours(house: ImpatientHouse) -> None:
    client = make_client(house, ChatSettings(public_origin="https://door.example.org"))
    answer = client.post("/chat", data={"do": "start"}, headers={"origin": "https://door.example.org"})
    assert answer.status_code == 303


# --- the way out, and back ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("headers", [OURS, {"sec-fetch-site": "cross-site"}, {}])
def test_leaving_destroys_the_session_before_it_answers(
    talking: TestClient, house: ImpatientHouse, method: str, headers: dict[str, str]
) -> None:
    answer = talking.request(method, "/exit", headers=headers)
    assert not house.sessions
    assert answer.status_code == 303
    assert answer.headers["location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.requirement("R17")
def test_trouble_in_the_house_does_not_keep_anybody_here(caplog: pytest.LogCaptureFixture) -> None:
    class TroubledHouse(ImpatientHouse):
        async def leave(self, token: str) -> None:
            raise RuntimeError(token)

    client = make_client(TroubledHouse(), ChatSettings())
    client.post("/chat", data={"do": "start"})
    token = client.cookies["__Host-s"]
    assert client.get("/exit").status_code == 303
    assert caplog.messages == ["webchat.leave_failed"]
    assert token not in caplog.text


@pytest.mark.requirement("R17")
def test_an_old_cookie_shows_the_first_screen_and_is_taken_away(talking: TestClient, house: ImpatientHouse) -> None:
    house.sessions.clear()
    answer = talking.get("/chat")
    assert "Read this first" in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.requirement("R16")
@pytest.mark.parametrize("path", ["/chat", "/safety", "/nothing-here", "/c/nothing"])
def test_the_way_out_is_the_first_thing_after_the_skip_link(client: TestClient, path: str) -> None:
    links = re.findall(r'<a [^>]*href="([^"]+)"', client.get(path).text)
    assert links[:2] == ["#main", "/exit"]


@pytest.mark.requirement("R21")
def test_every_wrong_reference_gets_the_same_answer(client: TestClient) -> None:
    answers = {
        (answer.status_code, answer.content)
        for answer in (
            client.post("/chat", data={"do": "return", "reference": code}) for code in ("", "nonsense", "9" * 99)
        )
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


@pytest.mark.requirement("R21")
def test_a_right_reference_opens_a_session_of_its_own(client: TestClient, house: ImpatientHouse) -> None:
    answer = client.post("/chat", data={"do": "return", "reference": f" {CODE} "})
    assert answer.headers["location"] == "/chat"
    assert list(house.sessions) == [client.cookies["__Host-s"]]


def test_demo_says_so_on_every_page(house: ImpatientHouse) -> None:
    client = make_client(house, ChatSettings(demo=True))
    for path in ("/chat", "/safety", "/nothing-here"):
        assert "Nothing here is real" in client.get(path).text
