"""The real house behind the pages: its flows, its database and its dispatcher, on a clock that stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from backend.app import make_app
from backend.conversations.reading import ReferralView, read_point, read_referral
from backend.limits import RATES, Limiter, Rate
from backend.staff import Role, add_staff
from backend.store.talk import WebSession
from backend.store.work import Alert, Referral
from backend.testing import Bench, make_bench
from bot import Flows
from safety.types import Point
from tests.browser.site import served

PASSWORD = "a quiet harbour"


@dataclass(frozen=True)
class RealHouse:
    """A house that is being served at `url`."""

    url: str
    bench: Bench

    @property
    def chat(self) -> str:
        return f"{self.url}/chat"

    def find(self, statement: Any) -> list[Any]:
        """What a statement finds in the database."""
        with self.bench.house.store.engine.connect() as c:
            return list(c.execute(statement).all())

    def referral(self) -> ReferralView:
        """The one referral that was sent off, with its answers opened."""
        with self.bench.house.store.engine.connect() as c:
            return read_referral(c, self.bench.house, c.execute(select(Referral.id)).scalar_one())

    def point(self, conversation_id: int) -> Point:
        """The contact point of a conversation, with its safe-contact profile."""
        with self.bench.house.store.engine.connect() as c:
            return read_point(c, self.bench.house, conversation_id)

    def alerts(self) -> set[tuple[str, str]]:
        """Why and how urgently somebody is to be woken."""
        return {(row.reason, row.urgency) for row in self.find(select(Alert.reason, Alert.urgency))}

    def live_sessions(self) -> int:
        """How many web sessions nobody has left."""
        return len(self.find(select(WebSession.id).where(WebSession.ended_at.is_(None))))

    def hire(self, name: str) -> str:
        """Add a practitioner; their e-mail."""
        email = f"{name.lower()}@example.org"
        with self.bench.house.store.engine.begin() as c:
            add_staff(c, self.bench.house, name, email, PASSWORD, Role.COMMUNITY_IDVA)
        return email


@contextmanager
def serve_house(folder: Path, flows: Flows, exit_url: str) -> Iterator[RealHouse]:
    """Serve a house that keeps everything in `folder`; its clock moves only when a test moves it.

    Its limits are out of the way, for a test presses buttons faster than any hand.
    """
    bench = make_bench(folder, flows=flows, exit_url=exit_url)
    limiter = Limiter(dict.fromkeys(RATES, Rate(1_000, 0.001)))
    with served(make_app(bench.house, hub=bench.hub, limiter=limiter)) as url:
        yield RealHouse(url, bench)


def log_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    """Come to the desk."""
    page.goto(f"{url}/desk")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="What needs somebody now")).to_be_visible()
