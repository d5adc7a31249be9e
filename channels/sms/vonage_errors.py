"""What each Vonage error means for us: the number behind `messages#` in an answer, or the one in a status (R25).

Verify before use against Vonage's page of errors of its Messages API; a code that is in no row stops the message.
"""

from datetime import timedelta

from channels.contract import SendError
from channels.sms.errors import UNKNOWN, Fault, Then

FAULTS: dict[str, Fault] = {
    "1000": Fault("faster than the account may", Then.AGAIN, ours=True),
    "1010": Fault("a parameter is missing"),
    "1020": Fault("a parameter is wrong"),
    "1030": Fault("fault inside the platform", Then.AGAIN, ours=True),
    "1040": Fault("message not understood, or no such prefix"),
    "1050": Fault("number barred", blocks=True),
    "1060": Fault("account barred", ours=True),
    "1070": Fault("no credit left", ours=True),
    "1080": Fault("account not set up for this API", ours=True),
    "1090": Fault("message too long"),
    "1100": Fault("not handed on, for the connection failed", Then.AGAIN, ours=True),
    "1120": Fault("sender not accepted", ours=True),
    "1130": Fault("time to live not accepted"),
    "1170": Fault("not a valid number"),
    "1180": Fault("handset out of reach for now", Then.AGAIN),
    "1190": Fault("number not in service any more"),
    "1210": Fault("filtered as unwanted"),
    "1220": Fault("handset busy", Then.AGAIN),
    "1230": Fault("fault in the network", Then.AGAIN),
    "1240": Fault("opted out, or a number that may not be texted", blocks=True),
    "1280": Fault("blocked by the network"),
    "1290": Fault("no credit left", ours=True),
    "1330": Fault("unknown fault", Then.AGAIN),
    "1360": Fault("time to live ran out"),
    "401": Fault("token not accepted", ours=True),
    "402": Fault("no credit left", ours=True),
    "403": Fault("not allowed", ours=True),
    "429": Fault("too many requests", Then.AGAIN, ours=True),
    "503": Fault("out of service", Then.AGAIN, ours=True),
}


def after_failure(code: str) -> Fault:
    """The row of a code, with or without `vonage-` before it."""
    return FAULTS.get(code.removeprefix("vonage-"), UNKNOWN)


def send_error(code: str, retry_after: timedelta | None = None) -> SendError:
    """The `SendError` for a code that Vonage has answered with: it has certainly not taken the message."""
    fault = after_failure(code)
    return SendError(
        f"vonage-{code}",
        retryable=fault.retryable,
        tell_staff=fault.tell_staff,
        retry_after=retry_after,
        blocked=fault.blocks,
        elsewhere=fault.ours,
    )
