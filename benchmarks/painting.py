"""What a painted page costs beside the net's own time and beside a plain diffusers script: `python benchmarks/painting.py [overhead|book|swap|masks|memory]`.

Small models with the real architecture paint on one thread. Everything that is compared is painted by turns in one run, in seconds of
processor time; ratios are those of neighbours, their medians are shown. Tables go to standard output, progress to standard error.
"""

import argparse
import contextlib
import gc
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT), str(ROOT / "src")]
os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

import smallmodels  # noqa: E402

from storykin.character import Adapter  # noqa: E402
from storykin.scene import Box, Scene  # noqa: E402
from storykin.shot import Apart, Part, PlacedAdapter, Shot  # noqa: E402
from training import Table, say  # noqa: E402

SASHA, THEO = "a girl in a red coat", "a boy with a dog"
LEFT, RIGHT = Box(0, 0.1, 0.5, 0.9), Box(0.5, 0.1, 0.5, 0.9)
PLACES = ("a garden", "the snow", "a kitchen", "the moon", "a boat", "a wood", "a zoo", "bed")
ON_STAGE = ((1, 2), (1,), (2,))  # page by page, again and again: both, Sasha, Theo
SCALE = 0.8
DEEP = {"num_layers": 19, "num_single_layers": 38}  # FLUX.1's blocks
KINDS = {
    "nobody": (),
    "one, in her region": (1,),
    "two, masks": (1, 2),
}
"""Pages by who is on them with an adapter of his own."""


@dataclass(frozen=True)
class Task:
    """What is painted, the same for all. `size` is one of `smallmodels.SIZES`, or "deep": FLUX as narrow as "tiny", with all of its 57 blocks."""

    family: str = "flux-dev"
    size: str = "small"
    side: int = 256
    steps: int = 8
    pages: int = 6
    rank: int = 16
    folder: str = ""

    @property
    def base(self) -> Path:
        return Path(self.folder) / f"{self.family}-{self.size}"

    @property
    def title(self) -> str:
        return f"{self.family}, 57 narrow blocks" if self.size == "deep" else self.family

    def adapter(self, seed: int) -> Path:
        return Path(self.folder) / f"{self.family}-{self.size}-{seed}.safetensors"


def build(task: Task) -> None:
    """The model and three adapters for its attention, unless they lie there."""
    import torch
    from tests.painters.diffusion.small_others import lora_for

    torch.set_num_threads(1)
    if not task.base.exists():
        say(f"{task.title}: building")
        smallmodels.make_base(task.family, task.base, "tiny" if task.size == "deep" else task.size)
        if task.size == "deep":
            _deepen(task.base / "transformer")
    for seed in (1, 2, 3):
        if not task.adapter(seed).exists():
            lora_for(task.base, task.family, task.adapter(seed), seed, task.rank)


def _deepen(folder: Path) -> None:
    import torch
    from diffusers import FluxTransformer2DModel

    torch.manual_seed(1)
    settings = FluxTransformer2DModel.load_config(str(folder))
    FluxTransformer2DModel.from_config({**settings, **DEEP}).save_pretrained(folder)


def shot(task: Task, page: int, who: Sequence[int], apart: Apart = "masks") -> Shot:
    """A page with Sasha (1) at the left and Theo (2) at the right, as far as they are on it."""
    boxes, said, names = {1: LEFT, 2: RIGHT}, {1: SASHA, 2: THEO}, {1: "Sasha", 2: "Theo"}
    people = tuple(
        PlacedAdapter(
            Adapter(str(task.adapter(one)), task.family, "z", task.rank, SCALE), boxes[one], names[one]
        )
        for one in who
    )
    parts = tuple(Part(names[one], said[one], boxes[one]) for one in who) if apart != "sum" else ()
    prompt = ", ".join([*(said[one] for one in who), PLACES[page % len(PLACES)]])
    return Shot(
        page, Scene("garden"), prompt=prompt, seed=page, width=task.side, height=task.side, steps=task.steps,
        adapters=people, parts=parts, apart=apart,
    )  # fmt: skip


def painter_of(task: Task) -> Any:
    from storykin.painters.diffusion.painter import Diffusion

    return Diffusion(str(task.base))


