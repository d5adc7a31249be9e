"""One, or several, of the answers that were offered."""

import re

from bot.contract import Json
from bot.understanding.mentions import Mention, mentions_in, option_by_whole
from bot.understanding.menu import first_few, numbers_named
from bot.understanding.ranges import option_by_range
from bot.understanding.text import POLITE, SAYS_MORE, Word, plain, words
from bot.understanding.types import Asked, Option, Reading
from bot.understanding.vocabulary import word_set

_FILLER = POLITE | word_set(
    "me by on via is best the a an my one ill go for want id like prefer would i to be can you u good ok fine it "
    "its im with in have use send do send this that yes yeah ye and n our got need both ex say think of are too also "
    "or"
)
_NOT = word_set("not dont no never except but without bar apart nor isnt wont cant")
_ALL = re.compile(
    r"(?:yes )?(?:all|everything|everyone|everybody|every one|the lot|any|all of (?:them|the above|it|these|those|us)"
    r"|all \d+)"
)
_BOTH = re.compile(r"both(?: of (?:them|these))?")
_NONE = re.compile(
    r"(?:none|nothing|neither|no one|noone|nobody|no)(?: of (?:them|these|those|the above|it))?(?: thanks?)?"
)
_NONE_OPTION = re.compile(r"\b(?:none|nothing|nobody|no one|neither)\b")


def read_choice(asked: Asked, text: str) -> Reading | None:
    """The value of one option, or with `many` a list of values in the menu's order.

    Steps: a menu's numbers; all or none; an age in a band; names, without those that are refused; the whole of a title.
    A number that is not on the menu is unclear, whatever else it might be.
    """
    plain_text = plain(text)
    if not (said := words(plain_text)) or "?" in text:
        return None
    for read in (_by_number,) if _is_bare_digit(said) else (_by_number, _all_or_none, _by_range, _by_name, _by_whole):
        found = read(asked, plain_text, said)
        if found is not None:
            chosen, confidence, rest = found
            return _reading(asked, chosen, confidence, text, rest)
    return None


def _is_bare_digit(said: list[Word]) -> bool:
    typed = [word.text for word in said if word.text not in POLITE]
    return len(typed) == 1 and len(typed[0]) == 1 and typed[0].isdecimal()


Found = tuple[list[int], float, list[Word]]
"""The places of the chosen options from 0 (empty: none of them), the confidence, and the words left over."""


