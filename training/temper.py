#!/usr/bin/env python3
"""Fits what the words of a sentence tell where no pattern matches: `src/engine/temper.tsv`, and the numbers of
`src/engine/temper.rs`.

usage: training/temper.py TEMPERS FILE... [--shared FOLDER] [--apart WRITERS]... [--write]

TEMPERS is the built example (`cargo build --release -p composure-engine --features trace --example tempers`), FILEs are labelled
drafts, one writer a file, `--shared` is the folder with the real calm replies, half of which are learned from. First a weight for each word: a
logistic regression over sentences, marked against not, with an L1 penalty, which leaves most weights at nothing. Then a few
numbers over what these weights say of a sentence and of the rest of its draft, how long it is, what rules found, how kind the draft
is: for sentences in which rules find nothing, by weights that were fitted without their writer.

For each `--apart TV` prints what it brings on these writers (a letter each) by what the others teach. `--write` writes the file
and prints the numbers, made of all.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from drafts import Draft, agent_replies, parse

FILE = Path(__file__).resolve().parent.parent / "src" / "engine" / "temper.tsv"
WRITERS, TIMES = 4, 8
"""A word is used by so many writers, so often, at least."""
PENALTY = 2.0
"""Of a word's weight, where the loss is the sum over sentences."""
CALM, CALM_LAST = 2.0, 3.0
"""So much more a sentence of a calm draft counts: for the words, and for the numbers."""
ROUNDS = 300
SCALE = 16
"""A weight of 1 in the file is a sixteenth of a logit."""
FOLDS = 4
SHRINK = 1.0
"""Of the numbers, half a square."""
OWN, OTHERS, LENGTH = 1, 2, 3
"""Places of what words say, and of the length, among the facts of `temper.rs`."""
CUTS = (0.5, 0.8, 1.0, 1.2, 1.4)
LONGEST = 30


@dataclasses.dataclass
class Sentences:
    """All sentences of all drafts, in order: an array each, and what stands in them as (sentence, word) pairs."""

    writer: np.ndarray
    draft: np.ndarray
    calm: np.ndarray
    marked: np.ndarray
    labels: list[list[str]]
    found: np.ndarray
    facts: np.ndarray
    words: list[list[str]]
    drafts: list[Draft]


def read(tempers: Path, drafts: Sequence[Draft]) -> Sentences:
    """What the engine says of all drafts."""
    given = "".join(draft.text.replace("\0", "") + "\0" for draft in drafts)
    lines = subprocess.run([tempers], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    rows = []
    for place, (draft, line) in enumerate(zip(drafts, lines, strict=False)):
        raw = draft.text.encode()
        marks = [(len(draft.text[:a].encode()), len(draft.text[:b].encode()), label) for a, b, label in draft.marks]
        for sentence in filter(None, line.split("\t")):
            head, *words = sentence.split(" ")
            start, end, found, *facts = head.split(",")
            assert int(end) <= len(raw)
            inside = [label for a, b, label in marks if a < int(end) and int(start) < b]
            rows.append((draft.writer, place, draft.heat == 0, bool(inside), found == "1", [float(f) for f in facts], words, inside))
    writer, draft_, calm, marked, found, facts, words, labels = zip(*rows, strict=True)
    return Sentences(
        np.array(writer), np.array(draft_), np.array(calm), np.array(marked), list(labels), np.array(found), np.array(facts), list(words), list(drafts)
    )


@dataclasses.dataclass
class Weights:
    """What each word says, in logits, and where nothing is said."""

    places: dict[str, int]
    values: np.ndarray

    def of(self, given: Sentences) -> np.ndarray:
        """What the words of each sentence say, as `Temper::of_words` has it."""
        rows, columns = pairs(given, self.places, range(len(given.words)))
        said = np.bincount(rows, self.values[columns], minlength=len(given.words))
        return said * scale(given)


def scale(given: Sentences) -> np.ndarray:
    """A long sentence has more words by chance."""
    return 3 / np.exp(given.facts[:, LENGTH] / 2)


def pairs(given: Sentences, places: dict[str, int], rows: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Which word stands in which sentence of `rows`."""
    found = [(at, places[word]) for at, row in enumerate(rows) for word in given.words[row] if word in places]
    both = np.array(found, int).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def learn(given: Sentences, rows: np.ndarray) -> Weights:
    """The words' weights: accelerated proximal gradient descent (FISTA); the last weight is the constant."""
    times: collections.Counter[str] = collections.Counter()
    users: dict[str, set[str]] = collections.defaultdict(set)
    for row in rows:
        for word in given.words[row]:
            times[word] += 1
            users[word].add(given.writer[row])
    places = {word: at for at, word in enumerate(sorted(w for w in times if times[w] >= TIMES and len(users[w]) >= WRITERS))}
    at, column = pairs(given, places, list(rows))
    values = scale(given)[rows][at]
    wanted, counts = given.marked[rows].astype(float), np.where(given.calm[rows], CALM, 1.0)
    size = len(places)

    def forward(weights: np.ndarray) -> np.ndarray:
        return np.bincount(at, values * weights[column], minlength=len(rows)) + weights[size]

    def backward(error: np.ndarray) -> np.ndarray:
        return np.append(np.bincount(column, values * error[at], minlength=size), error.sum())

    probe = np.ones(size + 1)
    for _ in range(30):
        probe = backward(counts * forward(probe))
        norm = np.linalg.norm(probe)
        probe /= norm
    step = 4 / norm
    weights = ahead = np.zeros(size + 1)
    speed = 1.0
    penalty = np.append(np.full(size, PENALTY), 0.0)
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-forward(ahead)))
        moved = ahead - step * backward(counts * (chance - wanted))
        next_ = np.sign(moved) * np.maximum(np.abs(moved) - step * penalty, 0)
        faster = (1 + (1 + 4 * speed**2) ** 0.5) / 2
        ahead = next_ + (speed - 1) / faster * (next_ - weights)
        weights, speed = next_, faster
    return Weights(places, np.clip(np.round(weights[:size] * SCALE), -127, 127) / SCALE)


