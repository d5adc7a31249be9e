"""The door out: one pure function decides, for every message to a person, send it, hold it, or drop it with a reason.

`RULES` is the whole gate. It is read from the top; the first rule that has an answer decides; a rule that has none says
nothing. A message that answers somebody inside the talk they opened leaves at `answers_in_talk`; everything below is
about messages that we start. The gate is asked at the moment of sending, and again before every retry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safety import hours
from safety.lint import names_service, personal
from safety.profile import stale
from safety.staff_texts import is_staff_text
from safety.types import Decision, Drop, Hold, Kind, Outgoing, Point, PointState, Rules, Send
from safety.whatsapp import TEMPLATES, free_words_end

ASK_AGAIN = timedelta(minutes=15)
"""How long a message waits while it is in doubt who writes, before the gate is asked again."""
LEAST_VALIDITY = timedelta(seconds=1)
"""The shortest time that a provider can be told to hold a message; with less left, it does not go."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at: one message, one contact point, the settings, and the moment (aware)."""

    message: Outgoing
    point: Point
    rules: Rules
    now: datetime

    @property
    def in_talk(self) -> bool:
        """Whether the person has written here so lately that an answer still belongs to the talk they opened (R2)."""
        return self.talk_ends is not None and self.now < self.talk_ends

    @property
    def talk_ends(self) -> datetime | None:
        last, on_page = self.point.last_inbound_at, self.point.channel == "webchat"
        return last and last + (self.rules.in_session_page if on_page else self.rules.in_session)

    @property
    def started_by_us(self) -> bool:
        """Replies and danger words only ever answer; everything else that goes out is ours to start."""
        return self.message.kind not in (Kind.REPLY, Kind.DANGER)

    @property
    def free_words_end(self) -> datetime | None:
        """WhatsApp only: when free words stop being allowed; None: elsewhere, or where nobody has written (R26)."""
        heard = self.point.last_heard_at or self.point.last_inbound_at
        return free_words_end(heard) if self.point.channel == "whatsapp" else None

    @property
    def window_closed(self) -> bool:
        """WhatsApp only: whether free words may go no more (R26)."""
        end = self.free_words_end
        return self.point.channel == "whatsapp" and (end is None or end - self.now < LEAST_VALIDITY)

    @property
    def instead(self) -> str:
        """The approved line that goes in the place of words that may go no more; empty: none does (R26)."""
        approved = self.message.kind in self.rules.whatsapp_templates
        return TEMPLATES.get(self.message.kind, "") if self.window_closed and approved else ""

    @property
    def words(self) -> str:
        """What will be seen."""
        return self.instead or f"{self.message.subject}\n{self.message.text}"


Rule = Callable[[Case], Decision | None]


def for_a_person(case: Case) -> Decision | None:
    """R12: a text made for staff never goes to a contact point of a person."""
    return Drop("staff_text") if case.message.kind is Kind.STAFF_ALERT else None


def in_trial(case: Case) -> Decision | None:
    """R2: a trial of the service reaches nobody but those who were named for it."""
    return None if case.point.may_be_tried else Drop("trial", tell_worker=False)


def in_time(case: Case) -> Decision | None:
    """R8: after its not-after time a message is dropped, never sent late."""
    return Drop("late") if case.message.not_after - case.now < LEAST_VALIDITY else None


def to_a_mobile(case: Case) -> Decision | None:
    """R4: a text message goes to a mobile only; a landline may read it aloud."""
    return Drop("not_mobile") if case.point.channel == "sms" and not case.point.mobile else None


def names_nothing(case: Case) -> Decision | None:
    """R1, R10: no word names the service or abuse, unless the person chose that here; a re-check never does."""
    if case.point.contact.naming and case.message.kind is not Kind.RECHECK:
        return None
    return Drop("names_service") if names_service(case.words, case.rules.naming_words) else None


def not_refused(case: Case) -> Decision | None:
    """R24: after STOP, in any words, nothing that we start goes to this contact point."""
    return Drop("opted_out") if case.point.opted_out and case.started_by_us else None


def not_paused(case: Case) -> Decision | None:
    """R13: while everything for this person is paused, nothing that we start goes; answers look as they always do."""
    return Drop("paused") if case.point.paused and case.started_by_us else None


def not_unsafe(case: Case) -> Decision | None:
    """R2, R6: nothing that we start goes where somebody else may read it."""
    return Drop("unsafe") if case.point.state is PointState.UNSAFE and case.started_by_us else None


def not_in_doubt(case: Case) -> Decision | None:
    """R12: while it is in doubt who writes, nothing that we start goes; the agreed word or a person ends that."""
    return Hold(case.now + ASK_AGAIN, "in_doubt") if case.point.in_doubt and case.started_by_us else None


def answers_in_talk(case: Case) -> Decision | None:
    """R2, R7, R29: in the talk an answer goes at once, at any hour; after it, never. Danger never waits."""
    answer = not case.started_by_us or case.message.kind is Kind.PRACTITIONER
    if answer and case.in_talk and case.talk_ends:
        return _send_until(case, case.talk_ends)
    return None if case.started_by_us else Drop("talk_over")


def known_to_be_safe(case: Case) -> Decision | None:
    """R2: nothing is started to a contact point that nobody has called safe."""
    return Drop("not_known_safe") if case.point.state is PointState.UNKNOWN else None


