"""Every address has a guard: a log-in, a provider's signature, or a place on the short list of public ones.

What is declared is not believed: each route is called as a stranger would call it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend import demo
from backend.access import GuardedRoute, Keyed, Public, Signed, StaffOnly, guard_of
from backend.app import make_app
from backend.demo.state import start
from backend.hooks import HOOKS
from backend.testing import make_bench, make_settings
from channels.email.settings import MailSettings
from channels.email.webhook import MailReceiver
from channels.sms.twilio import TwilioSettings, TwilioSms
from channels.telegram.telegram import Telegram, TelegramSettings
from tests.our_flows import our_flows

PUBLIC = {
    # a person must get in, and out, without an account
    "/", "/chat", "/chat/say", "/chat/stay", "/chat/events", "/exit", "/safety", "/c/{name}",
    # a practitioner logs in here
    "/desk/login", "/desk/static/{name}",
    # supervisors and load balancers ask; each says one word
    "/health/live", "/health/ready",
}  # fmt: skip
"""Whoever adds a line here says why in the route's `why` too."""
PUBLIC_IN_DEMO = {"/demo", "/demo/text", "/demo/static/{name}", "/demo/flows", "/demo/flows/{token}"}
A_STRANGER = {"user-agent": "stranger"}


@dataclass(frozen=True)
class Site:
    """The whole application, and a browser that nobody knows."""

    app: Starlette
    client: TestClient

    @property
    def routes(self) -> list[GuardedRoute]:
        return [route for route in self.app.routes if isinstance(route, GuardedRoute)]


@pytest.fixture(scope="module", params=["real", "demo"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real application with every channel switched on, and the same in demo mode."""
    folder = tmp_path_factory.mktemp("site")
    bench = make_bench(folder, flows=our_flows(), in_process_worker=False)
    state = start(make_settings(folder)) if request.param == "demo" else None
    more = demo.routes(bench.house, state) if state else []
    twilio = TwilioSms(TwilioSettings("AC" + "0" * 32, "0" * 32, "+447700900000", public_url="http://testserver"))
    bot = Telegram(TelegramSettings("7700:token", "a-secret"))
    mail = MailReceiver(MailSettings("smtp://127.0.0.1", "a@example.org", "hello@example.org", hook_secret="a secret"))
    receivers = {"sms": twilio, "vonage": twilio, "whatsapp": twilio, "telegram": bot, "email": mail}
    app = make_app(bench.house, hub=bench.hub, receivers=receivers, more_routes=more)
    client = TestClient(app, headers=A_STRANGER, follow_redirects=False)
    yield Site(app, client)
    if state:
        state.stop()
    bench.close()


def a_path(route: GuardedRoute) -> str:
    """The route's path with something in its places."""
    return re.sub(r"\{\w+(:\w+)?\}", "1", route.path)


def methods(route: GuardedRoute) -> list[str]:
    return sorted((route.methods or set()) - {"HEAD"})


def test_no_route_is_without_a_guard(site: Site) -> None:
    assert not [getattr(route, "path", route) for route in site.app.routes if guard_of(route) is None]
    assert len(site.routes) > 20


def test_the_public_ones_are_on_the_list_and_say_why(site: Site) -> None:
    public = {route.path for route in site.routes if isinstance(route.guard, Public)}
    allowed = PUBLIC | PUBLIC_IN_DEMO if any(path.startswith("/demo") for path in public) else PUBLIC
    assert public == allowed
    for route in site.routes:
        if isinstance(route.guard, Public):
            assert len(route.guard.why) > 10, route.path


@pytest.mark.requirement("R39")
def test_a_stranger_gets_nothing_of_what_is_for_staff(site: Site) -> None:
    tried = 0
    for route in site.routes:
        if not isinstance(route.guard, StaffOnly):
            continue
        for method in methods(route):
            answer = site.client.request(method, a_path(route))
            assert (answer.status_code, answer.headers.get("location")) == (303, "/desk/login"), route.path
            tried += 1
    assert tried > 8


@pytest.mark.requirement("R22")
def test_an_unsigned_request_to_a_webhook_is_refused(site: Site) -> None:
    hooks = [route for route in site.routes if isinstance(route.guard, Signed)]
    assert {route.path for route in hooks} == {hook.path for hook in HOOKS}
    wrong = {
        "x-twilio-signature": "bm90aGluZw==",
        "x-telegram-bot-api-secret-token": "nothing",
        "x-sidedoor-signature": f"t=1772452800,v1={'0' * 64}",
    }
    for route in hooks:
        assert methods(route) == ["POST"]
        for headers in ({}, wrong):
            answer = site.client.post(a_path(route), data={"Body": "hello", "From": "+447700900123"}, headers=headers)
            assert answer.status_code == 403, route.path


@pytest.mark.requirement("R39")
def test_a_secret_link_that_is_none_opens_nothing(site: Site) -> None:
    links = [route for route in site.routes if isinstance(route.guard, Keyed)]
    assert {route.path for route in links} == {"/calendar/{token}.ics"}
    for route in links:
        assert methods(route) == ["GET"]
        answer = site.client.get(a_path(route))
        assert (answer.status_code, answer.text) == (404, "Not found"), route.path


def test_demo_routes_are_only_there_in_demo_mode(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, flows=our_flows(), in_process_worker=False)
    paths = {getattr(route, "path", "") for route in make_app(bench.house, hub=bench.hub).routes}
    bench.close()
    assert not [path for path in paths if path.startswith("/demo")]


def test_every_answer_is_strict(site: Site) -> None:
    for route in site.routes:
        if "GET" in methods(route) and "events" not in route.path:
            answer = site.client.get(a_path(route))
            assert answer.headers["cache-control"] == "no-store", route.path
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], route.path
