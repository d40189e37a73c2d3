"""Models: nets that look at pictures and were taught by others: CLIP, SigLIP, DINOv2 and OWLv2, for the critic.

Which there are, whether one is on this machine, and running it; nothing is loaded down here but by `fetch`.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from storykin.errors import BadFile, BadInput, Cancelled
from storykin.models import loading

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray
    from PIL.Image import Image

    Floats = NDArray[floating[Any]]

Power = Literal["pictures", "words", "things"]


@dataclass(frozen=True)
class Net:
    """A net by its usual weights: `repository` on the model hub, about `gib` to load down, the weights' `licence`.

    `powers`: it tells "pictures" apart, says which "words" fit a picture, finds "things" by words.
    """

    name: str
    repository: str
    gib: float
    licence: str
    powers: frozenset[Power]


NETS = {
    one.name: one
    for one in (
        Net("dinov2", "facebook/dinov2-small", 0.09, "Apache-2.0", frozenset({"pictures"})),
        Net(
            "siglip2", "google/siglip2-base-patch16-224", 1.5, "Apache-2.0", frozenset({"pictures", "words"})
        ),
        Net("clip", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", 0.6, "MIT", frozenset({"pictures", "words"})),
        Net("owlv2", "google/owlv2-base-patch16-ensemble", 0.6, "Apache-2.0", frozenset({"things"})),
    )
}
"""By the names that `storykin fetch` knows; of those with one power the first is preferred."""
KINDS: dict[str, frozenset[Power]] = {
    "dinov2": frozenset({"pictures"}),
    "dinov2_with_registers": frozenset({"pictures"}),
    "clip": frozenset({"pictures", "words"}),
    "siglip": frozenset({"pictures", "words"}),
    "owlv2": frozenset({"things"}),
}
"""What nets can do, by the `model_type` of their settings."""

WITHOUT_TORCH = "needs torch and transformers, which are not installed: pip install 'storykin[paint]'"
SETTINGS = "config.json"
SIGHT = ("preprocessor_config.json", "processor_config.json")
"""Where the size and the normalisation of pictures stand: by older and by newer versions of transformers."""
BATCH = 16
SAMPLED = 4096  # bytes read at each place of the weights that is sampled


def find(power: Power, given: str = "") -> Path:
    """The folder of a net with that power: of a name of `NETS`, a folder, `owner/model` in the hub's cache, or, for "", the first of `NETS` that is here.

    Raises `BadFile` and `BadInput`, also for what would have to be loaded down first.
    """
    if not all(find_spec(name) for name in ("torch", "transformers")):
        raise BadInput(
            f"looking at pictures with a net {WITHOUT_TORCH.partition(': ')[0]}",
            WITHOUT_TORCH.partition(": ")[2],
        )
    able = [one for one in NETS.values() if power in one.powers]
    if not given:
        found = next((folder for one in able if (folder := _cached(one.repository, power))), None)
        if found is None:
            raise _absent(able[0])
        return found
    known = NETS.get(given)
    if known and power not in known.powers:
        raise BadInput(f"{given} cannot do this", f"choose one of: {', '.join(one.name for one in able)}")
    name = known.repository if known else given
    path = loading.path_of(name)
    if path.is_dir():
        if lacks := lacking(path, power):
            raise BadFile(
                f"{path}: there is no {lacks}", "give the folder of a net in the layout of transformers"
            )
        if power not in _powers(path):
            raise BadFile(
                f"{path}: is of another kind", f"choose one of: {', '.join(one.name for one in able)}"
            )
        return path
    if found := _cached(name, power) if loading.on_hub(name) else None:
        return found
    if known:
        raise _absent(known)
    raise BadInput(
        f"{given}: there is no such net on this machine",
        f"give its folder, or choose one of: {', '.join(one.name for one in able)}",
    )


def lacking(folder: Path, power: Power) -> str:
    """The first thing that a folder lacks, "" when it is whole."""
    if not (folder / SETTINGS).is_file():
        return SETTINGS
    if not any((folder / name).is_file() for name in SIGHT):
        return SIGHT[0]
    if power != "pictures" and not any(
        all((folder / name).is_file() for name in names) for names in loading.VOCABULARIES
    ):
        return "tokenizer.json"
    return "" if loading.weights_in(folder) else "*.safetensors"


def licence_of(folder: Path) -> str:
    """The licence of a net's weights, as far as they are those of `NETS`."""
    return next(
        (one.licence for one in NETS.values() if _folder_name(one.repository) in folder.parts),
        "that of its makers",
    )


def title_of(folder: Path) -> str:
    """What messages call the net of a folder."""
    known = next((part for part in folder.parts if part.startswith("models--")), "")
    return known.rpartition("--")[2] or folder.name


