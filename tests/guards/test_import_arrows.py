"""The rooms of the house may only import what docs/architecture.md allows."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STDLIB = sys.stdlib_module_names
MAY_IMPORT = {
    "bot": {"bot", "pydantic", "yaml", "rapidfuzz", "phonenumbers", "jinja2"},
    "safety": {"safety", "cryptography", "argon2", "phonenumbers"},
    "channels": {
        "channels", "twilio", "requests", "urllib3", "jwt", "starlette", "jinja2", "python_multipart",
        "telegram", "httpx", "authres", "imapclient", "mailparser_reply",
    },
    "backend": {
        "backend", "bot", "safety", "channels", "pydantic", "pydantic_settings", "sqlalchemy", "alembic", "starlette",
        "uvicorn", "jinja2", "argon2", "aiosmtpd", "twilio", "yaml", "phonenumbers",
        "govuk_bank_holidays", "h11", "icalendar", "requests",
    },
}  # fmt: skip


def imports(path: Path) -> Iterator[str]:
    """The top-level name of everything that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative path"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_it_may(room: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in imports(path)
        if name not in MAY_IMPORT[room] and name not in STDLIB
    }
    assert not found


SAME_PROVIDER = {"whatsapp": "channels.sms"}
"""WhatsApp goes over the same account at Twilio as text messages do, through the same client."""


def test_an_adapter_knows_only_the_contract() -> None:
    """`channels/<name>` imports its own folder and `channels.contract`, no other channel but one of its provider's."""
    for path in (ROOT / "channels").glob("*/*.py"):
        own = (f"channels.{path.parent.name}", SAME_PROVIDER.get(path.parent.name, "channels.contract"))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("channels."):
                assert node.module == "channels.contract" or str(node.module).startswith(own), path


def test_flows_hold_no_python() -> None:
    assert not list((ROOT / "flows").rglob("*.py"))
