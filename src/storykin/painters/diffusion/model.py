"""Painters, diffusion: one base on this machine, loaded once for a whole book: words read first, then the net, adapters kept in it side by side.

Knows no shot; the pipelines are diffusers' own, made of the same parts.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from storykin.errors import BadFile
from storykin.families import Painting
from storykin.models import bases, ipadapter, loading, nets, painting_plan, streaming
from storykin.models.adapters import load_adapter
from storykin.models.planning import Fit
from storykin.painters.diffusion.qwen import placed, seeing

if TYPE_CHECKING:
    from PIL import Image

HEARD = 28  # layers of Qwen3 that klein reads of: hidden states 9, 18 and 27
REFERENCE_SCALE = 0.6  # of the IP-Adapter: its makers' advice where words count too
KEPT = 8  # adapters that stay in the net, of 20 to 180 MB each
LARGE = {
    "text_encoder_2": ("T5EncoderModel",),
    "text_encoder": ("Qwen3ForCausalLM", "Qwen3Model", "Qwen2_5_VLForConditionalGeneration"),
}
"""Text encoders that are packed on smaller cards."""


class Model:
    """The parts of a base and what is loaded of them.

    `rest` is the base that a single file's settings and other parts come from. Errors are raised when a part is first needed.
    """

    def __init__(
        self,
        painting: Painting,
        name: str,
        device: torch.device,
        dtype: torch.dtype,
        fit: Fit,
        rest: str = "",
    ) -> None:
        self.painting, self.device, self.dtype, self.fit = painting, device, dtype, fit
        self.base = _find(painting, name, rest)
        self.net_part = bases.PARTS[painting.name][-1]
        self._parts: dict[str, Any] = {}
        self._pipelines: dict[str, Any] = {}
        self._streamed: list[streaming.Schedule] = []
        self._looks = False
        self._adapters: dict[str, str] = {}  # name in the net by the file's digest, the last used last
        self._worn: tuple[tuple[str, float], ...] | None = None  # None: nobody knows

    # parts

    @property
    def net(self) -> Any:
        """The net that paints, loaded when it is first wanted; the text encoders go before, since a card has no room for both."""
        if self.net_part not in self._parts:
            self.release_encoders()
            fit = self.fit
            if self.base.file and self.base.file.suffix.lower() == ".gguf":
                net = _gguf_net(self.base, self.net_part, self.dtype).to(self.device)
            else:
                net = nets.load_net(
                    self.base,
                    self.net_part,
                    fit.precision,
                    self.dtype,
                    self.device,
                    fit.streamed_blocks,
                    self.painting.title,
                )
            if fit.streamed_blocks:
                blocks = nets.blocks_of(net)
                self._streamed.append(
                    streaming.stream(blocks, min(fit.streamed_blocks, len(blocks)), self.device)
                )
            self._parts[self.net_part] = net
        return self._parts[self.net_part]

    @property
    def vae(self) -> Any:
        """The VAE; in float32 where the rest is float16, in which SDXL's overflows."""
        if "vae" not in self._parts:
            dtype = torch.float32 if self.dtype == torch.float16 else self.dtype
            vae = loading.load_part(self._beside(), "vae", dtype).to(self.device)
            if self.fit.tiled:
                painting_plan.tile(vae)
            self._parts["vae"] = vae
        return self._parts["vae"]

    def encoders(self) -> dict[str, Any]:
        """Text encoders, tokenizers and processor, by their names in the pipeline."""
        device = self.device if self.net_part not in self._parts else torch.device("cpu")
        found = {}
        for part in bases.PARTS[self.painting.name]:
            if part.startswith(("tokenizer", "processor", "text_encoder")):
                if part not in self._parts:
                    self._parts[part] = self._load_encoder(part, device)
                found[part] = self._parts[part]
        return found

    def tokenizer(self, part: str) -> Any:
        """One tokenizer, whether or not the encoders are there."""
        return self._parts.get(part) or loading.load_tokenizer(self._beside(), part)

    def _load_encoder(self, part: str, device: torch.device) -> Any:
        base = self._beside()
        if not part.startswith("text_encoder"):
            with quiet():
                return (
                    seeing(base.folder / part) if part == "processor" else loading.load_tokenizer(base, part)
                )
        kind = loading.class_name_of(base, part) or ""
        dtype = self.dtype if device == self.device else torch.float32  # processors are slow in bfloat16
        if kind not in LARGE.get(part, ()):
            return loading.load_part(base, part, dtype).to(device)
        trim = _first_layers if self.painting.name == "flux2-klein" else _as_it_is
        encoder, schedule = nets.load_encoder(
            base.folder / part,
            getattr(importlib.import_module("transformers"), kind),
            self.fit.encoder_precision
            if device == self.device
            else "int8",  # main memory is not endless either
            dtype,
            device,
            self.fit.streamed_encoder and device.type == "cuda",
            trim,
        )
        if schedule is not None:
            self._streamed.append(schedule)
        return placed(encoder) if kind.startswith("Qwen2_5_VL") else encoder

    def release_encoders(self) -> None:
        """Let everything go that reads words."""
        there = [part for part in self._parts if part.startswith(("tokenizer", "processor", "text_encoder"))]
        for part in there:
            del self._parts[part]
        if there:
            if self.net_part not in self._parts:
                self._forget()
            nets.sweep(self.device)

    def _beside(self) -> loading.Base:
        """Where parts beside the net are: a single file of a FLUX net brings none."""
        whole = self.base.file is None or self.painting.objective == "epsilon"
        return self.base if whole else loading.Base(self.base.folder)

    def scheduler(self) -> Any:
        """The base's own scheduler, fresh."""
        settings = loading.scheduler_of(self._beside() if self.painting.objective == "flow" else self.base)
        if settings.get("rescale_betas_zero_snr"):
            settings["timestep_spacing"] = "trailing"  # begin where nothing of the picture is left
        return getattr(_diffusers(), settings["_class_name"]).from_config(settings)

    # pipelines

    def pipeline(self, kind: str) -> Any:
        """diffusers' pipeline of that name around net and VAE, without encoders."""
        if kind not in self._pipelines:
            made = self._made(kind, **{self.net_part: self.net, "vae": self.vae})
            made.__class__ = _settled(type(made), self.device)
            made.set_progress_bar_config(disable=True)
            self._pipelines[kind] = made
        made = self._pipelines[kind]
        made.scheduler = self.scheduler()
        _walk_once(self.net)
        return made

    def speaker(self) -> Any:
        """The family's pipeline with nothing but what reads words."""
        kind = self.painting.edit if self.painting.name == "qwen-image-edit" else self.painting.text
        return self._made(kind, **self.encoders())

    def _made(self, kind: str, **parts: Any) -> Any:
        made: Any = getattr(_diffusers(), kind)
        wanted = inspect.signature(made.__init__).parameters
        given: dict[str, Any] = {
            name: None
            for name, one in wanted.items()
            if name != "self" and one.default is inspect.Parameter.empty
        }
        given |= {
            "scheduler": self.scheduler(),
            **{name: one for name, one in parts.items() if name in wanted},
        }
        given |= {
            name: None for name in ("safety_checker", "feature_extractor", "image_encoder") if name in wanted
        }
        given |= {name: False for name in ("requires_safety_checker", "add_watermarker") if name in wanted}
        if "is_distilled" in wanted:
            index = loading.read_json(self.base.folder / loading.INDEX)
            given["is_distilled"] = bool(index.get("is_distilled", False))
        with quiet():
            return made(**given)

    # references of Stable Diffusion

    @torch.no_grad()
    def looked_at(self, references: Sequence[Image.Image], ip_adapter: str, guided: bool) -> list[Any]:
        """What the IP-Adapter makes of reference pictures; from now on the net wants it at every step, until `look_away`.

        Raises `BadInput` and `BadFile` where there is no IP-Adapter.
        """
        pipeline = self.pipeline(self.painting.text)
        if not self._looks:
            self._changes()
            found = ipadapter.find(self.painting.name, ip_adapter)
            with quiet():
                encoder = self._vision(found.encoder)
                pipeline.register_modules(image_encoder=encoder, feature_extractor=_extractor(encoder))
                try:
                    pipeline.load_ip_adapter(
                        str(found.file.parent),
                        subfolder="",
                        weight_name=found.file.name,
                        image_encoder_folder=None,
                        local_files_only=True,
                    )
                except (ValueError, KeyError, RuntimeError, OSError) as error:
                    said = next(iter(str(error).strip().splitlines()), type(error).__name__)
                    raise BadFile(
                        f"{found.file}: cannot be loaded: {said}",
                        f"is it an IP-Adapter for {self.painting.title}?",
                    ) from error
            self._looks = True
        pipeline.set_ip_adapter_scale(REFERENCE_SCALE)
        pipeline.image_encoder.to(self.device)
        made: list[Any] = pipeline.prepare_ip_adapter_image_embeds(
            [list(references)], None, self.device, 1, guided
        )
        pipeline.image_encoder.to("cpu")  # 1.3 GB that a card has no room for beside the net
        return made

    def look_away(self) -> None:
        """Let the net paint without references again."""
        if self._looks:
            pipeline = self.pipeline(self.painting.text)
            self._changes()
            with quiet():
                pipeline.unload_ip_adapter()
            self._looks = False

    def _vision(self, folder: Path) -> Any:
        kind: Any = importlib.import_module("transformers").CLIPVisionModelWithProjection
        return kind.from_pretrained(str(folder), local_files_only=True, dtype=self.dtype).eval()

    # adapters

    def adapter(self, path: Path) -> str:
        """The name in the net of an adapter's file, which is loaded when it is not there yet; the oldest of more than `KEPT` goes."""
        mark = digest_of(path)
        if mark in self._adapters:
            self._adapters[mark] = self._adapters.pop(mark)
            return self._adapters[mark]
        name = f"storykin_{mark[:16]}"
        pipeline = self.pipeline(self.painting.text or self.painting.edit)
        self._changes()
        hint = f"is it an adapter for {self.painting.title}, and of this size of net?"
        with quiet():
            try:
                load_adapter(pipeline, path, name, hint)
                if name not in _there(self.net):
                    raise BadFile(f"{path}: holds nothing for the net of {self.painting.title}", hint)
            except BadFile:
                if name in _there(self.net):
                    self.net.delete_adapters(name)
                raise
        for one, parameter in self.net.named_parameters():
            if f".{name}." in one:  # peft puts it beside the layer, which may wait in main memory
                parameter.data = parameter.data.to(
                    self.device, torch.float32 if self.device.type == "cpu" else self.dtype
                )
        self._adapters[mark] = name
        for oldest in list(self._adapters)[:-KEPT]:
            self.net.delete_adapters(self._adapters.pop(oldest))
        return name

    def _changes(self) -> None:
        """Adapters come or go: what was known of the net's layers no longer holds."""
        vars(self.net).pop("named_modules", None)
        self._worn = None

    @contextmanager
    def wearing(self, adapters: Sequence[tuple[str, float]]) -> Iterator[None]:
        """Inside, the net computes with these adapters at these scales, and with no other."""
        wanted = tuple(adapters)
        if _there(self.net) and wanted != self._worn:
            before, self._worn = self._worn, None
            if not wanted:
                self.net.disable_adapters()
            else:
                if not before:
                    self.net.enable_adapters()
                self.net.set_adapters([name for name, _ in wanted], [scale for _, scale in wanted])
            self._worn = wanted
        yield

    def close(self) -> None:
        """Let everything go."""
        if self.net_part in self._parts:
            self._changes()
        self._pipelines.clear()
        self._parts.clear()
        self._adapters.clear()
        self._looks = False
        self._forget()
        nets.sweep(self.device)

    def _forget(self) -> None:
        for one in self._streamed:
            nets.forget(one)
        self._streamed.clear()


