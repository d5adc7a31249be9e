"""The table of what each channel shows: complete, and every claim with its source."""

import re

import pytest

from safety.exposure import CHANNELS, LONGEST_PREVIEW, PHONES, Place
from safety.lint import LOCK_SCREEN

SOURCE = re.compile(r"(2\.3|T\d+|general knowledge|watch and car: general knowledge)([,;] |$)")


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_place_of_a_channel_has_a_claim_with_its_source(name: str) -> None:
    channel = CHANNELS[name]
    assert set(channel.places) == set(Place)
    for claim in channel.places.values():
        assert SOURCE.sub("", claim.source) == "", claim.source
        assert claim.words.endswith(".")
    assert SOURCE.sub("", channel.source) == ""


def test_what_nobody_confirmed_says_so() -> None:
    assert CHANNELS["sms"].places[Place.BILL].unconfirmed
    assert not CHANNELS["sms"].places[Place.LOCK_SCREEN].unconfirmed


@pytest.mark.requirement("R26")
def test_the_name_of_a_business_cannot_be_disguised() -> None:
    assert "disguised" in CHANNELS["whatsapp"].places[Place.LOCK_SCREEN].words


def test_previews_grow_from_the_one_that_every_text_is_written_for() -> None:
    sizes = [phone.characters for phone in PHONES]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (LOCK_SCREEN, LONGEST_PREVIEW)


def test_only_web_chat_stands_on_no_lock_screen() -> None:
    assert {name for name, channel in CHANNELS.items() if not channel.previewed} == {"webchat", "voicemail"}
