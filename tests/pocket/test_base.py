"""The parts of `pocket`: they learn, go on where they ended, and load as FLUX.1-dev does."""

import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from benchmarks.pocket import (
    autoencoder,
    base,
    latents,
    learning,
    net,
    reading,
    render,
    sense,
    words,
    world,
)
from benchmarks.pocket.team import Team
from PIL import Image

from storykin.painters.diffusion.painter import Diffusion
from storykin.shot import Shot

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("diffusers") is None, reason="needs diffusers"),
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-two pictures, a fresh autoencoder, their latents and a tokenizer."""
    import torch

    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("pocket")
    render.render(0, folder, 256, 32)
    autoencoder.make((8, 8, 8, 16, 16)).save_pretrained(folder / "vae")
    latents.encode(folder / "pictures-256", folder / "vae", folder / "latents")
    said = [world.sample(seed).caption for seed in range(200)]
    words.save(words.tokenizer(said), folder / "tokenizer")
    return folder


@pytest.fixture
def fresh(ground: Path, tmp_path: Path) -> Path:
    shutil.copytree(ground / "tokenizer", tmp_path / "base" / "tokenizer")
    return tmp_path / "base"


def learn(ground: Path, out: Path, steps: int, every: int = 100, **more: Any) -> dict[str, Any]:
    import torch

    learning.learn(
        learning.Lesson(ground / "latents", out, ground / "vae", steps, 4, every=every, sheets=False, **more)
    )
    return torch.load(out / "last.pt", weights_only=True)


def test_words_are_pieces_and_unknown_ones_are_spelled(ground: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    tokens = PreTrainedTokenizerFast.from_pretrained(ground / "tokenizer")
    assert tokens.tokenize("a red dress") == ["▁a", "▁red", "▁dress"]
    assert tokens.tokenize("Zvoqk,") == ["▁z", "v", "o", "q", "k"]
    assert (
        len(tokens.tokenize("Flat picture-book illustration, clean rounded shapes, warm muted colours.")) == 2
    )
    assert tokens("a").input_ids[-1] == tokens.eos_token_id


def test_a_training_goes_on_where_it_ended(ground: Path, fresh: Path) -> None:
    learn(ground, fresh, 2, every=1)
    was = learn(ground, fresh, 3)
    assert was["step"] == 3
    assert all(state["state"][0]["step"] == 3 for state in was["optimisers"])


def test_two_learn_as_one(ground: Path, fresh: Path) -> None:
    import torch

    learning.learn(
        learning.Lesson(ground / "latents", fresh, ground / "vae", 2, 4, sheets=False), processes=2
    )
    was = torch.load(fresh / "last.pt", weights_only=True)
    assert was["step"] == 2


def test_a_team_steps_by_the_mean_of_its_gradients(tmp_path: Path) -> None:
    from torch import multiprocessing

    multiprocessing.spawn(_share, (tmp_path,), 2)
    found = [float((tmp_path / f"{rank}").read_text()) for rank in range(2)]
    assert found == [2.0, 2.0]


def _share(rank: int, folder: Path) -> None:
    import torch

    team = Team(rank, 2)
    team.meet(folder / "store")
    one = torch.nn.Parameter(torch.zeros(3))
    one.grad = torch.full((3,), 1.0 + 2 * rank)
    other = torch.nn.Parameter(torch.zeros(2, 2))  # which was not used
    team.share([one, other])
    assert one.grad is not None
    assert other.grad is not None
    (folder / f"{rank}").write_text(str(float(one.grad.mean() + other.grad.mean())))
    team.part()


def test_a_team_ends_with_its_parent(tmp_path: Path) -> None:
    """Also where it was begun in the background, where a shell lets SIGINT be ignored: two teams in one folder would write over each other."""
    script = tmp_path / "begun.py"
    script.write_text(
        "import os, signal, sys, time\nfrom pathlib import Path\nfrom benchmarks.pocket.team import together\n"
        "def wait(team, folder):\n    (folder / f'pid-{team.rank}').write_text(str(os.getpid()))\n    time.sleep(600)\n"
        f"if __name__ == '__main__':\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    together(wait, (Path({str(tmp_path)!r}),), 2)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, script], env=os.environ | {"PYTHONPATH": str(root)})
    notes = [tmp_path / f"pid-{rank}" for rank in (0, 1)]
    assert _soon(lambda: all(one.exists() and one.read_text() for one in notes))
    parent.kill()
    parent.wait()
    assert _soon(lambda: not any(_runs(one.read_text()) for one in notes))


def _runs(number: str) -> bool:
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"  # over, and not yet fetched by anybody


def _soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within two minutes."""
    return any(true() or time.sleep(0.2) for _ in range(600))


