"""Tables, migrations and the one way to run work on them (`Store`).

The one convention here: every name, number, address and text is sealed by field under a data key of the vault before it
gets here, with "table.column.rowid" as its context; a look-up goes by keyed hash (R38).
"""

from backend.store.runner import FAULTS_OF_THE_WORK, Store, open_store

__all__ = ["FAULTS_OF_THE_WORK", "Store", "open_store"]
