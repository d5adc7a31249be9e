"""`sidedoor demo`, `serve`, `worker`, `fallback` and `doctor`."""

import argparse

from backend.commands.base import Commands, add
from backend.settings import Settings


def add_to(commands: Commands) -> None:
    """The commands that run the house, and the one that looks it over."""
    add(commands, "demo", _demo, "try it out: invented accounts, a hand-set in the browser, no key needed")
    add(commands, "serve", _serve, "the real thing")
    add(commands, "worker", _worker, "send messages and run timers, in a process of its own")
    add(commands, "fallback", _fallback, "on another host: stand in while the house cannot be reached")
    add(commands, "doctor", _doctor, "say what is set up, what is missing and what to do")


def _demo(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import serve_demo

    return serve_demo(settings)


def _serve(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import serve

    return serve(settings)


def _worker(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import work

    return work(settings)


def _fallback(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import stand_in

    return stand_in(settings)


def _doctor(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.doctor import examine

    return examine(settings)
