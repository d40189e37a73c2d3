"""Painters, diffusion: from a shot to a picture with any base of the families in `families.PAINTINGS`.

Loaded once for a book: words first, then the net; adapters stay in the net and are only switched. Knows no method and no book.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from storykin.bookfolder import page_words
from storykin.errors import BadFile, BadInput, CannotPaint
from storykin.families import FAMILIES, PAINTINGS, Painting
from storykin.models import bases, ipadapter, loading, planning
from storykin.painters import Defaults, Dialect, OnLook, OnStep, refuse_what_it_lacks
from storykin.painters.diffusion.cutting import cut_out, mask_of, merged, put_back, size_within
from storykin.shot import Part, Shot

if TYPE_CHECKING:
    import torch
    from PIL import Image

    from storykin.families import Precision
    from storykin.painters.diffusion.looking import Lens
    from storykin.painters.diffusion.model import Model
    from storykin.painters.diffusion.speaking import Request, Spans, Words

Found = TypeVar("Found")
EXTRA = ("torch", "diffusers", "transformers", "peft", "safetensors")
"""What must be installed."""

DECODING = 0.05  # of the progress; the rest are the denoising steps
LOOKS = 3  # steps between two looks at an unfinished picture
FILL_STRENGTH = (
    0.8  # how much of a composition's figure is painted anew by "fill": the pose stays, the face does not
)
CLOSER_STRENGTH = 0.75  # the same for one seen from near by
SMALLER = 0.75  # of the memory that was planned with, when it ran out
TRIES = 3


class Diffusion:
    """Paints with one base: a family's name, a name on the model hub, a folder, a `.safetensors` or a `.gguf` file.

    `device` is "cuda" or "cpu", `precision` that of the net's weights, `vram_gib` what may be used of the card; left out, they follow from the machine.
    `rest` is the base that the settings and other parts of a single file come from, `ip_adapter` a file for references of Stable Diffusion. `commercial` refuses weights whose
    licence does not let pictures be sold. Raises `BadInput` and `BadFile` for what is no base; what has to be loaded down first is said
    when it is needed, and nothing is loaded down.
    """

    media_type = "image/png"
    arts: tuple[str, ...] = ()
    leaves_machine = False

    def __init__(
        self,
        base: str,
        *,
        device: str = "",
        precision: Precision | None = None,
        vram_gib: float | None = None,
        rest: str = "",
        ip_adapter: str = "",
        commercial: bool = False,
    ) -> None:
        self.base = base
        self.painting: Painting = bases.painting_of(base)
        if commercial and not self.painting.commercial:
            sold = ", ".join(one.name for one in PAINTINGS.values() if one.commercial)
            raise BadInput(
                f"painter {base!r}: {self.painting.title} may not be used for books that are sold ({self.painting.licence})",
                f"leave out --commercial, or choose one of: {sold}",
            )
        if commercial and not _is_known(base, self.painting):
            raise BadInput(
                f"painter {base!r}: under which licence this checkpoint of {self.painting.title} may be used is not known here",
                "read its licence; where it lets pictures be sold, leave out --commercial",
            )
        self._source = self.painting.base if base in PAINTINGS else base
        self.name = bases.title_of(self._source, self.painting)
        masks = self.painting.fill and "init_image" in self.painting.powers
        self.powers = self.painting.powers | ({"mask"} if masks else set())
        self.dialect: Dialect = self.painting.dialect
        self.adapters_of = self.painting.adapters_of
        steps = self.painting.steps
        self.defaults = Defaults(
            self.painting.side,
            steps[1],
            self.painting.guidance_scale,
            steps,
            self.painting.name,
            self.painting.closer,
        )
        self._device, self._precision, self._vram = device, precision, vram_gib
        self._rest, self._ip_adapter = rest, ip_adapter
        self._expected = (0, 0, 1)  # side, references, adapters
        self._model: Model | None = None
        self._lens: Lens | None = None
        self._words: dict[tuple[object, ...], Words] = {}
        self._places: dict[tuple[object, ...], Spans] = {}
        self._revision: str | None = None

    @property
    def revision(self) -> str:
        """A fingerprint of the base's files; "" as long as they are not on this machine."""
        if self._revision is None:
            print_of = bases.fingerprint(self._source, self.painting)
            self._revision = f"1-{print_of}" if print_of else ""
        return self._revision

    @property
    def unready(self) -> frozenset[str]:
        """Powers for which something would have to be loaded down first: nobody gets them without asking."""
        if self.painting.objective == "epsilon":
            try:
                ipadapter.find(self.painting.name, self._ip_adapter)
            except (BadInput, BadFile):
                return frozenset({"references"})
        return frozenset()

    def made_with(self) -> Mapping[str, str]:
        """Base, precision, device and the versions of what computed."""
        from importlib.metadata import PackageNotFoundError, version

        local = Path(self.base).expanduser().exists()
        found = {
            "base": self.name if local else self.base,
            "family": self.painting.name,
            "revision": self.revision,
        }
        if self._model is not None:
            fit = self._model.fit
            found |= {
                "precision": fit.precision,
                "device": str(self._model.device),
                "dtype": str(self._model.dtype).removeprefix("torch."),
            }
        for package in ("storykin", "torch", "diffusers", "transformers", "peft", "compel"):
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                continue
        return found

    # the path of one picture

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """Read all prompts, let the encoders go, and load net and VAE."""
        self._expect(shots)
        self._with_enough_memory(lambda: self._prepared(shots, on_step))

    def _prepared(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        model = self._loaded()
        wanted = [one for shot in shots for one in self._spoken(shot)]
        for number, (prompt, negative, paths) in enumerate(dict.fromkeys(wanted)):
            on_step(0.5 * number / max(1, len(wanted)))
            self._read(prompt, negative, paths)
        on_step(0.5)
        _ = model.net, model.vae
        on_step(1.0)

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        """One PNG of the shot's size; raises `CannotPaint` for what it lacks, `Cancelled` when told so, before the next step."""
        refuse_what_it_lacks(self, shot)
        self._expect([shot])
        on_step(0.0)
        picture = self._with_enough_memory(lambda: self._painted(shot, on_step, on_look))
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=4)
        on_step(1.0)
        return file.getvalue()

    def _with_enough_memory(self, work: Callable[[], Found]) -> Found:
        """Do it; where memory runs out, again with plans for less. Raises `BadInput` when that does not help either."""
        for _ in range(TRIES):
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not _short_of_memory(error):
                    raise
                short = error
            if not self._with_less():
                break
        raise BadInput(
            f"painter {self.name!r}: memory does not suffice for {self.painting.title}",
            "close other programs, paint smaller (size in book.toml), pack more (--precision nf4), or choose a smaller base",
        ) from short

    def close(self) -> None:
        """Let models, words and memory go."""
        if self._model is not None:
            self._model.close()
        self._model = self._lens = None
        self._words.clear()
        self._places.clear()

    def _painted(self, shot: Shot, on_step: OnStep, on_look: OnLook | None) -> Image.Image:
        from PIL import Image, ImageOps

        from storykin.painters.diffusion.speaking import Request

        width, height = size_within(shot.width, shot.height, self.painting)
        steps = shot.steps or self.defaults.steps
        guidance = shot.guidance_scale or self.defaults.guidance_scale
        request = Request(width, height, steps, guidance, shot.seed)
        if shot.init_image:
            start = ImageOps.fit(_opened(shot.init_image), (width, height), Image.Resampling.LANCZOS)
            if int(steps * shot.strength) < 1:
                return _to_size(start, shot.width, shot.height, self.painting.grain)
            request = replace(request, start=start, strength=min(1.0, shot.strength))
        if not shot.references and not self.painting.text:
            raise CannotPaint(
                f"{page_words(shot.page)}: {self.painting.title} paints from pictures only, and there is none",
                'give it references, or the page\'s drawing: references = ["sketch"]',
            )
        if shot.references and self.painting.objective == "epsilon" and (shot.parts or self._regions(shot)):
            raise CannotPaint(
                f"{page_words(shot.page)}: {self.painting.title} cannot look at references and keep regions apart in one picture",
                "leave out the references or the regions of this page in storyboard.json, or choose flux2-klein",
            )
        if shot.references:
            request = replace(request, references=tuple(_opened(path) for path in shot.references))
        if shot.repaint is not None and shot.closeups:
            before = ImageOps.fit(
                _opened(shot.init_image), (shot.width, shot.height), Image.Resampling.LANCZOS
            )
            return self._from_near_by(shot, request, before, on_step)
        if shot.repaint is not None:
            return self._region_anew(shot, request, on_step, on_look)
        rounds = 1 + len(shot.closeups)
        first = _portion(on_step, 0, rounds)
        if self._fills(shot):
            picture = self._one_after_the_other(shot, request, first, on_look)
        else:
            words = self._read(*self._spoken(shot)[0])
            picture = self._denoised(words, request, shot, first, on_look)
        picture = _to_size(picture, shot.width, shot.height, self.painting.grain)
        return self._from_near_by(
            shot, request, picture, lambda done: on_step((1 + (rounds - 1) * done) / rounds)
        )

    def _fills(self, shot: Shot) -> bool:
        people = [one for one in shot.adapters if one.region is not None]
        if shot.apart == "fill" and people and not self.painting.fill:
            raise BadInput(
                f"{page_words(shot.page)}: {self.painting.title} cannot paint into one region",
                'set apart to "masks"',
            )
        return shot.apart == "fill" and bool(people)

    @staticmethod
    def _regions(shot: Shot) -> bool:
        return any(one.region is not None for one in shot.adapters)

    def _one_after_the_other(
        self, shot: Shot, request: Request, on_step: OnStep, on_look: OnLook | None
    ) -> Image.Image:
        """A composition without anybody's adapter, then each person into her region with hers alone."""
        people = [one for one in shot.adapters if one.region is not None]
        common = tuple(one for one in shot.adapters if one.region is None)
        spoken = self._spoken(shot)
        rounds = 1 + len(people)
        picture = self._denoised(
            self._read(*spoken[0]),
            request,
            replace(shot, adapters=common, parts=()),
            _portion(on_step, 0, rounds),
            on_look,
        )
        for number, one in enumerate(people, start=1):
            assert one.region is not None
            alone = replace(shot, adapters=(*common, replace(one, region=None)), parts=())
            again = replace(
                request,
                start=picture,
                strength=FILL_STRENGTH,
                seed=request.seed + number,
                mask=mask_of(one.region, picture.size),
            )
            painted = self._denoised(
                self._read(*spoken[number]), again, alone, _portion(on_step, number, rounds), on_look
            )
            picture = merged(picture, painted, again.mask)
        return picture

    def _region_anew(
        self, shot: Shot, request: Request, on_step: OnStep, on_look: OnLook | None
    ) -> Image.Image:
        """The start image with one region painted anew; outside it every pixel stays as it is."""
        from PIL import Image, ImageOps

        assert shot.repaint is not None
        size = (shot.width, shot.height)
        before = ImageOps.fit(_opened(shot.init_image), size, Image.Resampling.LANCZOS)
        again = replace(request, mask=mask_of(shot.repaint, (request.width, request.height)))
        painted = self._denoised(self._read(*self._spoken(shot)[0]), again, shot, on_step, on_look)
        return merged(before, _to_size(painted, *size, self.painting.grain), mask_of(shot.repaint, size))

    def _from_near_by(
        self, shot: Shot, request: Request, picture: Image.Image, on_step: OnStep
    ) -> Image.Image:
        """The picture with each of the shot's close-ups: cut out, painted anew at the base's own size, alone and by her adapter only, and put back into her region."""
        from PIL import Image, ImageOps

        anew = shot.repaint is not None
        for number, one in enumerate(shot.closeups):
            drawn = None
            if one.mask and shot.init_image and not anew:
                drawn = ImageOps.fit(_opened(shot.init_image), picture.size, Image.Resampling.LANCZOS)
            figure = _opened(one.mask) if one.mask else None
            cut = cut_out(picture, one, self.painting, figure, drawn)
            again = replace(
                request,
                width=cut.start.width,
                height=cut.start.height,
                start=cut.start,
                strength=shot.strength if anew else CLOSER_STRENGTH,
                seed=request.seed + number + 1,
                mask=cut.mask,
                references=(),
            )
            worn = [one_of for one_of in shot.adapters if one_of.character in {"", one.character}]
            alone = replace(
                shot, adapters=tuple(replace(own, region=None) for own in worn), parts=(), apart=""
            )
            step = _portion(on_step, number, len(shot.closeups))
            words = self._read(one.words, shot.negative_prompt)
            picture = put_back(picture, cut, self._denoised(words, again, alone, step, None))
        return picture

    def _denoised(
        self, words: Words, request: Request, shot: Shot, on_step: OnStep, on_look: OnLook | None
    ) -> Image.Image:
        """One run of a pipeline, with the shot's adapters in their regions."""
        from storykin.painters.diffusion.model import quiet
        from storykin.painters.diffusion.speaking import asked, pipeline_of

        model = self._loaded()
        total = max(1, min(request.steps, int(request.steps * request.strength)))

        def step(_pipeline: Any, number: int, _timestep: Any, there: dict[str, Any]) -> dict[str, Any]:
            on_step((1 - DECODING) * min(1.0, (number + 1) / total))
            if on_look is not None and (number + 1) % LOOKS == 0 and number + 1 < total:
                self._look(there["latents"], request, on_look)
            return {}

        names = {one.adapter.path: model.adapter(Path(one.adapter.path)) for one in shot.adapters}
        pipeline = model.pipeline(pipeline_of(self.painting, request))
        arguments = asked(model, words, request, self._ip_adapter)
        with quiet(), ExitStack() as worn:
            self._wear(worn, shot, names, request)
            made = pipeline(**arguments, callback_on_step_end=step, output_type="pil").images[0]
        found: Image.Image = made
        if found.size != (request.width, request.height):  # Qwen's inpainting has a size of its own
            found = _to_size(found, request.width, request.height, self.painting.grain)
        return found

    def _wear(self, worn: ExitStack, shot: Shot, names: Mapping[str, str], request: Request) -> None:
        """Put the adapters on: everywhere as they are, or each in its region and for its own words."""
        model = self._loaded()
        apart = shot.apart != "sum" and (shot.parts or any(one.region is not None for one in shot.adapters))
        worn.enter_context(
            model.wearing(
                [(names[one.adapter.path], 1.0 if apart else one.adapter.scale) for one in shot.adapters]
            )
        )
        if not apart:
            return
        from storykin.painters.diffusion.regions import masked
        from storykin.painters.diffusion.regions_words import placed_in

        spans = self._spans(shot)
        worn.enter_context(
            masked(
                model.net,
                placed_in(shot, names, spans),
                prompts=bool(shot.parts),
                guided=self._guided(request),
            )
        )

    def _guided(self, request: Request) -> bool:
        """Whether prompt and negative prompt go through the net together."""
        if self.painting.name == "z-image":
            return request.guidance_scale > 0
        return self.painting.objective == "epsilon" and request.guidance_scale > 1

    # words

    def _spoken(self, shot: Shot) -> list[tuple[str, str, tuple[str, ...]]]:
        """Prompt, negative prompt and pictures for each run of the net that a shot needs."""
        seen = shot.references if self.painting.name == "qwen-image-edit" else ()
        found = [(shot.prompt, shot.negative_prompt, seen)]
        if self._fills(shot):
            people = [one for one in shot.adapters if one.region is not None]
            found += [
                (alone(shot.prompt, shot.parts, one.character), shot.negative_prompt, seen) for one in people
            ]
        return found + [(one.words, shot.negative_prompt, ()) for one in shot.closeups]

    def _read(self, prompt: str, negative: str, seen: tuple[str, ...] = ()) -> Words:
        key = (prompt, negative, seen)
        if key not in self._words:
            from storykin.painters.diffusion.model import quiet
            from storykin.painters.diffusion.speaking import read

            model = self._loaded()
            with quiet():
                self._words[key] = read(model, prompt, negative, [_opened(path) for path in seen])
        return self._words[key]

    def _spans(self, shot: Shot) -> Spans:
        """The tokens that are about each part, in what the encoders made of the prompt."""
        if not shot.parts:
            return ()
        from storykin.painters.diffusion.speaking import spans

        key = (shot.prompt, shot.parts)
        if key not in self._places:
            words = self._read(*self._spoken(shot)[0])
            self._places[key] = spans(self._loaded(), shot.prompt, shot.parts, words)
        return self._places[key]

    # the machine

    def _expect(self, shots: Sequence[Shot]) -> None:
        """Plan for the largest picture, the most references and the most adapters, as long as nothing is loaded."""
        if self._model is None and shots:
            sizes = [size_within(shot.width, shot.height, self.painting) for shot in shots]
            if any(shot.closeups for shot in shots):
                sizes.append((self.painting.side, self.painting.side))
            side = max(math.ceil(math.sqrt(wide * high)) for wide, high in sizes)
            worn = {one.adapter.path for shot in shots for one in shot.adapters}
            self._expected = side, max(len(shot.references) for shot in shots), max(1, len(worn))

    def _loaded(self) -> Model:
        if self._model is None:
            self._model = self._load(self._vram)
        return self._model

    def _load(self, vram_gib: float | None) -> Model:
        import importlib.util

        if lacks := [one for one in EXTRA if importlib.util.find_spec(one) is None]:
            raise BadInput(
                f"painter {self.name!r} needs {', '.join(lacks)}, which is not installed",
                "install it with: pip install 'storykin[paint]'",
            )
        self.refuse_absent()
        import torch

        from storykin.models.painting_plan import fit_painting
        from storykin.painters.diffusion.model import Model

        device = _device(self._device)
        free = vram_gib or planning.vram_here() if device.type == "cuda" else None
        fit = self._small(device) or fit_painting(
            self.painting,
            free,
            self._expected[0],
            self._expected[1],
            self._precision,
            self._expected[2],
            planning.ram_here(),
        )
        self._vram = free
        return Model(self.painting, self._source, device, _dtype(torch, device), fit, self._rest)

    def _small(self, device: torch.device) -> planning.Fit | None:
        """How a base is loaded that is far smaller than its family: as it is, since the family's plan says nothing of it."""
        if Path(self.base).suffix.lower() == ".gguf":
            return None
        weights = bases.weights_of(self._source, self.painting)
        if not 0 < weights < self.painting.parameters / 4:
            return None
        exact: Precision = "float32" if device.type == "cpu" else "bfloat16"
        why = ("The model is far smaller than others of its family: nothing is packed.",)
        return planning.Fit(precision=self._precision or exact, encoder_precision=exact, why=why)

    def refuse_absent(self) -> None:
        """Say what would have to be loaded down, how much it is and under which terms."""
        path = Path(self.base).expanduser()
        if self._rest and path.is_file():
            return
        lacks = (
            bases.missing(self._source, self.painting, f"storykin fetch {self.base}")
            if path.suffix.lower() != ".gguf"
            else None
        )
        if lacks is None:
            return
        terms = (
            f"; its makers want their terms accepted first: https://huggingface.co/{lacks.name}"
            if lacks.gated
            else ""
        )
        raise BadInput(
            f"painter {self.name!r}: {lacks.name} is not on this machine (about {lacks.gib:.3g} GB, licence: {lacks.licence}{terms})",
            f"load it down with: {lacks.command}",
        )

    def _with_less(self) -> bool:
        """After memory ran out: begin again with a plan for less of it. False where there is nothing to save."""
        if self._model is None or self._model.device.type != "cuda" or self._vram is None:
            return False
        less = self._vram * SMALLER
        self._model.close()
        self._model = self._lens = None
        try:
            self._model = self._load(less)
        except BadInput:
            return False
        return True

    def _look(self, latents: Any, request: Request, on_look: OnLook) -> None:
        from storykin.painters.diffusion.looking import Lens, can_look

        if can_look(self.painting.name):
            self._lens = self._lens or Lens(self._loaded())
            on_look(self._lens.picture(latents, request.height, request.width))


