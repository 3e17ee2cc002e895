#!/usr/bin/env python3
"""Fits the weights of the checklist's signs, `src/engine/checklist/weights.tsv`: which words, and which findings of the
patterns, tell that a draft has an item which its own patterns do not find. What those find stays met: the writer who takes
a snippet must see it count.

usage: training/checklist.py SIGNS FILE... [--measure FILE...]

SIGNS is the built example (`cargo build --release -p composure-engine --features trace --example signs`), FILEs are drafts with
truth lines, one writer a file; a file without any is passed over. A logistic regression for each item, on the drafts without
a finding of its own, with an L1 penalty, which leaves most weights at nothing. Prints, for each item, how often the patterns alone are right, and the weights on writers they
were not fitted to, writer by writer in turn; then, of the final weights, the files to measure, which nothing is learned from.
"""

from __future__ import annotations

import argparse
import collections
import re
import subprocess
from pathlib import Path

import numpy as np
from drafts import unmarked

WEIGHTS = Path(__file__).resolve().parent.parent / "src" / "engine" / "checklist" / "weights.tsv"
ITEMS = ("empathy", "next-step", "offer-help")
"""The items that gain by it on writers left out; `explanation` and `goodwill` were tried and do not."""
ROUNDS = 150
PENALTY = 0.0032
"""Of a word's weight, where the loss is the mean over drafts."""
FACT_PENALTY = 0.3
"""Of a finding of the patterns, as a part of `PENALTY`: they were made for this."""
DRAFTS, WRITERS = 10, 5
"""A sign stands in so many drafts of so many writers at least."""
SCALE = 16
"""A weight of 1 in the file is a sixteenth of a logit."""

Rows = list[tuple[set[str], dict[str, bool]]]


def read(signs: Path, path: Path) -> Rows:
    """The drafts of a file that have truth lines: their signs, and which items they have."""
    texts, truths = [], []
    for block in re.split(r"^=== CASE ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        parts = {m[1]: m[2] for m in re.finditer(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", block, re.S | re.M)}
        truth = dict(re.findall(r"(\w+)=(yes|non|no)\b", parts.get("truth", "")))
        if "next_step" in truth:
            texts.append(unmarked(parts["draft"].strip())[0])
            truths.append({item: truth[item.replace("-", "_")] == "yes" for item in ITEMS})
    given = "".join(text.replace("\0", "") + "\0" for text in texts)
    lines = subprocess.run([signs], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    return [(set(line.split("\t")), truth) for line, truth in zip(lines, truths, strict=True)]


def matrix(rows: Rows, places: dict[str, int]) -> np.ndarray:
    """A row for each draft: 1 for a sign it has; the first is 1 for all."""
    values = np.zeros((len(rows), len(places)), np.float32)
    for row, (seen, _) in enumerate(rows):
        values[row, [places[sign] for sign in seen if sign in places]] = 1
    values[:, 0] = 1
    return values


def fit(values: np.ndarray, wanted: np.ndarray, open_: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Weights, a column for each item: accelerated proximal gradient descent (FISTA). `open_` tells which drafts count."""
    probe = np.ones(values.shape[1], np.float32)
    for _ in range(20):
        probe = values.T @ (values @ probe)
        probe /= np.linalg.norm(probe)
    step = 4 * len(values) / float(np.linalg.norm(values @ probe) ** 2)
    weights = ahead = np.zeros((values.shape[1], wanted.shape[1]), np.float32)
    speed = 1.0
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(values @ ahead)))
        moved = ahead - step * (values.T @ ((chance - wanted) * open_)) / len(values)
        next_ = np.sign(moved) * np.maximum(np.abs(moved) - step * penalty[:, None], 0)
        faster = (1 + (1 + 4 * speed**2) ** 0.5) / 2
        ahead = next_ + (speed - 1) / faster * (next_ - weights)
        weights, speed = next_, faster
    return np.clip(np.round(weights * SCALE), -127, 127)


def learn(writers: dict[str, Rows]) -> tuple[dict[str, int], np.ndarray]:
    """The places of the signs, and their weights."""
    drafts: collections.Counter[str] = collections.Counter()
    known: collections.Counter[str] = collections.Counter()
    for rows in writers.values():
        of_writer = collections.Counter(sign for seen, _ in rows for sign in seen)
        drafts.update(of_writer)
        known.update(of_writer.keys())
    often = sorted(sign for sign in drafts if drafts[sign] >= DRAFTS and known[sign] >= min(WRITERS, len(writers)))
    places = {sign: place for place, sign in enumerate(["=", *often])}
    penalty = np.array([PENALTY * (FACT_PENALTY if sign[0] == "=" else 1) for sign in places], np.float32)
    penalty[0] = 0
    rows = [row for rows in writers.values() for row in rows]
    return places, fit(matrix(rows, places), truth(rows), ~found(rows), penalty)


def truth(rows: Rows) -> np.ndarray:
    """Which items each draft has."""
    return np.array([[has[item] for item in ITEMS] for _, has in rows], bool)


def right(rows: Rows, places: dict[str, int], weights: np.ndarray) -> np.ndarray:
    """For each draft and item, whether the weights judge it as its writer does."""
    return (found(rows) | (matrix(rows, places) @ weights > 0)) == truth(rows)


def found(rows: Rows) -> np.ndarray:
    """Which items the patterns find in each draft."""
    return np.array([[f"={item}" in seen for item in ITEMS] for seen, _ in rows])


def write(places: dict[str, int], weights: np.ndarray) -> None:
    """Writes the file that the engine is built with."""
    lines = ["# Written by training/checklist.py: what speaks for an item (or against it), in sixteenths of a logit."]
    for sign, row in zip(places, weights, strict=True):
        fields = [f"{item} {weight:.0f}" for item, weight in zip(ITEMS, row, strict=True) if weight]
        lines += ["\t".join([sign, *fields])] if fields else []
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the arguments, measures, fits, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("signs", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--measure", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    signs = arguments.signs.resolve()
    writers = {path.stem: rows for path in arguments.files if (rows := read(signs, path))}
    shown = lambda judged: "  ".join(f"{item} {part:.3f}" for item, part in zip(ITEMS, judged.mean(axis=0), strict=True))  # noqa: E731
    patterns, left_out = [], []
    for writer, rows in writers.items():
        others = {other: rows for other, rows in writers.items() if other != writer}
        patterns.append(found(rows) == truth(rows))
        left_out.append(right(rows, *learn(others)))
        print(f"{writer}: patterns {shown(patterns[-1])}\n   left out {shown(left_out[-1])}", flush=True)
    print(f"all: patterns {shown(np.concatenate(patterns))}\n     left out {shown(np.concatenate(left_out))}")
    places, weights = learn(writers)
    write(places, weights)
    used = int((weights != 0).any(axis=1).sum())
    print(f"{used} signs, {int((weights != 0).sum())} weights")
    for path in arguments.measure:
        rows = read(signs, path)
        print(f"{path.stem}: patterns {shown(found(rows) == truth(rows))}\n     weights {shown(right(rows, places, weights))}")


if __name__ == "__main__":
    main()