def test_a_team_shares_muons_matrices(tmp_path: Path) -> None:
    from torch import multiprocessing

    _turn(0, tmp_path, 1)
    multiprocessing.spawn(_turn, (tmp_path, 2), 2)
    alone, *shared = [(tmp_path / f"{one}").read_text() for one in ("1-0", "2-0", "2-1")]
    assert shared == [alone, alone]


def _turn(rank: int, folder: Path, size: int) -> None:
    import torch
    from benchmarks.pocket.muon import Muon

    team = Team(rank, size)
    team.meet(folder / "store")
    torch.manual_seed(0)
    several = [torch.nn.Parameter(torch.randn(shape)) for shape in ((4, 6), (4, 6), (4, 6), (3, 5))]
    for one in several:
        one.grad = torch.randn_like(one)
    Muon(several, lr=0.1, team=team).step()
    (folder / f"{size}-{rank}").write_text(
        str([[round(x, 4) for x in one.flatten().tolist()] for one in several])
    )
    team.part()


def test_learning_lowers_the_loss(ground: Path, fresh: Path) -> None:
    import torch

    pocket = net.Pocket(fresh)
    batch = replace(next(latents.batches(ground / "latents", 4, Random(0))), length=56)
    optimiser = torch.optim.AdamW(pocket.named().values(), lr=2e-3)
    losses, blind = [], []
    for _ in range(12):
        loss, unseen = learning.loss_of(pocket, None, batch, torch.Generator().manual_seed(0))
        (loss + unseen).backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        blind.append(unseen.item())
    assert losses[-1] < 0.8 * losses[0]
    assert blind[-1] < 0.8 * blind[0]


def test_the_rate_rises_stays_and_falls() -> None:
    assert learning.pace(149, 5000) == pytest.approx(0.5)
    for fall in (0.17, 0.4):
        level = int(5000 * (1 - fall))
        assert {learning.pace(step, 5000, fall) for step in range(299, level, 100)} == {1.0}
        assert learning.pace(level + int(2500 * fall), 5000, fall) == pytest.approx(0.5)
        assert learning.pace(5000, 5000, fall) == 0.02
    assert learning.pace(5000, 5000, 0.0) == 1.0  # it never falls


def test_places_where_somebody_is_count_more(ground: Path, fresh: Path) -> None:
    import torch

    from storykin.critics.drawn import nets

    seen = torch.zeros(2, 8, 8, sense.SEEN)
    seen[..., sense.SCENERY] = 1.0
    seen[0, 2, 5, sense.SCENERY] = 0.0  # row 2, column 5: somebody
    seen[0, 1, 5] = 0.0
    seen[0, 1, 5, 48 + nets.PARTS.index("hair")] = 1.0  # her hair above it
    found = sense.weighed(seen, 3.0, 5.0)
    assert found.shape == (2, 1, 16, 16)
    assert found.mean().item() == pytest.approx(1.0, abs=1e-5)
    head, there = found[0, 0, 2:4, 10:12], found[0, 0, 4:6, 10:12]
    assert (there / found[1, 0, 0, 0]).flatten().tolist() == pytest.approx([4.0] * 4)
    assert (head / found[1, 0, 0, 0]).flatten().tolist() == pytest.approx([9.0] * 4)
    assert (found == found[1, 0, 0, 0]).sum() == 2 * 256 - 8
    pocket = net.Pocket(fresh)
    batch = replace(next(latents.batches(ground / "latents", 4, Random(0))), length=56)
    only = torch.zeros_like(batch.weights)
    only[..., 4, 10] = 256.0
    # a fresh net says 0, so that this is the mean square of what it should say there
    draws = torch.Generator().manual_seed(0)
    goal = torch.randn(batch.latents.shape, generator=draws) - batch.latents
    loss, _ = learning.loss_of(pocket, None, replace(batch, weights=only), torch.Generator().manual_seed(0))
    assert loss.item() == pytest.approx(goal[..., 4, 10].square().mean().item(), rel=1e-4)


