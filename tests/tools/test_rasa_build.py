"""`make rasa`: which Python it takes, what it says when there is none, and what it trains on."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.our_flows import our_flows

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools/rasa"
OF_3_10 = "#!/bin/sh\nexit 0\n"
STAND_IN = "#!/bin/sh\necho 'python3.10: command not found' >&2\nexit 127\n"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """tools/rasa/build.py, as a module."""
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location("rasa_build", TOOLS / "build.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(TOOLS))
    return module


def program(path: Path, script: str) -> Path:
    """Something that can be run at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path


# --- which Python -----------------------------------------------------------------------------------------------------


def test_the_one_on_the_path(build: ModuleType, tmp_path: Path) -> None:
    python = program(tmp_path / "bin/python3.10", OF_3_10)
    assert build.find_python({"PATH": str(python.parent)}, tmp_path / "home") == python


def test_the_one_that_was_named_goes_first(build: ModuleType, tmp_path: Path) -> None:
    named = program(tmp_path / "own/python", OF_3_10)
    found = program(tmp_path / "bin/python3.10", OF_3_10)
    assert build.find_python({"PATH": str(found.parent), "RASA_PYTHON": str(named)}, tmp_path) == named


@pytest.mark.parametrize(
    "place", [".pyenv/versions/3.10.13/bin/python3.10", ".local/share/uv/python/cpython-3.10.19-linux/bin/python3.10"]
)
def test_a_stand_in_on_the_path_is_passed_over(build: ModuleType, tmp_path: Path, place: str) -> None:
    stand_in = program(tmp_path / "shims/python3.10", STAND_IN)
    kept = program(tmp_path / "home" / place, OF_3_10)
    assert build.find_python({"PATH": str(stand_in.parent)}, tmp_path / "home") == kept


def test_another_version_is_none(build: ModuleType, tmp_path: Path) -> None:
    assert sys.version_info[:2] != (3, 10)
    assert build.find_python({"PATH": "", "RASA_PYTHON": sys.executable}, tmp_path) is None


def test_without_one_it_says_what_is_missing_and_how_to_get_it(tmp_path: Path) -> None:
    environment = {"PATH": "", "HOME": str(tmp_path)}
    line = [sys.executable, TOOLS / "build.py"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    for told in ("needs Python 3.10", "uv python install 3.10", "pyenv install 3.10", "RASA_PYTHON=", "does without"):
        assert told in done.stderr
    looking = subprocess.run([*line, "--find"], env=environment, capture_output=True, check=False, cwd=ROOT)
    assert (looking.returncode, looking.stdout) == (1, b"")


def test_serving_what_is_not_built_says_so(tmp_path: Path) -> None:
    copy = program(tmp_path / "tools/rasa/serve", (TOOLS / "serve").read_text("utf-8"))
    done = subprocess.run([copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "There is no Rasa server here yet: run make rasa first.\n")


def test_it_serves_this_machine_alone_and_tells_nobody() -> None:
    script = (TOOLS / "serve").read_text("utf-8")
    assert "--interface 127.0.0.1" in script
    assert "RASA_TELEMETRY_ENABLED=false" in script
    assert "--debug" not in script


# --- what it trains on ------------------------------------------------------------------------------------------------


def test_all_our_examples_come_through_as_they_are(build: ModuleType, tmp_path: Path) -> None:
    examples = our_flows().nlu
    build.write_training_files(examples, tmp_path)
    written = yaml.safe_load((tmp_path / "data/nlu.yml").read_text("utf-8"))
    assert written["version"] == "3.1"
    read = {item["intent"]: re.findall(r"^- (.*)$", item["examples"], re.MULTILINE) for item in written["nlu"]}
    assert read == {intent: [" ".join(line.split()) for line in lines] for intent, lines in examples.items()}
    assert (tmp_path / "config.yml").read_text("utf-8") == (TOOLS / "config.yml").read_text("utf-8")


def test_signs_of_yaml_in_an_example_do_no_harm(build: ModuleType, tmp_path: Path) -> None:
    lines = ["a: b", "# no comment", '"quoted', "{x}", "- dash", "change [my name](what)", "two\n lines", "tab\there"]
    build.write_training_files({"odd": lines}, tmp_path)
    (item,) = yaml.safe_load((tmp_path / "data/nlu.yml").read_text("utf-8"))["nlu"]
    assert item["examples"].splitlines() == [f"- {' '.join(line.split())}" for line in lines]


def test_the_pipeline_falls_back_and_needs_nothing_from_elsewhere() -> None:
    config = yaml.safe_load((TOOLS / "config.yml").read_text("utf-8"))
    names = [component["name"] for component in config["pipeline"]]
    assert names[0] == "WhitespaceTokenizer"
    assert names[-1] == "FallbackClassifier"
    assert not [name for name in names if re.search("spacy|mitie|languagemodel|duckling", name, re.IGNORECASE)]
