"""What the desk's pages about one person have in common: their addresses, and one press as one transaction.

A press is carried out whole, with its audit row, or not at all; then the page comes back with the reason in words, and
a form with what was typed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection
from starlette.responses import Response

from backend.access import GuardedRoute, Handler, StaffDoor, Visit
from backend.desk.handling import or_gone, row_id, to
from backend.desk.pages import Pages
from backend.forms import FormError
from backend.house import House
from backend.staff import Right

T = TypeVar("T")
Addresses = Sequence[tuple[str, Handler, Right, str]]
"""What comes after a room's own address, what happens there, who may, and the method."""


class PersonPages:
    """The pages of one room below a conversation, such as `plans`. `problems` has the words of each code, `errors` the
    code of each exception that stands in the way of a press."""

    def __init__(
        self, house: House, pages: Pages, room: str, problems: Mapping[str, str], errors: Mapping[type[Exception], str]
    ) -> None:
        self._house, self._pages, self._room, self._problems, self._errors = house, pages, room, problems, errors

    def routes(self, door: StaffDoor, addresses: Addresses) -> list[GuardedRoute]:
        """Every address of the room."""
        here = f"/desk/conversations/{{id:int}}/{self._room}"
        return [
            door.route(here + rest, or_gone(self._pages, handler), right=right, methods=[method])
            for rest, handler, right, method in addresses
        ]

    def show(
        self, visit: Visit, template: str, words: Mapping[str, Any], problem: str = "", asks: bool = False
    ) -> Response:
        """A page. With the code of a problem, or where it `asks` something first, nothing was done: 409."""
        status = 409 if problem or asks else 200
        return self._pages.show(template, visit, status, problem=self._problems.get(problem, ""), **words)

    async def press(
        self,
        visit: Visit,
        work: Callable[[Connection], T],
        refused: Callable[[str], Awaitable[Response]],
        then: Callable[[T], Awaitable[Response]] | None = None,
    ) -> Response:
        """Carry `work` out in one transaction; then go back to the room, or where `then` leads. What stood in the way
        is handed to `refused`, as a code."""
        try:
            made = await self._house.store.write(work)
        except FormError as error:
            return await refused(str(error))
        except tuple(self._errors) as error:
            return await refused(self._errors[type(error)])
        return await then(made) if then else self.back(visit)

    def back(self, visit: Visit, rest: str = "") -> Response:
        """To a page of the room, and let go what was queued."""
        self._house.wake.ring()
        return to(f"/desk/conversations/{row_id(visit)}/{self._room}{rest}")
