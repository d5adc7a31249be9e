"""What the doctor says of WhatsApp."""

from pathlib import Path

import pytest

from backend.testing import make_settings
from backend.whatsapp_check import look_at_whatsapp
from safety.types import Kind
from safety.whatsapp import TEMPLATES
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, TwilioPeer

LINE, PAUSED = "HX" + "3" * 32, "HX" + "4" * 32


def test_without_whatsapp_nothing_is_asked(tmp_path: Path) -> None:
    assert list(look_at_whatsapp(make_settings(tmp_path))) == [(True, "There is no WhatsApp.")]


@pytest.mark.requirement("R26")
def test_every_line_is_looked_at(tmp_path: Path) -> None:
    with TwilioPeer() as peer:
        peer.add_content(LINE, TEMPLATES[Kind.PRACTITIONER])
        peer.add_content(PAUSED, TEMPLATES[Kind.REMINDER], "paused")
        settings = make_settings(
            tmp_path,
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            twilio_whatsapp_from="+447700900000",
            twilio_api_base=peer.url,
            whatsapp_templates=f"practitioner={LINE},reminder={PAUSED}",
        )
        findings = list(look_at_whatsapp(settings))
    assert [good for good, _ in findings] == [True, True, False, True, True]
    assert "template-paused" in findings[2][1]
    assert "no template" in findings[3][1]
    assert AUTH_TOKEN not in str(findings)
