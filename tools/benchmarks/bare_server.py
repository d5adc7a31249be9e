"""What the durable turn is held against: a handler that only checks the signature and commits one row of the same size.

It uses the same validator, the same store with its group commit, the same server and the same settings of durability.
"""

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from backend.store import open_store

SIZE = 1100
"""Bytes of a turn's rows together: inbound text, sealed state, outbound text and their columns."""
ROWS = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("body", LargeBinary))


def main() -> None:
    """bare_server.py PORT FOLDER TOKEN"""
    port, folder, token = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    store, validator, ids = open_store(f"sqlite:///{folder / 'bare.db'}"), RequestValidator(token), count(1)
    ROWS.metadata.create_all(store.engine)
    url = f"http://127.0.0.1:{port}/hooks/sms"

    async def take(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if not validator.validate(url, form, request.headers.get("x-twilio-signature", "")):
            return Response(status_code=403)
        row: dict[str, Any] = {"id": next(ids), "body": form["Body"].encode().ljust(SIZE)}
        await store.write(lambda c: c.execute(insert(ROWS), row))
        return Response(b"<Response/>", media_type="text/xml")

    async def ready(_: Request) -> Response:
        return Response(datetime.now(UTC).isoformat())

    sys.setswitchinterval(0.0005)
    routes = [Route("/hooks/sms", take, methods=["POST"]), Route("/health/ready", ready)]
    uvicorn.run(Starlette(routes=routes), port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
