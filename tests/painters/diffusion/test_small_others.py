"""The small models are what they stand for: whole folders, read offline by diffusers' own pipelines, in which words, references and adapters all matter."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from storykin.families import PAINTINGS
from storykin.models import loading
from storykin.models.adapters import load_adapter
from storykin.painters.diffusion.qwen import placed, seeing
from tests.painters.diffusion import small_others as small
from tests.training.small_flux import difference, flux_net, pictures, save_flux, save_flux2
from tests.training.small_sd import small_sd15, small_sdxl

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # diffusers' Euler scheduler


@dataclass(frozen=True)
class Kind:
    """How a small model is made and asked for a picture."""

    make: Callable[[Path], Path]
    said: dict[str, Any] = field(default_factory=dict)
    references: int = 0


SDXL = pytest.param("sdxl", marks=pytest.mark.slow)  # 224 layers with adapters
FLUX = {"max_sequence_length": 64}
KINDS = {
    "sd15": Kind(small_sd15, {"negative_prompt": "dog"}),
    "sdxl": Kind(small_sdxl, {"negative_prompt": "dog"}),
    "flux-dev": Kind(save_flux, {**FLUX, "guidance_scale": 3.5}),
    "flux-schnell": Kind(small.small_schnell, {**FLUX, "guidance_scale": 0.0}),
    "flux2-klein": Kind(save_flux2, {**FLUX, "guidance_scale": 1.0}, references=2),
    # without max_area the size is overruled, with auto resizing the reference has a million pixels
    "flux-kontext": Kind(
        small.small_kontext, {**FLUX, "max_area": 64 * 64, "_auto_resize": False}, references=1
    ),
    "qwen-image-edit": Kind(
        small.small_qwen_edit, {"negative_prompt": " ", "true_cfg_scale": 4.0}, references=2
    ),
    "z-image": Kind(small.small_z_image, {**FLUX, "guidance_scale": 0.0}),
}


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a small model, made when it is first wanted."""
    made: dict[str, Path] = {}

    def folder_of(kind: str) -> Path:
        if kind not in made:
            with loading.silence():
                made[kind] = KINDS[kind].make(tmp_path_factory.mktemp("small") / kind)
        return made[kind]

    return folder_of


@pytest.fixture(autouse=True)
def _small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    small.small_references(monkeypatch)


