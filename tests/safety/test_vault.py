"""The vault keeps what it is given, gives it back only where it belongs, and says nothing when it cannot (R38)."""

import copy
import json
import os
import pickle
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safety.vault import DataKey, Keyring, Vault, VaultError

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PLACE = "message.text.17"
CANARY = "Rosalind Quibble, 14 Larch Lane"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def vault(path: Path) -> Vault:
    return Vault(Keyring.generate(path))


@pytest.mark.requirement("R38")
@given(text=st.text(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_sealed_opens_in_its_place_and_shows_nothing(vault: Vault, text: str) -> None:
    _, key = vault.new_key()
    sealed = key.seal(text, PLACE)
    assert key.open(sealed, PLACE) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_bytes_come_back_as_bytes(vault: Vault) -> None:
    _, key = vault.new_key()
    data = bytes(range(256)) + b"\x80\x00\x00"
    assert key.open_bytes(key.seal(data, PLACE), PLACE) == data


@pytest.mark.requirement("R38")
def test_short_answers_cannot_be_told_apart_by_length_or_twice(vault: Vault) -> None:
    _, key = vault.new_key()
    assert len(key.seal("yes", PLACE)) == len(key.seal("no", PLACE)) == len(key.seal("", PLACE))
    assert key.seal("yes", PLACE) != key.seal("yes", PLACE)


@pytest.mark.requirement("R38")
def test_a_field_moved_to_another_place_does_not_open(vault: Vault) -> None:
    _, key = vault.new_key()
    with pytest.raises(VaultError):
        key.open(key.seal(CANARY, PLACE), "message.text.18")


@pytest.mark.requirement("R38")
def test_damage_anywhere_is_found_and_nothing_is_told(vault: Vault) -> None:
    _, key = vault.new_key()
    sealed = key.seal(CANARY, PLACE)
    for position in range(len(sealed)):
        broken = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(VaultError) as raised:
            key.open(broken, PLACE)
        assert "Quibble" not in str(raised.value) and raised.value.__cause__ is None
    for part in (b"", sealed[:1], sealed[:20]):
        with pytest.raises(VaultError):
            key.open(part, PLACE)


def test_another_key_does_not_open(vault: Vault) -> None:
    _, key = vault.new_key()
    _, other = vault.new_key()
    with pytest.raises(VaultError):
        other.open(key.seal(CANARY, PLACE), PLACE)


def test_a_wrapped_key_comes_back_after_a_restart(vault: Vault, path: Path) -> None:
    wrapped, key = vault.new_key()
    sealed = key.seal(CANARY, PLACE)
    assert Vault(Keyring.load(path)).unwrap(wrapped).open(sealed, PLACE) == CANARY


def test_another_keyring_cannot_unwrap_and_damage_is_found(vault: Vault, tmp_path: Path) -> None:
    wrapped, _ = vault.new_key()
    with pytest.raises(VaultError, match="not on the keyring"):
        Vault(Keyring.generate(tmp_path / "other.json")).unwrap(wrapped)
    with pytest.raises(VaultError, match="damaged"):
        vault.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    with pytest.raises(VaultError):
        vault.unwrap(b"")


@pytest.mark.requirement("R38")
def test_rotation_opens_the_old_wraps_anew_and_then_lets_the_old_key_go(path: Path) -> None:
    ring = Keyring.generate(path, now=NOW)
    wrapped, key = Vault(ring).new_key()
    sealed, index = key.seal(CANARY, PLACE), Vault(ring).index("address", "a")
    rotated = Vault(Keyring.load(path).rotate(path))
    assert not rotated.is_current(wrapped)
    anew = rotated.rewrap(wrapped)
    assert anew != wrapped and rotated.is_current(anew) and rotated.rewrap(anew) == anew
    retired = Vault(Keyring.load(path).retire(path, ring.current))
    assert retired.unwrap(anew).open(sealed, PLACE) == CANARY
    assert retired.index("address", "a") == index
    with pytest.raises(VaultError):
        retired.unwrap(wrapped)


def test_the_current_key_cannot_be_retired(path: Path) -> None:
    ring = Keyring.generate(path)
    with pytest.raises(VaultError):
        ring.retire(path, ring.current)


def test_the_cache_is_bounded_and_forgets_when_told(path: Path) -> None:
    vault = Vault(Keyring.generate(path), cache_size=2)
    wraps = [vault.new_key()[0] for _ in range(3)]
    first = vault.unwrap(wraps[0])
    assert vault.unwrap(wraps[0]) is first
    vault.unwrap(wraps[1])
    vault.unwrap(wraps[2])
    again = vault.unwrap(wraps[0])
    assert again is not first
    vault.forget(wraps[0])
    assert vault.unwrap(wraps[0]) is not again


@pytest.mark.requirement("R38")
def test_an_index_finds_the_same_value_and_nothing_else(vault: Vault, path: Path, tmp_path: Path) -> None:
    found = vault.index("address", "+447700900123")
    assert found == Vault(Keyring.load(path)).index("address", "+447700900123") and len(found) == 32
    assert found != vault.index("return_code", "+447700900123")
    assert found != vault.index("address", "+447700900124")
    assert found != Vault(Keyring.generate(tmp_path / "other.json")).index("address", "+447700900123")


def test_a_salt_is_steady_and_not_the_index(vault: Vault) -> None:
    salt = vault.salt("word", "sms+447700900123")
    assert salt == vault.salt("word", "sms+447700900123") and len(salt) == 16
    assert salt != vault.index("word", "sms+447700900123")[:16]


@pytest.mark.requirement("R38")
def test_nothing_shows_a_key(vault: Vault, path: Path) -> None:
    ring = Keyring.load(path)
    _, key = vault.new_key()
    secrets = [ring.index_root, *(item.material for item in ring.keys.values())]
    shown = repr(ring) + str(ring) + repr(vault) + repr(key) + repr(list(ring.keys.values()))
    assert not any(repr(secret)[2:-1] in shown or secret.hex() in shown for secret in secrets)
    for thing in (key, vault):
        for leave in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(VaultError):
                leave(thing)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_key_file_is_for_this_account_only(path: Path) -> None:
    Keyring.generate(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    Keyring.load(path).rotate(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(VaultError, match="0600"):
        Keyring.load(path)


def test_a_key_file_is_never_overwritten(path: Path) -> None:
    Keyring.generate(path)
    before = path.read_bytes()
    with pytest.raises(VaultError):
        Keyring.generate(path)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_the_demo_mark_and_the_times_survive(path: Path) -> None:
    Keyring.generate(path, demo=True, now=NOW)
    ring = Keyring.load(path).rotate(path, now=NOW)
    assert ring.demo and len(ring.keys) == 2
    assert {key.created_at for key in Keyring.load(path).keys.values()} == {NOW}


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"demo": "no"},
        {"current": "0000000000000000"},
        {"keys": "none"},
        {"index_root": "c2hvcnQ="},
        {"index_root": "not base64!"},
        {"keys": [{"id": "zz", "created_at": NOW.isoformat(), "key": "c2hvcnQ="}]},
    ],
)
def test_a_damaged_key_file_is_refused_without_showing_it(path: Path, change: dict[str, object]) -> None:
    Keyring.generate(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(VaultError, match="damaged") as raised:
        Keyring.load(path)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", "not json"])
def test_what_is_no_key_file_is_refused(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(VaultError):
        Keyring.load(path)


def test_a_missing_key_file_is_refused(path: Path) -> None:
    with pytest.raises(VaultError, match="cannot be read"):
        Keyring.load(path)


def test_a_text_that_is_no_text_is_refused(path: Path) -> None:
    key = DataKey(bytes(32))
    with pytest.raises(VaultError):
        key.open(key.seal(b"\xff\xfe", PLACE), PLACE)
