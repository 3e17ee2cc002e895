"""Draft → sentences → tokens, and what the network said → findings and heat, exactly as FORMAT.md describes it.

`src/reader` does the same in Rust; `fixtures.json` holds both to one another.
"""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

LABELS = (
    "insult profanity hostility threat shouting sarcasm passive-aggression condescension "
    "blame disbelief defensiveness dismissal non-apology demand overclaim coldness"
).split()

WINDOW = 110
"""Tokens in a window at most, `[CLS]` and `[SEP]` not counted."""
SHORT = 4
"""A piece of fewer words than this is read together with its neighbour."""

# Unicode's White_Space, which is what Rust's `char::is_whitespace` knows; Python's `isspace` knows four characters more.
WHITE = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
ENDS = frozenset(".!?…")
CLOSING = frozenset("\"')]”’»*_")
OPENING = "([\"'“‘"
DROPPED = frozenset([*map(chr, range(0x300, 0x370)), "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0f", "\ufeff", "\u00ad"])
LEAD, TRAIL = "\"'(“‘*", "\"'),.;:”’*"
LONGEST_WORD = 64
PRIOR = 0.3
"""The share of windows with a problem where nothing else is known."""
LEAST_SHARE = 0.2
"""A smaller share of windows with a problem does not make one less likely: most people write kindly around the one that slips out."""
QUIET = 0.65
"""Company less suspect than this does not make a problem less likely: so much is in any draft, and one just begun has none."""

ABBREVIATIONS = sorted(
    "mr mrs ms mx dr prof rev hon sr jr st ave rd no nos vs etc e.g i.e eg ie cf approx est dept ext tel fig inc ltd co corp llc "
    "p.s a.m p.m u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri min max incl excl attn ref".split()
)


