"""The one visible course of an inbound message: what the house does when triage has decided.

Each course is a small function in `COURSES`. Whether the engine speaks or the house does, the words come from the
same reviewed catalogue (R30).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.contact_points import pending
from backend.conversations import doubt, first_words, fragments, tightening
from backend.conversations.agreed_words import Match, count_tries, forget_tries
from backend.conversations.blocked import stop_starting
from backend.conversations.clearing import plan_clearing
from backend.conversations.engine import NEUTRAL, opens, run_engine, say
from backend.conversations.hearing import Heard
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk
from backend.house import House
from bot.contract import Danger, Event, Said
from channels.contract import Inbound
from safety.phrases import CLEARING
from safety.types import Course, Findings, PointState

PRESSES = frozenset({"callback_id", "ButtonPayload", "ListId"})
"""What the payload of a pressed button holds, on the channels that have them."""
MEDIA = "media"
"""In the memory: how many pictures and the like were refused in this session."""


@dataclass(slots=True)
class Following:
    """What a course works on."""

    c: Connection
    house: House
    talk: Talk
    memory: dict[str, Any]
    inbound: Inbound
    findings: Findings
    heard: Heard
    known: Match
    new_session: bool

    def engine(self, event: Event) -> None:
        """Let the engine take a step."""
        run_engine(self.c, self.house, self.talk, self.memory, event)

    def asks_for_a_person(self) -> bool:
        """Whether the message is a wish for a person and nothing else."""
        command = self.house.flows.understanding.command(self.inbound.text)
        return command is not None and command.name == "person"

    def say(self, response: str) -> None:
        """One reviewed line, without the engine."""
        say(self.c, self.house, self.talk, response)


def follow_course(
    c: Connection,
    house: House,
    talk: Talk,
    memory: dict[str, Any],
    inbound: Inbound,
    findings: Findings,
    heard: Heard,
    known: Match,
    *,
    new_session: bool,
) -> None:
    """Carry out the course that triage chose. Whatever leaves the question that is open ends a wait for more."""
    if new_session and talk["owner_id"] is not None:
        memory[NEUTRAL] = True
    following = Following(c, house, talk, memory, inbound, findings, heard, known, new_session)
    if findings.opts_out:
        _stop_initiated(following)
    if findings.opts_out or findings.course not in (Course.ENGINE, Course.CARRIER_WORD):
        fragments.drop(memory)
    COURSES[findings.course](following)
    _void_wishes(following)


def _void_wishes(f: Following) -> None:
    """Nobody can say any more who asked for what waits, so it is void (R14)."""
    if f.findings.course is Course.DURESS:
        tightening.void_after_duress(f.c, f.house, f.talk, f.known.conversation_id or f.talk.id)
    elif f.findings.opts_out or f.findings.course is Course.SOMEBODY_ELSE:
        pending.void_at_point(f.c, f.house, f.talk.point_id, f.findings.course.value)


def _stop_initiated(f: Following) -> None:
    """STOP, in any words (R24)."""
    stop_starting(f.c, f.house, f.talk, "opted_out", f.inbound.received_at)


def _carrier_word(f: Following) -> None:
    """The carrier has answered, and we do not answer twice (R24). START alone restores nothing but the carrier's own
    block, and counts only where it was sent after the last STOP."""
    if f.findings.opts_in:
        f.talk.points["opted_out_at"] = None
        unsafe = f.talk.point().state is PointState.UNSAFE
        f.talk.set_point_state(PointState.UNSAFE if unsafe else PointState.UNKNOWN)


def _opt_out(f: Following) -> None:
    f.say("utter_opt_out")
    f.talk["session_ended_at"] = f.house.clock()


def _exit(f: Following) -> None:
    """The way out: nothing queued follows, what was said is taken off the phone where that can be, one bland line, and
    the session is over."""
    cancel_queued(f.c, f.talk.id, "exit")
    plan_clearing(f.c, f.house, f.talk)
    f.say("utter_exit")
    f.talk["session_ended_at"] = f.house.clock()


def _duress(f: Following) -> None:
    """Looks like any ending; the point is unsafe, all outbound pauses, and somebody is woken (R13)."""
    _exit(f)
    tightening.duress(f.c, f.house, f.talk, f.known.conversation_id or f.talk.id)


def _code_word(f: Following) -> None:
    """The agreed word: who is there is known in this session, and the talk goes on where it stopped (R12)."""
    f.talk["verified_at"] = f.house.clock()
    forget_tries(f.memory)
    f.memory.pop(NEUTRAL, None)
    doubt.end(f.c, f.talk, f.memory, f.house.clock())
    f.say("utter_word_accepted")
    if f.talk["owner_id"] is not None:
        _owned(f)
        return
    f.engine(Said("/resume"))


def _somebody_else(f: Following) -> None:
    """Somebody else has the phone: the point is unsafe, its queue is gone, and the talk is over.

    What they see is the agreed cover line, else silence, whoever the number belongs to (R6); only the first words of a
    session are answered as everybody's are (R3). So nothing tells a known number from an unknown one.
    """
    tightening.somebody_else(f.c, f.talk)
    if f.new_session:
        f.engine(Said(f.inbound.text))
        return
    if cover := f.talk.contact().cover:
        f.say(cover)
    f.talk["session_ended_at"] = f.house.clock()


def _owned(f: Following) -> None:
    """A practitioner owns the talk: the bot is silent, and they are told. A new session still meets the neutral opening
    questions, as everybody's does, unless the agreed word began it (R3)."""
    raise_alert(f.c, f.house, f.talk.id, "new_message", "soon")
    if f.memory.get(NEUTRAL) and f.talk["verified_at"] is None:
        _engine(f)
        return
    count_tries(f.c, f.house, f.talk, f.memory, f.heard.tries, wrong=False)
    if f.new_session:
        f.say("utter_opener")


