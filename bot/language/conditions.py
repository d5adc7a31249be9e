"""Conditions: a small recursive-descent parser that compiles a predicate to a closure.

The grammar and its meaning are those of Rasa's predicates: `and` and `or` bind equally and to the right, `not` binds
tighter, comparison is case-sensitive, a word without quotes is a name. A compiled condition knows which slots it reads.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bot.contract import Json
from bot.faults import Spot
from bot.language.condition_values import COMPARE, EMPTY, UNDEFINED, Value, equal, matcher, unequal
from bot.language.condition_words import ConditionError, Word, cut

Slots = Mapping[str, Json]
Context = Mapping[str, Json]
Get = Callable[[Slots, Context], Value]
Test = Callable[[Slots, Context], bool]

DEEPEST: Final = 50
_CONSTANTS: Final[dict[str, Value]] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": UNDEFINED,
    "empty": EMPTY,
}
_HOLE: Final = re.compile(r"\{\{\s*context\.(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled predicate. `reads` are the slots in it; `guarded` those it only asks whether they are undefined."""

    source: str
    test: Test = field(repr=False, compare=False)
    reads: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    mixed: bool = False
    """`and` and `or` stand side by side without brackets."""
    spot: Spot | None = field(default=None, compare=False)
    """Where it is written."""


@dataclass(frozen=True, slots=True)
class _Operand:
    """One side of a comparison: how to get it, which slot it is, and whether it is written as a constant."""

    get: Get
    slot: str = ""
    constant: bool = False
    value: Value = UNDEFINED
    single: bool = False
    """A name, a number, a text, true, false or null: what `contains` may look for."""


ALWAYS: Final = Condition("true", lambda slots, context: True)


def compile_condition(source: str | bool) -> Condition:
    """The condition that `source` writes. Raises ConditionError."""
    if isinstance(source, bool):
        return Condition(str(source).lower(), lambda slots, context: source)
    if _HOLE.search(source):
        return _with_holes(source)
    return _Parser(source).condition()


def _with_holes(source: str) -> Condition:
    """A predicate whose `{{context.x}}` is filled in before it is read, each filling compiled once."""
    compiled = lru_cache(maxsize=256)(_quietly)

    def test(slots: Slots, context: Context) -> bool:
        return compiled(_HOLE.sub(lambda hole: _written(context.get(hole[1])), source)).test(slots, context)

    _Parser(_HOLE.sub("hole", source)).condition()
    return Condition(source, test)


