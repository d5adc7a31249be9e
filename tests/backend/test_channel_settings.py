"""What the settings of WhatsApp and of the second provider let through."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from backend.app import open_real_channels, receivers_of
from backend.configured import channel_settings
from backend.house import make_rules
from backend.testing import make_settings
from channels.sms.failover import Failover
from safety.types import Kind

SID = "HX" + "3" * 32
TWILIO = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "token", "twilio_sms_from": "+447700900000"}
VONAGE = {"vonage_application_id": "an-application", "vonage_same_number": True}


@pytest.mark.parametrize(
    "wrong",
    [
        {"whatsapp_templates": f"reply={SID}"},
        {"whatsapp_templates": "practitioner=HX12"},
        {"whatsapp_templates": "practitioner"},
        {"whatsapp_menus": f"buttons_4={SID}"},
        {"whatsapp_menus": f"list_11={SID}"},
        {"whatsapp_menus": "list_2=MG" + "3" * 32},
    ],
)
def test_content_that_cannot_be_meant_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_settings(tmp_path, **wrong)


@pytest.mark.requirement("R26")
def test_the_gate_knows_which_kinds_have_a_template(tmp_path: Path) -> None:
    made = make_settings(tmp_path, whatsapp_templates=f"practitioner={SID}, check_in={SID}")
    assert made.whatsapp_template_sids == {"practitioner": SID, "check_in": SID}
    assert make_rules(made).whatsapp_templates == {Kind.PRACTITIONER, Kind.CHECK_IN}
    assert make_rules(make_settings(tmp_path)).whatsapp_templates == frozenset()


def test_whatsapp_needs_an_account_and_a_sender(tmp_path: Path) -> None:
    sender = {"twilio_whatsapp_from": "+447700900000"}
    assert channel_settings(make_settings(tmp_path, **sender)).whatsapp is None
    assert channel_settings(make_settings(tmp_path, **TWILIO)).whatsapp is None
    assert channel_settings(make_settings(tmp_path, **TWILIO, **sender)).whatsapp is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {**TWILIO, "vonage_application_id": "an-application"},
        {**TWILIO, **VONAGE, "twilio_sms_from": ""},
        {**TWILIO, **VONAGE, "twilio_timeout_seconds": 10, "lease_seconds": 40},
        {"whatsapp_templates": f"recheck={SID}", "twilio_timeout_seconds": 10, "lease_seconds": 40},
    ],
)
def test_a_second_provider_says_that_it_has_the_same_number_and_leaves_time(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        make_settings(tmp_path, **wrong)


def test_a_second_provider_is_wired_with_the_first_ones_number(tmp_path: Path) -> None:
    key = tmp_path / "vonage.pem"
    key.write_text("a key")
    made = make_settings(tmp_path, **TWILIO, **VONAGE, vonage_private_key_file=key)
    second = channel_settings(made).second_sms
    assert second is not None and second.sender == "+447700900000"
    channels = open_real_channels(made)
    assert isinstance(channels["sms"].sender, Failover)
    assert receivers_of(channels)["vonage"].name == "sms"
