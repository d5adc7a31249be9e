"""The command `sidedoor`: one small function for each thing it does; the heavy imports wait until one is chosen."""

import argparse
import sys
from collections.abc import Callable, Sequence
from getpass import getpass

from backend.settings import Settings, WrongSettingError, read_settings

Command = Callable[[argparse.Namespace, Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 2: something must be mended first, and what is said on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        from backend.logs import set_up_logs

        set_up_logs(settings.log_level)
        command: Command = chosen.run
        return command(chosen, settings)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_for_the_operator(error):
            raise
        print(f"sidedoor: {error}", file=sys.stderr)
        return 2


def _is_for_the_operator(error: Exception) -> bool:
    """Whether the text of an error says what to mend, so that a traceback would only hide it."""
    from bot import FlowErrors
    from safety.vault import VaultError

    return isinstance(error, WrongSettingError | FlowErrors | VaultError | CannotStartError)


class CannotStartError(Exception):
    """Something must be put right before this command can do its work; the text says what."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sidedoor", description="A quiet way in, by text, and an easy way out again.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add(commands, "demo", _demo, "try it out: invented accounts, a hand-set in the browser, no key needed")
    _add(commands, "serve", _serve, "the real thing")
    _add(commands, "worker", _worker, "send messages and run timers, in a process of its own")
    _add(commands, "doctor", _doctor, "say what is set up, what is missing and what to do")
    _database(_group(commands, "db", "the database"))
    _staff(_group(commands, "staff", "practitioners' accounts"))
    _keys(_group(commands, "keys", "the vault's keys"))
    _flows(_group(commands, "flows", "the flow files"))
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Command, told: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=told, description=told)
    made.set_defaults(run=run)
    return made


def _group(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    return commands.add_parser(name, help=told).add_subparsers(required=True, metavar="what")


def _demo(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import serve_demo

    return serve_demo(settings)


def _serve(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import serve

    return serve(settings)


def _worker(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.serving import work

    return work(settings)


def _doctor(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.doctor import examine

    return examine(settings)


def _database(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def upgrade(_chosen: argparse.Namespace, settings: Settings) -> int:
        from backend.store import migrate
        from backend.store.engine import make_engine

        settings.data_dir.mkdir(parents=True, exist_ok=True)
        migrate.upgrade(make_engine(settings.database))
        print("The database has the newest tables.")
        return 0

    def check(_chosen: argparse.Namespace, settings: Settings) -> int:
        from backend.store import migrate
        from backend.store.engine import make_engine

        current = migrate.is_current(make_engine(settings.database))
        print("The database has the newest tables." if current else "Tables are missing: run `sidedoor db upgrade`.")
        return 0 if current else 1

    _add(commands, "upgrade", upgrade, "make the tables, or bring them up to date")
    _add(commands, "check", check, "say whether the tables are up to date")


def _staff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def add(chosen: argparse.Namespace, settings: Settings) -> int:
        from backend.app import open_house
        from backend.staff.accounts import add_staff

        password = getpass("Password (at least 12 characters): ")
        house = open_house(settings)
        with house.store.engine.begin() as c:
            add_staff(c, house, chosen.name, chosen.email, password, chosen.role)
        house.store.close()
        print("The account is there.")
        return 0

    def list_all(_chosen: argparse.Namespace, settings: Settings) -> int:
        from backend.app import open_house
        from backend.staff.accounts import list_staff

        house = open_house(settings)
        with house.store.engine.connect() as c:
            for member in list_staff(c, house):
                print(f"{member.name} <{member.email}> {member.role}")
        house.store.close()
        return 0

    made = _add(commands, "add", add, "add an account; the password is asked for")
    made.add_argument("--name", required=True)
    made.add_argument("--email", required=True)
    from backend.staff.roles import Role

    made.add_argument("--role", type=Role, choices=list(Role), default=Role.COMMUNITY_IDVA)
    _add(commands, "list", list_all, "list the accounts")


def _keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def new(_chosen: argparse.Namespace, settings: Settings) -> int:
        from safety.vault import Keyring

        if settings.key_file.exists():
            raise CannotStartError(
                f"{settings.key_file} is there already; a new one would make everything sealed unreadable."
            )
        settings.key_file.parent.mkdir(parents=True, exist_ok=True)
        Keyring.generate(settings.key_file)
        print(f"Keys made: {settings.key_file}. Keep a copy where the database and its backups are not.")
        return 0

    _add(commands, "new", new, "make the vault's keys")


def _flows(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def test(_chosen: argparse.Namespace, settings: Settings) -> int:
        from bot import conversation_tests

        results = conversation_tests.run(settings.flows_dir)
        for result in results:
            if not result.passed:
                print(result)
        failed = sum(not result.passed for result in results)
        print(f"{len(results) - failed} passed, {failed} failed")
        return 1 if failed else 0

    _add(commands, "test", test, "run the conversation tests")


if __name__ == "__main__":
    sys.exit(main())
