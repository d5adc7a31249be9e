"""Renders every response on every channel and in every language, and holds each message against the rules for texts."""

import re
from collections.abc import Iterator, Sequence

from bot.checker.findings import Finding, FlowLint, Remark, Rendered
from bot.checker.reading import HARDEST, grade
from bot.engine.saying import numbered
from bot.language.keys import BUTTON_CHANNELS, CHANNELS
from bot.language.models import Flows, Response, Variation
from bot.language.templates import plain

NOT_SENTENCES = ("utter_label_", "utter_zero_person", "utter_not_answered")
"""Responses that are parts of others."""

SAMPLES = {"session_code": "4821 7730 1965 2204", "service_hours": "Mon to Fri, 9am to 5pm", "service_name": "Sidedoor"}
"""Values as long as real ones."""


def check_texts(flows: Flows, lints: Sequence[FlowLint]) -> list[Finding]:
    """What is wrong with the words."""
    found: list[Finding] = []
    for response in flows.responses.values():
        for variation in response.variations:
            found += _missing_translations(flows, response, variation)
            found += _held_against(response, variation, [*messages(flows, response, variation)], lints)
    return found


def messages(flows: Flows, response: Response, variation: Variation) -> Iterator[Rendered]:
    """The variation on each channel on which it is said, in each language that it has."""
    naming = variation.condition is not None and asks_for_naming(variation.condition.source)
    for channel in CHANNELS:
        if variation.channel in ("", channel):
            for language in (flows.languages[0], *variation.translations):
                yield _rendered(flows, response, variation, channel, language, naming)


def asks_for_naming(condition: str) -> bool:
    """Whether a condition plainly holds only where naming was chosen (R1). One that is less plain may hold without it,
    so the stricter rules count."""
    plainly = "(" not in condition and not re.search(r"\bor\b", condition)
    return plainly and "slots.session_naming" in re.split(r"\s+and\s+", condition.strip())


def _rendered(
    flows: Flows, response: Response, variation: Variation, channel: str, language: str, naming: bool
) -> Rendered:
    from bot.engine.saying import Pick

    slots = {**flows.initial, **{name: f"[{name}]" for name in flows.slots}, **SAMPLES}
    text = variation.in_language(language).fill(slots, {}, lambda _, value: plain(value))
    titles = [button.in_language(language)[0].source for button in variation.buttons]
    lines = [] if channel in BUTTON_CHANNELS else numbered([Pick(title, "") for title in titles])
    return Rendered(response.name, channel, language, naming, "\n".join([text, *lines]), tuple(titles))


def _held_against(
    response: Response, variation: Variation, said: Sequence[Rendered], lints: Sequence[FlowLint]
) -> Iterator[Finding]:
    path = f"responses.{response.name}"
    english = [message for message in said if message.language == "en"]
    if english and not response.name.startswith(NOT_SENTENCES):
        found = max(grade(message.text.partition("\n1 ")[0]) for message in english)
        if found > HARDEST:
            what = f"this reads at grade {found:.1f}; {HARDEST:g} is the most (R37)"
            yield Finding("reading_grade", variation.spot, path, what, "shorter sentences, shorter words")
    for lint in lints:
        for wrong, channels in _found(lint, said).items():
            everywhere = channels == {message.channel for message in said}
            where = "" if everywhere else f"on {', '.join(sorted(channels))}: "
            what, code = f"{where}{wrong.what}", wrong.code or lint.code
            yield Finding(code, variation.spot, path, what, wrong.instead, wrong.is_error)


def _found(lint: FlowLint, said: Sequence[Rendered]) -> dict[Remark, set[str]]:
    """What a rule finds in a variation, and on which channels."""
    found: dict[Remark, set[str]] = {}
    for message in said:
        for wrong in lint.look(message):
            remark = wrong if isinstance(wrong, Remark) else Remark(wrong)
            found.setdefault(remark, set()).add(message.channel)
    return found


def _missing_translations(flows: Flows, response: Response, variation: Variation) -> Iterator[Finding]:
    for language in flows.languages[1:]:
        if language not in variation.translations:
            what = f"`{response.name}` has no translation into `{language}`"
            instead = f"write `translation: {{{language}: …}}`"
            yield Finding("no_translation", variation.spot, f"responses.{response.name}", what, instead)
        for button in variation.buttons:
            if language not in button.translations:
                what = f"a button of `{response.name}` has no translation into `{language}`"
                instead = f"write `translation: {{{language}: {{title: …}}}}`"
                yield Finding("no_translation", button.spot, f"responses.{response.name}.buttons", what, instead)
