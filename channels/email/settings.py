"""What e-mail needs to know."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`address` is what people write to; empty: mail only goes out to staff.

    An empty `hook_secret` and `mailgun_key` switch the webhook off; an empty `imap_url`, the reading of a mailbox.
    `server` is the authserv-id of the mail server whose checks of senders are believed. `timeout` is in seconds.
    """

    smtp_url: str = field(repr=False)
    staff_sender: str
    address: str = field(default="", repr=False)
    name: str = ""
    subject: str = field(default="Your message", repr=False)
    hook_secret: str = field(default="", repr=False)
    mailgun_key: str = field(default="", repr=False)
    server: str = ""
    imap_url: str = field(default="", repr=False)
    imap_delete: bool = False
    imap_pause: timedelta = timedelta(seconds=20)
    timeout: float = 10.0

    @property
    def person_sender(self) -> str:
        """What people see as the sender: a neutral name, or the address alone."""
        return formataddr((self.name, self.address)) if self.address else ""
