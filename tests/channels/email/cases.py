"""The tables of mail that comes in."""

from typing import Any

from channels.contract import Ignored, Inbound, Receipt
from channels.email.mail import _external_id
from tests.channels.email.mails import HER, MESSAGE_ID, NOW, OURS, QUOTE, SERVER, bounce, from_mailgun, raw, relayed
from tests.channels.runner import InboundCase
from tests.peers.signing import NOON

ID = _external_id(HER, MESSAGE_ID.encode())
PASSED = f"{SERVER}; spf=pass smtp.mailfrom={HER}; dkim=pass header.d=example.net; dmarc=pass header.from=example.net"
HIDDEN = f'{SERVER}; spf=fail smtp.mailfrom="a; dmarc=pass x"@evil.example'
STORY = "On Monday he hit me. Then he wrote:\nI will kill you"
OUTLOOK = (
    f"\r\n\r\n{'_' * 32}\r\nFrom: hello <hello@door.example.org>\r\nSent: Monday, March 2, 2026 10:00 AM\r\n"
    "To: Ana <ana@post.example.net>\r\nSubject: Re: Your message\r\n\r\nHello."
)
PAGE = "<head><title>x</title><style>p{}</style></head><body><p>he is <b>here</b></p><div>help</div></body>"
PAGE_WITH_QUOTE = '<div>1</div><div class="gmail_quote">On Monday<blockquote>If you are in danger</blockquote></div>'
ALL_PASS = "spf=pass dkim=pass dmarc=pass"
SOME_FAIL = "spf=fail dkim=none dmarc=fail"
FAILED = f"{SERVER}; spf=fail smtp.mailfrom={HER}; dkim=none; dmarc=fail header.from=post.example.net"


def said(text: str, media: int = 0, proof: str = "none", checks: str = "") -> list[Inbound]:
    payload = {"NumMedia": str(media), "Proof": proof, "Checks": checks, "MessageID": MESSAGE_ID}
    return [Inbound("email", HER, ID, text, NOON, payload)]


def mail(name: str, expected: Any, text: str = "are you there", /, **how: Any) -> InboundCase:
    return InboundCase(name, relayed(raw(text, **how)), expected)


def answer(name: str, text: str, kept: str, **how: Any) -> InboundCase:
    return mail(name, said(kept), text, In_Reply_To="<x@door.example.org>", Subject="Re: Your message", **how)


def proof(name: str, found: str, verdict: str = "none", checks: str = "") -> InboundCase:
    return mail(name, said("are you there", proof=verdict, checks=checks), Authentication_Results=found)


GOOD = raw()
SIGNATURES = [
    InboundCase("a right signature passes", relayed(GOOD), said("are you there")),
    InboundCase("a replay passes here, the inbox knows it", relayed(GOOD), said("are you there")),
    InboundCase("a wrong secret fails", relayed(GOOD, "another"), None),
    InboundCase("an old signature fails", relayed(GOOD, at=NOW - 10 * 3600), None),
    InboundCase("one from the future fails", relayed(GOOD, at=NOW + 600), None),
    InboundCase("a retry hours later passes", relayed(GOOD, at=NOW - 8 * 3600), said("are you there")),
    InboundCase("Mailgun, as a form", from_mailgun(GOOD), said("are you there")),
    InboundCase("Mailgun, as a form in parts", from_mailgun(GOOD, parts=True), said("are you there")),
    InboundCase("Mailgun with a wrong key fails", from_mailgun(GOOD, "another"), None),
    InboundCase("Mailgun with an old time fails", from_mailgun(GOOD, at=NOW - 10 * 3600), None),
    InboundCase("a signature of Mailgun's without a mail", from_mailgun(b""), ValueError),
]

WORDS = [
    answer("a quote is cut off", "Yes please." + QUOTE, "Yes please."),
    answer("an answer from a phone", "1\n\nSent from my iPhone" + QUOTE, "1"),
    answer("an answer below the quote", "> Is now a good time?\n\nyes it is", "yes it is"),
    answer("a signature is cut off", "he is out\n\n-- \nAna Smith\n07700 900123", "he is out"),
    answer("a postscript is not", "ok\n\nKind regards,\nAna\nPS he has a knife", "ok\nPS he has a knife"),
    answer("nothing but a quote", "> Is now a good time?", ""),
    answer("an Outlook quote", "Nobody" + OUTLOOK, "Nobody"),
    mail("a first mail keeps a story that looks like a quote", said(STORY), STORY),
    mail("a subject that says it all", said("help he is here"), "", Subject="help he is here"),
    mail("a page alone", said("he is here\n\nhelp"), "", page=PAGE),
    answer("a page with its quote", "", "1", page=PAGE_WITH_QUOTE),
    mail("both: the plain text counts", said("are you there"), page="<p>something else</p>"),
    mail("an attachment is counted and not kept", said("look", 1), "look", attach=True),
    mail("words in any script", said("żółw 🐢"), "żółw 🐢"),
]

WHO = [
    mail("an address in capitals", said("are you there"), From=f"ANA <{HER.upper()}>"),
    proof("proven by our own server", PASSED, "pass", ALL_PASS),
    proof("found out by our own server", FAILED, "fail", SOME_FAIL),
    proof("a proof from another server is none", PASSED.replace(SERVER, "mx.evil.example")),
    proof("a proof hidden in a name is none", HIDDEN, "none", "spf=fail dkim=none dmarc=none"),
    proof("a proof that cannot be read is none", "gar; bage;;"),
    mail("two senders", [Ignored("sender-not-an-address")], From=f"{HER}, other@example.net"),
    mail("no sender", [Ignored("sender-not-an-address")], From=None),
    mail("a sender that is none", [Ignored("sender-not-an-address")], From="Ana"),
]

MACHINES = [
    mail("sent by itself", [Ignored("sent-by-itself")], Auto_Submitted="auto-replied"),
    mail("a person, who says so", said("are you there"), Auto_Submitted="no"),
    mail("an older way to say so", [Ignored("sent-by-itself")], X_Autoreply="yes"),
    mail("in bulk", [Ignored("sent-in-bulk")], Precedence="bulk"),
    mail("from a list", [Ignored("from-a-list")], List_Id="<news.example.net>"),
    mail("from nobody", [Ignored("from-nobody")], Return_Path="<>"),
    mail("from a machine", [Ignored("from-a-machine")], From="no-reply@post.example.net"),
    mail("from ourselves", [Ignored("from-ourselves")], From=OURS),
]

MARK = "0123456789abcdef0123456789abcdef"
BOUNCES = [
    InboundCase("it came back", relayed(bounce(MARK)), [Receipt("email", MARK, "failed", NOON, "5.1.1")]),
    InboundCase("it is late", relayed(bounce(MARK, "delayed", "4.4.1")), [Ignored("bounce-not-final")]),
    InboundCase("it arrived", relayed(bounce(MARK, "delivered", "2.0.0")), [Ignored("bounce-not-final")]),
    InboundCase("another's mail", relayed(bounce("x")), [Ignored("bounce-of-another")]),
]
