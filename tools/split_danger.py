"""Writes tests/safety/danger/split.yml: which groups of labelled messages are held out of training.

Run it when messages are added. It gives each group a side by its name, and moves a group to the training side when one
of its messages is a near-copy of a message there, until no near-copies face each other.
"""

import zlib

import yaml
from danger_messages import SPLIT, Message, near_copies, read_folder

SHARE = 40
"""Out of a hundred new groups, so many are first held out; near-copies take some of them back."""


UNSEEN = "unseen"
"""The folder of messages that are held out whatever they are called: the measure that nobody has worked towards."""

TAUGHT = frozenset({"taught", "fresh"})
"""The folders that are trained on whole: what was written to teach, and fresh batches once they have been measured."""


def first_side(message: Message) -> bool:
    """Whether the group of this message is first held out; always the same answer for the same name."""
    if message.batch in TAUGHT:
        return False
    return message.batch == UNSEEN or zlib.crc32(message.key.encode()) % 100 < SHARE


def settle(messages: list[Message]) -> list[str]:
    """The groups to hold out, with no near-copy on the other side."""
    held = {message.key for message in messages if first_side(message)}
    while moved := _facing(messages, held):
        held -= moved
    return sorted(held)


def _facing(messages: list[Message], held: set[str]) -> set[str]:
    out = [message for message in messages if message.key in held]
    trained = [message for message in messages if message.key not in held]
    return {one.key for one, _ in near_copies(out, trained)}


def main() -> None:
    """Write the split and say how large each side is."""
    messages = read_folder()
    held = settle(messages)
    head = "# Groups that nothing is trained on. Written by tools/split_danger.py.\n"
    SPLIT.write_text(head + yaml.safe_dump({"held_out": held}), encoding="utf-8")
    count = sum(message.key in set(held) for message in messages)
    print(f"{len(held)} groups, {count} of {len(messages)} messages held out")


if __name__ == "__main__":
    main()
