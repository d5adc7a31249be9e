"""Who wrote, in the channel's own form: a phone number, or an id that is no number at all.

A person who has a WhatsApp username may hide their number; WhatsApp then gives a business-scoped user id, such as
`GB.13491208655302741918`. It holds for our business alone, outlives a change of name, and can be written back to.
Twilio writes it as `whatsapp:GB.134...`; both places it may be in are read, and to be verified before use.
"""

import re

PREFIX = "whatsapp:"
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)


def read_address(sender: str, user_id: str = "") -> str | None:
    """The canonical address of a sender; None for what nobody could be answered at.

    The number where it is shown: an id beside it may be new, and the same person must stay the same contact point.
    """
    for candidate in (sender, user_id):
        bare = candidate.strip().removeprefix(PREFIX)
        if is_address(bare):
            return bare
    return None


def is_address(text: str) -> bool:
    """Whether this is an address in the channel's own form."""
    return bool(NUMBER.fullmatch(text) or USER_ID.fullmatch(text))
