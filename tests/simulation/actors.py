"""What people, practitioners and machines do. To simulate something new, write one function and add it to a table.

Each takes the world, and a person where it is about one. It may write to the house through public functions only
(`world.write`, `world.arrives`); whatever plan there is after that, by whatever way, is watched from then on.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from backend.alerts.service import acknowledge, open_alerts
from backend.checkins.plans import PURPOSES, change_plan, end_plan, make_plan
from backend.checkins.rules import Rule
from backend.contact_points import acts
from backend.contact_points.agreeing import agree
from backend.conversations.ownership import hand_back, queue_practitioner
from backend.conversations.talk import begin_talk, load_talk
from backend.tasks.clocks import OF_A_CASE, OF_A_REFERRAL
from backend.tasks.service import done, open_tasks, start_clocks
from channels.contract import Blocked, Inbound
from safety.types import PointState
from tests.safety.worlds import BLAND, NAMING, PERSONAL
from tests.simulation import diary
from tests.simulation.people import Person, person_of, random_contact, random_rule
from tests.simulation.world import World, quick_hash

ANSWERS = ("1", "2", "3", "3", "so so", "good", "not good", "thanks", "ok", "0", "what is this", "later please")
OPENINGS = ("hello", "hi", "can you talk", "it is me", "are you there", "1")
GRAVE = ("he is outside with a knife", "I want to die", "help")
BYES = ("bye", "stop it", "leave me alone")
OTHERS = ("wrong number", "who is this", "this is her husband")
MINUTE = timedelta(minutes=1)
PersonActor = Callable[[World, Person], Awaitable[None]]
WorldActor = Callable[[World], Awaitable[None]]


# --- people


async def says(world: World, person: Person, text: str, **payload: str) -> None:
    """A text arrives from somebody's phone."""
    world.did["texts"] += 1
    world.providers[person.channel].shut.discard(person.address)
    number = f"MO{next(world.numbers):032x}"
    await world.arrives(Inbound(person.channel, person.address, number, text, world.clock.now, payload))


async def chats(world: World, person: Person) -> None:
    """They write first, and go on for a bit."""
    await says(world, person, world.fate.one_of(OPENINGS))
    for text in world.fate.random.sample(ANSWERS, world.fate.random.randrange(3)):
        _in_a_while(world, lambda text=text: says(world, person, text), 20)


async def answers(world: World, person: Person) -> None:
    """They write as somebody does who was asked how it goes, whether or not they were."""
    await says(world, person, world.fate.one_of(ANSWERS))


async def is_in_danger(world: World, person: Person) -> None:
    """They are in danger, and go on writing."""
    await says(world, person, world.fate.one_of(GRAVE))
    _in_a_while(world, lambda: says(world, person, world.fate.one_of(ANSWERS)), 3)


async def leaves(world: World, person: Person) -> None:
    """They say that it is over, in one way or another; it may be a refusal."""
    await says(world, person, world.fate.one_of(BYES))


async def refuses(world: World, person: Person) -> None:
    """STOP: from now on nothing may begin here, until something is agreed anew."""
    await says(world, person, "STOP", **_carrier_says(person, "STOP"))


async def shuts_the_door(world: World, person: Person) -> None:
    """They block our bot; Telegram may tell us, or we find the door shut."""
    if person.channel != "telegram":
        return
    world.providers[person.channel].shut.add(person.address)
    if world.fate.happens(0.6):
        await world.arrives(Blocked(person.channel, person.address, world.clock.now))


async def comes_back(world: World, person: Person) -> None:
    """START, and a talk with a practitioner about the phone; for most it changes nothing."""
    await says(world, person, "START", **_carrier_says(person, "START"))
    _in_a_while(world, lambda: agrees_anew(world, person), 24 * 60)


async def calls_for_help_in_silence(world: World, person: Person) -> None:
    """The second word: everything of theirs is paused until a practitioner lifts it (R13)."""
    if person.duress:
        await says(world, person, person.duress)


async def is_somebody_else(world: World, person: Person) -> None:
    """Another person has the phone."""
    await says(world, person, world.fate.one_of(OTHERS))