def test_the_net_is_told_what_the_reader_sees_in_the_same_place(ground: Path) -> None:
    """By other code than the reader's own, which is numpy's."""
    import numpy as np

    from storykin.critics.drawn import nets
    from storykin.critics.drawn.plain import PlainOps
    from storykin.critics.drawn.reader import WEIGHTS

    first = next(iter(render.read(next((ground / "pictures-256").glob("*.zip")))))
    picture = (
        np.asarray(Image.open(io.BytesIO(first.png)).convert("RGB").resize((128, 128)), np.float32) / 255
    )
    picture = picture.transpose(2, 0, 1)[None]
    told = nets.see(PlainOps(WEIGHTS), "body", picture)
    chances = nets.soft(PlainOps(WEIGHTS), told["parts"])
    import torch

    found = sense.Eyes().see(torch.from_numpy(picture)).numpy()
    assert found.shape == (1, 8, 8, sense.SEEN)
    for row, column in ((0, 0), (3, 4), (7, 2)):
        mid = told["mid"][0, :, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2].mean((1, 2))
        parts = chances[0, :, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4].mean((1, 2))
        assert np.allclose(found[0, row, column], np.concatenate([mid, parts]), atol=1e-3)


def test_padding_follows_the_captions_and_is_full_at_times(ground: Path, fresh: Path) -> None:
    pocket = net.Pocket(fresh)
    whole = next(latents.batches(ground / "latents", 16, Random(0)))
    lengths = set()
    for turn in range(24):
        parts = learning.portions(whole, pocket, Random(turn))
        assert sum(len(one) for one in parts) == 16
        for one in parts:
            assert len(one.latents) == len(one.seen) == len(one)
            longest = max(len(ids) for ids in pocket.tokens(one.captions).input_ids)
            assert one.length >= min(longest, words.LENGTH)
            lengths.add(one.length)
    assert words.LENGTH in lengths
    assert min(lengths) <= words.LENGTH // 2


def test_muon_makes_matrices_orthogonal_and_learns() -> None:
    import torch
    from benchmarks.pocket.muon import Muon, orthogonal

    torch.manual_seed(0)
    found = torch.linalg.svdvals(orthogonal(torch.randn(2, 24, 60)))
    assert found.min() > 0.5
    assert found.max() < 1.3
    goal, one = torch.randn(24, 24), torch.nn.Parameter(torch.zeros(24, 24))
    optimiser = Muon([one], lr=0.05)
    losses = []
    for _ in range(80):
        loss = (one - goal).square().mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_a_pupil_keeps_the_masters_encoders(ground: Path, fresh: Path, tmp_path: Path) -> None:
    import torch

    was = learn(ground, fresh, 1)["average"]
    now = learn(ground, tmp_path / "pupil", 2, teacher=fresh)["net"]
    moved = {name.split(".")[0] for name in now if not torch.equal(now[name], was[name])}
    assert moved == {"transformer"}


def test_there_is_one_tokenizer_before_several_learn(
    ground: Path, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[str]] = []

    def begin(work: Any, given: tuple[learning.Lesson], processes: int) -> None:
        found.append(sorted(one.name for one in (given[0].out / "tokenizer").iterdir()))

    monkeypatch.setattr(learning, "together", begin)
    lesson = learning.Lesson(ground / "latents", tmp_path / "pupil", ground / "vae", 1, 4, teacher=fresh)
    learning.learn(lesson, 2)
    assert found == [sorted(one.name for one in (fresh / "tokenizer").iterdir())]


def test_questions_are_answered_from_left_to_right() -> None:
    two = next(
        one
        for one in (world.sample(seed, 2) for seed in range(50))
        if all(who.look.is_person for who in one.cast)
    )
    labels = two.labels
    there = dict(zip(reading.names()[: len(reading.OF_SCENE)], reading.answers(labels), strict=False))
    assert (there["place"], there["figures"]) == (two.scene.place, "2")
    swapped = {**labels, "figures": labels["figures"][::-1]}
    assert reading.answers(swapped) == reading.answers(labels)
    left, right = sorted(labels["figures"], key=lambda one: one["box"][0] + one["box"][2] / 2)
    found = reading.answers(labels)[len(reading.OF_SCENE) :]
    hair = reading.OF_FIGURE.index("hair_colour")
    assert (found[hair], found[len(reading.OF_FIGURE) + hair]) == (left["hair_colour"], right["hair_colour"])
    one = {**left, "outfit": "a dotted brown shirt and light blue leggings"}
    of_one = dict(
        zip(
            reading.OF_FIGURE,
            reading.answers({**labels, "figures": [one]})[len(reading.OF_SCENE) :],
            strict=False,
        )
    )
    assert (of_one["garment"], of_one["colour"], of_one["other colour"]) == ("shirt", "brown", "light blue")
    assert set(reading.answers({**labels, "figures": [one]})[-len(reading.OF_FIGURE) :]) == {""}


