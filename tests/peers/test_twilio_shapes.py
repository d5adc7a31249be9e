"""The peer answers as Twilio's published specification says, and the adapter asks only for what is in it."""

import asyncio
import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from channels.contract import Outbound
from channels.sms.twilio import TwilioSettings, TwilioSms
from channels.whatsapp.twilio import TwilioWhatsApp, WhatsAppSettings
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, TwilioPeer

HERE = Path(__file__).parent
SPEC = json.loads((HERE / "twilio_messages_spec.json").read_text())
CONTENT_SPEC = json.loads((HERE / "twilio_content_spec.json").read_text())
SCHEMAS = SPEC["components"]["schemas"] | CONTENT_SPEC["components"]["schemas"]
LIST = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
ONE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
TYPES = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool, "number": (int, float)}
FORM = {"To": "+447700900001", "From": "+447700900000", "Body": "hello"}


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with TwilioPeer() as running:
        yield running


def complaints(value: Any, schema: dict[str, Any], where: str = "$") -> Iterator[str]:
    """Where a value departs from a schema: the part of OpenAPI 3.0 that these resources use."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    if value is None:
        if not schema.get("nullable"):
            yield f"{where}: is null"
        return
    if not isinstance(value, TYPES[schema["type"]]):
        yield f"{where}: is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not in the list"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} does not match"
    if schema.get("format") == "date-time-rfc-2822":
        parsedate_to_datetime(value)
    for index, item in enumerate(value if schema["type"] == "array" else ()):
        yield from complaints(item, schema["items"], f"{where}[{index}]")
    known = schema.get("properties")
    for name in value if known is not None else ():
        if name not in known:
            yield f"{where}.{name}: is not in the specification"
        else:
            yield from complaints(value[name], known[name], f"{where}.{name}")
    yield from (f"{where}.{name}: is missing" for name in (known or {}) if name not in value)


def answer_schema(path: str, method: str, status: str) -> dict[str, Any]:
    schema: dict[str, Any] = SPEC["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return schema


def call(url: str, form: dict[str, str] | None = None, token: str = AUTH_TOKEN, method: str | None = None) -> Any:
    """One request with nothing but the standard library; gives the status and the body."""
    login = base64.b64encode(f"{ACCOUNT_SID}:{token}".encode()).decode()
    data = None if form is None else urlencode(form).encode()
    request = Request(url, data, {"Authorization": f"Basic {login}"}, method=method)
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def address(peer: TwilioPeer, path: str = LIST, sid: str = "") -> str:
    return peer.url + path.format(AccountSid=ACCOUNT_SID, Sid=sid)


def test_the_checker_sees_faults() -> None:
    schema = SPEC["components"]["schemas"]["api.v2010.account.message"]
    assert list(complaints({"status": "lost", "error_code": "30003", "colour": "red"}, schema))[:3] == [
        "$.status: 'lost' is not in the list",
        "$.error_code: is no integer",
        "$.colour: is not in the specification",
    ]


@pytest.mark.parametrize("extra", [{}, {"MessagingServiceSid": "MG" + "2" * 32}])
def test_a_created_message_has_the_published_shape(peer: TwilioPeer, extra: dict[str, str]) -> None:
    status, body = call(address(peer), FORM | extra)
    assert status == 201
    assert list(complaints(body, answer_schema(LIST, "post", "201"))) == []


def test_a_message_has_the_published_shape_when_read_and_changed(peer: TwilioPeer) -> None:
    _, created = call(address(peer), FORM)
    peer.settle(created["sid"], "undelivered", 30003)
    status, body = call(address(peer, ONE, created["sid"]))
    assert (status, body["error_code"]) == (200, 30003)
    assert list(complaints(body, answer_schema(ONE, "get", "200"))) == []
    _, blank = call(address(peer, ONE, created["sid"]), {"Body": ""})
    assert list(complaints(blank, answer_schema(ONE, "post", "200"))) == []
    assert blank["body"] == ""


def test_a_list_has_the_published_shape_and_pages(peer: TwilioPeer) -> None:
    for number in range(5):
        call(address(peer), FORM | {"Body": str(number)})
    url, seen = f"{address(peer)}?{urlencode({'To': FORM['To'], 'PageSize': '2'})}", []
    while url:
        _, body = call(url)
        assert list(complaints(body, answer_schema(LIST, "get", "200"))) == []
        seen += [row["body"] for row in body["messages"]]
        url = peer.url + body["next_page_uri"] if body["next_page_uri"] else ""
    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["unsent", "sent"]),
        ({"To": "+447700900009"}, []),
        ({"DateSent": "2026-03-02"}, ["sent"]),
        ({"DateSent>": "2026-03-02"}, ["sent"]),
        ({"DateSent>": "2026-03-03"}, []),
        ({"DateSent<": "2026-03-01"}, []),
    ],
)
def test_filters_go_by_day_and_leave_out_what_is_not_sent(
    peer: TwilioPeer, query: dict[str, str], expected: list[str]
) -> None:
    for words in ("sent", "unsent"):
        call(address(peer), FORM | {"Body": words})
    peer.messages[0]["date_sent"] = "Mon, 02 Mar 2026 23:59:59 +0000"
    _, body = call(f"{address(peer)}?{urlencode(query)}")
    assert [row["body"] for row in body["messages"]] == expected


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "0770"}, 21211),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
    ],
)
def test_what_twilio_would_refuse_is_refused(peer: TwilioPeer, form: dict[str, str], code: int) -> None:
    status, body = call(address(peer), FORM | form)
    assert (status, body["code"]) == (400, code)
    assert peer.messages == []


@pytest.mark.parametrize("path", CONTENT_SPEC["paths"])
def test_content_and_its_approval_have_the_published_shape(peer: TwilioPeer, path: str) -> None:
    sid = "HX" + "3" * 32
    peer.add_content(sid, "Hello.")
    status, body = call(peer.url + path.format(Sid=sid))
    published = CONTENT_SPEC["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (status, list(complaints(body, published))) == (200, [])
    assert call(peer.url + path.format(Sid="HX" + "4" * 32))[0] == 404


def test_a_whatsapp_message_has_the_published_shape(peer: TwilioPeer) -> None:
    ends = {"To": "whatsapp:GB.13491208655302741918", "From": "whatsapp:+447700900000"}
    status, body = call(address(peer), ends | {"ContentSid": "HX" + "3" * 32, "ContentVariables": '{"1": "a"}'})
    assert (status, list(complaints(body, answer_schema(LIST, "post", "201")))) == (201, [])


def test_a_stranger_is_refused(peer: TwilioPeer) -> None:
    assert call(address(peer), FORM, token="wrong")[0] == 401
    assert peer.messages == []


def test_a_message_can_be_deleted_once_it_is_final(peer: TwilioPeer) -> None:
    _, created = call(address(peer), FORM)
    url = address(peer, ONE, created["sid"])
    assert call(url, method="DELETE")[1]["code"] == 20009
    peer.settle(created["sid"], "delivered")
    assert call(url, method="DELETE")[0] == 204
    assert call(url)[0] == 404


def unknown_parameters(form: dict[str, str]) -> list[str]:
    """What a form holds that the published request does not have."""
    schema = SPEC["paths"][LIST]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    plain = {name for name, one in schema["properties"].items() if one.get("type") in ("boolean", "integer")}
    typed = {name: json.loads(value) if name in plain else value for name, value in form.items()}
    return [complaint for complaint in complaints(typed, schema) if not complaint.endswith("missing")]


def test_whatsapp_asks_only_for_what_the_specification_knows(peer: TwilioPeer) -> None:
    account = TwilioSettings(ACCOUNT_SID, AUTH_TOKEN, api_base=peer.url, public_url="https://door.example.org")
    sids = {"practitioner": "HX" + "3" * 32}, {"buttons_2": "HX" + "4" * 32}
    whatsapp = TwilioWhatsApp(WhatsAppSettings(account, "+447700900000", *sids))
    peer.add_content("HX" + "3" * 32, "Hello.")
    message = Outbound(
        channel="whatsapp", address="+447700900001", text="Hello.", reference="1", template="practitioner"
    )
    for sent in (message, replace(message, template="", text="So?\n1 A\n2 B", choices=("A", "B"))):
        asyncio.run(whatsapp.send(sent))
    whatsapp.close()
    forms = [request.form for request in peer.requests if request.method == "POST"]
    assert [unknown_parameters(form) for form in forms] == [[], []]
    assert json.loads(forms[1]["ContentVariables"]) == {"1": "So?", "2": "A", "3": "B"}


def test_the_adapter_asks_only_for_what_the_specification_knows(peer: TwilioPeer) -> None:
    service = "MG" + "2" * 32
    settings = TwilioSettings(
        ACCOUNT_SID,
        AUTH_TOKEN,
        "+447700900000",
        service,
        peer.url,
        "https://door.example.org",
        5.0,
        content_retention="discard",
        address_retention="obfuscate",
    )
    sms = TwilioSms(settings)
    asyncio.run(sms.send(Outbound(channel="sms", address="+447700900001", text="hello", reference="attempt-1")))
    sms.close()
    assert unknown_parameters(peer.requests[0].form) == []


def test_as_a_process_it_writes_down_what_it_takes(tmp_path: Path) -> None:
    log = tmp_path / "taken.jsonl"
    module = [sys.executable, "-m", "tests.peers.twilio_peer"]
    arguments = [*module, "--port", "0", "--log", log, "--fault", "drop-before-taking"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1]) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3] + LIST.format(AccountSid=ACCOUNT_SID)
        with pytest.raises(RemoteDisconnected):
            call(url, FORM)
        _, created = call(url, FORM)
        process.kill()
    assert [json.loads(line) for line in log.read_text().splitlines()] == [{"sid": created["sid"], **FORM}]