@contextmanager
def quiet() -> Iterator[None]:
    """Without remarks of the libraries about what is meant so: parts left out, long prompts, a tensor given to numpy."""
    with loading.silence(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read once while it does not change. Raises `BadFile` when it is not there."""
    try:
        about = path.stat()
        key = (str(path), about.st_size, about.st_mtime_ns)
        if key not in _DIGESTS:
            with path.open("rb") as file:
                _DIGESTS[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return _DIGESTS[key]
    except OSError as error:
        raise BadFile(
            f"{path}: cannot be read: {error.strerror}", "check the name; was it moved or forgotten?"
        ) from error


_DIGESTS: dict[tuple[str, int, int], str] = {}


def _extractor(encoder: Any) -> Any:
    """What makes a picture ready for an encoder, at its size."""
    side = encoder.config.image_size
    kind: Any = importlib.import_module("transformers").CLIPImageProcessor
    return kind(size={"shortest_edge": side}, crop_size={"height": side, "width": side})


def _settled(kind: type, device: torch.device) -> type:
    """The class of a pipeline whose parts stay on one device: diffusers' own looks through all of their modules for it."""
    there = property(lambda _pipeline: device)
    return type(
        kind.__name__, (kind,), {"device": there, "_execution_device": there, "__module__": kind.__module__}
    )


def _walk_once(net: Any) -> None:
    """Keep the list of a net's modules: diffusers asks it for device and dtype a dozen times a picture, each time by a walk that takes
    30 ms for the 9,000 modules of SDXL with adapters. What adds or removes modules must take `named_modules` off again first.
    """
    if "named_modules" in vars(net):
        return
    found = tuple(net.named_modules())

    def named_modules(memo: Any = None, prefix: str = "", remove_duplicate: bool = True) -> Any:
        if memo is None and not prefix and remove_duplicate:
            return iter(found)
        return torch.nn.Module.named_modules(net, memo, prefix, remove_duplicate)

    vars(net)["named_modules"] = named_modules


def _there(net: Any) -> Sequence[str]:
    return tuple(getattr(net, "peft_config", ()) or ())


def _find(painting: Painting, name: str, rest: str) -> loading.Base:
    """Where a base is; parts a single file does not bring are those of `rest`."""
    parts = bases.PARTS[painting.name]
    if Path(name).suffix.lower() != ".gguf":
        return loading.find_base(name, parts, rest or painting.base)
    return loading.Base(
        loading.find_base(rest or painting.base, parts[:-1], painting.base).folder, Path(name).expanduser()
    )


def _gguf_net(base: loading.Base, part: str, dtype: torch.dtype) -> Any:
    """The net of a GGUF file, whose layers stay packed and are unpacked while they compute."""
    diffusers = _diffusers()
    kind = getattr(diffusers, nets.net_class(loading.settings_of(base, part), part))
    packed = diffusers.GGUFQuantizationConfig(compute_dtype=dtype)
    try:
        with quiet():
            net = kind.from_single_file(
                str(base.file),
                config=str(base.folder),
                subfolder=part,
                quantization_config=packed,
                torch_dtype=dtype,
                local_files_only=True,
            )
    except (ValueError, KeyError, RuntimeError, OSError) as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadFile(
            f"{base.file}: cannot be loaded: {said}", "the file may be damaged, or of another kind of net"
        ) from error
    return net.eval().requires_grad_(False)


def _first_layers(settings: Any) -> Any:
    settings.num_hidden_layers = min(settings.num_hidden_layers, HEARD)
    return settings


def _as_it_is(settings: Any) -> Any:
    return settings


def _diffusers() -> Any:
    return importlib.import_module("diffusers")
