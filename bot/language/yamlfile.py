"""YAML with places: each part of a file knows its line, its column and the path that leads to it.

Scalars are resolved by the core schema of YAML 1.2, so `yes`, `no`, `on` and `off` stay text. Tags, duplicate keys,
anchors that contain themselves and documents that would grow without bound are faults: no file can crash or stall the
loader.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from bot.contract import Json
from bot.faults import Fault, Spot

LARGEST: Final = 200_000
"""Parts in one file with its anchors written out; more is a mistake or an attack."""
DEEPEST: Final = 60


class _Resolver(BaseResolver):
    """The core schema of YAML 1.2."""


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", list("-+.0123456789")),
    ("merge", r"^<<$", ["<"]),
):
    _Resolver.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


class _Loader(CParser, _Resolver):
    def __init__(self, stream: str) -> None:
        CParser.__init__(self, stream)
        _Resolver.__init__(self)


_PREFIX: Final = "tag:yaml.org,2002:"
_READABLE: Final = {f"{_PREFIX}{name}" for name in ("null", "bool", "int", "float", "str", "merge", "seq", "map")}


def _number(text: str) -> int:
    return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)


def _scalar(node: ScalarNode) -> Json:
    text = node.value
    match node.tag.removeprefix(_PREFIX):
        case "null":
            return None
        case "bool":
            return bool(text.lower() == "true")
        case "int":
            return _number(text) if len(text) <= 18 else str(text)
        case "float":
            return float(text)
    return str(text)


class YamlFile:
    """One file that has been read: its name for messages and its lines."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.splitlines()

    def spot(self, line: int, column: int, width: int = 1) -> Spot:
        """The place at `line` and `column`, which count from 0 here as the parser's do."""
        source = self._lines[line] if line < len(self._lines) else ""
        return Spot(self.name, line + 1, column + 1, max(1, min(width, len(source) - column)), source)


class Part:
    """One map, list or scalar of a file."""

    __slots__ = ("_items", "file", "key_node", "node", "path")

    def __init__(self, file: YamlFile, node: Node, path: str, key_node: Node | None = None) -> None:
        self.file, self.node, self.path, self.key_node = file, node, path, key_node
        self._items: dict[str, Part] | None = None

    @property
    def is_map(self) -> bool:
        """Whether this part is a map."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether this part is a list."""
        return isinstance(self.node, SequenceNode)

    @property
    def scalar(self) -> Json:
        """The value of a scalar; None for a map or a list."""
        return _scalar(self.node) if isinstance(self.node, ScalarNode) else None

    def items(self) -> dict[str, "Part"]:
        """The parts of a map by key, with `<<` written out; empty for anything else."""
        if self._items is None:
            self._items = dict(self._pairs()) if isinstance(self.node, MappingNode) else {}
        return self._items

    def _pairs(self) -> Iterator[tuple[str, "Part"]]:
        own = [(key, value) for key, value in self.node.value if key.tag != f"{_PREFIX}merge"]
        for key, value in self.node.value:
            if key.tag == f"{_PREFIX}merge":
                for source in value.value if isinstance(value, SequenceNode) else [value]:
                    yield from Part(self.file, source, self.path).items().items()
        for key, value in own:
            name = str(key.value)
            yield name, Part(self.file, value, f"{self.path}.{name}" if self.path else name, key)

    def __iter__(self) -> Iterator["Part"]:
        """The parts of a list; nothing for anything else. They count from 1 in paths, as people count."""
        if isinstance(self.node, SequenceNode):
            for index, child in enumerate(self.node.value, start=1):
                yield Part(self.file, child, f"{self.path}[{index}]")

    def get(self, key: str) -> "Part | None":
        """The part under `key`, if this is a map and has it."""
        return self.items().get(key)

    def plain(self) -> Json:
        """The part as plain values."""
        if self.is_map:
            return {key: part.plain() for key, part in self.items().items()}
        return [part.plain() for part in self] if self.is_list else self.scalar

    def spot(self) -> Spot:
        """Where this part stands."""
        return _spot(self.file, self.node)

    def key_spot(self) -> Spot:
        """Where the key of this part stands; the part itself if it has no key."""
        return _spot(self.file, self.key_node or self.node)

    def fault(self, what: str, instead: str = "", *, at_key: bool = False) -> Fault:
        """A fault at this part, or at its key."""
        return Fault(self.key_spot() if at_key else self.spot(), self.path, what, instead)


