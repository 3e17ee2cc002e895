#!/usr/bin/env python3
"""Fits the weights of the checklist's signs, `src/engine/checklist/weights.tsv`: which words, and which findings of the
patterns and rules, tell that a sentence says an item. Only for the drafts as wholes is it known what they say, so what counts is
the chance that at least one of their sentences does; the heat of the draft speaks for or against all of them together. The snippets and the examples of the items are learned from too: the writer
who takes a snippet must see it count.

usage: training/checklist.py SIGNS FILE... [--measure FILE...] [--items ITEM...]

SIGNS is the built example (`cargo build --release -p composure-engine --features trace --example signs`), FILEs are drafts with
truth lines, one writer a file; a file without any is passed over. Where `--items` names some, the
others keep the weights that they have. An L1 penalty leaves most weights at nothing. Prints, for each
item, how often the patterns alone are right, and the weights on writers they were not fitted to, writer by writer in turn; then,
of the final weights, the files to measure, which nothing is learned from.
"""

from __future__ import annotations

import argparse
import collections
import re
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from drafts import unmarked

SOURCES = Path(__file__).resolve().parent.parent / "src"
ENGINE = SOURCES / "engine"
WEIGHTS = ENGINE / "checklist" / "weights.tsv"
ITEMS = ("empathy", "explanation", "value", "next-step", "goodwill", "offer-help")
ROUNDS = 200
PENALTY = 0.0012
"""Of a word's weight, where the loss is the mean over drafts."""
PENALTIES = {"explanation": 0.002, "goodwill": 1.0}
"""The same where fewer words do better on writers left out: of `goodwill` the patterns know all that words tell."""
FACT_PENALTY = 0.00036
"""Of a finding of the patterns or rules: they were made for this."""
DRAFTS, WRITERS = 10, 5
"""A sign stands in so many drafts of so many writers at least."""
TRIES = 6
"""Snippets and examples that are judged wrongly count double next time, up to so many times."""
MARGIN = 0.32
"""They must be surer than a draft must, by this logit: it may be a little cold, and other words may be filled in."""
FILLED = {"customer": "Gary", "my_name": "Dana", "business": "Lakeside Bikes", "order": "48213", "product": "kettle"}
"""What is filled in."""
SCALE = 16
"""A weight of 1 in the file is a sixteenth of a logit."""

HEAT = "=heat"
"""What stands for the heat of the whole draft: 1 where it is 100."""

Signs = tuple[float, list[list[str]]]
"""The heat of a draft, 0 to 1, and the signs of each sentence."""
Rows = list[tuple[Signs, dict[str, bool]]]
"""Drafts, and which items each has, as far as that is known."""


def read(signs: Path, path: Path) -> Rows:
    """The drafts of a file that have truth lines."""
    texts, truths = [], []
    for block in re.split(r"^=== CASE ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        parts = {m[1]: m[2] for m in re.finditer(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", block, re.S | re.M)}
        truth = dict(re.findall(r"(\w+)=(yes|non|no)\b", parts.get("truth", "")))
        if "next_step" in truth:
            texts.append(unmarked(parts["draft"].strip())[0])
            truths.append({item: truth[item.replace("-", "_")] == "yes" for item in ITEMS})
    return list(zip(signs_of(signs, texts), truths, strict=True))


def own(signs: Path) -> Rows:
    """The snippets and the examples, with what they say of some items."""
    texts, truths = [], []
    for path in sorted((ENGINE / "snippets").glob("*.toml")):
        snippet = tomllib.loads(path.read_text(encoding="utf-8"))
        if snippet.get("item") in ITEMS:
            # As it is put in, and filled.
            for text in (snippet["text"], re.sub(r"\{\w+\}", "Friday", snippet["text"])):
                texts.append(text)
                truths.append({snippet["item"]: True})
    for item in ITEMS:
        # Patterns are in TOML 1.1, which Python cannot read yet.
        _, begin, examples = (ENGINE / "checklist" / f"{item}.toml").read_text(encoding="utf-8").partition("\nexamples = ")
        for example in tomllib.loads(begin + examples)["examples"]:
            if example["status"] != "not-applicable":
                texts.append(example["draft"])
                truths.append({item: example["status"] == "met"})
    for path in sorted((SOURCES / "snippets" / "shipped").glob("*.toml")):
        snippet = tomllib.loads(path.read_text(encoding="utf-8"))
        text = re.sub(r"\{ask: ([^}]*)\}", r"[\1]", snippet["text"].strip())
        text = re.sub(r"\{choose: ([^}|]*)[^}]*\}", lambda match: match[1].strip(), text)
        text = re.sub(r"\{(in|next|tomorrow)\b[^}]*\}", "Wednesday, December 2", text)
        text = re.sub(r"\{(\w+)\}", lambda match: FILLED.get(match[1], match[1]), text).replace("[date]", "Friday, December 4")
        texts.append(f"Hi Gary,\n\n{text}\n\nBest,\nDana")
        truths.append({item: True for need in snippet.get("needs", []) if (item := need.replace("_", "-")) in ITEMS})
    return list(zip(signs_of(signs, texts), truths, strict=True))