def _danger(f: Following) -> None:
    f.engine(Danger(f.inbound.text))


def _engine(f: Following) -> None:
    """The ordinary way. A picture or a voice message is refused politely, and what was written with it is still read
    (R28)."""
    if f.new_session and _has_just_left(f) and CLEARING.hold(f.inbound.text):
        _tell_how_to_clear(f)
        return
    media = f.inbound.payload.get("NumMedia", "0") != "0"
    if media:
        _refuse_media(f)
        if not f.inbound.text.strip():
            return
    if opens(f.memory) and (told := first_words.gather(f.inbound.text)):
        f.memory[first_words.KEY] = told
    if opens(f.memory) and f.asks_for_a_person():
        # The opener is the same for everybody (R3), so the wish is heard in silence.
        raise_alert(f.c, f.house, f.talk.id, "asked", "soon")
    if media or _is_whole(f.inbound) or not fragments.waits(f.house, f.talk, f.memory, f.inbound.text):
        fragments.answer_now(f.c, f.house, f.talk, f.memory, f.heard)
    else:
        fragments.hold(f.c, f.house, f.talk, f.memory, f.heard)


def _has_just_left(f: Following) -> bool:
    """Whether the way out was taken so lately that a word about it still belongs to it."""
    left = f.talk.row["talk_session_ended_at"]  # as it was before this message began another
    return left is not None and f.house.clock() - left < f.house.rules.in_session


def _tell_how_to_clear(f: Following) -> None:
    """How to take the chat off this phone, in words that say nothing of what it was about; then the talk is over again.

    Whoever has just left is told, known or not, so it tells nobody anything (R3, R27).
    """
    f.say("utter_delete_help")
    f.talk["session_ended_at"] = f.house.clock()


def _is_whole(inbound: Inbound) -> bool:
    """Whether nothing more of the same answer can follow: a mail, or a button that was pressed."""
    return inbound.channel == "email" or bool(PRESSES & inbound.payload.keys())


def _refuse_media(f: Following) -> None:
    """Not in the same words twice, and somebody is told once in a session: a picture may be all that they can send."""
    again = f.memory.get(MEDIA, 0)
    f.memory[MEDIA] = again + 1
    f.say("utter_media_again" if again else "utter_media_refused")
    if not again:
        raise_alert(f.c, f.house, f.talk.id, "media", "routine")


COURSES: dict[Course, Callable[[Following], None]] = {
    Course.CARRIER_WORD: _carrier_word,
    Course.OPT_OUT: _opt_out,
    Course.EXIT: _exit,
    Course.DURESS: _duress,
    Course.CODE_WORD: _code_word,
    Course.SOMEBODY_ELSE: _somebody_else,
    Course.OWNED: _owned,
    Course.DANGER: _danger,
    Course.ENGINE: _engine,
}
