"""What demo mode keeps in memory, and the settings that make the product use it."""

import secrets
from dataclasses import dataclass

from pydantic import SecretStr

from backend.demo.handsets import Handsets
from backend.demo.mailbox import Mailbox
from backend.demo.sms import DemoSms
from backend.demo.webhook import Webhook
from backend.house import Clock, utc_now
from backend.settings import Settings

ACCOUNT = "AC" + "0" * 32
OUR_NUMBER = "+447700900000"


class RealCredentialsError(Exception):
    """Demo mode does not start where real credentials are set, so that nothing invented can reach a real person."""


@dataclass(frozen=True, slots=True)
class DemoState:
    """The two invented ends. `settings` are the given ones, led to them; its token is new at every start."""

    settings: Settings
    handsets: Handsets
    webhook: Webhook
    sms: DemoSms
    mailbox: Mailbox

    def stop(self) -> None:
        """Close the mailbox."""
        self.mailbox.stop()


def start(settings: Settings, clock: Clock = utc_now) -> DemoState:
    """Start the invented ends in a folder of their own. Raises RealCredentialsError, naming what to unset."""
    _refuse_real(settings)
    mailbox, token, data = Mailbox(clock), secrets.token_hex(16), settings.data_dir / "demo"
    led = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": SecretStr(token), "twilio_sms_from": OUR_NUMBER}
    here = {"smtp_url": mailbox.url, "data_dir": data, "drama_numbers": True, "sms_per_second": 0}
    made = settings.model_copy(update=led | here)
    host = "127.0.0.1" if made.host in {"", "0.0.0.0"} else made.host  # noqa: S104  # it is only compared with
    handsets, webhook = Handsets(), Webhook(host, made.port, made.base_url, ACCOUNT, token, OUR_NUMBER)
    return DemoState(made, handsets, webhook, DemoSms(handsets, webhook, clock=clock), mailbox)


def _refuse_real(settings: Settings) -> None:
    real = {
        "SIDEDOOR_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "SIDEDOOR_TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "SIDEDOOR_TWILIO_WHATSAPP_FROM": settings.twilio_whatsapp_from,
        "SIDEDOOR_VONAGE_APPLICATION_ID": settings.vonage_application_id,
        "SIDEDOOR_TELEGRAM_TOKEN": settings.telegram_token.get_secret_value(),
        "SIDEDOOR_SMTP_URL": settings.smtp_url,
        "SIDEDOOR_IMAP_URL": settings.imap_url,
        "SIDEDOOR_MAIL_ADDRESS": settings.mail_address,
        "SIDEDOOR_DATABASE_URL": settings.database_url,
        "SIDEDOOR_VAULT_KEY_FILE": settings.vault_key_file,
    }
    if named := [name for name, value in real.items() if value]:
        raise RealCredentialsError(f"Demo mode uses nothing real. Unset {', '.join(named)}, or run `sidedoor serve`.")
