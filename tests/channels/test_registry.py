"""The registry makes what is configured, under the name that the part itself has, and nothing else."""

from channels.registry import CHANNELS, ChannelSettings, open_channels
from channels.sms.twilio import TwilioSettings
from channels.telegram.telegram import TelegramSettings

EVERYTHING = ChannelSettings(
    twilio=TwilioSettings("AC" + "0" * 32, "token"),
    telegram=TelegramSettings("7700:token", "secret", polling=True),
    smtp_url="smtp://me:secret@127.0.0.1",
    smtp_sender="a@example.org",
)


def test_nothing_configured_nothing_made() -> None:
    assert open_channels(ChannelSettings()) == {}


def test_every_channel_can_be_made_and_knows_its_name() -> None:
    made = open_channels(EVERYTHING)
    assert made.keys() == CHANNELS.keys()
    for name, channel in made.items():
        assert channel.sender.name == name
        assert channel.receiver is None or channel.receiver.name == name


def test_mail_only_goes_out() -> None:
    made = open_channels(EVERYTHING)
    assert made["email"].receiver is None
    assert made["sms"].receiver is made["sms"].sender


def test_settings_show_no_secret() -> None:
    assert "secret" not in repr(EVERYTHING)
    assert "token" not in repr(EVERYTHING)
