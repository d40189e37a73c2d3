"""Which family a base belongs to, what is missing of it, and how that is loaded down; the hub is a folder here."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("huggingface_hub")

from huggingface_hub import constants

from storykin.errors import BadFile, BadInput, Cancelled, StorykinError
from storykin.families import FAMILIES
from storykin.models import bases
from storykin.models.bases import (
    Missing,
    family_of,
    fetch,
    folder_config,
    missing,
    title_of,
    wanted_of,
    weights_of,
)

NAME = "somebody/some-model"
SD15, SDXL, FLUX, KLEIN = (FAMILIES[name] for name in ("sd15", "sdxl", "flux-dev", "flux2-klein"))
INDICES: dict[str, dict[str, Any]] = {
    "sd15": {"_class_name": "StableDiffusionPipeline"},
    "sdxl": {"_class_name": "StableDiffusionXLPipeline", "text_encoder": ["transformers", "CLIPTextModel"]},
    "flux-dev": {"_class_name": "FluxPipeline"},
    "flux2-klein": {"_class_name": "Flux2KleinPipeline"},
}
NETS: dict[str, dict[str, Any]] = {
    "sd15": {"cross_attention_dim": 768, "in_channels": 4},
    "sdxl": {"cross_attention_dim": 2048, "in_channels": 4},
    "flux-dev": {"in_channels": 64, "guidance_embeds": True},
    "flux2-klein": {"in_channels": 128, "guidance_embeds": False},
}


def write_tensors(path: Path, **shapes: list[int]) -> Path:
    """A `.safetensors` file of so many zeros in half precision, by name."""
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(at))
    return path


def write_base(folder: Path, family: str, index: Any = (), net: Any = ()) -> Path:
    """All files of a base in diffusers' layout, the weights a few bytes each."""
    for part in bases.PARTS[family]:
        (folder / part).mkdir(parents=True)
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        name = "tokenizer.json" if part.startswith("tokenizer") else name
        settings = dict(NETS[family]) | dict(net) if part in {"unet", "transformer"} else {}
        (folder / part / name).write_text(json.dumps(settings))
        if bases.WEIGHED.fullmatch(part):
            write_tensors(folder / part / "model.safetensors", weight=[300])
    entries = {part: ["diffusers", "Some"] for part in bases.PARTS[family]}
    (folder / "model_index.json").write_text(json.dumps({**entries, **INDICES[family], **dict(index)}))
    return folder


class Hub:
    """A hub that is a folder: `away` has what it offers, `cache` what was loaded down; `asked` are the files it was asked for."""

    def __init__(self, away: Path, cache: Path) -> None:
        self.away, self.cache = away, cache
        self.asked: list[str] = []
        self.refuses: Exception | None = None
        self.waits: threading.Event | None = None

    def snapshot(self, name: str) -> Path:
        """The folder of a model in the cache."""
        model = self.cache / f"models--{name.replace('/', '--')}"
        (model / "refs").mkdir(parents=True, exist_ok=True)
        (model / "refs" / "main").write_text("0" * 40)
        return model / "snapshots" / ("0" * 40)

    def model_info(self, name: str, files_metadata: bool = False) -> Any:
        assert files_metadata
        if self.refuses:
            raise self.refuses
        files = [path for path in self.away.rglob("*") if path.is_file()]
        told = [
            type(
                "File", (), {"rfilename": path.relative_to(self.away).as_posix(), "size": path.stat().st_size}
            )
            for path in files
        ]
        return type("Info", (), {"siblings": told})

    def download(self, name: str, file: str, tqdm_class: Any = None) -> str:
        if self.refuses:
            raise self.refuses
        self.asked.append(file)
        if self.waits and file.endswith(".safetensors"):
            bar = tqdm_class(total=1)
            while not self.waits.wait(0.01):
                bar.update(1)
        path = self.snapshot(name) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((self.away / file).read_bytes())
        return str(path)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    made = Hub(tmp_path / "away", tmp_path / "cache")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(made.cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(bases, "PAUSE", 0.01)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", made.download)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", made.model_info)
    return made


def quiet(_share: float, _words: str) -> None:
    """Nobody listens."""


# which family


