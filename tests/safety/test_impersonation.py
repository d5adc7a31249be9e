"""Signs that somebody else is typing: they only count, they need enough to go by, and they only tighten (M4)."""

import json
import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from safety.gate import decide
from safety.impersonation import FEWEST_SESSIONS, MOST, MOST_OF, Counts, Seen, count, learn, signs, unlike_them
from safety.types import Kind, Outgoing, Point, Rules, Send
from tests.safety.worlds import cases

ROOT = Path(__file__).parents[2]
HERS = """
hiya its me again | yeah im ok thanks x | he was bad again last nite | dont know wot to do tbh | can i talk to u tmrw
kids r at school rn | i cant ring cos hes home | ok thx | not rly no | idk he just shouts | u there? | kids ok yeah
he took my card again lol typical | i dont wanna go back | pls dont ring | yeah thats fine x | im at my mums til 6
i just want it to stop | ok il do that | no he doesnt know | can u text me after 6 pls | gonna try n sleep | im so tired
i told him its work | yeah he looked at my phone | ok x | wen can i c someone | not yet | i think so yeah | nah im fine
"""
HIS = """
Hello. Please answer me. | I would like to know what you have arranged with her. | She has told me about this.
There is no need to be difficult. I am simply asking. | When is the next appointment? | What has she told you?
It's a simple question. | I don't understand why you can't answer. | We are married, and I've a right to know.
I can see all of it. | You will answer me now. | This isn't funny. | I know that she writes to you.
"""


def lines(text: str) -> list[str]:
    """The messages of a writer."""
    return [line.strip() for line in text.replace("\n", "|").split("|") if line.strip()]


def session(texts: Iterable[str], hour: int = 19, waited: float = 40.0) -> Counts:
    """The counts of one session."""
    counts: Counts = {}
    for place, text in enumerate(texts):
        counts = count(counts, Seen(text, hour, waited if place else None))
    return counts


def known(texts: Sequence[str], sessions: int, each: int, seed: int = 1, hour: int = 19) -> Counts:
    """What is usual after some sessions."""
    dice, usual = random.Random(seed), dict[str, tuple[int, int]]()
    for _ in range(sessions):
        usual = dict(learn(usual, session(dice.sample(texts, each), hour + dice.choice((-1, 0, 1)))))
    return usual


def noticed_after(usual: Counts, texts: Sequence[str], hour: int, waited: float) -> int | None:
    """After how many messages of a session it is plain that somebody unlike them writes; None: never."""
    places = (n for n in range(1, len(texts) + 1) if unlike_them(signs(usual, session(texts[:n], hour, waited))))
    return next(places, None)


@pytest.mark.requirement("R12")
def test_one_writer_is_told_from_another_within_a_few_messages() -> None:
    """At her own hour and at her own speed, he is known by how he writes and by what he asks."""
    noticed = []
    for seed in range(60):
        usual, his = known(lines(HERS), 5, 6, seed), random.Random(seed).sample(lines(HIS), 9)
        noticed.append(noticed_after(usual, his, 19, 40) or 99)
    assert statistics.median(noticed) <= 4 and max(noticed) <= 9


@pytest.mark.parametrize("seed", range(60))
def test_a_writer_is_not_unlike_herself(seed: int) -> None:
    usual, today = known(lines(HERS), 5, 6, seed), random.Random(-seed - 1).sample(lines(HERS), 8)
    assert noticed_after(usual, today, 20, 30) is None


def test_a_bad_night_alone_is_no_sign_of_somebody_else() -> None:
    """In capitals, in the small hours, in a hurry: it is still her. Whoever is upset writes otherwise."""
    usual = known(lines(HERS), 6, 6)
    assert not unlike_them(signs(usual, session([line.upper() for line in lines(HERS)[:3]], 3, 40)))


def test_a_strangers_question_at_a_strange_hour_is_enough() -> None:
    usual = known(lines(HERS), 6, 6)
    found = signs(usual, session(["what has she told you"], 4))
    assert found == {"questions": 2, "hour": 1} and unlike_them(found)


def test_another_language_and_another_hour_are_enough() -> None:
    usual = known(lines(HERS), 6, 6)
    found = signs(
        usual, session(["z kim ona tutaj pisze", "prosze mi odpowiedziec teraz zaraz", "kto tam jest prosze"], 5)
    )
    assert {"language", "hour"} <= found.keys() and unlike_them(found)