def silent(_done: float) -> None:
    """Nobody asks for progress."""


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of an act, and what it gave; rubbish of what was before is swept first, so that nobody pays for a neighbour."""
    gc.collect()
    began = time.process_time()
    found = act()
    return time.process_time() - began, found


def middle(numbers: Sequence[float]) -> float:
    return statistics.median(numbers)


# --- where the time of a page goes -------------------------------------------------------------------


@dataclass
class Watch:
    """Processor seconds by part; a part's inner parts are not counted to it."""

    spent: Counter[str] = field(default_factory=Counter)
    _open: list[str] = field(default_factory=lambda: ["else"])
    _since: float = 0.0

    def begin(self) -> None:
        """From here on everything counts."""
        self.spent.clear()
        self._since = time.process_time()

    def enter(self, part: str) -> None:
        self._charge()
        self._open.append(part)

    def leave(self) -> None:
        self._charge()
        self._open.pop()

    def _charge(self) -> None:
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def end(self) -> dict[str, float]:
        """All of it."""
        self._charge()
        return dict(self.spent)

    def over(self, undo: contextlib.ExitStack, thing: Any, name: str, part: str) -> None:
        """Count the calls of one function as a part."""
        old = getattr(thing, name)

        def counted(*args: Any, **given: Any) -> Any:
            self.enter(part)
            try:
                return old(*args, **given)
            finally:
                self.leave()

        own = name in vars(thing)
        setattr(thing, name, counted)
        undo.callback(setattr, thing, name, old) if own else undo.callback(delattr, thing, name)


Call = tuple[tuple[Any, ...], dict[str, Any]]


@contextlib.contextmanager
def watched(painter: Any) -> Iterator[tuple[Watch, list[Call]]]:
    """A painter whose parts are counted, and what its net is called with."""
    from PIL import Image

    watch, calls, model = Watch(), [], painter._loaded()
    with contextlib.ExitStack() as undo:

        def before(_net: Any, args: tuple[Any, ...], given: dict[str, Any]) -> None:
            calls.append((args, dict(given)))
            watch.enter("denoiser")

        def after(*_: Any) -> None:
            watch.leave()

        undo.callback(model.net.register_forward_pre_hook(before, with_kwargs=True).remove)
        undo.callback(model.net.register_forward_hook(after).remove)
        watch.over(undo, model.vae, "decode", "VAE")
        watch.over(undo, painter, "_wear", "adapters")
        watch.over(undo, painter, "_spans", "words")
        watch.over(undo, painter, "_read", "words")
        watch.over(undo, model, "pipeline", "scheduler")
        watch.over(undo, Image.Image, "save", "PNG")
        yield watch, calls


def bare(net: Any, calls: Sequence[Call]) -> None:
    """The same calls of the net, in a loop and nothing else."""
    import torch

    with torch.no_grad():
        for args, given in calls:
            net(*args, **given)


PARTS_OF_A_PAGE = ("denoiser", "VAE", "adapters", "words", "scheduler", "PNG", "else")


