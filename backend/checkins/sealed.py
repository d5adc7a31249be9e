"""A plan's rule as JSON, to be sealed."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from backend.checkins.rules import Between, Cadence, Every, Pause, Rule


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """The rule as plain JSON values."""
    at: Any = [wall.isoformat("minutes") for wall in rule.at] if isinstance(rule.at, tuple) else _hours(rule.at)
    return {
        "cadence": _cadence(rule.cadence),
        "at": at,
        "zone": rule.zone,
        "first": rule.first.isoformat(),
        "until": rule.until and rule.until.isoformat(),
        "pauses": [[pause.first.isoformat(), pause.last and pause.last.isoformat()] for pause in rule.pauses],
        "tapers": [[start.isoformat(), _cadence(cadence)] for start, cadence in rule.tapers],
    }


def rule_from_json(value: Mapping[str, Any]) -> Rule:
    """The rule that was written. Raises ValueError, KeyError or TypeError if it is not one."""
    at = value["at"]
    return Rule(
        cadence=_read_cadence(value["cadence"]),
        at=tuple(map(time.fromisoformat, at)) if isinstance(at, list) else _read_hours(at),
        zone=value["zone"],
        first=date.fromisoformat(value["first"]),
        until=_read_day(value["until"]),
        pauses=tuple(Pause(date.fromisoformat(first), _read_day(last)) for first, last in value["pauses"]),
        tapers=tuple((date.fromisoformat(start), _read_cadence(cadence)) for start, cadence in value["tapers"]),
    )


def _hours(hours: Between) -> dict[str, str]:
    return {"start": hours.start.isoformat("minutes"), "end": hours.end.isoformat("minutes")}


def _read_hours(value: Mapping[str, str]) -> Between:
    return Between(time.fromisoformat(value["start"]), time.fromisoformat(value["end"]))


def _cadence(cadence: Cadence) -> dict[str, Any]:
    return {"every": cadence.every.value, "n": cadence.n, "weekdays": sorted(cadence.weekdays)}


def _read_cadence(value: Mapping[str, Any]) -> Cadence:
    return Cadence(Every(value["every"]), value["n"], frozenset(value["weekdays"]))


def _read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
