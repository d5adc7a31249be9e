"""Appointments: made by a practitioner with the person, told of beforehand only where that is wanted and safe (D1, R9).

The one convention here: whatever changes an appointment locks its conversation first and makes its version grow, and
nothing goes out for an earlier version; and no appointment, kept or not, ever closes anything (D3, R35).
"""
