"""What practitioners have to do by when: the clocks of the service, and what is overdue (B1, C1-C4, C19, G6).

The one convention here: a clock that runs out tells a person, and never does anything else; nothing closes (R35).
"""
