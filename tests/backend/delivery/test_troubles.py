"""What counts as a channel that does not work, from when on, and until when (R32)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.delivery.facts import ChannelFacts, Facts
from backend.delivery.troubles import Fault, find_troubles

NOW = datetime(2026, 3, 2, 14, 10, tzinfo=UTC)
PATIENCE = timedelta(minutes=2)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


def found(*channels: ChannelFacts, **facts: Any) -> list[tuple[Fault, datetime | None]]:
    """What is wrong, and since when; somebody has just been tried, unless said otherwise."""
    known = Facts(channels, **{"last_begun": ago(seconds=1), **facts})
    return [(trouble.fault, trouble.since) for trouble in find_troubles(known, NOW, PATIENCE)]


def sms(**facts: Any) -> ChannelFacts:
    return ChannelFacts("sms", **{"can_send": True, **facts})


WELL = [
    sms(),
    sms(last_success=ago(hours=9)),
    sms(failed=1, failing_since=ago(seconds=10)),
    sms(failed=1, unknown=1, failing_since=ago(seconds=100)),
    sms(waiting=400, waiting_since=ago(minutes=9), last_success=ago(seconds=1)),  # each waits for its turn
]
ILL = [
    (sms(failed=3, failing_since=ago(seconds=35)), Fault.FAILING, ago(seconds=35)),
    (sms(failed=1, unknown=2, failing_since=ago(seconds=35)), Fault.FAILING, ago(seconds=35)),
    (sms(failed=1, failing_since=ago(minutes=2), last_success=ago(hours=1)), Fault.FAILING, ago(minutes=2)),
    (sms(waiting=1, waiting_since=ago(minutes=3)), Fault.STUCK, ago(minutes=3)),
    (sms(waiting=1, waiting_since=ago(minutes=3), last_success=ago(minutes=4)), Fault.STUCK, ago(minutes=3)),
    (sms(can_send=False, waiting=1, waiting_since=ago(hours=3)), Fault.NO_SENDER, ago(hours=3)),
    (ChannelFacts("email", can_send=False), Fault.NO_SENDER, None),
]


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("channel", WELL)
def test_chance_and_waiting_for_a_turn_are_no_trouble(channel: ChannelFacts) -> None:
    assert found(channel) == []


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(("channel", "fault", "since"), ILL)
def test_what_is_wrong_and_since_when(channel: ChannelFacts, fault: Fault, since: datetime | None) -> None:
    assert found(channel) == [(fault, since)]


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("last_begun", [None, ago(minutes=5)])
def test_nothing_is_tried_though_something_is_due(last_begun: datetime | None) -> None:
    waits = sms(waiting=2, waiting_since=ago(minutes=4))
    assert found(waits, last_begun=last_begun) == [(Fault.WORKER, ago(minutes=4))]
    assert found(sms(), last_begun=last_begun) == []
    assert found(sms(), last_begun=last_begun, overdue_timer=ago(minutes=3)) == [(Fault.WORKER, ago(minutes=3))]


def test_a_channel_that_failed_stays_told_beside_a_worker_that_stopped() -> None:
    failing = sms(failed=3, failing_since=ago(minutes=30), waiting=1, waiting_since=ago(minutes=20))
    assert [fault for fault, _ in found(failing, last_begun=ago(minutes=21))] == [Fault.WORKER, Fault.FAILING]


def test_what_was_kept_and_not_taken_in_is_told() -> None:
    assert found(kept=3, kept_since=ago(minutes=5), unreadable=1) == [
        (Fault.KEPT, ago(minutes=5)),
        (Fault.UNREADABLE, None),
    ]
