"""Models: painted pictures enlarged to what a printer wants, by Lanczos or by a net whose weights the user has.

Two kinds of nets are built here, RRDBNet (ESRGAN, Real-ESRGAN) and SRVGGNetCompact (realesr-general-x4v3); `spandrel` builds the others
where it is installed. Everything is computed on this machine.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import math
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.errors import BadFile, BadInput
from storykin.provenance import Origin, origin_of, with_origin

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

OnStep = Callable[[float], None]
"""Called with the finished fraction, 0 to 1; may raise `Cancelled`."""

MEDIA_TYPE = "image/jpeg"
"""Of enlarged pictures: typst writes a PNG of a page's size into the PDF as 12 MB, the JPEG as 1.6."""
QUALITY = 95  # without subsampled colour; 49 dB from the picture itself, and more

TILE = 256
"""The longest side, in pixels of the painted picture, that a net sees at once. RRDBNet with factor 4 took 0.9 GB for it."""
EDGE = 16  # pixels at a tile's cut edges that are not used: the net sees nothing behind them
FADE = 16  # pixels over which a tile goes over into the next
GRAIN = 4  # pixels; tiles begin at multiples, where nets that gather 2 x 2 or 4 x 4 pixels begin too

SHARPEN = (0.5, 40, 2)
"""Radius in painted pixels, per cent and threshold of the unsharp mask behind Lanczos: nearest to the truth of what was tried on pictures
made small and enlarged again (decision 24)."""

KINDS = (
    (r"lora_(up|down|A|B)\.|lora_unet_", "a LoRA adapter"),
    (r"double_blocks\.|single_transformer_blocks\.", "a FLUX model"),
    (r"(down_blocks|input_blocks)\.\d", "a UNet, which paints"),
    (r"overlap_attn\.", "HAT"),
    (r"layers\.\d+\.residual_group\.blocks\.\d+\.attn\.relative_position", "SwinIR"),
    (r"residual_group\.blocks\.\d+\.attn\.attns", "DAT"),
    (r"conv1x1\.", "ESRGAN+"),
    (r"stylegan_decoder\.|toRGB", "GFPGAN, which mends faces"),
    (r"text_model\.|encoder\.block\.", "a text encoder"),
)
"""What else such files hold: a pattern of a tensor's name, and what is said of it."""

WRAPPERS = ("params_ema", "params", "state_dict", "model_state_dict", "model", "net")
PREFIXES = ("module.", "netG.", "generator.")
SPELLINGS = (
    (r"^model\.0\.", "conv_first."),
    (r"^model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0\.", r"body.\1.rdb\2.conv\3."),
    (r"^model\.1\.sub\.\d+\.(weight|bias)$", r"conv_body.\1"),
    (r"^RRDB_trunk\.(\d+)\.RDB(\d)\.", r"body.\1.rdb\2."),
    (r"^trunk_conv\.", "conv_body."),
    (r"^upconv(\d)\.", r"conv_up\1."),
    (r"^HRconv\.", "conv_hr."),
)
"""How the first ESRGAN and its followers (BSRGAN, RealSR) call the layers of RRDBNet, and how Real-ESRGAN does."""


@dataclass(frozen=True)
class Upscaler:
    """A net that enlarges pictures `factor` times: `run` takes and gives 1 x 3 x height x width, 0 to 1, on `device`.

    `title` names its architecture, `digest` stands for its weights.
    """

    title: str
    factor: int
    digest: str
    device: str
    run: Callable[[Tensor], Tensor]


