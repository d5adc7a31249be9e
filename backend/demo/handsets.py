"""Invented phones: what each has sent and what it was really sent, in bounded memory."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from backend.conversations.reading import read_thread
from backend.conversations.talk import find_talk
from backend.house import House
from safety.exposure import Shown

NUMBERS = ("+447700900101", "+447700900102", "+447700900103")
"""Ofcom keeps 07700 900000 to 900999 for drama: nobody has one."""
MOST = 6
"""Phones on the page; another one appears when something is sent to a number that has none."""
KEPT = 200
"""Messages in the memory of one phone."""
ARRIVED = frozenset({"sent", "delivered", "read"})


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on a phone. `mine`: sent from it. `failed`: the webhook did not take it."""

    mine: bool
    text: str = field(repr=False)
    at: datetime
    failed: bool = False


@dataclass(slots=True)
class Handset:
    """One phone. `unread` is what its lock screen shows."""

    id: int
    number: str = field(repr=False)
    bubbles: deque[Bubble] = field(default_factory=lambda: deque(maxlen=KEPT), repr=False)
    rang: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def receive(self, text: str, at: datetime) -> None:
        """Something was sent to this phone."""
        self.bubbles.append(Bubble(False, text, at))
        self.rang.set()

    @property
    def unread(self) -> list[Bubble]:
        """What came since the phone's owner last wrote, newest first."""
        fresh: list[Bubble] = []
        for bubble in reversed(self.bubbles):
            if bubble.mine:
                break
            fresh.append(bubble)
        return fresh

    def shown(self, wall: Callable[[datetime], str]) -> list[Shown]:
        """The thread as it stands on the phone; `wall` writes an instant as the phone does."""
        return [Shown(bubble.text, wall(bubble.at), bubble.mine) for bubble in self.bubbles if not bubble.failed]


class Handsets:
    """All phones, by their place on the page, counted from 1."""

    def __init__(self) -> None:
        self._by_number = {number: Handset(place, number) for place, number in enumerate(NUMBERS, 1)}

    def __iter__(self) -> Iterator[Handset]:
        return iter(self._by_number.values())

    def at(self, place: int) -> Handset | None:
        """The phone in that place."""
        return next((phone for phone in self if phone.id == place), None)

    def with_number(self, number: str) -> Handset | None:
        """The phone with that number, which is bought if there is room for it."""
        if number not in self._by_number and len(self._by_number) < MOST:
            self._by_number[number] = Handset(len(self._by_number) + 1, number)
        return self._by_number.get(number)

    def restore(self, c: Connection, house: House) -> None:
        """Fill the phones with what the database knows, so that a talk goes on after the demo was stopped."""
        for phone in self:
            talk = find_talk(c, house, "sms", phone.number)
            for line in read_thread(c, house, talk.id) if talk else ():
                if line.mine or line.state in ARRIVED:
                    phone.bubbles.append(Bubble(line.mine, line.text, line.at))
