"""Check-ins and daily texts: what was agreed, when it is due, and what becomes of each time (C13, C14).

The one convention here: a due time never goes without a row that says what became of it, and nothing that is late is
sent.
"""
