"""Trying it out: phones in the browser that text the real webhook, a mailbox that shows the alerts, invented accounts.

The one convention here: only the two ends are invented, the phone company and the mail server. Everything between them
is the product: a text is a signed request over HTTP, an alert is a mail over SMTP. None of it exists outside demo mode.
"""

from backend.demo.people import PEOPLE, seed_demo
from backend.demo.prepare import Prepared, prepare
from backend.demo.routes import routes
from backend.demo.state import DemoState, RealCredentialsError, start

__all__ = ["PEOPLE", "DemoState", "Prepared", "RealCredentialsError", "prepare", "routes", "seed_demo", "start"]
