"""The addresses of one contact point: its page, what may be done with it, and what waits for a check."""

from collections.abc import Callable

from sqlalchemy import Connection
from starlette.responses import Response

from backend.access import GuardedRoute, StaffDoor, Visit
from backend.contact_points.acts import HOW, NotPossibleError
from backend.contact_points.confirming import NotSafeNowError, NotWaitingError, NumberInUseError, WordInUseError
from backend.desk.changes import WHY, WHY_NOT
from backend.desk.contact_acts import ACTS, LONGEST_NOTE, IncompleteError, accept_change, carry_out, reject_change
from backend.desk.contact_pages import open_change, open_contact
from backend.desk.handling import or_gone, row_id, to
from backend.desk.pages import Pages
from backend.house import House
from backend.staff import Right

_PROBLEMS: dict[type[Exception], str] = {
    IncompleteError: "incomplete",
    NotPossibleError: "not_possible",
    NotWaitingError: "not_waiting",
    NotSafeNowError: "not_safe",
    NumberInUseError: "in_use",
    WordInUseError: "word_in_use",
}
"""What stood in the way, as the pages know it."""
PROBLEMS = tuple(_PROBLEMS)


def contact_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """Everything below a conversation's /contact and /changes. What loosens has a page of its own."""
    desk = _ContactDesk(house, pages)
    talk, act = "/desk/conversations/{id:int}", Right.ACT
    change = f"{talk}/changes/{{change:int}}"
    return [
        door.route(f"{talk}/contact", or_gone(pages, desk.contact), right=Right.READ),
        door.route(f"{talk}/contact/{{act}}", or_gone(pages, desk.act), right=act),
        door.route(f"{talk}/contact/{{act}}", or_gone(pages, desk.carry_out), right=act, methods=["POST"]),
        door.route(change, or_gone(pages, desk.change), right=act),
        door.route(f"{change}/accept", or_gone(pages, desk.accept), right=act, methods=["POST"]),
        door.route(f"{change}/reject", or_gone(pages, desk.reject), right=act, methods=["POST"]),
    ]


class _ContactDesk:
    def __init__(self, house: House, pages: Pages) -> None:
        self._house, self._pages = house, pages

    async def contact(self, visit: Visit, problem: str = "") -> Response:
        """The page of a contact point."""
        page = await self._house.store.write(lambda c: open_contact(c, self._house, visit.actor, row_id(visit)))
        words = {"page": page, "why": WHY, "why_not": WHY_NOT, "problem": problem, "longest": LONGEST_NOTE}
        return self._pages.show("contact_point.html", visit, 409 if problem else 200, **words)

    async def act(self, visit: Visit, problem: str = "") -> Response:
        """One act by itself, with what it does, before it is done."""
        name = visit.request.path_params["act"]
        page = await self._house.store.write(lambda c: open_contact(c, self._house, visit.actor, row_id(visit)))
        if name not in page.acts:
            return await self.contact(visit, "not_possible") if name in ACTS else self._pages.gone(visit, 404)
        words = {"page": page, "name": name, "act": page.acts[name], "problem": problem, "longest": LONGEST_NOTE}
        return self._pages.show("contact_act.html", visit, 409 if problem else 200, note=_note(visit), **words)

    async def carry_out(self, visit: Visit) -> Response:
        """Do it."""
        name = visit.request.path_params["act"]
        if name not in ACTS:
            return self._pages.gone(visit, 404)
        problem = await self._try(lambda c: carry_out(c, self._house, visit, row_id(visit), name))
        return await self.act(visit, problem) if problem else self._back(visit)

    async def change(self, visit: Visit, problem: str = "") -> Response:
        """One change that waits: from what, to what, from where; and how it was made sure of."""
        try:
            change = await self._house.store.write(
                lambda c: open_change(c, self._house, visit.actor, row_id(visit), row_id(visit, "change"))
            )
        except NotWaitingError:
            return await self.contact(visit, "not_waiting")
        words = {"id": row_id(visit), "change": change, "how": HOW, "problem": problem}
        return self._pages.show("contact_change.html", visit, 409 if problem else 200, **words)

    async def accept(self, visit: Visit) -> Response:
        """Somebody has made sure: it counts."""
        problem = await self._try(
            lambda c: accept_change(c, self._house, visit, row_id(visit), row_id(visit, "change"))
        )
        return await self.change(visit, problem) if problem else self._back(visit)

    async def reject(self, visit: Visit) -> Response:
        """One press: it does not count."""
        problem = await self._try(
            lambda c: reject_change(c, self._house, visit, row_id(visit), row_id(visit, "change"))
        )
        return await self.contact(visit, problem) if problem else self._back(visit)

    async def _try(self, work: Callable[[Connection], None]) -> str:
        """Do it in one transaction; what stood in the way, or an empty string."""
        try:
            await self._house.store.write(work)
        except PROBLEMS as stood_in_the_way:
            return _PROBLEMS[type(stood_in_the_way)]
        return ""

    def _back(self, visit: Visit) -> Response:
        self._house.wake.ring()
        return to(f"/desk/conversations/{row_id(visit)}/contact")


def _note(visit: Visit) -> str:
    return visit.form.get("note", "")[:LONGEST_NOTE]