def test_families_are_known_by_name_and_by_their_own_bases(hub: Hub) -> None:
    for family in FAMILIES.values():
        assert family_of(family.name) == family_of(family.base) == family
        assert family_of(f"https://huggingface.co/{family.base}") == family
        assert title_of(family.name, family) == title_of(family.base, family) == family.name
    assert family_of("runwayml/stable-diffusion-v1-5") == SD15
    assert hub.asked == []


@pytest.mark.parametrize("family", INDICES)
def test_a_folder_says_itself_what_it_is(family: str, tmp_path: Path) -> None:
    folder = write_base(tmp_path / "Märchen 2", family)
    assert family_of(str(folder)) == FAMILIES[family]
    assert missing(str(folder), FAMILIES[family]) is None
    assert folder_config(str(folder), FAMILIES[family]) == NETS[family]
    assert weights_of(str(folder), FAMILIES[family]) == (folder / "vae" / "model.safetensors").stat().st_size
    assert title_of(str(folder), FAMILIES[family]) == "marchen-2"


def test_a_base_is_taught_at_the_size_of_its_autoencoder(tmp_path: Path) -> None:
    folder, usual = write_base(tmp_path / "model", "flux-dev"), FAMILIES["flux-dev"]
    for blocks, side, sizes in ((4, 256, usual.resolutions), (5, 256, (256,)), (5, 200, (192,)), (5, None, usual.resolutions)):  # fmt: skip
        config = json.dumps({"block_out_channels": [8] * blocks, "sample_size": side})
        (folder / "vae" / "config.json").write_text(config)
        assert family_of(str(folder)) == replace(usual, resolutions=sizes)


@pytest.mark.parametrize(
    ("family", "index", "net", "said"),
    [
        ("sd15", {}, {"cross_attention_dim": 1024}, "is Stable Diffusion 2"),
        ("sd15", {}, {"in_channels": 9}, "fills in or works on given pictures"),
        ("sd15", {"_class_name": "StableDiffusionInpaintPipeline"}, {}, "fills in pictures"),
        ("sd15", {"_class_name": "StableDiffusionInstructPix2PixPipeline"}, {}, "works on given pictures"),
        (
            "sdxl",
            {"_class_name": "StableDiffusionXLImg2ImgPipeline", "text_encoder": [None, None]},
            {},
            "refiner",
        ),
        ("flux-dev", {}, {"guidance_embeds": False}, r"is FLUX\.1-schnell"),
        ("flux-dev", {"_class_name": "FluxFillPipeline"}, {"in_channels": 384}, "fills in pictures"),
        ("flux-dev", {"_class_name": "FluxKontextPipeline"}, {}, "works on given pictures"),
        (
            "flux-dev",
            {"_class_name": "StableDiffusion3Pipeline"},
            {},
            "is none of the families, but made for",
        ),
        ("flux2-klein", {"_class_name": "Flux2Pipeline"}, {}, "is none of the families, but made for"),
        ("flux2-klein", {}, {"guidance_embeds": True}, r"FLUX\.2-dev"),
    ],
)
def test_folders_of_other_models_are_refused_by_name(
    family: str, index: dict[str, Any], net: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=said) as error:
        family_of(str(write_base(tmp_path / "model", family, index, net)))
    assert error.value.hint


def test_pipelines_that_begin_with_a_picture_have_the_same_checkpoints(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "model", "sdxl", {"_class_name": "StableDiffusionXLImg2ImgPipeline"})
    assert family_of(str(folder)) == SDXL


def test_a_folder_that_is_no_model_says_what_to_give(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "model", "sd15")
    for given, advice in ((folder / "unet", "the folder above it"), (tmp_path, r"model_index\.json")):
        with pytest.raises(BadFile, match=r"there is no model_index\.json") as error:
            family_of(str(given))
        assert advice.replace("\\", "") in error.value.hint
    write_tensors(tmp_path / "dream.safetensors", a=[1])
    with pytest.raises(BadFile) as error:
        family_of(str(tmp_path))
    assert str(tmp_path / "dream.safetensors") in error.value.hint


