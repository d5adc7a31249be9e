"""A postcode, its first half, or the name of a place."""

import re

from bot.understanding.places import SMALL, place_named
from bot.understanding.text import POLITE, SAYS_MORE, plain, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

_AREAS = word_set(
    "ab al b ba bb bd bf bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex "
    "fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne "
    "ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq "
    "tr ts tw ub w wa wc wd wf wn wr ws wv yo ze"
)
"""Royal Mail's postcode areas."""

_POSTCODE = re.compile(
    r"(?<![a-z0-9])(?P<area>[a-z] ?[a-z]?) ?(?P<district>\d[0-9o]?|\d[a-hjkmnp-y])"
    r"(?: ?(?P<sector>[0-9o])(?P<unit>[abd-hjlnp-uw-z]{2}))?(?![a-z0-9])"
)
_NOUGHT_FOR_O = re.compile(r"(?<![a-z0-9])([a-z])0(?=\d)")
_LEAD_IN = re.compile(r"\bmy (?:post ?code|area|town|city)(?:'?s| is)?\b")
_FILLER = POLITE | word_set(
    "its it is the postcode post code area in near nr around by outside im i am live living from town city stay "
    "staying based at atm rn currently yes ok moved to called of bit part close next a village"
)
_AFTER = word_set("uk england wales centre center city area way ish atm rn now today currently")
_LONGEST = 4


def read_postcode(asked: Asked, text: str) -> Reading | None:
    """`LS1 4AP`, `LS1` or `Leeds`; a place that is not a larger one is taken as written, with less confidence."""
    plain_text = _LEAD_IN.sub(_blank, _NOUGHT_FOR_O.sub(_letter_o, plain(text)))
    found = list(_POSTCODE.finditer(plain_text))
    if found:
        return _from_code(text, plain_text, found[0]) if len(found) == 1 else None
    return _from_place(text, plain_text)


def _from_code(text: str, plain_text: str, match: re.Match[str]) -> Reading | None:
    code = _code(match)
    before = [word.text for word in words(plain_text[: match.start()])]
    if code is None or any(word not in _FILLER for word in before):
        return None
    after = [word for word in words(plain_text[match.end() :]) if word.text not in POLITE and word.text not in _AFTER]
    rest = text[match.end() + after[0].start : match.end() + after[-1].end] if after else ""
    return Reading(code, 0.95 if match["unit"] else 0.85, text[match.start() : match.end()].strip(), rest)


def _letter_o(match: re.Match[str]) -> str:
    """`S015` is SO15: no district begins with a nought."""
    return match[1] + ("o" if f"{match[1]}o" in _AREAS else "0")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _code(match: re.Match[str]) -> str | None:
    """The code in capitals, with nought for a letter o in its numbers; None when there is no such area."""
    area, district = match["area"].replace(" ", ""), match["district"].replace("o", "0")
    if area not in _AREAS or district == "00":
        return None
    inward = f" {match['sector'].replace('o', '0')}{match['unit']}" if match["unit"] else ""
    return f"{area}{district}{inward}".upper()


def _from_place(text: str, plain_text: str) -> Reading | None:
    said = words(plain_text)
    start = next((place for place, word in enumerate(said) if word.text not in _FILLER), len(said))
    turns = (place for place, word in enumerate(said) if word.text in SAYS_MORE and word.text not in SMALL)
    end = next((place for place in turns if place > start), len(said))
    name = said[start:end]
    while name and (name[-1].text in POLITE or name[-1].text in _AFTER):
        name.pop()
    if not 0 < len(name) <= _LONGEST or not plain_text[: said[start].start].isascii() or "?" in text:
        return None
    found = place_named(name)
    rest = text[said[end].start : said[-1].end] if end < len(said) else ""
    return None if found is None else Reading(found[0], found[1], text[name[0].start : name[-1].end], rest)
