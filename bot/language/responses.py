"""Reads responses: variations by channel, condition and language, and their buttons."""

from bot.contract import Json
from bot.language.conditions import Condition
from bot.language.findings import Findings
from bot.language.models import Button, Response, Variation
from bot.language.templates import Template, compile_jinja, compile_template
from bot.language.yamlfile import Part


def read_response(name: str, part: Part, findings: Findings, *, own: bool) -> Response:
    """The response under `name`; an empty one after a fault, so that it is not said to be missing as well."""
    variations = [
        made for item in findings.items(part, f"the variations of `{name}`") if (made := _variation(item, findings))
    ]
    if part.is_list and not variations:
        findings.fault(part, f"`{name}` has nothing to say", "write `- text: …` below it", at_key=True)
    return Response(name, tuple(variations) or (Variation(compile_template("")),), part.key_spot(), own)


def _variation(part: Part, findings: Findings) -> Variation | None:
    keys = findings.section(part, "variation")
    if not part.is_map:
        return None
    if "text" not in keys:
        findings.note(part, "this variation has no `text`, so it is never said")
        return None
    jinja = _is_jinja(keys.get("metadata"), findings)
    return Variation(
        text=_template(keys["text"], findings, jinja),
        translations=_translations(keys.get("translation"), findings, jinja),
        channel=findings.text(keys.get("channel"), "channel"),
        condition=_condition(keys.get("condition"), findings),
        buttons=tuple(_buttons(keys.get("buttons") or keys.get("quick_replies"), findings)),
        spot=keys["text"].spot(),
    )


def _is_jinja(part: Part | None, findings: Findings) -> bool:
    if part is None:
        return False
    template = findings.section(part, "response metadata").get("template")
    return findings.one_of(template, "template", ("jinja", "f-string"), "f-string") == "jinja"


def _template(part: Part, findings: Findings, jinja: bool = False) -> Template:
    text = findings.text(part, "text")
    if not jinja:
        return compile_template(text)
    try:
        return compile_jinja(text)
    except ValueError as error:
        findings.fault(part, str(error), "use conditions and `{slot}` where you can")
        return compile_template("")


def _translations(part: Part | None, findings: Findings, jinja: bool) -> dict[str, Template]:
    if part is None or not findings.is_map(part, "translation"):
        return {}
    return {language: _template(text, findings, jinja) for language, text in part.items().items()}


def _condition(part: Part | None, findings: Findings) -> Condition | None:
    if part is None:
        return None
    return _old_condition(part, findings) if part.is_list else findings.condition(part)


def _old_condition(part: Part, findings: Findings) -> Condition | None:
    """The deprecated list of `{type: slot, name, value}`: all must hold, texts without regard to case."""
    wanted: list[tuple[str, Json]] = []
    for item in part:
        name, value = item.get("name"), item.get("value")
        if name is None or value is None:
            findings.fault(
                item, "this condition needs `name` and `value`", 'write a condition as text: `slots.name = "value"`'
            )
            return None
        wanted.append((findings.text(name, "name"), _lowered(value.plain())))
    return Condition(
        " and ".join(f"slots.{name} = {value!r}" for name, value in wanted),
        lambda slots, context: all(_lowered(slots.get(name)) == value for name, value in wanted),
        frozenset(name for name, _ in wanted),
    )


def _lowered(value: Json) -> Json:
    return value.lower() if isinstance(value, str) else value


def _buttons(part: Part | None, findings: Findings) -> list[Button]:
    return [made for item in findings.items(part, "buttons") if (made := _button(item, findings))]


def _button(part: Part, findings: Findings) -> Button | None:
    keys = findings.section(part, "button")
    if "title" not in keys:
        if part.is_map:
            findings.fault(part, "this button has no `title`", "write `- title: …`")
        return None
    title = findings.text(keys["title"], "title")
    payload = findings.text(keys.get("payload"), "payload", title)
    translations = _button_translations(keys.get("translation"), findings, title, payload)
    return Button(compile_template(title), payload, translations, (keys.get("payload") or keys["title"]).spot())


def _button_translations(
    part: Part | None, findings: Findings, title: str, payload: str
) -> dict[str, tuple[Template, str]]:
    if part is None or not findings.is_map(part, "translation"):
        return {}
    made: dict[str, tuple[Template, str]] = {}
    for language, item in part.items().items():
        said = (
            findings.text(item.get("title"), "title", title)
            if item.is_map
            else findings.text(item, "translation", title)
        )
        made[language] = (compile_template(said), findings.text(item.get("payload"), "payload", payload))
    return made
