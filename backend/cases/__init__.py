"""Referrals become cases here, and only by a named practitioner's hand (R31).

The one convention here: what a machine works out is called a suggestion, gives its reason, and changes nothing.
"""