def overhead(task: Task) -> Table:
    """Pages from the second on: the net's own time within them, the VAE's, all the rest; and the same calls of the net alone."""
    build(task)
    painter, found = painter_of(task), {kind: _nothing() for kind in KINDS}
    pages = {kind: [shot(task, page, who) for page in range(task.pages + 1)] for kind, who in KINDS.items()}
    painter.prepare([one for kind in pages.values() for one in kind], silent)
    with watched(painter) as (watch, calls):
        for page in range(task.pages + 1):
            for kind in KINDS:
                calls.clear()
                gc.collect()
                watch.begin()
                painter.paint(pages[kind][page], silent)
                spent = watch.end()
                again = list(calls)
                loop, _ = timed(lambda again=again: bare(painter._loaded().net, again))
                watch.end()
                if page:
                    found[kind].append({**spent, "loop": loop, "calls": len(again)})
                say(
                    f"{task.title}, page {page}, {kind}: {sum(spent.values()):.2f} s, net {spent['denoiser']:.2f}, alone {loop:.2f}"
                )
    painter.close()
    rows = []
    for kind, ones in found.items():
        whole = [sum(one.get(part, 0.0) for part in PARTS_OF_A_PAGE) for one in ones]
        rest = [page - one["denoiser"] - one["VAE"] for page, one in zip(whole, ones, strict=True)]
        rows.append((
            task.title, kind, f"{middle([one['denoiser'] / one['calls'] for one in ones]):.2f}", f"{middle(whole):.2f}",
            *(f"{middle([one.get(part, 0.0) for one in ones]):.3f}" for part in PARTS_OF_A_PAGE),
            f"{middle([r / one['denoiser'] for r, one in zip(rest, ones, strict=True)]):.1%}",
            f"{middle([one['denoiser'] / one['loop'] for one in ones]):.3f}",
        ))  # fmt: skip
    heads = (
        "model",
        "people",
        "a step",
        "page",
        *PARTS_OF_A_PAGE,
        "rest of denoiser",
        "denoiser / bare loop",
    )
    return Table(
        "a page over its denoiser", heads, rows,
        [f"{task.steps} steps, {task.side} pixels, {task.pages} pages after the first, medians, processor seconds. The rest is the page without denoiser and VAE; "
         "the bare loop calls the net with the same inputs and adapters, without masks."],
        {"task": asdict(task), "pages": found},
    )  # fmt: skip


def _nothing() -> list[dict[str, float]]:
    return []


# --- a book, beside plain scripts --------------------------------------------------------------------


@dataclass
class Plain:
    """A script as anybody writes it with diffusers: the pipeline loaded once, prompts encoded with each page; adapters read and let go with
    every page (`keep` is false), or read once and switched."""

    task: Task
    keep: bool
    pipeline: Any = None
    there: set[str] = field(default_factory=set)

    def load(self) -> None:
        """The pipeline, and where they are kept the adapters."""
        import diffusers

        kind = getattr(diffusers, smallmodels.PIPELINES[self.task.family])
        self.pipeline = kind.from_pretrained(str(self.task.base))
        self.pipeline.set_progress_bar_config(disable=True)
        if self.keep:
            self._read((1, 2))

    def paint(self, one: Shot) -> bytes:
        """The page as a PNG."""
        import torch

        who = [1 if placed.character == "Sasha" else 2 for placed in one.adapters]
        if not self.keep:
            self._read(who)
        self.pipeline.set_adapters([f"a{number}" for number in who], [SCALE] * len(who))
        more = {"max_sequence_length": 512} if self.task.family == "flux-dev" else {"negative_prompt": ""}
        made = self.pipeline(
            one.prompt, width=one.width, height=one.height, num_inference_steps=one.steps, guidance_scale=guidance(self.task),
            generator=torch.Generator().manual_seed(one.seed), **more,
        )  # fmt: skip
        if not self.keep:
            self.pipeline.unload_lora_weights()
        file = io.BytesIO()
        made.images[0].save(file, "PNG")
        return file.getvalue()

    def _read(self, who: Sequence[int]) -> None:
        for number in who:
            path = self.task.adapter(number)
            self.pipeline.load_lora_weights(
                str(path.parent), weight_name=path.name, adapter_name=f"a{number}"
            )


def guidance(task: Task) -> float:
    from storykin.families import PAINTINGS

    return PAINTINGS[task.family].guidance_scale


BOOK = {
    "masks": "Storykin, masks",
    "sum": "Storykin, plain sum",
    "reload": "diffusers, adapters read with every page",
    "keep": "diffusers, adapters kept",
}


