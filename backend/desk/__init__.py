"""The desk: plain pages on which practitioners see what needs somebody now, read it safely and answer.

The one convention here: no page title, address or notification says who or what; a page works with scripts off;
whatever is sent goes through the outbox and its gate, and the page only says beforehand what the gate would do.
"""
