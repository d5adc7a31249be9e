"""`sidedoor due`: what will happen next to a person, and why. Ids, times and codes only."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from backend.commands.base import CannotStartError, Commands, add, tell
from backend.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from backend.house import House


def add_to(commands: Commands) -> None:
    """One conversation, or `--all`."""
    due = add(commands, "due", _due, "say what will happen next in a conversation, and which rule holds what")
    due.add_argument("conversation", nargs="?", type=int, help="the number in the address of its page at the desk")
    due.add_argument("--all", action="store_true", help="every conversation in which something is planned")
    due.add_argument("--days", type=int, default=7, choices=range(1, 93), metavar="1-92", help="how far to look ahead")


def _due(chosen: argparse.Namespace, settings: Settings) -> int:
    from sqlalchemy.exc import NoResultFound

    from backend.app import open_house
    from backend.checkins.ahead import conversations_ahead

    if (chosen.conversation is None) == (not chosen.all):
        raise CannotStartError("say which conversation, or --all")
    house = open_house(settings)
    try:
        with house.store.engine.connect() as c:
            ids = conversations_ahead(c) if chosen.all else [chosen.conversation]
            for conversation_id in ids:
                for line in lines(c, house, conversation_id, chosen.days):
                    tell(line)
    except NoResultFound:
        raise CannotStartError("there is no such conversation") from None
    finally:
        house.store.close()
    return 0


def lines(c: "Connection", house: "House", conversation_id: int, days: int) -> list[str]:
    """The lines about one conversation, in the service's wall time: what was not sent lately, then what is ahead."""
    from backend.checkins.ahead import became, coming
    from backend.conversations.talk import look_at_talk

    talk, where = look_at_talk(c, house, conversation_id), ZoneInfo(house.settings.time_zone)
    since = house.clock() - timedelta(days=days)
    told = [f"conversation {conversation_id}"]
    for was in reversed(became(c, conversation_id)):
        if was.at >= since:
            why = f": {was.reason}" if was.reason else ""
            told.append(f"  {was.at.astimezone(where):%Y-%m-%d %H:%M}  {was.purpose}  was {was.state}{why}")
    for one in coming(c, house, talk, days):
        why = f": {one.reason}" if one.reason else ""
        told.append(f"  {one.at.astimezone(where):%Y-%m-%d %H:%M}  {one.what} {one.id}  {one.fate}{why}")
    return told if len(told) > 1 else [*told, "  nothing is planned"]