def book(task: Task) -> Table:
    """The same pages with two adapters: seconds to load, and a page from the second on; by turns."""
    build(task)
    _book(replace(task, steps=1, pages=2))  # imports, and what libraries make once
    loading, pages, made = _book(task)
    later = {way: seconds[1:] for way, seconds in pages.items()}
    rows = []
    for way, title in BOOK.items():
        ratio = [one / other for one, other in zip(later[way], later["reload"], strict=True)]
        kept = [one / other for one, other in zip(later[way], later["keep"], strict=True)]
        whole = loading[way] + sum(pages[way])
        rows.append((
            task.title, title, f"{loading[way]:.2f}", f"{pages[way][0]:.2f}", f"{middle(later[way]):.2f}", f"{middle(ratio):.2f}",
            f"{middle(kept):.2f}", f"{whole:.1f}", f"{whole / (loading['reload'] + sum(pages['reload'])):.2f}",
        ))  # fmt: skip
    apart = {way: max(map(_levels, made["sum"], made[way])) for way in ("reload", "keep")}
    heads = ("model", "way", "loading", "first page", "later page", "of reading anew", "of keeping", "book", "of reading anew")  # fmt: skip
    notes = [
        f"{task.pages} pages in the order both, Sasha, Theo, {task.steps} steps, {task.side} pixels, processor seconds, medians; ours loads with all prompts read. "
        f"Storykin's plain sum and the plain scripts' pictures differ by at most {apart['reload']} and {apart['keep']} of 255 levels: it is the same work."
    ]
    return Table(
        "a book beside plain scripts", heads, rows, notes,
        {"task": asdict(task), "loading": loading, "pages": pages, "differ": apart},
    )  # fmt: skip


Seconds = dict[str, list[float]]


def _book(task: Task) -> tuple[dict[str, float], Seconds, dict[str, list[bytes]]]:
    """By way: seconds to load, seconds of each page, the pages."""
    shots: dict[str, list[Shot]] = {}
    for way in BOOK:
        apart: Apart = "masks" if way == "masks" else "sum"
        shots[way] = [shot(task, page, ON_STAGE[page % len(ON_STAGE)], apart) for page in range(task.pages)]
    loading: dict[str, float] = {}
    paint: dict[str, Callable[[Shot], bytes]] = {}
    with contextlib.ExitStack() as undo:
        for way in BOOK:
            if way in ("reload", "keep"):
                plain = Plain(task, way == "keep")
                with _quiet():
                    loading[way], _ = timed(plain.load)
                paint[way] = plain.paint
            else:
                painter = painter_of(task)
                undo.callback(painter.close)
                loading[way], _ = timed(lambda one=painter, way=way: one.prepare(shots[way], silent))
                paint[way] = lambda one, painter=painter: painter.paint(one, silent)
        pages: Seconds = {way: [] for way in BOOK}
        made: dict[str, list[bytes]] = {way: [] for way in BOOK}
        for page in range(task.pages):
            ways = list(BOOK)
            for way in ways[page % len(ways) :] + ways[: page % len(ways)]:  # nobody always follows the same
                with _quiet():
                    seconds, picture = timed(lambda page=page, way=way: paint[way](shots[way][page]))
                pages[way].append(seconds)
                made[way].append(picture)
            say(f"{task.title}, page {page}: " + ", ".join(f"{way} {pages[way][-1]:.2f}" for way in ways))
    return loading, pages, made


def _quiet() -> Any:
    from storykin.painters.diffusion.model import quiet

    return quiet()


def _levels(one: bytes, other: bytes) -> int:
    """The largest difference of two pictures, of 255."""
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(one)) as first, Image.open(io.BytesIO(other)) as second:
        ends = ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getextrema()
    return max(high for _, high in ends)


# --- one adapter for another -------------------------------------------------------------------------


def swap(task: Task, rounds: int = 7) -> Table:
    """Seconds from one adapter to another: switched, or let go and read."""
    build(task)
    painter = painter_of(task)
    model = painter._loaded()
    names = [model.adapter(task.adapter(number)) for number in (1, 2)]
    plain = Plain(task, keep=False)
    with _quiet():
        plain.load()
        plain._read((1,))

    def wear(number: int) -> None:
        with model.wearing([(names[number % 2], 1.0)]):
            pass

    def switch(number: int) -> None:
        model.net.set_adapters([names[number % 2]], [1.0])

    def anew(number: int) -> None:
        plain.pipeline.unload_lora_weights()
        plain._read((1 + number % 2,))
        plain.pipeline.set_adapters([f"a{1 + number % 2}"], [1.0])

    ways = {"Storykin": wear, "set_adapters": switch, "read anew": anew}
    found: Seconds = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, act in ways.items():
            with _quiet():
                seconds, _ = timed(lambda act=act, number=number: act(number + 1))
            if number:
                found[way].append(seconds)
    layers = sum(hasattr(one, "lora_A") for one in model.net.modules())
    painter.close()
    low = {way: middle(seconds) for way, seconds in found.items()}
    size = task.adapter(1).stat().st_size / 1e6
    row = (
        task.title, str(layers), f"{size:.1f}", *(f"{low[way]:.3f}" for way in ways),
        f"{middle([one / other for one, other in zip(found['read anew'], found['Storykin'], strict=True)]):.0f}",
    )  # fmt: skip
    heads = ("model", "taught layers", "MB of the file", "Storykin", "set_adapters alone", "unloaded and read anew", "times as long")  # fmt: skip
    return Table(
        "one adapter for another", heads, [row],
        [f"Processor seconds, medians of {rounds}; Storykin also makes sure that adapters are on. Both adapters lie in the net, {KEPT} may."],
        {"task": asdict(task), "seconds": found, "layers": layers},
    )  # fmt: skip