def still_fresh(case: Case) -> Decision | None:
    """R10: once the safe-contact answers have expired, only the bland re-check may go."""
    old = stale(case.point, case.now, case.rules.confirmation_lasts)
    return Drop("stale") if old and case.message.kind is not Kind.RECHECK else None


def may_start(case: Case) -> Decision | None:
    """R2: we write first only if the person has agreed to that."""
    return None if case.point.contact.may_start else Drop("not_agreed")


def reminders_wanted(case: Case) -> Decision | None:
    """R9: reminders are off until the person has said that they are safe."""
    refused = case.message.kind is Kind.REMINDER and not case.point.contact.reminders
    return Drop("reminders_off") if refused else None


def in_whatsapp_window(case: Case) -> Decision | None:
    """R26: on WhatsApp free words go within 24 hours of the person's last message; later only an approved line."""
    return Drop("whatsapp_window") if case.window_closed and not case.instead else None


def nothing_personal(case: Case) -> Decision | None:
    """R5: what we send by ourselves holds no link, address or the like; a practitioner's words are theirs."""
    by_itself = case.message.kind is not Kind.PRACTITIONER
    return Drop("personal") if by_itself and personal(case.instead or case.message.text) else None


def in_agreed_hours(case: Case) -> Decision | None:
    """R7, R8: in the agreed hours it goes, for as long as they last; else it waits, or is dropped if too late."""
    contact = case.point.contact
    where = hours.zone(contact.time_zone)
    if where is None or not contact.windows:
        return Drop("no_hours")
    if hours.is_open(contact.windows, where, case.now):
        closing = hours.closes(contact.windows, where, case.now)
        if closing is None or closing - case.now >= LEAST_VALIDITY:
            return _send_until(case, closing or case.message.not_after)
    opening = hours.opens(contact.windows, where, case.now)
    if opening is None:
        return Drop("no_hours")
    in_time = case.message.not_after - opening >= LEAST_VALIDITY
    return Hold(opening, "outside_hours") if in_time else Drop("too_late_in_hours")


RULES: tuple[Rule, ...] = (
    for_a_person,
    in_trial,
    in_time,
    to_a_mobile,
    names_nothing,
    not_refused,
    not_paused,
    not_unsafe,
    not_in_doubt,
    answers_in_talk,
    known_to_be_safe,
    still_fresh,
    may_start,
    reminders_wanted,
    in_whatsapp_window,
    nothing_personal,
    in_agreed_hours,
)

REASONS = {
    "staff_text": "This text was made for staff, so it was not sent to a person.",
    "trial": "This is a trial, and the address is not one of those named for it.",
    "late": "It was no longer in time, so it was not sent.",
    "not_mobile": "The number is not a mobile. A landline may read a text aloud.",
    "names_service": "A word in it names the service or abuse, and naming is not agreed for this contact point.",
    "opted_out": "The person has asked us to stop sending here.",
    "paused": "Everything that we send to this person is paused. Ask the duty worker.",
    "unsafe": "This contact point is marked unsafe: somebody else may be reading.",
    "in_doubt": "Somebody may be writing who is not them. It waits for the agreed word, or until the alert is taken.",
    "talk_over": "The person had left the talk by then, so the answer was not sent after them.",
    "not_known_safe": "Nobody has said that this contact point is safe. Wait until they write.",
    "stale": "The safe-contact answers have expired. They must be asked again first.",
    "not_agreed": "The person has not agreed that we write first. Wait until they write.",
    "reminders_off": "The person has not said yes to reminders.",
    "personal": "It holds something personal, such as a link, an address or a case number.",
    "no_hours": "There are no safe hours for this contact point.",
    "outside_hours": "It is outside the person's safe hours. It will go when they next open.",
    "too_late_in_hours": "It would be too late by the time the person's safe hours open.",
    "whatsapp_window": "They last wrote on WhatsApp over 24 hours ago. WhatsApp lets nothing free through then.",
    "as_template": "They last wrote over 24 hours ago, so a bland line went, not your words. Write once they answer.",
    "not_in_catalogue": "A staff alert may only use the fixed texts.",
}
"""Every reason the gate gives, with a sentence for the desk. `outside_hours` and `in_doubt` hold, `as_template` sends;
the others drop."""


def decide(message: Outgoing, point: Point, rules: Rules, now: datetime) -> Decision:
    """Send, hold or drop one message to a person. `now` is aware. Ask again if the point's version has changed."""
    case = Case(message, point, rules, now.astimezone(UTC))
    return next((decision for rule in RULES if (decision := rule(case)) is not None), Drop("no_hours"))


def decide_staff_alert(message: Outgoing, now: datetime) -> Decision:
    """The same door for alerts to practitioners: only the fixed texts go, which hold nothing about anybody."""
    if message.kind is not Kind.STAFF_ALERT or not is_staff_text(message.subject, message.text):
        return Drop("not_in_catalogue")
    left = message.not_after - now
    return Drop("late") if left < LEAST_VALIDITY else Send(validity=timedelta(seconds=left // LEAST_VALIDITY))


def _send_until(case: Case, end: datetime) -> Send:
    """Go now, and let a provider hold it no longer than it is wanted and allowed, in whole seconds (R8, R26)."""
    free = None if case.instead else case.free_words_end
    left = min(end, case.message.not_after, free or end) - case.now
    return Send(max(LEAST_VALIDITY, timedelta(seconds=left // LEAST_VALIDITY)), case.instead)
