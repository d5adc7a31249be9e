"""The page that somebody sees when something broke: a practitioner the desk's, everybody else the chat's."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from backend.desk.pages import Pages
from backend.house import House
from channels import webchat

DESK = "/desk"


def error_handlers(house: House, chat: webchat.ChatSettings) -> Mapping[type[Exception], ExceptionHandler]:
    """Starlette's `exception_handlers`, by the address that was asked for."""
    desk, others = Pages(house), webchat.error_handlers(chat)

    async def show(request: Request, error: Exception) -> Response:
        kind = HTTPException if isinstance(error, HTTPException) else Exception
        if not request.url.path.startswith(DESK):
            return await others[kind](request, error)
        return desk.trouble(error.status_code if isinstance(error, HTTPException) else 500)

    return {HTTPException: show, Exception: show}
