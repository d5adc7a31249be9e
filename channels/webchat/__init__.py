"""Web chat: the pages a person sees, and the channel behind them.

The one convention here: a page is the same neutral address and title whatever happens on it, keeps nothing in the
browser but one opaque session cookie (R18), and has the way out on it in every state (R16). What a route needs to know
or do, it asks of a `ChatHouse`; it never decides and never sees a database.
"""

from channels.webchat.endpoints import routes
from channels.webchat.hub import Hub
from channels.webchat.pages import error_handlers
from channels.webchat.sender import WebchatSender
from channels.webchat.settings import ChatSettings

__all__ = ["ChatSettings", "Hub", "WebchatSender", "error_handlers", "routes"]
