"""Reads the steps of a flow: nested branches become one flat map of steps, each with its ways on."""

import re
from collections import Counter
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from bot.contract import Json
from bot.faults import Spot
from bot.language.findings import Findings
from bot.language.keys import CHANNELS, STEP_KINDS, URGENCIES
from bot.language.models import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    LinkStep,
    NoopStep,
    SetStep,
    Silence,
    Step,
    Way,
)
from bot.language.slots import read_rejections
from bot.language.yamlfile import Part

_SLOT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_THEN: Final = ("nudge", "pause", "end")


class StepReader:
    """Reads one flow. `slots` are those it collects or sets, `kept` those it does not reset at its end."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.steps: dict[str, Step] = {}
        self.slots: set[str] = set()
        self.kept: set[str] = set()
        self._ids: dict[int, str] = {}
        self._taken: Counter[str] = Counter()
        self._jumps: list[tuple[str, Part]] = []

    def read(self, part: Part | None, flow: Part) -> list[Step]:
        """All steps in the order of the file; none after a fault that leaves nothing to read."""
        if part is None or (part.is_list and not list(part)):
            self.findings.fault(flow, "this flow has no `steps`", "write `steps:` and at least one step", at_key=True)
            return []
        self._name_all(part)
        self._sequence(list(self.findings.items(part, "steps")), END, nested=False)
        for target, place in self._jumps:
            if target != END and target not in self.steps:
                self._no_such_step(target, place)
        return list(self.steps.values())

    def _no_such_step(self, target: str, place: Part) -> None:
        self.findings.fault(
            place, f"there is no step `{target}` in this flow", f"write `END` or one of {', '.join(self.steps)}"
        )

    # --- ids: given by the author, or made from what the step does, so that they survive an insertion ---

    def _name_all(self, part: Part) -> None:
        places = list(_all_steps(part))
        for place in places:
            if given := place.get("id"):
                self._take_id(place, given)
        for place in places:
            if place.is_map and place.get("id") is None:
                self._make_id(place)

    def _take_id(self, place: Part, given: Part) -> None:
        name = self.findings.text(given, "id")
        if name in ("START", END) or name.startswith("NEXT:"):
            self.findings.fault(given, f"`{name}` is reserved and cannot be the id of a step", "choose another id")
        if name in self._taken:
            self.findings.fault(given, f"the id `{name}` stands twice in this flow", "give one of them another id")
        self._taken[name] += 1
        self._ids[id(place.node)] = name

    def _make_id(self, place: Part) -> None:
        kind = next((kind for kind in STEP_KINDS if place.get(kind)), "step")
        about = place.get(kind)
        written = str(about.node.value) if about and not about.is_list and not about.is_map else ""
        base = {"action": written, "set_slots": kind, "noop": kind}.get(kind, f"{kind}_{written}") or kind
        name, count = base, 1
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken[name] += 1
        self._ids[id(place.node)] = name

    # --- sequences and branches ---

    def _sequence(self, places: list[Part], after: str, *, nested: bool) -> str:
        """Reads steps that follow one another and gives the id of the first; the last goes on to `after`."""
        for index, place in enumerate(places):
            last = index == len(places) - 1
            following = after if last else self._ids.get(id(places[index + 1].node), after)
            self._step(place, following, must_say_next=nested and last)
        return self._ids.get(id(places[0].node), after) if places else after

    def _step(self, part: Part, following: str, *, must_say_next: bool) -> None:
        if not self.findings.is_map(part, "step"):
            return
        kinds = [kind for kind in STEP_KINDS if part.get(kind) is not None]
        if len(kinds) != 1:
            said = "none of them" if not kinds else " and ".join(f"`{kind}`" for kind in kinds)
            self.findings.fault(part, f"a step does exactly one thing; this one has {said}", self._kind_meant(part))
            return
        keys = self.findings.section(part, f"{kinds[0]} step")
        name = self._ids[id(part.node)]
        if must_say_next and "next" not in keys and kinds[0] != "link":
            self.findings.fault(
                part, "the last step of a branch needs `next`", "write `next: END` or `next:` and a step id"
            )
        if kinds[0] == "noop" and "next" not in keys:
            self.findings.fault(part, "a `noop` step needs `next`", "write the branches below `next:`")
        slot_for = {
            "action": self._action,
            "collect": self._collect,
            "set_slots": self._set,
            "link": self._link,
            "call": self._call,
        }
        # the step takes its place before those nested below it, so that steps stay in the order of the file
        self.steps[name] = NoopStep(id=name, ways=(), spot=part.spot())
        ways = () if kinds[0] == "link" else self._ways(keys.get("next"), following)
        make = slot_for.get(kinds[0])
        made = make(name, ways, keys, part) if make else NoopStep(id=name, ways=ways, spot=part.spot())
        if made is not None:
            self.steps[name] = made

    def _kind_meant(self, part: Part) -> str:
        near = [match for key in part.items() for match in get_close_matches(key, STEP_KINDS, n=1, cutoff=0.75)]
        return f"did you mean `{near[0]}`?" if len(near) == 1 else f"write one of {', '.join(STEP_KINDS)}"

    def _ways(self, part: Part | None, following: str) -> tuple[Way, ...]:
        if part is None:
            return (Way(following),)
        if not part.is_list:
            return (Way(self._target(part, following)),)
        ways: list[Way] = []
        for item in part:
            ways += self._branch(item, following)
        self._check_else(part, ways)
        return tuple(ways)

    def _check_else(self, part: Part, ways: list[Way]) -> None:
        if not list(part):
            self.findings.fault(part, "`next` is empty", "write a step id, `END`, or branches", at_key=True)
        elif any(way.condition for way in ways) and (not ways or ways[-1].condition is not None):
            self.findings.fault(
                part, "these branches have no `else`", "add `- else: END` or what else should happen", at_key=True
            )

    def _branch(self, item: Part, following: str) -> list[Way]:
        keys = self.findings.section(item, "branch")
        if "else" in keys:
            return [Way(self._target(keys["else"], following))]
        if "if" not in keys or "then" not in keys:
            if item.is_map:
                self.findings.fault(
                    item, "a branch needs `if` and `then`, or `else`", "write `- if: …` and below it `then: …`"
                )
            return []
        condition = self.findings.condition(keys["if"])
        target = self._target(keys["then"], following)
        return [Way(target, condition)] if condition else []

    def _target(self, part: Part, following: str) -> str:
        if part.is_list:
            places = list(part)
            if not places:
                self.findings.fault(part, "this branch has no steps", "write `END`, a step id, or steps", at_key=True)
            return self._sequence(places, following, nested=True)
        target = self.findings.text(part, "the next step", END)
        self._jumps.append((target, part))
        return target

    # --- kinds ---

    def _action(self, name: str, ways: tuple[Way, ...], keys: dict[str, Part], part: Part) -> Step:
        own = self.findings.section(keys["sidedoor"], "action sidedoor") if "sidedoor" in keys else {}
        urgency = self.findings.one_of(own.get("urgency"), "urgency", URGENCIES, "soon")
        return ActionStep(
            id=name,
            ways=ways,
            spot=keys["action"].spot(),
            action=self.findings.text(keys["action"], "action"),
            reason=self.findings.text(own.get("reason"), "reason"),
            urgency="urgent" if urgency == "urgent" else "routine" if urgency == "routine" else "soon",
        )

    def _collect(self, name: str, ways: tuple[Way, ...], keys: dict[str, Part], part: Part) -> Step:
        findings, slot = self.findings, self.findings.text(keys["collect"], "collect")
        if not _SLOT.fullmatch(slot):
            findings.fault(
                keys["collect"], f"`{slot}` cannot be the name of a slot", "use letters, digits, `_` and `-`"
            )
        self.slots.add(slot)
        if not findings.flag(keys.get("reset_after_flow_ends"), "reset_after_flow_ends", True):
            self.kept.add(slot)
        own = findings.section(keys["sidedoor"], "collect sidedoor") if "sidedoor" in keys else {}
        return CollectStep(
            id=name,
            ways=ways,
            spot=keys["collect"].spot(),
            slot=slot,
            utter=findings.text(keys.get("utter"), "utter", f"utter_ask_{slot}"),
            ask_before_filling=findings.flag(keys.get("ask_before_filling"), "ask_before_filling", False),
            rejections=read_rejections(keys.get("rejections"), findings),
            force=findings.flag(keys.get("force_slot_filling"), "force_slot_filling", False),
            silences=(*self._silences(own.get("silence")), *self._timeouts(keys.get("silence_timeout"))),
        )

    def _set(self, name: str, ways: tuple[Way, ...], keys: dict[str, Part], part: Part) -> Step:
        values: list[tuple[str, Json]] = []
        spots: list[Spot] = []
        for item in self.findings.items(keys["set_slots"], "set_slots"):
            if len(item.items()) != 1:
                self.findings.fault(item, "each of `set_slots` sets one slot", "write `- slot: value`")
            for slot, value in item.items().items():
                values.append((slot, value.plain()))
                spots.append(value.spot())
                self.slots.add(slot)
        return SetStep(id=name, ways=ways, spot=part.spot(), values=tuple(values), spots=tuple(spots))

    def _link(self, name: str, ways: tuple[Way, ...], keys: dict[str, Part], part: Part) -> Step:
        return LinkStep(
            id=name, ways=(Way(END),), spot=keys["link"].spot(), flow=self.findings.text(keys["link"], "link")
        )

    def _call(self, name: str, ways: tuple[Way, ...], keys: dict[str, Part], part: Part) -> Step:
        return CallStep(id=name, ways=ways, spot=keys["call"].spot(), flow=self.findings.text(keys["call"], "call"))

    # --- silence ---

    def _silences(self, part: Part | None) -> list[Silence]:
        if part is None:
            return []
        items = list(part) if part.is_list else [part]
        return [made for item in items if (made := self._silence(item))]

    def _silence(self, part: Part) -> Silence | None:
        keys = self.findings.section(part, "silence")
        after = self.findings.number(keys.get("after"), "after")
        if after is None or after <= 0:
            self.findings.fault(part, "`silence` needs `after`, in seconds", "write `after: 300`")
            return None
        then = self.findings.one_of(keys.get("then"), "then", _THEN, "nudge")
        channels = self.findings.names(keys.get("channels"), "channels") or ("webchat",)
        return Silence(
            after=timedelta(seconds=after),
            then="pause" if then == "pause" else "end" if then == "end" else "nudge",
            channels=frozenset(channels),
            utter=self.findings.text(keys.get("utter"), "utter"),
            condition=self.findings.condition(keys["if"]) if "if" in keys else None,
        )

    def _timeouts(self, part: Part | None) -> list[Silence]:
        """Rasa's `silence_timeout`: seconds, or a map from channel to seconds; then `pattern_user_silence` runs."""
        if part is None:
            return []
        pairs = list(part.items().items()) if part.is_map else [("", part)]
        made: list[Silence] = []
        for channel, seconds in pairs:
            after = self.findings.number(seconds, "silence_timeout")
            if after:
                channels = frozenset({channel} if channel else CHANNELS)
                made.append(Silence(after=timedelta(seconds=after), then="pattern", channels=channels))
        return made


def _all_steps(part: Part) -> list[Part]:
    """Every step below `part` in the order of the file, nested ones after the one that holds them."""
    found: list[Part] = []
    for place in part:
        found.append(place)
        for branch in place.get("next") or ():
            for key in ("then", "else"):
                if (inner := branch.get(key)) is not None and inner.is_list:
                    found += _all_steps(inner)
    return found
