"""Channels translate between a provider and the house, and do nothing else.

The one convention here: an adapter never writes to a database, never decides and never logs content.
It verifies first and fails shut, then turns a request into items, or a message into one provider call.
"""
