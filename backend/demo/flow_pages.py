"""The pages on which flows are played. Plain forms; every press is a post that leads back to the talk."""

from typing import Any

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.access import GuardedRoute, public
from backend.demo.flows import CHANNELS, MOST_LINES, Played, Talks
from channels.webchat.web import read_form

LONGEST = 1600
"""Characters of one message."""


def flow_routes(talks: Talks, templates: Environment, why: str) -> list[GuardedRoute]:
    """Where a talk begins, and where it goes on."""
    page = _FlowPages(talks, templates)
    return [
        public("/demo/flows", page.choose, why=why),
        public("/demo/flows", page.begin, why=why, methods=["POST"]),
        public("/demo/flows/{token}", page.show, why=why),
        public("/demo/flows/{token}", page.go_on, why=why, methods=["POST"]),
    ]


class _FlowPages:
    def __init__(self, talks: Talks, templates: Environment) -> None:
        self._talks, self._templates = talks, templates

    async def choose(self, request: Request) -> Response:
        """Which flow, and on which channel."""
        return self._page("flows.html", flows=self._talks.names(), channels=CHANNELS)

    async def begin(self, request: Request) -> Response:
        """Begin a talk."""
        form = await _own_form(request)
        try:
            token = self._talks.begin(form.get("flow", ""), form.get("channel", CHANNELS[0]))
        except KeyError:
            raise HTTPException(404) from None
        return RedirectResponse(f"/demo/flows/{token}#newest", 303)

    async def show(self, request: Request) -> Response:
        """The talk as it stands, and the state beside it."""
        played = self._find(request)
        lines = played.lines[-MOST_LINES:]
        return self._page("flow_talk.html", played=played, lines=lines, test=played.player.test())

    async def go_on(self, request: Request) -> Response:
        """Say something, or let something happen."""
        played, form = self._find(request), await _own_form(request)
        text = form.get("text", "").strip()[:LONGEST]
        if form.get("deed", "") in played.deeds:
            played.do(form["deed"])
        elif text:
            played.say(text)
        return RedirectResponse(f"{request.url.path}#newest", 303)

    def _find(self, request: Request) -> Played:
        played = self._talks.find(request.path_params["token"])
        if played is None:
            raise HTTPException(404)
        return played

    def _page(self, name: str, **shown: Any) -> Response:
        return HTMLResponse(self._templates.get_template(name).render(**shown))


async def _own_form(request: Request) -> dict[str, str]:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403)
    return dict(await read_form(request))
