"""What is said of one person reaches her region only."""

from typing import Any

import pytest
import torch
from torch import Tensor

from storykin.painters.diffusion.regions import Masked, masked
from storykin.painters.diffusion.regions_attention import joint
from storykin.painters.diffusion.regions_plan import Plan
from storykin.scene import Box
from tests.painters.diffusion.region_nets import (
    LEFT,
    RIGHT,
    SASHA,
    THEO,
    WORDS,
    feed_flux,
    feed_qwen,
    feed_z,
    flux,
    flux2,
    qwen,
    sd15,
    sdxl,
    z_image,
)
from tests.painters.diffusion.test_regions import ONE, OTHER, whose

SIZE = (5, 8)
TOLD = (Masked(LEFT, SASHA), Masked(RIGHT, THEO))  # both known by words only
ONE_ATTENTION = {
    "flux, double": (lambda: flux(num_layers=1, num_single_layers=0), feed_flux, (1, WORDS, 32)),
    "flux, single": (lambda: flux(num_layers=0, num_single_layers=1), feed_flux, (1, WORDS, 32)),
    "flux2, double": (lambda: flux2(num_layers=1, num_single_layers=0), feed_flux, (1, WORDS, 48)),
    "flux2, single": (lambda: flux2(num_layers=0, num_single_layers=1), feed_flux, (1, WORDS, 48)),
    "qwen": (lambda: qwen(num_layers=1), feed_qwen, (1, WORDS, 24)),
    "z": (lambda: z_image(n_layers=1, n_refiner_layers=1), feed_z, (WORDS, 24)),
}


def words_of(shape: tuple[int, ...], spans: Any = ()) -> Tensor:
    """A prompt's tokens, those in the spans others than usual."""
    torch.manual_seed(3)
    words, others = torch.randn(shape), torch.randn(shape)
    for first, after in spans:
        words[..., first:after, :] = others[..., first:after, :]
    return words


@pytest.mark.parametrize("what", ONE_ATTENTION)
def test_words_about_her_reach_her_region_only(what: str) -> None:
    make, feed, shape = ONE_ATTENTION[what]
    net = make().eval()
    kwargs = {} if what == "z" else {"references": 1 if what == "qwen" else 7}

    def paint(spans: Any, regional: bool) -> Tensor:
        with torch.no_grad():
            if not regional:
                return feed(net, *SIZE, words=words_of(shape, spans), **kwargs)
            with masked(net, TOLD, *SIZE, guided=what == "z"):
                return feed(net, *SIZE, words=words_of(shape, spans), **kwargs)

    for spans, who in ((SASHA, ONE), (THEO, OTHER)):
        hers = torch.tensor([one == who for one in whose(*SIZE)])
        base = paint((), True)
        changed = (paint(spans, True) - base).abs().amax(dim=(0, 2))
        count = len(hers)
        assert changed[:count][hers].min() > 1e-6
        assert changed[:count][~hers].max() == 0
        assert not changed[count:].any()  # references
        plain = (paint(spans, False) - paint((), False)).abs().amax(dim=(0, 2))
        assert plain[:count].min() > 1e-6  # without regions they reach everybody


@pytest.mark.parametrize("what", ONE_ATTENTION)
def test_words_about_nobody_reach_everybody(what: str) -> None:
    make, feed, shape = ONE_ATTENTION[what]
    net = make().eval()
    outs = []
    for spans in ((), ((0, 1),)):
        with torch.no_grad(), masked(net, TOLD, *SIZE, guided=what == "z"):
            outs.append(feed(net, *SIZE, words=words_of(shape, spans)))
    assert (outs[0] - outs[1]).abs().amax(dim=(0, 2))[: SIZE[0] * SIZE[1]].min() > 1e-6


@pytest.mark.parametrize("make", [sd15, sdxl])
def test_unets_read_only_what_is_about_a_region(make: Any) -> None:
    net = make().eval()
    attention = next(one for name, one in net.named_modules() if name.endswith("attn2"))
    torch.manual_seed(2)
    states = torch.randn(2, SIZE[0] * SIZE[1], attention.to_q.in_features)

    def read(spans: Any) -> Tensor:
        with torch.no_grad(), masked(net, TOLD, *SIZE, guided=True):
            return attention(states, encoder_hidden_states=words_of((2, WORDS, 32), spans))

    base = read(())
    for spans, who in ((SASHA, ONE), (THEO, OTHER)):
        hers = torch.tensor([one == who for one in whose(*SIZE)])
        unsaid, said = (read(spans) - base).abs().amax(dim=2)
        assert said[hers].min() > 1e-6
        assert said[~hers].max() == 0
        assert unsaid.min() > 1e-6  # the negative prompt is about nobody
    assert (read(((0, 1),)) - base).abs().amax(dim=2).min() > 1e-6


