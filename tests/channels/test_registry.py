"""The registry makes what is configured, under the name that the part itself has, and nothing else."""

from dataclasses import replace

from channels.email.settings import MailSettings
from channels.registry import CHANNELS, ChannelSettings, open_channels
from channels.sms.failover import Failover
from channels.sms.twilio import TwilioSettings
from channels.sms.vonage import VonageSettings
from channels.telegram.telegram import TelegramSettings
from channels.whatsapp.twilio import WhatsAppSettings

TWILIO = TwilioSettings("AC" + "0" * 32, "token")
EVERYTHING = ChannelSettings(
    twilio=TWILIO,
    whatsapp=WhatsAppSettings(TWILIO, "+447700900000"),
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


def test_a_second_provider_stands_behind_the_first_and_hears_its_own_webhooks() -> None:
    second = VonageSettings("an-application", "a key", "a secret", "+447700900000")
    made = open_channels(replace(EVERYTHING, second_sms=second))["sms"]
    assert isinstance(made.sender, Failover)
    assert made.receiver is not None and made.receiver.name == "sms"
    assert {name: receiver.name for name, receiver in made.seconds.items()} == {"vonage": "sms"}
    assert not open_channels(EVERYTHING)["sms"].seconds