def _carrier_says(person: Person, word: str) -> dict[str, str]:
    """What a carrier of text messages adds to the words it knows."""
    return {"OptOutType": word} if person.channel == "sms" else {}


# --- practitioners


async def renews(world: World, person: Person) -> None:
    """A practitioner has asked again, and it is all as it was (R10)."""

    def again(c: Connection) -> None:
        talk = load_talk(c, world.house, person.talk_id)
        if talk.point().state is not PointState.UNSAFE and person.contact is not None:
            acts.renew(c, world.house, talk, acts.Found(world.staff_id, "spoken"))

    await world.write(again)


async def agrees_anew(world: World, person: Person) -> None:
    """A practitioner and the person agree about the phone; it may have been said to be unsafe before."""
    contact = random_contact(world.fate)

    def write(c: Connection) -> None:
        talk = load_talk(c, world.house, person.talk_id)
        agree(c, world.house, talk, contact)
        talk.save(c)

    await world.write(write)
    person.contact = contact


async def changes_plan(world: World, person: Person) -> None:
    """Something else was agreed, or nothing more."""
    if person.contact is None:
        return
    purpose = world.fate.one_of(PURPOSES)
    plan_id = person.plans.get(purpose)
    rule = some_rule(world, person)
    if plan_id is None or world.fate.happens(0.15):
        await begins_plan(world, person, purpose, rule)
    elif world.fate.happens(0.2):
        await world.write(lambda c: end_plan(c, world.house, plan_id))
        del person.plans[purpose]
    else:
        await world.write(lambda c: change_plan(c, world.house, plan_id, rule))


def some_rule(world: World, person: Person) -> Rule:
    """A random rule from today on."""
    assert person.contact is not None
    today = world.clock.now.astimezone(ZoneInfo(person.contact.time_zone)).date()
    return random_rule(world.fate, person.contact, today, world.size.often)


async def begins_plan(world: World, person: Person, purpose: str, rule: Rule) -> None:
    """A new plan; one of the same purpose ends by that."""
    plan_id = await world.write(lambda c: make_plan(c, world.house, person.talk_id, purpose, rule, world.staff_id))
    person.plans[purpose] = plan_id


async def writes(world: World, person: Person) -> None:
    """A practitioner writes by hand, sometimes what must not go there, and gives the talk back later."""
    text = world.fate.one_of((*BLAND, *BLAND, NAMING[0], PERSONAL[1]))
    await world.write(lambda c: queue_practitioner(c, world.house, person.talk_id, world.staff_id, text))

    async def gives_back() -> None:
        await world.write(lambda c: hand_back(c, world.house, person.talk_id, world.staff_id))

    _in_a_while(world, gives_back, 4 * 24 * 60)


async def makes_an_appointment(world: World, person: Person) -> None:
    """Makes one, moves it, calls it off, or writes down what came of it."""
    await world.write(lambda c: diary.book(c, world.house, world.fate, person, world.staff_id))


async def looks_at_the_phone(world: World, person: Person) -> None:
    """What was unsafe or paused is made safe again, by somebody who has made sure."""

    def look(c: Connection) -> None:
        for act in (acts.lift_pause, acts.mark_safe):
            try:
                act(c, world.house, load_talk(c, world.house, person.talk_id), acts.Found(world.staff_id, "in_person"))
            except acts.NotPossibleError:
                continue

    await world.write(look)


async def reads_the_desk(world: World) -> None:
    """By habit, or because an alert came. Alerts are acknowledged, and what is overdue in their talks is done."""

    def read(c: Connection) -> None:
        for alert in open_alerts(c):
            acknowledge(c, world.house, alert.id, world.staff_id)
            _do_what_is_overdue(world, c, alert.conversation_id)

    await world.write(read)


async def goes_through_the_tasks(world: World) -> None:
    """The whole list, whoever it is about."""
    await world.write(lambda c: _do_what_is_overdue(world, c))


def _do_what_is_overdue(world: World, c: Connection, talk_id: int | None = None) -> None:
    for task in open_tasks(c, world.house, talk_id):
        if task.is_overdue:
            done(c, world.house, task.id, world.staff_id)


# --- machines


