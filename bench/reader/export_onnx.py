"""Writes a reader's file as ONNX, for `run.mjs` to run beside it: `export_onnx.py READER.safetensors FOLDER`.

Two files: `f32.onnx`, the same weights dequantised, and `int8.onnx`, what onnxruntime's own dynamic quantisation makes of it
(weights and activations in eight bits, so its figures are not quite the same). Needs the packages of
`training/requirements.txt`, and onnx, onnxscript and onnxruntime.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))

import torch  # noqa: E402
from network import Network, load  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402
from torch import Tensor, nn  # noqa: E402


class Unpadded(nn.Module):
    """The network for one window at a time, as the reader reads: without a mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Ids and types are 1 × tokens; logits of the tags and of the sentence."""
        network = self.network
        x = network.norm(network.words(ids) + network.positions.weight[: ids.shape[1]] + network.types(types))
        for layer in network.layer:
            x = layer(x, None)
        return network.tag(x), network.sentence(x.mean(1))


def main(file: Path, folder: Path) -> None:
    """Exports, then quantises what was exported."""
    network, pieces, _ = load(file)
    folder.mkdir(parents=True, exist_ok=True)
    sample = torch.randint(5, len(pieces), (1, 24)), torch.zeros(1, 24, dtype=torch.long)
    tokens = {1: torch.export.Dim("tokens", min=3, max=112)}
    torch.onnx.export(
        Unpadded(network).eval(), sample, str(folder / "f32.onnx"), dynamo=True, external_data=False, verbose=False,
        input_names=["ids", "types"], output_names=["tag", "sentence"], dynamic_shapes={"ids": tokens, "types": tokens},
    )  # fmt: skip
    quantize_dynamic(folder / "f32.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
