"""Writes the reader's file and the fixtures that hold Rust and Python to one another (FORMAT.md 1, 6, 7)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from drafts import Draft
from judge import Judgement, utf8
from network import Network, Packing, load, padded, read, save
from text import FOLD, LABELS, WINDOW, Tokenizer, sentences

ODD = [
    "Hi Zoë,\r\n\r\nI TOLD you: it’s £4.50 (“final”)… Really?! No.\nDr. Smith, e.g. at 10 a.m. today, disagrees. OK",
    "Thanks.  \u00a0Sorry, but that's just our policy — take it or leave it 🙂👍🏽! Ça va? ½ price\u200b, soft\u00adhyphen, e\u0301te\u0301.",
    "NO REFUNDS!!! What part of *no* don't you\tunderstand?? :-) www.example.com/a?b=c someone@example.com",
    "Antidisestablishmentarianism" * 4 + " is one word. ẞİ ﬁ ½ ² Ω 漢字 заказ.",
    "you clearly did not read it " * 30,
    "\n \n",
    "",
]
"""Drafts for what a tokeniser and a splitter get wrong."""


def settings(judgement: Judgement, source: str) -> dict[str, Any]:
    """The metadata that is not the network's shape."""
    return {
        "version": 4, "labels": LABELS, "fold": FOLD, "window": WINDOW,
        "low": judgement.low, "gap": judgement.gap, "mix": judgement.mix, "score": judgement.score,
        "thresholds": judgement.thresholds,
        "heat_with_rules": judgement.heat_with_rules, "trust": judgement.trust, "least_trust": judgement.least_trust,
        "rest": judgement.rest,
        "source": source,
    }  # fmt: skip


def judgement_of(about: dict[str, Any]) -> Judgement:
    """The reverse of `settings`."""
    tuples = {name: tuple(about[name]) for name in ("score", "thresholds", "heat_with_rules", "trust")}
    return Judgement(low=about["low"], gap=about["gap"], mix=about["mix"], least_trust=about["least_trust"], rest=about["rest"], **tuples)


def write(
    network: Network, pieces: Sequence[str], judgement: Judgement, source: str, layers: Packing, words: Packing, path: Path
) -> None:
    """Writes the reader's file."""
    save(network, pieces, layers, words, settings(judgement, source), path)


@torch.no_grad()
def fixture(draft: str, network: Network, tokenizer: Tokenizer, judgement: Judgement) -> dict[str, Any]:
    """What the reader must make of a draft."""

    def rounded(values: torch.Tensor) -> list[float]:
        return [round(value, 4) for value in values.tolist()]

    windows = tokenizer.windows(draft)
    readings = read(network, windows)
    said = []
    for window in windows:
        tag, sentence = network(*padded([window]))
        said.append(
            {"ids": window.ids, "types": window.types, "tag": [rounded(row) for row in tag[0]], "sentence": rounded(sentence[0])}
        )
    findings = judgement.findings(Draft("", "", draft, [], 0), readings)
    return {
        "draft": draft,
        "sentences": [[utf8(draft, start), utf8(draft, end)] for start, end in sentences(draft)],
        "windows": said,
        "findings": [
            {"start": utf8(draft, f.start), "end": utf8(draft, f.end), "label": f.label, "score": round(f.score, 5)}
            for f in findings
        ],
        "heat": round(judgement.warmth(readings), 3),
    }


def write_fixtures(file: Path, drafts: Sequence[str], path: Path) -> None:
    """Reads a reader's file and writes what it makes of drafts, the odd ones among them."""
    network, pieces, about = load(file)
    tokenizer, judgement = Tokenizer(pieces), judgement_of(about)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(fixture(draft, network, tokenizer, judgement), ensure_ascii=False) for draft in [*ODD, *drafts])
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