def upscaler_at(path: Path) -> Upscaler:
    """The upscaling net whose weights are in that `.safetensors` or `.pth` file.

    Raises `BadInput` when torch is not installed, `BadFile` for files that are damaged, that would run code or that hold something else.
    """
    try:
        import torch
    except ImportError:
        raise BadInput(
            "enlarging with a model needs torch, which is not installed",
            "install it with: pip install 'storykin[paint]'; without --upscaler pictures are enlarged by Lanczos",
        ) from None
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "check the name and the rights") from None
    device = "cuda" if torch.cuda.is_available() else "cpu"
    weights = _read(path)
    try:
        built = _built(_spelled(weights), device) or _by_spandrel(weights, device)
        if built is None:
            raise _other(path, weights)
        title, channels, run = built
        if channels != 3:
            raise BadFile(
                f"{path}: enlarges pictures of {channels} channels", "take a model for RGB pictures"
            )
        with torch.inference_mode():
            small = run(torch.zeros(1, 3, 8, 8, device=device))
    except (RuntimeError, KeyError, IndexError) as error:
        raise BadFile(
            f"{path}: its weights do not fit together: {error}", "load the file down again"
        ) from None
    if small.shape[-1] <= 8:
        raise BadFile(f"{path}: is a {title} that enlarges nothing", "take one with factor 2 or 4")
    return Upscaler(title, small.shape[-1] // 8, digest, device, run)


def enlarge(
    picture: bytes,
    width: int,
    height: int,
    model: Upscaler | None = None,
    on_step: OnStep = lambda fraction: None,
) -> bytes:
    """A painted picture (PNG or JPEG) at exactly that size, as a JPEG that says how large it was painted.

    What has another shape is cut equally from both sides, as it is on the page. Raises `BadFile` when it is no picture, `BadInput`
    when the graphics card is full.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture)) as found:
            painted = found.convert("RGB")
            profile = found.info.get("icc_profile") if found.mode == "RGB" else None
    except OSError as error:
        raise BadFile(f"cannot be read as a picture: {error}", "paint it again") from None
    large = enlarged(painted, width, height, model, on_step)
    file = io.BytesIO()
    large.save(file, "JPEG", quality=QUALITY, subsampling=0, icc_profile=profile)
    before = origin_of(picture)
    by = before.enlarged_by or ("model" if model else "resampling")
    origin = Origin(before.source, before.painted or painted.size, by)
    return with_origin(file.getvalue(), MEDIA_TYPE, origin)


def enlarged(
    picture: Image.Image,
    width: int,
    height: int,
    model: Upscaler | None = None,
    on_step: OnStep = lambda fraction: None,
) -> Image.Image:
    """The RGB picture at exactly that size, by the net and then by Lanczos, or by Lanczos alone.

    Lanczos runs over the values as they are stored: in linear light its overshoot becomes dark rings around everything dark.
    """
    from PIL import Image, ImageFilter

    on_step(0.0)
    zoom = max(width / picture.width, height / picture.height)
    if model and zoom > 1:
        picture = _by_tiles(picture, model, on_step)
    scale = max(width / picture.width, height / picture.height)
    across = max(0.0, picture.width - width / scale)  # what is too much; rounding may make it less than none
    down = max(0.0, picture.height - height / scale)
    window = (across / 2, down / 2, picture.width - across / 2, picture.height - down / 2)
    large = picture.resize((width, height), Image.Resampling.LANCZOS, box=window)
    if not model and zoom > 1:
        radius, percent, threshold = SHARPEN
        large = large.filter(ImageFilter.UnsharpMask(radius * zoom, percent, threshold))
    on_step(1.0)
    return large


# --- tiles ----------------------------------------------------------------------------------------


def _by_tiles(picture: Image.Image, model: Upscaler, on_step: OnStep, longest: int = TILE) -> Image.Image:
    """The picture enlarged `model.factor` times, tile by tile, each going over into its neighbours."""
    import torch
    from PIL import Image

    factor = model.factor
    large = Image.new("RGB", (picture.width * factor, picture.height * factor))
    tiles = list(product(_spans(picture.height, longest), _spans(picture.width, longest)))
    for done, ((top, bottom), (left, right)) in enumerate(tiles):
        part = picture.crop((left, top, right, bottom))
        shape = (part.height, part.width, 3)
        seen = torch.frombuffer(bytearray(part.tobytes()), dtype=torch.uint8).reshape(shape).to(model.device)
        try:
            with torch.inference_mode():
                made = model.run(seen.permute(2, 0, 1)[None].float() / 255)
        except torch.OutOfMemoryError:
            raise BadInput(
                "the graphics card has no room for the upscaling net",
                "close what else runs on it, or leave out --upscaler",
            ) from None
        rows = (made[0].clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().cpu()
        tile = Image.frombytes("RGB", (part.width * factor, part.height * factor), rows.numpy().tobytes())
        x, y = (EDGE * factor if left else 0), (EDGE * factor if top else 0)
        end = tile.width - (EDGE * factor if right < picture.width else 0)
        tile = tile.crop((x, y, end, tile.height))  # the next row covers what lies below
        large.paste(
            tile, (left * factor + x, top * factor + y), _fade(tile.size, x > 0, y > 0, FADE * factor)
        )
        on_step((done + 1) / len(tiles))
    return large


def _spans(side: int, longest: int) -> list[tuple[int, int]]:
    """From where to where the tiles along a side reach: as few as can be, all of about one length, overlapping enough."""
    overlap = 2 * EDGE + FADE
    count = max(1, math.ceil((side - overlap) / (longest - overlap)))
    if count == 1:
        return [(0, side)]
    step = GRAIN * math.ceil((side - overlap) / count / GRAIN)
    return [(at * step, min(at * step + step + overlap, side)) for at in range(count)]


def _fade(size: tuple[int, int], left: bool, top: bool, over: int) -> Image.Image:
    """How much of a tile shows: all of it, but from nothing to all over the first `over` pixels where another lies already."""
    from PIL import Image, ImageChops

    mask = Image.new("L", size, 255)
    for wanted, turned in ((left, False), (top, True)):
        if wanted:
            ramp = Image.new("L", (over, 1))
            ramp.putdata([round(255 * (at + 0.5) / over) for at in range(over)])
            if turned:
                ramp = ramp.transpose(Image.Transpose.ROTATE_270)
            side = Image.new("L", size, 255)
            side.paste(ramp.resize((size[0], over) if turned else (over, size[1])))
            mask = ImageChops.multiply(mask, side)
    return mask


# --- weights --------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Tensor]:
    """The tensors of a file, out of whatever they are wrapped in."""
    if path.suffix.lower() == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise BadFile(
                f"{path}: is damaged or no .safetensors file: {error}", "load it down again"
            ) from None
    if path.suffix.lower() not in {".pth", ".pt", ".ckpt"}:
        raise BadFile(f"{path}: is no model", "an upscaling model is a .safetensors or .pth file")
    return _unwrapped(_unpickled(path), path)


def _unpickled(path: Path) -> Any:
    """What a pickle holds, as long as it is nothing but numbers and names."""
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "GLOBAL" in str(error) or "Unsupported class" in str(error) or "Unsupported global" in str(error):
            raise BadFile(
                f"{path}: would run code when it is opened, and was not opened",
                "take the same model as a .safetensors file",
            ) from None
        raise BadFile(f"{path}: is damaged or no model", "load it down again") from None
    except (RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        raise BadFile(f"{path}: is damaged or no model: {error}", "load it down again") from None


def _unwrapped(found: Any, path: Path) -> dict[str, Tensor]:
    import torch

    for wrapper in WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(wrapper), Mapping):
            found = found[wrapper]
    tensors = found if isinstance(found, Mapping) else {}
    kept = {str(name): value for name, value in tensors.items() if isinstance(value, torch.Tensor)}
    if not kept:
        raise BadFile(f"{path}: holds no weights", "an upscaling model is a .safetensors or .pth file")
    return kept


def _spelled(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights by the names that Real-ESRGAN gives them; names of other nets stay."""
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in weights):
            weights = {name.removeprefix(prefix): value for name, value in weights.items()}
    if "model.1.sub.0.RDB1.conv1.0.weight" in weights:
        numbered = {int(name.split(".")[1]) for name in weights if re.fullmatch(r"model\.\d+\.weight", name)}
        *ups, last_but_one, last = sorted(numbered - {0})
        called = {up: f"conv_up{at}" for at, up in enumerate(ups, 1)} | {
            last_but_one: "conv_hr",
            last: "conv_last",
        }
        weights = {
            re.sub(
                r"^model\.(\d+)\.(?=weight|bias)", lambda one: f"{called.get(int(one[1]), 'model.0')}.", name
            ): value
            for name, value in weights.items()
        }
    for pattern, spelling in SPELLINGS:
        weights = {re.sub(pattern, spelling, name): value for name, value in weights.items()}
    return weights


