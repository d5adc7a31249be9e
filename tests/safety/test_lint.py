"""What a text gives away (R1, R5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.lint import asks_for_carrier_word, lock_screen, names_service, personal


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    "text",
    [
        "domestic abuse",
        "Domestic  Violence support",
        "your abuser",
        "he is ABUSIVE",
        "a survivor like you",
        "victims",
        "a place in refuge",
        "Women\u2019s Aid",
        "the Marac meeting",
        "your Idva will ring",
        "dash risk checklist",
        "safeguarding lead",
        "sexual assault",
        "strangled",
        "stalking",
        "a non-molestation order",
        "honour-based",
        "forced marriage",
        "d\u00f3mestic",
        "ab\u200buse",
        "przemoc domowa",
        "violencia",
        "العنف المنزلي",
        "घरेलू हिंसा",
        "National Domestic Abuse Helpline",
    ],
)
def test_words_that_name_the_service_or_abuse_are_found(text: str) -> None:
    assert names_service(text)


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    "text",
    [
        "Hello. Is now a good time?",
        "I will dash to the shop",
        "If you can, ring 999. Press 55 when asked.",
        "We are here on Tuesday at 3pm. Reply when it suits you.",
        "Who else can see this phone?",
        "the grape harvest, and a stalk of celery",
        "a safe time to talk",
        "my victory",
        "the worth of it",
        "",
    ],
)
def test_bland_words_are_not(text: str) -> None:
    assert names_service(text) == ()


@pytest.mark.requirement("R1")
def test_the_services_own_names_are_found_however_they_are_written() -> None:
    for text in ("sparrow house", "SPARROWHOUSE", "Sparrow\u00a0House!", "the Sparrow  House team"):
        assert names_service(text, ["Sparrow House", "  "])
    assert names_service("sparrows house", ["Sparrow House"]) == ()
    assert names_service("anything", [""]) == ()


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(names_service(text, ["Sparrow House"]), tuple) and isinstance(personal(text), tuple)


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("See https://example.org/x", "link"),
        ("go to sparrow.org.uk", "link"),
        ("mail me at a.b@example.org", "email"),
        ("ring 01273 123 456", "phone_number"),
        ("ring +44 7700 900123", "phone_number"),
        ("at RH10 1AB", "postcode"),
        ("come to 14 High Street", "street_address"),
        ("flat 2 Larch Lane", "street_address"),
        ("your case no. 10023", "case_number"),
        ("referral ref SD-2231", "case_number"),
        ("see Mrs Quibble", "titled_name"),
        ("your DOB please", "date_of_birth"),
        ("your support worker is Rosalind", "worker"),
        ("about your depression", "diagnosis"),
    ],
)
def test_personal_details_are_hinted_at(text: str, code: str) -> None:
    assert code in personal(text)


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(
    "text",
    [
        "See you on Tuesday at 3pm.",
        "Is 10:30 good?",
        "Send 1 for yes, 2 for no.",
        "Ring 999. Press 55.",
        "In case you ask",
    ],
)
def test_times_and_menus_are_not_personal(text: str) -> None:
    assert personal(text) == ()


@pytest.mark.requirement("R5")
def test_the_lock_screen_shows_the_first_forty_characters_on_one_line() -> None:
    assert (
        lock_screen("Hello.\n  Is now a good time to go on from where we were?")
        == "Hello. Is now a good time to go on from "
    )
    assert len(lock_screen("x" * 300)) == 40


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reply YES to go on.", ("yes",)),
        ('Text "Stop" to leave, or send START to begin.', ("stop", "start")),
        ("Send the word cancel.", ("cancel",)),
        ("Type end", ("end",)),
        ("Reply with help", ("help",)),
        ("Send 1 for yes, 2 for no.", ()),
        ("We will stop texting. You can end here.", ()),
        ("Text us again to start.", ()),
        ("Send bye to leave.", ()),
    ],
)
def test_copy_never_asks_for_a_word_that_carriers_keep(text: str, words: tuple[str, ...]) -> None:
    assert asks_for_carrier_word(text) == words
