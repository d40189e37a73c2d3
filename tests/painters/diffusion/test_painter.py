"""Every family paints by the same contract, with small models at the real architectures."""

import io
import weakref
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("diffusers")
pytest.importorskip("peft")

import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from storykin.character import Adapter
from storykin.errors import BadFile, BadInput, CannotPaint
from storykin.families import PAINTINGS
from storykin.painters import Painter, painter_named
from storykin.painters.diffusion.cutting import size_within
from storykin.painters.diffusion.painter import Diffusion, alone
from storykin.scene import Box
from storykin.shot import CloseUp, Part, PlacedAdapter, Shot
from tests.painters.contract import SHOT, Contract, nothing
from tests.painters.diffusion import small_others as others
from tests.painters.diffusion.bases import adapter, base, small_bases  # noqa: F401
from tests.training.small_sd import as_single_file

torch.set_num_threads(1)

LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)
MILA, THEO = "a girl in a red coat", "a boy with a dog"


def red(folder: Path) -> str:
    """A red picture."""
    path = folder / "red.png"
    Image.new("RGB", (96, 80), (220, 30, 30)).save(path)
    return str(path)


def pixels(picture: bytes) -> Any:
    with Image.open(io.BytesIO(picture)) as found:
        return np.asarray(found.convert("RGB"), dtype=np.int16)


def wear(family: str, *people: tuple[int, Box | None, str], scale: float = 1.0) -> tuple[PlacedAdapter, ...]:
    """Adapters by seed, region and whose they are."""
    known = (*PAINTINGS[family].adapters_of, "mine")
    return tuple(
        PlacedAdapter(Adapter(str(adapter(family, seed)), known[0], "zvoqk", 4, scale), region, who)
        for seed, region, who in people
    )


class DiffusionContract(Contract):
    """What painters with models are asked for besides."""

    family: str
    sizes = ((64, 64), (100, 72))
    shot = replace(SHOT, width=64, height=64, steps=2, art="oil", prompt=f"{MILA}, {THEO}, oil painting")

    @pytest.fixture(scope="class")
    @classmethod
    def painter(cls) -> Iterator[Painter]:
        """One for all of a class: to load the nets takes longer than most of what is painted."""
        painter = painter_named(str(base(cls.family)))
        painter.adapters_of = (*painter.adapters_of, "mine")
        yield painter
        painter.close()

    def others(self) -> list[Shot]:
        return [
            replace(self.shot, prompt="a boy on a swing, oil painting"),
            replace(self.shot, width=80),
            replace(self.shot, steps=3),
        ]

    def test_its_family_is_found(self, painter: Painter) -> None:
        assert isinstance(painter, Diffusion)
        assert painter.painting.name == self.family
        assert painter.name == self.family

    def test_an_adapter_changes_the_picture_and_leaves_the_next_alone(self, painter: Painter) -> None:
        plain = painter.paint(self.shot, nothing)
        taught = painter.paint(replace(self.shot, adapters=wear(self.family, (1, None, "Mila"))), nothing)
        other = painter.paint(replace(self.shot, adapters=wear(self.family, (2, None, "Mila"))), nothing)
        weaker = painter.paint(
            replace(self.shot, adapters=wear(self.family, (1, None, "Mila"), scale=0.3)), nothing
        )
        assert len({plain, taught, other, weaker}) == 4
        assert painter.paint(self.shot, nothing) == plain
        assert (
            painter.paint(replace(self.shot, adapters=wear(self.family, (1, None, "Mila"))), nothing)
            == taught
        )

    def test_two_people_by_masks_are_not_their_sum(self, painter: Painter) -> None:
        both = wear(self.family, (1, LEFT, "Mila"), (2, RIGHT, "Theo"))
        parts = (Part("Mila", MILA, LEFT), Part("Theo", THEO, RIGHT))
        shot = replace(self.shot, adapters=both, parts=parts)
        masks, sum_of = painter.paint(shot, nothing), painter.paint(replace(shot, apart="sum"), nothing)
        turned = painter.paint(replace(shot, adapters=both[::-1]), nothing)
        assert masks != sum_of
        assert np.abs(pixels(masks) - pixels(turned)).max() <= 1  # the order of adding up
        assert painter.paint(self.shot, nothing) == painter.paint(self.shot, nothing)

    def test_the_next_prompts_are_read_before_the_net_is_loaded(self) -> None:
        painter = painter_named(str(base(self.family)))
        steps: list[float] = []
        painter.prepare([self.shot], steps.append)
        assert steps == sorted(steps)
        assert steps[-1] == 1.0
        assert isinstance(painter, Diffusion)
        assert painter._model is not None
        assert not any(part.startswith("text_encoder") for part in painter._model._parts)
        prepared = painter.paint(self.shot, nothing)
        net = weakref.ref(painter._model.net)
        painter.close()
        assert net() is None  # the memory is given back
        assert painter.paint(self.shot, nothing) == prepared
        painter.close()

    def test_the_recipe_says_what_it_was_made_with(self, painter: Painter) -> None:
        painter.paint(self.shot, nothing)
        said = painter.made_with()
        assert said["family"] == self.family
        assert said["precision"] == "float32"
        assert said["torch"] == version("torch")


