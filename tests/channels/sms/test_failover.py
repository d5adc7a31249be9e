"""When the second provider takes over, and that nothing is ever given to both unawares."""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Accepted, CannotSay, Found, Lookup, NotFound, Outbound, Redactor, SendError
from channels.sms.account import TwilioSettings
from channels.sms.errors import FAULTS, send_error
from channels.sms.failover import REMEMBERED, REST, Failover
from channels.sms.twilio import TwilioSms
from channels.sms.vonage import VonageSettings, VonageSms
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, Fault, Refusal, TwilioPeer
from tests.peers.vonage_peer import APPLICATION, PRIVATE_KEY, SECRET, VonagePeer

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TIMEOUT = SendError("timeout", retryable=True, unknown=True)
DOWN = SendError("down", retryable=True, elsewhere=True)
SHUT = SendError("account-shut", tell_staff=True, elsewhere=True)
REFUSED = SendError("opted-out", tell_staff=True, blocked=True)
BUSY = SendError("out-of-reach", retryable=True)


@dataclass
class Scripted:
    """A provider that does what it is told, once for each entry; then it takes everything. `says`: what a look-up
    answers."""

    letter: str
    does: list[SendError | None] = field(default_factory=list)
    says: Found | NotFound | CannotSay = field(default_factory=NotFound)
    asked: list[str] = field(default_factory=list)
    blanked: list[str] = field(default_factory=list)

    async def send(self, message: Outbound) -> Accepted:
        self.asked.append(message.reference)
        error = self.does.pop(0) if self.does else None
        if error is not None:
            raise error
        return Accepted(f"{self.letter}{message.reference}")

    def owns(self, provider_id: str) -> bool:
        return provider_id.startswith(self.letter)

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        return self.says

    async def redact(self, provider_id: str) -> None:
        self.blanked.append(provider_id)


@dataclass
class Mute:
    """A provider that can only send."""

    inner: Scripted

    async def send(self, message: Outbound) -> Accepted:
        return await self.inner.send(message)

    def owns(self, provider_id: str) -> bool:
        return self.inner.owns(provider_id)


class Two:
    """Both providers, a clock, and messages."""

    def __init__(self, *does: SendError | None) -> None:
        self.a, self.b, self.now = Scripted("a", [*does]), Scripted("b"), 0.0
        self.sender = Failover([self.a, self.b], seconds=lambda: self.now)

    def send(self, reference: str = "1") -> str:
        """The id it was given, or the code of the failure."""
        try:
            return asyncio.run(self.sender.send(words(reference))).provider_id
        except SendError as error:
            return error.code

    def find(self, reference: str = "1") -> Found | NotFound | CannotSay:
        return asyncio.run(self.sender.find(words(reference), NOW))


def words(reference: str) -> Outbound:
    return Outbound("sms", "+447700900001", "hello", reference)


def test_the_first_is_asked_while_it_works() -> None:
    two = Two()
    assert [two.send("1"), two.send("2")] == ["a1", "a2"]
    assert not two.b.asked


@pytest.mark.parametrize("error", [DOWN, SHUT])
def test_the_second_takes_over_in_the_same_attempt(error: SendError) -> None:
    two = Two(error)
    assert two.send() == "b1"


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("error", [REFUSED, BUSY])
def test_the_second_is_no_way_around_a_refusal(error: SendError) -> None:
    two = Two(error)
    assert two.send() == error.code
    assert not two.b.asked


def test_where_nobody_knows_nobody_else_is_asked() -> None:
    two = Two(TIMEOUT)
    assert two.send() == "timeout"
    assert not two.b.asked


def test_an_unknown_outcome_is_looked_up_where_it_was_offered_and_only_there() -> None:
    two = Two(TIMEOUT)
    two.b.says = CannotSay()
    two.send()
    assert two.find() == NotFound()
    two.a.says = Found("a1")
    assert two.find() == Found("a1")
    two.a.says = CannotSay()
    assert two.find() == CannotSay()


def test_what_is_settled_as_not_taken_goes_to_the_second_while_the_first_rests() -> None:
    two = Two(TIMEOUT)
    two.send("1")
    assert two.find("1") == NotFound()
    assert two.send("2") == "b2"


def test_an_outcome_that_the_second_left_unknown_is_asked_of_the_second() -> None:
    two = Two(DOWN)
    two.b.does = [TIMEOUT]
    assert two.send() == "timeout"
    two.b.says = Found("b1")
    assert two.find() == Found("b1")


def test_after_a_restart_everybody_is_asked() -> None:
    two = Two()
    two.b.says = CannotSay()
    assert two.find("from an earlier process") == CannotSay()
    two.b.says = NotFound()
    assert two.find("from an earlier process") == NotFound()
    two.b.says = Found("b9")
    assert two.find("from an earlier process") == Found("b9")


