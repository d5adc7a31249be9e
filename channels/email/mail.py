"""What one mail says, in our items: somebody's words, a bounce of ours, or something that no person wrote.

What no person wrote is never answered, so that two machines cannot write to each other for ever (RFC 3834).
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from channels.contract import Ignored, Inbound, Item
from channels.email.addresses import canonical, one_sender
from channels.email.bounces import is_report, read_report
from channels.email.proof import read_proof
from channels.email.words import own_words, read_parts

MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>", re.ASCII)
ANSWER = re.compile(r"^\s*(re|aw|sv|fw|fwd|wg)\s*:", re.IGNORECASE)
MACHINES = re.compile(r"(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)([+.-].*)?@", re.IGNORECASE)
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From", "X-Loop")


def read_mail(raw: bytes, at: datetime, ours: str, server: str) -> Item:
    """One item for one mail. `at`: when it came (UTC). `ours`: our own address. `server`: whose checks we believe."""
    message = message_from_bytes(raw)
    if is_report(message):
        return read_report(message, at)
    if why := no_person(message, ours):
        return Ignored(why)
    sender = one_sender(_all(message, "From"))
    if sender is None:
        return Ignored("sender-not-an-address")
    return _inbound(message, sender, raw, at, server)


def no_person(message: Message, ours: str) -> str:
    """Why a mail is not answered, as a code; empty where a person may have written it."""
    return next((why for why, holds in SIGNS if holds(message)), "") or (
        "from-ourselves" if one_sender(_all(message, "From")) == canonical(ours) else ""
    )


def _is_automatic(message: Message) -> bool:
    said = _first(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    return said not in {"", "no"} or any(name in message for name in AUTOMATIC)


def _is_bulk(message: Message) -> bool:
    return _first(message, "Precedence").strip().casefold() in BULK


def _is_list(message: Message) -> bool:
    return any(name in message for name in LISTS)


def _has_no_sender(message: Message) -> bool:
    return "Return-Path" in message and _first(message, "Return-Path").strip() in {"<>", ""}


def _is_machine(message: Message) -> bool:
    return bool(MACHINES.match(one_sender(_all(message, "From")) or ""))


SIGNS: tuple[tuple[str, Callable[[Message], bool]], ...] = (
    ("sent-by-itself", _is_automatic),
    ("sent-in-bulk", _is_bulk),
    ("from-a-list", _is_list),
    ("from-nobody", _has_no_sender),
    ("from-a-machine", _is_machine),
)
"""What tells a machine's mail; the first that holds."""


def _inbound(message: Message, sender: str, raw: bytes, at: datetime, server: str) -> Item:
    parts, proof = read_parts(message), read_proof(_all(message, "Authentication-Results"), server)
    answers = "In-Reply-To" in message or "References" in message
    subject = " ".join(_first(message, "Subject").split())[:200]
    text = own_words(parts.text, answers=answers)
    if subject and not answers and not ANSWER.match(subject):
        text = f"{subject}\n{text}".strip()  # some write all they have to say up there
    found = MESSAGE_ID.search(_first(message, "Message-ID"))
    payload = {"NumMedia": str(parts.attachments), "Proof": proof.verdict, "Checks": proof.checks}
    if found:
        payload["MessageID"] = found[0]
    return Inbound("email", sender, _external_id(sender, found[0].encode() if found else raw), text, at, payload)


def _external_id(sender: str, of: bytes) -> str:
    """A mail's own id may hold the name of somebody's computer, and ours is kept in the open: so it is a hash. The
    sender is in it, so that nobody can use up the id of another's mail."""
    return hashlib.sha256(sender.encode() + b"\0" + of).hexdigest()[:40]


def _all(message: Message, name: str) -> list[str]:
    return [_readable(value) for value in message.get_all(name, [])]


def _first(message: Message, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _readable(value: object) -> str:
    """A header's words, whatever was done to them on the way."""
    raw = str(value)
    try:
        return str(make_header(decode_header(raw)))
    except (ValueError, LookupError):
        return raw