class StartContract(DiffusionContract):
    """What those are asked for that begin with a picture."""

    def test_strength_leads_from_a_copy_to_something_else(self, painter: Painter, tmp_path: Path) -> None:
        start = red(tmp_path)
        shot = replace(self.shot, init_image=start, steps=5)
        steps: dict[float, list[float]] = {0.0: [], 0.4: [], 0.8: []}
        found = {one: painter.paint(replace(shot, strength=one), told.append) for one, told in steps.items()}
        assert (pixels(found[0.0]) == [220, 30, 30]).all()
        assert len(set(found.values())) == 3
        denoised = [len({done for done in told if 0 < done < 1}) for told in steps.values()]
        assert denoised == [0, 2, 4]

    def test_one_after_the_other_leaves_the_rest_of_the_composition_alone(self, painter: Painter) -> None:
        corner = Box(0.55, 0.55, 0.4, 0.4)
        shot = replace(
            self.shot,
            width=128, height=128,
            adapters=wear(self.family, (1, corner, "Mila")),
            parts=(Part("Mila", MILA, corner),),
        )  # fmt: skip
        plain = pixels(painter.paint(replace(shot, adapters=(), parts=()), nothing))
        found = pixels(painter.paint(replace(shot, apart="fill"), nothing))
        assert (found[:48, :48] == plain[:48, :48]).all()
        assert np.abs(found[80:112, 80:112] - plain[80:112, 80:112]).mean() > 1

    def test_one_region_is_painted_anew_and_no_other_pixel(self, painter: Painter, tmp_path: Path) -> None:
        start = tmp_path / "before.png"
        noise = np.random.default_rng(3).integers(0, 255, (100, 72, 3), dtype=np.uint8)
        Image.fromarray(noise).save(start)
        corner = Box(0.55, 0.55, 0.4, 0.4)
        shot = replace(
            self.shot, width=72, height=100, init_image=str(start), strength=0.8, repaint=corner, steps=5,
            adapters=wear(self.family, (1, None, "Mila")),
        )  # fmt: skip
        assert shot.asks <= painter.powers
        steps: list[float] = []
        found = pixels(painter.paint(shot, steps.append))
        assert found.shape == noise.shape
        assert (found[:48] == noise[:48]).all()
        assert (found[:, :34] == noise[:, :34]).all()
        assert np.abs(found[62:90, 46:64] - noise[62:90, 46:64]).mean() > 5
        assert len({done for done in steps if 0 < done < 1}) == 4
        other = pixels(painter.paint(replace(shot, seed=shot.seed + 1), nothing))
        assert (other != found).any()

    def test_who_is_small_is_painted_from_near_by_and_no_other_pixel(
        self, painter: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert isinstance(painter, Diffusion)
        monkeypatch.setattr(painter, "painting", replace(painter.painting, side=64))
        view, region = Box(0.5, 0.5, 0.5, 0.5), Box(0.6, 0.55, 0.3, 0.4)
        mila = CloseUp("Mila", MILA, view=view, region=region)
        shot = replace(
            self.shot, width=128, height=128, adapters=wear(self.family, (1, view, "Mila")), steps=5
        )
        plain = pixels(painter.paint(shot, nothing))
        steps: list[float] = []
        found = pixels(painter.paint(replace(shot, closeups=(mila,)), steps.append))
        assert steps == sorted(steps)
        assert sum(0.5 < done < 1 for done in steps) in {3, 4}  # of five steps at a strength of 0.75
        assert (found[:64] == plain[:64]).all()
        assert (found[:, :70] == plain[:, :70]).all()
        inside = slice(76, 116), slice(82, 110)
        assert np.abs(found[inside] - plain[inside]).mean() > 1
        theo = replace(mila, character="Theo", words=THEO)  # has no adapter
        words = pixels(painter.paint(replace(shot, closeups=(theo,)), nothing))
        assert (words[inside] != found[inside]).any()

        mask = tmp_path / "mask.png"
        outline = Image.new("L", (128, 128))
        outline.paste(255, (90, 80, 100, 110))
        outline.save(mask)
        drawn = replace(shot, init_image=red(tmp_path), strength=0.4)
        start = pixels(painter.paint(drawn, nothing))
        within = pixels(painter.paint(replace(drawn, closeups=(replace(mila, mask=str(mask)),)), nothing))
        assert (within[:, :80] == start[:, :80]).all()
        assert (within[:, 112:] == start[:, 112:]).all()
        assert (within[84:106, 92:98] != start[84:106, 92:98]).any()

        before = tmp_path / "before.png"
        Image.fromarray(plain.astype(np.uint8)).save(before)
        again = replace(shot, init_image=str(before), strength=0.8, repaint=region, closeups=(mila,))
        anew = pixels(painter.paint(again, nothing))
        assert (anew[:64] == plain[:64]).all()
        assert np.abs(anew[inside] - plain[inside]).mean() > 1

    def test_an_unfinished_picture_can_be_looked_at(self, painter: Painter) -> None:
        looks: list[bytes] = []
        painter.paint(replace(self.shot, steps=7, width=128), nothing, looks.append)
        assert looks
        for look in looks:
            with Image.open(io.BytesIO(look)) as found:
                assert found.format == "JPEG"
                assert found.size == (256, 128)


class ReferenceContract(DiffusionContract):
    """What those are asked for that look at pictures."""

    def test_references_count(self, painter: Painter, tmp_path: Path) -> None:
        one = red(tmp_path)
        two = tmp_path / "blue.png"
        Image.new("RGB", (64, 64), (20, 30, 220)).save(two)
        pictures = [
            painter.paint(replace(self.shot, references=references), nothing)
            for references in ((one,), (str(two),), (one, str(two)))
        ]
        assert len(set(pictures)) == 3


class TestSD15(StartContract):
    family = "sd15"

    def test_the_negative_prompt_counts(self, painter: Painter) -> None:
        assert painter.paint(replace(self.shot, negative_prompt="a dog"), nothing) != painter.paint(
            self.shot, nothing
        )

    def test_weights_and_long_prompts_count(self, painter: Painter) -> None:
        long = "red " * 90
        prompts = ["a red coat", "a (red:1.4) coat", f"{long} a coat", f"{long} a dog"]
        assert len({painter.paint(replace(self.shot, prompt=one), nothing) for one in prompts}) == 4


class TestFluxDev(StartContract):
    family = "flux-dev"


@pytest.mark.slow
class TestSDXL(StartContract):
    family = "sdxl"


@pytest.mark.slow
class TestFluxSchnell(StartContract):
    family = "flux-schnell"


@pytest.mark.slow
class TestFlux2Klein(StartContract, ReferenceContract):
    family = "flux2-klein"


@pytest.mark.slow
class TestFluxKontext(StartContract, ReferenceContract):
    family = "flux-kontext"


@pytest.mark.slow
class TestZImage(StartContract):
    family = "z-image"


@pytest.mark.slow
class TestQwenImageEdit(ReferenceContract):
    family = "qwen-image-edit"

    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        others.small_references(monkeypatch)
        self.shot = replace(DiffusionContract.shot, references=(red(tmp_path),))

    def test_it_paints_no_region_anew(self, painter: Painter) -> None:
        assert "mask" not in painter.powers

    def test_it_paints_from_pictures_only(self, painter: Painter) -> None:
        with pytest.raises(CannotPaint, match="from pictures only"):
            painter.paint(replace(self.shot, references=()), nothing)


# --- files, sizes, words ------------------------------------------------------------------------------


def test_sizes_are_those_that_a_base_likes() -> None:
    flux = PAINTINGS["flux-dev"]
    assert size_within(1024, 1024, flux) == (1024, 1024)
    assert size_within(1000, 1000, flux) == (1008, 1008)
    wide, high = size_within(2048, 1024, flux)
    assert wide * high <= 1024**2
    assert (wide % 16, high % 16) == (0, 0)
    assert abs(wide / high - 2) < 0.05


def test_a_prompt_without_the_others() -> None:
    parts = (Part("Mila", MILA), Part("Theo", THEO))
    assert (
        alone(f"Oil painting. {MILA}. {THEO}. In a garden.", parts, "Mila")
        == f"Oil painting. {MILA}. In a garden."
    )


def test_what_is_not_on_this_machine_is_named_with_size_licence_and_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        BadInput, match=r"black-forest-labs/FLUX.2-klein-4B is not on this machine .*15 GB.*Apache-2.0"
    ) as told:
        painter_named("flux2-klein").paint(SHOT, nothing)
    assert told.value.hint == "load it down with: storykin fetch flux2-klein"


