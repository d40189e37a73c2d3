"""Blocks that wait in main memory change nothing but where the weights lie."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
peft = pytest.importorskip("peft")

from torch import Tensor, nn  # noqa: E402

from storykin.errors import BadInput  # noqa: E402
from storykin.models import streaming  # noqa: E402
from storykin.models.quantising import lighten, quantise  # noqa: E402
from storykin.models.streaming import Bus, checkpointing, parking, spread, stream  # noqa: E402

torch.set_num_threads(1)
PRECISIONS = ["float32", "int8", "fp8", "nf4"]
TARGETS = r".*(to_q|to_k|to_v|to_out\.0|proj_mlp|proj_out|add_q_proj|net\.2)"


def small_flux(precision: str = "float32", seed: int = 0) -> Any:
    """FLUX's own blocks, three double and four single, with adapters that do something already."""
    torch.manual_seed(seed)
    model = diffusers.FluxTransformer2DModel(
        in_channels=16, num_layers=3, num_single_layers=4, attention_head_dim=16, num_attention_heads=4, joint_attention_dim=32,
        pooled_projection_dim=16, guidance_embeds=True, axes_dims_rope=(4, 6, 6),
    ).requires_grad_(False)  # fmt: skip
    if precision != "float32":
        quantise(model, precision)
    model.add_adapter(peft.LoraConfig(r=4, lora_alpha=4, target_modules=TARGETS, init_lora_weights=False))
    return model


def blocks_of(model: Any) -> list[nn.Module]:
    return [*model.transformer_blocks, *model.single_transformer_blocks]


def inputs() -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(5)

    def noise(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random)

    return {
        "hidden_states": noise(2, 16, 16), "encoder_hidden_states": noise(2, 6, 32), "pooled_projections": noise(2, 16),
        "timestep": torch.tensor([0.3, 0.8]), "guidance": torch.ones(2), "img_ids": noise(16, 3), "txt_ids": torch.zeros(6, 3),
    }  # fmt: skip


def learn(model: Any) -> tuple[Tensor, dict[str, Tensor]]:
    """The output and all gradients of one step."""
    model.zero_grad(set_to_none=True)
    out = model(**inputs(), return_dict=False)[0]
    out.square().mean().backward()
    return out.detach(), {
        name: one.grad.clone() for name, one in model.named_parameters() if one.requires_grad
    }


