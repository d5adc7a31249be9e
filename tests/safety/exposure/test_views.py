"""What each place shows of a talk."""

from safety.exposure import CHANNELS, LONGEST_PREVIEW, Place, Shown, opening, unread, views

US = "07700 900000"
TALK = [
    Shown("hello", "Mon 10:00", mine=True),
    Shown("Hello. Thank you for your message. Is now a good time to text?", "Mon 10:01"),
    Shown("A second one.", "Mon 10:02"),
]


def seen(channel: str, place: Place, talk: list[Shown] = TALK) -> tuple[str, ...]:
    return next(view.lines for view in views(channel, talk, US) if view.place is place)


def test_a_lock_screen_shows_what_came_since_they_wrote_newest_first_and_cut() -> None:
    assert seen("sms", Place.LOCK_SCREEN) == (
        f"{US}: A second one.",
        f"{US}: Hello. Thank you for your message. Is no…",
    )
    assert unread([*TALK, Shown("ok", mine=True)]) == []


def test_the_notification_centre_stacks_them_and_shows_more() -> None:
    assert seen("sms", Place.NOTIFICATIONS) == (f"{US}: {TALK[1].text}", f"{US}: {TALK[2].text}")
    long = Shown("word " * 60)
    assert seen("sms", Place.NOTIFICATIONS, [long]) == (f"{US}: {opening(long, LONGEST_PREVIEW)}",)


def test_a_list_of_threads_shows_the_newest_whoever_wrote_it() -> None:
    assert seen("sms", Place.THREAD_LIST) == (f"{US}, Mon 10:02: A second one.",)
    assert seen("sms", Place.THREAD_LIST, TALK[:1]) == (f"{US}, Mon 10:00: You: hello",)


def test_a_bill_shows_number_time_and_count_and_no_words() -> None:
    assert seen("sms", Place.BILL) == (f"Mon 10:00  text to {US}", f"1 to {US} in all")


def test_another_device_shows_every_word_of_a_text_and_nothing_of_a_web_chat() -> None:
    assert len(seen("sms", Place.LINKED)) == 3
    words = " ".join(line for view in views("webchat", TALK, "Chat") for line in view.lines if view.place != "thread")
    assert "hello" not in words.casefold()


def test_a_mail_shows_its_subject_first() -> None:
    (line,) = seen("email", Place.LOCK_SCREEN, [Shown("The words.", subject="Hello")])
    assert line == f"{US}: Hello The words."


def test_buttons_stand_in_the_thread_and_not_on_the_lock_screen() -> None:
    talk = [Shown("Which one?", choices=("Tea", "Coffee"))]
    assert "Tea" in seen("whatsapp", Place.THREAD, talk)[0]
    assert "Tea" not in seen("whatsapp", Place.LOCK_SCREEN, talk)[0]


def test_nothing_shows_where_nothing_was_said() -> None:
    for channel in CHANNELS:
        assert not any(view.lines for view in views(channel, [], US))
