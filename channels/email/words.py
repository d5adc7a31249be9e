"""The words that somebody wrote in a mail: without quotes, signature, layout or attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

LONGEST = 20_000
"""Characters that are read of one mail."""
QUOTED = re.compile(r"^\s*>.*$\n?", re.MULTILINE)
POSTSCRIPT = re.compile(r"^\s*p\.?\s*s\b", re.IGNORECASE)
LONG_LINE = 8
"""Words: a line in a signature that is longer than this was meant for us."""
BLANK_LINES = re.compile(r"\n{3,}")
HIDDEN = frozenset({"head", "style", "script", "title", "template"})
QUOTES = frozenset({"blockquote"})
QUOTE_CLASSES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
BREAKS = frozenset({"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr"})
VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base", "source"})


@dataclass(frozen=True, slots=True)
class Parts:
    """The body of a mail, as plain text, and how many attachments it came with, none of which is kept (R28)."""

    text: str = field(repr=False)
    attachments: int


def read_parts(message: Message) -> Parts:
    """The first plain text, or else the first page made into text; and a count of what else there is."""
    plain, page, attachments = "", "", 0
    for part in _leaves(message):
        kind, attached = part.get_content_type(), part.get_content_disposition() == "attachment"
        if kind == "text/plain" and not attached:
            plain = plain or _decoded(part)
        elif kind == "text/html" and not attached:
            page = page or _decoded(part)
        elif attached or not part.get("Content-ID"):  # a picture inside a page is part of its layout
            attachments += 1
    return Parts((plain if plain.strip() else text_of_page(page))[:LONGEST], attachments)


def own_words(text: str, *, answers: bool) -> str:
    """What the person wrote themself. Only where the mail `answers` one are quotes looked for without their signs: a
    story may hold a line that looks like the head of a quote, and must not lose it."""
    plain = text.replace("\r\n", "\n").replace("\xa0", " ").strip()
    if answers:
        replies = EmailReplyParser(languages=["en"]).read(plain).replies
        kept = "\n".join((replies[0].body or "", _meant(replies[0].signatures or ""))) if replies else ""
    else:
        kept = plain
    unquoted = BLANK_LINES.sub("\n\n", QUOTED.sub("", kept)).strip()
    return unquoted or QUOTED.sub("", plain).strip()


def _meant(signature: str) -> str:
    """What of a signature is no signature: a postscript and what follows it, and whole sentences."""
    lines = signature.splitlines()
    after = next((place for place, line in enumerate(lines) if POSTSCRIPT.match(line)), len(lines))
    return "\n".join([*(line for line in lines[:after] if len(line.split()) > LONG_LINE), *lines[after:]])


def _leaves(message: Message) -> Iterator[Message]:
    """Every part that holds something itself; a mail inside the mail counts as one attachment."""
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def text_of_page(page: str) -> str:
    """A mail written as a page, as plain text and without what it quotes."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).splitlines()]
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    """Collects what is seen; what is hidden or quoted is passed over to its closing tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._over: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line."""
        if self._over:
            if tag == self._over[0]:
                self._over.append(tag)
        elif tag not in VOID and (tag in HIDDEN | QUOTES or _is_quote(attrs)):
            self._over.append(tag)
        elif tag in BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line; what was passed over ends with its own tag."""
        if self._over:
            if tag == self._over[0]:
                self._over.pop()
        elif tag in BREAKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        """Words that are seen."""
        if not self._over:
            self.said.append(data.replace("\n", " "))


def _is_quote(attrs: list[tuple[str, str | None]]) -> bool:
    classes = next((value or "" for name, value in attrs if name == "class"), "")
    return any(quote in classes for quote in QUOTE_CLASSES)