def loaded(kind: str, folder: Path) -> Any:
    """diffusers' pipeline for a kind, read from its folder and nowhere else."""
    import diffusers

    row = PAINTINGS[kind]
    extra = {"processor": seeing(folder / "processor")} if kind == "qwen-image-edit" else {}
    with loading.silence():
        pipeline = getattr(diffusers, row.text or row.edit).from_pretrained(
            folder, local_files_only=True, **extra
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def painted(pipeline: Any, kind: str, prompt: str = "red coat", seed: int = 7, **changes: Any) -> Image.Image:
    given: dict[str, Any] = {
        "prompt": prompt, "height": 64, "width": 64, "num_inference_steps": 2,
        "generator": torch.Generator().manual_seed(seed), **KINDS[kind].said,
    }  # fmt: skip
    if KINDS[kind].references:
        given["image"] = [photo(0)]
    with loading.silence():
        found: Image.Image = pipeline(**given | changes).images[0]
    return found


def photo(number: int) -> Image.Image:
    """A photo of somebody, as far as small models can tell."""
    return Image.fromarray(((pictures()[number].permute(1, 2, 0) + 1) * 127).byte().numpy())


@pytest.mark.parametrize("kind", [SDXL if one == "sdxl" else one for one in KINDS])
def test_paints_offline_by_seed_words_references_and_adapter(
    kind: str, folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folder_of(kind)
    assert sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) < 20e6
    pipeline = loaded(kind, folder)
    first = painted(pipeline, kind)
    assert first.size == (64, 64)
    assert first.tobytes() == painted(pipeline, kind).tobytes()
    assert difference(first, painted(pipeline, kind, seed=8)) > 2
    assert difference(first, painted(pipeline, kind, "ohwx girl on a swing")) > 1
    if KINDS[kind].references:
        assert difference(first, painted(pipeline, kind, image=[photo(1)])) > 0.2
    if KINDS[kind].references > 1:
        both = painted(pipeline, kind, image=[photo(0), photo(1)])
        assert difference(first, both) > 0.5
        assert difference(both, painted(pipeline, kind, image=[photo(1), photo(0)])) > 0.2

    path = small.lora_for(folder, kind, tmp_path / "sasha.safetensors", seed=1)
    with loading.silence():
        load_adapter(pipeline, path, "char_sasha", "")  # complains of keys without a place
    net = getattr(pipeline, "unet", None) or pipeline.transformer
    adapted = [name for name, layer in net.named_modules() if "char_sasha" in getattr(layer, "lora_A", ())]
    assert len(adapted) == len(small.layers_of(folder)) > 10
    assert difference(first, painted(pipeline, kind)) > 3
    pipeline.disable_lora()
    assert first.tobytes() == painted(pipeline, kind).tobytes()


@pytest.mark.parametrize("kind", ["flux-schnell", "flux-kontext", "qwen-image-edit", "z-image"])
def test_a_model_made_again_is_the_same(kind: str, folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    folder = folder_of(kind)
    torch.manual_seed(123)  # whatever happened before
    with loading.silence():
        again = KINDS[kind].make(tmp_path / kind)
    weights = sorted(one.relative_to(folder) for one in folder.rglob("*.safetensors"))
    assert len(weights) >= 3
    assert all((folder / one).read_bytes() == (again / one).read_bytes() for one in weights)


@pytest.mark.parametrize("kind", ["sd15", "z-image"])
def test_an_adapter_is_the_same_file_for_the_same_seed(
    kind: str, folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    one, same, other = (
        small.lora_for(folder_of(kind), kind, tmp_path / name, seed).read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one == same != other


# edits


def test_what_is_said_before_the_prompt_has_64_tokens_as_with_the_real_words(
    folder_of: Callable[[str], Path],
) -> None:
    pipeline = loaded("qwen-image-edit", folder_of("qwen-image-edit"))
    said = pipeline.tokenizer(pipeline.prompt_template_encode.format("a red coat")).input_ids
    assert pipeline.prompt_template_encode_start_idx == 64
    assert pipeline.tokenizer.decode(said[64:]) == "a red coat<|im_end|>\n<|im_start|>assistant\n"


def test_the_edit_pipeline_does_not_say_where_pictures_are(folder_of: Callable[[str], Path]) -> None:
    """As long as the first holds, `qwen.placed` is needed."""
    from diffusers import QwenImageEditPlusPipeline

    assert "mm_token_type_ids" not in inspect.getsource(QwenImageEditPlusPipeline)
    pipeline = loaded("qwen-image-edit", folder_of("qwen-image-edit"))
    wide = photo(0).resize((96, 64))
    places = []
    language = pipeline.text_encoder.model.language_model
    language.register_forward_pre_hook(
        lambda _, __, given: places.append(given["position_ids"]), with_kwargs=True
    )
    with torch.no_grad():
        pipeline.encode_prompt("a red coat", image=[wide])
        placed(pipeline.text_encoder)
        pipeline.encode_prompt("a red coat", image=[wide])
    assert places[0] is None
    *_, height, width = places[1][-3:]
    assert not torch.equal(height, width)


def test_the_processor_is_read_without_torchvision(folder_of: Callable[[str], Path]) -> None:
    folder = folder_of("qwen-image-edit") / "processor"
    seen = seeing(folder)
    given = seen(
        text=["<|vision_start|><|image_pad|><|vision_end|>red"],
        images=[photo(0)],
        padding=True,
        return_tensors="pt",
    )
    grid = given["image_grid_thw"][0]
    assert grid.tolist() == [1, 4, 4]
    assert given["pixel_values"].shape == (16, 3 * 2 * 14 * 14)
    assert (given["input_ids"] == seen.image_token_id).sum() == grid.prod() / 4  # four patches are one token
    assert type(seen.image_processor).__name__.endswith("Pil")


def test_kontext_takes_one_reference(folder_of: Callable[[str], Path]) -> None:
    pipeline = loaded("flux-kontext", folder_of("flux-kontext"))
    with pytest.raises(RuntimeError, match="shape"):
        painted(pipeline, "flux-kontext", image=[photo(0), photo(1)])


# Z-Image


def test_z_images_words_are_read_without_a_head(folder_of: Callable[[str], Path]) -> None:
    from safetensors import safe_open

    folder = folder_of("z-image")
    with safe_open(folder / "text_encoder" / "model.safetensors", "pt") as file:
        assert all(key.startswith("model.") for key in file.keys())  # noqa: SIM118 - it is no dict
    pipeline = loaded("z-image", folder)
    assert type(pipeline.text_encoder).__name__ == "Qwen3Model"
    asked = [{"role": "user", "content": "red"}]
    thoughtful, thoughtless = (
        pipeline.tokenizer.apply_chat_template(
            asked, tokenize=False, add_generation_prompt=True, enable_thinking=wanted
        )
        for wanted in (True, False)
    )
    assert thoughtless == thoughtful + "<think>\n\n</think>\n\n"


# IP-Adapters


@pytest.mark.parametrize("kind", ["sd15", SDXL])
def test_an_ip_adapter_brings_a_reference_in_and_goes_again(
    kind: str, folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    path = small.ip_adapter_for(folder_of(kind), tmp_path)
    pipeline = loaded(kind, folder_of(kind))
    plain = painted(pipeline, kind)
    with loading.silence():
        pipeline.load_ip_adapter(
            str(tmp_path),
            subfolder="",
            weight_name=path.name,
            image_encoder_folder="image_encoder",
            local_files_only=True,
        )
    first = painted(pipeline, kind, ip_adapter_image=photo(0))
    assert difference(plain, first) > 3
    assert difference(first, painted(pipeline, kind, ip_adapter_image=photo(1))) > 1
    pipeline.set_ip_adapter_scale(0.0)
    assert plain.tobytes() == painted(pipeline, kind, ip_adapter_image=photo(0)).tobytes()
    pipeline.unload_ip_adapter()
    assert plain.tobytes() == painted(pipeline, kind).tobytes()


# GGUF


@pytest.mark.parametrize("kind", ["flux-dev", "flux-schnell"])
def test_a_gguf_net_computes_what_the_folders_net_computes(
    kind: str, folder_of: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers import FluxTransformer2DModel, GGUFQuantizationConfig

    folder = folder_of(kind)
    path = small.flux_gguf(folder, tmp_path / "net.gguf")
    assert loading.gguf_family(path) == kind
    assert path.stat().st_size < 0.35 * sum(one.stat().st_size for one in (folder / "transformer").iterdir())
    small.allow_narrow(monkeypatch)
    pipeline = loaded(kind, folder)
    whole = painted(pipeline, kind, output_type="latent")
    pipeline.transformer = FluxTransformer2DModel.from_single_file(
        str(path),
        config=str(folder),
        subfolder="transformer",
        quantization_config=GGUFQuantizationConfig(compute_dtype=torch.float32),
        torch_dtype=torch.float32,
        local_files_only=True,
    )
    # per double block 2 of modulation, 8 of attention and 4 of feed-forward; per single block 6
    assert len(small.packed_layers(pipeline.transformer)) == 2 * 14 + 2 * 6
    packed = painted(pipeline, kind, output_type="latent")
    assert 1e-4 < float((packed - whole).norm() / whole.norm()) < 0.02
    lora = small.lora_for(folder, kind, tmp_path / "sasha.safetensors", seed=1)
    with loading.silence():
        load_adapter(pipeline, lora, "char_sasha", "")
    taught = painted(pipeline, kind, output_type="latent")
    assert float((taught - whole).norm() / whole.norm()) > 0.1


def test_original_names_and_back_give_the_same_net() -> None:
    from tests.training.small_flux import by_diffusers

    state = flux_net().state_dict()
    back = by_diffusers(small.flux_as_published(state), 128, "flux")
    assert back.keys() == state.keys()
    assert all(torch.equal(back[key], state[key]) for key in state)
