"""What a text gives away: words that name the service or abuse (R1), a lock screen, personal details, length (R5)."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from safety.carrier_words import CARRIER_WORDS
from safety.sms_text import Segments, not_gsm7, segments

__all__ = ["Segments", "asks_for_carrier_word", "lock_screen", "names_service", "not_gsm7", "personal", "segments"]

LOCK_SCREEN = 40
"""Characters that a notification shows at the least."""

NAMING = r"""
domestic\s*(?:abuse|violence|support|homicide)|\bdomestic\b|\bDVA?\b
abus(?:e|es|ed|er|ers|ive|ing)
violen(?:t|ce)|coerci(?:ve|on)|controlling\s+behaviou?r|\bDHR\b
perpetrators?|victims?|survivors?
\bi?dvas?\b|\bmarac\b|\bmappa\b|\bdash\s+(?:risk|form|score|checklist|assessment)|\bDARA\b
\brefuge\b|safe\s*(?:house|accommodation)|women'?s?\s*aid|\bncdv\b|karma\s+nirvana|\bgalop\b|men'?s\s+advice\s+line
safe\s+in\s+sussex|my\s+sisters'?\s+house|\bworth\s+services?\b
safeguarding|sexual(?:ly)?\s+(?:assault|violen)\w*|\brap(?:e|ed|ist)\b|strangl\w*|stalk(?:ing|er|ers|ed)
non-?\s?molestation|restraining\s+order|\binjunctions?\b|occupation\s+order|clare'?s\s+law
honou?r[\s-]*based|forced\s+marriage|\bfgm\b
przemoc\w*|violencia|violenta\s+domestica|violenza|abuz\w*|maltrat\w*|violencia\s+domestica
عنف|تشدد|हिंसा|ਹਿੰਸਾ|নির্যাতন|হিংসা|насильств\w*|насили\w*
"""
"""One pattern a line, or several parted by |. Other languages: general knowledge, to be checked by a native speaker."""

_NAMING = re.compile("|".join(line for line in NAMING.split("\n") if line), re.IGNORECASE)

PERSONAL = {
    "link": r"https?://|\bwww\.|\b[\w-]+\.(?:com|org|net|uk|io|me|ly|info|app)\b",
    "email": r"[\w.+-]+@[\w-]+\.[\w.]+",
    "phone_number": r"(?<![\d£])(?:\+\d|0)\d(?:[\s()-]?\d){7,11}(?!\d)",
    "postcode": r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b",
    "street_address": r"\b(?:flat\s+)?\d{1,4}[a-z]?,?\s+(?:[a-z']+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|close"
    r"|drive|court|crescent|gardens|terrace|way|place|grove|square|park)\b",
    "case_number": r"\b(?:case|ref|reference|referral|file|crime)(?:\s+(?:no|number|id))?[\s.:#]*[A-Z]*-?\d[\w/-]*",
    "titled_name": r"\b(?:mr|mrs|ms|miss|mx|dr|pc|dc|sgt)\.?\s+[a-z][\w'-]+",
    "date_of_birth": r"\b(?:dob|d\.o\.b\.?|born\s+on|date\s+of\s+birth)\b",
    "worker": r"\b(?:key|support|case|social|outreach)\s*worker\s+(?:is\s+)?(?-i:[A-Z])[\w'-]+",
    "diagnosis": r"\b(?:diagnos\w+|ptsd|depress(?:ed|ion)|bipolar|pregnan\w+|schizo\w+|hiv|addict\w*|medication)\b",
}
"""Hints of what a default text must not hold: a code and its pattern. Hints, for a name is never found for certain."""

_PERSONAL = {code: re.compile(pattern, re.IGNORECASE) for code, pattern in PERSONAL.items()}
_ASKED_FOR = re.compile(
    r"\b(?:reply|respond|answer|send|text|type|write|say|press|tap|enter)(?:\s+(?:us|back|with|the\s+word|a))*"
    r"[\s:\"'\u201c\u2018]+(" + "|".join(sorted(CARRIER_WORDS)) + r")\b(?!\s+(?:texting|messag|me\b|us\b|it\b))",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def names_service(text: str, extra: Collection[str] = ()) -> tuple[str, ...]:
    """The words in a text that name the service or abuse; `extra` are the service's own names. Empty: none (R1)."""
    plain = _plain(text)
    found = [match.group() for match in _NAMING.finditer(plain)]
    if extra:
        found += [match.group() for match in _own_names(frozenset(extra)).finditer(plain)]
    return tuple(dict.fromkeys(found))


def personal(text: str) -> tuple[str, ...]:
    """Codes of what looks personal in a text (R5): link, email, postcode, titled_name, ..."""
    return tuple(code for code, pattern in _PERSONAL.items() if pattern.search(text))


def asks_for_carrier_word(text: str) -> tuple[str, ...]:
    """The words in a copy that it asks for and that carriers keep for themselves, such as "reply YES" (R24)."""
    return tuple(dict.fromkeys(match.group(1).casefold() for match in _ASKED_FOR.finditer(_plain(text))))


def lock_screen(text: str) -> str:
    """What a lock screen shows of a message without opening it: the first 40 characters on one line."""
    return " ".join(text.split())[:LOCK_SCREEN]


def _plain(text: str) -> str:
    """The text without accents on Latin letters, unseen characters and curly apostrophes, which would hide a word."""
    folded = unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).replace("\u2019", "'")
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", folded))


@lru_cache(maxsize=8)
def _own_names(names: frozenset[str]) -> re.Pattern[str]:
    patterns = [r"\s*".join(map(re.escape, _plain(name).split())) for name in sorted(names) if name.strip()]
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)" if patterns else r"(?!)", re.IGNORECASE)
