"""Bounces: what a mail server says became of a mail of ours (RFC 3464)."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_string
from email.message import Message

from channels.contract import Ignored, Item, Receipt

OURS = re.compile(r"<(?P<reference>[0-9a-f]{32})@", re.ASCII)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)
ORIGINALS = frozenset({"text/rfc822-headers", "message/rfc822", "message/rfc822-headers", "message/global-headers"})


def is_report(message: Message) -> bool:
    """Whether a mail is a delivery report and not somebody's words."""
    kind = str(message.get_param("report-type", "")).casefold()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status"


def read_report(message: Message, at: datetime) -> Item:
    """The failure of the mail that the report holds; a delay is not the end, and a report of another's mail is none of
    ours."""
    reference = next((found["reference"] for part in message.walk() if (found := _ours(part))), "")
    action, status = _fate(message)
    if not reference:
        return Ignored("bounce-of-another")
    if action != "failed":
        return Ignored("bounce-not-final")
    return Receipt("email", reference, "failed", at, status)


def _fate(message: Message) -> tuple[str, str]:
    """The gravest action that the report names, and its status code."""
    fates = [
        (str(block.get("Action", "")).strip().casefold(), STATUS.search(str(block.get("Status", ""))))
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
    ]
    told = [(action, found[0] if found else "") for action, found in fates if action]
    return next((fate for fate in told if fate[0] == "failed"), told[0] if told else ("", ""))


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else ():
        if isinstance(block, Message):
            yield block


def _ours(part: Message) -> re.Match[str] | None:
    """Our mark in the head of the mail that came back."""
    if part.get_content_type() not in ORIGINALS:
        return None
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else message_from_string(str(payload))
    return OURS.search(str(inner.get("Message-ID", ""))) if isinstance(inner, Message) else None
