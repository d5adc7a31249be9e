"""Content hashes: they change when, and only when, what is written changes; comments and layout do not count."""

import hashlib
import json

from bot.contract import Json

LENGTH = 12
"""Characters kept: enough to tell apart the versions of one flow, short enough to be kept with every conversation."""


def content_hash(content: Json) -> str:
    """A short hash of plain values, the same on every machine."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:LENGTH]
