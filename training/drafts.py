"""The labelled drafts that the reader learns from, and the real calm replies beside them."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable
from pathlib import Path

from text import LABELS

ROOT = Path(__file__).resolve().parent.parent
AGENTS = "agents"
"""The writer of the real agent replies."""


@dataclasses.dataclass
class Draft:
    """A reply with its marks; offsets are characters of `text`."""

    id: str
    writer: str
    text: str
    marks: list[tuple[int, int, str]]
    heat: int
    """0 calm to 4 explosive."""


def parse(path: Path, writer: str) -> list[Draft]:
    """The drafts of a file in the form of GUIDE.md; raises ValueError where one is not in that form."""
    found = []
    for block in re.split(r"^=== CASE ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name = block.split("\n", 1)[0].strip()
        parts = {m[1]: m[2] for m in re.finditer(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", block, re.S | re.M)}
        heat = re.search(r"heat=([0-4])", parts.get("truth", ""))
        if "draft" not in parts or not heat:
            raise ValueError(f"{path.name} {name}: no draft or no heat")
        text, marks = unmarked(parts["draft"].strip())
        if any(label not in LABELS for _, _, label in marks):
            raise ValueError(f"{path.name} {name}: unknown label")
        found.append(Draft(f"{writer}/{name}", writer, text, marks, int(heat[1])))
    return found


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without `[[label|words]]`, and where those words are."""
    text, marks, at = "", [], 0
    for mark in re.finditer(r"\[\[([\w-]+)\|(.*?)\]\]", marked, re.S):
        text += marked[at : mark.start()]
        marks.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        at = mark.end()
    return text + marked[at:], marks


def labelled(step: int = 1) -> list[Draft]:
    """Every draft of `training/drafts` and of our own tuning cases, or every `step`-th of each; a file is a writer."""
    files = [*sorted((ROOT / "training" / "drafts").glob("*.txt")), *sorted((ROOT / "tests" / "corpus").glob("tuning-*.txt"))]
    return [draft for file in files for draft in parse(file, file.stem)[::step]]


def agent_replies(shared: Path) -> tuple[list[Draft], list[Draft]]:
    """Real replies of support agents, all calm: the half to learn from, and the half that only counts false alarms."""
    lines = (shared / "data" / "agent_replies_calm.jsonl").read_text(encoding="utf-8").splitlines()
    replies = [Draft(f"{AGENTS}/{i}", AGENTS, json.loads(line)["text"], [], 0) for i, line in enumerate(lines)]
    return replies[: len(replies) // 2], replies[len(replies) // 2 :]


def by_writer(drafts: Iterable[Draft]) -> dict[str, int]:
    """How many drafts each writer has."""
    counts: dict[str, int] = {}
    for draft in drafts:
        counts[draft.writer] = counts.get(draft.writer, 0) + 1
    return counts
