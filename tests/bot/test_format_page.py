"""docs/flow-format.md tells of everything that can be written in a flow file."""

import re
from functools import lru_cache
from pathlib import Path

import pytest

import bot
from bot.language.keys import BUILT_IN_SLOTS, COMMANDS, DEFAULT_ACTIONS, KEYS, MODEL_ACTIONS, SLOT_TYPES, STEP_KINDS
from bot.understanding import READERS

ROOT = Path(__file__).parents[2]
INSIDE = {"branch", "rejection", "silence", "migration", "nlu item", "validation"}
"""Sections whose keys are told inside a sentence or an example, not one by one."""


@lru_cache
def _named() -> frozenset[str]:
    """Every word that stands in a code span or block of the page."""
    page = (ROOT / "docs" / "flow-format.md").read_text("utf-8")
    code = re.findall(r"```.*?```|`[^`]+`", page, re.DOTALL)
    return frozenset(word for span in code for word in re.findall(r"[\w-]+", span))


@pytest.mark.parametrize("section", [section for section in KEYS if section not in INSIDE])
def test_every_key_is_told(section: str) -> None:
    assert not sorted(key for key in KEYS[section] if key not in _named())


def test_every_step_type_reader_command_action_and_built_in_slot_is_told() -> None:
    hidden = {"session_change"}
    everything = {*STEP_KINDS, *SLOT_TYPES, *READERS, *COMMANDS, *DEFAULT_ACTIONS, *MODEL_ACTIONS, *BUILT_IN_SLOTS}
    assert not sorted(everything - hidden - _named())


def test_every_pattern_is_told() -> None:
    flows = bot.load_flows(ROOT / "tests/bot/projects/talking")
    assert not sorted(name for name, flow in flows.flows.items() if flow.is_pattern and name not in _named())
