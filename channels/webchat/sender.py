"""The dispatcher's side of web chat."""

from channels.contract import Accepted, Outbound
from channels.webchat.hub import Hub


class WebchatSender:
    """Sending is waking the page: the message is already where the page reads it, in the outbox.

    `address` is the conversation that the page waits for; a page that is closed reads the line when it opens again.
    """

    name = "webchat"

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def show_writing(self, address: str) -> None:
        """Tell the pages of one conversation that a practitioner is at the keyboard."""
        self._hub.writes(address)

    async def send(self, message: Outbound) -> Accepted:
        """Wake the pages of one conversation. Never fails."""
        self._hub.wrote(message.address)
        self._hub.notify(message.address)
        return Accepted(provider_id=message.reference)
