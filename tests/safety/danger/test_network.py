"""The network that reads beside the rules: what it computes, and that its two files fit each other."""

import pytest

from safety.danger import read_signs
from safety.danger.network import PLACES, SILENT, Layer, Network, network
from safety.types import Level

WORDS = {"?": 0, "^": 1, "$": 2, "he": 3, "has": 4, "knife": 5}
FILTERS = 2
HE_THEN_HAS, KNIFE = 0, 1
"""What each filter listens for."""


def parts() -> memoryview:
    """A table in which the first filter hears "he" followed by "has", the second "knife" anywhere."""
    table = bytearray(len(WORDS) * PLACES * FILTERS)

    def put(word: str, place: int, listens: int, number: int) -> None:
        table[(WORDS[word] * PLACES + place) * FILTERS + listens] = number

    put("he", 0, HE_THEN_HAS, 10)
    put("has", 1, HE_THEN_HAS, 10)
    put("knife", 1, KNIFE, 5)
    return memoryview(table).cast("b")


SMALL = Network(
    WORDS,
    parts(),
    start=(-15.0, 1.0),
    hidden=Layer(((1.0, 0.0), (0.0, 1.0)), (0.0, -2.0)),
    out=Layer(((1.0, 1.0), (0.0, 1.0)), (-3.0, 0.5)),
)


@pytest.mark.parametrize(
    ("text", "urgent", "raised"),
    [
        ("he has knife", 5 + 4 - 3, 4 + 0.5),
        ("has he knife", 0 + 4 - 3, 4 + 0.5),
        ("he has", 5 + 0 - 3, 0 + 0.5),
        ("he", 0 + 0 - 3, 0 + 0.5),
    ],
)
def test_the_scores_are_the_strongest_answers_through_two_layers(text: str, urgent: float, raised: float) -> None:
    assert SMALL.scores(text.split()) == (urgent, raised)


def test_words_it_does_not_know_are_left_to_the_rules() -> None:
    assert SMALL.scores(["on", "ma", "nóż"]) == SILENT
    assert SMALL.scores(["he", "has", "una", "pistola"]) != SILENT


def test_of_a_long_message_the_gravest_stretch_counts() -> None:
    calm, grave = ["has"] * 200, ["he", "has", "knife"]
    alone = SMALL.scores(grave)
    assert all(SMALL.scores([*calm[:at], *grave, *calm[at:]]) == alone for at in range(0, 200, 7))


def test_the_two_files_fit_each_other() -> None:
    net = network()
    filters = len(net.start)
    assert len(net.parts) == len(net.words) * PLACES * filters
    assert {"?", "^", "$"} <= set(net.words)
    assert net.words["?"] == 0
    assert {len(row) for row in net.hidden.weights} == {filters}
    assert {len(row) for row in net.out.weights} == {len(net.hidden.start)}


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(("known", "unknown"), [("knife", "stiletto"), ("strangled", "garrotted")])
def test_it_knows_which_words_are_alike(known: str, unknown: str) -> None:
    words = "my ex {} me and i can not breathe".format
    assert network().scores(words(unknown).split())[0] > network().scores(words("phoned").split())[0]
    assert read_signs(words(known)).level is Level.URGENT