KEPT = 8  # as storykin.painters.diffusion.model.KEPT


# --- several people ----------------------------------------------------------------------------------


def masks(task: Task, rounds: int = 5) -> Table:
    """The same page with two people: added up plainly, by masks, one after the other."""
    build(task)
    painter = painter_of(task)
    pages = {way: shot(task, 0, (1, 2), way) for way in APART}
    painter.prepare(list(pages.values()), silent)
    found: Seconds = {way: [] for way in APART}
    for number in range(rounds + 1):
        for way in APART:
            one = replace(pages[way], seed=number)
            seconds, _ = timed(lambda one=one: painter.paint(one, silent))
            if number:
                found[way].append(seconds)
        say(f"{task.title}, round {number}")
    painter.close()
    rows = [
        (
            task.title, title, f"{middle(found[way]):.2f}",
            f"{middle([one / other for one, other in zip(found[way], found['sum'], strict=True)]):.2f}",
        )
        for way, title in APART.items()
    ]  # fmt: skip
    return Table(
        "two people in one picture", ("model", "way", "page", "of the plain sum"), rows,
        [f"{task.steps} steps, {task.side} pixels, processor seconds, medians of {rounds}."],
        {"task": asdict(task), "seconds": found},
    )  # fmt: skip


APART: dict[Apart, str] = {"sum": "plain sum", "masks": "masks", "fill": "one after the other"}


LAST = {
    "SD 1.5": ["conv_out"],
    "SDXL": ["conv_out"],
    "FLUX.1": [f"single_transformer_blocks.1.{one}" for one in ("proj_mlp", "proj_out", "attn.to_q")],
    "FLUX.2": ["single_transformer_blocks.1.attn.to_out"],
    "Qwen-Image": ["transformer_blocks.1.img_mlp.net.0.proj", "transformer_blocks.1.img_mlp.net.2"],
    "Z-Image": [f"layers.1.{one}" for one in ("feed_forward.w1", "feed_forward.w2", "attention.to_out.0")],
}
"""Layers after which nothing mixes the picture's tokens any more: with these alone taught, the net's own output is exact."""


