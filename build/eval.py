#!/usr/bin/env python3
"""Measures how well the engine judges, and writes the tables of docs/evaluation.md.

usage: build/eval.py COMPOSURE SHARED [READER]

COMPOSURE is the built command; SHARED is the folder beside the repository with the labelled drafts (`tone/`) and the
public data (`data/`). READER is the learned reader's file: with it, everything is measured twice, by the rules alone and
by both. Without SHARED nothing can be scored. Scores are those of SHARED/tone/score.py, which is
imported as it is, so that nobody marks their own homework; our own cases have its format.
"""

from __future__ import annotations

import datetime
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "evaluation.md"
BEGIN, END = "<!-- eval: begin -->", "<!-- eval: end -->"
CHECKLIST = ["greeting", "apology", "empathy", "explanation", "value", "next_step", "goodwill", "offer_help", "signature"]

Case = dict[str, Any]
Prediction = dict[str, Any]
Score = dict[str, Any]


def review(command: list[str | Path], lines: Iterable[dict[str, Any]]) -> dict[Any, Prediction]:
    """Reviews drafts, given as the objects of `--format jsonl`; returns what is said of each, by id."""
    words = "".join(json.dumps(line) + "\n" for line in lines)
    arguments = [*command, "--format", "jsonl", "--assess", "--fail-on", "never"]
    done = subprocess.run(arguments, input=words.encode(), stdout=subprocess.PIPE, check=True)
    answers = (json.loads(line) for line in done.stdout.splitlines())
    return {answer["id"]: answer for answer in answers}


