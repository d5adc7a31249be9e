"""E-mail, for now outwards only: alerts to staff by SMTP.

The one convention here: a mail carries no name of a machine, no library and no word beyond what it was given, and an
SMTP server's replies never leave this folder, for they quote addresses.
"""
