"""What guards each route: a practitioner's log-in, a provider's signature, or a reason why anybody may ask.

A route of the application is a `GuardedRoute`; a guard test refuses any other. Declaring a staff guard also enforces
it: the handler is only ever called with a `Visit`, which there is no other way to get.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.house import House
from backend.staff import Actor, Did, Right, record
from backend.staff.sessions import TOUCH_EVERY, find_actor, touch
from channels.webchat.web import HEADERS, read_form


@dataclass(frozen=True, slots=True)
class StaffOnly:
    """Somebody who is logged in, with this right; None: with any role."""

    right: Right | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A provider, whose signature the endpoint checks before it believes anything (R22)."""

    by: str


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody, and why that is right."""

    why: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """Whoever has a secret link, of which only the keyed hash is kept; without it there is nothing at the address."""

    by: str


Guard = StaffOnly | Signed | Keyed | Public
Endpoint = Callable[[Request], Awaitable[Response]]


class QuietHeaders:
    """Puts the strict headers on every response that does not set its own: nothing kept, nothing framed, one origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message.setdefault("headers", [])}
                message["headers"] = [*message["headers"], *(pair for pair in _HEADERS if pair[0] not in there)]
            await send(message)

        await self._app(scope, receive, with_headers)


_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class GuardedRoute(Route):
    """A route that says what guards it."""

    def __init__(
        self, path: str, endpoint: Endpoint | QuietHeaders, *, guard: Guard, methods: Sequence[str] = ("GET",)
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods), middleware=[Middleware(QuietHeaders)])
        self.guard = guard


def public(path: str, endpoint: Endpoint, *, why: str, methods: Sequence[str] = ("GET",)) -> GuardedRoute:
    """A route for anybody. Each one also needs a place on the short list in tests/guards/test_route_access.py."""
    return GuardedRoute(path, endpoint, guard=Public(why), methods=methods)


def signed(path: str, endpoint: Endpoint, *, by: str, methods: Sequence[str] = ("POST",)) -> GuardedRoute:
    """A webhook. The guard test calls it without a signature and expects 403."""
    return GuardedRoute(path, endpoint, guard=Signed(by), methods=methods)


def keyed(path: str, endpoint: Endpoint, *, by: str) -> GuardedRoute:
    """A secret link. The guard test calls it with a wrong one and expects 404."""
    return GuardedRoute(path, endpoint, guard=Keyed(by))


def all_public(routes: Iterable[Route], *, why: str) -> list[GuardedRoute]:
    """The same routes, for anybody: for a room that cannot know of guards, such as web chat."""
    return [
        GuardedRoute(route.path, QuietHeaders(route.app), guard=Public(why), methods=sorted(route.methods or {"GET"}))
        for route in routes
    ]


class Refusal(StrEnum):
    """Why a practitioner's request is not carried out."""

    NOT_LOGGED_IN = "not_logged_in"
    NOT_ALLOWED = "not_allowed"
    """The role may not do that (R39)."""
    OLD_PAGE = "old_page"
    """The post does not come from a page of this session."""


REFRESH = "x-desk-refresh"
"""The header of a page that refreshes itself: nobody pressed anything, so the session's idle time runs on."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request by somebody who may make it. `form` holds the fields of a post."""

    request: Request
    house: House
    actor: Actor
    form: Mapping[str, str] = field(default_factory=dict, repr=False)


Handler = Callable[[Visit], Awaitable[Response]]
Refuse = Callable[[Request, Refusal], Response]


class StaffDoor:
    """Makes routes that only somebody with the right session, role and page gets through."""

    def __init__(self, house: House, refuse: Refuse) -> None:
        self._house, self._refuse = house, refuse

    def route(
        self, path: str, handler: Handler, *, right: Right | None, methods: Sequence[str] = ("GET",)
    ) -> GuardedRoute:
        """A route behind the door. Every post must carry the session's own token in the field `csrf`."""

        async def guarded(request: Request) -> Response:
            visit = await self._let_in(request, right)
            return self._refuse(request, visit) if isinstance(visit, Refusal) else await handler(visit)

        return GuardedRoute(path, guarded, guard=StaffOnly(right), methods=methods)

    async def _let_in(self, request: Request, right: Right | None) -> Visit | Refusal:
        """1. Who is it? 2. May their role? 3. Is a post from a page of theirs? 4. They are still there."""
        house, token = self._house, request.cookies.get(cookie_name(self._house), "")
        actor = await house.store.read(lambda c: find_actor(c, house, token)) if token else None
        if actor is None:
            return Refusal.NOT_LOGGED_IN
        if right is not None and not actor.may(right):
            await house.store.write(lambda c: record(c, house, actor.staff_id, Did.REFUSED, right.value, 0))
            return Refusal.NOT_ALLOWED
        form = await read_form(request) if request.method == "POST" else {}
        if request.method == "POST" and not hmac.compare_digest(form.get("csrf", "").encode(), actor.csrf.encode()):
            return Refusal.OLD_PAGE
        if REFRESH not in request.headers and house.clock() - actor.seen_at >= TOUCH_EVERY:
            await house.store.write(lambda c: touch(c, house, actor))
        return Visit(request, house, actor, form)


def cookie_name(house: House) -> str:
    """A name that means nothing; `__Host-` binds it to this host, to HTTPS and to the whole path."""
    return "__Host-d" if house.settings.secure else "d"


def remember(response: Response, house: House, token: str) -> None:
    """Set the session cookie: gone with the browser, out of reach of scripts, never sent from another site."""
    secure = house.settings.secure
    response.set_cookie(cookie_name(house), token, path="/", secure=secure, httponly=True, samesite="strict")


def forget(response: Response, house: House) -> None:
    """Take the session cookie away."""
    secure = house.settings.secure
    response.delete_cookie(cookie_name(house), path="/", secure=secure, httponly=True, samesite="strict")


def guard_of(route: BaseRoute) -> Guard | None:
    """What guards a route; None: nothing does."""
    return route.guard if isinstance(route, GuardedRoute) else None