def _by_number(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    size = len(asked.options)
    if (found := _number_and_more(asked, plain_text, said)) is not None:
        return found
    numbers = numbers_named(plain_text, size, asked.many) or (first_few(plain_text, size) if asked.many else [])
    if not numbers or not all(1 <= number <= size for number in numbers) or (not asked.many and len(numbers) > 1):
        return None
    return [number - 1 for number in numbers], 0.98 if said[0].text.isdecimal() else 0.9, []


_MORE = word_set("but if only because cos cuz dont not unless when")
_UNSURE = re.compile(r"\b(?:not sure|dont know|if i have to|not really)\b")


def _number_and_more(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    """`2 but only after 5`, `1 not 2`: the menu's number that opens the text, and what is said after it."""
    turn = next((place for place, word in enumerate(said) if place and word.text in _MORE), 0)
    if not turn or _UNSURE.search(plain_text):
        return None
    numbers = numbers_named(plain_text[: said[turn].start], len(asked.options), False)
    if not numbers or len(numbers) != 1 or not 1 <= numbers[0] <= len(asked.options):
        return None
    return [numbers[0] - 1], 0.8, said[turn:]


def _all_or_none(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    answer = " ".join(word.text for word in said if word.text not in POLITE)
    places = list(range(len(asked.options)))
    none = next((place for place in places if _NONE_OPTION.search(plain(asked.options[place].title))), None)
    if _NONE.fullmatch(answer) and answer != "no" and (none is not None or asked.many):
        return [none] if none is not None else [], 0.9, []
    if asked.many and (_ALL.fullmatch(answer) or (_BOTH.fullmatch(answer) and len(places) == 2)):
        return [place for place in places if place != none], 0.9, []
    return None


def _by_range(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    if len(said) == 1 and len(said[0].text) == 1:
        return None
    place = option_by_range(plain_text, asked.options)
    return None if place is None else ([place], 0.9, [])


def _by_name(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    mentions = mentions_in(said, asked.options)
    if asked.many and said[0].text in ("all", "any", "everything", "everyone"):
        return _all_but(asked, said, mentions)
    refused = next((place for place, word in enumerate(said) if word.text in _NOT), len(said))
    several = len({mention.option for mention in mentions}) > 1
    if several and any(_only_refuses(said, mention) for mention in mentions):
        return None
    wanted = [mention for mention in mentions if mention.first < refused or _is_titled_not(mention, refused)]
    if not wanted or (not asked.many and len({mention.option for mention in mentions if mention in wanted}) > 1):
        return None
    if any(word.text == "or" for word in said[wanted[0].first : wanted[-1].last]) and len(wanted) > 1:
        return None
    rest = _left_over(said, wanted)
    if rest is None:
        return None
    confidence = 0.9 if all(mention.exact for mention in wanted) else 0.75
    return [mention.option for mention in wanted], confidence, rest


def _only_refuses(said: list[Word], mention: Mention) -> bool:
    """Whether an option's name is nothing but a refusal, as in a menu of yes and no: `yes but no` is neither."""
    return all(word.text in _NOT for word in said[mention.first : mention.last])


def _is_titled_not(mention: Mention, refused: int) -> bool:
    """Whether the refusing word is part of the title itself, as in `None of these` or `Not a good time`."""
    return mention.first <= refused < mention.last


def _left_over(said: list[Word], wanted: list[Mention]) -> list[Word] | None:
    """The words after the last mention, when they add something; None when a word elsewhere is not understood."""
    inside = {place for mention in wanted for place in range(mention.first, mention.last)}
    before = [word for place, word in enumerate(said[: wanted[-1].last]) if place not in inside]
    if any(word.text not in _FILLER for word in before):
        return None
    after = said[wanted[-1].last :]
    while after and after[0].text in _FILLER - SAYS_MORE:
        after = after[1:]
    return after if not after or after[0].text in SAYS_MORE else None


def _all_but(asked: Asked, said: list[Word], mentions: list[Mention]) -> Found | None:
    """`all but 4`, `all except pets`: every option but those that are named or numbered."""
    if len(said) < 3 or not any(word.text in _NOT for word in said[1:2]):
        return None
    out = {mention.option for mention in mentions} | {
        int(word.text) - 1 for word in said if word.text.isdecimal() and len(word.text) == 1
    }
    places = list(range(len(asked.options)))
    return ([place for place in places if place not in out], 0.85, []) if out and out < set(places) else None


def _by_whole(asked: Asked, plain_text: str, said: list[Word]) -> Found | None:
    content = [word for word in said if word.text not in POLITE]
    place = option_by_whole(content, asked.options)
    return None if place is None else ([place], 0.75, [])


def _reading(asked: Asked, chosen: list[int], confidence: float, text: str, rest: list[Word]) -> Reading:
    values: list[Json] = [asked.options[place].value for place in sorted(set(chosen))]
    source = text[: rest[0].start].strip() if rest else text.strip()
    left = text[rest[0].start : rest[-1].end] if rest else ""
    return Reading(values if asked.many else values[0], confidence, source, left)


def option_chosen(options: tuple[Option, ...], asked: Asked, text: str) -> tuple[Option, Reading] | None:
    """The one option that a text picks by number or name, for readers whose answers are also offered as a menu."""
    single = Asked("choice", options=options, language=asked.language, now=asked.now)
    reading = read_choice(single, text)
    found = None if reading is None else next((option for option in options if option.value == reading.value), None)
    return None if reading is None or found is None else (found, reading)
