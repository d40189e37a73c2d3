"""Critics, drawn: the nets' operations in plain numpy."""

from pathlib import Path
from typing import Any

from storykin.critics.drawn.nets import Array


class PlainOps:
    """Weights from a file and the operations that use them, float32; the same numbers as in torch within 1e-4."""

    def __init__(self, path: Path) -> None:
        import numpy as np

        self.xp: Any = np
        with np.load(path) as found:
            kept = {name: found[name].astype(np.float32) for name in found.files}
        self.weights = {
            name: one.reshape(len(one), -1) if one.ndim == 4 else one for name, one in kept.items()
        }

    def conv(
        self, name: str, x: Array, out: int, kernel: int = 3, stride: int = 1, act: bool = True
    ) -> Array:
        np, key = self.xp, name.replace(".", "_")
        weight, bias = self.weights[f"{key}.w"], self.weights[f"{key}.b"]
        many, deep, high, wide = x.shape
        if kernel == 1 and stride == 1:
            columns = x.reshape(many, deep, high * wide)
        else:
            edge = kernel // 2
            padded = np.pad(x, ((0, 0), (0, 0), (edge, edge), (edge, edge)))
            seen = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(2, 3))
            seen = seen[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
            high, wide = seen.shape[4:]
            columns = seen.reshape(many, deep * kernel * kernel, high * wide)
        y = (weight @ columns + bias[:, None]).reshape(many, out, high, wide)
        return np.maximum(y, 0, out=y) if act else y

    def linear(self, name: str, x: Array, out: int, act: bool = True) -> Array:
        np, key = self.xp, name.replace(".", "_").replace(" ", "_")
        y = x.astype(np.float32) @ self.weights[f"{key}.w"].T + self.weights[f"{key}.b"]
        return np.maximum(y, 0) if act else y

    def up(self, x: Array) -> Array:
        return x.repeat(2, axis=2).repeat(2, axis=3)

    def join(self, *xs: Array, axis: int = 1) -> Array:
        return self.xp.concatenate(xs, axis)

    def positive(self, x: Array) -> Array:
        return self.xp.maximum(x, 0)

    def still(self, x: Array) -> Array:
        return x
