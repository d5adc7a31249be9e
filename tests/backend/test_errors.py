"""What somebody sees when something broke, by where they are."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from backend.access import public
from backend.app import make_app
from backend.testing import Bench


async def _break(_: Request) -> Response:
    raise RuntimeError("a word that somebody wrote")


def client(bench: Bench) -> TestClient:
    more = [public(path, _break, why="a test breaks it") for path in ("/desk/broken", "/broken")]
    return TestClient(make_app(bench.house, hub=bench.hub, more_routes=more), raise_server_exceptions=False)


def test_the_desk_says_so_in_the_desks_words_and_without_the_fault(bench: Bench) -> None:
    answer = client(bench).get("/desk/broken")
    assert answer.status_code == 500
    assert "Back to the desk" in answer.text
    assert "somebody wrote" not in answer.text
    assert "999" not in answer.text


def test_an_address_of_the_desk_that_is_not_there_says_so(bench: Bench) -> None:
    answer = client(bench).get("/desk/no/such/page")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_everybody_else_sees_999_and_the_way_out(bench: Bench) -> None:
    answer = client(bench).get("/broken")
    assert (answer.status_code, "999" in answer.text, "Leave now" in answer.text) == (500, True, True)
