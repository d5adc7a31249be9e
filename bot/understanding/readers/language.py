"""A language, by its English name or its own."""

import re

from bot.understanding.mentions import nearest
from bot.understanding.text import POLITE, SAYS_MORE, Word, joined, plain, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import by_spelling, word_set

_CODES = by_spelling(
    {
        "am": "amharic",
        "ar": "arabic العربية عربي",
        "bfi": "bsl",
        "bg": "bulgarian български",
        "bn": "bengali bangla বাংলা",
        "ckb": "sorani",
        "cs": "czech čeština",
        "cy": "welsh cymraeg",
        "de": "german deutsch",
        "el": "greek ελληνικά",
        "en": "english eng",
        "es": "spanish español espanol castellano",
        "fa": "farsi persian فارسی",
        "fr": "french français francais",
        "ga": "irish gaeilge",
        "gd": "gaelic",
        "gu": "gujarati ગુજરાતી",
        "ha": "hausa",
        "he": "hebrew",
        "hi": "hindi हिन्दी",
        "hr": "croatian hrvatski",
        "hu": "hungarian magyar",
        "hy": "armenian",
        "ig": "igbo",
        "it": "italian italiano",
        "ja": "japanese",
        "ka": "georgian",
        "kmr": "kurmanji",
        "ko": "korean",
        "ku": "kurdish kurdi",
        "ln": "lingala",
        "lt": "lithuanian lietuvių",
        "lv": "latvian latviešu",
        "ml": "malayalam",
        "ne": "nepali नेपाली",
        "nl": "dutch nederlands",
        "om": "oromo",
        "pa": "punjabi panjabi ਪੰਜਾਬੀ",
        "phr": "mirpuri",
        "pl": "polish polski",
        "prs": "dari دری",
        "ps": "pashto pushto پښتو",
        "pt": "portuguese português portugues",
        "rn": "kirundi",
        "ro": "romanian română romana moldovan",
        "rom": "romani romany",
        "ru": "russian русский",
        "rw": "kinyarwanda",
        "si": "sinhala",
        "sk": "slovak slovenčina",
        "sn": "shona",
        "so": "somali soomaali",
        "sq": "albanian shqip",
        "sr": "serbian srpski",
        "sw": "swahili kiswahili",
        "syl": "sylheti",
        "ta": "tamil தமிழ்",
        "te": "telugu",
        "th": "thai ไทย",
        "ti": "tigrinya ትግርኛ",
        "tl": "tagalog filipino",
        "tr": "turkish türkçe turkce",
        "uk": "ukrainian українська",
        "ur": "urdu اردو",
        "vi": "vietnamese tiếngviệt",
        "yo": "yoruba",
        "yue": "cantonese 廣東話",
        "zh": "chinese mandarin 中文 普通话",
    }
)
_PHRASES = {
    "british sign language": "bfi",
    "sign language": "bfi",
    "kurdish sorani": "ckb",
    "sorani kurdish": "ckb",
    "kurdish kurmanji": "kmr",
    "tiếng việt": "vi",
    "scottish gaelic": "gd",
    "mandarin chinese": "zh",
    "chinese mandarin": "zh",
    "brazilian portuguese": "pt",
}
_FILLER = POLITE | word_set(
    "i speak in my language first is its the only mainly mostly would like prefer id want need an a me can we do "
    "it be best better good use yes interpreter is fine ok speaking speaker if poss possible"
)


_OF_MY_ENGLISH = re.compile(r"\bmy (?!language|first)")
"""`my english is ok` tells how well, not which language to use."""
_LONGEST = 3
"""Words that the name of a language may have."""


def language_name(code: str) -> str:
    """The English name of a language that `read_language` gives; the code itself when there is none."""
    name = next((name for name, known in _CODES.items() if known == code), code)
    return name.upper() if code == "bfi" else name.capitalize()


def read_language(asked: Asked, text: str) -> Reading | None:
    """An ISO 639 code, of two letters where there is one; None for two languages and for one that is refused."""
    said = words(plain(text))
    if _OF_MY_ENGLISH.search(plain(text)):
        return None
    start = next((place for place, word in enumerate(said) if word.text not in _FILLER), len(said))
    end = next((place for place, word in enumerate(said) if place >= start and word.text in SAYS_MORE), len(said))
    named = [word for word in said[start:end] if word.text not in _FILLER]
    if not 0 < len(named) <= _LONGEST:
        return None
    found = _code_of(joined(said[start:end])) or _code_of(joined(named))
    if found is None or (said[end:] and said[end].text in ("and", "or")):
        return None
    code, confidence = found
    return Reading(code, confidence, _cut(text, named), _cut(text, said[end:]))


def _code_of(name: str) -> tuple[str, float] | None:
    if (code := _PHRASES.get(name) or _CODES.get(name)) is not None:
        return code, 0.95
    misspelt = nearest(name, _CODES)
    return None if misspelt is None else (misspelt, 0.75)


def _cut(text: str, found: list[Word]) -> str:
    return text[found[0].start : found[-1].end] if found else ""
