"""Waking a practitioner: that something waits and how urgent it is, never who or what.

The one convention here: an alert goes on until somebody acknowledges it; its words are a closed catalogue (R32,
DESIGN).
"""
