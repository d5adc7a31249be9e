"""Server-sent events: new lines reach an open page without a reload, and a dropped line goes on where it stopped."""

import json
from collections.abc import AsyncIterator

from channels.webchat.house import ChatHouse, Line, Thread
from channels.webchat.streams import OpenStreams

HEARTBEAT_SECONDS = 20.0
"""A comment this often keeps proxies from closing the line, and finds out that the page has gone."""
RETRY_MILLISECONDS = 2_000
"""How soon a browser connects again."""
RETRY_WHEN_FULL_MILLISECONDS = 10_000
HIGHEST_SEQ = 2**63 - 1


def resume_point(last_event_id: str | None, after: str | None) -> int:
    """The `seq` a page has seen last: what the browser says on connecting again, else what the page said at first."""
    for said in (last_event_id, after):
        if said and said.isascii() and said.isdigit():
            return min(int(said[:20]), HIGHEST_SEQ)
    return 0


async def stream(house: ChatHouse, token: str, after: int, places: OpenStreams, source: str = "") -> AsyncIterator[str]:
    """The events of one open page.

    `line`: a message; its event id is its `seq`. `state`: ended, a person has joined, or is writing. `gone`: no live
    session, the page must not stay. The stream ends after `gone`, and once the conversation has ended. Where there
    is no place for one it ends after what is there now, and the browser asks again a little later.
    """
    with places.place(token, source) as place:
        yield f"retry: {RETRY_MILLISECONDS if place else RETRY_WHEN_FULL_MILLISECONDS}\n\n"
        shown: dict[str, object] = {}
        while (thread := await house.thread(token, after)) is not None:
            for line in thread.lines:
                yield _event("line", as_json(line), line.seq)
                after = line.seq
            if shown != (shown := _state(thread)):
                yield _event("state", shown)
            if thread.ended or place is None or place.lost:
                return
            if not await place.hold(house.wait(token, after, HEARTBEAT_SECONDS, thread.person_writing)):
                yield ": still here\n\n"
        yield _event("gone", {})


def as_json(line: Line) -> dict[str, object]:
    """A line as the page's script reads it."""
    return {
        "seq": str(line.seq),  # as text: it may be larger than a script can count exactly
        "mine": line.mine,
        "person": line.by_person,
        "text": line.text,
        "choices": list(line.choices),
        "message_id": line.message_id,
    }


def _state(thread: Thread) -> dict[str, object]:
    return {"ended": thread.ended, "person": thread.person_joined, "writing": thread.person_writing}


def _event(name: str, data: dict[str, object], event_id: int | None = None) -> str:
    """One event in the wire format; JSON holds no line break, so one `data` field is enough."""
    number = f"id: {event_id}\n" if event_id is not None else ""
    return f"{number}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
