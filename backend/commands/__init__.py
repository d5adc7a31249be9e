"""The commands of `sidedoor`, one file for each group of them.

The one convention here: a command imports what it needs when it is chosen, so that `sidedoor --help` is there at once;
it gives 0 when all is well, 1 when it found something to mend, 2 when it could not do its work.
"""