FLUX1 = {
    "double_blocks.0.img_attn.qkv.weight": [9, 3],
    "img_in.weight": [3, 64],
    "guidance_in.in_layer.weight": [3, 3],
}
FLUX2 = {
    "double_blocks.0.img_attn.qkv.weight": [9, 3],
    "img_in.weight": [3, 128],
    "single_stream_modulation.lin.weight": [3, 3],
    "txt_in.weight": [3, 7680],
}
FIRST = "model.diffusion_model.input_blocks.0.0.weight"
ALONE = {
    "sd15": {FIRST: [320, 4, 3, 3], "cond_stage_model.transformer.text_model.final_layer_norm.bias": [8]},
    "sdxl": {FIRST: [320, 4, 3, 3], "conditioner.embedders.1.model.ln_final.bias": [8]},
    "flux-dev": FLUX1,
    "flux2-klein": FLUX2,
}


def prefixed(shapes: dict[str, list[int]]) -> dict[str, list[int]]:
    return {f"model.diffusion_model.{key}": shape for key, shape in shapes.items()}


def without(shapes: dict[str, list[int]], key: str, **more: list[int]) -> dict[str, list[int]]:
    return {name: shape for name, shape in shapes.items() if name != key} | more


@pytest.mark.parametrize("family", ALONE)
def test_a_single_file_is_known_by_its_tensors(family: str, tmp_path: Path) -> None:
    path = write_tensors(tmp_path / "Dream_Shaper v8.safetensors", **ALONE[family])
    assert family_of(str(path)) == FAMILIES[family]
    assert title_of(str(path), FAMILIES[family]) == "dream-shaper-v8"
    assert folder_config(str(path), FAMILIES[family]) is None
    if family.startswith("flux"):
        whole = {**prefixed(ALONE[family]), "text_encoders.t5xxl.shared.weight": [5], "vae.x": [1]}
        other = write_tensors(tmp_path / "whole.safetensors", **whole)
        assert family_of(str(other)) == FAMILIES[family]
        assert weights_of(str(other), FAMILIES[family]) == weights_of(str(path), FAMILIES[family])
    else:
        assert weights_of(str(path), FAMILIES[family]) == 2 * 320 * 4 * 9


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ({"lora_unet_mid_block.lora_down.weight": [4, 4]}, r"is an adapter \(LoRA\), not a base"),
        ({"transformer.transformer_blocks.0.attn.to_q.lora_A.weight": [4, 4]}, "is an adapter"),
        ({"double_blocks.0.img_attn.qkv.lora_down.weight": [4, 4]}, "is an adapter"),
        ({FIRST: [320, 4, 3, 3], "cond_stage_model.model.ln_final.bias": [1]}, "is Stable Diffusion 2"),
        (
            {FIRST: [320, 9, 3, 3], "cond_stage_model.transformer.a": [1]},
            "fills in or works on given pictures",
        ),
        ({"conditioner.embedders.0.model.ln_final.bias": [1]}, "the refiner of SDXL"),
        ({"model.diffusion_model.joint_blocks.0.context_block.x": [1]}, "Stable Diffusion 3"),
        ({"adaln_single.linear.weight": [1]}, "PixArt"),
        (without(FLUX1, "guidance_in.in_layer.weight"), r"is FLUX\.1-schnell"),
        (
            without(FLUX1, "img_in.weight", **{"img_in.weight": [3, 384]}),
            "fills in or works on given pictures",
        ),
        ({**FLUX1, "distilled_guidance_layer.in_proj.bias": [1]}, "Chroma"),
        ({**FLUX1, "double_blocks.0.img_attn.qkv.weight.absmax": [1]}, "is packed in 4 bits"),
        ({**FLUX2, "guidance_in.in_layer.weight": [3, 3]}, r"FLUX\.2-dev"),
        (without(FLUX2, "txt_in.weight", **{"txt_in.weight": [3, 12288]}), "klein 9B"),
        ({"down_blocks.0.resnets.0.conv1.weight": [1]}, "is one part of a model in diffusers' layout"),
        ({FIRST: [320, 4, 3, 3]}, "holds a net without its text encoders"),
        ({"cond_stage_model.transformer.a": [1]}, "has text encoders and no net"),
        ({**ALONE["sdxl"], "scaled_fp8": [0]}, "is packed in scaled fp8"),
        ({"something": [1]}, "is none of the families"),
    ],
)
def test_files_of_other_models_are_refused_by_name(
    shapes: dict[str, list[int]], said: str, tmp_path: Path
) -> None:
    path = write_tensors(tmp_path / "model.safetensors", **shapes)
    with pytest.raises(StorykinError, match=said) as error:
        family_of(str(path))
    assert str(path) in error.value.message
    assert error.value.hint


