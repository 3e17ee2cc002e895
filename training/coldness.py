#!/usr/bin/env python3
"""Fits the weights of `coldness` in src/engine/heat.rs: what tells a friendly draft from a cold one where no rule speaks.

usage: training/coldness.py COMPOSURE SCORER FILE...

COMPOSURE is the built command line, SCORER the shared `tone/score.py`, FILEs are labelled drafts, one writer a file. A
logistic regression, hot (heat 2 to 4) against calm (0), cool (1) counting as 0.6 of hot, on the drafts without a finding;
only draft and checklist are looked at. Prints the weights and, for each writer, how well the heat with them parts hot and cool
from calm.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import re
import subprocess
import sys
from pathlib import Path

ROUNDS = 12
RIDGE = 1.0
SIGNS = ("please", "exclaims", "asks", "kind", "goodwill", "next_step", "signature")
NAMES = ("one", "mine", "ours", *SIGNS)


@dataclasses.dataclass(frozen=True)
class Example:
    """A reviewed draft: how angry its writer says it is (0 to 4), the heat of its findings, and what `coldness` sees."""

    truth: int
    findings_heat: float
    words: int
    seen: tuple[float, ...]


def seen(draft: str, checklist: dict[str, str]) -> tuple[int, tuple[float, ...]]:
    """The number of words, and a value for each of `NAMES`."""
    words = [re.split("['’]", word)[0] for word in re.findall(r"\w+(?:['’]\w+)*", draft.lower())]
    share = lambda known: sum(word in known for word in words) / max(1, len(words))  # noqa: E731
    met = lambda *items: float(any(checklist.get(item) == "met" for item in items))  # noqa: E731
    return len(words), (
        1.0,
        share({"i", "my", "me"}),
        share({"we", "our", "us"}),
        float("please" in words),
        float("!" in draft),
        float("?" in draft),
        met("apology", "empathy"),
        met("goodwill"),
        met("next_step"),
        met("signature"),
    )


def examples(composure: Path, scorer: Path, path: Path) -> list[Example]:
    """The drafts of a file, reviewed. Their heat is that of the findings, or 0 where there are none."""
    truths = dict(re.findall(r"^=== CASE (\S+)[^\n]*\n(?:(?!^=== CASE ).*\n)*?.*heat=(\d)", path.read_text(), flags=re.M))
    given = subprocess.run([sys.executable, scorer, path, "--emit"], capture_output=True, text=True, check=True).stdout
    command = [composure, "review", "--format", "jsonl", "--assess", "--fail-on", "never"]
    said = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout
    found = []
    for line, answer in zip(given.splitlines(), said.splitlines(), strict=True):
        case, review = json.loads(line), json.loads(answer)
        if case["id"] in truths:
            words, values = seen(case["draft"], review["checklist"])
            heat = float(review["heat"]) if review["findings"] else 0.0
            found.append(Example(int(truths[case["id"]]), heat, words, values))
    return found


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss-Jordan with pivots."""
    rows = [row + [value] for row, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(len(rows)):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[column], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def logit(weights: list[float], values: tuple[float, ...]) -> float:
    """What is between 0 and 1 after the logistic function."""
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def fit(given: list[Example]) -> list[float]:
    """Newton's method, with a ridge that keeps rare signs small."""
    size = len(NAMES)
    # Shares of words are a tenth of the other values.
    scaled = [tuple(value * 10 if 0 < place < 3 else value for place, value in enumerate(one.seen)) for one in given]
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [RIDGE * weight for weight in weights]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for one, values in zip(given, scaled, strict=True):
            chance = 1 / (1 + math.exp(-logit(weights, values)))
            wanted = {0: 0.0, 1: 0.6}.get(one.truth, 1.0)
            for row, value in enumerate(values):
                slope[row] += (chance - wanted) * value
                for column, other in enumerate(values):
                    bend[row][column] += chance * (1 - chance) * value * other
        weights = [weight - step for weight, step in zip(weights, solve(bend, slope), strict=True)]
    return [weight * 10 if 0 < place < 3 else weight for place, weight in enumerate(weights)]


def heat(weights: list[float], one: Example) -> int:
    """As heat.rs says it."""
    said = min(max(one.words - 4, 0), 16) / 16
    cold = 20 * said / (1 + math.exp(-logit(weights, one.seen)))
    return round(one.findings_heat + cold * (1 - one.findings_heat / 100))


def auc(high: list[int], low: list[int]) -> float:
    """How often one of the first is above one of the second; ties count half."""
    if not high or not low:
        return math.nan
    return sum((one > other) + (one == other) / 2 for one in high for other in low) / (len(high) * len(low))


def main() -> None:
    """Reads the arguments, fits, and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("composure", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    writers = {path.stem: examples(arguments.composure, arguments.scorer, path) for path in arguments.files}
    weights = fit([one for drafts in writers.values() for one in drafts if one.findings_heat == 0])
    print(" ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, weights, strict=True)))
    for writer, drafts in writers.items():
        heats = [[heat(weights, one) for one in drafts if one.truth in truths] for truths in ({0}, {1}, {2, 3, 4})]
        print(f"{writer}: AUC hot {auc(heats[2], heats[0]):.3f}, cool {auc(heats[1], heats[0]):.3f}")


if __name__ == "__main__":
    main()