def _built(weights: Mapping[str, Tensor], device: str) -> tuple[str, int, Callable[[Tensor], Tensor]] | None:
    """Title, channels and the net that these weights make; None when they belong to another kind of net."""
    placed = {name: value.float().to(device) for name, value in weights.items()}
    if {"conv_first.weight", "body.0.rdb1.conv1.weight", "conv_body.weight", "conv_last.weight"} <= set(
        weights
    ):
        if not any("conv1x1" in name for name in weights):
            return "RRDBNet", len(placed["conv_last.weight"]), lambda picture: _rrdb(placed, picture)
    elif "body.0.weight" in weights and weights.get("body.1.weight", placed["body.0.weight"]).ndim == 1:
        last = max(int(name.split(".")[1]) for name in weights if name.startswith("body."))
        channels = placed["body.0.weight"].shape[1]
        return "SRVGGNetCompact", channels, lambda picture: _compact(placed, last, picture)
    return None


def _by_spandrel(
    weights: dict[str, Tensor], device: str
) -> tuple[str, int, Callable[[Tensor], Tensor]] | None:
    """The same from `spandrel`, which knows forty architectures, where the user has installed it and torchvision."""
    try:
        spandrel: Any = importlib.import_module("spandrel")
    except (ImportError, RuntimeError):  # torchvision of another build than torch stops with a RuntimeError
        return None
    try:
        found = spandrel.ModelLoader(device=device).load_from_state_dict(weights)
    except spandrel.UnsupportedModelError:
        return None
    return found.architecture.name, found.output_channels, found


