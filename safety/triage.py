"""The door in: what one message means for safety. Every finding is kept; one visible course is chosen.

Danger is looked for in every message (`signs`, from `safety.danger`) and always raises its alert. What the person sees
is the first line of this table that holds:

| Course | Holds when | Why here |
|---|---|---|
| silent | a mail that is not from where it says, or that a machine may send | an answer would reach another (M5) |
| duress | it is the duress word | nothing may differ from an ordinary ending (R13) |
| carrier word | the carrier has acted on a bare STOP, START or HELP | it has answered; two answers are one too many |
| somebody else | the words say outright that it is not the person | only silence or the agreed cover line may go (R6) |
| danger | the signs are urgent | the one message with 999 and 55, also when a practitioner owns the talk (R29) |
| opt-out | a refusal in any words | stop at once; only life outranks it (R24) |
| exit | it says only that the talk is over for now, or is the person's own word for that | leave without a question |
| silent | it is an edit or a reaction | it answers nothing, and is kept as what it is |
| code word | it is the code word | the person has shown who is there (R12) |
| somebody else | faint signs, outside an open talk | in a talk, "who is this?" is most likely the person |
| owned | a practitioner owns the talk | the bot is silent |
| engine | otherwise | |

"stop he has a knife" is danger and a refusal: the danger words are shown, both alerts are raised, and sending stops.
"""

from collections.abc import Callable
from dataclasses import dataclass

from safety.carrier_words import CARRIER_CHANNELS, STOP_WORDS, carrier_word
from safety.phrases import ENDING, REFUSAL, SOMEBODY_ELSE_FAINT, SOMEBODY_ELSE_PLAIN, YOUNG, plain
from safety.types import Arrived, Course, Findings, Level, Raise, Signs

LEAVING_WORDS = frozenset({"end", "quit", "cancel"})
"""Where no carrier listens, these leave the talk, or answer a question, and refuse nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is true of one message. Several things may be."""

    arrived: Arrived
    urgent: bool
    concern: bool
    discloses: bool
    carrier: str
    lone_help: bool
    duress: bool
    code: bool
    refuses: bool
    ends: bool
    plainly_other: bool
    faintly_other: bool
    young: bool

    @property
    def opts_out(self) -> bool:
        return self.carrier == "stop" or self.refuses

    @property
    def opts_in(self) -> bool:
        """START lets answers through again. It proves nothing about who typed it, and restores nothing private."""
        return self.carrier == "start" and self.arrived.opted_out


Test = Callable[[Reading], bool]

PRECEDENCE: tuple[tuple[Course, Test], ...] = (
    (Course.SILENT, lambda reading: not reading.arrived.may_answer),
    (Course.DURESS, lambda reading: reading.duress),
    (Course.CARRIER_WORD, lambda reading: bool(reading.carrier)),
    (Course.SOMEBODY_ELSE, lambda reading: reading.plainly_other),
    (Course.DANGER, lambda reading: reading.urgent),
    (Course.OPT_OUT, lambda reading: reading.refuses),
    (Course.EXIT, lambda reading: reading.ends),
    (Course.SILENT, lambda reading: reading.arrived.kind != "message"),
    (Course.CODE_WORD, lambda reading: reading.code),
    (Course.SOMEBODY_ELSE, lambda reading: reading.faintly_other),
    (Course.OWNED, lambda reading: reading.arrived.owned),
    (Course.ENGINE, lambda _: True),
)
"""The table above, in code."""

ALERTS: tuple[tuple[Raise, Test], ...] = (
    (Raise("duress", "urgent"), lambda reading: reading.duress),
    (Raise("danger", "urgent"), lambda reading: reading.urgent),
    (Raise("help_word", "urgent"), lambda reading: reading.lone_help),
    (Raise("concern", "soon"), lambda reading: reading.concern),
    (Raise("disclosure", "routine"), lambda reading: reading.discloses),
    (Raise("somebody_else", "soon"), lambda reading: reading.plainly_other or reading.faintly_other),
    (Raise("young_person", "urgent"), lambda reading: reading.young),
    (Raise("opted_out", "soon"), lambda reading: reading.opts_out),
    (Raise("opted_in", "routine"), lambda reading: reading.opts_in),
    (Raise("not_answered", "soon"), lambda reading: not reading.arrived.may_answer),
    (Raise("wrote_after_opt_out", "soon"), lambda reading: reading.arrived.opted_out and not reading.carrier),
)
"""Every alert that a message can raise; all that hold are raised."""


def triage(arrived: Arrived, signs: Signs) -> Findings:
    """Read one message. Pure: the same message, circumstances and signs give the same findings, always."""
    reading = _read(arrived, signs)
    return Findings(
        course=next(course for course, holds in PRECEDENCE if holds(reading)),
        signs=signs,
        alerts=tuple(alert for alert, holds in ALERTS if holds(reading)),
        opts_out=reading.opts_out,
        opts_in=reading.opts_in,
    )


def _read(arrived: Arrived, signs: Signs) -> Reading:
    """An agreed word is that and nothing else; its letters are not read a second time as a phrase."""
    text = "" if arrived.word_matches else arrived.text
    in_talk = arrived.in_session or arrived.verified
    carrier = _carrier_word(arrived)
    return Reading(
        arrived=arrived,
        urgent=signs.level is Level.URGENT,
        concern=signs.level is Level.CONCERN,
        discloses=signs.level is Level.DISCLOSURE,
        carrier=carrier,
        lone_help=arrived.channel in CARRIER_CHANNELS and _asks_for_help(carrier, text),
        duress="duress" in arrived.word_matches,
        code="code" in arrived.word_matches,
        refuses=REFUSAL.hold(text) or plain(text) in STOP_WORDS - LEAVING_WORDS,
        ends="exit" in arrived.word_matches or ENDING.hold(text),
        plainly_other=SOMEBODY_ELSE_PLAIN.hold(text),
        faintly_other=not in_talk and SOMEBODY_ELSE_FAINT.hold(text),
        young=not arrived.age_known and YOUNG.hold(text),
    )


def _asks_for_help(carrier: str, text: str) -> bool:
    """HELP and nothing else, with or without a sign behind it. INFO is the carrier's too, but no cry for help."""
    return plain(text) == "help" or (carrier == "help" and plain(text) != "info")


def _carrier_word(arrived: Arrived) -> str:
    """The carrier's word; but a YES from somebody who never opted out is an answer to us."""
    word = carrier_word(arrived.channel, arrived.text, arrived.payload)
    is_answer = word == "start" and plain(arrived.text) == "yes" and not arrived.opted_out
    return "" if is_answer else word
