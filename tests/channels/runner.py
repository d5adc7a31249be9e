"""One runner for the tables of all adapters: request in, items out; message in, exact request out.

A table is a list of cases; a test file parametrises over it and calls `run_inbound` or `run_outbound`. Time is frozen:
every request arrives at `NOON`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from channels.contract import Accepted, Item, Outbound, RawRequest, Receiver, Sender, SendError
from tests.system.product import until

PATIENT, HASTY = 30.0, 0.5


class ProviderPeer(Protocol):
    """A provider on loopback, as the tables need it; its faults are its own."""

    @property
    def forms(self) -> list[dict[str, str]]:
        """What it was asked to send, oldest first."""
        ...

    @property
    def last_id(self) -> str:
        """The id of the message that it took last."""
        ...

    def inject(self, *faults: Any) -> None:
        """Play these, one for each call to come."""
        ...


@dataclass(frozen=True)
class InboundCase:
    """`items` is None where the signature must fail, and an exception type where the body must be refused."""

    name: str
    request: RawRequest
    items: Sequence[Item] | type[Exception] | None


@dataclass(frozen=True)
class OutboundCase:
    """`form` is the whole form that must reach the provider; None where nothing may be sent.

    `fails` holds what a SendError must say: its code first, then its flags.
    """

    name: str
    message: Outbound
    form: Mapping[str, str] | None
    faults: Sequence[Any] = ()
    fails: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def patience(*faults: object) -> float:
    """How many seconds a provider that plays these faults is waited for: long, as a test that passes does not wait it
    out on any machine, unless it is one that never answers."""
    return HASTY if any(getattr(fault, "name", "").startswith("SILENT") for fault in faults) else PATIENT


def ids(cases: Sequence[InboundCase | OutboundCase]) -> list[str]:
    """The names of the cases, for pytest."""
    return [case.name for case in cases]


def run_inbound(receiver: Receiver, case: InboundCase) -> None:
    """Verify first, as the edge does, and parse only what was signed."""
    assert receiver.verify(case.request) is (case.items is not None)
    if isinstance(case.items, type):
        with pytest.raises(case.items) as raised:
            receiver.parse(case.request)
        assert raised.value.__context__ is None, "an error that we chained may hold words of the body"
    elif case.items is not None:
        assert receiver.parse(case.request) == case.items


def run_outbound(sender: Sender, peer: ProviderPeer, case: OutboundCase) -> None:
    """Send once, then look at what went over the line and what came back."""
    peer.inject(*case.faults)
    failure: SendError | None = None
    try:
        accepted = asyncio.run(sender.send(case.message))
    except SendError as error:
        failure = error
    if case.form is not None:  # a time-out may be over before the peer has looked up
        until(lambda: peer.forms)
    assert peer.forms == ([] if case.form is None else [dict(case.form)])
    if case.fails is None:
        assert failure is None
        assert accepted == Accepted(peer.last_id)
    else:
        assert failure is not None
        check_failure(failure, case.fails, case.message)


def check_failure(failure: SendError, expected: Mapping[str, Any], message: Outbound) -> None:
    """A failure says what it must, and nothing of whom it was for or what it said."""
    flags = dict.fromkeys(("retryable", "unknown", "tell_staff", "blocked", "elsewhere"), False) | {"retry_after": None}
    actual = {name: getattr(failure, name) for name in ("code", *flags)}
    assert actual == {**flags, **expected}
    assert failure.__context__ is None
    assert failure.__cause__ is None
    assert message.address not in str(failure)
    assert message.text not in str(failure)
