"""Waking those who wait, without sleeping."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

from channels.contract import Accepted, Outbound
from channels.webchat import Hub, WebchatSender

NEVER = 3600.0
"""Seconds: a waiter of these tests that looks by itself has failed."""


def arrivals(hub: Hub) -> tuple[list[int], Callable[[], Awaitable[bool]]]:
    """A place where things arrive, and whether any has."""
    arrived: list[int] = []

    async def ready() -> bool:
        return bool(arrived)

    return arrived, ready


def test_a_waiter_wakes_when_told() -> None:
    async def scene() -> bool:
        hub = Hub(recheck_seconds=NEVER)
        arrived, ready = arrivals(hub)
        waiting = asyncio.create_task(hub.wait("a", NEVER, ready))
        await asyncio.sleep(0)
        arrived.append(1)
        hub.notify("a")
        return await waiting

    assert asyncio.run(scene())


def test_what_happens_between_looking_and_waiting_is_not_missed() -> None:
    async def scene() -> bool:
        hub = Hub(recheck_seconds=NEVER)
        looks = iter([False, True])

        async def ready() -> bool:
            found = next(looks)
            hub.notify("a")  # it arrives while we look
            return found

        return await hub.wait("a", NEVER, ready)

    assert asyncio.run(scene())


def test_another_thread_may_wake() -> None:
    async def scene() -> bool:
        hub = Hub(recheck_seconds=NEVER)
        arrived, ready = arrivals(hub)
        waiting = asyncio.create_task(hub.wait("a", NEVER, ready))
        await asyncio.sleep(0)
        arrived.append(1)
        threading.Thread(target=hub.notify, args=("a",)).start()
        return await waiting

    assert asyncio.run(scene())


def test_another_conversation_wakes_nobody_and_time_runs_out() -> None:
    async def scene() -> bool:
        hub = Hub(recheck_seconds=NEVER)
        _, ready = arrivals(hub)
        hub.notify("b")
        return await hub.wait("a", 0.001, ready)

    assert not asyncio.run(scene())


def test_what_another_process_sent_is_found_by_looking_again() -> None:
    async def scene() -> bool:
        looks = iter([False, False, True])

        async def ready() -> bool:
            return next(looks)

        return await Hub(recheck_seconds=0.001).wait("a", NEVER, ready)

    assert asyncio.run(scene())


def test_nobody_is_kept_after_they_have_gone() -> None:
    hub = Hub(recheck_seconds=NEVER)
    _, ready = arrivals(hub)
    asyncio.run(hub.wait("a", 0.001, ready))
    assert hub._bells == {}
    hub.notify("a")


def test_sending_wakes_the_page_of_that_conversation() -> None:
    async def scene() -> tuple[Accepted, bool]:
        hub = Hub(recheck_seconds=NEVER)
        arrived, ready = arrivals(hub)
        waiting = asyncio.create_task(hub.wait("a", NEVER, ready))
        await asyncio.sleep(0)
        arrived.append(1)
        message = Outbound("webchat", "a", "Hello", reference="attempt-1")
        return await WebchatSender(hub).send(message), await waiting

    assert asyncio.run(scene()) == (Accepted("attempt-1"), True)


def test_somebody_is_writing_for_six_seconds_or_until_it_is_sent() -> None:
    now = [100.0]
    hub = Hub(seconds=lambda: now[0])
    hub.writes("a")
    assert (hub.is_writing("a"), hub.is_writing("b")) == (True, False)
    now[0] += 6.0
    assert not hub.is_writing("a")
    hub.writes("a")
    asyncio.run(WebchatSender(hub).send(Outbound("webchat", "a", "Hello", reference="attempt-1")))
    assert not hub.is_writing("a")


def test_whoever_has_stopped_writing_is_not_kept() -> None:
    now = [100.0]
    hub = Hub(seconds=lambda: now[0])
    hub.writes("a")
    now[0] += 60.0
    hub.writes("b")
    assert list(hub._writing) == ["b"]
