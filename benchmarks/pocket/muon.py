"""Muon (Jordan 2024, kellerjordan.github.io/posts/muon) in float32: torch's own works in bfloat16, 25 times slower on most processors.

Matrices of one shape go through the iteration together, each process of a team taking its share of them; a convolution's weights are one with a row for each
channel that comes out. Rates are matched to AdamW's by 0.2 times the root of the larger side (Moonlight, arXiv 2502.16982).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch

from .team import Team

STEPS = ((3.4445, -4.7750, 2.0315),) * 5
"""Coefficients of the quintic Newton-Schulz iteration, Jordan's."""


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """n x rows x columns, each with all singular values near 1."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for a, b, c in STEPS:
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum of matrices, made orthogonal; for the inner matrices of a net only."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        team: Team | None = None,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.team = team or Team()

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Nesterov momentum, then the nearest orthogonal matrix."""
        for group in self.param_groups:
            alike: dict[Any, list[Any]] = defaultdict(list)
            for one in group["params"]:
                if one.grad is not None:
                    alike[one.flatten(1).shape].append(one)
            for shape, several in alike.items():
                moved = []
                for one in several:
                    held = self.state[one].setdefault("momentum", torch.zeros_like(one))
                    held.lerp_(one.grad, 1 - group["momentum"])
                    moved.append(one.grad.lerp(held, group["momentum"]).flatten(1))
                ways = self._shared(torch.stack(moved)) * (0.2 * max(shape) ** 0.5)
                for one, way in zip(several, ways, strict=True):
                    one.mul_(1 - group["lr"] * group["weight_decay"]).sub_(
                        way.view(one.shape), alpha=group["lr"]
                    )

    def _shared(self, matrices: torch.Tensor) -> torch.Tensor:
        """All of them orthogonal, of which this process made its share."""
        mine = slice(self.team.rank, None, self.team.size)
        made = torch.zeros_like(matrices)
        if len(matrices[mine]):
            made[mine] = orthogonal(matrices[mine])
        self.team.add(made)
        return made