def with_words(given: Sentences, said: np.ndarray) -> np.ndarray:
    """The facts of `temper.rs`, with what words say in their places."""
    facts = given.facts.copy()
    facts[:, OWN] = said
    all_ = np.bincount(given.draft, said)[given.draft]
    others = np.maximum(np.bincount(given.draft)[given.draft] - 1, 3)
    facts[:, OTHERS] = (all_ - said) / others
    return facts


def fit(facts: np.ndarray, wanted: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers: Newton's method; the first is the constant."""
    weights = np.zeros(facts.shape[1])
    ridge = np.full(facts.shape[1], SHRINK)
    ridge[0] = 0.001
    for _ in range(20):
        chance = 1 / (1 + np.exp(-(facts @ weights)))
        slope = facts.T @ (counts * (chance - wanted)) + ridge * weights
        bend = (facts * (counts * chance * (1 - chance))[:, None]).T @ facts + np.diag(ridge)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def train(given: Sentences, apart: str) -> tuple[Weights, np.ndarray]:
    """The weights of words and the numbers, by the writers that are not set apart."""
    rows = np.flatnonzero(~np.isin(given.writer, list(apart)))
    writers = sorted(set(given.writer[rows]))
    said = np.zeros(len(given.words))
    for fold in range(FOLDS):
        theirs = np.isin(given.writer, writers[fold::FOLDS])
        said[theirs] = learn(given, rows[~theirs[rows]]).of(given)[theirs]
    open_ = rows[~given.found[rows]]
    numbers = fit(with_words(given, said)[open_], given.marked[open_].astype(float), np.where(given.calm[open_], CALM_LAST, 1.0))
    return learn(given, rows), numbers


def tones(given: Sentences, weights: Weights) -> dict[str, str]:
    """The label that each word is met with most, for its share of all."""
    of_word: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    of_all: collections.Counter[str] = collections.Counter()
    for words, labels in zip(given.words, given.labels, strict=True):
        for label in labels:
            of_all[label] += 1
            for word in set(words):
                of_word[word][label] += 1
    return {
        word: max(of_all, key=lambda label: (of_word[word][label] + 3 * of_all[label] / of_all.total()) / of_all[label] ** 0.5)
        for word in weights.places
    }


def judge(given: Sentences, weights: Weights, numbers: np.ndarray, tone: dict[str, str], which: Callable[[str], bool]) -> None:
    """Prints, writer by writer, what each cut would add to what the rules find."""
    logits = with_words(given, weights.of(given)) @ numbers
    short = np.array([2 <= np.exp(fact) <= LONGEST for fact in given.facts[:, LENGTH]])
    for writer in filter(which, sorted(set(given.writer))):
        mine = given.writer == writer
        heard = sum(len(labels) for labels, is_mine, found in zip(given.labels, mine, given.found, strict=True) if is_mine and found)
        marks = sum(len(given.drafts[place].marks) for place in set(given.draft[mine])) or 1
        calm = len(set(given.draft[mine & given.calm]))
        shown = []
        for cut in CUTS:
            picked = np.flatnonzero(mine & ~given.found & (logits >= cut) & short)
            right = int(given.marked[picked].sum())
            more = sum(len(given.labels[row]) for row in picked)
            same = sum(voted(given.words[row], weights, tone) in given.labels[row] for row in picked)
            alarms = len(set(given.draft[picked[given.calm[picked]]]))
            shown.append(f"{cut}: {len(picked)} P {right / max(1, len(picked)):.2f} label {same / max(1, right):.2f} R +{more / marks:.2f} calm {alarms}")
        print(f"{writer} (R {heard / marks:.2f}, {calm} calm) " + " | ".join(shown), flush=True)


def voted(words: Sequence[str], weights: Weights, tone: dict[str, str]) -> str:
    """The label that most of what speaks against a sentence speaks for."""
    votes: collections.Counter[str] = collections.Counter()
    for word in words:
        place = weights.places.get(word)
        if place is not None and weights.values[place] > 0:
            votes[tone[word]] += weights.values[place]
    return max(votes, key=lambda label: votes[label], default="")


def main() -> None:
    """Reads the arguments, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tempers", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--apart", action="append", default=[])
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    drafts = [draft for path in arguments.files for draft in parse(path, path.stem)]
    if arguments.shared:
        drafts += agent_replies(arguments.shared)[0]
    given = read(arguments.tempers.resolve(), drafts)
    for apart in arguments.apart:
        weights, numbers = train(given, apart)
        print(f"without {apart}: {int((weights.values != 0).sum())} words of {len(weights.places)}, {np.round(numbers, 2).tolist()}")
        judge(given, weights, numbers, tones(given, weights), lambda writer, apart=apart: writer in apart)
    if arguments.write:
        weights, numbers = train(given, "")
        tone = tones(given, weights)
        kept = [(word, round(weights.values[place] * SCALE)) for word, place in weights.places.items() if weights.values[place]]
        lines = ["# Written by training/temper.py: a word, its weight in sixteenths of a logit, the kind of tone it is met in."]
        FILE.write_text("\n".join(lines + [f"{word}\t{weight}\t{tone[word]}" for word, weight in kept]) + "\n", encoding="utf-8")
        print(f"{len(kept)} words; const WEIGHTS: {[round(number, 2) for number in numbers.tolist()]}")


if __name__ == "__main__":
    main()
