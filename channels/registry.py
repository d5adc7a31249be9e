"""Which channels there are, and how each is made from its settings.

A new channel is a folder, a field in `ChannelSettings`, a maker here and a line in `CHANNELS`. What is not configured
is not made. Makers import on call, so that a service pays only for the channels that it uses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from channels.contract import Fetcher, Receiver, Registrar, Sender

if TYPE_CHECKING:
    from channels.email.settings import MailSettings
    from channels.sms.twilio import TwilioSettings
    from channels.sms.vonage import VonageSettings
    from channels.sms.webhook import Reader
    from channels.telegram.telegram import TelegramSettings
    from channels.whatsapp.twilio import WhatsAppSettings


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What the channels need to know; None leaves a channel out."""

    twilio: "TwilioSettings | None" = None
    second_sms: "VonageSettings | None" = None
    whatsapp: "WhatsAppSettings | None" = None
    telegram: "TelegramSettings | None" = None
    mail: "MailSettings | None" = None


@dataclass(frozen=True, slots=True)
class Channel:
    """The halves of one channel; a channel that only goes out has no receiver. `fetcher`: where we have to ask;
    `registrar`: where the provider has to be told where to call. `seconds` are the receivers of further providers, by
    the name that their webhooks go by."""

    sender: Sender
    receiver: Receiver | None = None
    fetcher: Fetcher | None = None
    registrar: Registrar | None = None
    seconds: Mapping[str, Receiver] = field(default_factory=dict)


def _sms(settings: ChannelSettings) -> Channel | None:
    if settings.twilio is None:
        return None
    from channels.sms.twilio import TwilioSms

    adapter = TwilioSms(settings.twilio, _readers(settings))
    if settings.second_sms is None:
        return Channel(adapter, adapter)
    from channels.sms.failover import Failover
    from channels.sms.vonage import VonageSms

    second = VonageSms(settings.second_sms)
    return Channel(Failover([adapter, second]), adapter, seconds={"vonage": second})


def _whatsapp(settings: ChannelSettings) -> Channel | None:
    if settings.whatsapp is None:
        return None
    from channels.whatsapp.twilio import TwilioWhatsApp

    adapter = TwilioWhatsApp(settings.whatsapp, _readers(settings))
    return Channel(adapter, adapter)


def _readers(settings: ChannelSettings) -> "dict[str, Reader]":
    """What Twilio may post to either of its addresses: a Messaging Service has one for all of its senders."""
    from channels.sms.webhook import read_sms
    from channels.whatsapp.inbound import read_whatsapp

    there = {"sms": (settings.twilio, read_sms), "whatsapp": (settings.whatsapp, read_whatsapp)}
    return {name: reader for name, (configured, reader) in there.items() if configured is not None}


def _telegram(settings: ChannelSettings) -> Channel | None:
    bot = settings.telegram
    if bot is None:
        return None
    from channels.telegram.telegram import Telegram

    adapter = Telegram(bot)
    fetcher = adapter if bot.polling else None
    return Channel(adapter, adapter, fetcher, adapter if bot.secret and not bot.polling else None)


def _email(settings: ChannelSettings) -> Channel | None:
    mail = settings.mail
    if mail is None:
        return None
    from channels.email.imap import MailboxFetcher
    from channels.email.smtp import SmtpSender
    from channels.email.webhook import MailReceiver

    sender = SmtpSender(
        mail.smtp_url,
        mail.staff_sender,
        person_sender=mail.person_sender,
        person_subject=mail.subject,
        timeout=mail.timeout,
    )
    if not mail.address:
        return Channel(sender)
    return Channel(sender, MailReceiver(mail), MailboxFetcher(mail) if mail.imap_url else None)


CHANNELS: Mapping[str, Callable[[ChannelSettings], Channel | None]] = {
    "sms": _sms,
    "whatsapp": _whatsapp,
    "telegram": _telegram,
    "email": _email,
}


def open_channels(settings: ChannelSettings) -> dict[str, Channel]:
    """Every channel that is configured, by name. Raises ValueError for settings that cannot be used."""
    made = {name: make(settings) for name, make in CHANNELS.items()}
    return {name: channel for name, channel in made.items() if channel is not None}
