#!/usr/bin/env python3
"""Lists what every pattern of the rules finds: hits and false alarms, a writer a column.

usage: build/patterns.py TRACE FILE... [--calm FILE.jsonl] [--rule ID] [--words] [--idle]

TRACE is the built example (`cargo build -p composure-engine --features trace --example trace`), FILEs are labelled
drafts, one writer a file. A match that overlaps a marked problem is a hit, any other a false alarm; one in a draft of
heat 0, or in a text of `--calm` (JSON lines with `text`), is a false alarm on calm text and told apart.
`--words` also prints the words of each match, `--idle` only the patterns that hit nothing (which may be right all the same: see tests/corpus/stings.txt), `--rules` names another folder
of rules, which must be the one that TRACE was built with.

A match counts whether or not another pattern finds the same words; `alone` counts the hits that only this one makes.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"\[\[([\w-]+)\|(.*?)\]\]", re.S)


@dataclasses.dataclass(frozen=True)
class Mark:
    """A marked problem: bytes of its draft, and its label."""

    start: int
    end: int
    label: str


@dataclasses.dataclass(frozen=True)
class Draft:
    """A labelled draft without its marks."""

    writer: str
    id: str
    text: str
    heat: int
    marks: tuple[Mark, ...]


@dataclasses.dataclass(frozen=True)
class Pattern:
    """A pattern as it stands in its rule: the text of its lines, with the comment lines above it."""

    rule: str
    line: int
    find: str
    source: str
    comment: str = ""


@dataclasses.dataclass(frozen=True)
class Match:
    """A pattern's match: whose, where, and which marked problem it overlaps (its place in the draft), if any."""

    pattern: int
    draft: Draft
    start: int
    end: int
    offers: bool
    mark: int | None

    @property
    def words(self) -> str:
        """What is matched."""
        return self.draft.text.encode()[self.start : self.end].decode(errors="replace")

    @property
    def kind(self) -> str:
        """`hit` (whatever the label of the marked problem), `false`, or `calm`: false in a calm draft."""
        if self.mark is not None:
            return "hit"
        return "calm" if self.draft.heat == 0 else "false"


def unmarked(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """A draft without its marks, and the marks."""
    text, marks, last = "", [], 0
    for found in MARK.finditer(marked):
        text += marked[last : found.start()]
        start = len(text.encode())
        text += found[2]
        marks.append(Mark(start, len(text.encode()), found[1]))
        last = found.end()
    return text + marked[last:], tuple(marks)


def drafts(path: Path) -> Iterator[Draft]:
    """The labelled drafts of a file. Cases that are not finished are left out."""
    for block in re.split(r"^=== CASE ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        parts = {m[1]: m[2] for m in re.finditer(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", block, re.S | re.M)}
        heat = re.search(r"heat=(\d)", parts.get("truth", ""))
        if heat and "draft" in parts:
            text, marks = unmarked(parts["draft"].strip())
            yield Draft(path.stem, block.split("\n", 1)[0].strip(), text, int(heat[1]), marks)


def calm_texts(path: Path) -> Iterator[Draft]:
    """Real calm replies."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        yield Draft(path.stem[:8], str(number), json.loads(line)["text"], 0, ())


def patterns(rules: Path) -> list[Pattern]:
    """All patterns, in the order of the engine's table."""
    found: list[Pattern] = []
    for path in sorted(rules.glob("*.toml")):
        inside, lines, comment = False, [], []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not inside or line == "]":
                inside = line == "patterns = ["
                continue
            if not lines and (not line.strip() or line.lstrip().startswith("#")):
                comment.append(line)
                continue
            lines.append(line)
            try:
                table = tomllib.loads("x = " + " ".join(part.strip() for part in lines).rstrip(","))
            except tomllib.TOMLDecodeError:
                continue
            source = "\n".join(lines)
            found.append(Pattern(path.stem, number - len(lines) + 1, table["x"]["find"], source, "\n".join(comment)))
            lines, comment = [], []
    return found


def matches(trace: Path, texts: list[Draft]) -> list[Match]:
    """All matches in all drafts."""
    given = "".join(draft.text.replace("\0", "") + "\0" for draft in texts)
    done = subprocess.run([trace], input=given.encode(), stdout=subprocess.PIPE, check=True)
    found = []
    for draft, line in zip(texts, done.stdout.decode().splitlines(), strict=True):
        for item in line.split():
            pattern, start, end, offers = map(int, item.split(","))
            over = (place for place, mark in enumerate(draft.marks) if mark.start < end and start < mark.end)
            found.append(Match(pattern, draft, start, end, bool(offers), next(over, None)))
    return found


def report(known: list[Pattern], found: list[Match], arguments: argparse.Namespace) -> None:
    """Prints a line for each pattern, and its words where asked for."""
    by_pattern: dict[int, list[Match]] = collections.defaultdict(list)
    finders: dict[tuple[str, str, int], set[int]] = collections.defaultdict(set)
    for match in found:
        by_pattern[match.pattern].append(match)
        if match.mark is not None:
            finders[match.draft.writer, match.draft.id, match.mark].add(match.pattern)
    for place, pattern in enumerate(known):
        own = by_pattern[place]
        kinds = collections.Counter(match.kind for match in own)
        if (arguments.rule and pattern.rule != arguments.rule) or (arguments.idle and kinds["hit"]):
            continue
        alone = sum(finders[m.draft.writer, m.draft.id, m.mark] == {place} for m in own if m.mark is not None)
        right = sum(m.draft.marks[m.mark].label == pattern.rule for m in own if m.mark is not None)
        writers = collections.Counter(match.draft.writer for match in own if match.kind == "hit")
        columns = " ".join(f"{writer}{count}" for writer, count in sorted(writers.items()))
        print(
            f"{pattern.rule}:{pattern.line} hits {kinds['hit']} (label {right}, alone {alone}) "
            f"false {kinds['false']} calm {kinds['calm']} [{columns}] {pattern.find[:90]}"
        )
        if arguments.words:
            for match in own:
                label = "" if match.mark is None else match.draft.marks[match.mark].label
                print(f"    {match.kind} {match.draft.writer} {match.draft.id} {label}: {' '.join(match.words.split())}")


def main() -> None:
    """Reads the arguments and prints the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trace", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--calm", type=Path)
    parser.add_argument("--rule")
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--rules", type=Path, default=ROOT / "src" / "engine" / "rules")
    arguments = parser.parse_args()
    texts = [draft for path in arguments.files for draft in drafts(path)]
    if arguments.calm:
        texts += calm_texts(arguments.calm)
    report(patterns(arguments.rules), matches(arguments.trace.resolve(), texts), arguments)


if __name__ == "__main__":
    main()
