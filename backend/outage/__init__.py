"""When the database, or the whole house, cannot be reached: what came is kept on the disk, and somebody is woken (R23).

The one convention here: nothing is believed without its signature, nothing lies on the disk unsealed, and nothing is
taken away before the database has it.
"""