def test_weights_whose_pictures_may_not_be_sold_are_refused() -> None:
    with pytest.raises(BadInput, match="Non-Commercial") as refused:
        Diffusion("flux-dev", commercial=True)
    assert "flux-schnell" in refused.value.hint
    assert Diffusion("flux2-klein", commercial=True).name == "flux2-klein"


def test_another_base_is_another_revision(tmp_path: Path) -> None:
    same = Diffusion(str(base("flux-dev"))).revision
    assert same == Diffusion(str(base("flux-dev"))).revision
    assert same != Diffusion(str(base("flux-schnell"))).revision
    assert Diffusion("flux-dev").revision == ""


def test_an_adapter_of_another_net_is_refused_and_the_painter_goes_on() -> None:
    painter = Diffusion(str(base("sd15")))
    shot = replace(TestSD15.shot, adapters=())
    plain = painter.paint(shot, nothing)
    wrong = PlacedAdapter(Adapter(str(adapter("flux-dev", 1)), "sd15", "x", 4))
    with pytest.raises(BadFile, match="flux-dev-lora-1"):
        painter.paint(replace(shot, adapters=(wrong,)), nothing)
    assert painter.paint(shot, nothing) == plain
    painter.close()


@pytest.mark.parametrize("family", ["sd15", pytest.param("sdxl", marks=pytest.mark.slow)])
def test_stable_diffusion_looks_at_references_and_away_again(family: str, tmp_path: Path) -> None:
    file = others.ip_adapter_for(base(family), tmp_path / "ip")
    painter = Diffusion(str(base(family)), ip_adapter=str(file))
    shot = replace(DiffusionContract.shot, references=())
    plain = painter.paint(shot, nothing)
    one = red(tmp_path)
    two = tmp_path / "blue.png"
    Image.new("RGB", (64, 64), (20, 30, 220)).save(two)
    looked = [painter.paint(replace(shot, references=(path,)), nothing) for path in (one, str(two))]
    begun = painter.paint(replace(shot, references=(one,), init_image=one, strength=0.6, steps=5), nothing)
    assert len({plain, *looked, begun}) == 4
    assert painter.paint(shot, nothing) == plain
    assert painter.paint(replace(shot, references=(one,)), nothing) == looked[0]
    with pytest.raises(CannotPaint, match="references and keep regions apart"):
        painter.paint(replace(shot, references=(one,), parts=(Part("Mila", MILA, LEFT),)), nothing)
    painter.close()


