"""Whether messages go out, as staff at the desk and the operator have to know it (R32).

The one convention here: only channels, counts and times are read; nothing in it is about anybody.
"""
