"""What each Twilio error means for us, whether it comes as an answer or later in a status callback (R25, R10).

A code that is not in the table stops the message and tells a practitioner: better one task too many than a person who
waits for an answer that never went out.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from channels.contract import SendError


class Then(StrEnum):
    """What is done about a failure."""

    AGAIN = "again"
    """The same words may be offered again, a set number of times and inside safe hours."""
    REWORD = "reword"
    """These words may not go, but the approved line for their kind may (R26)."""
    STOP = "stop"
    """It ends here, and a practitioner is told."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row. `blocks`: the person, or whoever holds the phone, has shut this door. `ours`: the fault lies with this
    provider or our account there, so another provider may take the same message."""

    meaning: str
    then: Then = Then.STOP
    blocks: bool = False
    ours: bool = False

    @property
    def retryable(self) -> bool:
        """Whether it may be offered again, in the same words or in others."""
        return self.then is not Then.STOP

    @property
    def tell_staff(self) -> bool:
        """Whether a practitioner must know at once."""
        return self.then is Then.STOP


def _again(meaning: str, *, ours: bool = False) -> Fault:
    return Fault(meaning, Then.AGAIN, ours=ours)


def _ours(meaning: str) -> Fault:
    return Fault(meaning, ours=True)


def _blocks(meaning: str) -> Fault:
    return Fault(meaning, blocks=True)


# Verify before use against Twilio's error dictionary: it adds codes and rewords old ones.
FAULTS: dict[str, Fault] = {
    "14107": _again("sending faster than the account may", ours=True),
    "20003": _ours("account id or token not accepted"),
    "20009": _again("not at its final status yet, so it cannot be redacted"),
    "20404": Fault("no such account or message"),
    "20429": _again("too many requests to the API", ours=True),
    "20500": _again("fault inside the API", ours=True),
    "20503": _again("API out of service", ours=True),
    "21211": Fault("not a valid number"),
    "21217": Fault("not a valid number"),
    "21408": Fault("country not switched on for this account"),
    "21601": _ours("sender cannot send text messages"),
    "21602": Fault("message without a body"),
    "21603": _ours("no sender given"),
    "21604": Fault("no recipient given"),
    "21606": _ours("sender does not belong to this account"),
    "21608": _ours("trial account, and the number is not verified in it"),
    "21609": Fault("status callback URL not accepted"),
    "21610": _blocks("opted out with the carrier; only START from the handset opens it again"),
    "21611": _again("queue of this sender is full", ours=True),
    "21612": Fault("no route from this sender to this number"),
    "21614": Fault("not a mobile number"),
    "21617": Fault("body too long"),
    "21635": Fault("landline"),
    "21655": Fault("template id not accepted"),
    "21656": Fault("template variables not accepted"),
    "21703": _ours("Messaging Service has no sender"),
    "21730": _again("maintenance at Twilio", ours=True),
    "30001": _again("queue overflow"),
    "30002": _ours("account suspended"),
    "30003": _again("handset switched off or out of reach"),
    "30004": Fault("blocked by the network or the handset"),
    "30005": Fault("unknown number, or not in service any more"),
    "30006": Fault("landline, or a carrier that cannot be reached"),
    "30007": Fault("filtered by the carrier as unwanted"),
    "30008": _again("unknown fault at the carrier"),
    "30036": Fault("validity ran out before the network took it"),
    "63001": _ours("WhatsApp did not accept our sender's credentials"),
    "63003": Fault("WhatsApp knows no such address"),
    "63005": Fault("WhatsApp did not accept the content"),
    "63007": _ours("our WhatsApp sender does not exist"),
    "63012": _again("fault inside WhatsApp"),
    "63013": Fault("against WhatsApp's policy"),
    "63014": _blocks("blocked by the person"),
    "63015": Fault("WhatsApp sandbox, and the person has not joined it"),
    "63016": Fault("outside WhatsApp's window of 24 hours", Then.REWORD),
    "63018": _again("faster than WhatsApp allows"),
    "63020": _ours("business not verified by Meta"),
    "63021": Fault("content not accepted by WhatsApp"),
    "63024": Fault("not on WhatsApp, or its terms not accepted"),
    "63027": Fault("no such template in this language"),
    "63028": Fault("template variables do not match"),
    "63032": Fault("WhatsApp may not deliver to this person"),
    "63038": _ours("the day's limit of messages is used up"),
    "63040": Fault("template rejected"),
    "63041": Fault("template paused"),
    "63042": Fault("template switched off"),
    "63049": Fault("Meta chose not to deliver"),
    "400": Fault("request not understood"),
    "401": _ours("not authorised"),
    "403": _ours("not allowed"),
    "404": Fault("not found"),
    "429": _again("too many requests to the API", ours=True),
}
UNKNOWN = Fault("not in our table")

# The phone may have been changed, taken or cut off: safe-contact answers expire at once (R10).
RISK_CODES = frozenset({"30004", "30005", "30006"})


def after_failure(code: str) -> Fault:
    """The row of a code, from an answer (`twilio-30003`) or from `Receipt.error_code` (`30003`).

    An HTTP status of 500 or more may be tried again; a code that is in no row stops the message.
    """
    bare = code.removeprefix("twilio-")
    return FAULTS.get(bare) or (_again("server fault", ours=True) if _is_server_status(bare) else UNKNOWN)


def refused_words(code: str) -> bool:
    """Whether it failed for its words alone, so that the approved line may go in their place (R26)."""
    return after_failure(code).then is Then.REWORD


def send_error(code: str, *, unknown: bool = False, retry_after: timedelta | None = None) -> SendError:
    """The `SendError` for a Twilio code or HTTP status. `retry_after` is how long Twilio asks us to wait (R25)."""
    fault = after_failure(code)
    return SendError(
        f"twilio-{code}",
        retryable=fault.retryable,
        unknown=unknown,
        tell_staff=fault.tell_staff,
        retry_after=retry_after,
        blocked=fault.blocks,
        elsewhere=fault.ours and not unknown,
    )


def _is_server_status(code: str) -> bool:
    return len(code) == 3 and code.startswith("5")
