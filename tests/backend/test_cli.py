"""The command line, run in-process: what it says, where it says it, and its exit codes."""

import argparse
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from backend.cli import main
from backend.commands.flow_tools import draw, play
from backend.testing import make_settings

Cli = Callable[..., tuple[int, str, str]]

FLOWS = """\
flows:
  meet:
    description: Meets somebody.
    nlu_trigger: [{intent: meet}]
    steps:
      - collect: nick
      - noop: true
        next:
          - if: slots.nick = "Sam"
            then: [{action: utter_sam, next: END}]
          - else: [{action: utter_other, next: END}]
"""
DOMAIN = """\
slots: {nick: {type: text, sidedoor: {reader: name}}}
responses:
  utter_ask_nick: [{text: What should we call you?}]
  utter_sam: [{text: "Hello, Sam."}]
  utter_other: [{text: "Hello, {nick}."}]
"""
NLU = "nlu: [{intent: meet, examples: [meet me, lets meet]}, {intent: out_of_scope, examples: [the rain, a bus]}]\n"
TEST = """\
test_cases:
  - test_case: somebody called Sam
    steps:
      - user: meet me
      - utter: utter_ask_nick
      - user: Sam
      - utter: utter_sam
"""
LONG = " ".join(["One day we may go by bus."] * 7)
"""More than 160 characters, and easy to read."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a small project into `flows` below the folder that the command is run in."""
    for name in ("SIDEDOOR_FLOWS_DIR", "SIDEDOOR_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> Path:
        known = {"flows": FLOWS, "domain": DOMAIN, "nlu": NLU, "test": TEST} | files
        places = {"flows": "data/flows.yml", "domain": "domain.yml", "nlu": "data/nlu.yml", "test": "tests/meet.yml"}
        for name, text in known.items():
            path = tmp_path / "flows" / places[name]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "flows"

    return write


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command; gives the exit code and what was said on each stream."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


# --- flows check ------------------------------------------------------------------------------------------------------


def test_check_of_our_own_flows_finds_no_error(cli: Cli) -> None:
    code, out, err = cli("flows", "check")
    assert code == 0, out
    assert not err
    assert out.splitlines()[-1].startswith("0 errors, ")


def test_check_of_sound_flows_says_how_much_it_looked_at(project: Callable[..., Path], cli: Cli) -> None:
    project()
    code, out, _ = cli("flows", "check", "--flows", "flows")
    assert (code, out.rpartition(",")[0]) == (0, "0 errors, 0 notes in 1 flow")


def test_check_reads_like_a_compiler(project: Callable[..., Path], cli: Cli) -> None:
    project(domain=DOMAIN.replace("Hello, Sam.", "Text YES for more."))
    code, out, _ = cli("flows", "check", "--flows", "flows")
    assert code == 1
    first = out.split("\n\n")[0].splitlines()
    assert first[0] == (
        "flows/domain.yml:4:22: error [carrier_word]: it asks for `yes`, which carriers keep for themselves (R24)"
    )
    assert first[1:] == [
        '  4 |   utter_sam: [{text: "Text YES for more."}]',
        "    |                      " + "^" * 20,
        "    = at responses.utter_sam",
    ]


@pytest.mark.parametrize(
    ("code", "told", "text"),
    [
        ("names_service", "`domestic abuse` names the service", "It is about domestic abuse."),
        ("lock_screen", "a lock screen shows `link`", "See www.example for more."),
        ("carrier_word", "it asks for `stop`", "Text STOP to end."),
        ("segments", "make 2 segments; 1 may be sent", LONG),
        ("not_gsm7", "`\N{HEAVY BLACK HEART}` is not in the alphabet", "Be well \N{HEAVY BLACK HEART}"),
    ],
)
def test_check_holds_words_against_the_safety_rules(
    project: Callable[..., Path], cli: Cli, code: str, told: str, text: str
) -> None:
    project(domain=DOMAIN.replace("Hello, Sam.", text))
    exit_code, out, _ = cli("flows", "check", "--flows", "flows")
    found = [line for line in out.splitlines() if f"error [{code}]" in line]
    assert exit_code == 1
    assert found, out
    assert any(told in line for line in found), found


@pytest.mark.requirement("R1")
def test_check_knows_the_services_own_name(
    project: Callable[..., Path], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(domain=DOMAIN.replace("Hello, Sam.", "Harbour Project is here for you."))
    assert cli("flows", "check", "--flows", "flows")[0] == 0
    monkeypatch.setenv("SIDEDOOR_SERVICE_NAME", "Harbour Project")
    code, out, _ = cli("flows", "check", "--flows", "flows")
    assert code == 1
    assert "error [names_service]" in out


def test_a_fault_is_told_with_its_place_and_nothing_before_it(project: Callable[..., Path], cli: Cli) -> None:
    project(flows=FLOWS.replace("utter_sam", "utter_sma"))
    code, out, err = cli("flows", "check", "--flows", "flows")
    assert (code, out) == (2, "")
    assert err.startswith("flows/data/flows.yml:10:29: there is no response `utter_sma`")
    assert err.rstrip().endswith("1 fault in the flow files")


def test_a_folder_that_is_not_there_is_said_so(cli: Cli, project: Callable[..., Path]) -> None:
    code, _, err = cli("flows", "check", "--flows", "nowhere")
    assert code == 2
    assert err.startswith("sidedoor: There is no folder nowhere.")


# --- flows test -------------------------------------------------------------------------------------------------------


def test_tests_that_pass_and_what_they_do_not_take(project: Callable[..., Path], cli: Cli) -> None:
    project()
    code, out, _ = cli("flows", "test", "--flows", "flows")
    assert code == 0
    lines = out.splitlines()
    assert "flows/data/flows.yml:7:9: no test takes the way from `noop` to `utter_other` in `meet`" in lines
    assert "flows/data/flows.yml:11:29: no test takes the step `utter_other` in `meet`" in lines
    assert lines[-2] == "No test takes 1 step and 1 branch of steps that are tested."
    assert lines[-1].startswith("1 passed, 0 failed in ")


def test_everything_tested_is_said_too(project: Callable[..., Path], cli: Cli) -> None:
    more = TEST.replace("test_cases:\n", "").replace("Sam", "Jo").replace("utter_sam", "utter_other")
    project(test=TEST + more)
    code, out, _ = cli("flows", "test", "--flows", "flows")
    assert code == 0
    assert "Every step and every branch has a test.\n2 passed" in out


def test_a_test_that_fails_shows_the_talk(project: Callable[..., Path], cli: Cli) -> None:
    project(test=TEST.replace("utter: utter_sam", "utter: utter_other"))
    code, out, _ = cli("flows", "test", "--flows", "flows")
    assert code == 1
    assert "flows/tests/meet.yml:2: somebody called Sam\n  line 7: expected `utter_other`" in out
    assert "    > Sam\n      Hello, Sam." in out
    assert "0 passed, 1 failed" in out


def test_some_tests_by_name(project: Callable[..., Path], cli: Cli) -> None:
    project()
    code, out, _ = cli("flows", "test", "--flows", "flows", "-k", "SAM")
    assert code == 0
    assert "no test takes" not in out
    code, _, err = cli("flows", "test", "--flows", "flows", "-k", "nobody")
    assert code == 2
    assert err == "sidedoor: There is no conversation test with `nobody` in its name below flows/tests.\n"


# --- flows play and graph ---------------------------------------------------------------------------------------------


def test_play_prints_the_talk_as_a_test(
    project: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project()
    lines = iter(["meet me", "Sam", ":quit"])
    chosen = argparse.Namespace(flows=folder, channel="sms", naming=False, verified=False)
    assert play(chosen, make_settings(tmp_path), lambda _prompt: next(lines)) == 0
    out = capsys.readouterr().out
    assert "  What should we call you?" in out
    assert "test_cases:" in out
    assert "- utter: utter_sam" in out


def test_graph_writes_mermaid_and_says_when_there_is_no_graphviz(
    project: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = argparse.Namespace(flows=project(), flow=[], to=str(tmp_path / "out"))
    assert draw(chosen, make_settings(tmp_path), None) == 0
    assert (tmp_path / "out/meet.mmd").read_text("utf-8").startswith("flowchart TD\n")
    assert not list((tmp_path / "out").glob("*.svg"))
    assert "Graphviz's `dot` is not on the PATH" in capsys.readouterr().out


def test_graph_lets_graphviz_draw(project: Callable[..., Path], tmp_path: Path) -> None:
    """A stand-in for `dot` keeps what it was asked; where the real one is, it draws."""
    asked = tmp_path / "asked.json"
    stand_in = tmp_path / "dot"
    stand_in.write_text(
        "#!/usr/bin/env python3\nimport json, pathlib, sys\n"
        f"pathlib.Path({str(asked)!r}).write_text(json.dumps([sys.argv[1:], sys.stdin.read()]))\n"
        "pathlib.Path(sys.argv[-1]).write_text('<svg/>')\n"
    )
    stand_in.chmod(0o755)
    chosen = argparse.Namespace(flows=project(), flow=["meet"], to=str(tmp_path / "out"))
    assert draw(chosen, make_settings(tmp_path), shutil.which("dot") or str(stand_in)) == 0
    assert "<svg" in (tmp_path / "out/meet.svg").read_text("utf-8")
    if asked.exists():
        arguments, text = json.loads(asked.read_text("utf-8"))
        assert arguments == ["-Tsvg", "-o", str(tmp_path / "out/meet.svg")]
        assert text.startswith("digraph flow {")


def test_graph_can_print_and_knows_near_misses(project: Callable[..., Path], cli: Cli) -> None:
    project()
    code, out, _ = cli("flows", "graph", "--flows", "flows", "--to", "-")
    assert code == 0
    assert out.startswith("## meet\n")
    code, _, err = cli("flows", "graph", "meat", "--flows", "flows")
    assert (code, err) == (2, "sidedoor: There is no flow `meat`. Did you mean `meet`?\n")


# --- all of it --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("flows",), ("flows", "check", "--fast")])
def test_a_wrong_command_line_is_2(arguments: Iterable[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*arguments])
    assert left.value.code == 2
    assert "usage: sidedoor" in capsys.readouterr().err


def test_a_wrong_setting_stops_every_command(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDEDOOR_PORT", "http")
    code, _, err = cli("flows", "check")
    assert code == 2
    assert err.startswith("sidedoor: SIDEDOOR_PORT: ")
    assert "For example: SIDEDOOR_PORT=8000" in err


def test_keys_are_never_written_over(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIDEDOOR_DATA_DIR", str(tmp_path))
    assert cli("keys", "new")[0] == 0
    kept = (tmp_path / "vault.json").read_bytes()
    code, _, err = cli("keys", "new")
    assert code == 2
    assert "is there already" in err
    assert (tmp_path / "vault.json").read_bytes() == kept


def test_the_database_is_made_and_looked_over(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIDEDOOR_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SIDEDOOR_DATABASE_URL", raising=False)
    assert cli("db", "check")[:2] == (1, "Tables are missing: run `sidedoor db upgrade`.\n")
    assert cli("db", "upgrade")[0] == 0
    assert cli("db", "check")[:2] == (0, "The database has the newest tables.\n")
