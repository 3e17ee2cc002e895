#!/usr/bin/env python3
"""Fits the numbers of src/engine/belief.rs: the chance that a rule's finding is right, by its rule, its company and how kind the
draft is, for drafts that no reader reads.

usage: training/belief.py WEIGHING [--rules-new FILE...] [--others FILE...]

WEIGHING is the built example (`cargo build --release -p composure-engine --features trace --example weighing`), FILEs are
labelled drafts, one writer a file: `--rules-new` of writers after whom no rule was written, which alone say how often a rule
is right, `--others` of any more. What is kind is learned from all of them (calm against hot), findings set aside. Prints, writer by
writer of the former, each judged by what the others teach, what a cut costs and brings; then the numbers.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from drafts import Draft, parse

FACTS = ("goodwill", "explanation")
SCORES = ("empathy", "offer-help")
"""How sure the learned half of the checklist is of these counts too."""
SURE = (0.05, 3.0)
"""Less or surer than this makes a draft no colder or kinder."""
KIND = ("1", "please", "ours", *FACTS, *SCORES)
CERTAIN = ("over-apology", "wall-of-text", "profanity", "threat")
"""As `is_doubtful` of src/engine/reading.rs has it."""
ALARM = 4.0
"""So much more a wrong finding in a calm draft counts."""
CUTS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5)
FRIENDS = 3
"""More company than this makes a finding no surer."""
LONG = 40
"""A longer sentence makes a finding no more doubtful."""
Finding = tuple[str, int, int, int]
"""A rule, the start and end of its words in bytes, and how many words their sentence has."""


class Weighed:
    """A draft, its findings as `(rule, start, end, words of the sentence)`, and how it speaks."""

    def __init__(self, draft: Draft, line: str) -> None:
        """Reads a line of the example."""
        fields = [part.split(",") for part in line.split("\t")]
        self.draft = draft
        self.findings = [(f[0], int(f[1]), int(f[2]), int(f[3])) for f in fields if len(f) == 4]
        said = {f[0]: float(f[1]) for f in fields if len(f) == 2}
        facts = {f[0][1:] for f in fields if f[0].startswith("=")}
        shown = [float(fact in facts) for fact in FACTS]
        shares = said["ours"] / max(1.0, said["words"])
        self.kind = np.array([1.0, said["please"], shares, *shown, *(float(np.log(np.clip(said[score], *SURE))) for score in SCORES)])

    def words(self, finding: Finding) -> str:
        """The words of a finding."""
        return self.draft.text.encode()[finding[1] : finding[2]].decode()

    def is_certain(self, finding: Finding) -> bool:
        """Whether a finding is shown in any company."""
        return finding[0] in CERTAIN or finding[0] == "insult" and bool(re.search(r"\byou\b", self.words(finding), re.I))

    def is_right(self, finding: Finding) -> bool:
        """Whether a finding overlaps a mark."""
        raw = self.draft.text.encode()
        start, end = (len(raw[:at].decode()) for at in finding[1:3])
        return any(start < b and a < end for a, b, _ in self.draft.marks)

    def facts(self, finding: Finding, kind: np.ndarray, rules: Sequence[str]) -> list[float]:
        """What a finding's chance is made of."""
        company = min(FRIENDS, sum(rule != "wall-of-text" for rule, *_ in self.findings) - 1)
        return [1.0, float(self.kind @ kind), float(company), min(LONG, finding[3]) / 10, *(float(finding[0] == rule) for rule in rules)]


