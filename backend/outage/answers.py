"""What is said, and who is woken, while nothing can be looked up: the same words for everybody, and fixed texts."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from channels.contract import Inbound, Item, Outbound, Sender, SendError
from safety.danger import read_signs
from safety.gate import decide, decide_staff_alert
from safety.helplines import EMERGENCY_TEXT
from safety.staff_texts import StaffText, staff_text
from safety.triage import triage
from safety.types import Arrived, Course, Kind, Outgoing, Point, Rules, Send

log = logging.getLogger("sidedoor.outage")
ANSWERED = {Course.DANGER: Kind.DANGER, Course.ENGINE: Kind.REPLY}
"""The courses in which somebody waits for words of ours."""
QUIET_FOR = timedelta(minutes=2)
"""After staff were woken, how long they are not woken again (R32)."""
AGAIN_AFTER, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
"""Where nobody could be told: how long until the next try; it doubles with each, up to the longest."""
TRIES = 30
"""How often it is tried again by itself, which is for about four hours; the next message begins anew."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether it is time to."""
PATIENCE = 2.0
"""Seconds for which an answer waits for the mail server; providers wait for ours about fifteen."""
BY_CALL = frozenset({"telegram", "email"})
"""Channels on which the words go by a call of ours: nothing, or nothing certain, goes with the answer to a webhook."""


def words_of_last_resort(
    items: Iterable[Item], rules: Rules, *, may_reach: bool = True, now: datetime | None = None
) -> str:
    """What to answer at once, through the gate: the words of last resort, or nothing to STOP, a picture or a receipt.

    They are the same for every sender, known or not, for nobody can be looked up (R3, R32). `now` (UTC) where it may be
    later than what came: what is older than a talk gets no answer.
    """
    written = (item for item in items if isinstance(item, Inbound))
    return next((said for item in written if (said := _answer(item, rules, may_reach, now or item.received_at))), "")


def _answer(inbound: Inbound, rules: Rules, may_reach: bool, now: datetime) -> str:
    kind = ANSWERED.get(_course(inbound))
    if kind is None or inbound.kind != "message" or _unproven(inbound):
        return ""
    came = inbound.received_at
    point = Point(inbound.channel, last_inbound_at=came, may_be_tried=may_reach)
    message = Outgoing(kind, EMERGENCY_TEXT, came + rules.in_session)
    return EMERGENCY_TEXT if isinstance(decide(message, point, rules, now), Send) else ""


def _course(inbound: Inbound) -> Course:
    return triage(Arrived(inbound.channel, inbound.text, inbound.payload), read_signs(inbound.text)).course


def _unproven(inbound: Inbound) -> bool:
    """Of a mail: anybody can write any sender, and nothing can be looked up here, so only a proven one is answered."""
    return inbound.channel == "email" and inbound.payload.get("Proof") != "pass"


class Replies:
    """Says the words of last resort by a call, once to each sender in an outage, so that no two machines write to each
    other for as long as it lasts. Danger is answered each time, but not by mail, which a machine may quote back."""

    def __init__(self, senders: Mapping[str, Sender], patience: float = PATIENCE) -> None:
        self._senders, self._patience = {name: senders[name] for name in BY_CALL & senders.keys()}, patience
        self._answered: set[tuple[str, str]] = set()
        self._going: set[asyncio.Task[None]] = set()

    async def say(self, words: str, inbound: Inbound) -> None:
        """Answer one message with words that passed the gate; waits for the provider only a little."""
        sender, whom = self._senders.get(inbound.channel), (inbound.channel, inbound.address)
        again = inbound.channel != "email" and _course(inbound) is Course.DANGER
        if not words or sender is None or (whom in self._answered and not again):
            return
        self._answered.add(whom)
        going = asyncio.create_task(self._send(sender, words, inbound))
        self._going.add(going)
        going.add_done_callback(self._going.discard)
        await asyncio.wait({going}, timeout=self._patience)

    def over(self) -> None:
        """The database is there again; in the next outage everybody is answered anew."""
        self._answered.clear()

    async def _send(self, sender: Sender, words: str, inbound: Inbound) -> None:
        """One call. Where it surely was not taken, the next message is answered; nothing is tried again by itself."""
        reference, thread = f"outage-{inbound.external_id}", inbound.payload.get("MessageID", "")
        try:
            await sender.send(Outbound(inbound.channel, inbound.address, words, reference, in_reply_to=thread))
        except SendError as error:
            log.error("the words of last resort did not go: %s", error.code)
            if not error.unknown:
                self._answered.discard((inbound.channel, inbound.address))
        except Exception as error:
            log.error("the words of last resort did not go: %s", type(error).__name__)


class Waker:
    """Wakes the people who were named for an outage, and not more often than every two minutes.

    Where nobody could be told it tries again: at once with the next message, and by itself at growing intervals.
    """

    def __init__(
        self,
        sender: Sender | None,
        addresses: Iterable[str],
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        """Without a mail server nobody can be woken, which the log says. `clock` gives UTC."""
        self._sender, self._addresses, self._clock, self._patience = sender, sorted(addresses), clock, patience
        self._quiet_until: datetime | None = None
        self._again_at: datetime | None = None
        self._failed = 0
        self._telling: set[asyncio.Task[None]] = set()

    async def wake(self) -> None:
        """Tell them that something urgent waits; what, they find out at the house (R1, R38)."""
        if self._quiet_until is None or self._clock() >= self._quiet_until:
            self._failed = 0
            await self._begin()

    async def again(self) -> None:
        """Try once more where nobody could be told, if it is time to."""
        if self._again_at is not None and self._clock() >= self._again_at:
            await self._begin()

    async def keep_trying(self) -> None:
        """Look whether it is time to, until cancelled."""
        while True:
            try:
                await self.again()
            except Exception as error:
                log.error("waking: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def _begin(self) -> None:
        """A mail server may be away for the same reason, so whoever waits for words of ours does not wait long for
        it."""
        now = self._clock()
        self._quiet_until, self._again_at = now + QUIET_FOR, None
        words, not_after = staff_text("urgent"), now + QUIET_FOR
        decision = decide_staff_alert(Outgoing(Kind.STAFF_ALERT, words.text, not_after, words.subject), now)
        if self._sender is None or not self._addresses or not isinstance(decision, Send):
            log.error("an outage, and nobody is named to be woken: set SIDEDOOR_OUTAGE_ADDRESSES and SIDEDOOR_SMTP_URL")
            return
        telling = asyncio.create_task(self._tell(self._sender, words))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        await asyncio.wait({telling}, timeout=self._patience)

    async def _tell(self, sender: Sender, words: StaffText) -> None:
        told = 0
        for number, address in enumerate(self._addresses):
            try:
                await sender.send(Outbound("email", address, words.text, f"outage-{number}", subject=words.subject))
                told += 1
            except SendError as error:
                log.error("somebody could not be woken of an outage: %s", error.code)
            except Exception as error:
                log.error("somebody could not be woken of an outage: %s", type(error).__name__)
        if told:
            self._failed = 0
        else:
            self._plan_another()

    def _plan_another(self) -> None:
        """Nobody was told: the next message tries at once, and this by itself, for as long as is set."""
        self._failed += 1
        self._quiet_until = None
        if self._failed > TRIES:
            log.critical("nobody could be woken of an outage in %d tries; the next message tries again", self._failed)
            return
        self._again_at = self._clock() + min(AGAIN_AFTER * 2 ** (self._failed - 1), LONGEST_WAIT)