def exact() -> Table:
    """How exactly each layer with masks gives what one adapter alone gives, on small nets with every layer taught, and how far a plain sum is off."""
    import torch
    from tests.painters.diffusion import region_nets as nets
    from tests.painters.diffusion import test_regions as known

    from storykin.painters.diffusion.regions import masked

    torch.set_num_threads(1)
    families: dict[str, tuple[Any, Any, str, tuple[int, int]]] = {
        "SD 1.5": (nets.sd15, nets.feed_unet, "unet", (11, 7)),
        "SDXL": (nets.sdxl, nets.feed_unet, "unet", (6, 10)),
        "FLUX.1": (nets.flux, nets.feed_flux, "flux", (5, 7)),
        "FLUX.2": (nets.flux2, nets.feed_flux, "flux2", (5, 7)),
        "Qwen-Image": (nets.qwen, nets.feed_qwen, "qwen", (5, 7)),
        "Z-Image": (nets.z_image, nets.feed_z, "z", (5, 7)),
    }
    rows, found = [], {}
    for title, (make, feed, kind, size) in families.items():
        net = nets.adapted(make(), nets.EVERYTHING[kind])
        guided = kind in ("unet", "z")

        def labels(name: str, x: Any, kind: str = kind, size: tuple[int, int] = size) -> Any:
            return known.unet_rows(name, x, size) if kind == "unet" else known.rows_of(kind, name, x, size)

        outs = []
        with torch.no_grad():
            with nets.overheard(net) as heard, masked(net, nets.both(), *size, guided=guided):
                outs.append(feed(net, *size))
            with masked(net, nets.both()[::-1], *size, guided=guided):
                outs.append(feed(net, *size))
            off = _off(net, dict(heard), labels)
            picture, plain = _picture_off(make, feed, LAST[title], guided)
        turned = float((outs[0] - outs[1]).abs().max())
        found[title] = {
            **off,
            "turned": turned,
            "layers": len(heard),
            "picture": picture,
            "sum picture": plain,
        }
        rows.append((
            title, str(len(heard)), *(f"{off[one]:.1e}" for one in ("inside", "outside", "common")), f"{turned:.0e}",
            f"{off['sum inside']:.2g}", f"{off['sum outside']:.2g}", f"{picture:.1e}", f"{plain:.2g}",
        ))  # fmt: skip
    heads = ("net", "taught layers", "inside a region, from its adapter alone", "outside, from the base", "words about nobody, from both",
             "people in other order", "plain sum: inside", "plain sum: outside", "whole output, last layers taught", "plain sum: whole output")  # fmt: skip
    return Table(
        "exactness of masks", heads, rows,
        ["Largest difference of any number that any layer gives, float32, random adapters; a plain sum's inside and outside are the smallest of all layers' "
         "largest: no layer of it is right. Linear layers and convolutions all through the net are taught, norms and modulation too. Last: the net's own "
         "output, inside and outside, where only layers are taught after which tokens no longer mix."],
        found,
    )  # fmt: skip


def _picture_off(make: Any, feed: Any, last: Sequence[str], guided: bool) -> tuple[float, float]:
    """The largest difference of the net's output from what each token's own adapter makes, by masks and by a plain sum."""
    import torch
    from tests.painters.diffusion import region_nets as nets
    from tests.painters.diffusion import test_regions as known

    from storykin.painters.diffusion.regions import Masked, masked

    size = 6, 8
    net = nets.adapted(make(), list(last))
    # words about nobody: attention to words would mix
    with masked(net, [Masked(nets.LEFT, (), "sasha"), Masked(nets.RIGHT, (), "theo")], *size, guided=guided):
        ours = known.by_tokens(feed(net, *size), size)
    made = {}
    for who in (known.NOBODY, known.ONE, known.OTHER, known.BOTH):
        if who:
            net.set_adapters(sorted(who))
        else:
            net.disable_adapters()
        made[who] = known.by_tokens(feed(net, *size), size)
        net.enable_adapters()
    right = torch.stack([made[who][:, row] for row, who in enumerate(known.whose(*size))], dim=1)
    return float((ours - right).abs().max()), float((made[known.BOTH] - right).abs().max())


def _off(net: Any, heard: Mapping[str, Any], labels: Callable[[str, Any], Any]) -> dict[str, float]:
    """By whose a token is: the largest difference from what its own adapters make; and a plain sum's, of the layer where that is smallest."""
    import torch
    from tests.painters.diffusion import region_nets as nets
    from tests.painters.diffusion import test_regions as known

    who = {
        "inside": (known.ONE, known.OTHER),
        "outside": (known.NOBODY,),
        "common": (known.BOTH,),
    }
    most = dict.fromkeys(who, 0.0)
    least = dict.fromkeys(("inside", "outside"), float("inf"))
    for name, calls in heard.items():
        for x, out in calls:
            wholes = {
                one: nets.alone(net, name, sorted(one), x)
                for one in (known.NOBODY, known.ONE, known.OTHER, known.BOTH)
            }
            lines = [known.whose(*out.shape[2:])] * len(out) if out.ndim == 4 else labels(name, x)
            if out.ndim == 4:
                wholes = {one: made.flatten(2).transpose(1, 2) for one, made in wholes.items()}
            flat = out.flatten(2).transpose(1, 2) if out.ndim == 4 else out.view(len(out), -1, out.shape[-1])
            for kind, owners in who.items():
                for owner in owners:
                    at = torch.tensor([[one == owner for one in line] for line in lines])
                    if not at.any():
                        continue
                    right = wholes[owner].reshape(flat.shape)[at]
                    most[kind] = max(most[kind], float((flat[at] - right).abs().max()))
                    if kind in least:
                        both = wholes[known.BOTH].reshape(flat.shape)[at]
                        least[kind] = min(least[kind], float((both - right).abs().max()))
    return {**most, **{f"sum {one}": value for one, value in least.items()}}


