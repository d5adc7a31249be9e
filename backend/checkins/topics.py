"""What a plan says this time: which area of life a check-in asks about, which words a daily text brings (C14, D10).

Pure: the same plan and the same count give the same answer, whoever asks.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

THEMES = ("calm", "strength", "small_steps", "rest")
"""What daily texts may be about; the texts are in flows/domain/check_in_texts.yml."""
PER_THEME = 6
"""How many texts each theme has."""
SETTLED, CHANGES, FEEDBACK, AREAS = "settled", "changes", "feedback", "areas"
ASKS = (SETTLED, AREAS, CHANGES, FEEDBACK)
"""What a check-in may ask after the first question, how the day is going."""
TURNS = (SETTLED, AREAS, AREAS, CHANGES, SETTLED, AREAS, AREAS, FEEDBACK)
"""Whose turn it is, time after time; what was not agreed is passed over, and then only the first question is asked."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the strengths indicator. `ask`: the machine may ask it; `same_day`: a low answer is for today."""

    number: int
    code: str
    name: str
    ask: bool
    same_day: bool = False


def _read() -> dict[str, Area]:
    listed = tomllib.loads((Path(__file__).parent / "areas.toml").read_text("utf-8"))["area"]
    return {row["code"]: Area(**row) for row in listed}


AREA = _read()
"""Every area, by its code."""
ASKED = tuple(area.code for area in AREA.values() if area.ask and area.code != SETTLED)
"""The areas that the machine asks about, in turn."""


def topic(turn: int, asks: Sequence[str]) -> str:
    """What the check-in number `turn`, from 0, asks beside how the day goes: a code; empty: nothing more."""
    kind = TURNS[turn % len(TURNS)]
    if kind not in asks:
        return ""
    if kind != AREAS:
        return kind
    rounds, place = divmod(turn, len(TURNS))
    before = rounds * TURNS.count(AREAS) + TURNS[:place].count(AREAS)
    return ASKED[before % len(ASKED)]


def daily(turn: int, themes: Sequence[str]) -> tuple[str, int]:
    """The theme of the daily text number `turn`, from 0, and which of its texts: each theme in turn, then the next."""
    chosen = [theme for theme in THEMES if theme in themes] or list(THEMES)
    rounds, place = divmod(turn, len(chosen))
    return chosen[place], rounds % PER_THEME
