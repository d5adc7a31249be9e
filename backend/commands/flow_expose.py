"""`sidedoor flows expose`: what somebody who holds the phone sees of a whole talk, step by step (R1, R5)."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from backend.commands.base import CannotStartError, Commands, add, tell
from backend.commands.flow_files import load
from backend.conversations.facts import service_facts
from backend.exposed import called_on, seen_of
from backend.house import make_rules
from backend.settings import Settings
from bot import Flows
from bot.checker.texts import messages
from bot.contract import EndSession, Facts, HandOver, Say
from bot.language.keys import CHANNELS
from bot.player import Player
from safety import exposure
from safety.exposure import Finding, Place, Shown, View

OPENING = "pattern_session_start"
MOST = 40
"""Answers after which a talk that goes on by itself is cut."""
FIRST_CHOICE = "1"
CLOSED = (Place.LOCK_SCREEN, Place.NOTIFICATIONS, Place.THREAD_LIST)
"""What changes with every step. The other places only grow, and are shown at the end."""
SAME = "(all that stands in the opened thread)"
REST = tuple(place for place in Place if place not in CLOSED)


def add_to(flows: Commands) -> argparse.ArgumentParser:
    """`expose`; gives it, so that more options can be added."""
    exposing = add(flows, "expose", _expose, "show what somebody who holds the phone sees of a flow or a response")
    exposing.add_argument("name", nargs="?", default=OPENING, help="a flow or a response; empty: from the first word")
    exposing.add_argument("--channel", choices=CHANNELS, default="sms")
    exposing.add_argument("--naming", action="store_true", help="words may name the service here (R1)")
    exposing.add_argument(
        "--say", nargs="+", default=[], metavar="WORDS", help="what the person writes; after that, the first choices"
    )
    return exposing


def _expose(chosen: argparse.Namespace, settings: Settings) -> int:
    """1 when something leaks."""
    _folder, flows = load(chosen, settings)
    named = settings.model_copy(update={"service_name": settings.service_name or "Harbour Project"})
    teller = _Teller(chosen.channel, chosen.naming, named)
    if chosen.name in flows.flows:
        facts = Facts(chosen.channel, chosen.naming, fresh_code="4821 7730 1965 2204", service=service_facts(named))
        teller.talk(_walk(Player(flows, facts), chosen.name, chosen.say))
    elif chosen.name in flows.responses:
        teller.response(flows, chosen.name)
    else:
        near = get_close_matches(chosen.name, [*flows.flows, *flows.responses], n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise CannotStartError(f"There is no flow and no response `{chosen.name}`.{hint}")
    tell(f"Leaks: {teller.leaks}." if teller.leaks else "Nothing leaks.")
    return 1 if teller.leaks else 0


# --- the talk ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """What was written, empty at the beginning in a flow, and what came of it."""

    at: datetime
    wrote: str = field(repr=False)
    said: tuple[Say, ...]


def _walk(player: Player, flow: str, say: Sequence[str]) -> Iterator[_Step]:
    """A talk with these answers and then the first choices, until it ends, a person takes over, or nothing is asked."""
    words, now = list(say), player.now
    if flow != OPENING:
        player.begin_in(flow, {"privacy_checked": True})
        yield _Step(now, "", _said(player))
    else:
        words = words or ["hello"]
    for _ in range(max(MOST, len(words))):
        if _is_over(player) and not words:
            return
        now += timedelta(minutes=1)
        wrote = words.pop(0) if words else FIRST_CHOICE
        player.say(wrote)
        yield _Step(now, wrote, _said(player))


def _said(player: Player) -> tuple[Say, ...]:
    effects = player.outcome.effects if player.outcome else ()
    return tuple(effect for effect in effects if isinstance(effect, Say))


def _is_over(player: Player) -> bool:
    if player.outcome is None:
        return False
    ends = any(isinstance(effect, EndSession | HandOver) for effect in player.outcome.effects)
    return ends or not player.state.stack


# --- telling ----------------------------------------------------------------------------------------------------------


class _Teller:
    """Prints what each place shows, and counts what leaks."""

    def __init__(self, channel: str, naming: bool, settings: Settings) -> None:
        self.channel, self.naming, self.settings = channel, naming, settings
        self.names, self.sender = make_rules(settings).naming_words, called_on(channel, settings)
        self.leaks = 0

    def response(self, flows: Flows, name: str) -> None:
        """Each way of saying it on this channel, as a message by itself."""
        for way in flows.responses[name].variations:
            for message in messages(flows, flows.responses[name], way):
                if message.channel == self.channel:
                    tell(f"`{name}` in {message.language}{', where naming was chosen' if message.naming else ''}")
                    shown = [Shown(message.text, choices=message.titles)]
                    self._views(shown, tuple(Place))
                    self._found(self._look(shown, message.naming))

    def talk(self, steps: Iterator[_Step]) -> None:
        """Every step, and then what stays."""
        talk: list[Shown] = []
        wrote_at: list[datetime] = []
        for number, step in enumerate(steps, start=1):
            if step.wrote:
                talk.append(Shown(step.wrote, exposure.time_on_phone(step.at), mine=True))
                wrote_at.append(step.at)
            talk += [Shown(say.text, exposure.time_on_phone(step.at), choices=_buttons(say)) for say in step.said]
            tell(f"{number}. {f'They write: {step.wrote}' if step.wrote else 'The flow begins.'}")
            self._views(talk, CLOSED)
            self._found(self._look(exposure.unread(talk), self.naming))
        tell("In the end")
        self._views(talk, REST)
        tell(f"  Undo: {exposure.CHANNELS[self.channel].undo}")
        self._found(list(exposure.look_at_hours(wrote_at, ZoneInfo(self.settings.time_zone))))

    def _views(self, talk: Sequence[Shown], places: Sequence[Place]) -> None:
        seen = {view.place: view for view in seen_of(self.channel, talk, self.settings)}
        for place in places:
            view, thread = seen[place], seen[Place.THREAD]
            tell(f"  {view.name}{_claimed(view) if places != CLOSED else ''}")
            same = place is not Place.THREAD and view.lines == thread.lines
            for line in [SAME] if same and view.lines else view.lines:
                tell(f"      {line}")

    def _look(self, fresh: Sequence[Shown], naming: bool) -> list[Finding]:
        return list(exposure.look_at_all(self.channel, fresh, naming=naming, names=self.names, sender=self.sender))

    def _found(self, found: Sequence[Finding]) -> None:
        for finding in dict.fromkeys(found):
            self.leaks += finding.leaks
            tell(f"  ! {'leak' if finding.leaks else 'note'} [{finding.code}]: {finding.what}; {finding.instead}")
        tell("")


def _buttons(say: Say) -> tuple[str, ...]:
    """Those that are not in the words already."""
    return tuple(choice.title for choice in say.choices if choice.title not in say.text)


def _claimed(view: View) -> str:
    mark = f"{view.claim.source}: verify before use" if view.claim.unconfirmed else view.claim.source
    return f" - {view.claim.words} ({mark})"
