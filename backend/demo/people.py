"""Two invented practitioners, whose passwords everybody may know."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.house import House
from backend.staff import Role, add_staff, list_staff


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of demo mode. A real service refuses to start while one is in its database."""

    name: str
    email: str
    password: str = field(repr=False)
    role: Role


PEOPLE = (
    DemoPerson("Sam Okafor", "sam@demo.example", "quiet harbour lamp", Role.COMMUNITY_IDVA),
    DemoPerson("Priya Nair", "priya@demo.example", "green window bench", Role.SENIOR_PRACTITIONER),
)


def seed_demo(c: Connection, house: House) -> None:
    """Add those who are not there yet."""
    there = {member.email for member in list_staff(c, house)}
    for person in PEOPLE:
        if person.email not in there:
            add_staff(c, house, person.name, person.email, person.password, person.role, demo=True)