@pytest.mark.parametrize(
    ("name", "near"),
    [("flux", "flux-dev"), ("sdxl1", "sdxl"), ("flux_dev", "flux-dev"), ("FLUX.1-dev", "flux-dev"), ("sd1.5", "sd15"),
     ("klein", "flux2-klein"), ("flux2", "flux2-klein"), ("SDXL", "sdxl")],
)  # fmt: skip
def test_a_misspelt_family_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(BadInput, match="there is no such family, folder or file") as error:
        family_of(name)
    assert f"did you mean {near!r}?" in error.value.hint


@pytest.mark.parametrize(
    "name", ["./nowhere", "nowhere.safetensors", "C:\\models\\x", "/a/b/c", "~/nowhere/at/all"]
)
def test_a_path_to_nothing_is_no_misspelt_family(name: str, hub: Hub) -> None:
    for use in (family_of, lambda base: missing(base, SD15)):
        with pytest.raises(BadFile, match="there is no such folder or file"):
            use(name)
    assert not hub.asked


def test_a_model_of_the_cache_is_known_without_asking(hub: Hub) -> None:
    write_base(hub.snapshot(NAME), "sdxl")
    assert family_of(NAME) == SDXL
    assert missing(NAME, SDXL) is None
    assert folder_config(NAME, SDXL) == NETS["sdxl"]
    assert weights_of(NAME, SDXL) > 600
    assert title_of(NAME, SDXL) == "some-model"
    assert not hub.asked


def test_of_an_unknown_model_only_the_index_is_fetched(hub: Hub) -> None:
    write_base(hub.away, "flux-dev")
    assert family_of(NAME) == FLUX
    assert hub.asked == ["model_index.json"]
    assert missing(NAME, FLUX) == Missing(
        NAME,
        34.0,
        f"see https://huggingface.co/{NAME}",
        False,
        f"storykin train <character> --base {NAME} --download",
    )
    assert folder_config(NAME, FLUX) is None
    assert weights_of(NAME, FLUX) == 0


def test_offline_nobody_is_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    write_base(hub.away, "sd15")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(BadInput, match="cannot be found out offline"):
        family_of(NAME)
    with pytest.raises(BadInput, match="HF_HUB_OFFLINE is set"):
        fetch(NAME, SD15, quiet)
    assert not hub.asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("black-forest-labs/FLUX.1-schnell", r"is FLUX\.1-schnell"),
        ("stabilityai/stable-diffusion-2-1", "is Stable Diffusion 2"),
    ],
)
def test_models_that_cannot_be_taught_are_known_by_name(name: str, said: str, hub: Hub) -> None:
    with pytest.raises(BadInput, match=said):
        family_of(name)
    assert not hub.asked


# names and what is missing


@pytest.mark.parametrize(
    ("base", "title"),
    [
        ("owner/Some_Model-XL.v2", "some-model-xl-v2"),
        ("owner/" + "a-very-long-name" * 9, ("a-very-long-name" * 9)[:40].strip("-")),
        ("owner/模型", "sdxl"),
        ("https://huggingface.co/owner/model", "model"),
    ],
)
def test_titles_are_short_and_no_paths(base: str, title: str) -> None:
    assert title_of(base, SDXL) == title


def test_a_link_is_called_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in the hub's cache are links to files named by their hash."""
    blob = write_tensors(tmp_path / "8f2c", **FLUX1)
    link = tmp_path / "dream.safetensors"
    link.symlink_to(blob)
    assert family_of(str(link)) == FLUX
    assert title_of(str(link), FLUX) == "dream"
    folder = write_base(tmp_path / "Modell", "sdxl")
    monkeypatch.chdir(folder)
    assert title_of(".", SDXL) == title_of(f"{folder}/", SDXL) == "modell"


