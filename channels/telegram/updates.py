"""What an update of the Bot API says, in our items. Nothing in it is trusted to be there, or to be of the right kind.

Only private chats are read. An id is made of the bot's id, the update's number and the message's. The chat's is not in
it: ids are kept in the open, and a chat's id is a person's.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from channels.contract import Blocked, Ignored, Inbound, Item

Json = Mapping[str, Any]
CALLBACK = "callback_id"
COMMAND = re.compile(r"/(?P<word>[A-Za-z0-9_]{1,32})(@\w+)?(?P<rest>\s.*)?", re.DOTALL)
HELLO = "hello"
"""What pressing Start means: Telegram types `/start` in the person's name."""
MEDIA = frozenset(
    {
        *("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker", "paid_media", "story"),
        *("location", "venue", "contact", "poll", "dice", "game", "invoice", "checklist", "passport_data"),
    }
)
"""What is refused politely and never fetched; of it, only that it came is passed on (R28)."""
GONE = frozenset({"kicked", "left"})


def read_body(body: bytes) -> Json | None:
    """The update in a webhook's body; None where there is none."""
    try:
        update = json.loads(body)
    except ValueError:
        return None
    return update if isinstance(update, dict) and update_id(update) is not None else None


def update_id(update: Json) -> int | None:
    """The number of an update."""
    return _whole(update.get("update_id"))


def read_update(update: Json, bot_id: str, received_at: datetime | None = None) -> Item:
    """One item for one update, whatever it holds. `received_at` stands in where Telegram gave no time."""
    known = next((kind for kind in READERS if kind in update), None)
    inside = update.get(known) if known else None
    if known is None or not isinstance(inside, dict):
        return Ignored("update-of-another-kind")
    chat = _chat_of(inside)
    if chat is None:
        return Ignored("not-a-private-chat")
    at = received_at or datetime.now(UTC)
    return READERS[known](inside, chat, f"{bot_id}.{update_id(update)}", at)


def _message(message: Json, chat: str, number: str, at: datetime) -> Item:
    return _words(message, chat, number, _instant(message.get("date"), at), "message")


def _edit(message: Json, chat: str, number: str, at: datetime) -> Item:
    """An edit; a live place that moves comes as one too."""
    return _words(message, chat, number, _instant(message.get("edit_date"), at), "edit")


def _words(message: Json, chat: str, number: str, at: datetime, kind: Literal["message", "edit"]) -> Item:
    sender = message.get("from")
    if isinstance(sender, dict) and sender.get("is_bot") is True:
        return Ignored("from-a-bot")
    media = bool(MEDIA & message.keys())
    said = message.get("text", message.get("caption", ""))
    if not isinstance(said, str) or not (said or media):
        return Ignored("service-message")
    if kind == "edit" and not said:
        return Ignored("edit-without-words")
    text, payload = _command(said)
    external_id = f"{number}:{_whole(message.get('message_id')) or ''}"
    return Inbound("telegram", chat, external_id, text, at, payload | ({"NumMedia": "1"} if media else {}), kind)


def _command(said: str) -> tuple[str, dict[str, str]]:
    """Words, without the slash of a bot's command; a deep link's own word comes as payload."""
    found = COMMAND.fullmatch(said)
    if found is None:
        return said, {}
    rest = (found["rest"] or "").strip()
    if found["word"].casefold() == "start":
        return HELLO, {"start": rest[:64]} if rest else {}
    return f"{found['word']} {rest}".strip(), {}


def _press(query: Json, chat: str, number: str, at: datetime) -> Item:
    """A press says the title of its button, as on the web page."""
    pressed = query.get("message")
    message = pressed if isinstance(pressed, dict) else {}
    title = _title(message.get("reply_markup"), query.get("data"))
    callback = query.get("id")
    if not title or not isinstance(callback, str):
        return Ignored("press-without-button")
    payload = {CALLBACK: callback, "pressed": str(_whole(message.get("message_id")) or "")}
    return Inbound("telegram", chat, number, title, at, payload)


def _title(markup: Any, data: Any) -> str:
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and data is not None and button.get("callback_data") == data:
                return str(button.get("text") or "")
    return ""


def _reaction(change: Json, chat: str, number: str, at: datetime) -> Item:
    """A reaction, as the signs that stand there now; one that was taken back says nothing."""
    signs = change.get("new_reaction")
    emoji = "".join(
        str(sign["emoji"])
        for sign in (signs if isinstance(signs, list) else ())
        if isinstance(sign, dict) and "emoji" in sign
    )
    if not emoji:
        return Ignored("reaction-taken-back")
    return Inbound("telegram", chat, number, emoji, _instant(change.get("date"), at), {}, "reaction")


def _membership(change: Json, chat: str, _number: str, at: datetime) -> Item:
    """The person has blocked the bot, or let it in again."""
    status = member.get("status") if isinstance(member := change.get("new_chat_member"), dict) else None
    if status in GONE:
        return Blocked("telegram", chat, _instant(change.get("date"), at))
    return Ignored("let-in-again")


READERS: Mapping[str, Callable[[Json, str, str, datetime], Item]] = {
    "message": _message,
    "edited_message": _edit,
    "callback_query": _press,
    "message_reaction": _reaction,
    "my_chat_member": _membership,
}
"""What is read of an update; everything else is ignored."""
KINDS: Sequence[str] = tuple(READERS)
"""What Telegram is asked to send; reactions only come when they are asked for."""


def _chat_of(inside: Json) -> str | None:
    """The private chat that something happened in; None for a group or a channel."""
    within = inside.get("chat", message.get("chat") if isinstance(message := inside.get("message"), dict) else None)
    if not isinstance(within, dict) or within.get("type") != "private":
        return None
    number = _whole(within.get("id"))
    return str(number) if number is not None and number > 0 else None


def _instant(seconds: Any, otherwise: datetime) -> datetime:
    """A time of Telegram's, in UTC; one from the future is none."""
    number = _whole(seconds)
    if number is None or not 0 < number <= otherwise.timestamp():
        return otherwise
    return datetime.fromtimestamp(number, UTC)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
