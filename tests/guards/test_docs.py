"""What can be set, typed or called is told in docs/, and every link between the pages leads somewhere."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from backend.cli import _parser
from backend.conversations.actions import ACTIONS
from backend.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"!?\[[^\]\n]*]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(?P<words>.+?) *$", re.MULTILINE)
OUTSIDE = ("http://", "https://", "mailto:")


def commands(parser: argparse.ArgumentParser, before: str = "sidedoor") -> Iterator[str]:
    """Every command in full, such as `sidedoor db upgrade`."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield before
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, f"{before} {name}")


def custom_actions() -> set[str]:
    """The actions that the flows declare for the house to carry out."""
    domains = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "flows").rglob("domain*/**/*.yml")]
    return {action for domain in domains if domain for action in domain.get("actions") or []}


def anchor(heading: str) -> str:
    """How a heading is called in a link, as GitHub makes it."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower())
    return words.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """The headings of a page that a link may name."""
    return {anchor(found["words"]) for found in HEADING.finditer(page.read_text("utf-8"))}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_documented(name: str) -> None:
    assert f"`SIDEDOOR_{name.upper()}`" in (DOCS / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("command", sorted(commands(_parser())))
def test_a_command_is_documented(command: str) -> None:
    assert f"`{command}" in (DOCS / "operating.md").read_text("utf-8")


def test_no_command_is_documented_that_there_is_not() -> None:
    known = set(commands(_parser()))
    told = set(re.findall(r"`(sidedoor [a-z]+(?: [a-z]+)?)", (DOCS / "operating.md").read_text("utf-8")))
    groups = {command.rpartition(" ")[0] for command in known}
    assert told <= known | groups


@pytest.mark.parametrize("action", sorted(custom_actions() | set(ACTIONS)))
def test_a_custom_action_is_declared_carried_out_and_documented(action: str) -> None:
    assert action in custom_actions(), "the domain does not declare it"
    assert action in ACTIONS, "the house does not carry it out"
    assert f"| `{action}` |" in (DOCS / "words.md").read_text("utf-8") + (DOCS / "flow-format.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for found in LINK.finditer(CODE.sub("", page.read_text("utf-8"))):
        target, _, heading = found["target"].partition("#")
        if target.startswith(OUTSIDE):
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{found['target']} does not exist"
        assert there.is_relative_to(ROOT), f"{found['target']} leaves the project"
        assert not heading or heading in anchors(there), f"{found['target']} has no such heading"


def test_every_page_is_in_the_index() -> None:
    """docs/README.md names every page, so that none is found only by chance."""
    index = DOCS / "README.md"
    linked = {(DOCS / found["target"].partition("#")[0]).resolve() for found in LINK.finditer(index.read_text("utf-8"))}
    missing = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if page.resolve() not in linked}
    assert not missing - {"README.md"}
