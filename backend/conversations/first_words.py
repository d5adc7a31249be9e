"""What somebody says of themself in the very first message, so that it is not asked again once they have agreed.

The opening words are the same for everybody, so nothing of this is heard at once (R3). Only what is plain counts:
a name, an age, a town. It waits, sealed, in the memory of this session, and is used only after the privacy check, and
once the person has agreed that we keep what they say (R36).
"""

import re
from dataclasses import replace
from typing import Any

from bot import State
from bot.contract import Json
from bot.understanding.ordinary import ORDINARY
from bot.understanding.places import towns

KEY = "first"
_I_AM = r"\bi(?:['\u2019]?m| am)"
_WORD = r"([^\W\d_]{2,}(?:['\u2019-][^\W\d_]+)?)\b"
_NAME = re.compile(rf"(?:\bmy name(?:['\u2019]?s| is)|{_I_AM} called) {_WORD}", re.IGNORECASE)
_NO_AGE = r"(?! *(?:we+ks?|months?|min|mile|day|hour|st\b|stone|%|years? [a-np-z]))"
_AGE = re.compile(rf"{_I_AM} (1[89]|[2-9]\d)\b{_NO_AGE}", re.IGNORECASE)
_TOWN = re.compile(rf"(?:\bi live|{_I_AM}(?: \d\d)?(?: and)?(?: live)?) (?:in|from|near) {_WORD}", re.IGNORECASE)


def gather(text: str) -> dict[str, Json]:
    """The answers that a first message plainly gives, by slot; empty for most messages."""
    told: dict[str, Json] = {}
    if (name := _NAME.search(text)) and name[1].casefold() not in ORDINARY:
        told["name"] = name[1][0].upper() + name[1][1:]
    if _AGE.search(text):
        told["age_band"] = "18_over"
    if town := next((found[1] for found in _TOWN.finditer(text) if found[1].casefold() in towns()), None):
        told["area"] = towns()[town.casefold()]
    return told


def use_first_words(state: State, memory: dict[str, Any]) -> State:
    """The state with what was said at first, once; before consent, as it is."""
    if KEY not in memory or state.slots.get("consent_support") is not True:
        return state
    told: dict[str, Json] = memory.pop(KEY)
    new = {name: value for name, value in told.items() if name not in state.slots and name not in state.skipped}
    return replace(state, slots={**state.slots, **new})
