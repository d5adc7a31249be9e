"""What every address of the desk needs: its row id, where to go next, and a plain page where nothing is."""

from sqlalchemy.exc import NoResultFound
from starlette.responses import RedirectResponse, Response

from backend.access import Handler, Visit
from backend.desk.pages import Pages
from backend.store.sealing import KeyDestroyedError

HIGHEST_ID = 2**63 - 1
"""What a row id fits into; no row has a higher one."""


def or_gone(pages: Pages, handler: Handler) -> Handler:
    """Where there is no such record, or it was erased, say so plainly."""

    async def guarded(visit: Visit) -> Response:
        try:
            return await handler(visit)
        except NoResultFound:
            return pages.gone(visit, 404)
        except KeyDestroyedError:
            return pages.gone(visit, 410)

    return guarded


def row_id(visit: Visit, name: str = "id") -> int:
    """A row id from the address. Raises NoResultFound for a number that no row can have."""
    number = int(visit.request.path_params[name])
    if number > HIGHEST_ID:
        raise NoResultFound
    return number


def to(path: str) -> Response:
    """Go there; a reload of it repeats nothing."""
    return RedirectResponse(path, 303)
