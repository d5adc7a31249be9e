"""What each Twilio error means for us, whether it comes as an answer or later in a status callback (R25, R10).

A code that is not in the table stops the message and tells a practitioner: better one task too many than a person who
waits for an answer that never went out.
"""

from dataclasses import dataclass
from datetime import timedelta

from channels.contract import SendError


@dataclass(frozen=True, slots=True)
class Fault:
    """One row: what it means, whether the same text may be offered again, and whether a practitioner must know."""

    meaning: str
    retryable: bool = False
    tell_staff: bool = True


def _again(meaning: str) -> Fault:
    return Fault(meaning, retryable=True, tell_staff=False)


# Verify before use against Twilio's error dictionary: it adds codes and rewords old ones.
FAULTS: dict[str, Fault] = {
    "14107": _again("sending faster than the account may"),
    "20003": Fault("account id or token not accepted"),
    "20009": _again("not at its final status yet, so it cannot be redacted"),
    "20404": Fault("no such account or message"),
    "20429": _again("too many requests to the API"),
    "20500": _again("fault inside the API"),
    "20503": _again("API out of service"),
    "21211": Fault("not a valid number"),
    "21217": Fault("not a valid number"),
    "21408": Fault("country not switched on for this account"),
    "21601": Fault("sender cannot send text messages"),
    "21602": Fault("message without a body"),
    "21603": Fault("no sender given"),
    "21604": Fault("no recipient given"),
    "21606": Fault("sender does not belong to this account"),
    "21608": Fault("trial account, and the number is not verified in it"),
    "21609": Fault("status callback URL not accepted"),
    "21610": Fault("opted out with the carrier; only START from the handset opens it again"),
    "21611": _again("queue of this sender is full"),
    "21612": Fault("no route from this sender to this number"),
    "21614": Fault("not a mobile number"),
    "21617": Fault("body too long"),
    "21635": Fault("landline"),
    "21703": Fault("Messaging Service has no sender"),
    "21730": _again("maintenance at Twilio"),
    "30001": _again("queue overflow"),
    "30002": Fault("account suspended"),
    "30003": _again("handset switched off or out of reach"),
    "30004": Fault("blocked by the network or the handset"),
    "30005": Fault("unknown number, or not in service any more"),
    "30006": Fault("landline, or a carrier that cannot be reached"),
    "30007": Fault("filtered by the carrier as unwanted"),
    "30008": _again("unknown fault at the carrier"),
    "30036": Fault("validity ran out before the network took it"),
    "400": Fault("request not understood"),
    "401": Fault("not authorised"),
    "403": Fault("not allowed"),
    "404": Fault("not found"),
    "429": _again("too many requests to the API"),
}

# The phone may have been changed, taken or cut off: safe-contact answers expire at once (R10).
RISK_CODES = frozenset({"30004", "30005", "30006"})


def send_error(code: str, *, unknown: bool = False, retry_after: timedelta | None = None) -> SendError:
    """The `SendError` for a Twilio error code or HTTP status, from an answer or from `Receipt.error_code`.

    `retry_after` is how long Twilio asks us to wait (R25). An HTTP status of 500 or more may be tried again.
    """
    fault = FAULTS.get(code) or (_again("server fault") if _is_server_status(code) else Fault("not in our table"))
    return SendError(
        f"twilio-{code}",
        retryable=fault.retryable,
        unknown=unknown,
        tell_staff=fault.tell_staff,
        retry_after=retry_after,
    )


def _is_server_status(code: str) -> bool:
    return len(code) == 3 and code.startswith("5")
