"""Several adapters in one net, each in its region: every layer's output is exactly that of one adapter alone."""

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from peft import LoKrConfig, get_peft_model_state_dict
from torch import Tensor, nn

from storykin.errors import BadInput
from storykin.models.quantising import QuantisedLinear, quantise
from storykin.models.streaming import stream
from storykin.painters.diffusion.regions import Masked, masked
from storykin.scene import Box
from tests.painters.diffusion.region_nets import (
    EVERYTHING,
    LEFT,
    RIGHT,
    SASHA,
    THEO,
    WORDS,
    adapted,
    alone,
    both,
    feed_flux,
    feed_qwen,
    feed_unet,
    feed_z,
    flux,
    flux2,
    overheard,
    qwen,
    sd15,
    sdxl,
    z_image,
)
from tests.training.small_flux import flux2_net

NOBODY: frozenset[str] = frozenset()
ONE, OTHER = frozenset({"sasha"}), frozenset({"theo"})
BOTH = ONE | OTHER
NEAR = 1e-5
TRANSFORMERS = (
    (flux, feed_flux, "flux"),
    (flux2, feed_flux, "flux2"),
    (qwen, feed_qwen, "qwen"),
    (z_image, feed_z, "z"),
)


def whose(height: int, width: int) -> list[frozenset[str]]:
    """Who owns each token, counted token by token."""
    found = [NOBODY] * (height * width)
    for who, box in ((ONE, LEFT), (OTHER, RIGHT)):
        covered = [
            max(0.0, min(box.bottom, (row + 1) / height) - max(box.y, row / height)) * height
            * max(0.0, min(box.right, (column + 1) / width) - max(box.x, column / width)) * width
            for row in range(height)
            for column in range(width)
        ]  # fmt: skip
        inside = [number for number, part in enumerate(covered) if part >= 0.5 - 1e-9]
        for number in inside or [covered.index(max(covered))]:
            found[number] = who
    return found


def about(count: int, negative: bool = False) -> list[frozenset[str]]:
    """Which adapters work on each word."""
    found = [BOTH] * count
    for who, spans in ((ONE, SASHA), (OTHER, THEO)):
        for first, after in () if negative else spans:
            found[first:after] = [who] * (after - first)
    return found


