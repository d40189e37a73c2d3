"""Optimisers, warm-up, gradient norm and moving average, against torch, bitsandbytes and diffusers."""

import sys
from typing import Any

import pytest
import torch
from torch import nn

from storykin.errors import BadInput
from storykin.training import trees
from storykin.training.optimising import (
    clip,
    decay_at,
    follow,
    full_rate,
    gradient_norm,
    make_optimiser,
    rate_at,
    set_rate,
)
from tests.training.toy import toy_recipe


def weights(count: int = 3, size: int = 4) -> list[nn.Parameter]:
    generator = torch.Generator().manual_seed(1)
    return [nn.Parameter(torch.randn(size, size, generator=generator)) for _ in range(count)]


def descend(parameters: list[nn.Parameter], optimiser: torch.optim.Optimizer, steps: int) -> None:
    for _ in range(steps):
        optimiser.zero_grad()
        torch.stack([(one - 1).square().sum() for one in parameters]).sum().backward()  # type: ignore[no-untyped-call]
        optimiser.step()


@pytest.mark.parametrize("name", ["adamw", "adamw8bit"])
def test_on_the_cpu_it_is_adamw(name: str) -> None:
    mine, plain = weights(), weights()
    descend(mine, make_optimiser(mine, toy_recipe(optimiser=name)), 20)
    descend(plain, torch.optim.AdamW(plain, lr=1e-2, weight_decay=1e-2), 20)
    for one, other in zip(mine, plain, strict=True):
        torch.testing.assert_close(one, other)


def test_on_a_card_adamw8bit_keeps_two_bytes_a_weight() -> None:
    pytest.importorskip("bitsandbytes")
    from storykin.training.optimising import _eight_bit

    parameters = weights(1, 128)
    optimiser = _eight_bit(parameters, {"lr": 1e-2, "weight_decay": 0.0})
    start = parameters[0].detach().clone()
    descend(parameters, optimiser, 3)
    state = optimiser.state[parameters[0]]
    assert state["state1"].dtype == state["state2"].dtype == torch.uint8
    assert (parameters[0] - 1).norm() < (start - 1).norm()


def test_prodigy_finds_its_own_rate() -> None:
    pytest.importorskip("prodigyopt")
    parameters = weights()
    optimiser = make_optimiser(parameters, toy_recipe(optimiser="prodigy", learning_rate=123.0))
    assert optimiser.param_groups[0]["lr"] == 1.0
    descend(parameters, optimiser, 200)
    assert (parameters[0].detach() - 1).norm() < 0.1


@pytest.mark.parametrize(
    ("name", "library", "module"),
    [("prodigy", "prodigyopt", "prodigyopt"), ("adamw8bit", "bitsandbytes", "bitsandbytes.optim.adamw")],
)
def test_a_missing_library_is_named(
    name: str, library: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr(nn.Parameter, "is_cuda", True)
    with pytest.raises(BadInput, match=library) as refused:
        make_optimiser(weights(), toy_recipe(optimiser=name))
    assert f"pip install {library}" in refused.value.hint


@pytest.mark.parametrize("kind", ["adamw", "adamw8bit", "prodigy"])
def test_an_optimiser_taken_up_again_goes_on_to_the_bit(kind: str) -> None:
    def made(parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
        if kind == "adamw8bit":  # also where there is no card
            adamw = pytest.importorskip("bitsandbytes.optim.adamw")
            found: torch.optim.Optimizer = adamw.AdamW8bit(parameters, lr=1e-2)
            return found
        if kind == "prodigy":
            pytest.importorskip("prodigyopt")
        return make_optimiser(parameters, toy_recipe(optimiser=kind))

    straight = weights(2, 128)
    descend(straight, made(straight), 12)

    half = weights(2, 128)
    optimiser = made(half)
    descend(half, optimiser, 5)
    tensors: dict[str, torch.Tensor] = {}
    packed = trees.pack(optimiser.state_dict(), "", tensors)
    other = [nn.Parameter(one.detach().clone()) for one in half]
    again = made(other)
    again.load_state_dict(trees.unpack(packed, tensors))
    descend(other, again, 7)
    for one, two in zip(straight, other, strict=True):
        assert torch.equal(one, two)


def test_the_warm_up_is_diffusers_one_step_earlier() -> None:
    from diffusers.optimization import get_constant_schedule_with_warmup

    parameters = weights(1)
    optimiser = torch.optim.AdamW(parameters, lr=1e-2)
    schedule = get_constant_schedule_with_warmup(optimiser, num_warmup_steps=5)
    theirs = []
    for _ in range(12):
        optimiser.step()
        schedule.step()
        theirs.append(schedule.get_last_lr()[0])
    ours = [rate_at(step, toy_recipe(warmup=5)) for step in range(12)]
    assert ours == pytest.approx(theirs)
    assert rate_at(0, toy_recipe(warmup=0)) == 1e-2
    assert rate_at(9, toy_recipe(), halvings=1) == 0.5e-2


def test_the_rate_reaches_the_optimiser() -> None:
    optimiser = make_optimiser(weights(), toy_recipe())
    set_rate(optimiser, 0.25)
    assert [group["lr"] for group in optimiser.param_groups] == [0.25]
    assert full_rate(toy_recipe(optimiser="prodigy")) == 1.0


def test_the_norm_is_that_of_all_gradients_and_says_when_one_is_not_finite() -> None:
    parameters = weights()
    for one in parameters:
        one.grad = torch.ones_like(one)
    parameters.append(nn.Parameter(torch.ones(2)))  # nothing reached this one
    assert float(gradient_norm(parameters)) == pytest.approx(48**0.5)
    clip(parameters, gradient_norm(parameters), 1.0)
    assert float(gradient_norm(parameters)) == pytest.approx(1.0, rel=1e-5)
    clip(parameters, gradient_norm(parameters), 0.0)
    clip(parameters, gradient_norm(parameters), 5.0)
    assert float(gradient_norm(parameters)) == pytest.approx(1.0, rel=1e-5)
    for bad in (torch.nan, torch.inf):
        parameters[1].grad = torch.full((4, 4), bad)
        assert not torch.isfinite(gradient_norm(parameters))


def test_the_average_is_that_of_diffusers() -> None:
    from diffusers.training_utils import EMAModel

    net = nn.Linear(3, 3)
    parameters: dict[str, nn.Parameter] = dict(net.named_parameters())
    average = {name: one.detach().clone() for name, one in parameters.items()}
    theirs = EMAModel(list(net.parameters()), decay=0.5)
    generator = torch.Generator().manual_seed(1)
    for step in range(12):
        with torch.no_grad():
            for one in net.parameters():
                one.add_(torch.randn(one.shape, generator=generator))
        follow(average, parameters, decay_at(step, 0.5))
        theirs.step(net.parameters())
        for mine, other in zip(average.values(), theirs.shadow_params, strict=True):
            torch.testing.assert_close(mine, other)


def test_a_young_average_forgets_what_it_began_with() -> None:
    assert [decay_at(step, 0.99) for step in (0, 1, 10)] == [0.0, 2 / 11, 11 / 20]
    assert decay_at(10_000, 0.99) == 0.99
    nothing: dict[str, Any] = {}
    follow(nothing, {"a": weights(1)[0]}, 0.5)
    assert not nothing
