"""There is one way out of the house: the dispatcher, with what the gate let through (R1-R11). A look at the source.

What runs is held by tests/backend/conversations/test_claimed_only.py; this holds what anybody may write. The guard is
tried on lines that are made up to go round it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "safety", "channels", "backend")
DISPATCHER = "backend/conversations/dispatch.py"
OTHER_SENDS = frozenset({"backend/understanding/exchange.py"})
"""`send` of an HTTP connection to the service's own understanding server, which reaches nobody."""
WITHOUT_A_DATABASE = "backend/outage/answers.py"
"""Wakes the named people in an outage, by mail, with the gate's word for each fixed text; there is no outbox then."""
NOT_OF_A_SENDER = frozenset({"desk"})
"""`desk.send` is the page that a practitioner's message is posted to; it queues."""
CLIENTS = frozenset(
    {
        "aiohttp", "aiosmtpd", "aiosmtplib", "boto3", "ftplib", "grpc", "h11", "http.client", "httpx", "imaplib",
        "nntplib", "poplib", "requests", "smtplib", "socket", "ssl", "telegram", "twilio", "urllib.request", "urllib3",
        "websockets", "xmlrpc",
    }
)  # fmt: skip
"""What can carry words out of the machine."""
MAY_HOLD_A_CLIENT = {
    "backend/understanding/exchange.py": "asks the service's own understanding server",
    "backend/outage/fallback.py": "hands over to the house what came while it was down, sealed",
    "backend/demo/webhook.py": "demo mode only: posts to its own webhook, as a provider would",
    "backend/demo/mailbox.py": "demo mode only: takes in the mails to practitioners, and sends none",
}
"""Files outside channels/ that import one, and what for."""
MAY_PICK_SENDERS = (
    "channels/registry.py",
    "backend/app.py",
    "backend/demo/",
    "backend/testing.py",
    "backend/whatsapp_check.py",
)
"""The registry, the composition root, demo mode, the fakes for tests, which the product does not import, and the
doctor, who asks WhatsApp whether lines are approved. None of them calls `send`."""

Files = dict[str, ast.Module]


@pytest.fixture(scope="module")
def files() -> Files:
    """Every source file of the product, parsed, by its path from the root."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def sends(tree: ast.AST) -> Iterator[int]:
    """Lines that get at something called `send`: called, handed on, or asked for by name."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr="send") if owner in NOT_OF_A_SENDER:
                continue
            case ast.Attribute(attr="send"):
                yield node.lineno
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="send"), *_]):
                yield node.lineno
            case ast.Call(func=ast.Name(id="methodcaller") | ast.Attribute(attr="methodcaller"), args=arguments):
                if any(isinstance(part, ast.Constant) and part.value == "send" for part in arguments):
                    yield node.lineno


def imports(tree: ast.AST) -> Iterator[str]:
    """Everything that is imported, in full: `urllib.request`, `channels.sms.twilio.TwilioSms`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")):
                yield "anything, by a name that is made up at run time"


def clients(tree: ast.AST) -> set[str]:
    """The clients of `CLIENTS` that a file imports."""
    return {client for name in imports(tree) for client in CLIENTS if name == client or name.startswith(f"{client}.")}


def senders(files: Files) -> set[str]:
    """The classes in channels/ that send: those with an asynchronous `send` of one message."""
    return {
        node.name
        for path, tree in files.items()
        if path.startswith("channels/") and path != "channels/contract.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        if any(isinstance(part, ast.AsyncFunctionDef) and part.name == "send" for part in node.body)
    }


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R7")
def test_only_the_dispatcher_calls_a_sender(files: Files) -> None:
    """In channels/ a `send` is that of the provider's own client."""
    callers = {path for path, tree in files.items() if not path.startswith("channels/") and any(sends(tree))}
    assert callers == {DISPATCHER, WITHOUT_A_DATABASE, *OTHER_SENDS}


@pytest.mark.requirement("R2")
def test_the_dispatcher_sends_what_was_claimed_and_nothing_else(files: Files) -> None:
    """One call, of the message of a `Job`; and jobs are made in the claim, after the gate has been asked."""
    assert len(list(sends(files[DISPATCHER]))) == 1
    makers = {
        path
        for path, tree in files.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Job"
    }
    assert makers == {"backend/conversations/claim.py"}


@pytest.mark.requirement("R2")
def test_only_the_claim_asks_the_gate_for_leave_to_send(files: Files) -> None:
    """Others may ask what the gate would say; only the claim makes an attempt of its answer."""
    makers = {
        path
        for path, tree in files.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "INSERT_ATTEMPT"
    }
    assert makers == {"backend/conversations/claim.py"}


@pytest.mark.requirement("R11")
def test_only_the_composition_root_knows_which_senders_there_are(files: Files) -> None:
    found = {
        f"{path}: {name}"
        for path, tree in files.items()
        if not path.startswith(("channels/", *MAY_PICK_SENDERS))
        for name in imports(tree)
        if name.startswith("channels.") and name.rpartition(".")[2] in senders(files)
    }
    assert senders(files) and not found


@pytest.mark.requirement("R38")
def test_no_other_room_can_reach_the_network(files: Files) -> None:
    found = {path for path, tree in files.items() if not path.startswith("channels/") and clients(tree)}
    assert found <= MAY_HOLD_A_CLIENT.keys(), "say in MAY_HOLD_A_CLIENT what it is for"
    assert not [path for path, tree in files.items() if any(name.startswith("anything") for name in imports(tree))]


@pytest.mark.parametrize(
    "line",
    [
        "await house.senders['sms'].send(message)",
        "asyncio.create_task(sender.send(message))",
        "loop.call_soon(sender.send, message)",
        "getattr(sender, 'send')(message)",
        "operator.methodcaller('send', message)(sender)",
        "x = map(sender.send, messages)",
    ],
)
def test_this_guard_sees_a_way_round(line: str) -> None:
    assert list(sends(ast.parse(f"async def a_way_round():\n    {line}")))


@pytest.mark.parametrize(
    ("line", "client"),
    [
        ("import smtplib", "smtplib"),
        ("from urllib import request", "urllib.request"),
        ("from twilio.rest import Client", "twilio"),
        ("import http.client as c", "http.client"),
        ("from urllib.parse import urlsplit", ""),
        ("from http import HTTPStatus", ""),
    ],
)
def test_this_guard_sees_a_client(line: str, client: str) -> None:
    assert clients(ast.parse(line)) == ({client} if client else set())
