#!/usr/bin/env python3
"""Fits what the engine believes where no reader reads: `src/engine/temper.tsv`.

usage: training/temper.py TEMPERS FILE... [--new WRITERS] [--shared FOLDER] [--apart WRITERS]... [--write]

TEMPERS is the built example (`cargo build --release -p composure-engine --features trace --example tempers`), FILEs are labelled
drafts, one writer a file, `--shared` is the folder with the real calm replies, half of which are learned from.

First a weight for each word: a logistic regression over sentences, marked against not, with an L1 penalty, which leaves most weights
at nothing. Then, of the writers `--new` (`T,V,W`), after whom few rules or none were written, the chance that what a rule finds
is right, and the chance that a sentence in which no rule finds anything is marked all the same: by what the weights of words, fitted
without their writer, say of the sentence and of the rest of its draft, how long it is, what else is found, how kind the draft is.

For each `--apart T,V` prints what comes of it on these writers by what the others teach. `--write` writes the file, made of all.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import math
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from drafts import Draft, agent_replies, parse

FILE = Path(__file__).resolve().parent.parent / "src" / "engine" / "temper.tsv"
WRITERS, TIMES = 5, 8
"""A word is used by so many writers, so often, at least."""
PENALTY = 2.0
"""Of a word's weight, where the loss is the sum over sentences."""
CALM = 2.0
"""So much more a sentence of a calm draft counts."""
ALARM, CALM_LAST = 4.0, 3.0
"""So much more a wrong finding in a calm draft counts, and such a sentence, for the numbers."""
ROUNDS = 300
SCALE = 16
"""A weight of 1 in the file is a sixteenth of a logit."""
LEAST_WEIGHT = 4
"""A smaller one is not worth its room."""
FOLDS = 4
SHRINK = 1.0
"""Of the numbers, half a square."""
OWN, OTHERS, LENGTH, ANY, COMPANY, SHARE, NEAR = range(1, 8)
"""Places among the facts of `temper.rs` of what is worked out here."""
BELIEF_CUTS = (-0.4,)
CUTS = (0.5,)
ALONE = 0.0
"""The cut where no rule finds anything in the draft."""
BELIEVED = -0.4
"""What the numbers of sentences are fitted beside."""
LONGEST = 30
SHAPE = ("wall-of-text",)
GRAVE = ("insult", "profanity", "threat", "shouting")
"""What nobody is accused of on a guess, and what does not lie in the words."""


@dataclasses.dataclass
class Finding:
    """What a rule finds: which rule, in which draft and sentence, and whether it is doubtful, right, calm."""

    rule: str
    draft: int
    sentence: int
    doubtful: bool
    marks: frozenset[int]
    calm: bool
    writer: str


@dataclasses.dataclass
class Sentences:
    """All sentences of all drafts, in order, an array each, and the findings."""

    writer: np.ndarray
    draft: np.ndarray
    calm: np.ndarray
    marks: list[frozenset[int]]
    facts: np.ndarray
    words: list[list[str]]
    drafts: list[Draft]
    findings: list[Finding]

    @property
    def marked(self) -> np.ndarray:
        """Which sentences have a mark."""
        return np.array([bool(marks) for marks in self.marks])

    def labels(self, row: int) -> list[str]:
        """The labels of a sentence's marks."""
        return [self.drafts[self.draft[row]].marks[mark][2] for mark in self.marks[row]]


