#!/usr/bin/env python3
"""Trains the reader, chooses its thresholds, writes its file, its fixtures and `training/figures.md`.

usage: python3 training/train.py [--shared FOLDER] [--command COMPOSURE] [--work FOLDER] [--out FILE] [--only JOB | --judge | --go-on WRITER...] [--step N]

It learns twice with the same settings. First without the writers of `HELD` and `FRESH`: what it then says of their drafts,
which it never saw, gives the weights of the score, the trust, the thresholds and the heat. Then with all writers but `ASIDE`,
whose drafts tell what is lost from one writer to the next. COMPOSURE must be built. The packages are those of `training/requirements.txt`.

`--go-on` is the short way when writers are new: the network that ships learns on from their drafts, with a part of the older ones so
that it forgets nothing. It sees none of `FRESH`, whose drafts alone then give the numbers.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
import torch.distributed
import torch.multiprocessing
from torch import Tensor
from torch.nn import functional

from drafts import ROOT, Draft, agent_replies, by_writer, labelled
from network import Network, base_vocabulary, batches, from_base, load, padded
from report import SHIPS, finish
from text import LABELS, Tokenizer, Window

SEED = 4
HELD = ("J", "N", "R", "S", "U", "Y")
FRESH = ("T", "V", "W", "Z", "PE", "PF")
"""Of these no rule was written either when the rules' findings were last asked for."""
SHORT = ("PE", "PF")
"""Those of them who write as most people do: short, polite, and one thing in it that stings."""
ASIDE = ("Q",)
COMMON_PIECES = 9000
"""Pieces of the base's vocabulary that are kept whether our drafts use them or not; its order is by frequency."""


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How the network learns."""

    epochs: float = 3.0
    rate: float = 2e-4
    """Of the top layer; each layer below has `decay` of the one above."""
    decay: float = 0.9
    head_rate: float = 1e-3
    frozen: int = 2
    """Layers at the bottom that stay as they are, with all below them; what they make of a window is reckoned once."""
    warm: float = 0.08
    batch: int = 1024
    """Tokens, padding counted."""
    masked: float = 0.06
    """Share of tokens whose features are nought while it learns."""
    smooth: float = 0.05
    any_weight: float = 0.5
    label_weight: float = 2.0
    heat_weight: float = 0.3


@dataclasses.dataclass
class Lesson:
    """A window and what is true of it."""

    window: Window
    tags: list[int]
    """For each token: 0, or 1 + the number of its label."""
    labels: list[int]
    """The labels that are marked in it."""
    heat: float
    """0 to 1; −1 where the draft's heat says nothing of this sentence."""
    features: Tensor | None = None
    """What the frozen layers make of it: tokens × width, F16."""


def lessons(draft: Draft, tokenizer: Tokenizer) -> list[Lesson]:
    """The windows of a draft with its marks."""
    found = []
    for window in tokenizer.windows(draft.text):
        tags = [0] * len(window.ids)
        for start, end, label in draft.marks:
            for i, (a, b) in enumerate(window.spans):
                if a >= 0 and a < end and start < b:
                    tags[i] = 1 + LABELS.index(label)
        labels = sorted({tag - 1 for tag in tags if tag})
        heat = draft.heat / 4 if labels or draft.heat == 0 else -1.0
        found.append(Lesson(window, tags, labels, heat))
    return found


def vocabulary(texts: Sequence[str]) -> list[str]:
    """The pieces to keep: special ones, single characters, the commonest, and all that the texts use."""
    base = base_vocabulary()
    tokenizer = Tokenizer(base)
    used = {i for text in texts for window in tokenizer.windows(text) for i in window.ids}
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    latin = [i for i, piece in enumerate(base) if piece.isascii() and not piece.startswith("[unused")]
    single = {i for i in latin if len(piece_text(base[i])) == 1}
    common = {i for i in latin if piece_text(base[i]).isalnum()}
    common = set(sorted(common)[:COMMON_PIECES])
    kept = used | single | common | {i for i, piece in enumerate(base) if piece in special}
    return [base[i] for i in sorted(kept)]


def piece_text(piece: str) -> str:
    """A piece without its `##`."""
    return piece.removeprefix("##")


def groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters by learning rate. The word table stays as it is: a word no draft uses keeps its place among the others."""
    network.words.weight.requires_grad_(False)
    found: list[dict[str, object]] = []
    layers = len(network.layer)
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = int(name.split(".")[1]) if name.startswith("layer.") else -1
        if depth < recipe.frozen and not name.startswith(("tag.", "sentence.")):
            parameter.requires_grad_(False)
            continue
        if name.startswith(("tag.", "sentence.")):
            rate = recipe.head_rate
        elif name.startswith("layer."):
            rate = recipe.rate * recipe.decay ** (layers - 1 - depth)
        else:
            rate = recipe.rate * recipe.decay**layers
        found.append({"params": [parameter], "lr": rate, "rate": rate, "weight_decay": 0.01 if parameter.dim() > 1 else 0.0})
    return found


@torch.no_grad()
def prepare(network: Network, all_lessons: Sequence[Lesson], recipe: Recipe) -> None:
    """Gives each lesson its features."""
    network.eval()
    for batch in batches([lesson.window for lesson in all_lessons], 2048):
        ids, types, real = padded([all_lessons[i].window for i in batch])
        x = network.lower(ids, types, real, recipe.frozen).half()
        for row, i in enumerate(batch):
            all_lessons[i].features = x[row, : len(all_lessons[i].tags)].clone()


def loss_of(network: Network, batch: Sequence[Lesson], recipe: Recipe) -> Tensor:
    """What a batch costs."""
    longest = max(len(lesson.tags) for lesson in batch)
    x = torch.zeros(len(batch), longest, network.tag.in_features)
    real = torch.zeros(len(batch), longest, dtype=torch.bool)
    tags = torch.full((len(batch), longest), -100)
    labels = torch.zeros(len(batch), 1 + len(LABELS))
    heat = torch.tensor([lesson.heat for lesson in batch])
    for row, lesson in enumerate(batch):
        size = len(lesson.tags)
        x[row, :size], real[row, :size] = lesson.features, True
        tags[row, 1 : size - 1] = torch.tensor(lesson.tags[1:-1])
        labels[row, 0] = bool(lesson.labels)
        labels[row, [1 + label for label in lesson.labels]] = 1
    hidden = (torch.rand(tags.shape) < recipe.masked) & (tags >= 0)
    tag, sentence = network.upper(network.dropout(x.masked_fill(hidden[:, :, None], 0.0)), real, recipe.frozen)
    loss = functional.cross_entropy(tag.flatten(0, 1), tags.flatten(), label_smoothing=recipe.smooth)
    loss = loss + recipe.any_weight * functional.binary_cross_entropy_with_logits(sentence[:, 0], labels[:, 0])
    loss = loss + recipe.label_weight * functional.binary_cross_entropy_with_logits(sentence[:, 2:], labels[:, 1:])
    told = heat >= 0
    if told.any():
        loss = loss + recipe.heat_weight * functional.binary_cross_entropy_with_logits(sentence[told, 1], heat[told])
    return loss


def learn(
    network: Network, drafts: Sequence[Draft], tokenizer: Tokenizer, recipe: Recipe, seed: int, rank: int, ranks: int
) -> None:
    """The network learns from drafts, in `ranks` processes of which this is one: each has its share of the windows, and
    their gradients are averaged at each step."""
    torch.manual_seed(seed + rank)
    every = [lesson for draft in drafts for lesson in lessons(draft, tokenizer)]
    random.Random(seed).shuffle(every)
    mine = every[rank::ranks]
    tokens = sum(len(lesson.window.ids) for lesson in every)
    parameters = groups(network, recipe)
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.98), fused=True)
    begin, mean, share = time.time(), 0.0, recipe.batch // ranks
    prepare(network, mine, recipe)
    steps = round(recipe.epochs * tokens / recipe.batch)
    if rank == 0:
        print(f"{len(drafts)} drafts, {len(every)} windows, {tokens} tokens, {steps} steps", flush=True)
        print(f"prepared in {time.time() - begin:.0f} s", flush=True)
    network.train()
    chance = random.Random(seed + rank)
    queue: list[list[Lesson]] = []
    for step in range(steps):
        queue = queue or shuffled(mine, share, chance)
        pace = min(1.0, (step + 1) / (recipe.warm * steps), (steps - step) / ((1 - recipe.warm) * steps))
        for group in optimizer.param_groups:
            group["lr"] = pace * group["rate"]
        loss = loss_of(network, queue.pop(), recipe)
        loss.backward()
        averaged(learning, ranks)
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        mean = loss.item() if step == 0 else 0.98 * mean + 0.02 * loss.item()
        if rank == 0 and ((step + 1) % 20 == 0 or step + 1 == steps):
            print(f"step {step + 1}/{steps} loss {mean:.4f} {time.time() - begin:.0f} s", flush=True)
    network.eval()


def averaged(parameters: Sequence[Tensor], ranks: int) -> None:
    """Gives every process the mean of their gradients."""
    if ranks == 1:
        return
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])
    torch.distributed.all_reduce(flat)
    at = 0
    for parameter in parameters:
        if parameter.grad is not None:
            size = parameter.grad.numel()
            parameter.grad.copy_(flat[at : at + size].view_as(parameter.grad) / ranks)
            at += size


def shuffled(all_lessons: Sequence[Lesson], tokens: int, chance: random.Random) -> list[list[Lesson]]:
    """Lessons in batches of like length, in an order of chance."""
    order = list(all_lessons)
    chance.shuffle(order)
    found = []
    for start in range(0, len(order), 2048):
        part = order[start : start + 2048]
        found += [[part[i] for i in batch] for batch in batches([lesson.window for lesson in part], tokens)]
    chance.shuffle(found)
    return found


@dataclasses.dataclass(frozen=True)
class Job:
    """One run of learning."""

    name: str
    without: tuple[str, ...]
    """Writers whose drafts it never sees."""
    agents: int
    """It learns from every such reply of the calm half."""
    recipe: Recipe = Recipe()
    start: str = ""
    """The job whose network it goes on from; none is the base model."""
    again: int = 1
    """Of writers which that job learned from, every such draft is gone over again."""
    new: tuple[str, ...] = ()
    """The writers that the network which ships has not learned from, where it goes on from that."""


JOBS = (Job("fold", (*HELD, *FRESH, *ASIDE), 2), Job("final", ASIDE, 1, Recipe(epochs=1.5, rate=1.5e-4, head_rate=5e-4), "fold", 3))
GO_ON = Job("final", (*FRESH, *ASIDE), 2, Recipe(epochs=4.0, rate=2e-4, head_rate=1e-3), again=4)
"""Learns on from what ships."""


def work(rank: int, job: Job, drafts: Sequence[Draft], pieces: Sequence[str], folder: Path, ranks: int) -> None:
    """One of the processes of a job; the first leaves the network, its vocabulary and how long it took in `folder`."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if ranks > 1:
        torch.distributed.init_process_group("gloo", init_method=f"file://{folder / 'meeting'}", rank=rank, world_size=ranks)
    begin = time.time()
    torch.manual_seed(SEED)
    network = from_base(pieces)
    if job.start:
        adopt(network, torch.load(folder / f"{job.start}.pt")["state"])
    elif job.new:
        adopt(network, load(SHIPS)[0].state_dict())
    learn(network, drafts, Tokenizer(pieces), job.recipe, SEED, rank, ranks)
    if rank == 0:
        kept = {"state": network.state_dict(), "pieces": pieces, "seconds": time.time() - begin, "writers": by_writer(drafts)}
        kept["processes"], kept["onto"] = ranks, ", on from what shipped before" if job.new else ""
        torch.save(kept, folder / f"{job.name}.pt")


