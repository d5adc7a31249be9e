"""The page of demo mode: phones side by side, and the staff mailbox."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from backend.access import GuardedRoute, public
from backend.demo.flow_pages import flow_routes
from backend.demo.flows import Talks
from backend.demo.handsets import Bubble, Handset
from backend.demo.people import PEOPLE
from backend.demo.state import OUR_NUMBER, DemoState
from backend.desk.contact import readable_address
from backend.desk.words import wall_time
from backend.house import House
from channels.webchat.web import read_form
from safety import exposure
from safety.exposure import Place, View
from safety.lint import lock_screen

HERE = Path(__file__).parent
WHY = "demo mode only, where nothing is real"
LONGEST = 1600
"""Characters: what Twilio takes for one message."""
ELSEWHERE = (Place.NOTIFICATIONS, Place.THREAD_LIST, Place.LINKED, Place.BILL)
MOST_LINES = 6
"""Lines of one place, the newest."""
REPLY_SECONDS = 2.0
"""How long a form post waits for an answer that is due, so that a page without scripts shows it at once."""


def routes(house: House, state: DemoState) -> list[GuardedRoute]:
    """Only ever added to the application in demo mode."""
    page = _DemoPage(house, state)
    return [
        public("/demo", page.show, why=WHY),
        public("/demo/text", page.text, why=WHY, methods=["POST"]),
        public("/demo/static/{name}", _asset, why=WHY),
        *flow_routes(Talks(house.flows, house.settings), page.templates, WHY),
    ]


async def _asset(request: Request) -> Response:
    folder, name = HERE / "static", request.path_params["name"]
    if name not in {entry.name for entry in folder.iterdir()}:
        raise HTTPException(404)
    return FileResponse(folder / name)


class _DemoPage:
    def __init__(self, house: House, state: DemoState) -> None:
        self._house, self._state = house, state
        loader = FileSystemLoader(HERE / "templates")
        self.templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.templates.filters |= {"number": _shown, "lock_screen": lock_screen}

    async def show(self, request: Request) -> Response:
        """All phones and the mailbox as they are now; `open` in the address says which phone is unlocked."""
        now, zone = self._house.clock(), self._house.settings.time_zone

        def wall(at: datetime) -> str:
            return wall_time(now, at, zone)

        html = self.templates.get_template("demo.html").render(
            phones=list(self._state.handsets),
            mails=self._state.mailbox.mails,
            people=PEOPLE,
            our_number=OUR_NUMBER,
            opened=request.query_params.get("open", ""),
            wall=wall,
            elsewhere=lambda phone: _elsewhere(phone, wall),
            most=MOST_LINES,
        )
        return HTMLResponse(html)

    async def text(self, request: Request) -> Response:
        """Send what was typed on one phone, as the phone company would."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(403)
        form = await read_form(request)
        place, words = form.get("phone", ""), form.get("text", "").strip()[:LONGEST]
        phone = self._state.handsets.at(int(place)) if place.isdecimal() else None
        if phone is None:
            raise HTTPException(404)
        if words:
            await self._send(phone, words)
        return RedirectResponse(f"/demo?open={phone.id}#phone-{phone.id}", 303)

    async def _send(self, phone: Handset, words: str) -> None:
        """Post it and wait a moment for the answer; a message that was not taken stays on the phone, marked."""
        sent = Bubble(True, words, self._house.clock())
        phone.bubbles.append(sent)
        phone.rang.clear()
        if not await self._state.webhook.text(phone.number, words):
            phone.bubbles.remove(sent)
            phone.bubbles.append(Bubble(True, words, sent.at, failed=True))
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(phone.rang.wait(), self._house.settings.fragment_seconds + REPLY_SECONDS)


def _elsewhere(phone: Handset, wall: Callable[[datetime], str]) -> list[View]:
    """The places that are not on the picture of the phone itself, as they are now."""
    seen = exposure.views("sms", phone.shown(wall), _shown(OUR_NUMBER))
    return [view for view in seen if view.place in ELSEWHERE]


def _shown(number: str) -> str:
    return readable_address("sms", number)
