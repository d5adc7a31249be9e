"""Renders the desk's pages; what they say is in templates/."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.access import REFRESH, Refusal, Visit
from backend.cases.suggest import PATHWAYS
from backend.desk.words import CONTACT_PROBLEMS, ROLES, URGENCIES, ago, wall_time
from backend.house import House
from backend.staff import Right

HERE = Path(__file__).parent


class Pages:
    """Every page of the desk. Times on them are the service's wall time."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        words = {"contact_problems": CONTACT_PROBLEMS, "roles": ROLES, "urgencies": URGENCIES, "pathways": PATHWAYS}
        self._templates.globals |= {"demo": house.demo, "Right": Right, **words}

    def show(self, template: str, visit: Visit, status: int = 200, **words: Any) -> Response:
        """A page for somebody who is logged in."""
        return self._render(template, status, actor=visit.actor, **words)

    def login(self, notice: str = "", status: int = 200) -> Response:
        """The log-in. `notice`: wrong, over or left; what happened just now, if anything did."""
        return self._render("login.html", status, actor=None, notice=notice)

    def gone(self, visit: Visit, status: int) -> Response:
        """404: there is no such record; 410: it has been erased."""
        return self.show("gone.html", visit, status, erased=status == 410)

    def trouble(self, status: int) -> Response:
        """Something broke, or there is no such address."""
        return self._render("trouble.html", status, actor=None, status=status)

    def refuse(self, request: Request, refusal: Refusal) -> Response:
        """What somebody sees who may not come in here."""
        if refusal is Refusal.NOT_LOGGED_IN:
            return self._not_logged_in(request)
        return self._render("refused.html", 403, actor=None, refusal=refusal.value)

    def _not_logged_in(self, request: Request) -> Response:
        """The log-in, except for the page's own refresh, and for a link from a mail.

        The browser keeps a strict cookie back when a link on another site leads here. A page of ours that asks again
        brings it along, so that a practitioner who is logged in need not type a password at two in the morning.
        """
        if REFRESH in request.headers:
            return Response(status_code=401)
        if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
            return self._render("arrive.html", 200, actor=None, path=request.url.path)
        return RedirectResponse("/desk/login", 303)

    def wall(self, at: datetime) -> str:
        """An instant (UTC) in the service's wall time, as people say it today."""
        return wall_time(self._house.clock(), at, self._house.settings.time_zone)

    def _render(self, template: str, status_code: int, /, **words: Any) -> HTMLResponse:
        now = self._house.clock()

        def since(at: datetime) -> str:
            return ago(now, at)

        html = self._templates.get_template(template).render(since=since, wall=self.wall, **words)
        return HTMLResponse(html, status_code)
