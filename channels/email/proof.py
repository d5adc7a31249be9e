"""Whether a mail really came from where it says, by what our own mail server found out (SPF, DKIM, DMARC).

Only the uppermost header of the server that is named in the settings counts: anybody can write one that looks like it
further down. DMARC alone speaks of the address that people see; the other two are told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import authres

METHODS = ("spf", "dkim", "dmarc")


@dataclass(frozen=True, slots=True)
class Proof:
    """`verdict`: pass, fail, or none where nobody can say. `checks`: each method's own result, such as `spf=pass`."""

    verdict: str
    checks: str = ""


UNKNOWN = Proof("none")


def read_proof(headers: Sequence[str], server: str) -> Proof:
    """What `server` found; the headers are those called Authentication-Results, uppermost first."""
    mine = [found for found in map(_parsed, headers) if found is not None and _same(found.authserv_id, server)]
    if not server or not mine:
        return UNKNOWN
    results = {method: _result(mine[0], method) for method in METHODS}
    verdict = results["dmarc"] if results["dmarc"] in {"pass", "fail"} else "none"
    return Proof(verdict, " ".join(f"{method}={result}" for method, result in results.items()))


def _parsed(header: str) -> authres.AuthenticationResultsHeader | None:
    try:
        return authres.AuthenticationResultsHeader.parse_value(" ".join(header.split()))
    except authres.AuthResError:
        return None


def _same(found: str | None, server: str) -> bool:
    return (found or "").casefold() == server.casefold()


def _result(header: authres.AuthenticationResultsHeader, method: str) -> str:
    """One method's result; where there are several, as with two signatures, a pass counts."""
    results = [str(one.result).casefold() for one in header.results if str(one.method).casefold() == method]
    known = [result for result in results if result.isalpha()]
    return "pass" if "pass" in known else (known[0] if known else "none")
