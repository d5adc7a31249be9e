"""Whether the Rasa server does its work: asked by `sidedoor doctor`, with a word that nobody wrote."""

import asyncio
import json
import time

from backend.understanding.exchange import ExchangeError, Server, exchange
from backend.understanding.listener import ask, code_of
from backend.understanding.model_name import PREFIX

PATIENCE = 5.0
"""Seconds for each question here; a server that has just started is slow once."""
HARMLESS = "hello"

Finding = tuple[bool, str]


async def look_at(server: Server, budget_ms: int, newest: str) -> Finding:
    """Whether it answers, in time, with a model that was trained on these flows; `newest` is the name of that one."""
    try:
        model = await _model(server)
        await ask(server, HARMLESS, PATIENCE)
        took = await _milliseconds(server)
    except (ExchangeError, TimeoutError) as error:
        gone = f"The Rasa server does not answer ({code_of(error)}), so the built-in reading is alone."
        return False, f"{gone} Start it with tools/rasa/serve, or take SIDEDOOR_RASA_URL out."
    if model.startswith(PREFIX) and model != newest:
        return False, "The Rasa server's model was trained on other examples: run `make rasa`, and start it again."
    if took > budget_ms:
        return (
            False,
            f"The Rasa server takes {took} ms, more than SIDEDOOR_RASA_MS={budget_ms}: most readings are lost.",
        )
    return True, f"A Rasa server reads beside the built-in understanding ({took} ms of {budget_ms})."


async def _model(server: Server) -> str:
    """The name of the model that is loaded; empty where the server does not tell."""
    async with asyncio.timeout(PATIENCE):
        body = await exchange(server, "GET", "/status")
    try:
        return str(json.loads(body)["model_file"]).rpartition("/")[2].removesuffix(".tar.gz")
    except (ValueError, KeyError, TypeError):
        raise ExchangeError("broken_answer") from None


async def _milliseconds(server: Server) -> int:
    began = time.perf_counter()
    await ask(server, HARMLESS, PATIENCE)
    return round((time.perf_counter() - began) * 1000)
