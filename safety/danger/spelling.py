"""How people type, put right: a table, then digits for letters, long vowels, near misses, run-on words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LONG = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_DIGITS = tuple(str.maketrans("0134578", letters) for letters in ("oieastb", "oleastb"))
SHORTEST_NEAR_MISS = 5
SHORTEST_RUN_ON = 6
LONGEST_RUN_ON = 60


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tables of spelling.toml in the shape that reading needs."""

    table: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    emoji: Mapping[str, str]
    emoji_pattern: re.Pattern[str]
    known: frozenset[str]
    keys: frozenset[str]
    shortened: Mapping[str, str]
    """Each key, and each key with one letter left out, to the key."""

    def emoji_named(self, text: str) -> str:
        """The text with each emoji we know as a word of its own."""
        return self.emoji_pattern.sub(lambda sign: f" {self.emoji[sign[0]]} ", text)

    def meant(self, piece: str) -> tuple[str, ...]:
        """The words that were meant by one typed piece."""
        found = self.table.get(piece)
        if found is not None:
            return found
        if piece in self.known:
            return (piece,)
        return self._puzzled(piece)

    def _puzzled(self, piece: str) -> tuple[str, ...]:
        """A piece we do not know: as it would be without digits and long vowels, as a near miss, cut into words."""
        for guess in _spellings(piece):
            if guess in self.table:
                return self.table[guess]
            if guess in self.known:
                return (guess,)
        near = self._near(piece)
        return (near,) if near else self._cut(piece) or (piece,)

    def _near(self, piece: str) -> str | None:
        """The key word that is one slip away: a letter left out, added, changed or two swapped."""
        if len(piece) < SHORTEST_NEAR_MISS - 1 or not piece.isalpha():
            return None
        if piece in self.shortened:
            return self.shortened[piece]
        for index in range(len(piece)):
            key = self.shortened.get(piece[:index] + piece[index + 1 :])
            if key and key[0] == piece[0] and abs(len(key) - len(piece)) < 2:
                return key
        return None

    def makes_words(self, letters: str) -> bool:
        """Whether letters typed apart make a word or several."""
        return letters in self.known or letters in self.table or bool(self._cut(letters))

    def _cut(self, piece: str) -> tuple[str, ...]:
        """Run-on words (`hesgotaknife`) apart, when every part is a word and one of them a key; else nothing."""
        if not SHORTEST_RUN_ON <= len(piece) <= LONGEST_RUN_ON or not any(key in piece for key in self.keys):
            return ()
        parts = self._fewest_words(piece)
        if self.keys.isdisjoint(parts):
            return ()
        return tuple(word for part in parts for word in self.table.get(part, (part,)))

    def _fewest_words(self, piece: str) -> tuple[str, ...]:
        best: list[tuple[str, ...] | None] = [()] + [None] * len(piece)
        for end in range(1, len(piece) + 1):
            for start in range(end):
                head, longer = best[start], best[end]
                if head is None or (longer and len(longer) <= len(head) + 1) or not self._is_word(piece[start:end]):
                    continue
                best[end] = (*head, piece[start:end])
        return best[-1] or ()

    def _is_word(self, part: str) -> bool:
        return part in "ia" if len(part) == 1 else part in self.known or part in self.table

    def phrases_joined(self, words: list[str], sources: list[int]) -> tuple[list[str], list[int]]:
        """The words, with those runs of words that have one plain reading (`air tag`, `my self`) put in it."""
        out: list[str] = []
        origin: list[int] = []
        at = 0
        while at < len(words):
            length, meant = self._phrase(words, at)
            out.extend(meant)
            origin.extend([sources[at]] * len(meant))
            at += length
        return out, origin

    def _phrase(self, words: list[str], at: int) -> tuple[int, tuple[str, ...]]:
        for tail, meant in self.phrases.get(words[at], ()):
            if tuple(words[at + 1 : at + 1 + len(tail)]) == tail:
                return 1 + len(tail), meant
        return 1, (words[at],)


def _spellings(piece: str) -> list[str]:
    """The piece with long letters cut to two and to one, and with letters for digits."""
    guesses = [_LONG.sub(r"\1\1", piece), _LONG.sub(r"\1", piece), _DOUBLE.sub(r"\1", piece)]
    if not piece.isalpha() and sum(map(str.isalpha, piece)) > 1:
        guesses += [guess.translate(table) for guess in guesses for table in _DIGITS]
    return guesses
