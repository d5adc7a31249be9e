"""`sidedoor flows play` and `sidedoor flows graph`."""

import argparse
import shutil
import subprocess
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

from backend.commands.base import CannotStartError, Commands, add, count, tell
from backend.commands.flow_files import load
from backend.settings import Settings
from bot import Flows
from bot.contract import Facts
from bot.language.keys import CHANNELS

DRAWING_SECONDS = 60
"""How long Graphviz may take for one flow."""


def add_to(flows: Commands) -> Sequence[argparse.ArgumentParser]:
    """`play` and `graph`; gives them, so that more options can be added."""
    playing = add(flows, "play", _play, "talk to the flows in the terminal; the talk is printed as a test at the end")
    playing.add_argument("--channel", choices=CHANNELS, default="sms")
    playing.add_argument("--naming", action="store_true", help="words may name the service here (R1)")
    playing.add_argument("--verified", action="store_true", help="the agreed word was given in this session (R12)")
    drawing = add(flows, "graph", _graph, "draw each flow: Mermaid text, and SVG where Graphviz is there")
    drawing.add_argument("flow", nargs="*", help="only these flows")
    drawing.add_argument(
        "--to", metavar="FOLDER", default="", help="where to; empty: graphs in the data folder; -: print Mermaid text"
    )
    return playing, drawing


# --- play -------------------------------------------------------------------------------------------------------------


def _play(chosen: argparse.Namespace, settings: Settings) -> int:
    return play(chosen, settings, input)


def play(chosen: argparse.Namespace, settings: Settings, read: Callable[[str], str]) -> int:
    """Play a talk, with `read` giving the next line to a prompt."""
    from bot import player

    _folder, flows = load(chosen, settings)
    facts = Facts(
        channel=chosen.channel,
        naming=chosen.naming,
        verified=chosen.verified,
        fresh_code="4821 7730 1965 2204",
        service={
            "name": settings.service_name or "Harbour Project",
            "hours": settings.service_hours,
            "working_days": settings.service_working_days,
        },
    )
    player.play(flows, read, tell, facts)
    return 0


# --- graph ------------------------------------------------------------------------------------------------------------


def _graph(chosen: argparse.Namespace, settings: Settings) -> int:
    return draw(chosen, settings, shutil.which("dot"))


def draw(chosen: argparse.Namespace, settings: Settings, dot: str | None) -> int:
    """Draw the flows that were chosen; `dot` is Graphviz's program, None where there is none."""
    from bot.graph import all_mermaid, mermaid

    _folder, flows = load(chosen, settings)
    names = _chosen_flows(chosen.flow, flows)
    if chosen.to == "-":
        tell("\n".join(mermaid(flows, name) for name in chosen.flow) if chosen.flow else all_mermaid(flows))
        return 0
    folder = Path(chosen.to) if chosen.to else settings.data_dir / "graphs"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.mmd").write_text(mermaid(flows, name), "utf-8")
        if dot:
            _draw_svg(dot, flows, name, folder / f"{name}.svg")
    tell(f"{count(len(names), 'flow')} drawn into {folder} as Mermaid text (.mmd)")
    tell("and as pictures (.svg)." if dot else "and not as pictures: Graphviz's `dot` is not on the PATH.")
    return 0


def _chosen_flows(asked: Sequence[str], flows: Flows) -> Sequence[str]:
    """The flows to draw: those asked for, else all that are the project's own."""
    for name in asked:
        if name not in flows.flows:
            near = get_close_matches(name, flows.flows, n=1)
            raise CannotStartError(f"There is no flow `{name}`.{f' Did you mean `{near[0]}`?' if near else ''}")
    return asked or [flow.id for flow in flows.flows.values() if flow.own]


def _draw_svg(dot: str, flows: Flows, name: str, file: Path) -> None:
    from bot.graph import graphviz

    line = [dot, "-Tsvg", "-o", str(file)]
    try:
        subprocess.run(  # noqa: S603  # Graphviz as the machine has it, on text that was made here
            line, input=graphviz(flows, name), text=True, check=True, capture_output=True, timeout=DRAWING_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStartError(f"Graphviz could not draw `{name}` ({type(error).__name__}).") from None