def signs_of(signs: Path, texts: list[str]) -> list[Signs]:
    """The heat and the signs of each text."""
    given = "".join(text.replace("\0", "") + "\0" for text in texts)
    lines = subprocess.run([signs], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    parts = (line.split("\t\t") for line in lines)
    return [(int(heat) / 100, [sentence.split("\t") for sentence in sentences]) for heat, *sentences in parts]


class Sentences:
    """All sentences of some drafts, as places of their signs; 0 is a sign that each has, 1 the heat of the draft."""

    def __init__(self, rows: Rows, places: dict[str, int]) -> None:
        """Looks all signs up."""
        sentences = [(draft, signs) for draft, ((_, all_), _) in enumerate(rows) for signs in all_]
        seen = [(row, places[sign]) for row, (_, signs) in enumerate(sentences) for sign in ["=", *signs] if sign in places]
        self.row, self.place = np.array(seen).T
        self.draft = np.array([draft for draft, _ in sentences])
        self.heat = np.array([heat for (heat, _), _ in rows])
        self.drafts, self.places = len(rows), len(places)

    def sure(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each draft, minus the logarithm of the chance that no sentence says the item; and the logits of the sentences."""
        logits = np.bincount(self.row, weights[self.place], len(self.draft))
        return np.bincount(self.draft, np.logaddexp(0, logits), self.drafts) + 1e-9, logits

    def odds(self, weights: np.ndarray) -> np.ndarray:
        """Of each draft, the logit of the chance that it says the item: above 0, more likely than not."""
        sure, _ = self.sure(weights)
        # The logarithm of e^sure - 1, without too great a number.
        return sure + np.log(-np.expm1(-sure)) + weights[1] * self.heat

    def loss(self, weights: np.ndarray, has: np.ndarray, counts: np.ndarray) -> float:
        """How far what the weights say is from what the drafts have; `counts` tells how much each draft counts."""
        odds = self.odds(weights)
        return float(counts @ np.logaddexp(0, np.where(has, -odds, odds)))

    def slope(self, weights: np.ndarray, has: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Its slope."""
        sure, logits = self.sure(weights)
        of_odds = counts * (1 / (1 + np.exp(-self.odds(weights))) - has)
        of_sentence = (of_odds / -np.expm1(-sure))[self.draft] / (1 + np.exp(-logits))
        slope = np.bincount(self.place, of_sentence[self.row], self.places)
        slope[1] = of_odds @ self.heat
        return slope


def fit(sentences: Sentences, has: np.ndarray, counts: np.ndarray, penalty: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Weights for one item: accelerated proximal gradient descent (FISTA), begun anew where it overshoots."""
    weights = ahead = begin
    speed, steep, before = 1.0, 1.0, np.inf
    for _ in range(ROUNDS):
        loss, slope = sentences.loss(ahead, has, counts), sentences.slope(ahead, has, counts)
        while True:
            moved = ahead - slope / steep
            next_ = np.sign(moved) * np.maximum(np.abs(moved) - penalty / steep, 0)
            change = next_ - ahead
            after = sentences.loss(next_, has, counts)
            if after <= loss + slope @ change + steep / 2 * (change @ change) + 1e-12:
                break
            steep *= 2
        total = after + float(penalty @ np.abs(next_))
        if total > before:
            ahead, speed, before = weights, 1.0, np.inf
            continue
        faster = (1 + (1 + 4 * speed**2) ** 0.5) / 2
        ahead = next_ + (speed - 1) / faster * (next_ - weights)
        weights, speed, steep = next_, faster, steep * 0.95
        if before - total < 1e-6:
            break
        before = total
    return weights


def stored(weights: np.ndarray) -> np.ndarray:
    """Weights as the file has them."""
    return np.clip(np.round(weights * SCALE), -127, 127)


def learn(writers: dict[str, Rows], own: Rows, certain: bool = False) -> tuple[dict[str, int], np.ndarray]:
    """The places of the signs, and their weights, a column for each item; `certain` of what `own` says, if need be."""
    drafts: collections.Counter[str] = collections.Counter()
    known: collections.Counter[str] = collections.Counter()
    for rows in writers.values():
        of_writer = collections.Counter(sign for (_, all_), _ in rows for sign in {sign for signs in all_ for sign in signs})
        drafts.update(of_writer)
        known.update(of_writer.keys())
    often = sorted(sign for sign in drafts if sign and drafts[sign] >= DRAFTS and known[sign] >= min(WRITERS, len(writers)))
    places = {sign: place for place, sign in enumerate(["=", HEAT, *often])}
    findings = np.array([is_finding(sign) for sign in places])
    rows = [*(row for rows in writers.values() for row in rows), *own]
    sentences, weights = Sentences(rows, places), []
    for item in ITEMS:
        counts = np.array([float(item in has) for _, has in rows])
        has = np.array([has.get(item, False) for _, has in rows])
        of_item = np.where(np.arange(len(places)) == 0, -2.5, 0.0)
        penalty = np.where(findings, FACT_PENALTY, PENALTIES.get(item, PENALTY))
        penalty[:2] = 0
        for _ in range(TRIES if certain else 1):
            of_item = fit(sentences, has, counts / counts.sum(), penalty, of_item)
            wrong = (sentences.odds(stored(of_item) / SCALE) > MARGIN) != has
            wrong[: len(rows) - len(own)] = False
            if not (counts * wrong).any():
                break
            counts[wrong] *= 2
        weights.append(stored(of_item))
    return places, np.array(weights).T


def is_finding(sign: str) -> bool:
    """Whether a sign is a finding of a pattern or a rule, and not a word or two."""
    return sign[0] == "=" and " " not in sign


def truth(rows: Rows) -> np.ndarray:
    """Which items each draft has."""
    return np.array([[has[item] for item in ITEMS] for _, has in rows], bool)


def right(rows: Rows, places: dict[str, int], weights: np.ndarray) -> np.ndarray:
    """For each draft and item, whether the weights judge it as its writer does."""
    sentences = Sentences(rows, places)
    said = np.array([sentences.odds(of_item / SCALE) > 0 for of_item in weights.T]).T
    return said == truth(rows)


def wrong(own: Rows, places: dict[str, int], weights: np.ndarray) -> list[tuple[int, str]]:
    """Which snippets and examples are judged wrongly, by place and item."""
    said = [Sentences(own, places).odds(of_item / SCALE) > 0 for of_item in weights.T]
    of_item = dict(zip(ITEMS, said, strict=True))
    return [(place, item) for place, (_, truth) in enumerate(own) for item, has in truth.items() if of_item[item][place] != has]


def found(rows: Rows) -> np.ndarray:
    """Which items the patterns find in each draft."""
    return np.array([[any(f"={item}" in signs for signs in all_) for item in ITEMS] for (_, all_), _ in rows])


def kept(places: dict[str, int], weights: np.ndarray, items: list[str]) -> tuple[dict[str, int], np.ndarray]:
    """The same, but the items that are not among these have what the file has."""
    lines = (line.split("\t") for line in WEIGHTS.read_text(encoding="utf-8").splitlines()[1:])
    old = {sign: dict(field.rsplit(" ", 1) for field in fields) for sign, *fields in lines}
    signs = ["=", HEAT, *sorted({*places, *old} - {"=", HEAT})]
    new = {sign: dict(zip(ITEMS, weights[place], strict=True)) for sign, place in places.items()}
    rows = [[float((new if item in items else old).get(sign, {}).get(item, 0)) for item in ITEMS] for sign in signs]
    return {sign: place for place, sign in enumerate(signs)}, np.array(rows)


def write(places: dict[str, int], weights: np.ndarray) -> None:
    """Writes the file that the engine is built with."""
    lines = ["# Written by training/checklist.py: what speaks for an item (or against it), in sixteenths of a logit."]
    for sign, row in zip(places, weights, strict=True):
        fields = [f"{item} {weight:.0f}" for item, weight in zip(ITEMS, row, strict=True) if weight]
        lines += ["\t".join([sign, *fields])] if fields else []
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def shown(judged: np.ndarray) -> str:
    """How often each item is judged as it is."""
    return "  ".join(f"{item} {part:.3f}" for item, part in zip(ITEMS, judged.mean(axis=0), strict=True))


def main() -> None:
    """Reads the arguments, measures, fits, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("signs", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--measure", type=Path, nargs="*", default=[])
    parser.add_argument("--items", nargs="*", default=ITEMS, choices=ITEMS)
    arguments = parser.parse_args()
    signs = arguments.signs.resolve()
    writers = {path.stem: rows for path in arguments.files if (rows := read(signs, path))}
    ours = own(signs)
    places, weights = kept(*learn(writers, ours, certain=True), arguments.items)
    write(places, weights)
    used = int((weights != 0).any(axis=1).sum())
    print(f"{used} signs, {int((weights != 0).sum())} weights")
    print(f"of {len(ours)} snippets and examples, wrong: {wrong(ours, places, weights)}")
    measured(signs, arguments.measure, places, weights)
    patterns, left_out = [], []
    for writer, rows in writers.items():
        others = {other: rows for other, rows in writers.items() if other != writer}
        patterns.append(found(rows) == truth(rows))
        left_out.append(right(rows, *learn(others, ours)))
        print(f"{writer}: patterns {shown(patterns[-1])}\n   left out {shown(left_out[-1])}", flush=True)
    print(f"all: patterns {shown(np.concatenate(patterns))}\n     left out {shown(np.concatenate(left_out))}")


def measured(signs: Path, paths: Iterable[Path], places: dict[str, int], weights: np.ndarray) -> None:
    """Prints how the final weights do on what nothing is learned from."""
    for path in paths:
        rows = read(signs, path)
        print(f"{path.stem}: patterns {shown(found(rows) == truth(rows))}\n     weights {shown(right(rows, places, weights))}", flush=True)


if __name__ == "__main__":
    main()
