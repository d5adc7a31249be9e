"""A browser without scripts at the desk, and ways to put things on it."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from backend.alerts.service import raise_alert
from backend.conversations.talk import load_talk
from backend.staff import Role, add_staff
from backend.store.sealing import context, seal_json
from backend.store.talk import Conversation
from backend.store.work import AuditEntry, Referral
from backend.testing import Bench
from safety.types import PointState, SafeContact, Window

PASSWORD = "a quiet harbour"
EVENINGS = SafeContact(
    windows=(Window(frozenset(range(5)), time(18), time(21)),),
    may_start=True,
    others_see="maybe",
    cover="utter_cover_wait",
)
ANSWERS = {
    "name": "Ash",
    "age_band": "18_over",
    "safe_now": "not_sure",
    "story": "he checks <b>my</b> phone",
    "contact_way": "here",
    "made_up_slot": "kept",
}


@dataclass
class Desk:
    """A browser without scripts at the desk."""

    bench: Bench
    client: TestClient
    staff: dict[Role, int] = field(default_factory=dict)

    def log_in(self, role: Role = Role.COMMUNITY_IDVA) -> None:
        """Add an account of that role, and log in with it."""
        if role not in self.staff:
            with self.bench.house.store.engine.begin() as c:
                email = f"{role}@example.org"
                self.staff[role] = add_staff(c, self.bench.house, f"A {role}", email, PASSWORD, role)
        answer = self.client.post("/desk/login", data={"email": f"{role}@example.org", "password": PASSWORD})
        assert answer.url.path == "/desk", answer.status_code

    def get(self, path: str) -> str:
        """A page that must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def press(self, page: str, action: str, **fields: str) -> Any:
        """Submit the form of `page` with that action, its hidden fields as they are, and go where it leads."""
        found = re.search(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
        assert found, f"no form with {action}"
        path = re.search(rf'action="([^"]*{action})"', page)
        assert path
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group(1)))
        return self.client.post(path.group(1), data=hidden | fields)

    def text(self, words: str) -> int:
        """Somebody texts; the conversation."""
        asyncio.run(self.bench.text(words))
        with self.bench.house.store.engine.begin() as c:
            return int(c.execute(select(Conversation.id).order_by(Conversation.id.desc())).scalars().first() or 0)

    def agree(self, conversation_id: int, contact: SafeContact = EVENINGS) -> None:
        """They told us how they may be reached."""
        house = self.bench.house
        with house.store.engine.begin() as c:
            talk = load_talk(c, house, conversation_id)
            talk.agree(contact, PointState.SAFE, house.clock(), timedelta(days=28))
            talk.save(c)

    def alert(self, conversation_id: int, reason: str = "danger", urgency: str = "urgent") -> int:
        """Somebody is to be woken."""
        with self.bench.house.store.engine.begin() as c:
            return raise_alert(c, self.bench.house, conversation_id, reason, urgency)

    def refer(self, conversation_id: int, **answers: Any) -> int:
        """They sent their referral off."""
        house = self.bench.house
        with house.store.engine.begin() as c:
            talk, row_id = load_talk(c, house, conversation_id), house.new_id()
            sealed = seal_json(talk.key, ANSWERS | answers, context("referral", "answers", row_id))
            row = {"id": row_id, "conversation_id": conversation_id, "answers": sealed, "suggested": ""}
            c.execute(insert(Referral), row | {"state": "submitted", "submitted_at": house.clock()})
        return row_id

    def audit(self) -> list[str]:
        """What was written down, in order."""
        with self.bench.house.store.engine.begin() as c:
            return list(c.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars())