def _written(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


def _quietly(source: str) -> Condition:
    try:
        return _Parser(source).condition()
    except ConditionError:
        return Condition(source, lambda slots, context: False)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.words = cut(source)
        self.place = 0
        self.depth = 0
        self.reads: set[str] = set()
        self.guarded: set[str] = set()
        self.mixed = False

    # --- walking over the words ---

    @property
    def word(self) -> Word:
        return self.words[self.place]

    def _take(self, *texts: str) -> Word | None:
        word = self.word
        if word.kind in ("operator", "reserved") and word.text in texts:
            self.place += 1
            return word
        return None

    def _fail(self, expected: str, instead: str = "") -> ConditionError:
        found = "the condition ends" if self.word.kind == "end" else f"`{self.word.text}` stands"
        return ConditionError(f"{found} where {expected} was expected", self.word.at, instead)

    # --- the grammar ---

    def condition(self) -> Condition:
        if len(self.words) == 1:
            raise ConditionError("this condition is empty", 0, "write one, such as `slots.name is not null`")
        operand = self._expression()
        if self.word.kind != "end":
            raise self._fail("`and`, `or` or the end")
        get = operand.get
        return Condition(
            self.source,
            _safe(get),
            frozenset(self.reads),
            frozenset(self.guarded - self.reads),
            self.mixed,
        )

    def _expression(self, joined: str = "") -> _Operand:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError("this condition is too deep to be understood", self.word.at, "cut it into steps")
        left = self._negation()
        word = self._take("and", "or")
        if word is not None:
            self.mixed = self.mixed or joined not in ("", word.text)
            left = _joined(word.text, left, self._expression(word.text))
        self.depth -= 1
        return left

    def _negation(self) -> _Operand:
        if self._take("not"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise ConditionError("this condition is too deep to be understood", self.word.at, "cut it into steps")
            get = self._negation().get
            self.depth -= 1
            return _Operand(lambda slots, context: not get(slots, context))
        return self._term()

    def _term(self) -> _Operand:
        left = self._factor()
        word = self._take("=", "==", "!=", "<", "<=", ">", ">=", "is", "contains", "matches")
        if word is None:
            self._note(left)
            return left
        if word.text == "matches":
            return self._matches(left)
        compare = COMPARE.get(word.text, equal)
        if word.text == "is" and self._take("not"):
            compare = unequal
        at = self.word.at
        right = self._factor()
        if word.text == "contains" and not right.single:
            raise ConditionError("`contains` takes one value on its right", at, 'write `slots.list contains "value"`')
        self._note(left, beside=right)
        self._note(right, beside=left)
        return _compared(compare, left, right)

    def _matches(self, left: _Operand) -> _Operand:
        self._note(left)
        word = self.word
        if word.kind not in ("text", "word"):
            raise self._fail("a quoted pattern", 'write `slots.x matches "^a"`')
        self.place += 1
        try:
            test = matcher(word.text.strip("'\""))
        except re.error as error:
            raise ConditionError(f"this is not a regular expression: {error.msg}", word.at) from None
        get = left.get
        return _Operand(lambda slots, context: test(get(slots, context)))

    def _factor(self) -> _Operand:
        word = self.word
        if self._take("("):
            inner = self._expression()
            if not self._take(")"):
                raise self._fail("`)`")
            return inner
        if self._take("{"):
            return self._set()
        if word.kind == "reserved" and word.text in _CONSTANTS:
            self.place += 1
            return _constant(_CONSTANTS[word.text])
        if word.kind in ("number", "text"):
            self.place += 1
            return _constant(float(word.text) if word.kind == "number" else word.text)
        if word.kind == "word":
            self.place += 1
            return _name(word)
        raise self._fail("a slot or a value")

    def _set(self) -> _Operand:
        members: list[_Operand] = []
        while not self._take("}"):
            if self.word.kind == "end":
                raise self._fail("`}`")
            members.append(self._factor())
        if all(member.constant for member in members):
            return _constant(frozenset(member.value for member in members))
        for member in members:
            self._note(member)
        gets = [member.get for member in members]
        return _Operand(lambda slots, context: frozenset(_hashable(get(slots, context)) for get in gets))

    def _note(self, operand: _Operand, beside: _Operand | None = None) -> None:
        if operand.slot:
            only_asked = beside is not None and beside.constant and beside.value is UNDEFINED
            (self.guarded if only_asked else self.reads).add(operand.slot)


def _safe(get: Get) -> Test:
    """Whatever cannot be evaluated is false as a whole, `not` in front of it or no."""

    def test(slots: Slots, context: Context) -> bool:
        try:
            return bool(get(slots, context))
        except TypeError:
            return False

    return test


def _hashable(value: Value) -> Value:
    return value if not isinstance(value, list | dict) else str(value)


def _constant(value: Value) -> _Operand:
    single = value is not UNDEFINED and value is not EMPTY and not isinstance(value, frozenset)
    return _Operand(lambda slots, context: value, constant=True, value=value, single=single)


def _name(word: Word) -> _Operand:
    root, _, name = word.text.partition(".")
    if root == "slots" and name:
        slot, *inside = name.split(".")
        if inside:
            return _Operand(lambda slots, context: _inside(slots, [slot, *inside]), slot=slot, single=True)
        return _Operand(lambda slots, context: slots.get(slot, UNDEFINED), slot=slot, single=True)
    if root == "context" and name:
        return _Operand(lambda slots, context: _inside(context, name.split(".")), single=True)
    raise ConditionError(
        f"`{word.text}` is not a name that a condition may use",
        word.at,
        f'write `slots.{word.text}` for a slot, `"{word.text}"` for text',
    )


def _inside(value: Value | Mapping[str, Json], keys: list[str]) -> Value:
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return UNDEFINED
        value = value[key]
    return value  # type: ignore[return-value]  # at least one key was followed, so this is no Mapping but a value


def _joined(word: str, left: _Operand, right: _Operand) -> _Operand:
    one, other = left.get, right.get
    if word == "and":
        return _Operand(lambda slots, context: bool(one(slots, context)) and bool(other(slots, context)))
    return _Operand(lambda slots, context: bool(one(slots, context)) or bool(other(slots, context)))


def _compared(compare: Callable[[Value, Value], bool], left: _Operand, right: _Operand) -> _Operand:
    one, other = left.get, right.get
    if right.constant:
        value = right.value
        return _Operand(lambda slots, context: compare(one(slots, context), value))
    return _Operand(lambda slots, context: compare(one(slots, context), other(slots, context)))