def test_a_provider_that_offers_no_look_up_settles_nothing() -> None:
    two = Two(DOWN)
    mute = Mute(two.b)
    two.sender = Failover([two.a, mute], seconds=lambda: two.now)
    two.b.does = [TIMEOUT]
    two.send()
    assert not isinstance(mute, Lookup)
    assert two.find() == CannotSay()


def test_a_provider_that_failed_rests_and_is_then_tried_first_again() -> None:
    two = Two(DOWN)
    two.send("1")
    two.now = REST - 1
    assert two.send("2") == "b2"
    two.now = REST + 1
    assert two.send("3") == "a3"
    assert two.a.asked == ["1", "3"]


def test_while_both_rest_the_preferred_one_is_asked_first() -> None:
    two = Two(DOWN)
    two.b.does = [DOWN]
    assert two.send("1") == "down"
    assert two.send("2") == "a2"


def test_when_both_fail_by_their_own_fault_the_failure_that_may_pass_counts() -> None:
    two = Two(DOWN)
    two.b.does = [SHUT]
    assert two.send() == "down"
    two = Two(SHUT)
    two.b.does = [DOWN]
    assert two.send() == "down"


@pytest.mark.requirement("R27")
def test_words_are_blanked_where_they_are() -> None:
    two = Two()
    asyncio.run(two.sender.redact("b7"))
    assert (two.a.blanked, two.b.blanked) == ([], ["b7"])
    for stranger in (two.sender, Failover([two.a, Mute(two.b)])):
        with pytest.raises(SendError, match="redaction-not-offered"):
            asyncio.run(stranger.redact("c7" if stranger is two.sender else "b7"))


def test_it_remembers_a_bounded_number_of_attempts() -> None:
    two = Two()
    two.b.says = CannotSay()
    for number in range(REMEMBERED + 1):
        two.send(str(number))
    assert two.find("0") == CannotSay()
    assert two.find("1") == NotFound()


errors = st.sampled_from([None, DOWN, SHUT, REFUSED, BUSY, TIMEOUT])


@pytest.mark.requirement("R25")
@given(st.lists(errors, max_size=6), st.lists(errors, max_size=6))
def test_one_attempt_is_never_with_both(first: list[SendError | None], second: list[SendError | None]) -> None:
    """Whatever the two do: of one attempt, at most one of them may hold the message, and that one is asked about it."""
    two = Two(*first)
    two.b.does = [*second]
    for number in range(6):
        may_hold = []
        before = [*two.a.does], [*two.b.does]
        asked = len(two.a.asked), len(two.b.asked)
        result = two.send(str(number))
        for provider, planned, earlier in zip((two.a, two.b), before, asked, strict=True):
            if len(provider.asked) > earlier and (not planned or planned[0] in (None, TIMEOUT)):
                may_hold.append(provider)
        assert len(may_hold) == (result in ("timeout", f"a{number}", f"b{number}"))
        for provider in may_hold:
            provider.says = Found("it is here")
            assert two.find(str(number)) == Found("it is here")
            provider.says = NotFound()


def test_it_can_do_all_that_the_dispatcher_may_ask() -> None:
    assert isinstance(Two().sender, Lookup) and isinstance(Two().sender, Redactor)


@pytest.mark.requirement("R25")
def test_the_table_says_whose_fault_it_is() -> None:
    ours = {code for code in FAULTS if send_error(code).elsewhere}
    assert {"20003", "20429", "20500", "20503", "30002", "429"} <= ours
    assert not ours & {"21610", "21211", "21614", "30003", "30004", "30005", "30006", "30007", "30008", "63014"}


@pytest.fixture
def peers() -> Iterator[tuple[TwilioPeer, VonagePeer]]:
    with TwilioPeer() as twilio, VonagePeer() as vonage:
        yield twilio, vonage


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.BROKEN, Fault.RATE_LIMITED, Refusal(30002)])
def test_real_clients_change_over(peers: tuple[TwilioPeer, VonagePeer], fault: Fault | Refusal) -> None:
    twilio, vonage = peers
    first = TwilioSms(TwilioSettings(ACCOUNT_SID, AUTH_TOKEN, "+447700900000", api_base=twilio.url, timeout=30))
    second = VonageSms(VonageSettings(APPLICATION, PRIVATE_KEY, SECRET, "+447700900000", vonage.url, timeout=30))
    twilio.inject(fault)
    accepted = asyncio.run(Failover([first, second]).send(words("7")))
    first.close()
    second.close()
    assert second.owns(accepted.provider_id) and not first.owns(accepted.provider_id)
    assert (len(twilio.messages), len(vonage.taken)) == (0, 1)
    assert vonage.taken[0]["from"] == "447700900000"