def emitted(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Cases as `score.py --emit` prints them."""

    def thread(case: Case) -> list[dict[str, str]]:
        return [{"from": "customer", "text": case["customer"]}] if "customer" in case else []

    return [{"id": case["id"], "draft": case["draft"], "thread": thread(case)} for case in cases]


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or a dash where there is nothing to count (None or not a number)."""
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def triple(score: tuple[float, float, float]) -> str:
    """Precision, recall and F1."""
    return " / ".join(number(value) for value in score)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def corpus_row(name: str, cases: list[Case], score: Score) -> list[str]:
    """How one corpus was judged."""
    calm = sum(case["heat"] == 0 for case in cases)
    has_calm, has_hot = calm > 0, any(case["heat"] >= 2 for case in cases)
    has_spans = any(case["spans"] for case in cases)
    has_threads = any(case.get("requests") for case in cases)
    flagged = round(score["calm_drafts_with_finding"] * calm)
    return [
        name,
        str(len(cases)),
        f"{flagged} of {calm}" if has_calm else "–",
        number(score["calm_findings_per_1000_words"]) if has_calm else "–",
        triple(score["span_any"]) if has_spans else "–",
        triple(score["span_label"]) if has_spans else "–",
        number(score["hot_drafts_with_finding"]) if has_hot else "–",
        number(score["heat_auc_hot_vs_calm"]),
        number(score["heat_auc_cool_vs_calm"]),
        triple(score["requests"]) if has_threads else "–",
        number(score["answered_accuracy"]) if has_threads else "–",
    ]


CORPUS_HEAD = [
    "corpus", "drafts", "calm flagged", "findings per 1,000 calm words", "spans, any label P / R / F1",
    "spans, same label P / R / F1", "hot with finding", "heat AUC hot", "heat AUC cool", "requests P / R / F1", "answered",
]  # fmt: skip


def replies(name: str, command: list[str | Path], file: Path) -> tuple[list[str], list[str]]:
    """Real agent replies, none of them labelled: each finding is almost surely a false alarm. A row, and all of them."""
    texts = {line["id"]: line["text"] for line in map(json.loads, file.open(encoding="utf-8"))}
    said = review(command, ({"id": id, "draft": text} for id, text in texts.items()))
    words = sum(len(text.split()) for text in texts.values())
    found = [(id, finding) for id, answer in said.items() for finding in answer["findings"]]
    flagged = len({id for id, _ in found})
    per_thousand = number(1000 * len(found) / max(1, words))
    row = [f"real agent replies: {name}", str(len(texts)), f"{flagged} of {len(texts)}", per_thousand]
    return row + ["–"] * (len(CORPUS_HEAD) - len(row)), [listed(finding, texts[id]) for id, finding in found]


def listed(finding: Prediction, text: str) -> str:
    """A finding with some words around it."""
    bytes_ = text.encode()
    before = bytes_[max(0, finding["start"] - 60) : finding["start"]].decode(errors="ignore")
    behind = bytes_[finding["end"] : finding["end"] + 60].decode(errors="ignore")
    words = re.sub(r"\s+", " ", f"{before}**{finding['text'].strip()}**{behind}").replace("|", "\\|")
    return f"- {finding['rule']}: …{words}…"


def label_table(score: Score) -> str:
    """Recall and precision of each label."""
    rows = [[label, str(count), number(recall), number(right)] for label, (recall, right, count) in score["per_label"].items()]
    return table(["label", "spans", "recall", "precision"], rows)


def checklist_table(scores: list[tuple[str, Score]]) -> str:
    """Accuracy of each checklist item, a corpus a row."""
    rows = [
        [name, *(number(score["checklist"].get(item)) for item in CHECKLIST)]
        for name, score in scores
        if score["checklist"]
    ]
    return table(["corpus", *CHECKLIST], rows)


def own_score(shared: Path) -> ModuleType | None:
    """score.py, from where it is kept."""
    if not (shared / "tone" / "score.py").is_file():
        return None
    sys.path.insert(0, str(shared / "tone"))
    return importlib.import_module("score")


def corpora(shared: Path) -> list[tuple[str, list[Path]]]:
    """What is measured: the cases kept aside, our own, and the calm drafts of the training files."""
    own = sorted((ROOT / "tests" / "corpus").glob("*-*.txt"))
    found = [("dev.txt", [shared / "tone" / "dev.txt"])]
    found += [(f"our own: {path.name}", [path]) for path in own]
    found += [("our own, together", own)] if len(own) > 1 else []
    found += [("writer Q", [ROOT / "training" / "drafts" / "Q.txt"])]
    found += [("lone.txt, one sentence in a kind reply", [ROOT / "tests" / "corpus" / "lone.txt"])]
    calm = ("calm_tuning.txt", "calm_aside.txt", "calm_hard.txt", "calm_hard_aside.txt")
    found += [(f"good replies: {name}", [ROOT / "tests" / "corpus" / name]) for name in calm]
    found += [("calm drafts of train/", sorted((shared / "tone" / "train").glob("*.txt")))]
    return [(name, paths) for name, paths in found if paths and all(path.is_file() for path in paths)]


def measure(command: Path, shared: Path, reader: Path | None) -> str:
    """All tables, as markdown."""
    scorer = own_score(shared)
    if scorer is None:
        return f"_{shared} is not here, so nothing could be scored._"
    voices: dict[str, list[str | Path]] = {"rules": [command, "review"]}
    if reader:
        voices["rules and reader"] = [command, "review", "--reader", reader]
    rows, scores, alarms = [], [], []
    for name, paths in corpora(shared):
        cases = [{**case, "id": f"{path.stem}:{case['id']}"} for path in paths for case in scorer.parse(str(path))]
        if name.startswith("calm"):
            cases = [case for case in cases if case["heat"] == 0]
        for voice, words in voices.items():
            score = scorer.score(cases, review(words, emitted(cases)))
            rows.append(corpus_row(f"{name}: {voice}", cases, score))
            if voice == "rules":
                scores.append((name, score))
        if name == "dev.txt":
            rows += baselines(scorer, cases)
    file = shared / "data" / "agent_replies_calm.jsonl"
    if file.is_file():
        for voice, words in voices.items():
            row, found = replies(voice, words, file)
            rows.append(row)
            alarms += [f"{line} ({voice})" for line in found]
    return page(rows, scores, alarms)


def baselines(scorer: ModuleType, cases: list[Case]) -> list[list[str]]:
    """What a sentiment lexicon and a list of swear words make of the same drafts, where they are installed."""
    predictions: dict[str, dict[str, Prediction]] = {}
    try:
        from better_profanity import profanity
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return []
    vader = SentimentIntensityAnalyzer()
    predictions["VADER (heat only)"] = {
        case["id"]: {"heat": 50 - 50 * vader.polarity_scores(case["draft"])["compound"], "findings": []} for case in cases
    }
    profanity.load_censor_words()
    swearing: dict[str, Prediction] = {}
    for case in cases:
        found = [match for match in re.finditer(r"\S+", case["draft"]) if profanity.contains_profanity(match[0])]
        byte = [len(case["draft"][: at].encode()) for match in found for at in match.span()]
        spans = zip(byte[::2], byte[1::2], strict=True)
        findings = [{"start": start, "end": end, "rule": "profanity"} for start, end in spans]
        swearing[case["id"]] = {"heat": 100 * len(findings), "findings": findings}
    predictions["better-profanity"] = swearing
    return [corpus_row(f"dev.txt: {name}", cases, scorer.score(cases, said)) for name, said in predictions.items()]


def page(rows: list[list[str]], scores: list[tuple[str, Score]], alarms: list[str]) -> str:
    """The tables under each other; labels of all our own cases, or of dev.txt while there are none."""
    own = [(name, score) for name, score in scores if name.startswith("our own")] or scores[:1]
    parts = [f"Measured {datetime.date.today().isoformat()} by `./build.sh eval`.", table(CORPUS_HEAD, rows)]
    parts += ["Checklist, accuracy of each item (`--assess`):", checklist_table(scores)]
    if own:
        name, score = own[-1]
        parts += [f"Each label on {name}:", label_table(score)]
    parts += [f"Every finding on real agent replies ({len(alarms)}):", "\n".join(alarms) or "none"]
    return "\n\n".join(parts)


def write(measured: str) -> None:
    """Puts the tables between the two marks of docs/evaluation.md."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not end:
        sys.exit(f"{PAGE}: the marks {BEGIN} and {END} are missing")
    PAGE.write_text(f"{before}{BEGIN}\n{measured}\n{END}{behind}", encoding="utf-8")


def main() -> None:
    """Prints the tables; writes them unless nothing could be scored."""
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    command, shared = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    reader = Path(sys.argv[3]) if len(sys.argv) == 4 else None
    measured = measure(command, shared, reader if reader and reader.is_file() else None)
    print(measured)
    if own_score(shared) is not None:
        write(measured)
        print(f"\nwritten to {PAGE.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
