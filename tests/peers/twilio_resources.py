"""The resources of Twilio's API as it describes them; test_twilio_shapes.py holds them against its specification."""

import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

ACCOUNT_SID = "AC" + "0" * 32


def message_resource(form: dict[str, str]) -> dict[str, Any]:
    """A message as Twilio describes one that it has just accepted."""
    sid, now = "SM" + secrets.token_hex(16), format_datetime(datetime.now(UTC))
    uri = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}"
    service = form.get("MessagingServiceSid")
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": form["Body"] if "Body" in form else f"content {form['ContentSid']}",
        "date_created": now,
        "date_sent": None,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": service,
        "num_media": "0",
        "num_segments": "0" if service else "1",
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "accepted" if service else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": form["To"],
        "uri": f"{uri}.json",
    }


def content_resource(sid: str, content: dict[str, Any]) -> dict[str, Any]:
    """A piece of content as Twilio describes it."""
    url, made = f"https://content.twilio.com/v1/Content/{sid}", "2026-03-02T12:00:00Z"
    return {
        "sid": sid,
        "account_sid": ACCOUNT_SID,
        "friendly_name": "a line",
        "language": "en",
        "variables": {},
        "types": {"twilio/text": {"body": content["body"]}},
        "date_created": made,
        "date_updated": made,
        "url": url,
        "links": {"approval_fetch": f"{url}/ApprovalRequests", "approval_create": f"{url}/ApprovalRequests/whatsapp"},
    }


def approval_resource(sid: str, content: dict[str, Any]) -> dict[str, Any]:
    """What WhatsApp thinks of a piece of content."""
    url = f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests"
    return {"sid": sid, "account_sid": ACCOUNT_SID, "whatsapp": content["approval"], "url": url}


def error_body(code: int, status: int, message: str) -> dict[str, Any]:
    """An answer that says no."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}
