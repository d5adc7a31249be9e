"""What the desk's page of texts at set times shows: plans, what comes and why, what became of it, the scores."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from backend.checkins.ahead import GOES, NOT, Became, Coming, became, of_plan
from backend.checkins.answers import DAY, read_answers
from backend.checkins.missed import agreed_ladder
from backend.checkins.plans import Agreed, plans_of
from backend.checkins.topics import AREA, CHANGES, FEEDBACK
from backend.checkins.words import (
    ASK_NAMES,
    CHANGE_NAMES,
    FEEDBACK_NAMES,
    PURPOSE_NAMES,
    STEP_NAMES,
    THEME_NAMES,
    ladder_in_words,
    pause_in_words,
    rule_in_words,
)
from backend.conversations.talk import Talk, look_at_talk
from backend.desk.queue import called
from backend.desk.words import fate_words
from backend.house import House
from backend.reasons import why_words
from backend.staff import Actor, note_reading

LOOK_AHEAD = timedelta(days=28)
SHOWN = 5
"""Times to come of one plan on its card."""
NOT_GONE = frozenset({"not_sent", "dropped", "cancelled", "failed"})
"""What a time of a plan, or its message, is called that nobody got."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with a time (UTC); `tone`: go, wait or stop."""

    at: datetime
    words: str
    tone: str = "go"


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One plan in words."""

    id: int
    version: int
    name: str
    when: str = field(repr=False)
    about: str = field(repr=False)
    silence: str = field(repr=False)
    pauses: tuple[str, ...]
    next_times: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One question over time: its name, and its answers with their times, newest first."""

    name: str
    values: tuple[Line, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlansPage:
    """All that the page shows."""

    id: int
    called: str = field(repr=False)
    zone: str
    plans: tuple[PlanCard, ...]
    been: tuple[Line, ...]
    scores: tuple[Score, ...]


def open_plans(c: Connection, house: House, actor: Actor, conversation_id: int) -> PlansPage:
    """Read them. Raises NoResultFound, and KeyDestroyedError after an erasure."""
    note_reading(c, house, actor.staff_id, "conversation", conversation_id)
    talk = look_at_talk(c, house, conversation_id)
    return PlansPage(
        conversation_id,
        called(c, house, conversation_id),
        talk.contact().time_zone,
        tuple(_card(house, talk, plan) for plan in plans_of(c, house, conversation_id)),
        tuple(_was(one) for one in became(c, conversation_id)),
        tuple(_scores(c, house, conversation_id)),
    )


def _card(house: House, talk: Talk, plan: Agreed) -> PlanCard:
    times = list(of_plan(house, talk, plan, house.clock() + LOOK_AHEAD))[:SHOWN]
    today = house.clock().astimezone(ZoneInfo(plan.rule.zone)).date()
    now = [pause for pause in plan.rule.pauses if pause.last is None or pause.last >= today]
    is_check_in = plan.purpose == "check_in"
    names = (
        [ASK_NAMES[ask] for ask in plan.terms.asks] if is_check_in else [THEME_NAMES[one] for one in plan.terms.themes]
    )
    first = ["how the day is going"] if is_check_in else []
    return PlanCard(
        plan.id,
        plan.version,
        PURPOSE_NAMES[plan.purpose],
        rule_in_words(plan.rule),
        ", ".join(first + names).capitalize() + ".",
        ladder_in_words(agreed_ladder(house, talk, plan)) if is_check_in else "",
        tuple(pause_in_words(pause) for pause in now),
        tuple(_comes(one) for one in times),
    )


def _comes(one: Coming) -> Line:
    if one.fate == GOES:
        return Line(one.at, "It goes then.")
    return Line(one.at, f"It {one.fate}: {why_words(one.reason)}", "stop" if one.fate == NOT else "wait")


def _was(one: Became) -> Line:
    name = PURPOSE_NAMES[one.purpose]
    steps = "".join(f" {STEP_NAMES[code]}" for code in one.steps.split(",") if code in STEP_NAMES)
    if one.state == "answered":
        return Line(one.at, f"{name}: they answered.{steps}")
    if one.state in NOT_GONE:
        return Line(one.at, f"{name}: it did not go. {why_words(one.reason)}{steps}", "stop")
    return Line(one.at, f"{name}: {fate_words(one.state, one.reason)}.{steps}")


def _scores(c: Connection, house: House, conversation_id: int) -> list[Score]:
    """Each question that was ever answered, in the order of the cards."""
    kept = read_answers(c, house, conversation_id)
    names = {DAY: "How the day goes"} | {code: area.name for code, area in AREA.items()}
    names |= {CHANGES: "What is new", FEEDBACK: "Do these texts help?"}
    return [
        Score(name, tuple(Line(each.at, _said(code, each.answers[code])) for each in kept if code in each.answers))
        for code, name in names.items()
        if any(code in each.answers for each in kept)
    ]


def _said(code: str, value: Any) -> str:
    if code == CHANGES:
        return ", ".join(CHANGE_NAMES.get(one, one) for one in value) or CHANGE_NAMES["nothing"]
    return FEEDBACK_NAMES.get(value, value) if code == FEEDBACK else f"{value:g} of 5"
