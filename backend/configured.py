"""What the channels need to know, taken from the settings."""

from datetime import timedelta

from backend.settings import Settings
from channels.email.settings import MailSettings
from channels.registry import ChannelSettings
from channels.sms.account import TwilioSettings
from channels.sms.vonage import VonageSettings
from channels.telegram.telegram import TelegramSettings
from channels.whatsapp.twilio import WhatsAppSettings


def channel_settings(settings: Settings) -> ChannelSettings:
    """Every channel that the settings name."""
    return ChannelSettings(
        twilio=twilio_settings(settings),
        second_sms=vonage_settings(settings),
        whatsapp=whatsapp_settings(settings),
        telegram=telegram_settings(settings),
        mail=mail_settings(settings),
    )


def twilio_settings(settings: Settings) -> TwilioSettings | None:
    """Twilio's part of the settings; None where there is no account."""
    if not settings.twilio_account_sid:
        return None
    return TwilioSettings(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        sms_from=settings.twilio_sms_from,
        messaging_service_sid=settings.twilio_messaging_service_sid,
        api_base=settings.twilio_api_base,
        public_url=settings.base_url,
        timeout=settings.twilio_timeout_seconds,
        content_retention=settings.twilio_content_retention,
        address_retention=settings.twilio_address_retention,
    )


def telegram_settings(settings: Settings) -> TelegramSettings | None:
    """Telegram's part of the settings; None where there is no bot."""
    if not settings.telegram_token.get_secret_value():
        return None
    return TelegramSettings(
        token=settings.telegram_token.get_secret_value(),
        secret=settings.telegram_secret.get_secret_value(),
        api_base=settings.telegram_api_base,
        timeout=settings.telegram_timeout_seconds,
        polling=settings.telegram_polling,
    )


def mail_settings(settings: Settings) -> MailSettings | None:
    """Mail's part of the settings; None where there is no server to post to."""
    if not settings.smtp_url:
        return None
    return MailSettings(
        smtp_url=settings.smtp_url,
        staff_sender=settings.smtp_from,
        address=settings.mail_address,
        name=settings.mail_name,
        subject=settings.mail_subject,
        hook_secret=settings.mail_hook_secret.get_secret_value(),
        mailgun_key=settings.mailgun_signing_key.get_secret_value(),
        server=settings.mail_checks_by,
        imap_url=settings.imap_url,
        imap_delete=settings.imap_delete,
        imap_pause=timedelta(seconds=settings.imap_seconds),
        timeout=settings.mail_timeout_seconds,
    )


def vonage_settings(settings: Settings) -> VonageSettings | None:
    """The second provider's part of the settings, with the first one's number; None where it is off. Raises OSError for
    a key file that cannot be read."""
    if not settings.vonage_application_id:
        return None
    return VonageSettings(
        application_id=settings.vonage_application_id,
        private_key=settings.vonage_private_key_file.read_text(),
        signature_secret=settings.vonage_signature_secret.get_secret_value(),
        sender=settings.twilio_sms_from,
        api_base=settings.vonage_api_base,
        public_url=settings.base_url,
        timeout=settings.twilio_timeout_seconds,
    )


def whatsapp_settings(settings: Settings) -> WhatsAppSettings | None:
    """WhatsApp's part of the settings; None where there is no account or no sender for it."""
    account = twilio_settings(settings)
    if account is None or not settings.twilio_whatsapp_from:
        return None
    return WhatsAppSettings(
        account, settings.twilio_whatsapp_from, settings.whatsapp_template_sids, settings.whatsapp_menu_sids
    )