def read(tempers: Path, drafts: Sequence[Draft]) -> Sentences:
    """What the engine says of all drafts."""
    given = "".join(draft.text.replace("\0", "") + "\0" for draft in drafts)
    lines = subprocess.run([tempers], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    rows: list[tuple[str, int, bool, frozenset[int], list[float], list[str]]] = []
    findings = []
    for place, (draft, line) in enumerate(zip(drafts, lines, strict=False)):
        ends = [(len(draft.text[:a].encode()), len(draft.text[:b].encode())) for a, b, _ in draft.marks]
        inside = lambda start, end, ends=ends: frozenset(i for i, (a, b) in enumerate(ends) if a < end and start < b)  # noqa: E731
        pieces = [piece for piece in line.split("\t") if piece]
        spans = []
        for piece in pieces:
            head, *words = piece.split(" ")
            fields = head.split(",")
            if not fields[0].isdigit():
                continue
            start, end = int(fields[0]), int(fields[1])
            spans.append((len(rows), end))
            rows.append((draft.writer, place, draft.heat == 0, inside(start, end), [float(f) for f in fields[2:]], words))
        for piece in pieces:
            rule, *fields = piece.split(",")
            if rule.isdigit() or not spans:
                continue
            start, end, doubtful = map(int, fields)
            row = next((row for row, last in spans if last > start), spans[-1][0])
            findings.append(Finding(rule, place, row, bool(doubtful), inside(start, end), draft.heat == 0, draft.writer))
    writer, draft_, calm, marks, facts, words = zip(*rows, strict=True)
    return Sentences(np.array(writer), np.array(draft_), np.array(calm), list(marks), np.array(facts), list(words), list(drafts), findings)


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
    rounded = np.clip(np.round(weights[:size] * SCALE), -127, 127)
    return Weights(places, np.where(np.abs(rounded) < LEAST_WEIGHT, 0, rounded) / SCALE)


def judged_by(given: Sentences, said: np.ndarray, shown: Sequence[Finding]) -> np.ndarray:
    """The facts of `temper.rs`, by what words say and by the findings that are shown."""
    facts = given.facts.copy()
    facts[:, OWN] = said
    counts = np.bincount(given.draft)[given.draft]
    facts[:, OTHERS] = (np.bincount(given.draft, said)[given.draft] - said) / np.maximum(counts - 1, 3)
    drafts = [finding.draft for finding in shown if finding.rule not in SHAPE]
    company = np.bincount(drafts, minlength=len(given.drafts))[given.draft].astype(float)
    facts[:, ANY] = company > 0
    facts[:, COMPANY] = np.minimum(company, 4)
    facts[:, SHARE] = company / np.maximum(counts, 3)
    found = is_found(given, shown)
    same = given.draft[1:] == given.draft[:-1]
    facts[:, NEAR] = 0
    facts[1:, NEAR] += found[:-1] & same
    facts[:-1, NEAR] += found[1:] & same
    return facts


def is_found(given: Sentences, shown: Sequence[Finding]) -> np.ndarray:
    """In which sentences something is found."""
    found = np.zeros(len(given.words), bool)
    found[[finding.sentence for finding in shown]] = True
    return found


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


@dataclasses.dataclass
class Model:
    """All that is fitted."""

    weights: Weights
    rules: list[str]
    belief: np.ndarray
    numbers: np.ndarray

    def chances(self, facts: np.ndarray, findings: Sequence[Finding]) -> np.ndarray:
        """The logit of the chance that each finding is right; infinite where there is no doubt."""
        logits = of_findings(facts, findings, self.rules) @ self.belief
        return np.where([finding.doubtful for finding in findings], logits, np.inf)


def of_findings(facts: np.ndarray, findings: Sequence[Finding], rules: Sequence[str]) -> np.ndarray:
    """What each finding is judged by: the facts of its sentence, and its rule."""
    ruled = np.array([[finding.rule == rule for rule in rules] for finding in findings], float)
    return np.hstack([facts[[finding.sentence for finding in findings]], ruled])


def train(given: Sentences, new: Sequence[str], apart: Sequence[str]) -> Model:
    """Fits all by the writers that are not set apart; the numbers by the new ones of them."""
    rows = np.flatnonzero(~np.isin(given.writer, apart))
    writers = sorted(set(given.writer[rows]))
    said = np.zeros(len(given.words))
    for fold in range(FOLDS):
        theirs = np.isin(given.writer, writers[fold::FOLDS])
        said[theirs] = learn(given, rows[~theirs[rows]]).of(given)[theirs]
    mine = set(new) - set(apart)
    findings = [finding for finding in given.findings if finding.writer in mine]
    doubtful = [finding for finding in findings if finding.doubtful]
    rules = sorted({finding.rule for finding in doubtful})
    facts = judged_by(given, said, given.findings)
    right = np.array([bool(finding.marks) for finding in doubtful], float)
    counts = np.array([ALARM if finding.calm and not finding.marks else 1.0 for finding in doubtful])
    belief = fit(of_findings(facts, doubtful, rules), right, counts)
    model = Model(learn(given, rows), rules, belief, np.zeros(0))
    shown = [finding for finding, chance in zip(findings, model.chances(facts, findings), strict=True) if chance >= BELIEVED]
    facts, found = judged_by(given, said, shown), is_found(given, shown)
    open_ = np.flatnonzero(np.isin(given.writer, list(mine)) & ~found)
    model.numbers = fit(facts[open_], given.marked[open_].astype(float), np.where(given.calm[open_], CALM_LAST, 1.0))
    return model


def tones(given: Sentences, weights: Weights) -> dict[str, tuple[str, int]]:
    """The label that each word speaks for most, and how much, in halves of a logit: 7 at most."""
    of_word: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    of_all: collections.Counter[str] = collections.Counter()
    for row, words in enumerate(given.words):
        for label in given.labels(row):
            of_all[label] += 1
            for word in set(words):
                of_word[word][label] += 1
    total = of_all.total()

    def speaks(word: str, label: str) -> float:
        part = of_all[label] / total
        return math.log((of_word[word][label] + 3 * part) / (of_word[word].total() + 3) / part)

    known = sorted(set(of_all) - set(GRAVE))
    best = {word: max(known, key=lambda label: speaks(word, label)) for word in weights.places}
    return {word: (label, max(0, min(7, round(2 * speaks(word, label))))) for word, label in best.items()}


def voted(words: Sequence[str], weights: Weights, tone: dict[str, tuple[str, int]]) -> str:
    """The label that the words of a sentence speak for."""
    votes: collections.Counter[str] = collections.Counter()
    for word in words:
        place = weights.places.get(word)
        if place is not None and weights.values[place]:
            votes[tone[word][0]] += tone[word][1]
    return max(votes, key=lambda label: votes[label], default="")


def judge(given: Sentences, model: Model, tone: dict[str, tuple[str, int]], writers: Sequence[str]) -> None:
    """Prints what comes of each cut on some writers."""
    said = model.weights.of(given)
    facts = judged_by(given, said, given.findings)
    short = np.array([2 <= math.exp(fact) <= LONGEST + 0.1 for fact in given.facts[:, LENGTH]])
    for writer in writers:
        mine = given.writer == writer
        findings = [finding for finding in given.findings if finding.writer == writer]
        chances = model.chances(facts, findings)
        places = sorted(set(given.draft[mine]))
        hot = {place for place in places if given.drafts[place].heat >= 2}
        calm = {place for place in places if given.drafts[place].heat == 0}
        marks = sum(len(given.drafts[place].marks) for place in places) or 1
        print(f"{writer}: {len(calm)} calm, {len(hot)} hot")
        for belief in BELIEF_CUTS:
            shown = [finding for finding, chance in zip(findings, chances, strict=True) if chance >= belief]
            heard = np.isin(given.draft, [finding.draft for finding in shown if finding.rule not in SHAPE])
            logits = judged_by(given, said, shown) @ model.numbers
            line = []
            for cut in (math.inf, *CUTS):
                least = np.where(heard, cut, ALONE if cut < math.inf else cut)
                picked = np.flatnonzero(mine & ~is_found(given, shown) & (logits >= least) & short)
                right = sum(bool(finding.marks) for finding in shown) + int(given.marked[picked].sum())
                all_ = len(shown) + len(picked)
                met = {(finding.draft, mark) for finding in shown for mark in finding.marks}
                met |= {(given.draft[row], mark) for row in picked for mark in given.marks[row]}
                told = {finding.draft for finding in shown} | set(given.draft[picked])
                same = sum(voted(given.words[row], model.weights, tone) in given.labels(row) for row in picked)
                line.append(
                    f"{cut}: P {right / max(1, all_):.3f} R {len(met) / marks:.3f} calm {len(told & calm)} "
                    f"hot {len(told & hot) / max(1, len(hot)):.2f} (+{len(picked)} at {given.marked[picked].mean() if len(picked) else 0:.2f}, label {same / max(1, len(picked)):.2f})"
                )
            print(f"   believed from {belief}: " + " | ".join(line), flush=True)


def writers(names: str) -> list[str]:
    """Writers from the command line."""
    return names.split(",")


def main() -> None:
    """Reads the arguments, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tempers", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--new", type=writers, default=writers("R,S,T,U,V,W,Z"))
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--apart", type=writers, action="append", default=[])
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    drafts = [draft for path in arguments.files for draft in parse(path, path.stem)]
    if arguments.shared:
        drafts += agent_replies(arguments.shared)[0]
    given = read(arguments.tempers.resolve(), drafts)
    for apart in arguments.apart:
        model = train(given, arguments.new, apart)
        words = int((model.weights.values != 0).sum())
        print(f"without {', '.join(apart)}: {words} words; numbers {np.round(model.numbers, 2).tolist()}; belief {np.round(model.belief, 2).tolist()}")
        judge(given, model, tones(given, model.weights), apart)
    if arguments.write:
        model = train(given, arguments.new, [])
        tone = tones(given, model.weights)
        facts = given.facts.shape[1]
        lines = [
            "# Written by training/temper.py. First, in logits, what the facts of a sentence, and the rule, add to the chance that a finding",
            "# is right (`belief`) and that a sentence without one is unkind (`sentence`). Then a word, its weight in sixteenths of a logit, the",
            "# kind of tone it speaks for, and how much, in halves.",
            "\t".join(["= belief", *(f"{number:.2f}" for number in model.belief[:facts])]),
            *(f"= {rule}\t{number:.2f}" for rule, number in zip(model.rules, model.belief[facts:], strict=True)),
            "\t".join(["= sentence", *(f"{number:.2f}" for number in model.numbers)]),
        ]
        numbers = len(lines)
        for word, place in model.weights.places.items():
            if weight := round(model.weights.values[place] * SCALE):
                lines.append(f"{word}\t{weight}\t{tone[word][0]}\t{tone[word][1]}")
        FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines) - numbers} words, written to {FILE.name}")


if __name__ == "__main__":
    main()
