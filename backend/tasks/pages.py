"""The desk's list of what is to be done by when, and the press that says it is done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.responses import Response

from backend.access import GuardedRoute, StaffDoor, Visit
from backend.checkins.kinds import KINDS
from backend.desk.handling import or_gone, row_id, to
from backend.desk.pages import Pages
from backend.house import House
from backend.staff import Right
from backend.tasks.clocks import CLOCKS
from backend.tasks.service import done, open_tasks

UNKNOWN = "Something is to be done for them."
TOLD: dict[str, str] = {
    "try_another_way": "They did not come. Try another safe way to reach them. A letter is not enough.",
    **{kind: about.told for kind, about in KINDS.items()},
    "to_book": "A time with them is to be found and booked.",
    "other_times": "A time did not suit them. Look at what they said, and find another one with them.",
}
"""What tasks of other kinds say, beside those of the clocks; whoever makes such a kind adds its words here."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as the desk shows it: no name, so that the list may be seen by whoever stands behind."""

    id: int
    link: str
    words: str
    due_at: datetime
    is_overdue: bool
    mine: bool


def task_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """`/desk/tasks`, and the press that ends one."""

    async def listed(visit: Visit) -> Response:
        lines = await house.store.read(lambda c: task_lines(c, house, visit.actor.staff_id))
        return pages.show("tasks.html", visit, tasks=lines)

    async def end(visit: Visit) -> Response:
        await house.store.write(lambda c: done(c, house, row_id(visit), visit.actor.staff_id))
        return to("/desk/tasks")

    return [
        door.route("/desk/tasks", listed, right=Right.READ),
        door.route("/desk/tasks/{id:int}/done", or_gone(pages, end), right=Right.ACT, methods=["POST"]),
    ]


def task_lines(c: Connection, house: House, staff_id: int) -> list[TaskLine]:
    """All open tasks, overdue ones first."""
    return [
        TaskLine(
            task.id,
            f"/desk/conversations/{task.conversation_id}",
            words_of(task.kind),
            task.due_at,
            task.is_overdue,
            task.staff_id == staff_id,
        )
        for task in open_tasks(c, house)
    ]


def words_of(kind: str) -> str:
    """What a kind of task is about, in plain English."""
    clock = CLOCKS.get(kind)
    return clock.told if clock else TOLD.get(kind, UNKNOWN)