def _spot(file: YamlFile, node: Node) -> Spot:
    start, end = node.start_mark, node.end_mark
    width = end.column - start.column if isinstance(node, ScalarNode) and end.line == start.line else 1
    return file.spot(start.line, start.column, width)


def parse(name: str, text: str) -> tuple[Part | None, list[Fault]]:
    """The top part of a file, None when it is empty or broken, and the faults of the YAML itself."""
    file = YamlFile(name, text)
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        spot = file.spot(mark.line, mark.column) if mark else file.spot(0, 0)
        return None, [Fault(spot, "", f"this is not YAML: {error.problem or error.context}", "")]
    except (yaml.YAMLError, RecursionError, ValueError):
        return None, [Fault(file.spot(0, 0), "", "this is not YAML that can be read", "save the file as UTF-8 text")]
    if node is None:
        return None, []
    faults = list(_Soundness(file).faults(node))
    return (None if faults else Part(file, node, "")), faults


def parse_file(path: Path, name: str) -> tuple[Part | None, list[Fault]]:
    """`parse` of the file at `path`, which is called `name` in messages."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return None, [Fault(Spot(name, 1, 1), "", "this file is not UTF-8 text", "save the file as UTF-8 text")]
    return parse(name, text)


class _Soundness:
    """Looks for what would make reading go wrong later: tags, odd keys, keys twice, cycles, bombs."""

    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.sizes: dict[int, int] = {}
        self.open: set[int] = set()
        self.found: list[Fault] = []

    def faults(self, node: Node) -> list[Fault]:
        if self._size(node, 0) > LARGEST and not self.found:
            self._add(node, "this file grows too large when its anchors are written out", "write fewer nested anchors")
        return self.found

    def _add(self, node: Node, what: str, instead: str) -> None:
        self.found.append(Fault(_spot(self.file, node), "", what, instead))

    def _size(self, node: Node, depth: int) -> int:
        known = self.sizes.get(id(node))
        if known is not None:
            return known
        if id(node) in self.open or depth > DEEPEST:
            what = (
                "this anchor contains itself" if id(node) in self.open else f"this is nested more than {DEEPEST} deep"
            )
            self._add(node, what, "write it out plainly")
            return 1
        self.open.add(id(node))
        size = self._checked(node, depth)
        self.open.discard(id(node))
        self.sizes[id(node)] = size
        return size

    def _checked(self, node: Node, depth: int) -> int:
        if node.tag not in _READABLE:
            self._add(node, f"the tag `{node.tag.replace(_PREFIX, '!!')}` is not read", "leave the tag out")
        if isinstance(node, SequenceNode):
            return 1 + sum(self._size(child, depth + 1) for child in node.value)
        if isinstance(node, MappingNode):
            self._check_keys(node)
            return 1 + sum(self._size(value, depth + 1) for _, value in node.value)
        return 1

    def _check_keys(self, node: MappingNode) -> None:
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._add(key, "a key must be a word", "write `key: value`")
            elif key.tag == f"{_PREFIX}merge":
                if not all(
                    isinstance(it, MappingNode) for it in (value.value if isinstance(value, SequenceNode) else [value])
                ):
                    self._add(value, "`<<` takes a map", "give it an anchor of a map")
            elif key.value in seen:
                self._add(key, f"the key `{key.value}` stands here twice", "keep one of them")
            else:
                seen.add(key.value)