def test_the_usual_base_is_missing_with_size_and_terms(hub: Hub) -> None:
    found = missing("flux-dev", FLUX)
    assert found == Missing(
        "black-forest-labs/FLUX.1-dev",
        34.0,
        FLUX.licence,
        True,
        "storykin train <character> --base flux-dev --download",
    )
    write_base(hub.snapshot(FLUX.base), "flux-dev")
    assert missing("flux-dev", FLUX) is missing(FLUX.base, FLUX) is None
    (hub.snapshot(FLUX.base) / "text_encoder_2" / "model.safetensors").unlink()
    assert missing("flux-dev", FLUX) == found


def test_a_single_file_lacks_what_it_does_not_bring(hub: Hub, tmp_path: Path) -> None:
    for family, gib in ((SDXL, 0.01), (FLUX, 10.0), (KLEIN, 8.0)):
        path = str(write_tensors(tmp_path / f"{family.name}.safetensors", **ALONE[family.name]))
        found = missing(path, family)
        assert found is not None
        assert (found.name, found.gib) == (family.base, gib)
        net = (
            write_base(hub.snapshot(family.base), family.name)
            / bases.PARTS[family.name][-1]
            / "model.safetensors"
        )
        net.unlink()
        assert missing(path, family) is None
        assert missing(family.name, family) is not None


def test_a_folder_that_lacks_a_part_is_named(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "model", "sd15")
    (folder / "unet" / "model.safetensors").unlink()
    with pytest.raises(BadFile, match=r"there is no unet/\*\.safetensors"):
        missing(str(folder), SD15)


def test_nothing_heavy_is_imported_to_plan(tmp_path: Path) -> None:
    path = write_tensors(tmp_path / "m.safetensors", **ALONE["sd15"])
    heavy = ("torch", "diffusers", "transformers", "safetensors", "numpy")
    code = (
        "import sys; from storykin.models import bases; assert 'huggingface_hub' not in sys.modules; "
        f"f = bases.family_of({str(path)!r}); bases.missing('sdxl', f); bases.weights_of({str(path)!r}, f); "
        f"sys.exit(', '.join(set({heavy!r}) & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# loading down


def test_what_is_missing_is_loaded_down_and_told(hub: Hub) -> None:
    write_base(hub.away, "sdxl")
    (hub.away / "sd_xl_base_1.0.safetensors").write_bytes(b"0" * 9999)
    heard: list[tuple[float, str]] = []
    fetch("sdxl", SDXL, lambda share, words: heard.append((share, words)))
    assert missing("sdxl", SDXL) is None
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert "sd_xl_base_1.0.safetensors" not in hub.asked
    weights = [name.endswith(".safetensors") for name in hub.asked]
    assert weights == sorted(weights)  # settings first
    hub.asked.clear()
    fetch("sdxl", SDXL, quiet)
    assert not hub.asked


def test_a_single_file_fetches_only_what_it_lacks(hub: Hub, tmp_path: Path) -> None:
    write_base(hub.away, "flux-dev")
    path = str(write_tensors(tmp_path / "mine.safetensors", **FLUX1))
    fetch(path, FLUX, quiet)
    assert missing(path, FLUX) is None
    assert "transformer/model.safetensors" not in hub.asked
    assert "transformer/config.json" in hub.asked


def test_a_stopped_download_keeps_what_is_whole(hub: Hub) -> None:
    write_base(hub.away, "sd15")
    hub.waits = threading.Event()
    before = threading.active_count()

    def stop(share: float, words: str) -> None:
        if "loading" in words:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch("sd15", SD15, stop)
    assert threading.active_count() == before
    first = [name for name in hub.asked if name.endswith(".safetensors")]
    assert len(first) == 1
    assert not list(hub.cache.rglob("*.safetensors"))
    hub.waits.set()
    fetch("sd15", SD15, quiet)
    assert missing("sd15", SD15) is None


def test_what_was_loaded_before_is_not_loaded_again(hub: Hub) -> None:
    write_base(hub.away, "sd15")
    fetch("sd15", SD15, quiet)
    (hub.snapshot(SD15.base) / "unet" / "model.safetensors").unlink()
    hub.asked.clear()
    heard: list[float] = []
    fetch("sd15", SD15, lambda share, _: heard.append(share))
    assert [name for name in hub.asked if name.endswith(".safetensors")] == ["unet/model.safetensors"]
    assert heard[1] > 0.6  # two of three are there


def test_gigabytes_of_another_family_are_not_loaded_down(hub: Hub) -> None:
    """The index of Stable Diffusion 2 is that of 1.5; the settings of its net are not."""
    write_base(hub.away, "sd15", net={"cross_attention_dim": 1024})
    assert family_of(NAME) == SD15
    with pytest.raises(BadInput, match="is Stable Diffusion 2"):
        fetch(NAME, SD15, quiet)
    assert not [name for name in hub.asked if name.endswith(".safetensors")]


def test_a_model_of_pickles_is_refused_before_anything_is_loaded(hub: Hub) -> None:
    write_base(hub.away, "sd15")
    (hub.away / "unet" / "model.safetensors").rename(hub.away / "unet" / "model.bin")
    with pytest.raises(BadInput, match=r"has no unet/\*\.safetensors on the model hub"):
        fetch(NAME, SD15, quiet)
    assert not hub.asked


def test_a_full_disk_is_seen_before(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    write_base(hub.away, "sd15")
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(BadFile, match=r"needs 0\.0 GB more") as error:
        fetch("sd15", SD15, quiet)
    assert "HF_HOME" in error.value.hint


@pytest.mark.parametrize(
    ("kind", "said", "advice"),
    [
        ("GatedRepoError", "terms accepted first", "hf auth login"),
        ("RepositoryNotFoundError", "no such model", "hf auth login"),
        ("RemoteEntryNotFoundError", "is no model in diffusers' layout", "single .safetensors"),
        ("LocalEntryNotFoundError", "cannot be reached", "connect to the internet"),
    ],
)
def test_what_the_hub_refuses_is_said(kind: str, said: str, advice: str, hub: Hub) -> None:
    from huggingface_hub import errors

    error: Any = getattr(errors, kind)
    hub.refuses = error.__new__(error)
    for use in (family_of, lambda base: fetch(base, SD15, quiet)):
        with pytest.raises(BadInput, match=said) as caught:
            use(NAME)
        assert advice in caught.value.hint


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionError("no route to host"), "cannot be reached: no route to host"),
        (
            OSError(28, "No space left on device", "/cache/blobs/0"),
            "/cache/blobs/0: cannot be written: No space left",
        ),
        (PermissionError(13, "Permission denied", "/cache"), "/cache: cannot be written: Permission denied"),
    ],
)
def test_a_network_and_a_disk_that_fail_are_told_apart(error: Exception, said: str, hub: Hub) -> None:
    hub.refuses = error
    with pytest.raises(StorykinError, match=said):
        fetch(NAME, SD15, quiet)