class Watchful(Bus):
    """Counts what comes and goes, and writes rubbish into a slot before it is filled anew: whoever looks at old weights is found out."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.parked = self.fetched = 0

    def send(self, slot: Tensor, home: Tensor) -> None:
        slot.fill_(255)
        self.sent.append(home.numel())
        super().send(slot, home)

    def park(self, tensor: Tensor) -> Tensor:
        self.parked += 1
        return super().park(tensor)

    def fetch(self, parked: Tensor) -> Tensor:
        self.fetched += 1
        return super().fetch(parked)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("count", [1, 3, 7])
def test_streaming_changes_no_bit(precision: str, count: int) -> None:
    plain = small_flux(precision)
    streamed = copy.deepcopy(plain)
    plain.enable_gradient_checkpointing()  # PyTorch's own
    streamed.enable_gradient_checkpointing(checkpointing(Watchful()))
    schedule = stream(blocks_of(streamed), count, "cpu", Watchful())
    for _ in range(2):  # the second step begins with what the first left in the slots
        out, gradients = learn(plain)
        out_streamed, gradients_streamed = learn(streamed)
        assert torch.equal(out, out_streamed)
        assert gradients.keys() == gradients_streamed.keys()
        assert len(gradients) > 40
        for name, gradient in gradients.items():
            assert torch.equal(gradient, gradients_streamed[name]), name
            assert gradient.abs().sum() > 0, name
    assert schedule.waited == 1  # only the very first block was not sent for in time


def test_without_checkpointing_the_gradients_are_the_same() -> None:
    model = small_flux()
    out, gradients = learn(model)
    model.enable_gradient_checkpointing(checkpointing(None))
    again, computed_twice = learn(model)
    assert torch.equal(out, again)
    assert all(torch.equal(gradient, computed_twice[name]) for name, gradient in gradients.items())


def test_bytes_over_the_bus_are_as_said() -> None:
    model, bus = small_flux("nf4"), Watchful()
    model.enable_gradient_checkpointing(checkpointing(None))
    schedule = stream(blocks_of(model), 7, "cpu", bus)
    learn(model)
    before = schedule.copied
    bus.sent.clear()
    learn(model)
    assert schedule.copied - before == schedule.bytes_per_step == sum(bus.sent)
    assert len(bus.sent) == 2 * (7 - 2)
    frozen = sum(
        one.numel() * one.element_size()
        for block in blocks_of(model)
        for one in [*block.parameters(), *block.buffers()]
        if not one.requires_grad
    )
    assert frozen <= schedule.ram <= frozen * 1.5  # 256-byte grains weigh in a small model


def test_blocks_compute_with_what_was_sent() -> None:
    class Lossy(Bus):
        def send(self, slot: Tensor, home: Tensor) -> None:
            slot.zero_()

    model = small_flux()
    with torch.no_grad():
        out = model(**inputs(), return_dict=False)[0]
        stream(blocks_of(model), 7, "cpu", Lossy())
        assert not torch.allclose(model(**inputs(), return_dict=False)[0], out, atol=1e-3)


def test_only_two_blocks_are_ever_on_the_card() -> None:
    schedule = stream(blocks_of(small_flux()), 7, "cpu")
    sizes = sorted(one.size for one in schedule.waiting)
    assert sum(slot.numel() for slot in schedule.slots) <= sizes[-1] + sizes[-2]


def test_what_comes_into_blocks_waits_in_main_memory() -> None:
    model, bus = small_flux(), Watchful()
    model.enable_gradient_checkpointing(checkpointing(bus))
    learn(model)
    # the first block's tokens carry no gradient yet; the six others park picture and text
    assert bus.parked == bus.fetched == 12


def test_what_is_kept_between_blocks_waits_in_main_memory_but_not_the_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "PARKED", 2**9)
    bus, found = Watchful(), []
    layers = nn.Sequential(nn.GroupNorm(2, 8), nn.Conv2d(8, 8, 3, padding=1), nn.SiLU()).requires_grad_(False)
    for one in (None, bus):
        x = torch.linspace(-1, 1, 8 * 8 * 8).view(1, 8, 8, 8).requires_grad_()
        with parking(one):
            out = layers(x * 2)
        out.square().sum().backward()
        found.append(x.grad)
    assert torch.equal(*found)
    assert bus.parked == bus.fetched == 3  # what comes into each layer; the convolution's 576 weights stay


def test_what_is_before_the_first_adapter_is_computed_once() -> None:
    calls = {"frozen": 0, "learning": 0}
    frozen, learning = nn.Linear(4, 4).requires_grad_(False), nn.Linear(4, 4)
    for name, layer in (("frozen", frozen), ("learning", learning)):
        layer.register_forward_hook(lambda *_, name=name: calls.update({name: calls[name] + 1}))
    checkpoint = checkpointing(None)
    out = checkpoint(frozen, torch.ones(1, 4))
    assert not out.requires_grad
    checkpoint(frozen, checkpoint(learning, out)).sum().backward()
    assert calls == {"frozen": 3, "learning": 2}  # behind an adapter the gradient passes through
    assert learning.weight.grad is not None


def test_painting_between_steps_does_no_harm() -> None:
    model = small_flux()
    model.enable_gradient_checkpointing(checkpointing(None))
    out, gradients = learn(model)
    stream(blocks_of(model), 5, "cpu", Watchful())
    learn(model)
    with torch.no_grad():
        assert torch.equal(model(**inputs(), return_dict=False)[0], out)
        assert torch.equal(model(**inputs(), return_dict=False)[0], out)
    again, gradients_again = learn(model)
    assert torch.equal(out, again)
    assert all(torch.equal(gradient, gradients_again[name]) for name, gradient in gradients.items())


def test_learning_without_checkpointing_is_refused_by_pytorch() -> None:
    model = small_flux()
    stream(blocks_of(model), 7, "cpu")
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        learn(model)


def test_an_error_inside_a_block_leaves_the_weights_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small_flux()
    out, _ = learn(model)
    stream(blocks_of(model), 7, "cpu")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched, torch.no_grad():
        patched.setattr(model.single_transformer_blocks[1].act_mlp, "forward", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            model(**inputs())
    with torch.no_grad():
        assert torch.equal(model(**inputs(), return_dict=False)[0], out)


def test_removing_gives_the_model_back() -> None:
    model = small_flux("nf4")
    before = {name: one.clone() for name, one in model.state_dict().items()}
    names = [name for name, _ in model.named_parameters()]
    schedule = stream(blocks_of(model), 7, "cpu")
    learn_once = checkpointing(None)
    model.enable_gradient_checkpointing(learn_once)
    learn(model)
    during = model.state_dict()
    assert all(torch.equal(before[name], during[name]) for name in before)
    schedule.remove()
    after = model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert [name for name, _ in model.named_parameters()] == names
    assert all(isinstance(one, nn.Parameter) for one in model.parameters())
    learn(model)


def test_spread_is_even_and_in_range() -> None:
    for blocks in (1, 7, 57):
        for count in range(blocks + 1):
            chosen = spread(blocks, count)
            assert len(set(chosen)) == count
            assert all(0 <= one < blocks for one in chosen)
    assert spread(57, 19)[:3] == (1, 4, 7)
    assert spread(3, 3) == (0, 1, 2)


def test_too_many_blocks_are_refused() -> None:
    with pytest.raises(BadInput, match="8 blocks cannot be streamed: there are 7"):
        stream(blocks_of(small_flux()), 8, "cpu")


# autocast leaves the norms' weights in float32, which PyTorch says aloud
@pytest.mark.filterwarnings("ignore:Mismatch dtype between input and weight")
def test_autocast_holds_in_the_second_computation() -> None:
    def run(checkpoint: Callable[..., Any] | None) -> list[Tensor]:
        model = small_flux()
        if checkpoint:
            model.enable_gradient_checkpointing(checkpoint)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(**inputs(), return_dict=False)[0].float().square().mean()
        loss.backward()
        return [one.grad for one in model.parameters() if one.requires_grad]

    for kept, computed in zip(run(None), run(checkpointing(None)), strict=True):
        assert torch.allclose(kept, computed, rtol=0.02, atol=1e-4)


def test_light_adapters_learn_the_same() -> None:
    model = small_flux("int8")
    out, gradients = learn(model)
    assert lighten(model) > 20
    light, light_gradients = learn(model)
    assert torch.allclose(out, light, atol=1e-5)
    for name, gradient in gradients.items():
        assert torch.allclose(gradient, light_gradients[name], atol=1e-6, rtol=1e-4), name


def test_light_adapters_can_be_put_aside() -> None:
    model = small_flux()
    lighten(model)
    with torch.no_grad():
        taught = model(**inputs(), return_dict=False)[0]
        model.disable_adapters()
        base = model(**inputs(), return_dict=False)[0]
        model.enable_adapters()
        again = model(**inputs(), return_dict=False)[0]
    assert not torch.allclose(taught, base)
    assert torch.equal(taught, again)


@pytest.mark.gpu
def test_on_a_card_the_result_is_the_same_and_two_slots_are_all_that_lies_there() -> None:
    plain = small_flux("nf4").to("cuda")
    streamed = copy.deepcopy(plain)
    plain.enable_gradient_checkpointing()
    given = {name: one.cuda() for name, one in inputs().items()}
    schedule = stream(blocks_of(streamed), 7, "cuda")
    streamed.enable_gradient_checkpointing(checkpointing(schedule.bus))
    for _ in range(3):
        gradients = []
        for model in (plain, streamed):
            model.zero_grad(set_to_none=True)
            model(**given, return_dict=False)[0].square().mean().backward()
            gradients.append([one.grad for one in model.parameters() if one.requires_grad])
        for one, other in zip(*gradients, strict=True):
            assert torch.allclose(one, other, rtol=1e-4, atol=1e-6)
    assert sum(slot.numel() for slot in schedule.slots) < schedule.ram / 2
    assert all(one.home.is_pinned() and not one.home.is_cuda for one in schedule.waiting)


@pytest.mark.gpu
def test_on_a_card_the_next_block_arrives_while_this_one_computes() -> None:
    """By the order of events on the card: computing (some 20 ms a block) takes longer than the copy (some 10 ms)."""
    blocks = [
        nn.Sequential(*(nn.Linear(4096, 4096, bias=False) for _ in range(4))).requires_grad_(False)
        for _ in range(6)
    ]
    schedule = stream(blocks, len(blocks), "cuda")
    bus = schedule.bus
    arrived: dict[int, torch.cuda.Event] = {}
    computed: dict[int, torch.cuda.Event] = {}
    send = schedule._send

    def sent(number: int) -> None:
        send(number)
        arrived[number] = torch.cuda.Event(enable_timing=True)
        arrived[number].record(bus.coming)

    def after(number: int) -> None:
        computed[number] = torch.cuda.Event(enable_timing=True)
        computed[number].record()

    schedule._send = sent
    with torch.no_grad():
        x = torch.randn(8192, 4096, device="cuda")
        for number, block in enumerate(blocks):
            x = block(x)
            after(number)
    torch.cuda.synchronize()
    for number in range(1, len(blocks) - 1):
        assert computed[number - 1].elapsed_time(arrived[number + 1]) > 0  # not before its slot was free
        assert arrived[number + 1].elapsed_time(computed[number]) > 0  # and before anybody waits for it
