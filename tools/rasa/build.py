"""`make rasa`: an environment of its own for Rasa Open Source, and a model trained on our flows, both in `.rasa`.

1. Find a Python 3.10, which Rasa 3.6 needs.  2. Read the flows.  3. Install what requirements-rasa.txt pins, unless it
is there.  4. Write the training files and train.  5. Say how to start it.

python tools/rasa/build.py          all of it; 2 when there is no Python 3.10
python tools/rasa/build.py --find   print which Python 3.10 there is; 1 when there is none
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from training import write_training_files  # noqa: E402

from backend.settings import WrongSettingError, read_settings  # noqa: E402
from backend.understanding.model_name import model_name  # noqa: E402
from bot import FlowErrors, load_flows  # noqa: E402

LOCK = ROOT / "requirements-rasa.txt"
HERE = ROOT / ".rasa"
PROBE = "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))"
MISSING = """\
Rasa Open Source 3.6 needs Python 3.10, and there is none here that can make environments.
Looked for: RASA_PYTHON, python3.10 on the PATH, and the 3.10 that pyenv or uv keep.
Get it in one of these ways, then run `make rasa` again:

    uv python install 3.10
    pyenv install 3.10
    apt-get install python3.10 python3.10-venv      (Ubuntu 22.04; elsewhere it is not packaged)

or name one that you have: make rasa RASA_PYTHON=/path/to/python3.10

Sidedoor does without: the built-in understanding reads everything that people type."""
DONE = """\
Trained: {model}
Start it:   tools/rasa/serve
Tell Sidedoor: SIDEDOOR_RASA_URL=http://127.0.0.1:5005, then look at `sidedoor doctor`."""


def main(arguments: list[str]) -> int:
    """Run it; the exit code."""
    python = find_python(os.environ, Path.home())
    if python is None:
        print(MISSING, file=sys.stderr)
        return 1 if "--find" in arguments else 2
    if "--find" in arguments:
        print(python)
        return 0
    try:
        examples = load_flows(read_settings().flows_dir).nlu
    except (FlowErrors, WrongSettingError) as error:
        print(error, file=sys.stderr)
        return 2
    environment = HERE / "env"
    if not _is_installed(environment):
        _install(python, environment)
    print(DONE.format(model=_train(environment, examples).relative_to(ROOT)))
    return 0


def find_python(environment: Mapping[str, str], home: Path) -> Path | None:
    """The first Python 3.10 that runs and can make environments; a name on the PATH may be a stand-in that does not."""
    return next((each for each in _candidates(environment, home) if _runs(each)), None)


def _candidates(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    named = environment.get("RASA_PYTHON") or shutil.which("python3.10", path=environment.get("PATH", ""))
    if named:
        yield Path(named)
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    yield from sorted(pyenv.glob("versions/3.10*/bin/python3.10"), reverse=True)
    yield from sorted((home / ".local/share/uv/python").glob("cpython-3.10*/bin/python3.10"), reverse=True)


def _runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", PROBE], capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_installed(environment: Path) -> bool:
    """Whether the environment was finished, from the lock file as it is now."""
    finished = environment / "installed.txt"
    return finished.exists() and finished.read_text("utf-8") == LOCK.read_text("utf-8")


def _install(python: Path, environment: Path) -> None:
    print("Installing Rasa Open Source: some minutes, and nearly 3 GB on the disk.", flush=True)
    subprocess.run([python, "-m", "venv", "--clear", environment], check=True)
    pip = [environment / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    shutil.copyfile(LOCK, environment / "installed.txt")


def _train(environment: Path, examples: Mapping[str, Sequence[str]]) -> Path:
    """Train; the model, called after the examples it was trained on."""
    training, models, name = HERE / "training", HERE / "models", model_name(examples)
    write_training_files(examples, training)
    print("Training: half a minute.", flush=True)
    line = [environment / "bin/rasa", "train", "nlu", "--nlu", training / "data"]
    where = ["--config", training / "config.yml", "--out", models, "--fixed-model-name", name]
    # Rasa tells its makers how it is used unless it is asked not to, and writes into the home folder.
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "HOME": str(HERE)}
    done = subprocess.run([*line, *where], check=False, env=quiet, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}Rasa could not train.")
    return models / f"{name}.tar.gz"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
