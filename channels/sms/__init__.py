"""Text messages through Twilio, and through a second provider where there is one.

The one convention here: nothing that a provider's client raises or logs leaves this folder, for its words quote the
number it was talking about. What goes out is a `SendError` with a code from a provider's table (`errors.py`,
`vonage_errors.py`).
"""
