"""What every channel speaks: requests in, items out; a message in, a result out.

All times are timezone-aware UTC. Addresses are in the channel's own canonical form (E.164 for SMS).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A provider's request before anything in it is believed.

    `url` is the public URL that the provider called and signed, not the one a proxy rewrote; header names are lower
    case.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that a person sent. `external_id` is the provider's id and unique within the channel.

    It is kept in the open, so it holds no address. An edit or a reaction is kept as what it is and answers no question;
    its words are read for danger all the same.
    """

    channel: str
    address: str = field(repr=False)
    external_id: str
    text: str = field(repr=False)
    received_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)
    kind: Literal["message", "edit", "reaction"] = "message"


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person has shut this door, as by blocking us: nothing reaches them here until they write again."""

    channel: str
    address: str = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says became of a message that it took: one of sent, delivered, read, failed."""

    channel: str
    provider_id: str
    status: str
    received_at: datetime
    error_code: str = ""
    reference: str = ""
    """Our attempt id, where the provider carries it back; it finds the attempt even before its answer was recorded."""
    retryable: bool = False
    """Of a failure: the same message may be offered again, by the channel's own table of codes (R25)."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A request that is in order and asks nothing of us; `why` holds no word that somebody wrote."""

    why: str


Item = Inbound | Receipt | Blocked | Ignored


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message on its way to one address, after the gate has said yes.

    `reference` is our attempt id; `choices` are button titles for channels that have buttons (the text of a channel
    without them holds the numbered list already); `validity` is how long a provider may hold the message (R8), None for
    its default. `in_reply_to` is the id of the message that this one answers, for channels that keep threads.
    """

    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    reference: str
    choices: Sequence[str] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)
    validity: timedelta | None = None
    in_reply_to: str = field(default="", repr=False)
    template: str = ""
    """WhatsApp outside its window: the kind whose approved line goes; `text` is that line, to the letter (R26)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message; `provider_id` is how it will speak of it in receipts."""

    provider_id: str


class SendError(Exception):
    """The message was not taken. `code` is stable and safe to log; it never holds an address or a word of the message.

    `retryable`: the same message may be offered again later. `unknown`: it may have been taken all the same (a
    time-out, a dropped connection); the dispatcher asks the provider, through `Lookup`, before it does anything else.
    `tell_staff`: a practitioner must know, for the person cannot be reached this way. `retry_after`: how long the
    provider asks us to wait before the next try (R25), None where it did not say. `blocked`: the person has shut this
    door, as in `Blocked`. `elsewhere`: the fault is the provider's and not the message's, so another provider of the
    same channel may take it.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool = False,
        unknown: bool = False,
        tell_staff: bool = False,
        retry_after: timedelta | None = None,
        blocked: bool = False,
        elsewhere: bool = False,
    ) -> None:
        super().__init__(code)
        self.code, self.retryable, self.unknown, self.tell_staff = code, retryable, unknown, tell_staff
        self.retry_after, self.blocked, self.elsewhere = retry_after, blocked, elsewhere


class Receiver(Protocol):
    """The inbound half of a channel."""

    name: str

    def verify(self, request: RawRequest) -> bool:
        """Whether the provider really made this request; False when there is no secret to check with."""
        ...

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """The items in a verified request. Raises ValueError for a body that the provider would not send."""
        ...


class Sender(Protocol):
    """The outbound half of a channel."""

    name: str

    async def send(self, message: Outbound) -> Accepted:
        """Offer one message to the provider, once. Raises SendError."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """The provider holds the message under this id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider answered, and does not have it."""


@dataclass(frozen=True, slots=True)
class CannotSay:
    """The provider could not be asked, or its answer settles nothing."""


@runtime_checkable
class Lookup(Protocol):
    """The extra ability to say what became of a message whose outcome we do not know."""

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """Look for `message` among what was taken since then (UTC), leaving out the provider ids in `known`."""
        ...


@runtime_checkable
class Redactor(Protocol):
    """The extra ability to blank the words of a message that the provider still keeps (R27)."""

    async def redact(self, provider_id: str) -> None:
        """Blank one message that has reached its final status. Raises SendError, retryable while it has not."""
        ...


@runtime_checkable
class Deleter(Protocol):
    """The extra ability to take messages of both sides out of a chat (R27)."""

    reach: timedelta
    """How old a message may be to be deleted."""

    async def delete(self, address: str, ids: Sequence[str]) -> frozenset[str]:
        """Delete what these ids name, inbound (`external_id`) and outbound (`provider_id`) alike; those that stayed.

        Raises SendError where the provider could not be asked. To ask twice does no harm.
        """
        ...


@runtime_checkable
class ShowsWriting(Protocol):
    """A sender whose channel can show that somebody is at the keyboard, on a page that is open and nowhere else."""

    async def show_writing(self, address: str) -> None:
        """Show it for a few seconds."""
        ...


@runtime_checkable
class Acknowledger(Protocol):
    """The extra ability to tell a provider that something was heard, such as a press on a button, without a word."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Called once the message is durable. Never raises: a person loses nothing where this fails."""
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """How a provider calls us, by its own account; `url` is empty where it does not."""

    url: str = field(repr=False)
    whole: bool
    """Whether it passes on every kind of thing that is read here."""
    waiting: int
    """What it has for us and could not bring yet."""
    failed_at: datetime | None = None
    """When it last failed to call us, UTC."""
    failure: str = ""
    """Why, as a code that is safe to log."""


class Registrar(Protocol):
    """The extra ability to tell a provider where to call us, for one that learns it by a call and not in a console."""

    name: str

    async def registered(self) -> Registration:
        """How it calls us now. Raises SendError."""
        ...

    async def register(self, url: str) -> None:
        """Have it call `url` from now on, and lose nothing that waits. To ask twice does no harm. Raises SendError."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What a mailbox or queue held after a place, and the place from which to read on."""

    items: Sequence[Item]
    place: str


class Fetcher(Protocol):
    """The inbound half of a channel that has to be asked, for a service without a public address."""

    name: str
    pause: timedelta
    """The rest between two questions."""

    async def fetch(self, place: str) -> Batch:
        """What came after `place`, oldest first; an empty place is the beginning. Raises SendError."""
        ...

    async def done(self, batch: Batch) -> None:
        """The batch is durable, so the provider may let go of it. Raises SendError."""
        ...
