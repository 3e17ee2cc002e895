"""From what the network says to findings and heat: fitting the few numbers that decide, and measuring the outcome.

Scores are those of `../shared/tone/score.py`, imported as it is.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from drafts import Draft
from network import Network, read
from text import LABELS, Finding, Reading, Run, Tokenizer, around, company, heat_features, logit, peak_of, runs, sigmoid

Prediction = dict[str, Any]


@dataclasses.dataclass
class Judgement:
    """The numbers of FORMAT.md 5."""

    low: float = 0.15
    gap: int = 2
    mix: float = 0.0
    score: tuple[float, ...] = (0.0, 0.5, 0.5, 0.2, 0.0, 0.0)
    thresholds: tuple[float, ...] = (0.5,) * len(LABELS)
    heat_with_rules: tuple[float, ...] = (-3.1, 2.0, 0.2, -0.5, 2.4)
    trust: tuple[float, ...] = (2.3, 0.7, 1.1, 0.4)
    least_trust: float = 0.0
    rest: int = 4
    """Words that a finding must have left beside a rule's to stay."""

    def runs(self, draft: Draft, readings: Sequence[Reading]) -> list[Run]:
        """What may become a finding."""
        shares = around([float(reading.sentence[0]) for reading in readings])
        beside = company([peak_of(reading) for reading in readings])
        found = (
            runs(draft.text, reading, share, beside[number], number == 0, self.low, self.gap, self.mix)
            for number, (reading, share) in enumerate(zip(readings, shares))
        )
        return [run for some in found for run in some]

    def findings(self, draft: Draft, readings: Sequence[Reading]) -> list[Finding]:
        """What the reader underlines."""
        found = []
        for run in self.runs(draft, readings):
            score = run.score(self.score)
            if score >= self.thresholds[run.label]:
                found.append(Finding(run.start, run.end, LABELS[run.label], score))
        return found

    def warmth(self, readings: Sequence[Reading], of_rules: float = 0.0) -> float:
        """The draft's heat, 0 to 100, given that of the rules."""
        if not readings:
            return of_rules
        facts = [*heat_features(readings), of_rules / 100]
        return 100 * sigmoid(sum(w * x for w, x in zip(self.heat_with_rules, facts, strict=True)))


Readings = list[tuple[Draft, list[Reading]]]


def read_all(network: Network, tokenizer: Tokenizer, drafts: Sequence[Draft]) -> Readings:
    """What the network says of each draft, window by window."""
    windows = [tokenizer.windows(draft.text) for draft in drafts]
    flat = iter(read(network, [window for some in windows for window in some]))
    return [(draft, [next(flat) for _ in some]) for draft, some in zip(drafts, windows)]


def right(run: Run, draft: Draft) -> bool:
    """Whether a run overlaps a mark."""
    return any(run.start < end and start < run.end for start, end, _ in draft.marks)