def unet_rows(name: str, x: Tensor, size: tuple[int, int]) -> list[list[frozenset[str]]]:
    """For each of the batch, by whose adapters each row is changed."""
    if x.ndim == 2:
        return [[NOBODY]] * len(x)
    if name.endswith(("attn2.to_k", "attn2.to_v")):
        return [
            [NOBODY] * WORDS + [one & who for who in (ONE, OTHER) for one in about(WORDS, negative)]
            for negative in (True, False)
        ]
    levels = [size]
    while max(levels[-1]) > 1:
        levels.append(tuple((side + 1) // 2 for side in levels[-1]))
    return [whose(*next(one for one in levels if one[0] * one[1] == x.shape[1]))] * len(x)


def rows_of(kind: str, name: str, x: Tensor, size: tuple[int, int]) -> list[list[frozenset[str]]]:
    picture = whose(*size)
    if kind == "z":
        picture = picture + [NOBODY] * (-len(picture) % 32)
        words = [about(WORDS) + [BOTH] * 52, [BOTH] * 64]  # padded to the longer of the two
        if "adaLN" in name:
            return [[NOBODY]] * len(x)
        if name.startswith("context_refiner"):
            return words
        return [picture if name.startswith("noise_refiner") else picture + one for one in words]
    if name.startswith("single_transformer_blocks") and ".norm." not in name:
        found = about(WORDS) + picture
    elif x.ndim == 2:
        return [[NOBODY]]
    elif "add_" in name or "context" in name or "txt_" in name:
        found = about(WORDS)
    else:
        found = picture
    return [found + [NOBODY] * (x.shape[1] - len(found))]  # references


def worst(net: Any, heard: Any, rows: Callable[[str, Tensor], Any]) -> tuple[float, float]:
    """The largest difference of any row from what its own adapters make, and the smallest layer's from both adapters everywhere."""
    most, least = 0.0, 1e9
    for name, calls in heard.items():
        for x, out in calls:
            wholes = {who: alone(net, name, sorted(who), x) for who in (NOBODY, ONE, OTHER, BOTH)}
            if out.ndim == 4:
                labels = [whose(*out.shape[2:])] * len(out)
                wholes = {who: one.flatten(2).transpose(1, 2) for who, one in wholes.items()}
            else:
                labels = rows(name, x)
            flat = out.flatten(2).transpose(1, 2) if out.ndim == 4 else out.view(len(out), -1, out.shape[-1])
            expected = torch.stack([
                torch.stack([wholes[who].view(flat.shape)[item, row] for row, who in enumerate(line)])
                for item, line in enumerate(labels)
            ])  # fmt: skip
            assert expected.shape == flat.shape, name
            most = max(most, (flat - expected).abs().max().item())
            least = min(least, (wholes[BOTH].view(flat.shape) - expected).abs().max().item())
    return most, least


@cache
def net_of(make: Callable[[], Any], kind: str) -> Any:
    return adapted(make(), EVERYTHING[kind])


@pytest.mark.parametrize(("make", "size"), [(sd15, (8, 8)), (sd15, (11, 7)), (sdxl, (6, 10))])
def test_unets_give_each_region_its_own_adapter(make: Callable[[], Any], size: tuple[int, int]) -> None:
    net = net_of(make, "unet")
    with torch.no_grad(), overheard(net) as heard:
        with masked(net, both(), *size, guided=True):
            feed_unet(net, *size)
        most, least = worst(net, dict(heard), lambda name, x: unet_rows(name, x, size))
    levels = {x.shape[1] for name, calls in heard.items() for x, _ in calls if "attn1" in name}
    assert len(levels) == (4 if make is sd15 else 2)  # with the middle
    assert most <= NEAR
    assert least > 1e-3  # both adapters everywhere fail in every layer


@pytest.mark.parametrize("size", [(4, 8), (5, 7)])
@pytest.mark.parametrize(("make", "feed", "kind"), TRANSFORMERS)
def test_transformers_give_each_region_its_own_adapter(
    make: Any, feed: Any, kind: str, size: tuple[int, int]
) -> None:
    net = net_of(make, kind)
    with torch.no_grad(), overheard(net) as heard:
        with masked(net, both(), *size, guided=kind == "z"):
            feed(net, *size)
        most, least = worst(net, dict(heard), lambda name, x: rows_of(kind, name, x, size))
    assert most <= NEAR
    assert least > 1e-3


@pytest.mark.parametrize("make", [flux, flux2])
def test_pictures_given_as_references_stay_without_adapters(make: Any) -> None:
    net, kind = net_of(make, make.__name__), make.__name__
    with torch.no_grad(), overheard(net) as heard:
        with masked(net, both()):
            feed_flux(net, 4, 8, references=6)
        most, _ = worst(net, dict(heard), lambda name, x: rows_of(kind, name, x, (4, 8)))
    assert most <= NEAR


@pytest.mark.parametrize(
    ("make", "feed", "last"),
    [
        (flux, feed_flux, ["single_transformer_blocks.1.proj_mlp", "single_transformer_blocks.1.proj_out", "1.attn.to_q"]),
        (flux2, feed_flux, ["single_transformer_blocks.1.attn.to_out"]),
        (qwen, feed_qwen, ["transformer_blocks.1.img_mlp.net.0.proj", "transformer_blocks.1.img_mlp.net.2"]),
        (z_image, feed_z, ["layers.1.feed_forward.w1", "layers.1.feed_forward.w2", "layers.1.attention.to_out.0"]),
        (sd15, feed_unet, ["conv_out"]),
        (sdxl, feed_unet, ["conv_out"]),
    ],
)  # fmt: skip
def test_the_picture_itself_is_exact_where_nothing_mixes_its_tokens_any_more(
    make: Any, feed: Any, last: list[str]
) -> None:
    net = make()
    last = [name for name in last if name != "1.attn.to_q"] + (
        ["single_transformer_blocks.1.attn.to_q"] if "1.attn.to_q" in last else []
    )
    net, size = adapted(net, last), (6, 8)
    placed = [Masked(LEFT, (), "sasha"), Masked(RIGHT, (), "theo")]  # words about nobody: see the test's name
    with torch.no_grad():
        with masked(net, placed, *size, guided=feed in (feed_unet, feed_z)):
            ours = by_tokens(feed(net, *size), size)
        made = {}
        for who in (NOBODY, ONE, OTHER, BOTH):
            net.set_adapters(sorted(who)) if who else net.disable_adapters()
            made[who] = by_tokens(feed(net, *size), size)
            net.enable_adapters()
    expected = torch.stack([made[who][:, row] for row, who in enumerate(whose(*size))], dim=1)
    assert (ours - expected).abs().max() <= NEAR
    assert (made[BOTH] - expected).abs().max() > 1e-3


def by_tokens(out: Tensor, size: tuple[int, int]) -> Tensor:
    if out.ndim == 4:
        return out.flatten(2).transpose(1, 2)
    return out[:, : size[0] * size[1]]


@pytest.mark.parametrize("make", [sd15, sdxl])
def test_the_whole_cross_attention_of_unets_is_that_of_one_adapter(make: Any) -> None:
    net, size = net_of(make, "unet"), (8, 6)
    attention = next(
        one for name, one in net.named_modules() if name.endswith("attn2") and one.to_k.in_features == 32
    )
    torch.manual_seed(2)
    count = size[0] * size[1]
    states, words = torch.randn(2, count, attention.to_q.in_features), torch.randn(2, WORDS, 32)
    placed = [Masked(LEFT, (), "sasha"), Masked(RIGHT, (), "theo")]
    with torch.no_grad():
        with masked(net, placed, *size, guided=True):
            ours = attention(states, encoder_hidden_states=words)
        made = {}
        for who in (NOBODY, ONE, OTHER):
            net.set_adapters(sorted(who)) if who else net.disable_adapters()
            made[who] = attention(states, encoder_hidden_states=words)
            net.enable_adapters()
        net.set_adapters(sorted(BOTH))
        plain = attention(states, encoder_hidden_states=words)
    expected = torch.stack([made[who][:, row] for row, who in enumerate(whose(*size))], dim=1)
    assert (ours - expected).abs().max() <= NEAR
    assert (plain - expected).abs().max() > 1e-2


@pytest.mark.parametrize(("make", "feed", "kind"), [*TRANSFORMERS, (sd15, feed_unet, "unet")])
def test_order_does_not_matter(make: Any, feed: Any, kind: str) -> None:
    net = net_of(make, kind)
    crossing = (Masked(Box(0, 0, 0.6, 1), SASHA, "sasha"), Masked(Box(0.4, 0, 0.6, 1), THEO, "theo"))
    outs = []
    for placed in (crossing, crossing[::-1]):
        with torch.no_grad(), masked(net, placed, 6, 6, guided=kind in ("unet", "z")):
            outs.append(feed(net, 6, 6))
    assert torch.equal(*outs)


@pytest.mark.parametrize(("make", "feed", "kind"), [*TRANSFORMERS, (sdxl, feed_unet, "unet")])
def test_adapters_without_region_are_what_set_adapters_makes(make: Any, feed: Any, kind: str) -> None:
    net = net_of(make, kind)
    with torch.no_grad():
        with masked(net, [Masked(adapter="theo", scale=0.4), Masked(adapter="sasha", scale=0.7)], 6, 6):
            ours = feed(net, 6, 6)
        net.set_adapters(["sasha", "theo"], [0.7, 0.4])
        theirs = feed(net, 6, 6)
        net.set_adapters(["sasha", "theo"], [1.0, 1.0])
        louder = feed(net, 6, 6)
    assert (ours - theirs).abs().max() <= NEAR * theirs.abs().max()
    assert (ours - louder).abs().max() > 100 * NEAR


def test_only_who_is_placed_works() -> None:
    net = net_of(flux, "flux")
    with torch.no_grad():
        with masked(net, [], 6, 6):
            ours = feed_flux(net, 6, 6)
        net.disable_adapters()
        base = feed_flux(net, 6, 6)
        net.enable_adapters()
    assert torch.equal(ours, base)


@pytest.mark.parametrize(("make", "feed", "kind"), [*TRANSFORMERS, (sd15, feed_unet, "unet")])
@pytest.mark.parametrize("fails", [False, True])
def test_afterwards_everything_is_as_before(make: Any, feed: Any, kind: str, fails: bool) -> None:
    net = net_of(make, kind)
    before = state_of(net)
    with torch.no_grad():
        out = feed(net, 6, 6)
        if fails:
            with pytest.raises(ZeroDivisionError), masked(net, both(), 6, 6, guided=True):
                raise ZeroDivisionError
        else:
            with masked(net, both(), 6, 6, guided=kind in ("unet", "z")):
                assert state_of(net) != before
                assert not torch.equal(feed(net, 6, 6), out)
        assert state_of(net) == before
        assert torch.equal(feed(net, 6, 6), out)


def state_of(net: nn.Module) -> list[Any]:
    """All that hangs on the modules: their own attributes and hooks, by identity."""
    return [
        (name, sorted((key, id(value)) for key, value in vars(module).items()), list(map(id, module._forward_pre_hooks.values())))
        for name, module in net.named_modules()
    ]  # fmt: skip


def test_the_negative_prompt_in_a_call_of_its_own_is_about_nobody() -> None:
    net = net_of(flux, "flux")
    name = "context_embedder"
    with torch.no_grad(), overheard(net) as heard, masked(net, both(), 4, 8):
        for called in ("cond", "uncond"):
            with net.cache_context(called):
                feed_flux(net, 4, 8)
    (x, said), (y, unsaid) = heard[name]
    theirs, everybody = (
        torch.tensor([one == OTHER for one in about(WORDS)]),
        alone(net, name, ["sasha", "theo"], x),
    )
    assert torch.equal(x, y)
    assert (unsaid - everybody).abs().max() <= NEAR
    assert (said - everybody)[0, theirs].abs().max() > 1e-3


@pytest.mark.parametrize("precision", ["int8", "nf4"])
def test_layers_may_be_packed_and_streamed(precision: Any) -> None:
    net = quantise(flux2_wide(), precision, smallest=1)
    net = adapted(net, EVERYTHING["flux2"])
    assert any(isinstance(one, QuantisedLinear) for one in net.modules())
    with torch.no_grad(), overheard(net) as heard:
        with masked(net, both(), 4, 8):
            out = feed_flux(net, 4, 8)
        most, least = worst(net, dict(heard), lambda name, x: rows_of("flux2", name, x, (4, 8)))
        assert most <= NEAR
        assert least > 1e-3
        schedule = stream([*net.transformer_blocks, *net.single_transformer_blocks], 3, "cpu")
        with masked(net, both(), 4, 8):
            assert torch.equal(feed_flux(net, 4, 8), out)
        assert schedule.copied
        schedule.remove("cpu")


def flux2_wide() -> Any:
    return flux2_net(num_layers=1)


@pytest.mark.parametrize("changes", [{"use_dora": True}, {"lora_bias": True}])
@pytest.mark.parametrize(("make", "feed", "kind"), [(flux, feed_flux, "flux"), (sd15, feed_unet, "unet")])
def test_other_shapes_of_lora(changes: dict[str, bool], make: Any, feed: Any, kind: str) -> None:
    # of words about nobody peft's sum of several DoRAs hangs on their order
    net = adapted(
        make(), ["attn2.to_k", "attn1.to_q", "transformer_blocks.0.attn.to_q", "ff.net.2", "conv1"], **changes
    )
    with torch.no_grad():
        for name, one in net.named_parameters():
            if "magnitude" in name or "lora_B" in name:
                one.mul_(1.5).add_(0.1)
        with overheard(net) as heard, masked(net, both(), 4, 8, guided=kind == "unet"):
            feed(net, 4, 8)
        rows = (
            (lambda name, x: unet_rows(name, x, (4, 8)))
            if kind == "unet"
            else (lambda name, x: rows_of(kind, name, x, (4, 8)))
        )
        most, least = worst(net, dict(heard), rows)
    assert most <= NEAR
    assert least > 1e-3


def test_adapters_that_diffusers_has_loaded() -> None:
    net, taught = flux(), net_of(flux, "flux")
    for adapter in ("sasha", "theo"):
        state = get_peft_model_state_dict(taught, adapter_name=adapter)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net.load_lora_adapter(state, prefix=None, adapter_name=adapter)
    net.eval()
    with torch.no_grad():
        outs = []
        for one, factor in ((taught, 1.0), (net, 0.5)):  # the state knows no alpha, half the rank there
            with masked(one, both(scale=factor), 4, 8):
                outs.append(feed_flux(one, 4, 8))
    assert (outs[0] - outs[1]).abs().max() <= NEAR


def test_soft_edges_share_and_the_inside_is_whole() -> None:
    net = net_of(flux, "flux")
    outs = {}
    for feather in (0.0, 0.25):
        with torch.no_grad(), overheard(net) as heard, masked(net, both(), 8, 8, feather=feather):
            feed_flux(net, 8, 8)
        outs[feather] = heard["x_embedder"][0]
    (x, hard), (_, soft) = outs[0.0], outs[0.25]
    changed = ((hard - soft).abs().amax(dim=(0, 2)) > 1e-6).view(8, 8)
    assert not changed[4:, 0].any()  # two tokens from every edge but the page's own
    assert changed[:, 4].any()
    base, sasha = alone(net, "x_embedder", [], x), alone(net, "x_embedder", ["sasha"], x)
    edge = (soft - base)[0, 7 * 8 + 3] / (sasha - base)[0, 7 * 8 + 3]
    assert torch.allclose(edge, torch.full_like(edge, 2 / 3), atol=1e-3)  # one of three columns is not hers


@pytest.mark.parametrize(("make", "feed", "kind"), [*TRANSFORMERS, (sd15, feed_unet, "unet")])
def test_sizes_are_taken_from_the_net_and_checked(make: Any, feed: Any, kind: str) -> None:
    net, outs = net_of(make, kind), []
    for size in ((), (4, 8)):
        with torch.no_grad(), masked(net, both(), *size, guided=kind in ("unet", "z")):
            outs.append(feed(net, 4, 8))
    assert torch.equal(*outs)
    with (
        pytest.raises(BadInput, match="sees a picture of 4 x 8, regions were given for 8 x 4"),
        masked(net, both(), 8, 4),
    ):
        feed(net, 4, 8)


def test_refusals() -> None:
    net = net_of(flux, "flux")
    with (
        pytest.raises(BadInput, match=r"no adapter mum") as caught,
        masked(net, [Masked(LEFT, (), "mum")], 4, 8),
    ):
        pass
    assert "sasha, theo" in str(caught.value)
    with pytest.raises(BadInput, match="cannot paint several people"), masked(nn.Linear(2, 2), [], 4, 8):
        pass
    one = adapted(flux(), ["attn.to_q"])
    one.fuse_lora()
    with pytest.raises(BadInput, match="melted"), masked(one, both(), 4, 8):
        pass
    strange = flux()
    strange.add_adapter(LoKrConfig(r=2, target_modules=["to_q"]), adapter_name="sasha")
    with pytest.raises(BadInput, match="'sasha' is no LoRA"), masked(strange, both()[:1], 4, 8):
        pass