def test_unets_whose_words_are_all_about_somebody_see_something() -> None:
    attention, states, words = cross_attention()
    with torch.no_grad():
        plain = attention(states, encoder_hidden_states=words)
        with masked(attention.net, [Masked(LEFT, ((0, WORDS),))], *SIZE, guided=True):
            ours = attention(states, encoder_hidden_states=words)
    assert (ours - plain).abs().max() < 1e-6


def test_unets_keep_a_mask_that_they_are_given() -> None:
    attention, states, _ = cross_attention()
    bias = torch.zeros(2, 1, WORDS)
    bias[:, :, 10:] = -10000.0
    outs = []
    for spans in ((), ((10, 12),), SASHA):
        words = words_of((2, WORDS, 32), spans)
        with torch.no_grad(), masked(attention.net, TOLD, *SIZE, guided=True):
            outs.append(attention(states, encoder_hidden_states=words, attention_mask=bias)[1])
    hers = torch.tensor([one == ONE for one in whose(*SIZE)])
    assert torch.equal(outs[0], outs[1])
    assert torch.equal(outs[0][~hers], outs[2][~hers])
    assert not torch.equal(outs[0], outs[2])


def cross_attention() -> Any:
    """A U-Net's first attention to words, and what goes into it: the picture twice, the negative prompt and the prompt."""
    net = sd15().eval()
    attention = next(one for name, one in net.named_modules() if name.endswith("attn2"))
    object.__setattr__(attention, "net", net)
    torch.manual_seed(2)
    states = torch.randn(2, SIZE[0] * SIZE[1], attention.to_q.in_features)
    return attention, states, words_of((2, WORDS, 32))


def test_words_that_qwen_is_not_to_read_stay_unread() -> None:
    net = qwen(num_layers=1).eval()
    outs = []
    for spans in ((), ((11, 12),)):
        with torch.no_grad(), masked(net, TOLD, *SIZE):
            outs.append(feed_qwen(net, *SIZE, words=words_of((1, WORDS, 24), spans), unread=1))
    assert torch.equal(*outs)


def test_our_processor_of_qwen_does_what_diffusers_does() -> None:
    net = qwen().eval()
    everything = [Masked(Box(0, 0, 1, 1), ((0, WORDS),))]
    with torch.no_grad():
        base = feed_qwen(net, *SIZE, references=0)
        with masked(net, everything, *SIZE):
            ours = feed_qwen(net, *SIZE, references=0)
        with masked(net, TOLD, *SIZE):
            assert not torch.allclose(feed_qwen(net, *SIZE, references=0), base, atol=1e-4)
        assert (ours - base).abs().max() < 1e-6
        with masked(net, TOLD, *SIZE), net.cache_context("uncond"):
            assert (feed_qwen(net, *SIZE, references=0) - base).abs().max() < 1e-6


@pytest.mark.parametrize("make", [flux, flux2])
def test_nothing_is_masked_without_words_or_when_not_wanted(make: Any) -> None:
    net = make().eval()
    with torch.no_grad():
        base = feed_flux(net, *SIZE)
        for placed, prompts in (
            ((Masked(LEFT), Masked(RIGHT)), True),
            ((Masked(None, SASHA),), True),
            (TOLD, False),
        ):
            with masked(net, placed, *SIZE, prompts=prompts):
                assert torch.equal(feed_flux(net, *SIZE), base)
        with masked(net, TOLD, *SIZE), net.cache_context("uncond"):
            assert torch.equal(feed_flux(net, *SIZE), base)
        with masked(net, TOLD, *SIZE):
            assert not torch.equal(feed_flux(net, *SIZE), base)


@pytest.mark.parametrize("words_first", [True, False])
def test_who_reads_whom(words_first: bool) -> None:
    plan = Plan("FluxTransformer2DModel", TOLD, 2, 4, True, False, 0.0)
    found = joint(plan, WORDS, 8 + 3, negative=False, words_first=words_first, gap=2)
    words: list[Any] = [None] * (WORDS + 2)
    for who, spans in ((ONE, SASHA), (OTHER, THEO)):
        for first, after in spans:
            words[first:after] = [("said", who)] * (after - first)
    picture: list[Any] = [("shown", who) if who else ("shown", None) for who in whose(2, 4)] + [
        "reference"
    ] * 3
    tokens = words + picture if words_first else picture + words

    def reads(one: Any, other: Any) -> bool:
        if other is None:
            return True
        if other[0] == "said":
            return one is not None and one[1] == other[1]
        hers = one is not None and one[0] == "said"
        return not (hers and other[0] == "shown" and other[1] not in (None, one[1]))

    assert found.tolist() == [[reads(one, other) for other in tokens] for one in tokens]


def test_what_fills_up_a_batch_of_z_image_stays_unread() -> None:
    """The negative prompt is longer, so that the prompt is filled up to its length."""
    net = z_image().eval()
    with torch.no_grad():
        with masked(net, TOLD, *SIZE, guided=True):
            two = feed_z(net, *SIZE)
        with masked(net, TOLD, *SIZE):
            one = feed_z(net, *SIZE, single=True)
    assert (one - two).abs().max() < 1e-5