def logistic(x: np.ndarray, y: np.ndarray, penalty: np.ndarray, counts: np.ndarray | float = 1.0) -> np.ndarray:
    """Weights of a logistic regression (Newton's method); `y` may lie between 0 and 1, `penalty` is for each weight,
    `counts` is how much each row counts."""
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (counts * (p - y)) + penalty * weights
        curve = (x * (counts * p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9)
        change = np.linalg.solve(curve, slope)
        weights -= change
        if np.abs(change).max() < 1e-8:
            break
    return weights


Told = tuple[Draft, list[Reading], float]
"""What a network says of a draft, and how much it counts."""


def begun(readings: Readings, seed: int) -> list[Told]:
    """Drafts as they are read while they are typed: whole, and, for less, the first quarter, half and three quarters of their
    windows and two windows alone, so that what is decided holds for one sentence as for twenty."""
    chance = random.Random(seed)
    found: list[Told] = []
    for draft, some in readings:
        count = len(some)
        found.append((draft, some, 1.0))
        found += [(draft, some[:size], 0.1) for size in sorted({max(1, count * part // 4) for part in (1, 2, 3)}) if size < count]
        found += [(draft, some[i : i + 1], 0.1) for i in chance.sample(range(count), min(2, count))]
    return found


def fit(readings: Readings, fresh: Readings, said: dict[str, Prediction], start: Judgement, calm: float, alarm: float = 4.0) -> Judgement:
    """The numbers that hear most on drafts the network never saw, while at most the share `calm` of calm drafts is flagged.

    `fresh` are drafts of writers that no rule was written from either: only they say how far rules are to be trusted, and
    where the cut is. `said` is what the rules say of them. A finding's score is the chance that it is right, from its peak,
    its company and (shrunk) its label; a rule's finding has a trust of the same kind, without the label. One cut holds for
    both, the lowest at which no more calm drafts are flagged, each writer of `fresh` being judged by what the others teach. A
    wrong finding in a calm draft counts `alarm` times."""
    writers = sorted({draft.writer for draft, _ in fresh})
    quiet: list[float] = []
    for writer in writers:
        taught = fit_once(readings, [pair for pair in fresh if pair[0].writer != writer], said, start, alarm)
        quiet += [surest(draft, some, said, *taught) for draft, some in fresh if draft.writer == writer and draft.heat == 0]
    cut = sorted(quiet, reverse=True)[math.floor(calm * len(quiet))] + 1e-6
    fitted, bias = fit_once(readings, fresh, said, start, alarm)
    both = [[*heat_features(some), said[draft.id]["heat"] / 100] for draft, some in fresh if some]
    heats = np.array([draft.heat / 4 for draft, some in fresh if some])
    heat = logistic(np.array(both), heats, np.array([0.0, 0.1, 0.1, 0.1, 0.1]))
    thresholds = tuple(sigmoid(logit(cut) - float(one)) for one in bias)
    return dataclasses.replace(fitted, thresholds=thresholds, least_trust=cut, heat_with_rules=tuple(map(float, heat)))


def fit_once(readings: Readings, fresh: Readings, said: dict[str, Prediction], start: Judgement, alarm: float) -> tuple[Judgement, np.ndarray]:
    """The weights of `score` and of `trust`, and what each label adds to the former."""
    facts, good, counts = [], [], []
    for draft, some, weight in begun(readings, 1) + begun(fresh, 1):
        for run in start.runs(draft, some):
            facts.append(run.facts() + [float(run.label == label) for label in range(len(LABELS))])
            good.append(right(run, draft))
            counts.append(weight * (1.0 if draft.heat else alarm))
    of_runs = logistic(np.array(facts), np.array(good, float), np.array([0.0] + [0.1] * 5 + [8.0] * len(LABELS)), np.array(counts))
    facts, good, counts = [], [], []
    for draft, some, weight in begun(fresh, 1):
        for finding, fact in believable(draft, some, said[draft.id]):
            start_of, end_of = characters(draft, finding)
            facts.append(fact)
            good.append(any(start_of < b and a < end_of for a, b, _ in draft.marks))
            counts.append(weight * (1.0 if draft.heat else alarm))
    # A trial on a few drafts may have none.
    of_rules = logistic(np.array(facts).reshape(-1, 4), np.array(good, float), np.array([0.0, 0.1, 0.1, 0.1]), np.array(counts))
    return dataclasses.replace(start, score=tuple(map(float, of_runs[:6])), trust=tuple(map(float, of_rules))), of_runs[6:]


def believable(draft: Draft, readings: Sequence[Reading], said: Prediction) -> list[tuple[dict[str, Any], list[float]]]:
    """The findings of rules that windows speak of, with the facts of the window that is the most suspect."""
    facts, found = trust_facts(readings), []
    for finding in said["findings"]:
        windows = touched(draft, readings, finding)
        if (finding.get("label") or finding["rule"]) in LABELS and windows:
            found.append((finding, max((facts[i] for i in windows), key=lambda fact: fact[1])))
    return found


def surest(draft: Draft, readings: Sequence[Reading], said: dict[str, Prediction], judgement: Judgement, bias: np.ndarray) -> float:
    """The greatest chance of being right that anything in a draft has, in the reader's eyes or the rules'."""
    heard = [sigmoid(logit(run.score(judgement.score)) + bias[run.label]) for run in judgement.runs(draft, readings)]
    spoken = [sigmoid(sum(w * x for w, x in zip(judgement.trust, fact, strict=True))) for _, fact in believable(draft, readings, said[draft.id])]
    return max([0.0, *heard, *spoken])


def utf8(text: str, at: int) -> int:
    """Characters to bytes."""
    return len(text[:at].encode())


def prediction(draft: Draft, judgement: Judgement, readings: Sequence[Reading]) -> Prediction:
    """As `composure review --format jsonl` says it."""
    found = judgement.findings(draft, readings)
    spans = [
        {"start": utf8(draft.text, f.start), "end": utf8(draft.text, f.end), "label": f.label, "score": round(f.score, 4)}
        for f in found
    ]
    return {"id": draft.id, "findings": spans, "heat": judgement.warmth(readings)}


def with_rules(said: Prediction, draft: Draft, judgement: Judgement, readings: Sequence[Reading]) -> Prediction:
    """One voice of rules and reader: a rule's finding stays unless the reader finds its sentence, and those around, calm;
    where a rule speaks the reader is silent, but what is left of its finding on either side stays if it is long enough;
    the heat is made of both."""
    alone = prediction(draft, judgement, readings)
    facts = trust_facts(readings)
    trusted = [sigmoid(sum(w * x for w, x in zip(judgement.trust, some, strict=True))) for some in facts]
    spoken = []
    for finding in said["findings"]:
        around_it = [trusted[i] for i in touched(draft, readings, finding)]
        if not around_it or max(around_it) >= judgement.least_trust:
            spoken.append(finding)
    rest = [part for finding in alone["findings"] for part in left_over(draft, finding, spoken, judgement.rest)]
    return {"id": draft.id, "findings": spoken + rest, "heat": judgement.warmth(readings, said["heat"])}


def left_over(draft: Draft, finding: dict[str, Any], spoken: Sequence[dict[str, Any]], least: int) -> list[dict[str, Any]]:
    """What of a reader's finding is not in a rule's: all, or the parts of `least` words and more."""
    within = sorted((s["start"], s["end"]) for s in spoken if finding["start"] < s["end"] and s["start"] < finding["end"])
    if not within:
        return [finding]
    raw, at, parts = draft.text.encode(), finding["start"], []
    for start, end in [*within, (finding["end"], finding["end"])]:
        part = raw[at : max(at, start)].decode(errors="ignore")
        if len(part.split()) >= least:
            begin = at + len(part.encode()) - len(part.lstrip().encode())
            parts.append({**finding, "start": begin, "end": begin + len(part.strip().encode())})
        at = max(at, end)
    return parts


def trust_facts(readings: Sequence[Reading]) -> list[list[float]]:
    """For each window, what the trust in a rule's finding there is made of."""
    shares, peaks = around([float(reading.sentence[0]) for reading in readings]), [peak_of(reading) for reading in readings]
    return [[1.0, *map(logit, facts)] for facts in zip(peaks, shares, company(peaks))]


def characters(draft: Draft, finding: dict[str, Any]) -> tuple[int, int]:
    """Where a finding, whose span is in bytes, is in characters."""
    raw = draft.text.encode()
    return len(raw[: finding["start"]].decode(errors="ignore")), len(raw[: finding["end"]].decode(errors="ignore"))


def touched(draft: Draft, readings: Sequence[Reading], finding: dict[str, Any]) -> list[int]:
    """The windows that have a word of a finding (whose span is in bytes)."""
    start, end = characters(draft, finding)
    return [i for i, reading in enumerate(readings) if any(a >= 0 and a < end and start < b for a, b in reading.window.spans)]


def rules(command: Path, drafts: Sequence[Draft]) -> dict[str, Prediction]:
    """What the rules say of drafts, by id."""
    lines = "".join(json.dumps({"id": draft.id, "draft": draft.text, "thread": []}) + "\n" for draft in drafts)
    arguments = [command, "review", "--format", "jsonl", "--fail-on", "never"]
    done = subprocess.run(arguments, input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def scorer(shared: Path) -> ModuleType:
    """`score.py` of the shared folder."""
    sys.path.insert(0, str(shared / "tone"))
    return importlib.import_module("score")


def measure(score: ModuleType, drafts: Sequence[Draft], predictions: dict[str, Prediction]) -> dict[str, Any]:
    """The scores of predictions."""
    cases = [{"id": d.id, "draft": d.text, "spans": d.marks, "heat": d.heat} for d in drafts]
    return score.score(cases, predictions)


COLUMNS = "| what | drafts | any label R / P | same label R / P | right label of heard | heat AUC hot / cool | calm drafts flagged | per 1,000 calm words | hot with finding |"


def line(name: str, drafts: Sequence[Draft], scores: dict[str, Any]) -> str:
    """A row of the table of figures."""
    number: Callable[[float], str] = lambda value: "–" if value != value else f"{value:.2f}"
    (p, r, _), (q, s, _) = scores["span_any"], scores["span_label"]
    calm = sum(draft.heat == 0 for draft in drafts)
    flagged = round(scores["calm_drafts_with_finding"] * calm)
    return (
        f"| {name} | {len(drafts)} | {number(r)} / {number(p)} | {number(s)} / {number(q)} | {number(s / r if r else math.nan)} | "
        f"{number(scores['heat_auc_hot_vs_calm'])} / {number(scores['heat_auc_cool_vs_calm'])} | {flagged} of {calm} | "
        f"{number(scores['calm_findings_per_1000_words'])} | {number(scores['hot_drafts_with_finding'])} |"
    )
