"""Painters, ComfyUI: a picture painted by a ComfyUI server with its own models, through its HTTP and WebSocket API.

The workflows lie in `workflows/`. Adapters must lie on the server already: its API takes pictures only. Each character keeps to one adapter;
several people at once bleed into each other there and are refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from storykin.errors import BadInput
from storykin.families import painting_named
from storykin.painters import Defaults, Dialect, OnLook, OnStep, refuse_what_it_lacks
from storykin.painters.comfyui.talking import Forgotten, Server
from storykin.painters.comfyui.wiring import workflow
from storykin.painters.reaching import Progress, on_page, picture_of, sendable, size_near
from storykin.reaching import Breathe, Line, Patience, Say, library, place_of
from storykin.shot import PlacedAdapter, Shot

EXAMPLE = "http://127.0.0.1:8188"
WORDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "sd15": (("v1-5",), ("sd15",), ("sd1.5",), ("sd_1.5",)),
    "sdxl": (("xl",),),
    "flux-dev": (("flux", "dev"),),
    "flux-schnell": (("flux", "schnell"),),
}
"""The families there are workflows for, and the words by which a checkpoint of theirs is known when none is named: all of one group."""

SHORT = {"flux": "flux-dev"}

RESTARTS = 2
"""How often a picture is asked for again that the server has forgotten."""


@dataclass(frozen=True)
class Chosen:
    """The files on the server that make the model: a workflow's name and the values for its loading nodes."""

    workflow: str
    files: tuple[tuple[str, str], ...]

    @property
    def checkpoint(self) -> str:
        """The file of the denoising net."""
        return dict(self.files)["checkpoint"]


