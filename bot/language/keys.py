"""The table of keys: what may stand where, and what becomes of it. A test holds docs/flow-format.md to it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ignored:
    """The key may stand; it does nothing here, and a note says why."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The key may not stand; the fault says why and what to write instead."""

    why: str
    instead: str


READ: Final = None
Fate = Ignored | Refused | None

_MODEL: Final = Ignored("only a language model uses it")
_RECORD: Final = Ignored("it is bookkeeping of another program")
_VOICE: Final = Ignored("there is no voice channel")
_DETAIL: Final = Ignored("nothing here depends on it")

_STEP: Final[dict[str, Fate]] = {"id": READ, "next": READ, "metadata": _RECORD, "description": _MODEL, "sidedoor": READ}
_SERVER: Final = Refused(
    "the engine is pure and calls no server", "write a custom `action_…` and list it under `actions:`"
)

KEYS: Final[dict[str, dict[str, Fate]]] = {
    "data file": {
        "version": READ,
        "flows": READ,
        "nlu": READ,
        "slots": READ,
        "responses": READ,
        "actions": READ,
        "intents": READ,
        "entities": READ,
        "session_config": READ,
        "stories": Refused("flows take the place of stories", "write flows, in files that begin with `flows:`"),
        "rules": Refused("flows take the place of rules", "write flows, in files that begin with `flows:`"),
    },
    "flow": {
        "description": READ,
        "steps": READ,
        "name": READ,
        "translation": READ,
        "if": READ,
        "nlu_trigger": READ,
        "persisted_slots": READ,
        "run_pattern_completed": READ,
        "always_include_in_prompt": _MODEL,
        "file_path": _RECORD,
        "metadata": _RECORD,
        "on_activate": _RECORD,
        "sidedoor": READ,
    },
    "action step": {"action": READ, **_STEP},
    "collect step": {
        "collect": READ,
        "utter": READ,
        "ask_before_filling": READ,
        "reset_after_flow_ends": READ,
        "rejections": READ,
        "force_slot_filling": READ,
        "silence_timeout": READ,
        "dtmf": _VOICE,
        "collect-tool-binding": _RECORD,
        **_STEP,
    },
    "set_slots step": {"set_slots": READ, **_STEP},
    "link step": {"link": READ, **_STEP, "next": Refused("a flow ends where it links to another", "take `next` out")},
    "call step": {
        "call": READ,
        "mcp_server": _SERVER,
        "mapping": _SERVER,
        "exit_if": Refused("only a language-model agent uses it", "branch with `next` after the call"),
        **_STEP,
    },
    "noop step": {"noop": READ, **_STEP},
    "branch": {"if": READ, "then": READ, "else": READ},
    "rejection": {"if": READ, "utter": READ},
    "domain": {
        "version": READ,
        "slots": READ,
        "responses": READ,
        "actions": READ,
        "intents": READ,
        "entities": READ,
        "session_config": READ,
        "config": _DETAIL,
        "forms": Refused("a flow asks instead of a form", "write a flow with `collect` steps"),
        "e2e_actions": Refused("flows take the place of stories and rules", "write flows"),
    },
    "slot": {
        "type": READ,
        "initial_value": READ,
        "values": READ,
        "min_value": READ,
        "max_value": READ,
        "mappings": READ,
        "validation": READ,
        "influence_conversation": _MODEL,
        "allow_llm_set": _MODEL,
        "auto_fill": _DETAIL,
        "sidedoor": READ,
    },
    "mapping": {
        "type": READ,
        "intent": READ,
        "not_intent": READ,
        "entity": READ,
        "role": READ,
        "group": READ,
        "value": READ,
        "conditions": READ,
        "action": _DETAIL,
        "run_action_every_turn": _DETAIL,
        "coexistence_system": _DETAIL,
        "allow_nlu_correction": _MODEL,
    },
    "validation": {"rejections": READ, "refill_utter": READ},
    "variation": {
        "text": READ,
        "buttons": READ,
        "quick_replies": READ,
        "channel": READ,
        "condition": READ,
        "translation": READ,
        "metadata": READ,
        "id": READ,
        "image": Ignored("pictures are not sent"),
        "attachment": Ignored("files are not sent"),
        "elements": Ignored("cards are not sent"),
        "custom": Ignored("the channels here know only text and buttons"),
        "button_type": _DETAIL,
        "allow_interruptions": _VOICE,
    },
    "response metadata": {"template": READ, "rephrase": _MODEL, "rephrase_prompt": _MODEL},
    "button": {"title": READ, "payload": READ, "translation": READ, "type": _DETAIL},
    "session_config": {
        "session_expiration_time": READ,
        "carry_over_slots_to_new_session": READ,
        "start_session_after_expiry": Ignored("a session always starts after expiry"),
    },
    "slot sidedoor": {
        "reader": READ,
        "many": READ,
        "values": READ,
        "words": READ,
        "label": READ,
        "why": READ,
        "again": READ,
        "rest": READ,
        "sensitive": READ,
        "skippable": READ,
        "from_start": READ,
    },
    "flow sidedoor": {"resumable": READ, "anytime": READ},
    "action sidedoor": {"reason": READ, "urgency": READ},
    "collect sidedoor": {"silence": READ},
    "silence": {"after": READ, "utter": READ, "then": READ, "if": READ, "channels": READ},
    "migration": {"flow": READ, "to": READ, "steps": READ, "slots": READ},
    "test file": {
        "version": READ,
        "test_cases": READ,
        "fixtures": READ,
        "metadata": READ,
        "stub_custom_actions": READ,
        "llm_judge": Refused("only a language model can judge so", "take it out"),
    },
    "test case": {"test_case": READ, "steps": READ, "fixtures": READ, "metadata": READ},
    "test setting": {
        "channel": READ,
        "naming": READ,
        "verified": READ,
        "staffed": READ,
        "language": READ,
        "code": READ,
        "service": READ,
        "now": READ,
        "new_session": READ,
    },
    "nlu item": {
        "intent": READ,
        "examples": READ,
        "synonym": _DETAIL,
        "regex": _DETAIL,
        "lookup": _DETAIL,
        "metadata": _RECORD,
    },
}

