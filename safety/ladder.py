"""When a check-in is missed: which step comes next, when, why, and what a worker is told (domain T8, T20).

Pure, and only a proposal. The time work sets a timer for `at` and asks again when it falls due, with what is known by
then; whatever is to be sent goes to the gate like everything else, so nothing reaches a contact point that is unsafe,
stale or opted out. There are no words for the phone here: a second try is the agreed check-in once more, and nothing
ever asks there whether the person is safe.

1. What is no silence is told to a worker at once, agreed or not, for it is about our own service or about who holds the
   phone (R6, R12, R25).
2. Silence waits for the grace. A time in which nobody could have been heard does not count: the grace begins again.
3. Then only what was agreed: once more, if nobody is known to have read the first and the hours still allow it; then a
   worker. A trusted contact and the police are named to the worker as agreed, and never come from here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from safety import hours
from safety.outcomes import AgreedLadder, CheckIn, NextStep, Outage, Outcome, Step
from safety.types import OnSilence, SafeContact

AT_ONCE = {
    Outcome.NOT_SENT: "soon",
    Outcome.UNCERTAIN: "soon",
    Outcome.UNDELIVERED: "soon",
    Outcome.WRONG_WORD: "urgent",
    Outcome.SOMEBODY_ELSE: "urgent",
}
"""What is no silence, and how urgent it is."""

SILENCE = {Outcome.SENT: "soon", Outcome.UNREAD: "soon", Outcome.SILENT: "soon"}
"""What is silence, and how urgent it is where the person agreed that a worker is told."""

NOT_THEIRS = frozenset({Outcome.NOT_SENT, Outcome.UNCERTAIN})
"""What says nothing about the person, so no step towards anybody else is open."""

TOLD = {
    Outcome.NOT_SENT: "A check-in did not go out. The fault is ours or the provider's, and says nothing about the "
    "person. Decide whether to reach them another agreed way.",
    Outcome.UNCERTAIN: "Nobody can say whether a check-in went out, so it is not sent again. This is no silence.",
    Outcome.UNDELIVERED: "A check-in did not arrive. The phone may be off, changed or taken. Nothing more went there.",
    Outcome.SENT: "A check-in has no answer. It went out; this channel does not say whether it arrived.",
    Outcome.UNREAD: "A check-in has no answer. It arrived, and is not known to have been read.",
    Outcome.SILENT: "A check-in was read and has no answer. We do not know who read it. Nothing more went there.",
    Outcome.WRONG_WORD: "A check-in was answered with a word that is not the agreed one. Nothing more went there.",
    Outcome.SOMEBODY_ELSE: "A check-in was answered by somebody else. Nothing more went there. Use another agreed way.",
}
"""What a worker is told: what is known, what is not, and never a guess about how the person is."""

TRIED_TWICE = " The agreed second try had no answer either."

LOOK_AGAIN = timedelta(minutes=5)
"""How long to wait before asking again whether an outage is over."""


def next_step(
    check_in: CheckIn, agreed: AgreedLadder, contact: SafeContact, outages: Iterable[Outage], now: datetime
) -> NextStep | None:
    """The next step, and when; None: there is none, because it was answered, all is done, or nothing was agreed.

    `outages` are the times in which we or the provider could not have heard an answer; `now` is aware.
    """
    if check_in.outcome in AT_ONCE:
        return None if Step.TELL_WORKER in check_in.taken else _tell(check_in, agreed, check_in.since)
    if check_in.outcome not in SILENCE or not _steps_left(check_in, agreed):
        return None
    end = grace_ends(check_in.since, agreed.grace, outages, now)
    if end is None:
        return NextStep(Step.WAIT, now + LOOK_AGAIN, "our_outage")
    if _may_try_again(check_in, agreed, contact, end):
        return NextStep(Step.TRY_ONCE_MORE, end, check_in.outcome.value)
    wanted = agreed.tell_worker and Step.TELL_WORKER not in check_in.taken
    return _tell(check_in, agreed, end) if wanted else None


def grace_ends(since: datetime, grace: timedelta, outages: Iterable[Outage], now: datetime) -> datetime | None:
    """When the person has had the whole grace in one piece; None while an outage that cuts it is not over.

    An outage that touches the grace begins it again at its end, so what we could not hear is never their silence.
    """
    end = since + grace
    for outage in merge(outages):
        over = outage.end
        if outage.start >= end or (over is not None and over <= since):
            continue
        if over is None or over > now:
            return None
        end = over + grace
    return end


def merge(outages: Iterable[Outage]) -> Sequence[Outage]:
    """The same times, in order, and joined where they touch."""
    joined: list[Outage] = []
    for outage in sorted(outages, key=lambda each: each.start):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and last.end < outage.start):
            joined.append(outage)
        else:
            ends = [each.end for each in (last, outage) if each.end is not None]
            joined[-1] = Outage(last.start, max(ends) if len(ends) == 2 else None)
    return joined


def gaps(heartbeats: Sequence[datetime], longest: timedelta, now: datetime) -> tuple[Outage, ...]:
    """The outages of our own: where two heartbeats, or the last one and now, are further apart than `longest`.

    The heartbeats are in order. A gap begins at the last beat before it, for nobody knows what came after that.
    """
    found = [Outage(before, after) for before, after in pairwise(heartbeats) if after - before > longest]
    if heartbeats and now - heartbeats[-1] > longest:
        found.append(Outage(heartbeats[-1]))
    return tuple(found)


def agreed_by_profile(on_silence: OnSilence, grace: timedelta) -> AgreedLadder:
    """What the safe-contact profile alone allows; a trusted contact and the police are agreed with a worker."""
    return AgreedLadder(
        grace,
        try_once_more=on_silence is OnSilence.TRY_ONCE_MORE,
        tell_worker=on_silence is OnSilence.TELL_WORKER,
    )


def _second_try_left(check_in: CheckIn, agreed: AgreedLadder) -> bool:
    return agreed.try_once_more and not check_in.taken and check_in.outcome is not Outcome.SILENT


def _steps_left(check_in: CheckIn, agreed: AgreedLadder) -> bool:
    """Whether anything that was agreed about silence is still to be done."""
    worker = agreed.tell_worker and Step.TELL_WORKER not in check_in.taken
    return worker or _second_try_left(check_in, agreed)


def _may_try_again(check_in: CheckIn, agreed: AgreedLadder, contact: SafeContact, at: datetime) -> bool:
    """Once, not where somebody has read the first, and only if the hours are open when the grace ends."""
    if not _second_try_left(check_in, agreed):
        return False
    where = hours.zone(contact.time_zone)
    return where is not None and hours.is_open(contact.windows, where, at)


def _tell(check_in: CheckIn, agreed: AgreedLadder, at: datetime) -> NextStep:
    outcome = check_in.outcome
    allowed = {Step.TRUSTED_CONTACT: agreed.trusted_contact, Step.POLICE: agreed.police}
    steps = () if outcome in NOT_THEIRS else tuple(step for step, agreed_to in allowed.items() if agreed_to)
    twice = TRIED_TWICE if Step.TRY_ONCE_MORE in check_in.taken and outcome in SILENCE else ""
    urgency = (AT_ONCE | SILENCE)[outcome]
    return NextStep(Step.TELL_WORKER, at, outcome.value, urgency, TOLD[outcome] + twice, steps)
