"""E-mail: alerts to staff and answers to people out by SMTP; in by a provider's signed webhook, or from a mailbox.

The one convention here: a mail carries no name of a machine, no library and no word beyond what it was given, and an
SMTP or IMAP server's replies never leave this folder, for they quote addresses.
"""
