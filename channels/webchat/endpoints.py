"""The addresses of web chat, and what happens at each."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from channels.webchat.events import as_json, resume_point, stream
from channels.webchat.house import ChatHouse, Outcome, TooManyChatsError
from channels.webchat.pages import HERE, Pages
from channels.webchat.settings import ChatSettings
from channels.webchat.streams import OpenStreams
from channels.webchat.web import forget_everything, from_our_own_page, quieten, read_form, remember, source_of

LONGEST_MESSAGE = 2000
"""Characters; the text box says the same, so only a page that is not ours sends more."""
REPLY_SECONDS = 2.0
"""How long a form post waits for the reply, so that a page without scripts shows it at once."""
SETTLE_SECONDS = 0.25
"""A reply may be several messages; this long without another, and it is complete."""
LEAVE_SECONDS = 1.0
"""How long leaving waits for the server session to be destroyed; the work goes on behind it."""

log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(house: ChatHouse, settings: ChatSettings) -> list[Route]:
    """Everything a person's browser may ask for. All of it is public; the session cookie says which talk is theirs."""
    chat = _Chat(house, settings)
    squeezed = [Middleware(GZipMiddleware)]
    return [
        Route("/", _quiet(_front_door)),
        Route("/chat", _quiet(chat.show)),
        Route("/chat", _quiet(chat.take_form), methods=["POST"]),
        Route("/chat/say", _quiet(chat.say), methods=["POST"]),
        Route("/chat/stay", _quiet(chat.stay), methods=["POST"]),
        Route("/chat/events", _quiet(chat.events)),
        Route("/exit", _quiet(chat.leave), methods=["GET", "POST"]),
        Route("/safety", _quiet(chat.safety)),
        Route("/c/{name}", _quiet(_asset), middleware=squeezed),
    ]


def _quiet(endpoint: Endpoint) -> Endpoint:
    async def with_headers(request: Request) -> Response:
        return quieten(await endpoint(request))

    return with_headers


async def _front_door(_: Request) -> Response:
    """One address for everything, so that the browser's history holds one entry (R18)."""
    return _to_the_chat()


async def _asset(request: Request) -> Response:
    """A style sheet or a script. The listing is the folder's, so that no path leads out of it."""
    folder = HERE / "static"
    name = request.path_params["name"]
    if name not in {entry.name for entry in folder.iterdir()}:
        raise HTTPException(404)
    return FileResponse(folder / name)


