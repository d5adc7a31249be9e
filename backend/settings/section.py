"""What every section of the settings is."""

from typing import ClassVar

from pydantic import BaseModel


class Section(BaseModel):
    """A part of the settings with its heading in docs/settings.md."""

    title: ClassVar[str]