def _other(path: Path, weights: Mapping[str, Tensor]) -> BadFile:
    """What is said of weights that are no upscaling net known here."""
    names = " ".join(weights)
    unknown = f"no upscaling model known here; its tensors: {', '.join(list(weights)[:3])}"
    kind = next((said for pattern, said in KINDS if re.search(pattern, names)), unknown)
    return BadFile(
        f"{path}: is {kind}",
        "take an ESRGAN, Real-ESRGAN or realesr-general model; for other upscaling models: pip install spandrel",
    )


# --- nets -----------------------------------------------------------------------------------------


def _rrdb(weights: Mapping[str, Tensor], picture: Tensor) -> Tensor:
    """Residual-in-residual dense blocks: Wang et al. 2018, ESRGAN, arXiv 1809.00219; with pixels gathered first for
    factors 1 and 2: Wang et al. 2021, Real-ESRGAN, arXiv 2107.10833."""
    import torch
    from torch.nn import functional as F  # noqa: N812  the field's name for it

    def conv(name: str, x: Tensor) -> Tensor:
        return F.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=1)

    def lively(x: Tensor) -> Tensor:
        return F.leaky_relu(x, 0.2)

    def dense(name: str, x: Tensor) -> Tensor:
        for layer in range(1, 5):
            grown = lively(conv(f"{name}.conv{layer}", x))
            x = torch.cat((x, grown), 1)
        return conv(f"{name}.conv5", x)

    high, wide = picture.shape[-2:]
    gathered = math.isqrt(weights["conv_first.weight"].shape[1] // 3)
    picture = F.pad(picture, (0, -wide % gathered, 0, -high % gathered), "replicate")
    first = x = conv("conv_first", F.pixel_unshuffle(picture, gathered))
    blocks = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("body."))
    for block in range(blocks):
        y = x
        for part in (1, 2, 3):
            y = y + 0.2 * dense(f"body.{block}.rdb{part}", y)
        x = x + 0.2 * y
    x = first + conv("conv_body", x)
    ups = sorted(name for name in weights if re.fullmatch(r"conv_up\d\.weight", name))
    for up in ups:
        x = lively(conv(up.removesuffix(".weight"), F.interpolate(x, scale_factor=2.0, mode="nearest")))
    x = conv("conv_last", lively(conv("conv_hr", x)))
    zoom = 2 ** len(ups) / gathered
    return x[..., : round(high * zoom), : round(wide * zoom)]


def _compact(weights: Mapping[str, Tensor], last: int, picture: Tensor) -> Tensor:
    """Plain convolutions whose result is added to the picture's own enlarged pixels: Wang et al. 2021, Real-ESRGAN, arXiv
    2107.10833 (its small nets)."""
    from torch.nn import functional as F  # noqa: N812

    x = picture
    for layer in range(last + 1):
        weight = weights[f"body.{layer}.weight"]
        x = (
            F.prelu(x, weight)
            if weight.ndim == 1
            else F.conv2d(x, weight, weights[f"body.{layer}.bias"], padding=1)
        )
    zoom = math.isqrt(x.shape[1] // picture.shape[1])
    return F.pixel_shuffle(x, zoom) + F.interpolate(picture, scale_factor=float(zoom), mode="nearest")
