"""Reads NLU files: examples by intent."""

from bot.language.findings import Findings
from bot.language.yamlfile import Part


def read_nlu(part: Part, findings: Findings, into: dict[str, list[str]]) -> None:
    """Adds the examples of one file to `into`."""
    for item in findings.items(part, "nlu"):
        keys = findings.section(item, "nlu item")
        if "intent" in keys:
            name = findings.text(keys["intent"], "intent")
            into.setdefault(name, []).extend(_examples(keys.get("examples"), findings))


def _examples(part: Part | None, findings: Findings) -> list[str]:
    """The examples of an intent: a text with `- ` lines, or a list of texts or of `{text}`."""
    if part is None:
        return []
    if part.is_list:
        return [findings.text(item.get("text") if item.is_map else item, "an example").strip() for item in part]
    lines = findings.text(part, "examples").splitlines()
    return [line.strip()[1:].strip() for line in lines if line.strip().startswith("-")]
