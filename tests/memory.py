"""Folders in memory, where the machine has such a place, for databases that are gone after the test.

What SQLite does is the same there, but its many commits wait for no disk, which is most of what a test would do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """An empty folder that is gone at the end; on the disk, where there is no such place."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="sidedoor-") as folder:
        yield Path(folder)
