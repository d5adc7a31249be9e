"""The registry makes what is configured, under the name that the part itself has, and nothing else."""

from channels.email.settings import MailSettings
from channels.registry import CHANNELS, ChannelSettings, open_channels
from channels.sms.twilio import TwilioSettings
from channels.telegram.telegram import TelegramSettings

EVERYTHING = ChannelSettings(
    twilio=TwilioSettings("AC" + "0" * 32, "token"),
    telegram=TelegramSettings("7700:token", "secret", polling=True),
    mail=MailSettings(
        "smtp://me:secret@127.0.0.1",
        "a@example.org",
        "hello@example.org",
        hook_secret="secret",
        imap_url="imap://me:secret@127.0.0.1",
    ),
)


def test_nothing_configured_nothing_made() -> None:
    assert open_channels(ChannelSettings()) == {}


def test_every_channel_can_be_made_and_knows_its_name() -> None:
    made = open_channels(EVERYTHING)
    assert made.keys() == CHANNELS.keys()
    for name, channel in made.items():
        assert channel.sender.name == name
        assert channel.receiver is None or channel.receiver.name == name


def test_mail_only_goes_out_where_people_have_no_address_to_write_to() -> None:
    alone = ChannelSettings(mail=MailSettings("smtp://127.0.0.1", "a@example.org", imap_url="imap://me@127.0.0.1"))
    made = open_channels(alone)["email"]
    assert (made.receiver, made.fetcher) == (None, None)


def test_what_has_to_be_asked_is_asked_only_where_that_is_set() -> None:
    made = open_channels(EVERYTHING)
    asked = {name: channel.fetcher for name, channel in made.items() if channel.fetcher is not None}
    assert {name: fetcher.name for name, fetcher in asked.items()} == {"telegram": "telegram", "email": "email"}


def test_settings_show_no_secret() -> None:
    assert "secret" not in repr(EVERYTHING)
    assert "token" not in repr(EVERYTHING)
