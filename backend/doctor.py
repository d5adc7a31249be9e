"""`sidedoor doctor`: what is set up, what is missing, and what to do about it, without a secret in the output."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from backend.delivery.check import look_at_delivery
from backend.exposed import given_away
from backend.house import make_rules
from backend.settings import Settings
from backend.start_checks import is_this_machine, refusals
from backend.store import migrate
from backend.store.engine import make_engine
from backend.understanding.exchange import Server
from backend.understanding.health import look_at
from backend.understanding.model_name import model_name
from backend.whatsapp_check import look_at_whatsapp
from bot import FlowErrors, load_flows
from safety.vault import Keyring, VaultError

Finding = tuple[bool, str]


def examine(settings: Settings) -> int:
    """Print one line for each part; 0 when nothing that is needed is missing."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        *(_keys, _database, _flows, _understanding),
        *(_address, _naming, _text, look_at_whatsapp, _telegram, _mail, look_at_delivery),
    )
    findings = [finding for check in checks for finding in check(settings)]
    for good, told in findings:
        print(f"{'ok     ' if good else 'missing'} {told}")
    return 0 if all(good for good, _ in findings) else 1


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        keyring = Keyring.load(settings.key_file)
    except (VaultError, OSError):
        yield False, f"No keys can be read at {settings.key_file}: `sidedoor keys new`."
    else:
        yield (
            not keyring.demo,
            "Keys are there." if not keyring.demo else "The keys are demo keys: `sidedoor keys new`.",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        current = migrate.is_current(make_engine(settings.database))
    except Exception as error:  # any driver's error means the same here
        yield False, f"The database does not answer ({type(error).__name__})."
    else:
        yield current, "The database is up to date." if current else "Tables are missing: `sidedoor db upgrade`."


def _flows(settings: Settings) -> Iterator[Finding]:
    try:
        load_flows(settings.flows_dir)
    except FlowErrors as errors:
        yield False, f"The flows do not load:\n{errors}"
    else:
        yield True, "The flows load."


def _understanding(settings: Settings) -> Iterator[Finding]:
    if not settings.rasa_url:
        yield True, "Typed words are read by the built-in understanding."
        return
    with contextlib.suppress(FlowErrors):  # told of above
        newest = model_name(load_flows(settings.flows_dir).nlu)
        yield asyncio.run(look_at(Server.at(settings.rasa_url), settings.rasa_ms, newest))


def _address(settings: Settings) -> Iterator[Finding]:
    yield from ((False, told) for told in refusals(settings))
    if settings.secure:
        yield True, "People reach us by https."
    elif is_this_machine(settings.base_url):
        yield False, "Only this machine can reach us. For people: SIDEDOOR_PUBLIC_URL=https://chat.example.org"


def _naming(settings: Settings) -> Iterator[Finding]:
    wrong = given_away(settings, make_rules(settings).naming_words)
    yield from ((False, told) for told in wrong)
    if not wrong:
        yield True, "No address that anybody sees names the service."


def _text(settings: Settings) -> Iterator[Finding]:
    there = bool(settings.twilio_account_sid and settings.twilio_auth_token.get_secret_value())
    yield (
        there,
        "Text messages are set up." if there else "No text messages: SIDEDOOR_TWILIO_ACCOUNT_SID and its token.",
    )
    sender = bool(settings.twilio_sms_from or settings.twilio_messaging_service_sid)
    if there and not sender:
        yield False, "No number to send from: SIDEDOOR_TWILIO_SMS_FROM."
    if there:
        yield True, _kept_by_twilio(settings)


def _kept_by_twilio(settings: Settings) -> str:
    """What Twilio keeps of a text until we have it blanked (R27)."""
    if settings.twilio_content_retention == "discard":
        return "Twilio is asked to keep no words of a text; it has to switch that on for the account first."
    return (
        "Twilio keeps the words of a text until we have them blanked. SIDEDOOR_TWILIO_CONTENT_RETENTION=discard keeps"
        " none from the start, once Twilio has switched that on for the account."
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    there = bool(settings.smtp_url)
    yield there, "Alerts go out by mail." if there else "Nobody can be woken: set SIDEDOOR_SMTP_URL."
    if not settings.mail_address:
        return
    hooks = settings.mail_hook_secret.get_secret_value() or settings.mailgun_signing_key.get_secret_value()
    if hooks or settings.imap_url:
        yield True, "People can write by e-mail."
    else:
        yield False, "No mail is read: SIDEDOOR_IMAP_URL, SIDEDOOR_MAIL_HOOK_SECRET or SIDEDOOR_MAILGUN_SIGNING_KEY."
    if not settings.mail_checks_by:
        yield True, "No sender of a mail is proven, so none is refused an answer: SIDEDOOR_MAIL_CHECKS_BY."


def _telegram(settings: Settings) -> Iterator[Finding]:
    """Nothing where there is no bot; one that hears nothing is worse than none."""
    if not settings.telegram_token.get_secret_value():
        return
    if settings.telegram_polling or settings.telegram_secret.get_secret_value():
        yield True, "Telegram is set up. It cannot call us and be asked at once: docs/channels/telegram.md."
    else:
        yield False, "The bot hears nothing: SIDEDOOR_TELEGRAM_SECRET, or SIDEDOOR_TELEGRAM_POLLING."
