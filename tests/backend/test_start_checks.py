"""What the real thing refuses to start with, and what it starts with but says loudly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.cli import CannotStartError
from backend.configured import twilio_settings
from backend.doctor import examine
from backend.serving import check_real, serve, stand_in, warn, work
from backend.settings import Settings
from backend.start_checks import refusals
from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.testing import make_settings
from safety.vault import Keyring

HTTPS = "https://chat.example.org"
ACCOUNT = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "token", "twilio_sms_from": "+447700900000"}


@pytest.fixture
def installed(tmp_path: Path) -> Callable[..., Settings]:
    """Makes the settings of a service whose keys and tables are there."""

    def install(**settings: Any) -> Settings:
        made = make_settings(tmp_path, **{"drama_numbers": False, **settings})
        if not made.key_file.exists():
            Keyring.generate(made.key_file)
        engine = make_engine(made.database)
        upgrade(engine)
        engine.dispose()
        return made

    return install


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"public_url": "http://chat.example.org"}, "SIDEDOOR_PUBLIC_URL=https://chat.example.org"),
        ({"public_url": "http://127.0.0.1.example.org"}, "SIDEDOOR_PUBLIC_URL=https://chat.example.org"),
        ({"host": "0.0.0.0"}, "SIDEDOOR_PUBLIC_URL=https://chat.example.org"),
        ({"public_url": HTTPS, "drama_numbers": True}, "SIDEDOOR_DRAMA_NUMBERS=false"),
    ],
)
@pytest.mark.parametrize("start", [serve, work])
def test_server_and_worker_refuse_with_the_name_and_an_example(
    installed: Callable[..., Settings], start: Callable[[Settings], int], settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(CannotStartError, match=named):
        start(installed(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"public_url": HTTPS},
        {"public_url": "http://localhost:8000", "drama_numbers": True},
        {"public_url": "http://[::1]:8000", "drama_numbers": True},
        {"drama_numbers": True},
    ],
)
def test_what_is_right_or_leads_to_this_machine_alone_may_start(
    installed: Callable[..., Settings], settings: dict[str, Any]
) -> None:
    made = installed(**settings)
    assert list(refusals(made)) == []
    check_real(made)


def test_the_fallback_host_is_called_by_https_as_well(installed: Callable[..., Settings]) -> None:
    made = installed(
        public_url="http://fallback.example.org",
        fallback_for=HTTPS,
        outage_addresses="duty@example.org",
        smtp_url="smtp://mail.example.org",
    )
    with pytest.raises(CannotStartError, match="SIDEDOOR_PUBLIC_URL must be https"):
        stand_in(made)


@pytest.mark.requirement("R32")
def test_a_service_that_can_wake_nobody_says_so_loudly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warn(make_settings(tmp_path))
    assert "NOBODY CAN BE WOKEN" in (told := capsys.readouterr().err)
    assert "SIDEDOOR_SMTP_URL=smtps://" in told
    warn(make_settings(tmp_path, smtp_url="smtp://mail.example.org"))
    assert capsys.readouterr().err == ""
    warn(make_settings(tmp_path, smtp_url="smtp://mail.example.org", trial_addresses="+447700900123"))
    told = capsys.readouterr().err
    assert "SIDEDOOR_TRIAL_ADDRESSES" in told and "900123" not in told


def test_the_doctor_says_the_same(installed: Callable[..., Settings], capsys: pytest.CaptureFixture[str]) -> None:
    examine(installed(public_url="http://chat.example.org", drama_numbers=True))
    told = capsys.readouterr().out
    assert "missing SIDEDOOR_PUBLIC_URL must be https" in told
    assert "missing SIDEDOOR_DRAMA_NUMBERS is for tests" in told
    examine(installed())
    assert "missing Only this machine can reach us." in capsys.readouterr().out


@pytest.mark.requirement("R27")
def test_twilio_is_asked_to_keep_nothing_where_that_is_set(
    installed: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    made = installed(**ACCOUNT, twilio_content_retention="discard", twilio_address_retention="obfuscate")
    twilio = twilio_settings(made)
    assert twilio is not None
    assert (twilio.content_retention, twilio.address_retention) == ("discard", "obfuscate")
    examine(made)
    assert "it has to switch that on for the account first" in capsys.readouterr().out
    examine(installed(**ACCOUNT))
    assert "SIDEDOOR_TWILIO_CONTENT_RETENTION=discard" in capsys.readouterr().out