def _is_known(base: str, painting: Painting) -> bool:
    """Whether a base is one of the makers' own, whose licence is known."""
    taught = FAMILIES[painting.name].base if painting.name in FAMILIES else ""
    return base in PAINTINGS or loading.spelled(base) in {painting.base, taught, *bases.RELATED}


def alone(prompt: str, parts: Sequence[Part], character: str) -> str:
    """The prompt without what it says of the others."""
    for part in parts:
        if part.character != character and part.words:
            prompt = prompt.replace(part.words, "", 1)
    prompt = re.sub(r"\s+([.,;])", r"\1", re.sub(r"([.,;])(\s*[.,;])+", r"\1", prompt))
    return re.sub(r"\s{2,}", " ", prompt).strip(" ,;")


def _portion(on_step: OnStep, number: int, rounds: int) -> OnStep:
    """What tells the progress of one of so many rounds as that of all."""
    return lambda done: on_step((number + done) / rounds)


def _opened(path: str) -> Image.Image:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as found:
            return ImageOps.exif_transpose(found).convert("RGB")
    except FileNotFoundError:
        raise BadFile(
            f"{path}: there is no such picture", "check the name; was it moved or deleted?"
        ) from None
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError) as error:
        raise BadFile(f"{path}: cannot be read as a picture: {error}", "give a JPEG or PNG") from error


def _to_size(picture: Image.Image, width: int, height: int, grain: int) -> Image.Image:
    """Exactly that size: cut where it is larger by less than the base's grain, else scaled."""
    from PIL import Image, ImageOps

    if 0 <= picture.width - width < grain and 0 <= picture.height - height < grain:
        left, top = (picture.width - width) // 2, (picture.height - height) // 2
        return picture.crop((left, top, left + width, top + height))
    return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)


def _device(name: str) -> torch.device:
    import torch

    if name == "cuda" and not torch.cuda.is_available():
        raise BadInput(
            "there is no graphics card that PyTorch can use",
            "install PyTorch for this card (pytorch.org), or let the processor paint",
        )
    if name not in {"", "cpu", "cuda"}:
        raise BadInput(f"there is no device {name!r}", "choose cuda or cpu")
    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


def _dtype(torch: Any, device: torch.device) -> torch.dtype:
    """float32 on processors, whose bfloat16 is emulated; bfloat16 on cards, float16 on those before Ampere."""
    if device.type != "cuda":
        return torch.float32  # type: ignore[no-any-return]
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16  # type: ignore[no-any-return]


def _short_of_memory(error: RuntimeError | MemoryError) -> bool:
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "out of memory" in str(error).lower()
    )
