"""The words of the pages: plain, harmless, and in the reviewed places only (R1, R20, R37)."""

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from channels.webchat.pages import HERE
from safety.lint import names_service
from tests.flows.reading import grade, sentences

PAGES = ["/chat", "/safety", "/nothing-here"]


class Words(HTMLParser):
    """Collects what a person reads, one paragraph a line."""

    BLOCKS = frozenset({"p", "h1", "h2", "li", "summary", "label", "button", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", " ")

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n" if tag in self.BLOCKS else ""


def words(page: str) -> str:
    reader = Words()
    reader.feed(page)
    return reader.text


@pytest.mark.requirement("R20")
@pytest.mark.requirement("R37")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_easily(client: TestClient, path: str) -> None:
    text = words(client.get(path).text)
    assert grade(text) <= 5
    assert max(map(len, sentences(text))) <= 25


@pytest.mark.requirement("R1")
def test_no_page_file_or_script_names_the_service_or_abuse(talking: TestClient) -> None:
    sources = [path.read_text("utf-8") for folder in ("templates", "static") for path in (HERE / folder).iterdir()]
    for text in [*sources, *(talking.get(path).text for path in PAGES)]:
        assert names_service(text) == ()


@pytest.mark.requirement("R1")
def test_names_of_files_that_a_browser_asks_for_are_harmless(client: TestClient) -> None:
    asked = {name for path in PAGES for name in re.findall(r'(?:src|href)="(/[^"]*)"', client.get(path).text)}
    assert asked == {
        "/exit", "/chat", "/safety", "/c/dot.svg", "/c/exit.js", "/c/page.css", "/c/start.js", "/c/tokens.css"
    }  # fmt: skip


@pytest.mark.requirement("R20")
def test_the_first_screen_says_what_it_must(client: TestClient) -> None:
    text = words(client.get("/chat").text)
    for part in (
        "Leave now",
        "Shift",
        "history",
        "spyware",
        "Do not wipe the whole list",
        "library",
        "A machine answers",
    ):
        assert part in text


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("path", PAGES)
def test_text_relay_stands_beside_every_phone_number(client: TestClient, path: str) -> None:
    text = words(client.get(path).text)
    assert ("999" in text) == ("18000" in text)
