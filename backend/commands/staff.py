"""`sidedoor staff`: practitioners' accounts."""

import argparse
from getpass import getpass

from backend.commands.base import Commands, add, group, tell
from backend.settings import Settings


def add_to(commands: Commands) -> None:
    """`add` and `list`."""
    from backend.staff.roles import Role

    staff = group(commands, "staff", "practitioners' accounts")
    made = add(staff, "add", _add, "add an account; the password is asked for")
    made.add_argument("--name", required=True)
    made.add_argument("--email", required=True)
    made.add_argument("--role", type=Role, choices=list(Role), default=Role.COMMUNITY_IDVA)
    add(staff, "list", _list, "list the accounts")


def _add(chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.app import open_house
    from backend.staff.accounts import add_staff

    password = getpass("Password (at least 12 characters): ")
    house = open_house(settings)
    with house.store.engine.begin() as c:
        add_staff(c, house, chosen.name, chosen.email, password, chosen.role)
    house.store.close()
    tell("The account is there.")
    return 0


def _list(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.app import open_house
    from backend.staff.accounts import list_staff

    house = open_house(settings)
    with house.store.engine.connect() as c:
        for member in list_staff(c, house):
            tell(f"{member.name} <{member.email}> {member.role}")
    house.store.close()
    return 0
