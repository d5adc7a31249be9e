"""Return codes: how somebody finds their way back to a web chat without saying again who they are (R21).

A code looks like any order or booking reference, such as `4H7K-2MXP-9RTD`: twelve signs in three groups, no vowels, so
that no word appears by chance, and none of the signs that are mistaken for others. Eleven are random, log2(29**11) =
53.4 bits; the last is a check sign that finds every single wrong sign and every two swapped ones.
"""

import re
import secrets
from collections.abc import Iterator

SIGNS = "0123456789BCDFGHJKMNPQRTVWXYZ"
RANDOM_SIGNS = 11
GROUP = 4

_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5"})
_BETWEEN = r"[\s.,:_\-\u2010-\u2015]*"
_GROUPS = re.compile(r"(?<![0-9A-Z])(?=(" + _BETWEEN.join(["[0-9A-Z]{4}"] * 3) + r")(?![0-9A-Z]))")


def new_return_code() -> str:
    """A fresh code in groups of four."""
    body = "".join(secrets.choice(SIGNS) for _ in range(RANDOM_SIGNS))
    return _print(body + _check_sign(body))


def read_return_code(text: str) -> str | None:
    """The code in a message, in its printed form, or None. Forgives case, spaces, dashes, O, I, L and S.

    One chance string in 29 passes the check, so a code that belongs to nobody is to be treated as an ordinary message.
    """
    for signs in _possible(text.upper()):
        whole = len(signs) == RANDOM_SIGNS + 1 and all(sign in SIGNS for sign in signs)
        if whole and _check_sign(signs[:-1]) == signs[-1]:
            return _print(signs)
    return None


def nearly_return_codes(text: str) -> tuple[str, ...]:
    """The codes that a message which is almost one may have been meant as: one wrong sign, or two swapped, away.

    Empty for a message that is no code at all, and for one that passes the check.
    """
    signs = re.sub(_BETWEEN, "", text.upper()).translate(_MISTAKEN)
    whole = len(signs) == RANDOM_SIGNS + 1 and all(sign in SIGNS for sign in signs)
    if not whole or _check_sign(signs[:-1]) == signs[-1]:
        return ()
    places = range(len(signs))
    replaced = {signs[:at] + sign + signs[at + 1 :] for at in places for sign in SIGNS}
    swapped = {signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :] for at in places[:-1]}
    return tuple(sorted(_print(near) for near in replaced | swapped if _check_sign(near[:-1]) == near[-1]))


def _possible(text: str) -> Iterator[str]:
    """The whole message, in whatever groups it was typed; then every three groups of four inside a longer one."""
    for part in (text, *(found.group(1) for found in _GROUPS.finditer(text))):
        yield re.sub(_BETWEEN, "", part).translate(_MISTAKEN)


def _check_sign(body: str) -> str:
    """A weighted sum over a prime: a single wrong sign, or two swapped, always changes it."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(body, start=2))
    return SIGNS[total % len(SIGNS)]


def _print(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
