"""The webhooks' door: what is too large is not read to its end."""

import asyncio

import pytest

from backend.conversations.intake import Intake
from backend.hooks import LARGEST_BODY, routes
from backend.outage.keeper import make_keeper
from backend.testing import Bench
from channels.contract import RawRequest


class Believing:
    """A receiver that takes every request for the provider's."""

    name = "sms"

    def verify(self, request: RawRequest) -> bool:
        return True

    def parse(self, request: RawRequest) -> list[object]:
        return []


@pytest.mark.requirement("R22")
def test_no_more_is_read_of_a_body_than_a_provider_sends(bench: Bench) -> None:
    chunks = 0

    async def endless() -> dict[str, object]:
        nonlocal chunks
        chunks += 1
        return {"type": "http.request", "body": b"x" * 8192, "more_body": chunks < 10_000}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/hooks/sms",
        "query_string": b"",
        "headers": [],
        "scheme": "http",
    }
    intake = Intake(bench.house)
    keeper = make_keeper(bench.house.settings, bench.house.vault, bench.email, bench.clock)
    hook = routes(bench.house, intake, {"sms": Believing()}, keeper)[0]  # type: ignore[dict-item]  # a fake with what is used
    said: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    asyncio.run(hook.app(scope, endless, send))
    assert said[0]["status"] == 403
    assert chunks <= LARGEST_BODY // 8192 + 1
    assert intake.counts["refused"] == 1
