"""Whatever stands in the files, a project loads or is refused with faults that have a place; nothing crashes."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot
from bot.contract import Facts, Said
from bot.conversation_tests import load_cases
from bot.conversation_tests.cases import START
from bot.language.load import notes_of
from bot.language.yamlfile import parse

PROJECT = Path(__file__).parent / "projects" / "bank"
FILES = {path.relative_to(PROJECT).as_posix(): path.read_text("utf-8") for path in PROJECT.rglob("*.yml")}
FILES["migrations.yml"] = "migrations: [{flow: old, to: send_money, steps: {a: send}, slots: {x: recipient}}]"
ODD: list[Any] = [
    None, True, 0, -1.5, 10**30, float("1e400"), "", " ", "END", "yes", "slots.amount > ", "utter_sent", "{x}", "{{x}}",
    "/SetSlots(a=", [], [[]], [None], [1, "a"], {}, {"a": {"b": []}}, {"if": True}, {"next": []}, {"1": 2}, "\x07",
    "é" * 50, "a: b", "- a",
]  # fmt: skip


def _damaged(tree: Any, dice: random.Random) -> Any:
    """The tree with one part of it replaced, taken out, doubled or renamed."""
    if isinstance(tree, dict) and tree and dice.random() < 0.9:
        key = dice.choice(list(tree))
        return _damaged_map(tree, key, dice)
    if isinstance(tree, list) and tree and dice.random() < 0.9:
        place = dice.randrange(len(tree))
        return [*tree[:place], *_instead(tree[place], dice), *tree[place + 1 :]]
    return dice.choice(ODD)


def _damaged_map(tree: dict[Any, Any], key: Any, dice: random.Random) -> dict[Any, Any]:
    changed = dict(tree)
    if dice.random() < 0.2:
        value = changed.pop(key)
        if dice.random() < 0.5:
            changed[dice.choice(["", "if", "steps", "link", "sidedoor", "nope", 7])] = value
    else:
        changed[key] = _damaged(tree[key], dice)
    return changed


def _instead(item: Any, dice: random.Random) -> list[Any]:
    return dice.choice([[], [item, item], [_damaged(item, dice)], [_damaged(item, dice)], [_damaged(item, dice)]])


def _read(text: str) -> Any:
    part, _ = parse("test", text)
    return part.plain() if part else None


def _written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def _can_be_talked_to(flows: bot.Flows) -> None:
    state = bot.new_state(flows)
    for words in (
        "hello",
        "/send_money",
        "Joe",
        "100",
        "now",
        "skip",
        "back",
        "change",
        "1",
        "yes",
        "1234",
        "0",
        "/exit",
    ):
        state = bot.step(flows, state, Said(words), Facts(channel="sms"), START).state
        assert bot.State.from_json(json.loads(json.dumps(state.to_json()))) == state


def _loads_or_is_refused(folder: Path) -> None:
    try:
        flows = bot.load_flows(folder)
        load_cases(folder, flows)
        notes_of(flows)
        _can_be_talked_to(flows)
    except bot.FlowErrors as errors:
        assert errors.faults
        for fault in errors.faults:
            assert fault.spot.line > 0
            assert fault.what
        assert str(errors)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), blows=st.integers(1, 4))
def test_damaged_content(tmp_path: Path, seed: int, blows: int) -> None:
    dice = random.Random(seed)
    files = dict(FILES)
    for _ in range(blows):
        name = dice.choice(sorted(FILES))
        files[name] = yaml.safe_dump(_damaged(_read(files[name]), dice), sort_keys=False)
    _loads_or_is_refused(_written(tmp_path, files))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), noise=st.binary(max_size=6))
def test_damaged_bytes(tmp_path: Path, seed: int, noise: bytes) -> None:
    dice = random.Random(seed)
    name = dice.choice(sorted(FILES))
    text = FILES[name].encode()
    start = dice.randrange(len(text))
    end = min(len(text), start + dice.choice([0, 1, 5, 40]))
    _loads_or_is_refused(_written(tmp_path, {**FILES, name: text[:start] + noise + text[end:]}))


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"- a", b"a", b"\xff\xfe", b"%YAML 9", b"---\n---\n", b"a: *x", b"[" * 5000]
)
def test_files_that_are_no_project(tmp_path: Path, text: bytes) -> None:
    for name in FILES:
        _loads_or_is_refused(_written(tmp_path, {**FILES, name: text}))


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(bot.FlowErrors):
        bot.load_flows(tmp_path)
