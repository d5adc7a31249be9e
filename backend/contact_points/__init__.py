"""Who may be reached where: what loosens and waits, signs of risk, checks, and the bland question when answers are old.

The one convention here: a text from one contact point never loosens anything (R14). What tightens is written in the
turn that heard it; what loosens becomes a row of `pending_change`, and only `confirming.confirm` makes it count.
"""
