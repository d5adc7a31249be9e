"""The student: the small network that is shipped, and how it is worked out beforehand and written."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from teacher import Row, batches, truth
from vectors import Vectors

PAD, UNKNOWN, BEGINNING, END = "", "?", "^", "$"
MARKS = (PAD, UNKNOWN, BEGINNING, END)
FILTERS, INSIDE, HIDDEN, PLACES = 80, 128, 24, 3
EPOCHS, BATCH, RATE = 8, 128, 2e-3
LEFT_OUT, FORGOTTEN = 0.3, 0.03
"""The share of numbers silenced while learning, and of words taken as unknown."""
LABEL = 0.6
"""How much the label counts; the rest is what the teacher says."""
WORTH, ORDINARY_WORTH = 2.0, 3.0
"""What a labelled message counts beside an unlabelled one."""
LONGEST = 90
LOUDEST = 127


class Student(torch.nn.Module):
    """A convolution over words in threes, the strongest answer of each filter, a hidden layer, two scores."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__()
        both = np.concatenate([np.zeros((len(MARKS), vectors.both.shape[1]), np.float32), vectors.both])
        self.rows = {word: at for at, word in enumerate((*MARKS, *vectors.words))}
        self.fixed = torch.nn.Embedding.from_pretrained(torch.tensor(both.astype(np.float32)), freeze=True)
        self.turned = torch.nn.Linear(both.shape[1], INSIDE, bias=False)
        self.own = torch.nn.Embedding(len(self.rows), INSIDE, padding_idx=0)
        torch.nn.init.zeros_(self.own.weight)
        self.marks = torch.nn.Parameter(torch.randn(len(MARKS), INSIDE) * 0.1)
        self.filters = torch.nn.Conv1d(INSIDE, FILTERS, PLACES, padding=PLACES // 2)
        self.hidden, self.out = torch.nn.Linear(FILTERS, HIDDEN), torch.nn.Linear(HIDDEN, 2)
        self.silenced = torch.nn.Dropout(LEFT_OUT)

    def words(self, rows: torch.Tensor) -> torch.Tensor:
        """What each word is inside the network; shape (..., INSIDE)."""
        found = self.turned(self.fixed(rows)) + self.own(rows)
        marks = self.marks[rows.clamp(max=len(MARKS) - 1)]
        return torch.where((rows < len(MARKS)).unsqueeze(-1), marks, found) * (rows > 0).unsqueeze(-1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Shape (messages, 2)."""
        answers = torch.relu(self.filters(self.silenced(self.words(rows)).transpose(1, 2)))
        strongest = (answers * (rows > 0).unsqueeze(1)).max(2).values
        return self.out(torch.relu(self.hidden(self.silenced(strongest))))

    def batch(self, messages: Sequence[Row], chance: random.Random | None = None) -> torch.Tensor:
        """The words of the messages as numbers of rows, padded."""
        found = [[2, *(self._row(word, chance) for word in row.words[:LONGEST]), 3] for row in messages]
        longest = max(map(len, found))
        return torch.tensor([[*each, *[0] * (longest - len(each))] for each in found])

    def _row(self, word: str, chance: random.Random | None) -> int:
        return 1 if chance and chance.random() < FORGOTTEN else self.rows.get(word, 1)


def trained(rows: Sequence[Row], vectors: Vectors, seed: int = 1) -> Student:
    """The network, taught by the labels and by the teacher."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    net = Student(vectors)
    shared = [each for name, each in net.named_parameters() if each.requires_grad and name != "own.weight"]
    steps = torch.optim.AdamW(
        [{"params": shared, "weight_decay": 0.01}, {"params": [net.own.weight], "weight_decay": 0.3}], lr=RATE
    )
    lengths = [len(row.words) for row in rows]
    total = len(list(batches(lengths, BATCH))) * EPOCHS
    slower = torch.optim.lr_scheduler.LambdaLR(steps, lambda at: max(0.01, 1 - at / total))
    for epoch in range(EPOCHS):
        net.train()
        for part in batches(lengths, BATCH, chance):
            loss = _loss(net, [rows[at] for at in part], chance)
            steps.zero_grad()
            loss.backward()
            steps.step()
            slower.step()
        print(f"student: epoch {epoch + 1} of {EPOCHS}, last loss {loss.item():.3f}", flush=True)
    return net.eval()


def _loss(net: Student, rows: Sequence[Row], chance: random.Random) -> torch.Tensor:
    aims = [_aim(row) for row in rows]
    wanted, worth = torch.tensor([aim[0] for aim in aims]), torch.tensor([[aim[1]] * 2 for aim in aims])
    said = net(net.batch(rows, chance))
    return torch.nn.functional.binary_cross_entropy_with_logits(said, wanted, weight=worth)


def _aim(row: Row) -> tuple[list[float], float]:
    """What is to be said of the message, between 0 and 1, and how much it counts."""
    teacher = torch.sigmoid(torch.tensor(row.said)).tolist()
    if not row.level:
        return teacher, 1.0
    urgent, raised = (LABEL * label + (1 - LABEL) * said for label, said in zip(truth(row.level), teacher, strict=True))
    first = teacher[0] if row.level == "concern" else urgent
    return [first, raised], ORDINARY_WORTH if row.level == "none" else WORTH


def write(net: Student, folder: Path) -> None:
    """Write network.json and network.bin, as safety/danger/network.py reads them."""
    words = [UNKNOWN, *list(net.rows)[2:]]
    with torch.no_grad():
        inside = net.words(torch.tensor([net.rows[word] for word in words]))
        weight = net.filters.weight  # (filters, inside, places)
        parts = torch.einsum("wi,fip->wpf", inside, weight).numpy()
        loud = np.abs(parts).max(axis=(0, 1)) / LOUDEST
        start = net.filters.bias.numpy() / loud
        hidden = net.hidden.weight.numpy() * loud
        layers = {
            "start": start.tolist(),
            "hidden": [hidden.tolist(), net.hidden.bias.tolist()],
            "out": [net.out.weight.tolist(), net.out.bias.tolist()],
        }
    folder.joinpath("network.bin").write_bytes(np.rint(parts / loud).astype(np.int8).tobytes())
    rounded = json.loads(json.dumps(layers), parse_float=lambda number: float(f"{float(number):.5g}"))
    content = json.dumps({"words": words, **rounded}, ensure_ascii=False, separators=(",", ":"))
    folder.joinpath("network.json").write_text(content + "\n", encoding="utf-8")
