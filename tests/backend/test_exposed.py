"""What a phone calls us, and addresses that give the service away."""

from pathlib import Path

import pytest

from backend.cli import CannotStartError
from backend.doctor import examine
from backend.exposed import called_on, given_away, seen_of
from backend.serving import check_real
from backend.testing import make_settings
from bot.language.keys import CHANNELS
from safety.exposure import Shown
from safety.vault import Keyring


def test_every_channel_of_a_flow_can_be_shown(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, twilio_sms_from="+447700900999")
    assert called_on("sms", settings) == "07700 900999"
    assert called_on("sms", make_settings(tmp_path, twilio_sms_from="+48512345678")).startswith("+48 ")
    assert called_on("sms", make_settings(tmp_path, twilio_sms_from="Desk")) == "Desk"
    for channel in CHANNELS:
        assert called_on(channel, settings)
        assert seen_of(channel, [Shown("Hello.")], settings)


@pytest.mark.requirement("R18")
def test_web_chat_leaves_the_one_title_that_its_pages_have(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "channels/webchat/templates/base.html").read_text("utf-8")
    title = page.split("<title>")[1].split("</title>")[0]
    assert called_on("webchat", make_settings(tmp_path)).startswith(f"{title} (")


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_from", "desk@womens-aid.example"),
        ("smtp_from", "refuge@desk.example"),
        ("public_url", "https://chat.harbour.example"),
        ("public_url", "https://domesticabuse.example"),
        ("exit_url", "https://survivors.example/weather"),
    ],
)
def test_an_address_that_names_the_service_stops_the_start_and_shows_at_the_doctors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    settings = make_settings(tmp_path, service_naming_words="harbour", **{name: value})
    told = given_away(settings, {"harbour"})
    assert [line.partition(" ")[0] for line in told] == [f"SIDEDOOR_{name.upper()}"]
    Keyring.generate(settings.key_file)
    with pytest.raises(CannotStartError) as refused:
        check_real(settings)
    assert told[0] in str(refused.value)
    assert examine(settings) == 1
    assert told[0] in capsys.readouterr().out


@pytest.mark.requirement("R1")
def test_plain_addresses_are_fine(tmp_path: Path) -> None:
    plain = {"smtp_from": "desk@example.org", "public_url": "https://chat.example.org"}
    assert not given_away(make_settings(tmp_path, **plain), {"harbour"})
