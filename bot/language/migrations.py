"""Reads migrations.yml: where people go on who stand on a step that is gone."""

from bot.language.findings import Findings
from bot.language.models import END, Flow, Migration
from bot.language.yamlfile import Part


def read_migrations(part: Part | None, flows: dict[str, Flow], findings: Findings) -> tuple[Migration, ...]:
    """The migrations of a project; every step they lead to must be there."""
    if part is None or not findings.is_map(part, "migrations.yml"):
        return ()
    made = (_migration(item, flows, findings) for item in findings.items(part.get("migrations"), "migrations"))
    return tuple(migration for migration in made if migration)


def _migration(part: Part, flows: dict[str, Flow], findings: Findings) -> Migration | None:
    keys = findings.section(part, "migration")
    if "flow" not in keys:
        findings.fault(part, "a migration needs `flow`", "write the id that the flow had")
        return None
    flow = findings.text(keys["flow"], "flow")
    to = findings.text(keys.get("to"), "to", flow)
    target = flows.get(to)
    if target is None:
        findings.fault(
            keys.get("to", keys["flow"]), f"there is no flow `{to}`", "write `to:` and the id that the flow has now"
        )
        return None
    steps = _pairs(keys.get("steps"), "steps", findings)
    for place, step in steps.items():
        if step != END and step not in target.steps:
            findings.fault(
                keys["steps"].items()[place],
                f"there is no step `{step}` in `{to}`",
                f"write one of {', '.join(target.steps)}",
            )
    return Migration(flow, to, steps, _pairs(keys.get("slots"), "slots", findings))


def _pairs(part: Part | None, what: str, findings: Findings) -> dict[str, str]:
    if part is None or not findings.is_map(part, what):
        return {}
    return {key: findings.text(value, what) for key, value in part.items().items()}
