"""A small program for another host, for providers to call when the house does not answer (R23, domain 3.3).

It checks the signature, keeps the request sealed, wakes somebody, answers with the words of last resort, and hands over
what it kept as soon as the house is there again. It has no database, and knows nobody.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime

import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from backend.access import public, signed
from backend.hooks import HOOKS, Hook, read_request
from backend.outage.keeper import Keeper
from backend.outage.spool import TAKES_OVER
from channels.contract import Receiver

log = logging.getLogger("sidedoor.fallback")
HAND_OVER_EVERY, TIMEOUT = 5.0, 20.0
"""Seconds."""
NEVER_TAKEN = frozenset({403, 422})
"""What the house says to a request that is damaged, sealed with other keys, or of a channel that it does not have; an
operator has to look."""


def make_fallback(
    keeper: Keeper, receivers: Mapping[str, Receiver], base_url: str, house_url: str, clock: Callable[[], datetime]
) -> Starlette:
    """The program. `base_url` is where the providers reach it, `house_url` the house it stands in for."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("live")

    there = [hook for hook in HOOKS if hook.channel in receivers]
    return Starlette(
        routes=[
            *(signed(h.path, _door(keeper, receivers[h.channel], h, base_url, clock), by=h.by) for h in there),
            public("/health/live", live, why="a supervisor asks it, and it says one word"),
            public("/health/ready", live, why="a load balancer asks it, and it says one word"),
        ],
        lifespan=lambda _app: _living(keeper, house_url),
    )


def _door(
    keeper: Keeper, receiver: Receiver, hook: Hook, base_url: str, clock: Callable[[], datetime]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        """200 only after the request is on the disk (R22, R23)."""
        raw = await read_request(request, base_url, hook, clock())
        if raw is None or not receiver.verify(raw):
            log.warning("a webhook without a right signature was refused")
            return Response(status_code=403)
        try:
            words = await keeper.keep(hook.channel, raw, receiver.parse(raw))
        except ValueError:
            log.warning("a signed webhook could not be read")
            return Response(status_code=400)
        except OSError as error:
            log.critical("a request can be kept nowhere: %s", type(error).__name__)
            return Response(status_code=503)
        return Response(hook.say(words) if words and hook.say else hook.answer, media_type=hook.media_type)

    return answer


@contextlib.asynccontextmanager
async def _living(keeper: Keeper, house_url: str) -> AsyncIterator[None]:
    beside = [asyncio.create_task(work) for work in (_keep_handing_over(keeper, house_url), keeper.waker.keep_trying())]
    try:
        yield
    finally:
        for task in beside:
            task.cancel()


async def _keep_handing_over(keeper: Keeper, house_url: str) -> None:
    while True:
        try:
            await asyncio.to_thread(hand_over, keeper, house_url)
        except Exception as error:
            log.error("handing over: %s", type(error).__name__)
        await asyncio.sleep(HAND_OVER_EVERY)


def hand_over(keeper: Keeper, house_url: str) -> int:
    """Hand over what waits, oldest first, and take each away once the house has it; how many that was. Stops at the
    first that the house does not take now."""
    done = 0
    for path in keeper.spool.waiting():
        try:
            answer = requests.post(
                f"{house_url}{TAKES_OVER}", path.read_bytes(), timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            log.warning("the house cannot be reached: %s", type(error).__name__)
            return done
        if answer.status_code in NEVER_TAKEN:  # what came after it does not wait for it
            log.error("the house cannot take a request that was kept: %d", answer.status_code)
            continue
        if answer.status_code != 200:
            log.warning("the house does not take what was kept: %d", answer.status_code)
            return done
        path.unlink(missing_ok=True)
        keeper.replies.over()
        done += 1
    return done
