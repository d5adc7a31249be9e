"""The tables of the Telegram adapter."""

import json
from typing import Any

from channels.contract import Blocked, Ignored, Inbound, Outbound, RawRequest
from channels.telegram.telegram import SECRET_HEADER
from tests.channels.runner import InboundCase, OutboundCase
from tests.peers.signing import NOON
from tests.peers.telegram_peer import BLOCKED, BOT_ID, NO_CHAT, Fault

SECRET = "a-long-random-word"
PERSON = 445566
ADDRESS = str(PERSON)
NUMBER = f"{BOT_ID}.501"
SENT_AT = int(NOON.timestamp()) - 2
AT = NOON.replace(second=58, minute=59, hour=11)
WORDS = "are you there"
PRIVATE = {"id": PERSON, "type": "private", "first_name": "Zebedee", "username": "zeb"}
HER = {"id": PERSON, "is_bot": False, "first_name": "Zebedee", "language_code": "en"}
GROUP = {"id": -100200, "type": "supergroup", "title": "A group"}
PRESSED: dict[str, Any] = {
    "message_id": 77,
    "date": SENT_AT,
    "chat": PRIVATE,
    "text": "Which?",
    "reply_markup": {
        "inline_keyboard": [
            [{"text": "It is a good time", "callback_data": "1"}],
            [{"text": "Not now", "callback_data": "2"}],
        ]
    },
}


def posted(body: bytes, secret: str | None = SECRET) -> RawRequest:
    headers = {"content-type": "application/json"} | ({} if secret is None else {SECRET_HEADER: secret})
    return RawRequest("https://door.example.org/hooks/telegram", headers, body, NOON)


def update(**what: Any) -> RawRequest:
    return posted(json.dumps({"update_id": 501, **what}).encode())


def message(**more: Any) -> dict[str, Any]:
    """A message as Telegram has it; a value of None takes a field away."""
    usual = {"message_id": 9, "date": SENT_AT, "chat": PRIVATE, "from": HER, "text": WORDS} | more
    return {name: value for name, value in usual.items() if value is not None}


def heard(text: str = WORDS, /, external_id: str = f"{NUMBER}:9", **payload: str) -> list[Inbound]:
    return [Inbound("telegram", ADDRESS, external_id, text, AT, payload)]


def press(**more: Any) -> dict[str, Any]:
    return {"id": "cb-1", "from": HER, "chat_instance": "1", "data": "2", "message": PRESSED, **more}


def reaction(*signs: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "chat": PRIVATE,
        "message_id": 9,
        "date": SENT_AT,
        "user": HER,
        "old_reaction": [],
        "new_reaction": signs,
        **more,
    }


