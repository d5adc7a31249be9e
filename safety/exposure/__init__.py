"""What somebody who holds the phone sees without being asked: lock screen, notifications, thread, other devices, bill.

The one convention here: what a channel shows stands in `places.toml` as a claim with its source, and is never assumed
in code; what words give away is judged by `findings`, what is seen is made by `views` (R1, R5).
"""

from safety.exposure.findings import Finding, look_at, look_at_all, look_at_hours, look_at_stack
from safety.exposure.tables import CHANNELS, LONGEST_PREVIEW, PHONES, Claim, Exposed, Phone, Place
from safety.exposure.views import Shown, View, opening, time_on_phone, unread, views

__all__ = [
    "CHANNELS", "LONGEST_PREVIEW", "PHONES", "Claim", "Exposed", "Finding", "Phone", "Place", "Shown", "View",
    "look_at", "look_at_all", "look_at_hours", "look_at_stack", "opening", "time_on_phone", "unread", "views",
]  # fmt: skip