# --- memory ------------------------------------------------------------------------------------------


def memory() -> Table:
    """What painting takes on which card, simulated at the nets' real dimensions."""
    import plans

    from storykin.families import PAINTINGS
    from storykin.models import painting_plan

    blocks = {row.family: row.blocks for row in painting_plan.table()}
    rows = []
    found = {}
    for name, one in PAINTINGS.items():
        whole = {
            row.precision: row
            for row in painting_plan.painting_table()
            if row.family == name and not row.streamed and not row.references
        }
        fits = painting_plan.fits_of(one)
        rows.append((
            name, str(one.side), *(f"{whole[kind].peak_gib:.1f}" if kind in whole else "–" for kind in ("bfloat16", "int8", "nf4")),
            *(plans.cell(fit, blocks[name]) for fit in fits),
        ))  # fmt: skip
        found[name] = {
            f"{size} GB": fit.need_gib if fit else None
            for size, fit in zip(painting_plan.SIZES, fits, strict=True)
        }
    heads = (
        "family",
        "side",
        "peak in bfloat16",
        "int8",
        "nf4",
        *(f"{size} GB" for size in painting_plan.SIZES),
    )
    return Table(
        "memory to paint", heads, rows,
        ["GiB, simulated, one adapter, no references; then how each card paints: precision, blocks that wait in main memory, VAE in tiles."], found,
    )  # fmt: skip


# --- the command -------------------------------------------------------------------------------------

NAMES = ("overhead", "book", "swap", "masks", "memory")


def tasks_of(part: str, given: argparse.Namespace, folder: str) -> list[Task]:
    """What a part is measured with; overhead and swaps also with FLUX's real number of blocks, since they grow with it."""
    found = [
        Task(family, given.size, given.side, given.steps, given.pages, folder=folder)
        for family in given.family
    ]
    if part in ("overhead", "swap") and "flux-dev" in given.family and given.size == "small":
        found.append(replace(found[0], family="flux-dev", size="deep"))
    return found


def joined(tables: Sequence[Table]) -> list[Table]:
    """Tables of one title as one."""
    found: dict[str, Table] = {}
    for one in tables:
        if one.title in found:
            first = found[one.title]
            notes = list(dict.fromkeys([*first.notes, *one.notes]))
            found[one.title] = Table(one.title, one.head, [*first.rows, *one.rows], notes)
        else:
            found[one.title] = one
    return list(found.values())


def main(words: Sequence[str]) -> int:
    """Measure what was asked for."""
    import warnings

    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*NAMES, []], default=[])
    parser.add_argument("--family", nargs="*", choices=("flux-dev", "sd15", "sdxl"), default=["flux-dev", "sdxl"])  # fmt: skip
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--side", type=int, default=256, help="pixels")
    parser.add_argument("--size", choices=smallmodels.SIZES, default="small")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    measure: dict[str, Callable[[Task], Table]] = {
        "overhead": overhead,
        "book": book,
        "swap": swap,
        "masks": masks,
    }
    tables: list[Table] = []
    with tempfile.TemporaryDirectory() as scratch:
        for part in given.parts or NAMES:
            if part == "memory":
                tables.append(memory())
                continue
            tables += [measure[part](task) for task in tasks_of(part, given, scratch)]
            if part == "masks":
                tables.append(exact())
    if given.json:
        print(json.dumps([{"title": one.title, **one.found} for one in tables], indent=1))
    else:
        print("\n\n".join(map(str, joined(tables))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
