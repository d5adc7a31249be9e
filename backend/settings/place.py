"""Where it runs, and where it keeps what it knows."""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from backend.settings.section import Section

ROOT = Path(__file__).resolve().parents[2]


class PlaceSettings(Section):
    """Where it runs, and where it keeps what it knows."""

    title = "Where it runs"

    host: str = Field("127.0.0.1", description="Address to listen on.", examples=["127.0.0.1"])
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.", examples=["8000"])
    data_dir: Path = Field(
        Path("var"), description="Folder for the database, the keys and the spool.", examples=["/var/lib/sidedoor"]
    )
    database_url: str = Field(
        "",
        description="SQLite or PostgreSQL; empty: a SQLite file in the data folder.",
        examples=["postgresql://sidedoor@db/sidedoor"],
    )
    public_url: str = Field(
        "",
        description="The address that people and providers call, without a path; signatures are checked against it.",
        examples=["https://chat.example.org"],
    )
    flows_dir: Path = Field(ROOT / "flows", description="Folder of the flow files.", examples=["/etc/sidedoor/flows"])
    vault_key_file: Path | None = Field(
        None,
        description="The keys that seal everything; empty: vault.json in the data folder. Keep it off the backups.",
        examples=["/run/secrets/sidedoor-vault.json"],
    )
    log_level: str = Field("INFO", description="How much is logged; never content, at any level.", examples=["WARNING"])
    in_process_worker: bool = Field(
        True,
        description="Send messages and run timers in the serving process. Switch off where `sidedoor worker` does.",
        examples=["false"],
    )

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if value and (
            urlsplit(value).scheme not in {"http", "https"}
            or not urlsplit(value).hostname
            or urlsplit(value).path.strip("/")
        ):
            raise ValueError("must be http:// or https://, a host, and no path")
        return value.rstrip("/")

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies can be bound to it."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'sidedoor.db').resolve()}"

    @property
    def key_file(self) -> Path:
        """Where the vault's keys are."""
        return self.vault_key_file or self.data_dir / "vault.json"
