"""How many event streams may be open at once (R21), and whose goes first."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager


class Place:
    """The place of one open stream."""

    def __init__(self, session: str, source: str) -> None:
        self.session, self.source, self.lost = session, source, False
        self._waiting: asyncio.Future[bool] | None = None

    async def hold(self, news: Awaitable[bool]) -> bool:
        """Wait for `news`; True at once when the place is lost."""
        self._waiting = asyncio.ensure_future(news)
        try:
            return await self._waiting
        except asyncio.CancelledError:
            if self.lost:
                return True
            raise

    def give_up(self) -> None:
        """Somebody newer has it now."""
        self.lost = True
        if self._waiting is not None:
            self._waiting.cancel()


class OpenStreams:
    """Places for `overall` streams, of which one source may have `source` and one session `session`.

    The newest of a session wins: on a bad line the older ones are dead, and only we have not noticed. An unknown
    source, which is empty, has no limit of its own.
    """

    def __init__(self, session: int = 4, source: int = 100, overall: int = 1_000) -> None:
        self._of_session, self._of_source, self._overall = session, source, overall
        self._open: dict[Place, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def place(self, session: str, source: str) -> Iterator[Place | None]:
        """A place for as long as the block lasts; None: there is none, not even one that the session already has."""
        mine = self._of(session)
        if self._is_full(source) and len(mine) < self._of_session:
            yield None
            return
        for older in mine[: max(0, len(mine) + 1 - self._of_session)]:
            older.give_up()
            del self._open[older]
        place = Place(session, source)
        self._open[place] = None
        try:
            yield place
        finally:
            self._open.pop(place, None)

    def _of(self, session: str) -> list[Place]:
        return [place for place in self._open if place.session == session]

    def _is_full(self, source: str) -> bool:
        theirs = sum(place.source == source for place in self._open) if source else 0
        return len(self._open) >= self._overall or theirs >= self._of_source
