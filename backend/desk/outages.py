"""What does not work, as practitioners and the operator read it: what, since when, and what to do meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from backend.alerts.service import WAKES
from backend.delivery.facts import ChannelFacts, patience, read_facts
from backend.delivery.troubles import Fault, Trouble, find_troubles
from backend.house import House

Wall = Callable[[datetime], str]
"""Says an instant (UTC) in the service's wall time."""
PLURALS: Mapping[str, str] = {
    "sms": "Texts",
    "whatsapp": "WhatsApp messages",
    "telegram": "Telegram messages",
    "email": "E-mails",
    "webchat": "Web chat messages",
}
RING = "Ring people where you may."
UNWOKEN = "Nobody is woken by mail, so keep the desk open."
OPERATOR = "Tell whoever looks after the machine."


@dataclass(frozen=True, slots=True)
class Outage:
    """One line of the banner: what is wrong and what to do, and below it what is known."""

    words: str
    detail: str = ""


def read_outages(c: Connection, house: House, wall: Wall) -> list[Outage]:
    """What does not work now, the gravest first; nothing where all is well."""
    now, settings = house.clock(), house.settings
    facts = read_facts(c, settings, house.senders, now)
    return [outage(trouble, wall) for trouble in find_troubles(facts, now, patience(settings))]


def outage(trouble: Trouble, wall: Wall) -> Outage:
    """A trouble in words."""
    since = f" since {_wall(wall, trouble.since)}" if trouble.since else ""
    about = trouble.about
    match trouble.fault:
        case Fault.WORKER:
            return Outage(f"Nothing is going out{since}, alerts included. {UNWOKEN} {RING} {OPERATOR}")
        case Fault.UNHEARD if about:
            return Outage(
                f"{_plural(about)} are not coming in{since}. Nobody hears who writes there. {OPERATOR}", trouble.code
            )
        case Fault.KEPT:
            number = _count(trouble.number, "message")
            return Outage(f"{number} that came while the database was away cannot be read yet{since}. {OPERATOR}")
        case Fault.UNREADABLE:
            number = _count(trouble.number, "message")
            return Outage(f"{number} that came while the database was away cannot be read at all. {OPERATOR}")
        case Fault.NO_SENDER if about and about.channel == WAKES:
            return Outage(f"No mail server is set up. {UNWOKEN}", _known(about, wall))
        case Fault.NO_SENDER if about:
            return Outage(f"{_plural(about)} are switched off, and some wait{since}. {RING}", _known(about, wall))
        case Fault.FAILING | Fault.STUCK if about:
            meanwhile = UNWOKEN if about.channel == WAKES else RING
            return Outage(f"{_plural(about)} are not going out{since}. {meanwhile}", _known(about, wall))
        case _:
            return Outage(f"Something does not work{since}. {OPERATOR}")


def channel_line(channel: ChannelFacts, wall: Wall) -> str:
    """One channel on one line, for the operator."""
    return f"{_plural(channel)}: {_known(channel, wall) or 'none has gone yet, and none waits.'}"


def _known(channel: ChannelFacts, wall: Wall) -> str:
    """The facts behind it: `3 tries failed. 2 wait. The last one went 13:55.`"""
    tries = (_count(channel.failed, "try", "tries") + " failed") if channel.failed else ""
    unknown = f"of {channel.unknown} nobody knows whether it went" if channel.unknown else ""
    waiting = f"{channel.waiting} wait{'s' if channel.waiting == 1 else ''}" if channel.waiting else ""
    last = f"the last one went {_wall(wall, channel.last_success)}" if channel.last_success else ""
    told = [words for words in (tries, unknown, waiting, last) if words]
    return " ".join(f"{words[0].upper()}{words[1:]}." for words in told)


def _plural(channel: ChannelFacts) -> str:
    return PLURALS.get(channel.channel, "Messages")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _wall(wall: Wall, at: datetime) -> str:
    """`14:02` for today, as one says it."""
    return wall(at).removeprefix("today ")