STEP_KINDS: Final = ("action", "collect", "call", "link", "set_slots", "noop")

DIGITS_ARE_ANSWERS: Final = frozenset({"number", "scale", "date", "time", "hours", "times"})
"""Readers to whom a bare digit is an answer and not the number of a button."""

SLOT_TYPES: Final = ("text", "bool", "float", "list", "categorical", "strict_categorical", "any")
BUTTON_CHANNELS: Final = frozenset({"webchat", "telegram"})
CHANNELS: Final = ("sms", "whatsapp", "telegram", "webchat", "email")
URGENCIES: Final = ("urgent", "soon", "routine")
COMMANDS: Final = frozenset(
    [
        "skip",
        "why",
        "repeat",
        "back",
        "change",
        "leave_it",
        "wait",
        "later",
        "restart",
        "help",
        "person",
        "exit",
        "resume",
    ]
)

BUILT_IN_SLOTS: Final = frozenset(
    {
        "session_channel",
        "session_naming",
        "session_verified",
        "session_staffed",
        "session_code",
        "session_word_agreed",
        "session_word_fault",
        "session_recheck",
        "session_confirms",
        "session_starts",
        "session_about",
        "session_round",
        "session_resumable",
        "session_open_flow",
        "session_change",
        "language",
    }
)
SETTABLE_BUILT_INS: Final = frozenset({"language", "session_change"})


def is_built_in(slot: str) -> bool:
    """Whether the engine sets the slot `slot` from what the house knows."""
    return slot in BUILT_IN_SLOTS or slot.startswith("service_")


DEFAULT_ACTIONS: Final = frozenset(
    {
        "action_listen",
        "action_hand_over",
        "action_end_session",
        "action_read_back",
        "action_change_answer",
        "action_ask_changed_question",
        "action_resume",
        "action_start_fresh",
        "action_restart",
        "action_session_start",
        "action_cancel_flow",
        "action_correct_flow_slot",
        "action_run_slot_rejections",
        "action_clean_stack",
        "action_continue_interrupted_flow",
        "action_cancel_interrupted_flows",
        "action_clarify_flows",
        "action_repeat_bot_messages",
        "action_hangup",
        "action_skip_question",
        "action_explain_question",
    }
)
MODEL_ACTIONS: Final = frozenset({"action_trigger_search", "action_trigger_chitchat"})

LINKABLE_PATTERNS: Final = frozenset({"pattern_human_handoff", "pattern_customer_satisfaction"})
LINKABLE_FROM_PATTERNS: Final = LINKABLE_PATTERNS | {"pattern_chitchat", "pattern_search"}
REFUSED_PATTERNS: Final = frozenset({"pattern_collect_information", "pattern_validate_slot"})
