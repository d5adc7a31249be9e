"""Reads the flows of a file: their keys here, their steps in `steps`."""

import re
from typing import Final

from bot.language.findings import Findings
from bot.language.keys import REFUSED_PATTERNS
from bot.language.models import Flow, Trigger
from bot.language.steps import StepReader
from bot.language.versions import content_hash
from bot.language.yamlfile import Part

_ID: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def read_flows(flows: Part, findings: Findings, into: dict[str, Flow], *, own: bool = True) -> None:
    """Adds the flows of one file's section `flows` to `into`."""
    if not findings.is_map(flows, "section `flows`"):
        return
    for name, item in flows.items().items():
        if name in into and into[name].own == own:
            place = into[name].spot
            findings.fault(
                item,
                f"the flow `{name}` is there already, at {place.file}:{place.line}",
                "give one of them another id",
                at_key=True,
            )
        elif name in REFUSED_PATTERNS:
            findings.fault(
                item,
                f"`{name}` cannot be replaced: the engine asks and checks by itself",
                "use `utter`, `rejections` and `sidedoor:` on the collect steps",
                at_key=True,
            )
        elif flow := _read_flow(name, item, findings, own=own):
            into[name] = flow


def _read_flow(name: str, part: Part, findings: Findings, *, own: bool) -> Flow | None:
    if not _ID.fullmatch(name):
        findings.fault(
            part,
            f"`{name}` cannot be the id of a flow",
            "use letters, digits, `_` and `-`, not beginning with `-`",
            at_key=True,
        )
    keys = findings.section(part, "flow")
    if not part.is_map:
        return None
    if "description" not in keys:
        findings.fault(
            part, f"the flow `{name}` has no `description`", "write one line that says what it is for", at_key=True
        )
    reader = StepReader(findings)
    steps = reader.read(keys.get("steps"), part)
    if not steps:
        return None
    sidedoor = findings.section(keys["sidedoor"], "flow sidedoor") if "sidedoor" in keys else {}
    return Flow(
        id=name,
        name=findings.text(keys.get("name"), "name", name.replace("_", " ")),
        names=_names(keys.get("translation"), findings),
        description=findings.text(keys.get("description"), "description"),
        steps={step.id: step for step in steps},
        first=steps[0].id,
        version=content_hash(part.plain()),
        guard=findings.condition(keys["if"]) if "if" in keys else None,
        triggers=tuple(_triggers(keys.get("nlu_trigger"), findings)),
        persisted=frozenset(_persisted(keys.get("persisted_slots"), reader, findings)),
        kept=frozenset(reader.kept),
        run_pattern_completed=findings.flag(keys.get("run_pattern_completed"), "run_pattern_completed", True),
        resumable=findings.flag(sidedoor.get("resumable"), "resumable", True),
        anytime=findings.flag(sidedoor.get("anytime"), "anytime", False),
        own=own,
        spot=part.key_spot(),
    )


def _names(part: Part | None, findings: Findings) -> dict[str, str]:
    if part is None or not findings.is_map(part, "translation"):
        return {}
    return {
        language: findings.text(item.get("name"), "name") for language, item in part.items().items() if item.get("name")
    }


def _triggers(part: Part | None, findings: Findings) -> list[Trigger]:
    made: list[Trigger] = []
    for item in findings.items(part, "nlu_trigger"):
        intent = item.get("intent")
        if intent is None:
            findings.fault(item, "a trigger needs `intent`", "write `- intent: name`")
        elif intent.is_map:
            threshold = findings.number(intent.get("confidence_threshold"), "confidence_threshold") or 0.0
            made.append(Trigger(findings.text(intent.get("name"), "name"), threshold))
        else:
            made.append(Trigger(findings.text(intent, "intent"), 0.0))
    return made


def _persisted(part: Part | None, reader: StepReader, findings: Findings) -> list[str]:
    """The persisted slots; each must be used in the flow."""
    names: list[str] = []
    for item in findings.items(part, "persisted_slots"):
        name = findings.text(item, "a persisted slot")
        if name not in reader.slots:
            findings.fault(
                item, f"`{name}` is persisted but neither collected nor set in this flow", "take it out, or collect it"
            )
        names.append(name)
    if part is not None and reader.kept:
        findings.fault(
            part, "`persisted_slots` and `reset_after_flow_ends` do not go together", "take `reset_after_flow_ends` out"
        )
    return names
