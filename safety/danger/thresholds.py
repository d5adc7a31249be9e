"""Where the lines lie between what is raised and what is not; data/thresholds.toml says what each is."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores; in a pair the first is for urgent and the second for anything grave."""

    sure: tuple[float, float]
    doubt: tuple[float, float]
    trusted: float
    lenience: float


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """The committed ones, read on first use."""
    content = tomllib.loads(files("safety.danger").joinpath("data", "thresholds.toml").read_text("utf-8"))
    sure, doubt = (tuple(content[name]) for name in ("sure", "doubt"))
    return Thresholds(sure, doubt, content["trusted"], content["lenience"])
