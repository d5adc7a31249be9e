"""What every kind of condition means, as Rasa's predicates mean it, and what is refused."""

import pytest

from bot.contract import Json
from bot.language.condition_words import ConditionError
from bot.language.conditions import compile_condition

SLOTS: dict[str, Json] = {
    "name": "Jamie",
    "age": 17.0,
    "count": 3,
    "unset": None,
    "ok": True,
    "off": False,
    "needs": ["quiet", "bsl"],
    "none": [],
    "blank": "",
    "digits": "17",
    "phone": {"kind": "mobile", "e164": "+447700900123"},
}

TRUE = [
    'slots.name = "Jamie"',
    'slots.name == "Jamie"',
    'slots.name is "Jamie"',
    "slots.name != 'jamie'",
    'slots.name is not "Sam"',
    "slots.age = 17",
    "slots.age < 18",
    "slots.age >= 17.0",
    "slots.count > -1",
    "slots.unset is null",
    "slots.unset = null",
    "slots.name is not null",
    "slots.nope is undefined",
    "slots.unset is not undefined",
    "slots.ok",
    "slots.ok = true",
    "slots.ok = 1",
    "not slots.off",
    "not slots.unset",
    "slots.none is empty",
    "slots.blank is empty",
    "slots.nope is empty",
    'slots.needs contains "bsl"',
    'slots.name contains "am"',
    "slots.needs contains 'quiet'",
    '{"a" "b" 3} contains slots.count',
    'slots.name matches "^J.*e$"',
    "slots.name matches 'am'",
    'slots.digits matches "^[0-9]+$"',
    'slots.phone.kind = "mobile"',
    "slots.phone.nope is undefined",
    '(slots.age < 18) and (slots.name = "Jamie")',
    "slots.off or slots.ok",
    "slots.off OR slots.ok",
    "not slots.off and slots.ok",
    "not (slots.off and slots.ok)",
    "(slots.off and slots.off) or slots.ok",
    'context.flow = "hello"',
    "context.deep.er = 1",
    "slots.ok # a comment",
    "slots.ok\nand\nslots.age = 17",
    "true",
]

FALSE = [
    'slots.name = "jamie"',
    'slots.ok = "true"',
    'slots.age = "17"',
    "slots.digits < 18",
    "not (slots.digits < 18)",  # what cannot be evaluated is false as a whole
    "slots.unset < 5",
    "slots.nope is null",
    "slots.unset is undefined",
    "slots.unset",
    "slots.none",
    "slots.blank",
    'slots.none contains "a"',
    'slots.unset contains "a"',
    "slots.name contains 3",
    'slots.name matches "^amie"',
    "slots.age matches '1'",
    "slots.name is empty",
    "slots.ok and slots.off",
    "slots.off and slots.off or slots.ok",  # `and` and `or` bind to the right: off and (off or ok)
    "context.nope",
    "slots.nope > 3",
    "undefined > 3",
    "false",
]

REFUSED = {
    "": "this condition is empty",
    "slots.age >": "the condition ends where a slot or a value was expected",
    "slots.age > > 3": "`>` stands where a slot or a value was expected",
    "slots.name = Jamie": "`Jamie` is not a name that a condition may use",
    "slots.a = slots.b = slots.c": "`=` stands where `and`, `or` or the end was expected",
    "(slots.a": "the condition ends where `)` was expected",
    "{1 2": "the condition ends where `}` was expected",
    "slots.a & slots.b": "`&` has no meaning in a condition",
    'slots.a contains {"x"}': "`contains` takes one value on its right",
    "slots.a matches 3": "`3` stands where a quoted pattern was expected",
    'slots.a matches "("': "this is not a regular expression: missing ), unterminated subpattern",
    "not": "the condition ends where a slot or a value was expected",
    "slots.a slots.b": "`slots.b` stands where `and`, `or` or the end was expected",
    "(" * 60: "this condition is too deep to be understood",
    "not " * 60 + "slots.a": "this condition is too deep to be understood",
}


def _holds(source: str) -> bool:
    return compile_condition(source).test(SLOTS, {"flow": "hello", "deep": {"er": 1}})


@pytest.mark.parametrize("source", TRUE)
def test_it_holds(source: str) -> None:
    assert _holds(source)


@pytest.mark.parametrize("source", FALSE)
def test_it_does_not_hold(source: str) -> None:
    assert not _holds(source)


@pytest.mark.parametrize(("source", "message"), REFUSED.items())
def test_it_is_refused(source: str, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(source)
    assert caught.value.what == message


def test_a_condition_knows_which_slots_it_reads() -> None:
    condition = compile_condition('slots.a = slots.b and (slots.c.d contains "x") and slots.e is undefined')
    assert condition.reads == {"a", "b", "c"}
    assert condition.guarded == {"e"}


def test_mixed_words_without_brackets_are_noticed() -> None:
    assert compile_condition("slots.a and slots.b or slots.c").mixed
    assert not compile_condition("slots.a and (slots.b or slots.c)").mixed


def test_the_context_of_a_pattern_can_stand_in_a_condition() -> None:
    condition = compile_condition("slots.{{context.collect}} is not null")
    assert condition.test({"name": "Jo"}, {"collect": "name"})
    assert not condition.test({"name": None}, {"collect": "name"})