def test_encoders_learn_to_read_and_then_stay(ground: Path, fresh: Path, tmp_path: Path) -> None:
    import torch

    learn(ground, fresh, 1)
    readers = tmp_path / "readers"
    reading.learn(ground / "latents", readers, fresh, 10, aside=8)
    reading.learn(ground / "latents", readers, None, 25, aside=8)
    lines = [json.loads(one) for one in (readers / "log.jsonl").read_text().splitlines()]
    assert [one["step"] for one in lines] == [10, 25]
    assert lines[1]["loss"] < 0.9 * lines[0]["loss"]
    read = torch.load(readers / "last.pt", weights_only=True)["average"]
    was = torch.load(fresh / "last.pt", weights_only=True)["average"]
    moved = [name for name in read if not torch.equal(read[name], was[name])]
    assert len(moved) > 0.9 * len(read)
    out = tmp_path / "goes on"
    now = learn(ground, out, 1, readers=readers, begin=fresh, rate=1e-7)["net"]
    for name, one in now.items():
        if name.startswith(net.READS):
            assert torch.equal(one, read[name]), name
        else:
            assert torch.allclose(one, was[name], atol=1e-4), name
    with pytest.raises(SystemExit, match="same --readers"):
        learn(ground, out, 2)
    reading.learn(ground / "latents", readers, None, 26, aside=8)
    with pytest.raises(SystemExit, match="other readers"):
        learn(ground, out, 2, readers=readers)