def read(weighing: Path, path: Path) -> list[Weighed]:
    """The drafts of a file."""
    drafts = parse(path, path.stem)
    given = "".join(draft.text.replace("\0", "") + "\0" for draft in drafts)
    lines = subprocess.run([weighing], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    return [Weighed(draft, line) for draft, line in zip(drafts, lines, strict=True)]


def logistic(x: np.ndarray, y: np.ndarray, penalty: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, by Newton's method."""
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = (x * (counts * chance * (1 - chance))[:, None]).T @ x + np.diag(penalty + 1e-9)
        change = np.linalg.solve(curve, x.T @ (counts * (chance - y)) + penalty * weights)
        weights -= change
        if np.abs(change).max() < 1e-8:
            break
    return weights


def fit(all_: Iterable[Weighed], new: Iterable[Weighed], rules: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """What is kind (positive is not), and what makes a finding right."""
    told = [one for one in all_ if one.draft.heat != 1]
    hot = np.array([float(one.draft.heat > 1) for one in told])
    ridge = np.array([0.0] + [1.0] * (len(KIND) - 1))
    kind = logistic(np.array([one.kind for one in told]), hot, ridge, np.ones(len(told)))
    rows = [(one, finding) for one in new for finding in one.findings if not one.is_certain(finding)]
    counts = np.array([1.0 if one.draft.heat else ALARM for one, _ in rows])
    x = np.array([one.facts(finding, kind, rules) for one, finding in rows])
    right = np.array([float(one.is_right(finding)) for one, finding in rows])
    return kind, logistic(x, right, np.array([0.0, 0.1, 0.1, 0.1] + [3.0] * len(rules)), counts)


def shown(one: Weighed, kind: np.ndarray, weights: np.ndarray, rules: Sequence[str], cut: float) -> list[Finding]:
    """The findings that are believed."""
    chance = lambda finding: 1 / (1 + np.exp(-float(np.dot(one.facts(finding, kind, rules), weights))))  # noqa: E731
    return [finding for finding in one.findings if one.is_certain(finding) or chance(finding) >= cut]


def outcome(judged: list[tuple[Weighed, list[Finding]]]) -> str:
    """Calm drafts flagged, hot ones with a finding, precision and found marks."""
    judged = [(one, [f for f in some if f[0] not in CERTAIN[:2]]) for one, some in judged]
    calm = [bool(some) for one, some in judged if one.draft.heat == 0]
    hot = [bool(some) for one, some in judged if one.draft.heat > 1]
    right = [one.is_right(finding) for one, some in judged for finding in some]
    marks = sum(len(one.draft.marks) for one, _ in judged)
    return f"calm {sum(calm)} of {len(calm)}, hot {np.mean(hot):.3f}, P {np.mean(right):.3f}, right ones a mark {sum(right) / marks:.3f}"


def main() -> None:
    """Reads the arguments, measures, fits, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weighing", type=Path)
    parser.add_argument("--rules-new", type=Path, nargs="+", required=True)
    parser.add_argument("--others", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    new = {path.stem: read(arguments.weighing.resolve(), path) for path in arguments.rules_new}
    others = [one for path in arguments.others for one in read(arguments.weighing.resolve(), path)]
    rules = sorted({finding[0] for some in [*new.values(), others] for one in some for finding in one.findings} - set(CERTAIN))
    judged: dict[float, list[tuple[Weighed, list[Finding]]]] = {cut: [] for cut in CUTS}
    for writer, drafts in new.items():
        rest = [one for other, some in new.items() if other != writer for one in some]
        numbers = fit([*rest, *others], rest, rules)
        for cut, some in judged.items():
            some += [(one, shown(one, *numbers, rules, cut)) for one in drafts]
    for cut, some in judged.items():
        print(f"cut {cut}: {outcome(some)}")
    every = [one for some in new.values() for one in some]
    kind, weights = fit([*every, *others], every, rules)
    print(f"always {weights[0] + weights[1] * kind[0]:.2f}, each of company {weights[2]:.2f}, ten words {weights[3]:.2f}")
    print({name: round(float(weights[1] * weight), 2) for name, weight in zip(KIND[1:], kind[1:])})
    print({rule: round(float(weight), 2) for rule, weight in zip(rules, weights[4:])})


if __name__ == "__main__":
    main()
