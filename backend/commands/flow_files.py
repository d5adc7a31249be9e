"""Which flows a command works on, and where their files are for whoever reads what it says."""

import argparse
from dataclasses import replace
from pathlib import Path

from backend.commands.base import CannotStartError
from backend.settings import Settings
from bot import FlowErrors, Flows, load_flows
from bot.faults import Fault, Spot

OUR_OWN = "bot/"
"""Where the engine's defaults are; their places are not below the project's folder."""


def load(chosen: argparse.Namespace, settings: Settings) -> tuple[Path, Flows]:
    """The folder and the flows in it. Raises FlowErrors, placed as `place` does, and CannotStartError."""
    folder: Path = chosen.flows or settings.flows_dir
    if not folder.is_dir():
        raise CannotStartError(f"There is no folder {folder}. Name one: sidedoor flows check --flows my_flows")
    try:
        return folder, load_flows(folder)
    except FlowErrors as errors:
        raise FlowErrors(_placed(fault, folder) for fault in errors.faults) from None


def place(spot: Spot, folder: Path) -> Spot:
    """The same spot with a path that can be opened from here."""
    if spot.file.startswith(OUR_OWN):
        return spot
    path = (folder / spot.file).resolve()
    here = Path.cwd()
    return replace(spot, file=str(path.relative_to(here) if path.is_relative_to(here) else path))


def _placed(fault: Fault, folder: Path) -> Fault:
    return replace(fault, spot=place(fault.spot, folder))
