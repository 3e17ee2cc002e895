"""Tests of training: the file's packing, sentences, tokens, findings, fitting; and, where COMPOSURE is built and the shared folder
is there, all of it from end to end on every fortieth draft (70 s of processor time)."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np

import train
from drafts import ROOT, Draft, unmarked
from judge import Judgement, fit, left_over, logistic, utf8, with_rules
from network import Packing, load, dequantise, packed, quantise, unpacked
from text import LABELS, Reading, Tokenizer, sentences

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "you", "are", "wrong", "##ed", "cafe", "'", "!", ".", "i", "told", "so"]


def said(draft: str) -> list[str]:
    """The sentences of a draft, as text."""
    return [draft[start:end] for start, end in sentences(draft)]


def reading(text: str, heard: dict[str, float], gate: float) -> list[Reading]:
    """What a network might say: `heard` gives words the chance that they are an insult."""
    found = []
    for window in Tokenizer(PIECES).windows(text):
        tags = np.zeros((len(window.ids), 1 + len(LABELS)))
        tags[:, 0] = 1
        for i, (start, end) in enumerate(window.spans):
            if text[start:end] in heard:
                tags[i, 0], tags[i, 1] = 1 - heard[text[start:end]], heard[text[start:end]]
        found.append(Reading(window, tags, np.array([gate, gate] + [0.0] * len(LABELS))))
    return found


class Files(unittest.TestCase):
    """The reader's file."""

    def test_packing_comes_back(self) -> None:
        for bits in (4, 6, 8):
            values = np.random.default_rng(bits).integers(0, 1 << bits, (5, 24), np.uint8)
            stored = packed(values, bits)
            self.assertEqual(stored.shape, (5, 24 * bits // 8))
            np.testing.assert_array_equal(unpacked(stored, bits), values)

    def test_bytes_are_those_of_the_contract(self) -> None:
        values = np.array([[1, 2, 3, 4]], np.uint8)
        self.assertEqual(packed(values, 4).tolist(), [[0x21, 0x43]])
        number = 1 | 2 << 6 | 3 << 12 | 4 << 18
        self.assertEqual(packed(values, 6).tobytes(), number.to_bytes(3, "little"))

    def test_more_bits_lose_less(self) -> None:
        matrix = np.random.default_rng(1).normal(size=(16, 128)).astype(np.float32)
        losses = [np.abs(dequantise(*quantise(matrix, Packing(b, 64)), Packing(b, 64)) - matrix).mean() for b in (4, 6, 8)]
        self.assertGreater(losses[0], losses[1])
        self.assertGreater(losses[1], losses[2])
        self.assertLess(losses[2], 0.01)


class Texts(unittest.TestCase):
    """Sentences, tokens and findings."""

    def test_sentences(self) -> None:
        self.assertEqual(said("Please pay Mr. Smith today. Thank you for all this!"), ["Please pay Mr. Smith today.", "Thank you for all this!"])
        self.assertEqual(said("No. Not one of us agrees. Bye."), ["No. Not one of us agrees. Bye."])
        self.assertEqual(said("One line of words\r\nanother line of words"), ["One line of words", "another line of words"])
        self.assertEqual(said('He said "never, ever again." Then he left us.'), ['He said "never, ever again."', "Then he left us."])
        self.assertEqual(said(" \n "), [])

    def test_tokens(self) -> None:
        window = Tokenizer(PIECES).windows("I TOLD you: Café’s wronged")[0]
        self.assertEqual([PIECES[i] for i in window.ids[1:4]], ["i", "told", "you"])
        self.assertEqual(window.types[1:4], [0, 1, 0])
        self.assertEqual([PIECES[i] for i in window.ids[5:7]], ["cafe", "'"])
        self.assertEqual([PIECES[i] for i in window.ids[-3:-1]], ["wrong", "##ed"])
        self.assertEqual(window.spans[-2], (19, 26))

    def test_long_sentences_are_cut(self) -> None:
        windows = Tokenizer(PIECES).windows("you are so wrong " * 60)
        self.assertEqual([len(window.ids) for window in windows], [112, 112, 22])

    def test_finding_is_whole_words(self) -> None:
        text = 'you are so "wronged!"'
        draft = Draft("", "", text, [], 0)
        sure = Judgement(score=(0.0, 1.0, 0.0, 0.0, 0.0, 0.0), thresholds=(0.6,) * len(LABELS))
        found = sure.findings(draft, reading(text, {"wronged": 0.9}, 0.9))
        self.assertEqual([(text[f.start : f.end], f.label) for f in found], [("wronged!", "insult")])
        self.assertEqual(sure.findings(draft, reading(text, {"wronged": 0.5}, 0.9)), [])

    def test_one_voice_of_rules_and_reader(self) -> None:
        draft = Draft("", "", "you are so wrong é and this is allat is left", [], 0)

        def left(*rules: tuple[int, int]) -> list[str]:
            spoken = [{"start": start, "end": end} for start, end in rules]
            parts = left_over(draft, {"start": 4, "end": 35}, spoken, 4)
            return [draft.text.encode()[part["start"] : part["end"]].decode() for part in parts]

        self.assertEqual(left(), ["are so wrong é and this is all"])
        self.assertEqual(left((0, 3), (40, 44)), ["are so wrong é and this is all"])
        self.assertEqual(left((8, 16)), ["é and this is all"])
        self.assertEqual(left((8, 10), (29, 48)), ["wrong é and this"])
        self.assertEqual(left((4, 28)), [])

    def test_a_rule_is_not_heard_where_all_is_calm(self) -> None:
        draft = Draft("", "", "you are so wrong", [], 0)
        said = {"id": "", "findings": [{"start": 11, "end": 16, "rule": "blame"}], "heat": 20.0}
        unsure = Judgement(score=(0.0,) * 6, thresholds=(0.9,) * len(LABELS), trust=(0.0, 1.0, 0.0, 0.0), least_trust=0.5)
        self.assertEqual(with_rules(said, draft, unsure, reading(draft.text, {"wrong": 0.4}, 0.1))["findings"], [])
        self.assertEqual(with_rules(said, draft, unsure, reading(draft.text, {"so": 0.6}, 0.1))["findings"], said["findings"])

    def test_marks(self) -> None:
        self.assertEqual(unmarked("a [[blame|b c]] d"), ("a b c d", [(2, 5, "blame")]))
        self.assertEqual(utf8("é!", 1), 2)


class Fitting(unittest.TestCase):
    """What decides is learned from drafts."""

    def test_logistic_finds_the_odds(self) -> None:
        x = np.array([[1.0, 0.0]] * 10 + [[1.0, 1.0]] * 10)
        y = np.array([0.0] * 8 + [1.0] * 2 + [0.0] * 2 + [1.0] * 8)
        weights = logistic(x, y, np.zeros(2))
        np.testing.assert_allclose(weights, [np.log(0.25), 2 * np.log(4)], atol=1e-6)

    def test_a_problem_is_likelier_in_company(self) -> None:
        alone, beside = "you are wrong", "you are so wrong\ni told you wrong"
        judgement = Judgement()

        def score(text: str, heard: float) -> float:
            draft = Draft("", "", text, [], 0)
            return judgement.runs(draft, reading(text, {"wrong": 0.5, "told": heard}, 0.3))[0].score((0.0, 1.0, 0.0, 1.0, 0.0, 0.0))

        self.assertEqual(score(alone, 0.9), score(beside, 0.1))
        self.assertLess(score(beside, 0.1), score(beside, 0.9))

    def test_the_cut_keeps_calm_drafts_quiet(self) -> None:
        told, fresh, said = [], [], {}
        for number in range(80):
            writer = "AB"[number % 2]
            hot = Draft(f"hot{number}", writer, "you are wrong", [(8, 13, "insult")], 3)
            calm = Draft(f"calm{number}", writer, "you are so", [], 0)
            both = [(hot, reading(hot.text, {"wrong": 0.9}, 0.9)), (calm, reading(calm.text, {"so": 0.4}, 0.1))]
            told += both
            fresh += both
            said[hot.id] = {"findings": [{"start": 8, "end": 13, "rule": "insult"}], "heat": 50.0}
            said[calm.id] = {"findings": [{"start": 8, "end": 10, "rule": "blame"}], "heat": 20.0}
        judgement = fit(told, fresh, said, Judgement(), 0.02)
        (hot, of_hot), (calm, of_calm) = fresh[:2]
        self.assertEqual(len(judgement.findings(hot, of_hot)), 1)
        self.assertEqual(judgement.findings(calm, of_calm), [])
        self.assertEqual(len(with_rules(said[hot.id], hot, judgement, of_hot)["findings"]), 1)
        self.assertEqual(with_rules(said[calm.id], calm, judgement, of_calm)["findings"], [])
        self.assertGreater(judgement.warmth(of_hot), judgement.warmth(of_calm))


class Whole(unittest.TestCase):
    """`train.py` as it is run."""

    @unittest.skipUnless((ROOT / "target" / "release" / "composure").exists() and (ROOT.parent / "shared").exists(), "nothing to judge with")
    def test_a_trial_ends_with_a_reader(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "reader.safetensors"
            self.assertEqual(train.main(["--step", "40", "--processes", "1", "--work", folder, "--out", str(out)]), 0)
            _, _, about = load(out)
            self.assertEqual((about["version"], len(about["score"]), len(about["trust"])), (4, 6, 4))
            self.assertIn("| dev.txt: final", (Path(folder) / "figures.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
