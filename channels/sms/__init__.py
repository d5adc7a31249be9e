"""Text messages through Twilio.

The one convention here: nothing that Twilio's client raises or logs leaves this folder, for its words quote the number
it was talking about. What goes out is a `SendError` with a code from the table in `errors.py`.
"""