def folds() -> dict[str, str]:
    """One character to one: accented Latin letters to their base, curly quotes and long dashes to those on a keyboard."""
    table = {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    table |= {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        character = chr(code).lower()
        base = unicodedata.normalize("NFD", character)[0]
        if len(character) == 1 and base != character:
            table[character] = base
    return table


FOLD = folds()


@dataclasses.dataclass
class Window:
    """What the network reads at once: tokens with `[CLS]` and `[SEP]`."""

    sentence: tuple[int, int]
    """Characters of the draft."""
    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]
    """Characters of the draft that each token's *word* takes; (-1, -1) for the two around."""


@dataclasses.dataclass
class Finding:
    """A run of words that the reader would underline; `start` and `end` are characters of the draft."""

    start: int
    end: int
    label: str
    score: float


def is_word(character: str) -> bool:
    """`char::is_alphanumeric`."""
    return character.isalpha() or character.isnumeric()


def sentences(draft: str) -> list[tuple[int, int]]:
    """The sentences of a draft, in characters (FORMAT.md 2)."""
    found: list[tuple[int, int]] = []
    start = 0
    for line in re.split(r"[\r\n]", draft):
        found += joined(draft, pieces(draft, start, start + len(line)))
        start += len(line) + 1
    return found


def pieces(draft: str, start: int, end: int) -> list[tuple[int, int]]:
    """A line cut after closing punctuation; trimmed, without empty ones."""
    cuts, at = [], start
    while at < end:
        if draft[at] not in ENDS:
            at += 1
            continue
        run = at
        while at < end and draft[at] in ENDS:
            at += 1
        stop = at
        while at < end and draft[at] in CLOSING:
            at += 1
        if (at == end or draft[at] in WHITE) and not (draft[run:stop] == "." and abbreviated(draft, start, run)):
            cuts.append(at)
    found = []
    for a, b in zip([start, *cuts], [*cuts, end]):
        while a < b and draft[a] in WHITE:
            a += 1
        while a < b and draft[b - 1] in WHITE:
            b -= 1
        if a < b:
            found.append((a, b))
    return found


def abbreviated(draft: str, start: int, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to the word before it."""
    at = dot
    while at > start and draft[at - 1] not in WHITE:
        at -= 1
    word = draft[at:dot].lstrip(OPENING).lower()
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def joined(draft: str, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Short pieces of a line joined with the next, the last with the one before."""
    found: list[tuple[int, int]] = []
    short = False
    for start, end in parts:
        if short:
            start = found.pop()[0]
        found.append((start, end))
        short = words_in(draft, start, end) < SHORT
    if short and len(found) > 1:
        end = found.pop()[1]
        found[-1] = (found[-1][0], end)
    return found


def words_in(draft: str, start: int, end: int) -> int:
    """Words between white space."""
    return sum(draft[i] not in WHITE and (i == start or draft[i - 1] in WHITE) for i in range(start, end))


class Tokenizer:
    """WordPiece, uncased (FORMAT.md 3)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown, self.first, self.last = (self.ids[name] for name in ("[UNK]", "[CLS]", "[SEP]"))
        self.cache: dict[str, list[int]] = {}

    def cut(self, word: str) -> list[int]:
        """A normalised word in the pieces of the vocabulary, the longest first."""
        if word in self.cache:
            return self.cache[word]
        found, at = [], 0
        while at < len(word) and len(word) <= LONGEST_WORD:
            end = len(word)
            while end > at and ("##" if at else "") + word[at:end] not in self.ids:
                end -= 1
            if end == at:
                break
            found.append(self.ids[("##" if at else "") + word[at:end]])
            at = end
        if at < len(word):
            found = [self.unknown]
        self.cache[word] = found
        return found

    def words(self, draft: str, start: int, end: int) -> Iterable[tuple[str, int, int, int]]:
        """The words of a stretch: normalised, where, and their type."""
        word, begin, at = "", start, start
        for at in range(start, end + 1):
            character = draft[at] if at < end else " "
            white = character in WHITE
            lone = not white and not is_word(character) and character not in DROPPED
            if (white or lone) and word:
                yield word, begin, at, shouted(draft[begin:at])
                word = ""
            if lone:
                yield self.normal(character), at, at + 1, 0
            elif not white and character not in DROPPED:
                if not word:
                    begin = at
                word += self.normal(character)

    @staticmethod
    def normal(character: str) -> str:
        """Lower case, accents and typographic signs folded."""
        character = character.lower()[0]
        return FOLD.get(character, character)

    def windows(self, draft: str) -> list[Window]:
        """A draft in the windows that the network reads."""
        found = []
        for sentence in sentences(draft):
            window = Window(sentence, [self.first], [0], [(-1, -1)])
            for word, start, end, kind in self.words(draft, *sentence):
                cut = self.cut(word)[:WINDOW]
                if len(window.ids) - 1 + len(cut) > WINDOW:
                    found.append(self.closed(window))
                    window = Window(sentence, [self.first], [0], [(-1, -1)])
                window.ids += cut
                window.types += [kind] * len(cut)
                window.spans += [(start, end)] * len(cut)
            if len(window.ids) > 1:
                found.append(self.closed(window))
        return found

    def closed(self, window: Window) -> Window:
        """The window with `[SEP]` behind it."""
        window.ids.append(self.last)
        window.types.append(0)
        window.spans.append((-1, -1))
        return window


def shouted(word: str) -> int:
    """1 for a word of two capitals or more and nothing small."""
    return int(sum(c.isupper() for c in word) >= 2 and not any(c.islower() for c in word))


def logit(p: float) -> float:
    """ln(p / (1 − p)), p kept in [1e-4, 1 − 1e-4]."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x)."""
    return 1 / (1 + math.exp(-x))


@dataclasses.dataclass
class Reading:
    """What the network said of one window."""

    window: Window
    tags: np.ndarray
    """Probabilities, tokens × 17, no problem first."""
    sentence: np.ndarray
    """Probabilities: any problem, heat, then the sixteen labels."""


@dataclasses.dataclass
class Run:
    """A row of tokens that may become a finding, with what decides it."""

    start: int
    end: int
    label: int
    peak: float
    around: float
    """What share of the draft's other windows has a problem."""
    company: float
    """How suspect the most suspect of them is."""
    first: bool
    """Whether its window is the draft's first."""
    tokens: int

    def facts(self) -> list[float]:
        """What the score is made of."""
        return [1.0, logit(self.peak), logit(self.around), logit(self.company), float(self.first), math.log(self.tokens)]

    def score(self, weights: Sequence[float]) -> float:
        """How sure the reader is, 0 to 1."""
        return sigmoid(sum(w * x for w, x in zip(weights, self.facts(), strict=True)))


def around(gates: Sequence[float]) -> list[float]:
    """For each window what share of the others has a problem, `LEAST_SHARE` at least; a draft of one window counts as one that has
    `PRIOR` of them."""
    return [max(LEAST_SHARE, (sum(gates) - gate + PRIOR) / len(gates)) for gate in gates]


def company(peaks: Sequence[float]) -> list[float]:
    """For each window how suspect the most suspect of the others is, `QUIET` at least."""
    return [max([QUIET, *peaks[:i], *peaks[i + 1 :]]) for i in range(len(peaks))]


def peak_of(reading: Reading) -> float:
    """How suspect a window's most suspect token is."""
    return 1 - float(reading.tags[1:-1, 0].min())


def runs(draft: str, reading: Reading, share: float, beside: float, first: bool, low: float, gap: int, mix: float) -> list[Run]:
    """The runs of a window (FORMAT.md 5, 1 and 2); their spans are characters of the draft, as a finding would have them."""
    heard = 1 - reading.tags[1:-1, 0]
    rows: list[list[int]] = []
    for i in np.flatnonzero(heard >= low):
        if rows and i - rows[-1][1] <= gap + 1:
            rows[-1][1] = int(i)
        else:
            rows.append([int(i), int(i)])
    found = []
    for a, b in rows:
        count = b - a + 1
        mass = reading.tags[a + 1 : b + 2, 1:].sum(0) + mix * reading.sentence[2:] * count
        start, end = widened(draft, reading.window, reading.window.spans[a + 1][0], reading.window.spans[b + 1][1])
        peak = float(heard[a : b + 1].max())
        found.append(Run(start, end, int(mass.argmax()), peak, share, beside, first, count))
    return found


def widened(draft: str, window: Window, start: int, end: int) -> tuple[int, int]:
    """To white space at both ends, without the punctuation around."""
    low, high = window.sentence
    while start > low and draft[start - 1] not in WHITE:
        start -= 1
    while end < high and draft[end] not in WHITE:
        end += 1
    while start < end - 1 and draft[start] in LEAD:
        start += 1
    while end > start + 1 and draft[end - 1] in TRAIL:
        end -= 1
    return start, end


def heat_features(readings: Sequence[Reading]) -> list[float]:
    """What the heat of a draft of one window or more is made of (FORMAT.md 5)."""
    gates = [float(reading.sentence[0]) for reading in readings]
    peak = max(map(peak_of, readings))
    return [1.0, math.log1p(sum(gates)), logit(peak), math.log(len(gates))]
