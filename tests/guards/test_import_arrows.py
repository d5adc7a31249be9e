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
    "channels": {"channels", "twilio", "requests", "urllib3", "starlette", "jinja2", "python_multipart"},
    "backend": {
        "backend", "bot", "safety", "channels", "pydantic", "pydantic_settings", "sqlalchemy", "alembic", "starlette",
        "uvicorn", "jinja2", "argon2", "aiosmtpd", "twilio", "yaml", "phonenumbers",
        "h11",
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


def test_an_adapter_knows_only_the_contract() -> None:
    """`channels/<name>` imports its own folder and `channels.contract`, no other channel."""
    for path in (ROOT / "channels").glob("*/*.py"):
        own = f"channels.{path.parent.name}"
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("channels."):
                assert node.module == "channels.contract" or str(node.module).startswith(own), path


def test_flows_hold_no_python() -> None:
    assert not list((ROOT / "flows").rglob("*.py"))


def test_only_the_dispatcher_calls_a_sender() -> None:
    """Nothing goes out but through the dispatcher, which asks the gate (R1-R11). The other `send` is that of a request
    to the service's own understanding server, which reaches nobody."""
    callers = set()
    for path in (ROOT / "backend").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "send":
                callers.add(path.relative_to(ROOT).as_posix())
    assert callers == {"backend/conversations/dispatch.py", "backend/understanding/exchange.py"}
