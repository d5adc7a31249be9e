"""Holds what a case says against what the engine did. Every check gives a sentence on what is wrong, or nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.contract import Act, EndSession, HandOver, Json, Say, Trouble
from bot.contract import Effect as EngineEffect
from bot.conversation_tests.cases import Assertion, BotSays, BotUtters, Check, Effect, SlotsAre, SlotWanted, UserSays
from bot.engine.state import State
from bot.engine.turn import Turn


@dataclass(slots=True)
class Happened:
    """Everything that happened in one turn, in order; `matched` counts the messages that checks have used up."""

    said: list[Say]
    effects: tuple[EngineEffect, ...]
    log: list[tuple[str, str, Json]]
    """What, name, and the value of a slot or the text of a message."""
    slots: dict[str, Json]
    line: int
    matched: int = 0
    trouble_expected: set[str] = field(default_factory=set)

    @property
    def responses(self) -> list[str]:
        """The names of what was said, in order."""
        return [say.response for say in self.said]

    @classmethod
    def of(cls, turn: Turn, state: State, line: int) -> "Happened":
        """What happened in `turn`."""
        said = [effect for effect in turn.effects if isinstance(effect, Say)]
        values, messages = iter(turn.values_set), iter(said)
        log: list[tuple[str, str, Json]] = []
        for traced in turn.trace:
            detail: Json = traced.detail
            if traced.what == "slot_was_set":
                detail = next(values)[1]
            elif traced.what == "bot_uttered":
                detail = next(messages).text
            log.append((traced.what, traced.name, detail))
        return cls(said, tuple(turn.effects), log, dict(turn.view), line)


# --- steps -----------------------------------------------------------------------------------------------------------


def check_step(check: Check, happened: Happened, *, only_assertions: bool) -> str:
    """Why `check` does not hold; empty when it does."""
    if isinstance(check, Effect):
        return _effect(check, happened)
    if only_assertions:
        return ""
    match check:
        case BotSays():
            return _next_message(happened, lambda said: said.text.strip() == check.text, f"the text {check.text!r}")
        case BotUtters():
            return _next_message(happened, lambda said: said.response == check.response, f"`{check.response}`")
        case SlotsAre():
            return "; ".join(filter(None, (_slot(wanted, happened, check.wanted) for wanted in check.slots)))


def _next_message(happened: Happened, fits: Callable[[Say], bool], what: str) -> str:
    for place in range(happened.matched, len(happened.said)):
        if fits(happened.said[place]):
            happened.matched = place + 1
            return ""
    said = ", ".join(f"`{say.response}`" for say in happened.said[happened.matched :])
    return f"expected {what}, but the bot said {said or 'nothing more'}"


def _slot(wanted: SlotWanted, happened: Happened, should: bool) -> str:
    set_to = [value for what, name, value in happened.log if what == "slot_was_set" and name == wanted.name]
    now = happened.slots.get(wanted.name)
    if not wanted.any_value:
        held = any(_same(value, wanted.value) for value in (*set_to, now))
    elif should:
        held = any(value is not None for value in (*set_to, now))
    else:
        held = bool(set_to) and now is not None
    if held == should:
        return ""
    value = "" if wanted.any_value else f" to {wanted.value!r}"
    return f"`{wanted.name}` was {'not ' if should else ''}set{value}; it is {now!r}"


def _same(one: Json, other: Json) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _effect(check: Effect, happened: Happened) -> str:
    found: dict[str, list[str]] = {
        "hand_over": [effect.reason for effect in happened.effects if isinstance(effect, HandOver)],
        "acted": [effect.name for effect in happened.effects if isinstance(effect, Act)],
        "ended": [effect.reason for effect in happened.effects if isinstance(effect, EndSession)],
        "trouble": [effect.code for effect in happened.effects if isinstance(effect, Trouble)],
        "not_said": happened.responses,
        "silent": happened.responses,
    }
    names = found[check.kind]
    if check.kind == "silent":
        return f"the bot said {', '.join(names)}" if names else ""
    if check.kind == "not_said":
        return f"the bot said `{check.value}`" if check.value in names else ""
    if check.kind == "trouble":
        happened.trouble_expected.add(str(check.value))
    return "" if check.value in names else f"expected {check.kind} `{check.value}`, found {', '.join(names) or 'none'}"


def check_trouble(happened: Happened) -> str:
    """Trouble that no step of the case spoke of."""
    found = {effect.code: effect.where for effect in happened.effects if isinstance(effect, Trouble)}
    return "; ".join(
        f"trouble `{code}` at {where}" for code, where in found.items() if code not in happened.trouble_expected
    )


# --- assertions ------------------------------------------------------------------------------------------------------


def check_assertions(step: UserSays, happened: Happened) -> list[str]:
    """Why the assertions of a user step do not hold; with order, each must have happened after the one before."""
    failures: list[str] = []
    after = -1
    for assertion in step.assertions:
        place, failure = _assertion(assertion, happened, after if step.in_order else -1)
        if failure:
            failures.append(failure)
        else:
            after = max(after, place)
    return failures


def _assertion(assertion: Assertion, happened: Happened, after: int) -> tuple[int, str]:
    kind, wanted = assertion.kind, assertion.wanted
    match kind:
        case "flow_started" | "flow_cancelled" | "action_executed":
            return _logged(happened, kind, wanted, after)
        case "flow_completed":
            flow = wanted.get("flow_id") if isinstance(wanted, dict) else wanted
            return _logged(
                happened, kind, flow, after, wanted.get("flow_step_id") if isinstance(wanted, dict) else None
            )
        case "slot_was_set" | "slot_was_not_set":
            return after, _slots_asserted(wanted, happened, kind == "slot_was_set")
        case "bot_uttered":
            return _uttered(wanted, happened, after)
        case "bot_did_not_utter":
            _, failure = _uttered(wanted, happened, -1)
            return after, "" if failure else f"the bot said {_described(wanted)}"
        case "pattern_clarification_contains":
            return after, "no clarification was asked for"
    return after, f"`{kind}` is not read"


def _logged(happened: Happened, what: str, name: Json, after: int, detail: Json = None) -> tuple[int, str]:
    for place, (kind, logged, value) in enumerate(happened.log):
        if place > after and kind == what and logged == name and detail in (None, value):
            return place, ""
    seen = ", ".join(logged for kind, logged, _ in happened.log if kind == what)
    return after, f"expected {what} `{name}`{f' at `{detail}`' if detail else ''}, found {seen or 'none'}"


def _slots_asserted(wanted: Json, happened: Happened, should: bool) -> str:
    failures = []
    for item in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(item, dict):
            slot = SlotWanted(str(item.get("name")), item.get("value"), any_value="value" not in item)
        else:
            slot = SlotWanted(str(item))
        failures.append(_slot(slot, happened, should))
    return "; ".join(filter(None, failures))


def _uttered(wanted: Json, happened: Happened, after: int) -> tuple[int, str]:
    places = [place for place, entry in enumerate(happened.log) if entry[0] == "bot_uttered"]
    for place, said in zip(places, happened.said, strict=True):
        if place > after and _fits(wanted, said):
            return place, ""
    return (
        after,
        f"the bot did not say {_described(wanted)}; it said {', '.join(happened.responses) or 'nothing'}",
    )


def _fits(wanted: Json, said: Say) -> bool:
    if not isinstance(wanted, dict):
        return said.response == wanted
    name, pattern, buttons = wanted.get("utter_name"), wanted.get("text_matches"), wanted.get("buttons")
    offered = [(choice.title, choice.payload) for choice in said.choices]
    asked = (
        [(b.get("title"), b.get("payload")) for b in buttons if isinstance(b, dict)]
        if isinstance(buttons, list)
        else []
    )
    return (
        (name is None or said.response == name)
        and (pattern is None or re.search(str(pattern), said.text) is not None)
        and all(button in offered for button in asked)
    )


def _described(wanted: Json) -> str:
    return ", ".join(f"{key} {value!r}" for key, value in wanted.items()) if isinstance(wanted, dict) else f"`{wanted}`"