def test_an_ip_adapter_that_is_not_here_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    painter = Diffusion(str(base("sd15")))
    with pytest.raises(BadInput, match=r"IP-Adapter, which is not on this machine .*Apache-2.0") as told:
        painter.paint(replace(DiffusionContract.shot, references=(red(tmp_path),)), nothing)
    assert "storykin fetch ip-adapter-sd15" in told.value.hint
    painter.close()


# --- files and precisions -----------------------------------------------------------------------------


def test_a_single_file_of_stable_diffusion_paints_like_its_folder(tmp_path: Path) -> None:
    file = as_single_file(base("sd15"), tmp_path / "mine.safetensors")
    painter = Diffusion(str(file), rest=str(base("sd15")))
    assert (painter.painting.name, painter.name) == ("sd15", "mine")
    ours = pixels(painter.paint(DiffusionContract.shot, nothing))
    painter.close()
    assert (
        np.abs(ours - pixels(Diffusion(str(base("sd15"))).paint(DiffusionContract.shot, nothing))).max() <= 1
    )


def test_a_single_file_of_flux_paints_like_its_folder(tmp_path: Path) -> None:
    (weights,) = (base("flux-dev") / "transformer").glob("*.safetensors")
    file = tmp_path / "theirs.safetensors"
    save_file(
        {name: one.contiguous() for name, one in others.flux_as_published(load_file(weights)).items()}, file
    )
    painter = Diffusion(str(file), rest=str(base("flux-dev")))
    shot = replace(DiffusionContract.shot, adapters=wear("flux-dev", (1, LEFT, "Mila"), (2, RIGHT, "Theo")))
    ours = painter.paint(shot, nothing)
    painter.close()
    assert ours == Diffusion(str(base("flux-dev"))).paint(shot, nothing)


