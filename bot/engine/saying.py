"""Chooses the variation that fits, fills it, and puts its choices beside it, or into it as numbered lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.contract import Choice, Json, Say
from bot.engine.turn import Turn
from bot.engine.wording import written
from bot.language.keys import DIGITS_ARE_ANSWERS
from bot.language.models import CollectStep, Flows, Response, Slot, Variation
from bot.language.payloads import GivesCommand, read_payload
from bot.language.templates import plain

_NOTHING: Final[Mapping[str, Json]] = {}


@dataclass(frozen=True, slots=True)
class Pick:
    """One option under a text, in the person's language."""

    title: str
    payload: str


# --- choosing --------------------------------------------------------------------------------------------------------


def choose(response: Response, slots: Mapping[str, Json], language: str) -> Variation | None:
    """The first variation that fits: condition and channel, channel, condition, neither; translated ones first."""
    channel = slots["session_channel"]
    fitting = [
        variation
        for variation in response.variations
        if variation.channel in ("", channel)
        and (variation.condition is None or variation.condition.test(slots, _NOTHING))
    ]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda variation: _rank(variation, language))


def _rank(variation: Variation, language: str) -> tuple[bool, bool, bool]:
    return not variation.channel, variation.condition is None, language not in variation.translations


# --- filling ---------------------------------------------------------------------------------------------------------


def shown(flows: Flows, language: str, slot: str, value: Json) -> str:
    """A value as it is written in a text: by the title of its button where it has one, else as its reader writes it."""
    titles = flows.titles.get(slot, {})
    if isinstance(value, list) and titles and all(str(item).casefold() in titles for item in value):
        return ", ".join(shown(flows, language, slot, item) for item in value)
    button = titles.get(str(value).casefold()) if value is not None else None
    if button is not None:
        return button.in_language(language)[0].source
    model = flows.slots.get(slot)
    return plain(value) if model is None or value is None else written(model.reader, value)


def fill_text(turn: Turn, variation: Variation, context: Mapping[str, Json]) -> str:
    """The text of a variation with its holes filled."""
    return variation.in_language(turn.language).fill(
        turn.view, context, lambda slot, value: shown(turn.flows, turn.language, slot, value)
    )


def picks_of(turn: Turn, variation: Variation) -> list[Pick]:
    """The buttons of a variation in the person's language."""
    made: list[Pick] = []
    for button in variation.buttons:
        title, payload = button.in_language(turn.language)
        made.append(Pick(title.fill(turn.view, _NOTHING, lambda slot, value: plain(value)), payload))
    return made


def label_of(turn: Turn, slot: Slot) -> str:
    """What an answer is called in lists; empty when it has no name."""
    if not slot.label.startswith("utter_"):
        return slot.label
    variation = _variation(turn, slot.label)
    return fill_text(turn, variation, _NOTHING) if variation else ""


# --- saying ----------------------------------------------------------------------------------------------------------


def say(
    turn: Turn, name: str, context: Mapping[str, Json] = _NOTHING, picks: Sequence[Pick] | None = None, also: str = ""
) -> bool:
    """Says a response; `picks` replace its buttons, `also` goes under it. False when there is nothing to say."""
    variation = _variation(turn, name)
    if variation is None:
        return False
    offered = picks_of(turn, variation) if picks is None else list(picks)
    text = fill_text(turn, variation, context)
    lines = [] if turn.has_buttons else numbered(offered)
    turn.utter(
        Say(
            name,
            "\n".join([text, *lines, *([also] if also else [])]),
            tuple(Choice(pick.title, pick.payload) for pick in offered),
            "danger" if turn.lane_is_danger or name == "utter_danger" else "reply",
        )
    )
    return True


def _variation(turn: Turn, name: str) -> Variation | None:
    response = turn.flows.responses.get(name)
    variation = choose(response, turn.view, turn.language) if response else None
    if variation is None:
        turn.trouble("nothing_to_say" if response else "no_such_response", name)
    return variation


def text_of(turn: Turn, name: str) -> str:
    """The text of a response alone; empty, and trouble, when none fits."""
    variation = _variation(turn, name)
    return fill_text(turn, variation, _NOTHING) if variation else ""


_OWN_NUMBER: Final = re.compile(r"(\d+)\b")


def numbered(picks: Sequence[Pick]) -> list[str]:
    """`1 Title` for each; a title that begins with its own number stays as it is."""
    lines = []
    for place, pick in enumerate(picks, start=1):
        own = _OWN_NUMBER.match(pick.title)
        lines.append(pick.title if own and int(own[1]) == place else f"{place} {pick.title}")
    return lines


def picks_under(turn: Turn, name: str) -> list[Pick]:
    """What was offered under the response `name`."""
    response = turn.flows.responses.get(name)
    variation = choose(response, turn.view, turn.language) if response else None
    return picks_of(turn, variation) if variation else []


def question_picks(turn: Turn, node: CollectStep) -> list[Pick]:
    """What is offered under a question. Where digits are answers, commands by themselves get no number."""
    if node.slot == "session_change":
        return [Pick(label_of(turn, turn.slot(name)), f"/SetSlots(session_change={name})") for name in turn.listed]
    picks = picks_under(turn, node.utter)
    if turn.has_buttons or turn.slot(node.slot).reader not in DIGITS_ARE_ANSWERS:
        return picks
    only_commands = all(isinstance(read_payload(pick.payload), GivesCommand) for pick in picks)
    return [] if only_commands else picks
