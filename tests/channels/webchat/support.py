"""A house that never waits, and a browser's requests without a browser."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.testclient import TestClient

from channels.webchat import ChatSettings, error_handlers, routes
from channels.webchat.fake import FakeChatHouse

CODE = "4H7K-2MXP-9RTD"


@dataclass
class ImpatientHouse(FakeChatHouse):
    """Notes how long it was asked to wait, and does not."""

    waited: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        FakeChatHouse.__init__(self, codes=[CODE])

    async def wait(self, token: str, after: int, seconds: float, writing: bool = False) -> bool:
        self.waited.append((after, seconds))
        thread = await self.thread(token, after)
        return thread is None or bool(thread.lines)


def make_client(house: FakeChatHouse, settings: ChatSettings) -> TestClient:
    """A browser's requests, without a browser."""
    app = Starlette(routes=routes(house, settings), exception_handlers=error_handlers(settings))
    return TestClient(app, base_url="https://testserver", follow_redirects=False, raise_server_exceptions=False)
