"""What every channel speaks: requests in, items out; a message in, a result out.

All times are timezone-aware UTC. Addresses are in the channel's own canonical form (E.164 for SMS).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable


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
    """One thing that a person sent. `external_id` is the provider's id and unique within the channel."""

    channel: str
    address: str = field(repr=False)
    external_id: str
    text: str = field(repr=False)
    received_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)


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


@dataclass(frozen=True, slots=True)
class Ignored:
    """A request that is in order and asks nothing of us; `why` holds no word that somebody wrote."""

    why: str


Item = Inbound | Receipt | Ignored


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message on its way to one address, after the gate has said yes.

    `reference` is our attempt id; `choices` are button titles for channels that have buttons (the text of a channel
    without them holds the numbered list already); `validity` is how long a provider may hold the message (R8), None for
    its default.
    """

    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    reference: str
    choices: Sequence[str] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)
    validity: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message; `provider_id` is how it will speak of it in receipts."""

    provider_id: str


class SendError(Exception):
    """The message was not taken. `code` is stable and safe to log; it never holds an address or a word of the message.

    `retryable`: the same message may be offered again later. `unknown`: it may have been taken all the same (a
    time-out, a dropped connection); the dispatcher asks the provider, through `Lookup`, before it does anything else.
    `tell_staff`: a practitioner must know, for the person cannot be reached this way. `retry_after`: how long the
    provider asks us to wait before the next try (R25), None where it did not say.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool = False,
        unknown: bool = False,
        tell_staff: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.retryable, self.unknown, self.tell_staff = code, retryable, unknown, tell_staff
        self.retry_after = retry_after


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
