"""Renders the pages; what they say is in templates/."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from channels.webchat.house import Thread
from channels.webchat.settings import ChatSettings
from channels.webchat.web import forget_cookie, quieten

HERE = Path(__file__).parent

ErrorPage = Callable[[Request, Exception], Awaitable[Response]]


class Pages:
    """Every page a person can see, as a response without our headers."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def start(self, notice: str = "", status: int = 200, draft: str = "") -> Response:
        """The first screen (R20). `notice`: closed, busy or reference; what went wrong just now, if anything did.
        `draft` is what could not be taken yet.

        Whoever sees it has no live session, so a cookie from an old one goes.
        """
        response = self._render("start.html", status, notice=notice, draft=draft)
        forget_cookie(response, self._settings)
        return response

    def chat(self, thread: Thread, message_ids: tuple[str, str], draft: str = "", status: int = 200) -> Response:
        """The talk. `message_ids` are for the two forms on it; `draft` is what could not be taken yet."""
        last = thread.lines[-1] if thread.lines else None
        split = max((place for place, line in enumerate(thread.lines) if line.mine), default=0)
        return self._render(
            "chat.html",
            status,
            thread=thread,
            earlier=thread.lines[:split],
            newest=thread.lines[split:],
            choices=last.choices if last and not thread.ended else (),
            seen=last.seq if last else 0,
            text_id=message_ids[0],
            choice_id=message_ids[1],
            draft=draft,
        )

    def safety(self) -> Response:
        """How to leave safely, and what we keep."""
        return self._render("safety.html", 200)

    def error(self, status: int) -> Response:
        """Something went wrong; the way out is here too (R16)."""
        return self._render("error.html", status, status=status)

    def _render(self, template: str, status_code: int, **words: object) -> HTMLResponse:
        html = self._templates.get_template(template).render(settings=self._settings, **words)
        return HTMLResponse(html, status_code)


def error_handlers(settings: ChatSettings) -> dict[type[Exception], ErrorPage]:
    """Starlette's `exception_handlers` for pages that people see: any error, with the way out on it."""
    pages = Pages(settings)

    async def show(_: Request, error: Exception) -> Response:
        return quieten(pages.error(error.status_code if isinstance(error, HTTPException) else 500))

    return {HTTPException: show, Exception: show}