def adopt(network: Network, state: Mapping[str, Tensor]) -> None:
    """Gives the network what another has learned; its word table is the base's, whichever pieces either has."""
    network.load_state_dict({**state, "words.weight": network.words.weight.detach()})


def run(job: Job, shared: Path, folder: Path, ranks: int, step: int = 1) -> None:
    """A job in its processes."""
    replies = agent_replies(shared)[0][::step]
    every = labelled(step)
    drafts = [draft for draft in every if draft.writer not in job.without]
    if job.start or job.new:
        known = torch.load(folder / f"{job.start}.pt")["writers"] if job.start else {d.writer for d in drafts} - {*job.new}
        drafts = [d for d in drafts if d.writer not in known] + [d for d in drafts if d.writer in known][:: job.again]
    drafts += replies[:: job.agents]
    # The words of all drafts, those held out too: which pieces there are says nothing of what is marked.
    pieces = vocabulary([draft.text for draft in [*every, *replies]])
    print(job.name, by_writer(drafts), len(pieces), "pieces", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meeting").unlink(missing_ok=True)
    if ranks == 1:
        work(0, job, drafts, pieces, folder, 1)
    else:
        torch.multiprocessing.spawn(work, (job, drafts, pieces, folder, ranks), ranks)


def main(words: Sequence[str] | None = None) -> int:
    """The command line; `words` are those of the shell unless given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--command", type=Path, default=ROOT / "target" / "release" / "composure")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "reader", help="where the networks are kept meanwhile")
    parser.add_argument("--out", type=Path, default=SHIPS)
    parser.add_argument("--only", choices=[job.name for job in JOBS], help="learn this one and stop")
    parser.add_argument("--go-on", nargs="+", metavar="WRITER", help="learn on from what ships, of these writers")
    parser.add_argument("--judge", action="store_true", help="learn nothing; judge and write what was learned before")
    parser.add_argument("--step", type=int, default=1, help="a trial: of every writer every N-th draft; with --out and --work elsewhere")
    parser.add_argument("--processes", type=int, default=2, help="that learn together; the figures are for two")
    arguments = parser.parse_args(words)
    for job in [dataclasses.replace(GO_ON, new=tuple(arguments.go_on))] if arguments.go_on else JOBS:
        if not arguments.judge and arguments.only in (None, job.name):
            run(job, arguments.shared, arguments.work, arguments.processes, arguments.step)
    if not arguments.only:
        finish(arguments.shared, arguments.command, arguments.work, arguments.out, HELD, FRESH, SHORT, ASIDE, arguments.step)
    return 0


if __name__ == "__main__":
    sys.exit(main())