class _Chat:
    def __init__(self, house: ChatHouse, settings: ChatSettings) -> None:
        self._house, self._settings, self._pages = house, settings, Pages(settings)
        self._streams = OpenStreams()

    async def show(self, request: Request) -> Response:
        """The talk if there is one, else the first screen."""
        token = self._token(request)
        thread = await self._house.thread(token) if token else None
        if thread is None:
            return self._pages.start()
        await self._house.touch(token)
        return self._pages.chat(thread, _message_ids())

    async def take_form(self, request: Request) -> Response:
        """A form without scripts: start, come back, or say something. Always ends on the same address (R18)."""
        form = await self._own_form(request)
        match form.get("do"):
            case "start":
                return await self._start(request, form)
            case "return":
                return await self._come_back(form.get("reference", ""), source_of(request))
            case _:
                return await self._say_by_form(request, form)

    async def say(self, request: Request) -> Response:
        """The same by script: answers with the outcome and the lines above `after`."""
        form = await self._own_form(request)
        token, (message_id, text) = self._token(request), _message(form)
        outcome = await self._say(token, message_id, text, source_of(request))
        thread = await self._house.thread(token, resume_point(None, form.get("after")))
        lines = [as_json(line) for line in thread.lines] if thread else []
        status = {Outcome.ENDED: 410, Outcome.TOO_MANY: 429}.get(outcome, 200)
        return JSONResponse({"outcome": outcome, "lines": lines}, status)

    async def stay(self, request: Request) -> Response:
        """The person is still there (R21)."""
        await self._own_form(request)
        token = self._token(request)
        if not token or await self._house.thread(token) is None:
            return Response(status_code=410)
        await self._house.touch(token)
        return Response(status_code=204)

    async def events(self, request: Request) -> Response:
        """New lines as they come."""
        after = resume_point(request.headers.get("last-event-id"), request.query_params.get("after"))
        events = stream(self._house, self._token(request), after, self._streams, source_of(request))
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def leave(self, request: Request) -> Response:
        """The way out (R17): by link, by form and by script alike, and never refused, wherever it was asked from."""
        if token := self._token(request):
            leaving = asyncio.ensure_future(self._house.leave(token))
            leaving.add_done_callback(_note_failure)
            await asyncio.wait({leaving}, timeout=LEAVE_SECONDS)
        response = RedirectResponse(self._settings.exit_url, 303)
        forget_everything(response, self._settings)
        return response

    async def safety(self, _: Request) -> Response:
        """How to leave safely, and what we keep."""
        return self._pages.safety()

    def _token(self, request: Request) -> str:
        return request.cookies.get(self._settings.cookie_name, "")

    async def _own_form(self, request: Request) -> dict[str, str]:
        if not from_our_own_page(request, self._settings):
            raise HTTPException(403)
        return await read_form(request)

    async def _start(self, request: Request, form: dict[str, str]) -> Response:
        token, source, (message_id, text) = self._token(request), source_of(request), _message(form)
        if token and await self._house.thread(token) is not None:  # the button was pressed twice
            return _to_the_chat()
        try:
            token = await self._house.open(source, text)
        except TooManyChatsError:
            return self._pages.start("busy", 429, text)
        return await self._enter(token, message_id, text)

    async def _come_back(self, code: str, source: str) -> Response:
        token = await self._house.come_back(code.strip()[:64], source)
        return await self._enter(token) if token else self._pages.start("reference", 422)

    async def _enter(self, token: str, message_id: str = "", first_words: str = "") -> Response:
        await self._house.greet(token)
        if first_words:
            await self._house.say(token, message_id, first_words)
        await self._wait_for_reply(token, 0)
        response = _to_the_chat()
        remember(response, self._settings, token)
        return response

    async def _say_by_form(self, request: Request, form: dict[str, str]) -> Response:
        token, (message_id, text) = self._token(request), _message(form)
        outcome = await self._say(token, message_id, text, source_of(request))
        thread = await self._house.thread(token)
        if thread is None:
            return self._pages.start("closed", 410)
        if outcome is Outcome.TOO_MANY:
            return self._pages.chat(thread, _message_ids(), draft=text, status=429)
        mine = max((line.seq for line in thread.lines if line.mine), default=0)
        await self._wait_for_reply(token, mine)
        return _to_the_chat()

    async def _wait_for_reply(self, token: str, after: int) -> None:
        """Until a reply is complete: it offers choices, or nothing follows. REPLY_SECONDS at most."""
        clock = asyncio.get_running_loop().time
        until, patience = clock() + REPLY_SECONDS, REPLY_SECONDS
        while await self._house.wait(token, after, min(patience, max(0.0, until - clock()))):
            thread = await self._house.thread(token, after)
            if thread is None or not thread.lines or thread.lines[-1].choices:
                return
            after, patience = thread.lines[-1].seq, SETTLE_SECONDS

    async def _say(self, token: str, message_id: str, text: str, source: str) -> Outcome:
        if not token:
            return Outcome.ENDED
        await self._house.touch(token)
        return await self._house.say(token, message_id, text, source) if text else Outcome.DUPLICATE


def _to_the_chat() -> Response:
    return RedirectResponse("/chat", 303)


def _message_ids() -> tuple[str, str]:
    return secrets.token_urlsafe(12), secrets.token_urlsafe(12)


def _message(form: dict[str, str]) -> tuple[str, str]:
    """(message id, text) of a form; a page that sent no proper id gets one, at the price of its retries."""
    text = (form.get("choice") or form.get("text", "")).strip()
    if len(text) > LONGEST_MESSAGE:
        raise HTTPException(413)
    message_id = form.get("message_id", "")
    return (message_id if re.fullmatch(r"[\w-]{8,64}", message_id, re.ASCII) else _message_ids()[0]), text


def _note_failure(leaving: asyncio.Future[None]) -> None:
    if not leaving.cancelled() and leaving.exception() is not None:
        log.error("webchat.leave_failed", extra={"error": type(leaving.exception()).__name__})