def member(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    who = {"user": {"id": int(BOT_ID), "is_bot": True, "first_name": "A bot"}}
    return {
        "chat": chat,
        "from": HER,
        "date": SENT_AT,
        "old_chat_member": who,
        "new_chat_member": who | {"status": status},
    }


GOOD = update(message=message())
SECRETS = [
    InboundCase("the right secret passes", GOOD, heard()),
    InboundCase("a replay passes here, the inbox knows it", GOOD, heard()),
    InboundCase("a wrong secret fails", posted(GOOD.body, "a-long-random-worD"), None),
    InboundCase("no secret fails", posted(GOOD.body, None), None),
    InboundCase("an empty secret fails", posted(GOOD.body, ""), None),
    InboundCase("a secret in another script fails", posted(GOOD.body, "ÿ" * 18), None),
]

MESSAGES = [
    InboundCase("a command keeps its word", update(message=message(text="/help")), heard("help")),
    InboundCase("a command for this bot by name", update(message=message(text="/stop@a_quiet_bot")), heard("stop")),
    InboundCase("pressing Start says hello", update(message=message(text="/start")), heard("hello")),
    InboundCase("a deep link", update(message=message(text="/start poster7")), heard("hello", start="poster7")),
    InboundCase("a slash that is no command", update(message=message(text="/ 5")), heard("/ 5")),
    InboundCase(
        "a slash command cannot fill an answer", update(message=message(text="/SetSlots(a=b)")), heard("/SetSlots(a=b)")
    ),
    InboundCase("words in any script", update(message=message(text="żółw 🐢 \x00")), heard("żółw 🐢 \x00")),
    InboundCase(
        "a picture: that it came, and its words, not where it lies",
        update(message=message(text=None, photo=[{"file_id": "secret-file"}], caption="look")),
        heard("look", NumMedia="1"),
    ),
    *(
        InboundCase(
            f"{kind}: only that it came", update(message=message(text=None, **{kind: thing})), heard("", NumMedia="1")
        )
        for kind, thing in {
            "location": {"latitude": 50.8, "longitude": -0.4},
            "contact": {"phone_number": "+447700900001", "first_name": "Zebedee"},
            "voice": {"file_id": "secret-file", "duration": 3},
            "document": {"file_id": "secret-file"},
            "sticker": {"file_id": "secret-file", "emoji": "👍"},
            "venue": {"location": {"latitude": 50.8, "longitude": -0.4}, "title": "Home"},
        }.items()
    ),
    InboundCase(
        "an edit is kept as one",
        update(edited_message=message(edit_date=SENT_AT, text="no, wait")),
        [Inbound("telegram", ADDRESS, f"{NUMBER}:9", "no, wait", AT, {}, "edit")],
    ),
    InboundCase(
        "a place that moves is not kept",
        update(edited_message=message(text=None, edit_date=SENT_AT, location={"latitude": 50.8, "longitude": -0.4})),
        [Ignored("edit-without-words")],
    ),
    InboundCase(
        "a reaction is kept as one",
        update(message_reaction=reaction({"type": "emoji", "emoji": "👍"})),
        [Inbound("telegram", ADDRESS, NUMBER, "👍", AT, {}, "reaction")],
    ),
    InboundCase("a reaction taken back", update(message_reaction=reaction()), [Ignored("reaction-taken-back")]),
    InboundCase(
        "a button says its title",
        update(callback_query=press()),
        [Inbound("telegram", ADDRESS, NUMBER, "Not now", NOON, {"callback_id": "cb-1", "pressed": "77"})],
    ),
    InboundCase(
        "a button of a message that is gone",
        update(callback_query=press(message={"chat": PRIVATE, "message_id": 7, "date": 0})),
        [Ignored("press-without-button")],
    ),
    InboundCase("a button that was made up", update(callback_query=press(data="9")), [Ignored("press-without-button")]),
    InboundCase("the bot is blocked", update(my_chat_member=member("kicked")), [Blocked("telegram", ADDRESS, AT)]),
    InboundCase("and let in again", update(my_chat_member=member("member")), [Ignored("let-in-again")]),
    InboundCase(
        "a time from the future counts as now",
        update(message=message(date=SENT_AT + 999)),
        [Inbound("telegram", ADDRESS, f"{NUMBER}:9", WORDS, NOON)],
    ),
]

ODD = [
    InboundCase("a group", update(message=message(chat=GROUP)), [Ignored("not-a-private-chat")]),
    InboundCase("a channel", update(channel_post=message(chat=GROUP)), [Ignored("update-of-another-kind")]),
    InboundCase("put into a group", update(my_chat_member=member("member", GROUP)), [Ignored("not-a-private-chat")]),
    InboundCase(
        "a button in a group",
        update(callback_query=press(message={**PRESSED, "chat": GROUP})),
        [Ignored("not-a-private-chat")],
    ),
    InboundCase(
        "an inline query",
        update(inline_query={"id": "1", "from": HER, "query": "x"}),
        [Ignored("update-of-another-kind")],
    ),
    InboundCase("an update of tomorrow", update(thought={"of": "her"}), [Ignored("update-of-another-kind")]),
    InboundCase("another bot", update(message=message(**{"from": {**HER, "is_bot": True}})), [Ignored("from-a-bot")]),
    InboundCase(
        "a pinned message", update(message=message(text=None, pinned_message={})), [Ignored("service-message")]
    ),
    InboundCase("a message that is none", update(message=7), [Ignored("update-of-another-kind")]),
    InboundCase("a chat that is none", update(message=message(chat="x")), [Ignored("not-a-private-chat")]),
    InboundCase(
        "a chat without a number", update(message=message(chat={"type": "private"})), [Ignored("not-a-private-chat")]
    ),
    InboundCase("words that are a number", update(message=message(text=7)), [Ignored("service-message")]),
    InboundCase(
        "a keyboard that is none",
        update(callback_query=press(message={**PRESSED, "reply_markup": [7]})),
        [Ignored("press-without-button")],
    ),
    InboundCase("no number", posted(b'{"message": {}}'), [Ignored("update-unreadable")]),
    InboundCase("a number that is a word", posted(b'{"update_id": "501"}'), [Ignored("update-unreadable")]),
    InboundCase("no JSON", posted(b"{"), [Ignored("update-unreadable")]),
    InboundCase("no UTF-8", posted(b"\xff"), [Ignored("update-unreadable")]),
    InboundCase("a list", posted(b"[]"), [Ignored("update-unreadable")]),
    InboundCase("nothing at all", posted(b""), [Ignored("update-unreadable")]),
]

HELLO = Outbound("telegram", ADDRESS, "hello you", "41")
FORM = {
    "chat_id": ADDRESS,
    "text": "hello you",
    "protect_content": "true",
    "link_preview_options": '{"is_disabled": true}',
}
LONG_TITLE = "It is not a good time at all, for somebody is here and may see this phone"
KEYBOARD = {
    "inline_keyboard": [[{"callback_data": "1", "text": "Not now"}], [{"callback_data": "2", "text": LONG_TITLE}]]
}
GOING_OUT = [
    OutboundCase("words alone", HELLO, FORM),
    OutboundCase(
        "a button for each choice, by its place",
        Outbound("telegram", ADDRESS, "hello you", "41", ("Not now", LONG_TITLE)),
        FORM | {"reply_markup": json.dumps(KEYBOARD)},
    ),
    OutboundCase(
        "no group, ever",
        Outbound("telegram", "-100200", "hello you", "41"),
        None,
        fails={"code": "not-a-private-chat", "tell_staff": True},
    ),
    OutboundCase(
        "no name either",
        Outbound("telegram", "@zeb", "hello you", "41"),
        None,
        fails={"code": "not-a-private-chat", "tell_staff": True},
    ),
]

FAILURES = [
    OutboundCase(str(getattr(fault, "description", fault)), HELLO, FORM, [fault], {"code": f"telegram-{code}", **says})
    for fault, code, says in (
        (BLOCKED, "403", {"tell_staff": True, "blocked": True}),
        (NO_CHAT, "400", {"tell_staff": True}),
        (Fault.BROKEN, "server", {"retryable": True, "unknown": True}),
        (Fault.GATEWAY, "server", {"retryable": True, "unknown": True}),
        (Fault.SILENT, "timeout", {"retryable": True, "unknown": True}),
        (Fault.SILENT_AFTER_TAKING, "timeout", {"retryable": True, "unknown": True}),
        (Fault.DROP_BEFORE_TAKING, "dropped", {"retryable": True, "unknown": True}),
        (Fault.DROP_AFTER_TAKING, "dropped", {"retryable": True, "unknown": True}),
        (Fault.GARBAGE_AFTER_TAKING, "garbled", {"retryable": True, "unknown": True}),
    )
]