async def goes_away(world: World) -> None:
    """An outage of ours: minutes, hours, now and then days."""
    most = world.fate.random.choice((20, 200, 200, 1500, 6000))
    world.be_away(world.fate.random.randint(1, most) * MINUTE)


async def is_deployed(world: World) -> None:
    """Another release with other flows; the one after that has the old ones again."""
    current = world.flows.index(world.house.flows)
    await world.restart(world.flows[1 - current])


PERSON_ACTORS: tuple[tuple[int, PersonActor], ...] = (
    (20, chats),
    (40, answers),
    (3, is_in_danger),
    (4, leaves),
    (2, refuses),
    (3, shuts_the_door),
    (8, comes_back),
    (2, calls_for_help_in_silence),
    (2, is_somebody_else),
    (12, agrees_anew),
    (8, changes_plan),
    (12, writes),
    (16, looks_at_the_phone),
    (24, makes_an_appointment),
)
"""What happens to people, and how often beside the rest."""
WORLD_ACTORS: tuple[tuple[timedelta, WorldActor], ...] = (
    (timedelta(hours=20), reads_the_desk),
    (timedelta(days=6), goes_through_the_tasks),
    (timedelta(days=9), goes_away),
    (timedelta(days=25), is_deployed),
)
"""What happens to the house, and about how often."""


def _in_a_while(world: World, doing: Callable[[], Awaitable[Any]], minutes: int) -> None:
    world.later(timedelta(seconds=world.fate.random.randrange(1, minutes * 60)), doing)


async def move_in(world: World) -> None:
    """Everybody comes, most with an agreement and with plans; from then on chance keeps calling on them."""
    for number in range(world.size.people):
        person = person_of(number)
        world.people.append(person)
        world.checks.homes[person.address] = person.channel
        await _meet(world, person)
        _call_again(world, person)
        _ask_again(world, person)
    world.ring = _bell(world)
    for every, actor in WORLD_ACTORS:
        _call_the_house(world, every, actor)


def _bell(world: World) -> Callable[[], None]:
    """Whoever gets an alert reads the desk within the hour; one who is about to is not woken again."""
    about_to: list[bool] = []

    async def read() -> None:
        about_to.clear()
        await reads_the_desk(world)

    def ring() -> None:
        if not about_to:
            about_to.append(True)
            _in_a_while(world, read, 60)

    return ring


async def _meet(world: World, person: Person) -> None:
    contact = random_contact(world.fate) if world.fate.happens(0.93) else None
    person.duress = f"harbour{next(world.numbers)}" if world.fate.happens(0.5) else ""

    def begin(c: Connection) -> int:
        talk = begin_talk(c, world.house, person.channel, person.address)
        talk["expires_at"] = None  # a case holds it
        if person.duress:
            talk["duress_word"] = quick_hash(person.address, person.duress)
        if contact is not None:
            agree(c, world.house, talk, contact)
        talk.save(c)
        start_clocks(c, world.house, talk.id, (*OF_A_REFERRAL, *OF_A_CASE), world.staff_id)
        return talk.id

    person.talk_id, person.contact = await world.write(begin), contact
    for purpose in PURPOSES if contact is not None else ():
        if world.fate.happens(0.6):
            await begins_plan(world, person, purpose, some_rule(world, person))


def _call_again(world: World, person: Person) -> None:
    weights, actors = zip(*PERSON_ACTORS, strict=True)
    (actor,) = world.fate.random.choices(actors, weights)

    async def call() -> None:
        world.did[actor.__name__] += 1
        await actor(world, person)
        _call_again(world, person)

    _in_a_while(world, call, int(2 * 30 * 24 * 60 / world.size.events))


def _ask_again(world: World, person: Person) -> None:
    """A practitioner asks about every four weeks whether all is as it was: now in time, now a little late."""

    async def ask() -> None:
        _ask_again(world, person)
        await renews(world, person)

    world.later(timedelta(hours=world.fate.random.randrange(18 * 24, 31 * 24)), ask)


def _call_the_house(world: World, every: timedelta, actor: WorldActor) -> None:
    async def call() -> None:
        world.did[actor.__name__] += 1
        await actor(world)
        _call_the_house(world, every, actor)

    _in_a_while(world, call, int(2 * every / MINUTE))
