"""Words that carriers keep for themselves, and refusals in people's own words (R24).

A carrier acts only on a message that is the one word and nothing else; "stop please" reaches us alone, so we must read
it. The lists are what a provider's pages said in 2026: verify before use.
"""

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel", "stopp"})
START_WORDS = frozenset({"start", "unstop", "yes"})
HELP_WORDS = frozenset({"help", "info"})
CARRIER_WORDS = STOP_WORDS | START_WORDS | HELP_WORDS
