#!/usr/bin/env python3
"""Checks files of labelled drafts: format, labels, truth lines, lengths of spans. Prints what is wrong and what is there.

usage: training/check.py FILE...
"""

from __future__ import annotations

import collections
import re
import sys
from pathlib import Path

LABELS = (
    "insult profanity hostility threat shouting sarcasm passive-aggression condescension "
    "blame disbelief defensiveness dismissal non-apology demand overclaim coldness"
).split()
ITEMS = "greeting apology empathy explanation value next_step goodwill offer_help signature".split()
MARK = re.compile(r"\[\[([\w-]+)\|(.*?)\]\]", re.S)
REQUEST = re.compile(r"\{\{(Q\d+)\|(.*?)\}\}", re.S)


def faults(block: str) -> list[str]:
    """What is wrong with one case."""
    parts = {m[1]: m[2].strip("\n") for m in re.finditer(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", block, re.S | re.M)}
    found = [f"no '--- {part}'" for part in ("draft", "truth") if part not in parts]
    if found:
        return found
    draft, truth = parts["draft"], parts["truth"]
    for label, words in MARK.findall(draft):
        if label not in LABELS:
            found.append(f"unknown label {label}")
        if len(words.split()) > 14:
            found.append(f"a span of {len(words.split())} words: {words[:50]}")
    if re.search(r"\[\[|\]\]", MARK.sub("", draft)):
        found.append("a mark that is nested or not closed")
    if "customer" in parts and re.search(r"\{\{|\}\}", REQUEST.sub("", parts["customer"])):
        found.append("a request's mark that is nested or not closed")
    heat = re.search(r"^heat=([0-4])$", truth, re.M)
    if not heat:
        found.append("no heat=0..4")
    elif (heat[1] == "0") != (not MARK.search(draft)):
        found.append(f"heat={heat[1]} with {len(MARK.findall(draft))} marks")
    asked = {name for name, _ in REQUEST.findall(parts.get("customer", ""))}
    answered = set(re.findall(r"(Q\d+)=(?:yes|no)", truth))
    if asked != answered:
        found.append(f"requests {sorted(asked)} but answered {sorted(answered)}")
    # Drafts that teach the reader alone say nothing of items.
    missing = [item for item in ITEMS if not re.search(rf"\b{item}=(yes|no|non)\b", truth)]
    found += [f"truth lacks {item}" for item in missing if len(missing) < len(ITEMS)]
    return found


def check(path: Path) -> int:
    """Prints the faults of a file and counts what is in it; returns the number of faults."""
    text = path.read_text(encoding="utf-8")
    blocks = re.split(r"^=== CASE ", text, flags=re.M)[1:]
    faulty = 0
    for block in blocks:
        for fault in faults(block):
            print(f"{path.name} {block.splitlines()[0].strip()}: {fault}")
            faulty += 1
    heats = collections.Counter(re.findall(r"^heat=(\d)$", text, re.M))
    labels = collections.Counter(label for label, _ in MARK.findall(text))
    print(path.name, len(blocks), "cases, heat", dict(sorted(heats.items())), dict(labels.most_common()))
    print("  missing labels:", [label for label in LABELS if label not in labels], "faults:", faulty)
    return faulty


if __name__ == "__main__":
    sys.exit(1 if sum(check(Path(name)) for name in sys.argv[1:]) else 0)
