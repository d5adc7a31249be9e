"""Yes or no, as people text it. A yes with a no in it, and a no with a yes in it, is neither."""

import re

from bot.understanding.ordinary import ORDINARY
from bot.understanding.text import POLITE, SAYS_MORE, Word, joined, plain, squeezed, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

_YES = word_set(
    "yes ye yeh yea yeah yep yup y yh yer ya yas yus yws yess aye ofc true 👍 ✅ "
    "definitely deffo defo absolutely certainly"
)
_MILD_YES = word_set("ok okay okey k kk sure course fine correct alright agreed")
_NO = word_set("no n nah na naw nope noo nay never 👎 ❌ false nobody noone none")
_SWAPPED = frozenset({"eys", "yse", "yae", "nop", "ys"})
_FEWEST_ADDED = 2
"""Words that an addition to a yes or no must have."""
_DENIALS = word_set("not dont doesnt didnt isnt arent wont cant havent hasnt wasnt wouldnt")
_UNSURE = re.compile(
    r"\b(?:maybe|perhaps|possibly|dunno|idk|depends?|sometimes|unsure|not sure|not certain|dont know|do not know"
    r"|no idea|no clue|cant say|hard to say|kind of|kinda|sort of|sorta|might|yes or no|want to say|wait"
    r"|what|who|why|which|how)\b"
)
_PHRASES = {
    True: re.compile(
        r"(?:i |we )?think so|go on(?: then)?|of course|can do|suppose so|no problem|why not|go ahead"
        r"|(?:i|we|he|she|it|they) (?:do|am|are|is|have|has|would|does|did|can|will)"
        r"|(?:thats|its|that is|it is) (?:right|fine|ok|okay|correct|good|safe)|right now|good to go|please do|can|may"
        r"|(?:i )?think (?:its|it is|thats) (?:ok|okay|fine|safe)|(?:god|hell) yes"
        r"|(?:i )?think (?:he|she|it|they) (?:does|do|did|is|are)(?: ye\w*)?"
    ),
    False: re.compile(
        r"(?:(?:i|we|he|she|it|they) )?(?:dont|doesnt|didnt|isnt|arent|wont|cant|havent|hasnt|wouldnt|am not|do not)"
        r"(?: think so| really| want to| have)?|(?:im|its) not|(?:absolutely|definitely|certainly|of course|course) not"
        r"|not (?:really|now|yet|at all|today|me|safe|a good time)|not at the mo(?:ment)?"
        r"|no(?:t a)? one|(?:god|hell) no"
    ),
}


def read_yes_no(asked: Asked, text: str) -> Reading | None:
    """True or False; what comes after the yes or no is the rest."""
    plain_text = plain(text)
    found = [word for word in words(plain_text) if word.text not in POLITE and word.text not in {"u", "you"}]
    said = joined(found)
    for value, phrase in _PHRASES.items():
        if phrase.fullmatch(said):
            return Reading(value, 0.9, text.strip())
    if not found or _UNSURE.search(said):
        return None
    first = _meaning(found[0].text)
    return None if first is None else _with_the_rest(text, found, first)


def _meaning(word: str) -> bool | None:
    for form in (word, squeezed(word)):
        if form in _YES or form in _MILD_YES or form in _SWAPPED - {"nop"}:
            return True
        if form in _NO or form == "nop":
            return False
    return None


def _with_the_rest(text: str, found: list[Word], first: bool) -> Reading | None:
    """Steps:

    1. Words that say the same again belong to the answer.
    2. A plain word for the opposite makes it unclear; so does a bare "not" after a yes ("yes not really").
    3. What is left says more; a "not" after "but" belongs to it ("yes but not in the mornings").
    """
    same = 1
    while same < len(found) and _meaning(found[same].text) is first:
        same += 1
    left = found[same:]
    if any(_opposes(word.text, first) for word in left) or (first and left and left[0].text in _DENIALS):
        return None
    certain = found[0].text in _YES or found[0].text in _NO
    if not left or _PHRASES[first].fullmatch(joined(left)) or _is_ease(left):
        return Reading(first, 0.98 if certain else 0.85, text.strip())
    if not _says_more(left):
        return None
    return Reading(
        first, 0.8 if certain else 0.65, text[found[0].start : found[same - 1].end], text[left[0].start : left[-1].end]
    )


def _says_more(left: list[Word]) -> bool:
    """Whether these words add something: two or more, a leading "but" apart. Less may be a misspelt "no"."""
    added = left[1:] if left[0].text == "but" else left
    return len(added) >= _FEWEST_ADDED and (left[0].text in SAYS_MORE or left[0].text in ORDINARY)


def _opposes(word: str, first: bool) -> bool:
    opposite = _NO - {"none", "nobody", "noone", "na"} if first else (_YES | _SWAPPED) - {"y"}
    return word in opposite or squeezed(word) in opposite


_EASE = word_set("its it im i all fine ok okay good thats that right is with me by now today this safe happy am")


def _is_ease(left: list[Word]) -> bool:
    """Whether these words only soften the answer, as in "no im ok"."""
    return all(word.text in _EASE for word in left)