def test_the_folder_is_a_flux_pipeline(ground: Path, fresh: Path, tmp_path: Path) -> None:
    import torch
    from diffusers import FluxPipeline

    learn(ground, fresh, 1)
    out = base.save(fresh, ground / "vae", tmp_path / "pocket")
    pipeline = FluxPipeline.from_pretrained(out, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    assert pipeline.vae_scale_factor == 16
    said = "zvoqk, a girl in a red dress on the moon"
    tokens, pooled, _ = pipeline.encode_prompt(said, None, max_sequence_length=words.LENGTH)
    ours = net.restored(fresh).read([said], words.LENGTH)
    assert torch.allclose(tokens, ours[0], atol=2e-2)
    assert torch.allclose(pooled, ours[1], atol=2e-2)
    saved = net.with_readers(out, out).named()  # goes on from what was saved, all but the eye
    for name, one in net.restored(fresh).named().items():
        if not name.startswith("eye."):
            assert torch.allclose(saved[name], one, rtol=1e-3, atol=1e-4), name  # half precision
    picture = pipeline(
        said, height=256, width=256, num_inference_steps=1, max_sequence_length=words.LENGTH
    ).images[0]
    assert picture.size == (256, 256)
    painter = Diffusion(str(out), precision="float32")
    assert (painting := painter.painting).name == "flux-dev"
    assert (painting.side, painting.grain, painter.defaults.size) == (256, 32, 256)
    shot = Shot(1, scene=world.sample(1).scene, prompt=said, seed=1, width=100, height=72, steps=1)
    painted = painter.paint(shot, lambda _: None)
    painter.close()
    with Image.open(io.BytesIO(painted)) as found:
        assert found.size == (100, 72)


def test_the_autoencoder_learns_and_measures_itself(ground: Path, tmp_path: Path) -> None:
    import torch
    from diffusers import AutoencoderKL

    autoencoder.train(ground / "pictures-256", tmp_path, 2, 1e-3)
    vae = AutoencoderKL.from_pretrained(tmp_path / "vae")
    feed = autoencoder.crops(sorted((ground / "pictures-256").glob("*.zip")), 8, autoencoder.HALF, Random(3))
    with torch.no_grad():
        latents = (
            vae.encode(next(feed)).latent_dist.mode() - vae.config.shift_factor
        ) * vae.config.scaling_factor
    assert latents.shape == (8, autoencoder.LATENT, 16, 16)
    assert abs(latents.std().item() - 1) < 0.2
    assert abs(latents.mean().item()) < 0.2


def test_crops_about_a_head_hold_it() -> None:
    dice = Random(4)
    for seed in range(40):
        labels = world.sample(seed).labels
        left, top = autoencoder.about_a_head(labels, 256, 128, dice)
        assert left % autoencoder.FACTOR == top % autoencoder.FACTOR == 0
        assert 0 <= left <= 128
        assert 0 <= top <= 128
        boxes = [one["box"] for one in labels["figures"]]
        heads = [(256 * (x + w / 2), 256 * (y + 0.2 * h)) for x, y, w, h in boxes]
        assert any(left <= x <= left + 128 and top <= y <= top + 128 for x, y in heads), seed
    assert autoencoder.about_a_head({"figures": [{"box": None}]}, 256, 64, dice)[0] <= 192


def test_crops_grow_while_the_autoencoder_learns() -> None:
    sides = [autoencoder.stage(step, 1000)[0] for step in range(1000)]
    assert sides == sorted(sides)
    assert [sides.count(side) / 1000 for side, _, _ in autoencoder.STAGES] == pytest.approx([part for *_, part in autoencoder.STAGES], abs=0.002)  # fmt: skip


def test_a_grown_autoencoder_says_of_the_whole_what_the_small_one_says_of_half(
    ground: Path, tmp_path: Path
) -> None:
    import torch
    from diffusers import AutoencoderKL

    small = autoencoder.make((16, 16, 16, 16))
    small.register_to_config(scaling_factor=0.5, shift_factor=0.25)
    small.save_pretrained(tmp_path / "vae")
    feed = autoencoder.crops(sorted((ground / "pictures-256").glob("*.zip")), 8, 256, Random(3), grid=16)
    whole = next(feed)
    half = torch.nn.functional.avg_pool2d(whole, 2)

    def strayed(vae: Any) -> tuple[float, float]:
        with torch.no_grad():
            latents = small.encode(half).latent_dist.mean
            there = vae.encode(whole).latent_dist.mean
            back = vae.decode(latents).sample
        assert there.shape == latents.shape == (8, autoencoder.LATENT, 16, 16)
        return (there - latents).square().mean().item(), (back - whole).abs().mean().item()

    fresh, learning = autoencoder.grown(small)
    kept = {name: one.clone() for name, one in fresh.named_parameters() if name not in learning}
    assert {name.split(".")[0] for name in kept} == {"encoder"}
    before = strayed(fresh)
    autoencoder.grow(ground / "pictures-256", tmp_path / "vae", tmp_path / "grown", 100, 1e-3)
    vae = AutoencoderKL.from_pretrained(tmp_path / "grown" / "vae")
    after = strayed(vae)
    assert after[0] < before[0] / 2
    assert after[1] < before[1]
    assert all(torch.equal(one, vae.state_dict()[name]) for name, one in kept.items())
    assert (vae.config.sample_size, vae.config.scaling_factor, vae.config.shift_factor) == (256, 0.5, 0.25)


def test_an_autoencoder_is_kept_in_half_precision_and_read_in_full(ground: Path, tmp_path: Path) -> None:
    import torch
    from diffusers import AutoencoderKL

    autoencoder.keep(ground / "vae", tmp_path / "kept")
    full, kept = (AutoencoderKL.from_pretrained(one) for one in (ground / "vae", tmp_path / "kept"))
    sizes = [
        (one / "diffusion_pytorch_model.safetensors").stat().st_size
        for one in (ground / "vae", tmp_path / "kept")
    ]
    assert sizes[1] < 0.6 * sizes[0]
    assert str(tmp_path.parent) not in (tmp_path / "kept" / "config.json").read_text()
    picture = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        one, other = (vae.encode(picture).latent_dist.mode() for vae in (full, kept))
    assert other.dtype == torch.float32
    assert torch.allclose(one, other, atol=0.02)


def test_a_fresh_autoencoder_is_linear_and_keeps_what_passes() -> None:
    import torch

    vae = autoencoder.make((8, 16, 16))
    branches = [one for name, one in vae.named_parameters() if name.endswith("conv2.weight")]
    assert branches
    assert not any(one.any() for one in branches)
    assert 0.2 < vae.encoder.down_blocks[0](torch.randn(4, 8, 32, 32)).std() < 2
