"""The house behind the doors: the durable turn, cases, alerts, staff and the pages they work on.

The one convention here: services are plain synchronous functions on a connection and never commit; the edge that called
`Store.write` does (DESIGN, "Synchronous store, asynchronous edge").
"""
