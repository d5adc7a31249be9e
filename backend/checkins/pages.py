"""The desk's pages of texts at set times: made, changed, paused and ended with the person (C13, C14, H6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.responses import Response

from backend.access import GuardedRoute, StaffDoor, Visit
from backend.checkins.forms import PROBLEMS, STEPS_SHOWN, empty_fields, fields_of, read_form, read_pause, steps_in
from backend.checkins.plans import Agreed, change_plan, end_plan, make_plan, plans_of
from backend.checkins.rules import Rule
from backend.checkins.views import open_plans
from backend.checkins.wishes import after_today
from backend.checkins.wishing import taken_up
from backend.checkins.words import ASK_NAMES, DAY_NAMES, PURPOSE_NAMES, THEME_NAMES
from backend.conversations.talk import load_talk
from backend.desk.handling import row_id
from backend.desk.pages import Pages
from backend.desk.person_pages import PersonPages
from backend.forms import FormError
from backend.house import House
from backend.staff import Did, Right, record


def plan_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """Everything below a conversation's /plans."""
    desk, one = _Plans(house, pages, "plans", PROBLEMS, {}), "/{plan:int}"
    return desk.routes(
        door,
        [
            ("", desk.listed, Right.READ, "GET"),
            ("", desk.make, Right.ACT, "POST"),
            ("/new", desk.ask_new, Right.ACT, "GET"),
            (f"{one}/change", desk.ask_change, Right.ACT, "GET"),
            (f"{one}/change", desk.change, Right.ACT, "POST"),
            (f"{one}/pause", desk.pause, Right.ACT, "POST"),
            (f"{one}/resume", desk.resume, Right.ACT, "POST"),
            (f"{one}/end", desk.end, Right.ACT, "POST"),
        ],
    )


class _Plans(PersonPages):
    async def listed(self, visit: Visit, problem: str = "") -> Response:
        """All of one person's, what comes next and why, what became of it, and the answers over time."""
        page = await self._house.store.write(lambda c: open_plans(c, self._house, visit.actor, row_id(visit)))
        return self.show(visit, "plans.html", {"page": page}, problem)

    async def ask_new(self, visit: Visit) -> Response:
        """An empty form; nothing about silence is ticked."""
        today = await self._house.store.write(lambda c: self._today(c, visit))
        return self._form(visit, empty_fields(today))

    async def ask_change(self, visit: Visit) -> Response:
        """The form as it was agreed."""
        plan = await self._house.store.write(lambda c: self._plan(c, visit))
        return self._form(visit, fields_of(plan)) if plan else await self.listed(visit, "gone")

    async def make(self, visit: Visit) -> Response:
        """Agreed with the person now; one of the same kind that there is gives way to it."""

        def work(c: Connection) -> None:
            talk = load_talk(c, self._house, row_id(visit))
            read, actor = read_form(visit.form, talk.contact().time_zone), visit.actor.staff_id
            there = [plan for plan in plans_of(c, self._house, talk.id) if plan.purpose == read.purpose]
            if there:
                raise FormError("there")
            plan_id = make_plan(c, self._house, talk.id, read.purpose, read.rule, actor, terms=read.terms)
            record(c, self._house, actor, Did.MADE_PLAN, "plan", plan_id)

        return await self._submit(visit, work)

    async def change(self, visit: Visit) -> Response:
        """As agreed now; a day that has had its text gets no second one."""

        def act(c: Connection, plan: Agreed) -> None:
            read = read_form({**visit.form, "purpose": plan.purpose}, plan.rule.zone, plan.rule)
            rule = after_today(c, plan, read.rule, self._today(c, visit))
            change_plan(c, self._house, plan.id, rule, read.terms)

        return await self._submit(visit, lambda c: self._act(c, visit, act, Did.CHANGED_PLAN))

    async def pause(self, visit: Visit) -> Response:
        """Quiet for some days, a holiday, or until it is taken up."""

        def rule_of(plan: Agreed, today: date) -> Rule:
            return replace(plan.rule, pauses=(*plan.rule.pauses, read_pause(visit.form, today)))

        return await self._press(visit, rule_of, Did.PAUSED_PLAN)

    async def resume(self, visit: Visit) -> Response:
        """Every pause is over."""
        return await self._press(visit, lambda plan, today: taken_up(plan.rule, today), Did.CHANGED_PLAN)

    async def end(self, visit: Visit) -> Response:
        """No more of these, and nothing else ends by it (R35)."""

        def act(c: Connection, plan: Agreed) -> None:
            end_plan(c, self._house, plan.id)

        return await self._try(visit, lambda c: self._act(c, visit, act, Did.ENDED_PLAN))

    async def _press(self, visit: Visit, rule_of: Callable[[Agreed, date], Rule], did: Did) -> Response:
        def act(c: Connection, plan: Agreed) -> None:
            change_plan(c, self._house, plan.id, rule_of(plan, self._today(c, visit)))

        return await self._try(visit, lambda c: self._act(c, visit, act, did))

    async def _try(self, visit: Visit, work: Callable[[Connection], None]) -> Response:
        """One press; what stood in the way is said on the page."""
        return await self.press(visit, work, lambda problem: self.listed(visit, problem))

    async def _submit(self, visit: Visit, work: Callable[[Connection], None]) -> Response:
        """A form; what cannot be read comes back as it was typed."""

        async def refused(problem: str) -> Response:
            return self._form(visit, dict(visit.form), problem)

        return await self.press(visit, work, refused)

    def _act(self, c: Connection, visit: Visit, act: Callable[[Connection, Agreed], None], did: Did) -> None:
        """Do it to the plan of the address, with its audit row. Raises FormError."""
        load_talk(c, self._house, row_id(visit))
        plan = self._plan(c, visit)
        if plan is None:
            raise FormError("gone")
        act(c, plan)
        record(c, self._house, visit.actor.staff_id, did, "plan", plan.id)

    def _plan(self, c: Connection, visit: Visit) -> Agreed | None:
        there = plans_of(c, self._house, row_id(visit))
        return next((plan for plan in there if plan.id == row_id(visit, "plan")), None)

    def _today(self, c: Connection, visit: Visit) -> date:
        zone = load_talk(c, self._house, row_id(visit)).contact().time_zone
        return self._house.clock().astimezone(ZoneInfo(zone)).date()

    def _form(self, visit: Visit, fields: dict[str, str], problem: str = "") -> Response:
        plan_id = visit.request.path_params.get("plan")
        words = {
            "purposes": PURPOSE_NAMES,
            "themes": THEME_NAMES,
            "asks": ASK_NAMES,
            "days": DAY_NAMES,
            "steps": range(min(len(steps_in(fields)) + 2, STEPS_SHOWN)),
        }
        at = {"id": row_id(visit), "plan_id": plan_id, "fields": fields}
        return self.show(visit, "plan_form.html", at | words, problem)
