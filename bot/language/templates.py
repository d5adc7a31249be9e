"""Texts with holes, compiled once: `{slot}`, `{{slots.x}}`, `{{context.x}}`, or Jinja where a response asks for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.contract import Json

Show = Callable[[str, Json], str]
"""How the value of a slot is written: by its name and value."""

Fill = Callable[[Mapping[str, Json], Mapping[str, Json], Show], str]

_HOLE: Final = re.compile(r"\{\{\s*(?P<root>slots|context)\.(?P<key>\w+)\s*\}\}|\{(?P<slot>[A-Za-z_][\w-]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One compiled text. `reads` are the slots in it."""

    source: str
    fill: Fill = field(repr=False, compare=False)
    reads: frozenset[str] = frozenset()


def compile_template(source: str) -> Template:
    """The template that `source` writes; a text without holes is filled for nothing."""
    parts: list[str | tuple[bool, str]] = []
    end = 0
    for hole in _HOLE.finditer(source):
        parts += [source[end : hole.start()], (hole["root"] == "context", hole["slot"] or hole["key"])]
        end = hole.end()
    if not parts:
        return Template(source, lambda slots, context, show: source)
    parts.append(source[end:])
    reads = frozenset(part[1] for part in parts if not isinstance(part, str) and not part[0])
    return Template(source, _filler(tuple(parts)), reads)


def _filler(parts: tuple[str | tuple[bool, str], ...]) -> Fill:
    def fill(slots: Mapping[str, Json], context: Mapping[str, Json], show: Show) -> str:
        return "".join(part if isinstance(part, str) else _hole(part, slots, context, show) for part in parts)

    return fill


def _hole(part: tuple[bool, str], slots: Mapping[str, Json], context: Mapping[str, Json], show: Show) -> str:
    from_context, name = part
    if from_context or name not in slots:
        return show("", context.get(name))
    return show(name, slots[name])


def plain(value: Json) -> str:
    """A value as people write it: nothing for null, no decimals that say nothing, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        if "e164" in value:
            return str(value["e164"])
        return ", ".join(f"{key} {plain(item)}" for key, item in value.items())
    return str(value)


def compile_jinja(source: str) -> Template:
    """A Jinja text over `slots` and `context`, without what could be random or reach out. Raises ValueError."""
    from jinja2 import TemplateError, meta
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=False)  # plain text, never markup
    environment.globals.clear()
    environment.filters.pop("random", None)
    try:
        tree = environment.parse(source)
        if meta.find_undeclared_variables(tree) - {"slots", "context"}:
            raise ValueError("a Jinja text may use `slots` and `context` only")
        compiled = environment.from_string(source)
    except TemplateError as error:
        raise ValueError(f"this is not Jinja that can be read: {error}") from None

    def fill(slots: Mapping[str, Json], context: Mapping[str, Json], show: Show) -> str:
        try:
            return compiled.render(slots=slots, context=context).strip()
        except Exception:
            return ""

    return Template(source, fill, frozenset(re.findall(r"slots\.(\w+)", source)))
