"""The durable turn, and everything that travels through the two doors.

The one convention here: a function that takes a connection `c` runs inside somebody else's transaction and never
commits; what must not happen inside one (a slow hash, a provider's call) is done by the edge before or after it.
"""