class ComfyUI:
    """Paints on a ComfyUI server. `checkpoint` is a name in its list, "" where only one there is of the family."""

    name = "comfyui"
    media_type = "image/png"
    powers: frozenset[str] = frozenset({"init_image", "adapters"})

    def __init__(
        self,
        host: str,
        family: str = "sdxl",
        checkpoint: str = "",
        arts: tuple[str, ...] = (),
        patience: Patience | None = None,
        say: Say = lambda word: None,
    ) -> None:
        """Nothing is sent yet; "flux" is short for flux-dev. Raises `BadInput` for no host, an unknown family or missing libraries."""
        place = place_of(host, "painter 'comfyui'", f"--host {EXAMPLE}")
        family = SHORT.get(family, family)
        if family not in WORDS:
            raise BadInput(
                f"painter 'comfyui' has no workflow for the family {family!r}",
                f"it has them for: {', '.join(WORDS)}",
            )
        for one in ("httpx", "websockets"):
            library(one)
        self.painting = painting_named(family)
        self.checkpoint = checkpoint
        self.revision = f"1 {family} {checkpoint}".strip()
        self.arts = arts
        self.defaults = Defaults(
            self.painting.side, self.painting.steps[1], self.painting.guidance_scale, self.painting.steps
        )
        self.dialect: Dialect = self.painting.dialect
        self.adapters_of = self.painting.adapters_of
        self.leaves_machine = place.leaves_machine
        """Whether words and start images leave this machine: the server is not on it."""
        self._line = Line(place, self.name, patience or Patience())
        self._server = Server(self._line, say)
        self._facts: dict[str, str] = {}
        self._chosen: Chosen | None = None
        self._adapters: tuple[str, ...] = ()

    unready: frozenset[str] = frozenset()

    def refuse_absent(self) -> None:
        """What the server lacks is told when it is asked."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """Find everything on the server before anything is painted: itself, the checkpoint, all adapters. Raises `BadInput`, `CannotPaint`."""
        progress = Progress(on_step)
        for shot in shots:
            self._refuse(shot)
        self._meet(progress)
        for shot in shots:
            with on_page(shot):
                self._adapters_for(shot, progress)
        progress.reach(1.0)

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        """One PNG of the shot's size, painted near the model's own size and scaled. Stopping here stops it on the server.

        Raises `CannotPaint` for what it lacks, `BadInput` for what the server lacks, `StorykinError` when it fails there.
        """
        self._refuse(shot)
        progress = Progress(on_step)
        progress()
        with on_page(shot):
            for left in reversed(range(RESTARTS + 1)):
                try:
                    chosen = self._meet(progress)
                    found = self._server.paint(self._workflow(shot, chosen, progress), progress, on_look)
                    break
                except Forgotten as error:
                    self._chosen = None
                    if not left:
                        raise
                    self._server.say(f"{error.message} Asking again.")
            picture = picture_of(found, shot.width, shot.height, self._server.name)
        progress.reach(1.0)
        return picture

    def made_with(self) -> Mapping[str, str]:
        """Family and checkpoint, and once it was reached the server's versions and device. Not where it is: recipes may be given away."""
        checkpoint = self._chosen.checkpoint if self._chosen else self.checkpoint
        return {"family": self.painting.name, "checkpoint": checkpoint, **self._facts}

    def close(self) -> None:
        """Close the connections; the server keeps its models loaded for whoever comes next."""
        self._line.close()
        self._chosen, self._adapters = None, ()

    def _refuse(self, shot: Shot) -> None:
        """Adapters of styles may go along with one character's; a second person's would change the first."""
        people = tuple(placed for placed in shot.adapters if placed.character)
        refuse_what_it_lacks(self, replace(shot, adapters=people if len(people) == 1 else shot.adapters))
        for placed in shot.adapters:
            refuse_what_it_lacks(self, replace(shot, adapters=(placed,)))

    def _meet(self, breathe: Breathe) -> Chosen:
        """The server's facts and the files chosen on it, asked for once."""
        if self._chosen is None:
            self._facts = self._server.facts(breathe)
            if self.leaves_machine:
                self._server.say("is another machine: words and start images leave this one for it")
            self._adapters = self._server.names("LoraLoader", "lora_name", breathe)
            self._chosen = self._choose(breathe)
        return self._chosen

    def _choose(self, breathe: Breathe) -> Chosen:
        whole = self._server.names("CheckpointLoaderSimple", "ckpt_name", breathe)
        if not self.painting.name.startswith("flux"):
            return Chosen("stable-diffusion", (("checkpoint", self._named(whole, "models/checkpoints")),))
        nets = self._server.names("UNETLoader", "unet_name", breathe)
        name = self._named((*nets, *whole), "models/diffusion_models or models/checkpoints")
        if name not in nets:
            return Chosen("flux-checkpoint", (("checkpoint", name),))
        encoders = self._server.names("DualCLIPLoader", "clip_name1", breathe)
        vaes = self._server.names("VAELoader", "vae_name", breathe)
        beside = (
            ("t5", self._beside(encoders, ("t5xxl_fp16", "t5xxl"), "T5 text encoder", "text_encoders")),
            ("clip", self._beside(encoders, ("clip_l",), "CLIP text encoder", "text_encoders")),
            ("vae", self._beside(vaes, ("flux", "ae."), "VAE", "vae")),
        )
        return Chosen("flux", (("checkpoint", name), *beside))

    def _named(self, names: tuple[str, ...], folder: str) -> str:
        """The checkpoint asked for, else the only one, else the only one that is called like the family."""
        there = (
            f"there are: {', '.join(names)}" if names else f"there is none; put one into ComfyUI's {folder}"
        )
        if self.checkpoint:
            found = _matching(names, self.checkpoint)
            if len(found) != 1:
                raise BadInput(f"{self._server.name}: has no one checkpoint {self.checkpoint!r}", there)
            return found[0]
        if len(names) == 1:
            return names[0]
        alike = [
            name
            for name in names
            if any(all(word in name.lower() for word in group) for group in WORDS[self.painting.name])
        ]
        if len(alike) == 1:
            return alike[0]
        raise BadInput(
            f"{self._server.name}: which checkpoint is to paint ({self.painting.title})?",
            f"name one with --model {self.painting.name}:NAME; {there}" if names else there,
        )

    def _beside(self, names: tuple[str, ...], words: tuple[str, ...], what: str, folder: str) -> str:
        """The first file that has the first of these words in its name, else the second."""
        for word in words:
            for name in names:
                if word in _base(name).lower():
                    return name
        raise BadInput(
            f"{self._server.name}: {self.painting.title} needs its {what} beside it, a file with {words[-1]!r} in its name",
            f"put it into ComfyUI's models/{folder}, or use a checkpoint that has all in one file",
        )

    def _adapters_for(self, shot: Shot, breathe: Breathe) -> tuple[tuple[str, float], ...]:
        """The shot's adapters by their names on the server, with their scales."""
        return tuple((self._adapter(placed, breathe), placed.adapter.scale) for placed in shot.adapters)

    def _adapter(self, placed: PlacedAdapter, breathe: Breathe) -> str:
        """The name on the server: that of the file, in the folder of the same person where there are several.

        Raises `BadInput` when it is not there, or when another file of that name is.
        """
        path = Path(placed.adapter.path)
        folder = path.parents[1].name if path.parent.name == "adapters" else path.parent.name
        where = f"copy {path} to models/loras/{folder + '/' if folder else ''}{path.name} of ComfyUI"
        found = _matching(self._adapters, path.name)
        own = [name for name in found if folder and folder in PurePath(name.replace("\\", "/")).parts[:-1]]
        if not found:
            raise BadInput(f"{self._server.name}: does not have the adapter {path.name}", where)
        if len(found) > 1 and len(own) != 1:
            raise BadInput(
                f"{self._server.name}: has several adapters {path.name}: {', '.join(found)}", where
            )
        name = own[0] if own else found[0]
        here, there = _remarks(path), self._server.remarks_in(name, breathe)
        if here and there and here != there:
            raise BadInput(f"{self._server.name}: its adapter {name} is another one than {path}", where)
        return name

    def _workflow(self, shot: Shot, chosen: Chosen, breathe: Breathe) -> dict[str, object]:
        width, height = size_near(shot.width, shot.height, self.painting.side, self.painting.grain)
        steps = shot.steps or self.defaults.steps
        values = {
            **dict(chosen.files),
            "prompt": self._said(shot.prompt),
            "negative_prompt": self._said(shot.negative_prompt),
            "seed": shot.seed % 2**64,
            "width": width,
            "height": height,
            "guidance_scale": shot.guidance_scale or self.defaults.guidance_scale,
            # ComfyUI goes all the given steps within the part that is painted anew; elsewhere steps are those of the whole way.
            "steps": max(1, round(steps * shot.strength)) if shot.init_image else steps,
            "strength": shot.strength if shot.init_image else 1.0,
        }
        start = ""
        if shot.init_image:
            png = sendable(Path(shot.init_image), (width, height))
            # Named after its content: no path of this machine goes out.
            start = self._server.upload(f"{hashlib.sha256(png).hexdigest()[:16]}.png", png, breathe)
        return workflow(chosen.workflow, values, self._adapters_for(shot, breathe), start)

    def _said(self, words: str) -> str:
        """ComfyUI takes brackets in any prompt for weights; in a sentence they are brackets."""
        if self.dialect == "sentences":
            return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return words


def _base(name: str) -> str:
    """The file's name in a list of the server, which may stand on Windows."""
    return PurePath(name.replace("\\", "/")).name


def _matching(names: tuple[str, ...], wanted: str) -> list[str]:
    """The names that are this one, folder included, else those of that file in any folder; the ending may be left out."""
    exact = [name for name in names if name.replace("\\", "/") == wanted.replace("\\", "/")]
    return exact or [name for name in names if wanted in {_base(name), PurePath(_base(name)).stem}]


def _remarks(path: Path) -> dict[str, str]:
    """What is written in the head of a safetensors file: 8 bytes of length, then JSON. Nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            found = json.loads(file.read(length)) if length < 2**24 else {}
        return dict(found.get("__metadata__") or {})
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
