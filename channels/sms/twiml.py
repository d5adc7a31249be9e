"""Twilio's own way to answer a webhook with words, for when nothing else works any more."""

from xml.sax.saxutils import escape


def twiml(text: str) -> bytes:
    """The answer that has Twilio send `text`, from the number that was written to."""
    said = f'<?xml version="1.0" encoding="UTF-8"?><Response><Message>{escape(text)}</Message></Response>'
    return said.encode()