def test_a_failure_half_way_is_said_too(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    write_base(hub.away, "sd15")

    def breaks(name: str, file: str, tqdm_class: Any = None) -> str:
        if file == "vae/model.safetensors":
            raise ConnectionError("the line is dead")
        return hub.download(name, file, tqdm_class)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", breaks)
    with pytest.raises(BadInput, match="the line is dead") as error:
        fetch("sd15", SD15, quiet)
    assert "what is there already is kept" in error.value.hint


def test_only_what_training_needs_is_wanted() -> None:
    """Names as in the repository of Stable Diffusion 1.5."""
    names = [
        "model_index.json", "README.md", "v1-5-pruned.safetensors", "scheduler/scheduler_config.json",
        "tokenizer/merges.txt", "tokenizer/vocab.json", "safety_checker/model.safetensors",
        "unet/config.json", "unet/diffusion_pytorch_model.bin", "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors", "unet/diffusion_pytorch_model.non_ema.safetensors",
        "vae/config.json", "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/config.json", "text_encoder/model-00001-of-00002.safetensors",
        "text_encoder/model-00002-of-00002.safetensors", "text_encoder/model.safetensors.index.json",
    ]  # fmt: skip
    parts = bases.PARTS["sd15"]
    assert set(names) - set(wanted_of(names, parts, parts)) == {
        "README.md",
        "v1-5-pruned.safetensors",
        "safety_checker/model.safetensors",
        "unet/diffusion_pytorch_model.bin",
        "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.non_ema.safetensors",
    }
    assert not [name for name in wanted_of(names, parts, ()) if name.endswith(".safetensors")]
