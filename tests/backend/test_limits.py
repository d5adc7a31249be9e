"""Limits of the public doors: one flooder's bucket is not everybody's, and danger does not wait (R21, M12)."""

import pytest

from backend.limits import RATES, Limiter, Rate

pytestmark = pytest.mark.requirement("R21")

FLOODER, NEIGHBOUR = "a-source", "another-source"
DANGER = "he has got a knife"


class Clock:
    """A monotonic time that stands still."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def count(limiter: Limiter, source: str, most: int = 1_000) -> int:
    """How many chats a source can open at once."""
    return next((number for number in range(most) if not limiter.may_open(source)), most)


def test_a_flooder_empties_their_own_bucket_only() -> None:
    limiter = Limiter(seconds=Clock())
    assert count(limiter, FLOODER) == RATES["open"].burst
    assert limiter.may_open(NEIGHBOUR)


def test_many_flooders_meet_the_limit_for_everybody() -> None:
    limiter = Limiter(seconds=Clock())
    opened = sum(count(limiter, f"source-{number}") for number in range(20))
    assert opened == RATES["open_all"].burst


def test_whoever_is_refused_uses_up_nothing_of_the_others() -> None:
    limiter = Limiter({**RATES, "open": Rate(1, 60), "open_all": Rate(2, 60)}, Clock())
    assert [limiter.may_open(FLOODER) for _ in range(9)] == [True] + [False] * 8
    assert limiter.may_open(NEIGHBOUR)


def test_a_bucket_fills_again_with_time() -> None:
    clock = Clock()
    limiter = Limiter(seconds=clock)
    count(limiter, FLOODER)
    clock.now += RATES["open"].seconds
    assert count(limiter, FLOODER) == 1


def test_a_source_that_is_not_known_has_the_limit_for_everybody() -> None:
    assert count(Limiter(seconds=Clock()), "") == RATES["open_all"].burst


@pytest.mark.requirement("R29")
def test_words_of_danger_open_a_chat_when_nothing_else_does() -> None:
    limiter = Limiter({**RATES, "open_all": Rate(0, 3_600)}, Clock())
    assert not limiter.may_open(NEIGHBOUR, "hello")
    assert limiter.may_open(NEIGHBOUR, DANGER)


def test_words_of_danger_are_no_way_round_the_limit_for_a_flooder() -> None:
    limiter = Limiter({**RATES, "open": Rate(0, 3_600)}, Clock())
    opened = sum(limiter.may_open(FLOODER, DANGER) for _ in range(99))
    assert opened == RATES["danger_at_the_door"].burst


def test_many_sessions_of_one_source_share_what_they_may_say() -> None:
    limiter = Limiter(seconds=Clock())
    said = sum(limiter.may_say(str(session), FLOODER) for session in range(50) for _ in range(10))
    assert said == RATES["say_source"].burst
    assert limiter.may_say("somebody", NEIGHBOUR)
