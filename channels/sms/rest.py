"""The calls we make to Twilio, through its own REST client, made quiet.

Imported on first use only: the client costs about 20 MB and a tenth of a second.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]  # twilio ships no types
from twilio.http.response import Response  # type: ignore[import-untyped]  # as above
from twilio.rest import Client  # type: ignore[import-untyped]  # as above

from channels.contract import CannotSay, Found, NotFound, SendError
from channels.sms.errors import send_error
from channels.sms.transport import no_answer

T = TypeVar("T")
CONNECTIONS = 16
LOOKUP_LIMIT = 200
# Twilio's clock counts whole seconds and may be a little behind ours. Not more than that: the same words that were sent
# a moment earlier would pass for these, and a message taken for sent is lost.
CLOCK_TOLERANCE = timedelta(seconds=2)


class RateLimitedError(Exception):
    """Twilio asks us to wait."""

    def __init__(self, wait: str | None) -> None:
        super().__init__()
        self.wait = timedelta(seconds=int(wait)) if wait and wait.isdigit() else None


class QuietHttpClient:
    """The HTTP client under Twilio's: it logs nothing, remembers no request and makes no attempt of its own.

    Twilio's default one logs every URL, with the number in it, and keeps the last request.
    """

    is_async = False

    def __init__(self, timeout: float) -> None:
        """`timeout` is in seconds, for the connection and for each read."""
        self._timeout = timeout
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0))

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, as Twilio's client asks for it; a redirect is never followed."""
        answer = self._session.request(
            method,
            url,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or self._timeout,
            allow_redirects=False,
        )
        if answer.status_code == 429:
            raise RateLimitedError(answer.headers.get("retry-after"))
        return Response(answer.status_code, answer.text, answer.headers)


class TwilioRest:
    """Create, look for and redact messages. Every method blocks and raises SendError."""

    def __init__(self, account_sid: str, auth_token: str, api_base: str, timeout: float) -> None:
        # urllib3 writes each URL at debug level, and some in warnings; the number is in the query
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        # a mapping that is not empty, else the client would read TWILIO_* from the environment beside our settings
        nothing = {"TWILIO_REGION": ""}
        client = Client(account_sid, auth_token, http_client=QuietHttpClient(timeout), environment=nothing)
        if api_base:
            client.api.base_url = client.content.base_url = api_base
        self._contents = client.content.v1.contents
        self._messages = client.api.v2010.account.messages

    def create(self, **fields: Any) -> str:
        """Create a message and give its id."""
        sid = _translated(lambda: self._messages.create(**fields).sid)
        if not sid:
            raise SendError("twilio-no-id", retryable=True, unknown=True)
        return str(sid)

    def redact(self, sid: str) -> None:
        """Blank the body of a message."""
        _translated(lambda: self._messages(sid).update(body=""))

    def template(self, sid: str) -> tuple[str, str, str]:
        """What WhatsApp says of a piece of content, its category, and its words where they are plain text."""
        return _translated(lambda: _read_template(self._contents(sid)))

    def find(self, address: str, text: str, since: datetime, known: Collection[str]) -> Found | NotFound | CannotSay:
        """Look for a message by recipient and body, made about `since` (UTC) or later, leaving out the ids in `known`.

        1. The provider's date filter goes by whole days and leaves out what is not sent yet, so we do not use it.
        2. Of several that match, the oldest is the one that the attempt at `since` made.
        3. A body that was redacted, or more messages than we read, settles nothing.
        """
        rows = _translated(lambda: self._messages.list(to=address, limit=LOOKUP_LIMIT))
        earliest = since - CLOCK_TOLERANCE
        recent = [row for row in rows if row.date_created is None or row.date_created >= earliest]
        unknown = [row for row in recent if row.sid not in known]
        matches = [row for row in unknown if row.body == text]
        if matches:
            return Found(str(min(matches, key=lambda row: row.date_created or since).sid))
        if len(recent) == LOOKUP_LIMIT or any(not row.body for row in unknown):
            return CannotSay()
        return NotFound()


def _read_template(content: Any) -> tuple[str, str, str]:
    """Raises TwilioException, and KeyError or TypeError for an answer of another shape."""
    approval = content.approval_fetch().fetch().whatsapp or {}
    types = content.fetch().types or {}
    body = types.get("twilio/text", {}).get("body", "")
    return str(approval.get("status", "")), str(approval.get("category", "")), str(body)


def _translated(call: Callable[[], T]) -> T:
    """The result of a call to Twilio, or a SendError.

    It is raised outside the except clause: chained to the client's own exception it would carry the number with it.
    """
    try:
        return call()
    except RateLimitedError as error:
        failure = send_error("429", retry_after=error.wait)
    except TwilioException as error:
        failure = _refused(error)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        failure = no_answer("twilio", error)
    raise failure


def _refused(error: Exception) -> SendError:
    """Twilio's own answer, by its code; a server fault without one came from in between, and may hide a yes."""
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    if not isinstance(status, int):
        return SendError("twilio-no-code", retryable=True, unknown=True)
    between = status >= 500 and status != 503 and code in (None, status)
    return send_error(str(code or status), unknown=between)
