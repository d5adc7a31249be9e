"""Reads config.yml: the languages. What trains a Rasa server is left to it."""

from dataclasses import dataclass

from bot.language.findings import Findings
from bot.language.yamlfile import Part


@dataclass(frozen=True, slots=True)
class Config:
    """The languages there may be; the first is the one that texts are written in."""

    languages: tuple[str, ...] = ("en",)


def read_config(part: Part | None, findings: Findings) -> Config:
    """The settings that are read here; all others belong to other programs and pass without a note."""
    if part is None or not findings.is_map(part, "config.yml"):
        return Config()
    first = findings.text(part.get("language"), "language", "en")
    more = findings.names(part.get("additional_languages"), "additional_languages")
    return Config((first, *(language for language in more if language != first)))
