"""Reads slots: their type, their values, how they fill, and what we add to them."""

from typing import Final

from bot.contract import Json
from bot.language.findings import Findings
from bot.language.keys import SLOT_TYPES, is_built_in
from bot.language.models import Rejection, Slot, SlotMapping
from bot.language.yamlfile import Part
from bot.understanding import READERS

_FILLING: Final = ("from_text", "from_intent", "from_entity", "controlled")
_WIDEST_SCALE: Final = 10


def read_slot(name: str, part: Part, findings: Findings) -> Slot:
    """The slot under `name`; a faulty one is a text slot, so that reading can go on."""
    keys = findings.section(part, "slot")
    if is_built_in(name):
        findings.fault(
            part,
            f"`{name}` is a built-in slot",
            "take it out here; it can be read in conditions and texts",
            at_key=True,
        )
    kind = findings.one_of(keys.get("type"), "type", SLOT_TYPES, "text")
    if part.is_map and "type" not in keys:
        findings.fault(
            part, f"the slot `{name}` has no `type`", f"write `type:` and one of {', '.join(SLOT_TYPES)}", at_key=True
        )
    own = findings.section(keys["sidedoor"], "slot sidedoor") if "sidedoor" in keys else {}
    rejections, refill = _validation(keys.get("validation"), findings)
    minimum, maximum = (
        findings.number(keys.get("min_value"), "min_value"),
        findings.number(keys.get("max_value"), "max_value"),
    )
    return Slot(
        name=name,
        kind=kind,
        initial=findings.value(keys.get("initial_value")),
        values=_values(kind, keys.get("values"), own.get("values"), part, findings),
        minimum=minimum,
        maximum=maximum,
        mappings=tuple(_mappings(keys.get("mappings"), findings)),
        rejections=rejections,
        refill_utter=refill,
        reader=findings.one_of(own.get("reader"), "reader", READERS, "") or _reader_of(kind, minimum, maximum),
        many=_many(kind, own.get("many"), findings),
        words=_words(own.get("words"), findings),
        label=findings.text(own.get("label"), "label"),
        why=findings.text(own.get("why"), "why"),
        again=findings.text(own.get("again"), "again"),
        rest=findings.text(own.get("rest"), "rest"),
        sensitive=findings.flag(own.get("sensitive"), "sensitive", False),
        skippable=findings.flag(own.get("skippable"), "skippable", True),
        from_start=findings.flag(own.get("from_start"), "from_start", False),
        spot=part.key_spot(),
    )


def _reader_of(kind: str, minimum: float | None, maximum: float | None) -> str:
    """The reader that a type has by itself; empty where buttons decide between choice and free text."""
    if kind == "bool":
        return "yes_no"
    if kind == "float":
        narrow = minimum is not None and maximum is not None and maximum - minimum <= _WIDEST_SCALE
        return "scale" if narrow else "number"
    return "choice" if kind in ("categorical", "strict_categorical") else ""


def _values(kind: str, part: Part | None, own: Part | None, slot: Part, findings: Findings) -> tuple[Json, ...]:
    """The values of a categorical slot, or of a choice with several answers."""
    listed = part or own
    values = tuple(item.plain() for item in findings.items(listed, "values"))
    if kind in ("categorical", "strict_categorical") and not values:
        findings.fault(slot, "a categorical slot needs `values`", "list them: `values: [text, call]`", at_key=True)
    for item in findings.items(listed, "values"):
        if isinstance(item.scalar, bool):
            findings.fault(item, "a value of a choice cannot be true or false", f'quote it: `"{item.node.value}"`')
    return values


def _many(kind: str, part: Part | None, findings: Findings) -> bool:
    many = findings.flag(part, "many", False)
    if many and part is not None and kind not in ("list", "any"):
        findings.fault(part, "`many` needs a slot that holds a list", "write `type: list`")
    return many


def _words(part: Part | None, findings: Findings) -> dict[str, tuple[str, ...]]:
    if part is None or not findings.is_map(part, "words"):
        return {}
    return {value: findings.names(words, "words") for value, words in part.items().items()}


def _validation(part: Part | None, findings: Findings) -> tuple[tuple[Rejection, ...], str]:
    if part is None:
        return (), ""
    keys = findings.section(part, "validation")
    return read_rejections(keys.get("rejections"), findings), findings.text(keys.get("refill_utter"), "refill_utter")


def read_rejections(part: Part | None, findings: Findings) -> tuple[Rejection, ...]:
    """A list of `{if, utter}`."""
    made: list[Rejection] = []
    for item in findings.items(part, "rejections"):
        keys = findings.section(item, "rejection")
        if "if" not in keys or "utter" not in keys:
            findings.fault(item, "a rejection needs `if` and `utter`", "write `- if: …` and below it `utter: utter_…`")
        elif condition := findings.condition(keys["if"]):
            made.append(Rejection(condition, findings.text(keys["utter"], "utter")))
    return tuple(made)


# --- mappings --------------------------------------------------------------------------------------------------------


def _mappings(part: Part | None, findings: Findings) -> list[SlotMapping]:
    return [made for item in findings.items(part, "mappings") if (made := _mapping(item, findings))]


def _mapping(part: Part, findings: Findings) -> SlotMapping | None:
    keys = findings.section(part, "mapping")
    kind = findings.text(keys.get("type"), "type")
    if kind == "from_llm":
        findings.note(part, "`from_llm` is read as: the answer to the question asked is taken")
        kind = "from_text"
    if kind == "custom":
        kind = "controlled"
    if kind == "from_trigger_intent":
        findings.fault(part, "`from_trigger_intent` belongs to forms, which are not read", "write `type: from_intent`")
        return None
    if kind not in _FILLING:
        findings.fault(part, f"there is no mapping `{kind}`", f"write `type:` and one of {', '.join(_FILLING)}")
        return None
    if kind == "from_entity" and "entity" not in keys:
        findings.fault(part, "`from_entity` needs `entity`", "write `entity: name`")
    return SlotMapping(
        kind=kind,
        intents=frozenset(findings.names(keys.get("intent"), "intent")),
        not_intents=frozenset(findings.names(keys.get("not_intent"), "not_intent")),
        entity=_entity(keys, findings),
        value=findings.value(keys.get("value")),
        active_flows=frozenset(_active_flows(keys.get("conditions"), findings)),
    )


def _entity(keys: dict[str, Part], findings: Findings) -> str:
    """An entity's name; a role or group, which our classifier does not tell apart, is noted."""
    for key in ("role", "group"):
        if key in keys:
            findings.note(keys[key], f"`{key}` is read, but built-in understanding does not tell entities apart by it")
    return findings.text(keys.get("entity"), "entity")


def _active_flows(part: Part | None, findings: Findings) -> list[str]:
    flows = []
    for item in findings.items(part, "conditions"):
        flow = item.get("active_flow") or item.get("active_loop")
        if flow is None:
            findings.fault(item, "this condition needs `active_flow`", "write `- active_flow: flow_id`")
        else:
            flows.append(findings.text(flow, "active_flow"))
    return flows
