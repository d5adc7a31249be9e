"""What a phone of 2018 on a bad line needs: few bytes, no newer syntax, no newer styles that the way out hangs on."""

import gzip
import re
from pathlib import Path

import esprima
import pytest
from starlette.testclient import TestClient

from channels.webchat.pages import HERE

STATIC = HERE / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
MOST_BYTES = 40_000
"""Of all that is loaded until the first words can be written, as if nothing were compressed."""

NEWER_CALLS = re.compile(
    r"\.(at|flat|flatMap|replaceAll|matchAll|replaceChildren|hasOwn|findLast|allSettled|any|checkVisibility|showPopover)\("
    r"|\b(globalThis|structuredClone|queueMicrotask|IntersectionObserver|ResizeObserver|BroadcastChannel|randomUUID)\b"
    r"|AbortSignal\.timeout|Object\.fromEntries|navigation\.navigate"
)
"""What browsers have learned since; there is no list to ask, so this names what one is tempted to use."""
NEWER_STYLES = re.compile(
    r"(?<![\w-])(inset|inset-(block|inline)[\w-]*|(margin|padding|scroll-padding|border)-(block|inline)(-color|-width)?"
    r"|aspect-ratio|(row-|column-)?gap)\s*:|:(has|is|where)\(|@(layer|container|property|scope)\b|\b(clamp|color-mix)\("
)
GAP = re.compile(r"(row-|column-)?gap\s*:")
"""Without it boxes touch, no more; rows in which they must not, use margins."""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_syntax_newer_than_2018(script: Path) -> None:
    esprima.parseScript(script.read_text("utf-8"))  # it fails on anything newer


@pytest.mark.parametrize("newer", ["a?.b;", "a ?? b;", "try { a(); } catch { b(); }", "class A { #b; }"])
def test_the_parser_refuses_what_is_newer(newer: str) -> None:
    with pytest.raises(esprima.Error):
        esprima.parseScript(newer)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_calls_nothing_newer(script: Path) -> None:
    assert NEWER_CALLS.findall(script.read_text("utf-8")) == []


def test_the_styles_need_nothing_newer() -> None:
    styles = (STATIC / "page.css").read_text("utf-8")
    newer = [found[0] for found in NEWER_STYLES.finditer(styles)]
    assert [style for style in newer if not GAP.fullmatch(style)] == []
    bare = re.search(r"\.top \{(.*?)\}", styles, re.DOTALL)
    assert bare is not None
    assert "position: sticky; top: 0;" in bare[1], "the way out stays in sight"


def loaded(client: TestClient, page: str) -> dict[str, bytes]:
    """What a browser fetches for a page."""
    names = set(re.findall(r'(?:src|href)="(/c/[^"]+)"', page))
    return {name: client.get(name).content for name in names}


def test_a_first_visit_is_small_even_where_nothing_is_compressed(client: TestClient) -> None:
    first = client.get("/chat").text
    parts = {"first": first.encode(), **loaded(client, first)}
    client.post("/chat", data={"do": "start"})
    talk = client.get("/chat").text
    parts |= {"talk": talk.encode(), **loaded(client, talk)}
    assert {"/c/exit.js", "/c/start.js", "/c/chat.js", "/c/page.css", "/c/tokens.css", "/c/dot.svg"} < set(parts)
    assert sum(map(len, parts.values())) < MOST_BYTES
    assert sum(len(gzip.compress(part)) for part in parts.values()) < MOST_BYTES / 2


def test_styles_and_scripts_come_compressed(client: TestClient) -> None:
    for script in SCRIPTS:
        assert client.get(f"/c/{script.name}").headers["content-encoding"] == "gzip"
