"""What can be seen without talking: what is never used, circles without a question, waits that are too long."""

from collections.abc import Iterator
from datetime import timedelta

from bot.checker.findings import Finding
from bot.language.ahead import called
from bot.language.conditions import Condition
from bot.language.models import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    Flows,
    LinkStep,
    SetStep,
    Step,
)
from bot.language.payloads import GivesIntent, read_payload
from bot.understanding import READERS

WHATSAPP_WINDOW = timedelta(hours=24)
"""Later than this after the person's last words only a template may go (R26)."""


def check_statics(flows: Flows) -> list[Finding]:
    """Everything of this kind in the project's own flows."""
    own = [flow for flow in flows.flows.values() if flow.own]
    found = [finding for flow in own for finding in (*_circles(flow, flows), *_waits(flow), *_start(flow, flows))]
    return [*found, *_unused_slots(flows), *_unused_responses(flows), *_silent_intents(flows), *_danger(flows)]


# --- circles and waits ------------------------------------------------------------------------------------------------


def _circles(flow: Flow, flows: Flows) -> Iterator[Finding]:
    """Steps that lead back to themselves with nothing asked on the way."""
    for step in flow.steps.values():
        if not _waits_at(step, flows) and step.id in _reached_without_waiting(flow, step, flows):
            what = f"from `{step.id}` the steps lead back to it without asking anything"
            yield Finding(
                "circle", step.spot, f"flows.{flow.id}.steps.{step.id}", what, "ask something, or go on to END"
            )


def _waits_at(step: Step, flows: Flows) -> bool:
    if isinstance(step, CallStep):
        inner = called(flows.flows[step.flow], flows.flows)
        return any(isinstance(each, CollectStep) for flow in inner for each in flow.steps.values())
    ends = isinstance(step, ActionStep) and step.action in (
        "action_listen",
        "action_end_session",
        "action_change_answer",
    )
    return ends or isinstance(step, CollectStep)


def _reached_without_waiting(flow: Flow, start: Step, flows: Flows) -> set[str]:
    reached: set[str] = set()
    open_ends = [way.target for way in start.ways]
    while open_ends:
        name = open_ends.pop()
        if name == END or name in reached:
            continue
        reached.add(name)
        if not _waits_at(flow.steps[name], flows):
            open_ends += [way.target for way in flow.steps[name].ways]
    return reached


def _waits(flow: Flow) -> Iterator[Finding]:
    for step in flow.steps.values():
        for silence in step.silences if isinstance(step, CollectStep) else ():
            if "whatsapp" in silence.channels and silence.after >= WHATSAPP_WINDOW and silence.utter:
                what = "after 24 hours WhatsApp takes only a template"
                instead = "wait less, or take whatsapp out of `channels`"
                yield Finding("needs_template", step.spot, f"flows.{flow.id}.steps.{step.id}", what, instead)


def _start(flow: Flow, flows: Flows) -> Iterator[Finding]:
    """Whether anything starts the flow: an intent, a link, a call, the engine."""
    if flow.triggers or flow.is_pattern:
        return
    for other in flows.flows.values():
        if any(isinstance(step, LinkStep | CallStep) and step.flow == flow.id for step in other.steps.values()):
            return
    instead = "give it `nlu_trigger`, or link or call it"
    yield Finding("never_started", flow.spot, f"flows.{flow.id}", f"nothing starts the flow `{flow.id}`", instead)


# --- what is never used -----------------------------------------------------------------------------------------------


def _conditions(flows: Flows) -> Iterator[Condition]:
    for flow in flows.flows.values():
        if flow.guard:
            yield flow.guard
        for step in flow.steps.values():
            yield from (way.condition for way in step.ways if way.condition)
            if isinstance(step, CollectStep):
                yield from (rejection.condition for rejection in step.rejections)
                yield from (silence.condition for silence in step.silences if silence.condition)
    for response in flows.responses.values():
        yield from (variation.condition for variation in response.variations if variation.condition)
    for slot in flows.slots.values():
        yield from (rejection.condition for rejection in slot.rejections)


def _unused_slots(flows: Flows) -> Iterator[Finding]:
    """Slots that no flow collects or sets, no text shows, no condition reads."""
    used = {name for condition in _conditions(flows) for name in condition.reads | condition.guarded}
    for flow in flows.flows.values():
        for step in flow.steps.values():
            if isinstance(step, CollectStep):
                used.add(step.slot)
            elif isinstance(step, SetStep):
                used.update(name for name, _ in step.values)
    for response in flows.responses.values():
        for variation in response.variations:
            used |= variation.text.reads
    used |= {slot.rest for slot in flows.slots.values()}
    for slot in flows.slots.values():
        if slot.name not in used and slot.spot.file and not slot.mappings:
            what = f"the slot `{slot.name}` is never used"
            yield Finding("unused_slot", slot.spot, f"slots.{slot.name}", what, "take it out", is_error=False)


def _used_responses(flows: Flows) -> set[str]:
    used = {f"utter_example_{reader}" for reader in READERS}
    for flow in flows.flows.values():
        for step in flow.steps.values():
            if isinstance(step, ActionStep):
                used.add(step.action)
            elif isinstance(step, CollectStep):
                used |= {step.utter, f"{step.utter}_again", f"utter_ask_{step.slot}_again", f"utter_again_{step.slot}"}
                used |= {rejection.utter for rejection in step.rejections}
                used |= {silence.utter for silence in step.silences}
    for slot in flows.slots.values():
        used |= {slot.why, slot.again, slot.label, slot.refill_utter, *(each.utter for each in slot.rejections)}
    return used


def _unused_responses(flows: Flows) -> Iterator[Finding]:
    """Responses that no flow says. The house may send some by itself, so this is only a note."""
    used = _used_responses(flows)
    for response in flows.responses.values():
        if response.own and response.name not in used and response.name not in flows.default_responses:
            what = f"no flow says `{response.name}`"
            instead = "take it out, unless the house sends it"
            yield Finding("unused_response", response.spot, f"responses.{response.name}", what, instead, is_error=False)


def _silent_intents(flows: Flows) -> Iterator[Finding]:
    """Triggers without examples: nobody's words can start them, only a button or the house."""
    payloads = {
        payload.name
        for response in flows.responses.values()
        for variation in response.variations
        for button in variation.buttons
        if isinstance(payload := read_payload(button.payload), GivesIntent)
    }
    for flow in flows.flows.values():
        for trigger in flow.triggers if flow.own else ():
            if trigger.intent not in flows.nlu and trigger.intent not in payloads:
                what = f"the intent `{trigger.intent}` has no examples, so no words start `{flow.id}`"
                instead = "write examples for it below data/"
                yield Finding("no_examples", flow.spot, f"flows.{flow.id}.nlu_trigger", what, instead, is_error=False)


def _danger(flows: Flows) -> Iterator[Finding]:
    """What is said in danger must be there whatever is known (R29)."""
    pattern = flows.flows["pattern_danger"]
    for step in pattern.steps.values():
        response = flows.responses.get(step.action) if isinstance(step, ActionStep) else None
        if response and not any(each.condition is None and not each.channel for each in response.variations):
            what = f"`{response.name}` has no variation that always fits (R29)"
            instead = "add one without `condition` and `channel`"
            yield Finding("danger_may_be_silent", response.spot, f"responses.{response.name}", what, instead)
