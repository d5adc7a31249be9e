"""Write docs/dpia.md: the prose from tools/dpia_head.md, the rest from the tables, the settings and the hazard log.

python tools/dpia_page.py            write the page
python tools/dpia_page.py --check    exit status 1 when the page is out of date, 2 when it would not be whole
"""

import ast
import importlib
import pkgutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generated import ROOT, write_or_check
from hazards_page import read_hazards
from sqlalchemy import Column, LargeBinary, Table

sys.path.insert(0, str(ROOT))
from backend import store
from backend.settings import Settings
from backend.store.base import Base

PAGE = "docs/dpia.md"
WORDS = ROOT / "tools/dpia.toml"
PROSE = ROOT / "tools/dpia_head.md"
KEYED = "keyed hash"
SLOW = "slow salted hash"
NOT_YET = "not written yet"
SLOW_HASHES = frozenset(
    {"conversation.code_word", "conversation.duress_word", "conversation.exit_word", "staff.password"}
)
WRAPPED = frozenset({"data_key.wrapped"})
UNUSED: frozenset[str] = frozenset()
"""Bytes that no code writes yet; once it does, it has to seal them."""


class NotWholeError(Exception):
    """The page would leave something out, or say something that is not so."""


def load_tables() -> Mapping[str, Table]:
    """Every table of the store, whichever module it is in."""
    for module in pkgutil.iter_modules(store.__path__):
        if module.name not in ("migrations", "migrate"):
            importlib.import_module(f"backend.store.{module.name}")
    return Base.metadata.tables


@cache
def sealed_fields() -> frozenset[str]:
    """`table.column` of everything that the code seals: each call of `context` with both names."""
    found = set()
    for path in (ROOT / "backend").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="context"), args=[ast.Constant(table), ast.Constant(column), *_]):
                    found.add(f"{table}.{column}")
    return frozenset(found)


def kept_as(column: Column[Any]) -> str:
    """How a column is kept. Raises NotWholeError for bytes of which the code does not say it."""
    name = f"{column.table.name}.{column.name}"
    if name in sealed_fields():
        return "sealed"
    if name in SLOW_HASHES:
        return SLOW
    if name in WRAPPED:
        return "wrapped key"
    if name in UNUSED:
        return NOT_YET
    if isinstance(column.type, LargeBinary):
        if column.name.endswith("_index"):
            return KEYED
        raise NotWholeError(f"{name} holds bytes, and nothing says whether they are sealed")
    return "plain"


def page(words: Mapping[str, Any], tables: Mapping[str, Table]) -> str:
    """The whole page."""
    parts = {
        "PURPOSES": _purposes(words["purposes"]),
        "TABLES": _tables(words["tables"], tables),
        "RECIPIENTS": _recipients(words["recipients"]),
        "RETENTION": _retention(words["retention"]),
        "RIGHTS": _rights(words["rights"]),
        "RISKS": _risks(),
    }
    text = PROSE.read_text("utf-8")
    for name, lines in parts.items():
        place = f"<!-- {name} -->"
        if place not in text:
            raise NotWholeError(f"tools/dpia_head.md has no place {place}")
        text = text.replace(place, "\n".join(lines))
    return text


def _tables(told: Mapping[str, Mapping[str, str]], tables: Mapping[str, Table]) -> Iterator[str]:
    if missing := set(tables) ^ set(told):
        raise NotWholeError(f"tools/dpia.toml and the tables differ: {', '.join(sorted(missing))}")
    if unknown := {name.partition(".")[0] for name in sealed_fields()} - set(tables):
        raise NotWholeError(f"sealed under a name that is no table: {', '.join(sorted(unknown))}")
    yield "| Table | About whom | What it holds | Sealed | Only as a hash or wrapped | Plain | Class |"
    yield "|---|---|---|---|---|---|---|"
    for name, table in sorted(tables.items()):
        kinds: dict[str, list[str]] = {"sealed": [], "hash": [], "plain": []}
        for column in table.columns:
            kind = kept_as(column)
            kinds[kind if kind in kinds else "hash"].append(_column(column, kind))
        line = told[name]
        cells = [", ".join(kinds[kind]) or "–" for kind in ("sealed", "hash", "plain")]
        yield f"| `{name}` | {line['about']} | {line['what']} | {' | '.join(cells)} | {line['class']} |"


def _column(column: Column[Any], kind: str) -> str:
    return f"`{column.name}`" + (f" ({kind})" if kind in (KEYED, SLOW, NOT_YET) else "")


def _purposes(purposes: list[dict[str, str]]) -> Iterator[str]:
    yield "| Purpose | Article 6: choose one | Article 9: choose one | DPA 2018 Schedule 1 | Chosen, by whom | APD |"
    yield "|---|---|---|---|---|---|"
    for each in purposes:
        yield f"| {each['name']} | {each['article_6']} | {each['article_9']} | {each['schedule_1']} | | |"


def _recipients(recipients: list[dict[str, str]]) -> Iterator[str]:
    yield "| Who | What they see | Only if set | Contract, country, checked by |"
    yield "|---|---|---|---|"
    for each in recipients:
        _known(each["setting"])
        yield f"| {each['name']} | {each['sees']} | `SIDEDOOR_{each['setting'].upper()}` | |"


def _retention(told: Mapping[str, str]) -> Iterator[str]:
    yield "| What | Setting | Default | Chosen by the service |"
    yield "|---|---|---|---|"
    for name, what in told.items():
        unit = name.rpartition("_")[2]
        yield f"| {what} | `SIDEDOOR_{name.upper()}` | {_known(name)} {unit} | |"


def _rights(rights: list[dict[str, str]]) -> Iterator[str]:
    yield "| Right | Today | Missing |"
    yield "|---|---|---|"
    for each in rights:
        yield f"| {each['right']} | {each['today']} | {each['missing']} |"


def _risks() -> Iterator[str]:
    yield "| | Hazard | Risk today | Residual |"
    yield "|---|---|---|---|"
    for hazard in read_hazards():
        link = f"[{hazard.number}](hazards.md#{hazard.number.lower()})"
        yield f"| {link} | {hazard.name} | {hazard.risk} | {hazard.residual_risk} |"


def _known(setting: str) -> object:
    """The default of a setting. Raises NotWholeError where there is none of that name."""
    if setting not in Settings.model_fields:
        raise NotWholeError(f"there is no setting {setting}")
    return Settings.model_fields[setting].default


def main() -> int:
    """Write or check the page; 2: it would not be whole."""
    try:
        text = page(tomllib.loads(WORDS.read_text("utf-8")), load_tables())
    except NotWholeError as error:
        print(error, file=sys.stderr)
        return 2
    return write_or_check(PAGE, text, sys.argv)


if __name__ == "__main__":
    sys.exit(main())
