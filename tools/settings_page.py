"""Write docs/settings.md from backend/settings/, so that the page cannot say anything else than the code.

python tools/settings_page.py            write the page
python tools/settings_page.py --check    exit status 1 when the page is out of date
"""

import sys
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

from generated import ROOT, write_or_check
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from backend.settings import SECTIONS

PAGE = "docs/settings.md"
HEAD = """\
# Settings

Every number and name that a service may want to change. This page is written from `backend/settings/` by
`tools/settings_page.py`.

A setting is read from the environment, or from a file called `.env` in the folder that the command is run in; the
environment wins. A wrong value stops the start, and the message names the setting and shows a right value. A name that
is not in this page is passed over without a word, so look twice at the spelling. Rules of the service, such as (R10),
are those of [the safety requirements](safety-requirements.md).

Passwords and tokens (marked **secret**) belong in the environment of the service, or in a file that only its account
can read, never in a repository, a ticket or a chat. [Running the service](operating.md) says which settings a first
start needs.
"""
HOLDS_PASSWORD = frozenset({"smtp_url", "imap_url", "database_url"})
"""Addresses that may hold a password."""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for section in SECTIONS:
        lines += [f"\n## {section.title}\n", "| Setting | Default | What it does |", "|---|---|---|"]
        lines += [_row(name, field) for name, field in section.model_fields.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    told = [field.description or "", *_marks(name, field), *_example(name, field)]
    return f"| `SIDEDOOR_{name.upper()}` | {_default(field.default)} | {' '.join(told)} |"


def _marks(name: str, field: FieldInfo) -> Iterator[str]:
    if isinstance(field.default, SecretStr) or name in HOLDS_PASSWORD:
        yield "**Secret.**"
    low = next((item.ge for item in field.metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in field.metadata if hasattr(item, "le")), None)
    if low is not None and high is not None:
        yield f"From {low} to {high}."


def _example(name: str, field: FieldInfo) -> Iterator[str]:
    """An example, where the default does not show already how a value looks."""
    example = (field.examples or [""])[0]
    if example and f"`{example}`" != _default(field.default) and name != "twilio_auth_token":
        yield f"Such as `{example}`."


def _default(value: Any) -> str:
    match value:
        case SecretStr() | None | "":
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case Path() if value.is_absolute():
            return f"`{value.relative_to(ROOT)}` of the project"
        case frozenset():
            return f"`{sorted(value)}`".replace(", ", ",")
        case time():
            return f"`{value:%H:%M}`"
        case float() if value.is_integer():
            return f"`{int(value)}`"
        case _:
            return f"`{value}`"


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv))
