"""Words that carriers keep for themselves: STOP, START, HELP and their kin (R24).

A carrier acts only on a message that is the one word and nothing else; "stop please" reaches us alone, so we must read
it (`safety.phrases`). The lists are what a provider's pages said in 2026: verify before use.
"""

from collections.abc import Mapping

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel"})
START_WORDS = frozenset({"start", "unstop", "yes"})
HELP_WORDS = frozenset({"help", "info"})
CARRIER_WORDS = STOP_WORDS | START_WORDS | HELP_WORDS
CARRIER_CHANNELS = frozenset({"sms", "whatsapp"})
"""Only here does a carrier read along; elsewhere the same words reach us alone."""

_KINDS = {"stop": STOP_WORDS, "start": START_WORDS, "help": HELP_WORDS}


def carrier_word(channel: str, text: str, payload: Mapping[str, str]) -> str:
    """Which word the carrier itself has acted on: stop, start, help, or none of them, an empty string.

    A provider that says so in the payload is believed. Otherwise only the bare word counts: with a sign behind it, the
    carrier may have let it pass in silence, and then the answer is ours to give.
    """
    if channel not in CARRIER_CHANNELS:
        return ""
    said = payload.get("OptOutType", "").casefold()
    word = text.strip().casefold()
    return said if said in _KINDS else next((kind for kind, words in _KINDS.items() if word in words), "")
