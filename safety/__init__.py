"""Rules that keep people safe, as pure functions, and the vault.

The one convention here: nothing in this package imports a channel, the backend or the bot; it owns its small input
types (`safety.types`), is given `now`, and names the requirement (R1-R40, docs/safety-requirements.md) that each rule
carries out.
"""