@pytest.mark.parametrize("sessions", range(FEWEST_SESSIONS))
def test_with_too_little_known_there_is_no_sign(sessions: int) -> None:
    assert not signs(known(lines(HERS), sessions, 8), session(lines(HIS), 4, 1))


def test_digits_and_presses_say_nothing_of_style() -> None:
    usual = known(lines(HERS), 5, 6)
    assert not unlike_them(signs(usual, session(["1", "1", "2", "4", "1", "2"], 19, 5)))


@pytest.mark.requirement("R38")
@given(st.lists(st.text(max_size=60), max_size=6))
def test_what_is_kept_holds_no_word(texts: list[str]) -> None:
    kept = json.dumps(session(["zebedee " + text for text in texts]))
    assert "zebedee" not in kept.lower()
    assert all(name.startswith("hour:") or name.replace("_", "").isalpha() for name in json.loads(kept))


def test_counts_stay_small() -> None:
    usual: Counts = {}
    for _ in range(500):
        usual = learn(usual, session(lines(HERS)))
    assert max(all_ for _, all_ in usual.values()) <= MOST + len(lines(HERS))


@given(st.dictionaries(st.sampled_from(sorted(MOST_OF)), st.integers(1, 2), max_size=1))
def test_one_sign_alone_is_never_enough(found: dict[str, int]) -> None:
    assert not unlike_them(found)


def committed_talks() -> list[list[str]]:
    """What people say in the conversation tests, talk by talk."""
    talks = []
    for path in sorted((ROOT / "flows" / "tests").glob("*.yml")):
        for case in yaml.safe_load(path.read_text("utf-8")).get("test_cases", ()):
            said = [str(step["user"]) for step in case["steps"] if "user" in step]
            talks.append([text for text in said if not text.startswith("/")])
    return [talk for talk in talks if len(talk) >= 3]


def labelled_messages() -> list[str]:
    """The messages of the danger set, by many hands."""
    found: list[str] = []
    for path in sorted((ROOT / "tests" / "safety" / "danger" / "messages").glob("*.yml")):
        for part in yaml.safe_load(path.read_text("utf-8")).values():
            if isinstance(part, dict):
                found += [line for text in part.values() if isinstance(text, str) for line in text.splitlines() if line]
    return found


def test_false_alarms_over_the_committed_talks_are_rare() -> None:
    """Each talk is the newest session of somebody whose earlier sessions were other talks: same hand, other days."""
    dice, talks, alarms = random.Random(7), committed_talks(), 0
    for _ in range(400):
        *earlier, today = dice.sample(talks, 7)
        usual: Counts = {}
        for talk in earlier:
            usual = learn(usual, session(talk, dice.randint(8, 22), dice.uniform(5, 90)))
        alarms += noticed_after(usual, today, dice.randint(8, 22), dice.uniform(5, 90)) is not None
    assert alarms <= 8, f"{alarms} of 400"


def test_false_alarms_over_the_labelled_messages_are_rare() -> None:
    dice, messages, alarms = random.Random(9), labelled_messages(), 0
    assert len(messages) > 500
    for _ in range(400):
        usual: Counts = {}
        for _ in range(5):
            usual = learn(usual, session(dice.sample(messages, 6), dice.randint(8, 22), dice.uniform(5, 90)))
        alarms += noticed_after(usual, dice.sample(messages, 8), dice.randint(8, 22), dice.uniform(5, 90)) is not None
    assert alarms <= 8, f"{alarms} of 400"


@pytest.mark.requirement("R12")
@given(cases())
def test_doubt_turns_no_hold_and_no_drop_into_a_send(case: tuple[Outgoing, Point, datetime]) -> None:
    message, point, now = case
    sure, in_doubt = (decide(message, replace(point, in_doubt=doubt), Rules(), now) for doubt in (False, True))
    if isinstance(in_doubt, Send):
        assert isinstance(sure, Send) and message.kind in (Kind.REPLY, Kind.DANGER)
    if message.kind in (Kind.REPLY, Kind.DANGER):
        assert in_doubt == sure
