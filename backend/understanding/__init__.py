"""A second reading of what people type, by a Rasa server that the service may run beside Sidedoor.

The one convention here: nothing that anybody wrote is logged, kept or raised, and whatever goes wrong, the message goes
on with the built-in reading alone.
"""
