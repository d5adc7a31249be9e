"""A whole self-referral by signed webhooks, through the real processes, to a practitioner's answer; then the traces."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import MetaData, func, select

from backend.app import open_house
from backend.staff import Role, add_staff
from backend.store.engine import make_engine
from backend.store.talk import InboundMessage
from backend.testing import make_settings
from safety.staff_texts import STAFF_TEXTS
from tests.peers.smtp_peer import SmtpPeer
from tests.peers.texter import Texter
from tests.system.product import PATIENCE, TOKEN, Product, until

HER = "+447700900321"
CANARIES = (
    "Zebedee",
    "velvet kettle",
    "Crawley",
    "bank card",
    "7700900321",
    "Marguerite",
    "worker@example.org",
    "write back",
)
"""Words, names and numbers that are used below and must be found nowhere in what is stored, logged or mailed."""
CONSENT_AND_CONTACT = ("1",) * 11 + ("2", "1", "1")
ABOUT_HER = ("velvet kettle", "1", "Zebedee", "1", "Crawley", "1", "he took my bank card", "1", "5", "4", "3", "1")
REFERRAL = ("hello", *CONSENT_AND_CONTACT, *ABOUT_HER)
PASSWORD = "a quiet harbour"


@pytest.fixture
def mail() -> Iterator[SmtpPeer]:
    """A real mail server on loopback."""
    with SmtpPeer() as peer:
        yield peer


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, tmp_path: Path, mail: SmtpPeer) -> Iterator[Product]:
    """The product with a practitioner, its text and mail peers, up and running."""
    url = str(request.getfixturevalue("empty_postgres")()) if request.param == "postgresql" else ""
    mailing = {"SIDEDOOR_SMTP_URL": f"smtp://127.0.0.1:{mail.port}", "SIDEDOOR_LOG_LEVEL": "DEBUG"}
    # She texts faster than anybody could, and means each message to be an answer.
    made = Product(tmp_path, url, mailing | {"SIDEDOOR_FRAGMENT_SECONDS": "0"})
    made.install()
    house = open_house(make_settings(tmp_path, database_url=url))
    with house.store.engine.begin() as c:
        add_staff(c, house, "Marguerite", "worker@example.org", PASSWORD, Role.COMMUNITY_IDVA)
    house.store.close()
    made.start_peer()
    made.start()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.requirement("R38")
def test_a_referral_by_text_wakes_somebody_and_leaves_no_word_behind(product: Product, mail: SmtpPeer) -> None:
    asyncio.run(_text(product, REFERRAL))
    until(lambda: mail.mails)
    _the_alert_says_nothing(mail)
    desk = _log_in(product)
    referral = re.search(r"/desk/referrals/\d+", desk.get("/desk").text)
    assert referral is not None
    _the_referral_is_whole(desk, referral[0])
    talk = _accept_and_answer(desk, referral[0])
    until(lambda: any(message["Body"] == "I am glad you wrote. We will write back." for message in product.taken()))
    _the_bot_is_silent_while_owned(product)
    assert "still here" in desk.get(talk).text
    product.stop()
    _nothing_is_left_in_the_open(product)


def test_a_wrong_signature_stores_nothing(product: Product) -> None:
    texter = Texter("127.0.0.1", product.port, "another-token", product.url)
    request = texter.request(HER, "hello", "SM" + "1" * 32)
    status, body = post_raw(product, request)
    assert (status, body) == (403, b"")
    assert _stored(product) == 0


def test_the_same_webhook_twice_and_two_at_once(product: Product) -> None:
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url)
    request = texter.request(HER, "hello", "SM" + "1" * 32)
    answers = [post_raw(product, request), post_raw(product, request)]
    assert [status for status, _ in answers] == [200, 200]
    assert b"<Response" in answers[0][1]

    async def at_once() -> None:
        await asyncio.gather(*(texter.converse("+447700900322", ["hello"], "00ab") for _ in range(4)))

    asyncio.run(at_once())
    assert _stored(product) == 2
    until(lambda: len(product.taken()) == 2)


async def _text(product: Product, texts: tuple[str, ...], prefix: str = "00aa") -> None:
    await Texter("127.0.0.1", product.port, TOKEN, product.url).converse(HER, texts, prefix)


def post_raw(product: Product, request: bytes) -> tuple[int, bytes]:
    """Send the bytes of one request; status and body of the answer."""
    head, _, body = request.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    answer = httpx.post(product.url + "/hooks/sms", content=body, headers=headers, timeout=PATIENCE)
    return answer.status_code, answer.content


def _stored(product: Product) -> int:
    engine = make_engine(product.database_url or f"sqlite:///{product.folder / 'sidedoor.db'}")
    with engine.connect() as c:
        return int(c.execute(select(func.count()).select_from(InboundMessage)).scalar_one())


def _the_alert_says_nothing(mail: SmtpPeer) -> None:
    """An alert is one of the fixed texts, to the letter, and holds none of the words (R1, R32)."""
    for sent in mail.mails:
        assert any(text.text in sent.message.get_content() for text in STAFF_TEXTS.values())
        everything = sent.content.decode().replace("worker@example.org", "")
        assert not [word for word in CANARIES if word in everything]


def _log_in(product: Product) -> httpx.Client:
    desk = httpx.Client(base_url=product.url, follow_redirects=True, timeout=PATIENCE)
    answer = desk.post("/desk/login", data={"email": "worker@example.org", "password": PASSWORD})
    assert answer.url.path == "/desk"
    return desk


def _the_referral_is_whole(desk: httpx.Client, path: str) -> None:
    page = desk.get(path).text
    for word in ("Zebedee", "Crawley", "he took my bank card"):
        assert word in page
    assert page.index('id="contact-title"') < page.index("he took my bank card"), "the safe-contact profile comes first"
    title = re.search("<title>(.*?)</title>", page)
    assert title is not None
    assert "Zebedee" not in title[1]


def _accept_and_answer(desk: httpx.Client, path: str) -> str:
    page = desk.get(path).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    pathway = re.search(r'name="pathway" value="([^"]+)"', page)
    assert csrf is not None
    assert pathway is not None
    assert desk.post(f"{path}/accept", data={"csrf": csrf[1], "pathway": pathway[1]}).status_code == 200
    talk = re.search(r"/desk/conversations/\d+", desk.get(path).text)
    assert talk is not None
    sent = desk.post(
        f"{talk[0]}/send", data=_fields(desk, talk[0]) | {"text": "I am glad you wrote. We will write back."}
    )
    assert sent.status_code == 200
    return talk[0]


def _fields(desk: httpx.Client, path: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', desk.get(path).text))


def _the_bot_is_silent_while_owned(product: Product) -> None:
    """What she texts now is answered by nobody, while somebody else who texts after her is."""
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url)
    before = [message for message in product.taken() if message["To"] == HER]
    asyncio.run(_text(product, ("still here",), "00ac"))
    asyncio.run(texter.converse("+447700900322", ("hello",), "00ad"))
    until(lambda: any(message["To"] == "+447700900322" for message in product.taken()))
    assert [message for message in product.taken() if message["To"] == HER] == before


def _nothing_is_left_in_the_open(product: Product) -> None:
    """A dump of every table, the raw files and the log hold none of the words, names and numbers (R38)."""
    dump = _dump(product) + _raw_files(product)
    assert len(dump) > 10_000
    found = [word for word in CANARIES if word.casefold().encode() in dump]
    assert not found


def _dump(product: Product) -> bytes:
    engine = make_engine(product.database_url or f"sqlite:///{product.folder / 'sidedoor.db'}")
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as c:
        rows = [tuple(row) for table in tables.sorted_tables for row in c.execute(select(table))]
    parts = [value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row]
    return b"\n".join(parts).lower()


def _raw_files(product: Product) -> bytes:
    """The product's own folder, without what its provider peer wrote there."""
    files = [path for path in product.folder.rglob("*") if path.is_file() and path != product.peer_log]
    return b"\n".join(path.read_bytes() for path in files).lower()
