"""WhatsApp through Twilio: the same account, signature and client as text messages, and WhatsApp's own rules.

The one convention here: a profile name never leaves the request it came in, not into an item, a log or an error.
"""
