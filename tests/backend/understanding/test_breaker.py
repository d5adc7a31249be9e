"""When a server is left alone, and when it is tried again."""

from backend.understanding.breaker import Breaker


class Seconds:
    """A clock that is told the time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Seconds) -> Breaker:
    """A breaker after three failures of three."""
    breaker = Breaker(clock, failures=3, pause=30)
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = opened(Seconds())
    assert breaker.is_open
    assert not breaker.allows()


def test_a_success_between_them_begins_the_count_again() -> None:
    breaker = Breaker(Seconds(), failures=3, pause=30)
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert not breaker.is_open
    assert breaker.allows()


def test_after_a_pause_one_attempt_goes_through() -> None:
    clock = Seconds()
    breaker = opened(clock)
    clock.now = 29.9
    assert not breaker.allows()
    clock.now = 30
    assert breaker.allows()
    assert not breaker.allows()


def test_its_success_closes_it_and_its_failure_does_not() -> None:
    clock = Seconds()
    breaker = opened(clock)
    clock.now = 30
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now = 60
    assert breaker.allows()
    breaker.succeeded()
    assert all(breaker.allows() for _ in range(5))


def test_an_attempt_that_never_ends_costs_one_pause() -> None:
    clock = Seconds()
    breaker = opened(clock)
    clock.now = 30
    assert breaker.allows()
    clock.now = 60
    assert breaker.allows()