def test_a_gguf_file_paints_nearly_like_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others.allow_narrow(monkeypatch)
    file = others.flux_gguf(base("flux-dev"), tmp_path / "packed.gguf")
    painter = Diffusion(str(file), rest=str(base("flux-dev")))
    assert painter.painting.name == "flux-dev"
    assert painter.revision
    shot = replace(DiffusionContract.shot, adapters=wear("flux-dev", (1, LEFT, "Mila"), (2, RIGHT, "Theo")))
    ours = painter.paint(shot, nothing)
    painter.close()
    whole = Diffusion(str(base("flux-dev"))).paint(shot, nothing)
    assert ours != whole
    assert np.abs(pixels(ours) - pixels(whole)).mean() < 4


def test_a_damaged_gguf_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "packed.gguf"
    file.write_bytes(b"GGUF" + bytes(40))
    with pytest.raises(BadFile, match=r"packed\.gguf"):
        Diffusion(str(file))


@pytest.mark.parametrize("precision", ["int8", "nf4"])
def test_packed_nets_paint_nearly_the_same_with_people_in_their_regions(precision: Any) -> None:
    both = wear("flux-dev", (1, LEFT, "Mila"), (2, RIGHT, "Theo"))
    parts = (Part("Mila", MILA, LEFT), Part("Theo", THEO, RIGHT))
    shot = replace(DiffusionContract.shot, adapters=both, parts=parts)
    whole = pixels(Diffusion(str(base("flux-dev"))).paint(shot, nothing))
    painter = Diffusion(str(base("flux-dev")), precision=precision)
    packed = painter.paint(shot, nothing)
    assert painter.made_with()["precision"] == precision
    painter.close()
    away = np.abs(pixels(packed) - whole).mean()
    assert 0 < away < (6 if precision == "int8" else 40)


def test_memory_that_runs_out_is_planned_again_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted failure: what is done on a card of which too much was hoped."""
    painter = Diffusion(str(base("sd15")))
    plain = painter.paint(DiffusionContract.shot, nothing)
    fails = [torch.cuda.OutOfMemoryError("CUDA out of memory")]
    planned: list[float | None] = []
    whole, load = painter._denoised, painter._load

    def denoised(*given: Any) -> Any:
        if fails:
            raise fails.pop()
        return whole(*given)

    def loaded(vram_gib: float | None) -> Any:
        planned.append(vram_gib)
        return load(None)

    monkeypatch.setattr(painter, "_denoised", denoised)
    monkeypatch.setattr(painter, "_load", loaded)
    assert painter._model is not None
    painter._vram = 8.0
    monkeypatch.setattr(painter._model, "device", torch.device("cuda"), raising=False)
    monkeypatch.setattr(painter._model, "close", lambda: None)
    assert painter.paint(DiffusionContract.shot, nothing) == plain
    assert planned == [6.0]
    painter.close()


def test_a_checkpoint_of_unknown_licence_is_not_for_sale() -> None:
    with pytest.raises(BadInput, match="under which licence"):
        Diffusion(str(base("sd15")), commercial=True)


def test_recipes_hold_no_path_of_this_machine() -> None:
    said = Diffusion(str(base("sd15"))).made_with()
    assert said["base"] == "sd15"
    assert not any("/" in value for name, value in said.items())
    assert said["storykin"]
    assert Diffusion("flux2-klein").made_with()["base"] == "flux2-klein"


def test_memory_that_runs_out_while_loading_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    painter = Diffusion(str(base("sd15")))

    def fail(*_: Any, **__: Any) -> Any:
        raise torch.cuda.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("storykin.models.nets.load_net", fail)
    with pytest.raises(BadInput, match=r"memory does not suffice for Stable Diffusion 1\.5"):
        painter.prepare([DiffusionContract.shot], nothing)
    painter.close()
    monkeypatch.undo()
    assert painter.paint(DiffusionContract.shot, nothing)
    painter.close()
