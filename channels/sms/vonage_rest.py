"""The one call we make to Vonage: POST /v1/messages of its Messages API. Imported on first use only."""

import logging
import re
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import requests
from requests.adapters import HTTPAdapter

from channels.contract import SendError
from channels.sms.transport import no_answer
from channels.sms.vonage_errors import FAULTS, send_error

BASE = "https://api.nexmo.com"
TOKEN_LASTS = 300
"""Seconds for which the token of one call is good."""
ERROR_PAGE = re.compile(r"#(\d{3,5})$")


class VonageRest:
    """Offers messages. Blocks, raises SendError, logs nothing and makes no attempt of its own."""

    def __init__(self, application_id: str, private_key: str, api_base: str, timeout: float) -> None:
        # urllib3 writes each URL at debug level, and some in warnings
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        self._application_id, self._private_key = application_id, private_key
        self._url, self._timeout = f"{api_base or BASE}/v1/messages", timeout
        self._session = requests.Session()
        self._headers()  # a key that cannot sign shows itself here, before anything is offered
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=0))

    def create(self, body: Mapping[str, Any]) -> str:
        """Offer one message and give its id.

        What fails is raised outside the except clause: chained to the client's own error it would carry the number.
        """
        headers = self._headers()
        try:
            answer = self._session.post(
                self._url, json=body, headers=headers, timeout=self._timeout, allow_redirects=False
            )
            said = answer.json()
            if answer.status_code == 202:
                return str(said["message_uuid"])
            failure = _refused(answer.status_code, str(said.get("type", "")), answer.headers.get("retry-after"))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            failure = no_answer("vonage", error)
        raise failure

    def _headers(self) -> dict[str, str]:
        now = int(time.time())
        times = {"iat": now, "exp": now + TOKEN_LASTS}
        claims = {"application_id": self._application_id, "jti": str(uuid.uuid4()), **times}
        return {"Authorization": f"Bearer {jwt.encode(claims, self._private_key, algorithm='RS256')}"}


def _refused(status: int, kind: str, wait: str | None) -> SendError:
    """Vonage's own answer, by its code, or by the status where the code is none of ours."""
    page = ERROR_PAGE.search(kind)
    code = page[1] if page and page[1] in FAULTS else str(status)
    if status >= 500 and code not in FAULTS:  # something in between may hide a yes
        return SendError(f"vonage-{status}", retryable=True, unknown=True)
    return send_error(code, timedelta(seconds=int(wait)) if wait and wait.isdigit() else None)