def fingerprint(folder: Path) -> str:
    """Twelve hexadecimal digits that tell one net from another by its settings, and the sizes and samples of its weights."""
    digest = hashlib.sha256((folder / SETTINGS).read_bytes())
    for file in loading.weights_in(folder):
        size = file.stat().st_size
        with file.open("rb") as content:
            digest.update(size.to_bytes(8, "little"))
            for number in range(17):
                content.seek(max(0, (size - SAMPLED) * number // 16))
                digest.update(content.read(SAMPLED))
    return digest.hexdigest()[:12]


def fetch(name: str, on_step: Callable[[float, str], None]) -> bool:
    """Load one of `NETS` down; False when it was here already. Raises `BadInput`."""
    net = NETS[name]
    power: Power = "words" if "words" in net.powers else next(iter(net.powers))
    if _cached(net.repository, power):
        on_step(1.0, f"{name} is here")
        return False
    try:
        hub: Any = importlib.import_module("huggingface_hub")
        wanted = wanted_of(hub.HfApi().list_repo_files(net.repository))
        for number, one in enumerate(wanted):
            on_step(number / len(wanted), f"loading {one} of {net.repository} down")
            hub.hf_hub_download(net.repository, one)
    except Cancelled:
        raise
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadInput(
            f"{net.repository}: the model hub cannot be reached: {said}",
            "connect to the internet and try again; what is there already is kept",
        ) from error
    if _cached(net.repository, power) is None:
        raise BadInput(
            f"{net.repository}: has no .safetensors on the model hub",
            "pickles can run code when they are read",
        )
    on_step(1.0, f"{name} is here")
    return True


def wanted_of(names: Collection[str]) -> list[str]:
    """The files of a repository that a net needs: settings, words, and its weights without pickles; the weights last."""
    top = [name for name in names if "/" not in name]
    beside = [name for name in top if name.endswith((".json", ".txt", ".model")) and ".index." not in name]
    whole = [name for name in top if name == "model.safetensors"]
    shards = [
        name for name in top if name.startswith("model") and ".safetensors" in name and name not in whole
    ]
    return [*sorted(beside), *(whole or sorted(shards))]


class Eyes:
    """A net that turns pictures, and words if it knows any, into unit vectors; `scale` is by what it multiplies their cosines.

    Raises `BadFile` for a net that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._net = load(folder)
        self._side, self._mean, self._spread = sight_of(folder)
        scale = getattr(self._net, "logit_scale", None)
        self.scale = float(scale.detach().exp()) if scale is not None else 1.0

    def pictures(self, pictures: Sequence[Image]) -> Floats:
        """A row for each picture, of any size: it is squeezed into the net's square."""
        import numpy as np
        import torch

        rows = []
        for start in range(0, len(pictures), BATCH):
            pixels = np.stack([self._pixels(one) for one in pictures[start : start + BATCH]])
            with torch.inference_mode():
                values = torch.from_numpy(pixels)
                if hasattr(self._net, "get_image_features"):
                    found = self._net.get_image_features(pixel_values=values)
                else:
                    found = self._net(pixel_values=values)
            rows.append(_unit(getattr(found, "pooler_output", found)))
        return np.concatenate(rows) if rows else np.zeros((0, 1), np.float32)

    def words(self, texts: Sequence[str]) -> Floats:
        """A row for each text; what is longer than the net can read is cut off."""
        import torch

        told = self._tokens([text.lower() for text in texts])
        with torch.inference_mode():
            found = self._net.get_text_features(**told)
        return _unit(getattr(found, "pooler_output", found))

    def _tokens(self, texts: Sequence[str]) -> dict[str, Any]:
        if not hasattr(self, "_tokenizer"):
            self._tokenizer = load_tokenizer(self.folder)
        return tokens_of(self._tokenizer, texts, self._net.config)

    def _pixels(self, picture: Image) -> Floats:
        import numpy as np

        small = picture.convert("RGB").resize((self._side, self._side), 3, reducing_gap=3.0)
        return (np.asarray(small, np.float32).transpose(2, 0, 1) / 255 - self._mean) / self._spread


def load(folder: Path) -> Any:
    """The net of a folder on the CPU in float32, not learning. Raises `BadFile`."""
    try:
        transformers: Any = importlib.import_module("transformers")
        kind = (
            transformers.AutoModelForZeroShotObjectDetection
            if "things" in _powers(folder)
            else transformers.AutoModel
        )
        with _silence():
            net = kind.from_pretrained(str(folder), local_files_only=True, use_safetensors=True)
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadFile(f"{folder}: cannot be loaded: {said}", "load it down anew") from error
    return net.float().eval().requires_grad_(False)


def load_tokenizer(folder: Path) -> Any:
    """What turns words into numbers for a net. Raises `BadFile`."""
    try:
        transformers: Any = importlib.import_module("transformers")
        with _silence():
            return transformers.AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadFile(f"{folder}: its words cannot be loaded: {said}", "load it down anew") from error


def tokens_of(tokenizer: Any, texts: Sequence[str], config: Any) -> dict[str, Any]:
    """Texts as the net's inputs. SigLIP learned from texts filled up to their full length, without a mask over what is filled."""
    longest = config.text_config.max_position_embeddings
    filled = config.model_type.startswith("siglip")
    told = tokenizer(
        list(texts),
        padding="max_length" if filled else True,
        truncation=True,
        max_length=longest,
        return_tensors="pt",
    )
    return {"input_ids": told["input_ids"]} | ({} if filled else {"attention_mask": told["attention_mask"]})


def sight_of(folder: Path) -> tuple[int, Floats, Floats]:
    """The side in pixels of what a net sees, and mean and spread of its colours (3, 1, 1). Raises `BadFile`."""
    import numpy as np

    path = next((folder / name for name in SIGHT if (folder / name).is_file()), folder / SIGHT[0])
    found = loading.read_json(path)
    found = found.get("image_processor", found)
    try:
        size = found["crop_size"] if found.get("do_center_crop") and found.get("crop_size") else found["size"]
        side = size if isinstance(size, int) else size.get("height") or size["shortest_edge"]
        mean, spread = (
            np.array(found[name], np.float32).reshape(3, 1, 1) for name in ("image_mean", "image_std")
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFile(
            f"{path}: does not say how pictures are to be made ready: {error}", "load the net down anew"
        ) from error
    return int(side), mean, spread


def _powers(folder: Path) -> frozenset[Power]:
    return KINDS.get(str(loading.read_json(folder / SETTINGS).get("model_type", "")), frozenset())


def _cached(name: str, power: Power) -> Path | None:
    """A net's folder in the hub's cache, when it is whole."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    found = try_to_load_from_cache(name, SETTINGS)
    folder = Path(found).parent if isinstance(found, str) else None
    return folder if folder and not lacking(folder, power) and power in _powers(folder) else None


def _folder_name(repository: str) -> str:
    return f"models--{repository.replace('/', '--')}"


def _absent(net: Net) -> BadInput:
    return BadInput(
        f"{net.name} is not on this machine (about {net.gib:.2g} GB, licence: {net.licence})",
        f"load it down with: storykin fetch {net.name}",
    )


@contextmanager
def _silence() -> Iterator[None]:
    """Without the library's progress bars and remarks, which are put back afterwards."""
    logging: Any = importlib.import_module("transformers.utils.logging")
    shown, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if shown:
            logging.enable_progress_bar()


def _unit(rows: Any) -> Floats:
    import torch

    found: Floats = torch.nn.functional.normalize(rows.float(), dim=-1).cpu().numpy()
    return found


class Finder:
    """A net that finds things by words: OWLv2 with fixed words, which are read once.

    Raises `BadFile` for a net that cannot be read.
    """

    def __init__(self, folder: Path, words: Sequence[str]) -> None:
        import torch

        self._net = load(folder)
        self._side, self._mean, self._spread = sight_of(folder)
        told = tokens_of(load_tokenizer(folder), words, self._net.config)
        with torch.inference_mode():
            found = self._net.owlv2.get_text_features(**told)
        self._words = getattr(found, "pooler_output", found)[None]

    def things(self, picture: Image) -> tuple[Floats, Floats]:
        """Boxes (n, 4), left, top, width, height in fractions of the picture, and how much of each word is in them (n, words), 0 to 1."""
        import numpy as np
        import torch
        from PIL import Image

        wide, high = picture.size
        longest = max(wide, high)
        # below and beside the picture it learned from black
        square = Image.new("RGB", (longest, longest))
        square.paste(picture.convert("RGB"))
        small = square.resize((self._side, self._side), 2, reducing_gap=3.0)
        pixels = (np.asarray(small, np.float32).transpose(2, 0, 1) / 255 - self._mean) / self._spread
        with torch.inference_mode():
            seen, _ = self._net.image_embedder(pixel_values=torch.from_numpy(pixels[None]))
            features = seen.reshape(1, -1, seen.shape[-1])
            logits, _ = self._net.class_predictor(features, self._words)
            boxes = self._net.box_predictor(features, seen)[0].numpy()
            scores: Floats = logits[0].sigmoid().numpy()
        centre, size = boxes[:, :2] * longest, boxes[:, 2:] * longest
        low = np.clip((centre - size / 2) / (wide, high), 0, 1)
        top = np.clip((centre + size / 2) / (wide, high), 0, 1)
        return np.concatenate([low, top - low], 1), scores
