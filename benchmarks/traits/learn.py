"""Learning to read: the nets of `storykin.critics.drawn.nets` with torch, one thread, checkpoints that are gone on from.

`find` learns from whole pages, `read` from crops in batches of a few books each, so that twins that differ in one thing meet.
"""

import contextlib
import json
import math
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from benchmarks.traits import render, world
from torch import nn
from torch.nn import functional as F  # noqa: N812  (its usual name)

from storykin.critics.drawn import nets

torch.set_num_threads(1)


class TorchOps(nn.Module):
    """Weights by name, made when first used; every convolution is followed by a batch norm, which `folded` puts into it."""

    xp = torch

    def __init__(self) -> None:
        super().__init__()
        self.known = nn.ModuleDict()

    def conv(
        self, name: str, x: torch.Tensor, out: int, kernel: int = 3, stride: int = 1, act: bool = True
    ) -> torch.Tensor:
        key = name.replace(".", "_")
        if key not in self.known:
            plain = name.endswith((".heat", "find.box", ".parts"))
            made = nn.Conv2d(x.shape[1], out, kernel, stride, kernel // 2, bias=plain)
            nn.init.kaiming_normal_(made.weight, nonlinearity="relu")
            if plain:
                nn.init.normal_(made.weight, std=0.01)
                nn.init.constant_(made.bias, -3.0 if name.endswith("heat") else 0.0)
            norm = nn.Identity() if plain else nn.BatchNorm2d(out)
            if name.endswith(".b"):
                nn.init.constant_(norm.weight, 0.3)
            self.known[key] = nn.Sequential(made, norm)
        y = self.known[key](x)
        return F.relu(y) if act else y

    def linear(self, name: str, x: torch.Tensor, out: int, act: bool = True) -> torch.Tensor:
        key = name.replace(".", "_").replace(" ", "_")
        if key not in self.known:
            made = nn.Linear(x.shape[-1], out)
            if not act:
                nn.init.normal_(made.weight, std=0.02)
                nn.init.zeros_(made.bias)
                if "identity" in name or "hair.2" in name or "clothes.2" in name:
                    nn.init.kaiming_normal_(made.weight)
            self.known[key] = made
        y = self.known[key](x)
        return F.relu(y) if act else y

    def up(self, x: torch.Tensor) -> torch.Tensor:
        return F.interpolate(x, scale_factor=2, mode="nearest")

    def join(self, *xs: torch.Tensor, axis: int = 1) -> torch.Tensor:
        return torch.cat(xs, axis)

    def positive(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x)

    def still(self, x: torch.Tensor) -> torch.Tensor:
        return x.detach()

    def folded(self) -> dict[str, np.ndarray]:
        """Weights and biases by name with the norms put into them."""
        found = {}
        for name, one in self.known.items():
            if isinstance(one, nn.Linear):
                found[f"{name}.w"], found[f"{name}.b"] = one.weight, one.bias
                continue
            made, norm = one
            weight, bias = made.weight, made.bias
            if isinstance(norm, nn.BatchNorm2d):
                by = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                weight, bias = weight * by[:, None, None, None], norm.bias - norm.running_mean * by
            found[f"{name}.w"], found[f"{name}.b"] = weight, bias
        return {name: one.detach().numpy() for name, one in found.items()}


class Books:
    """Crops of all books that are there, in memory; `more` takes in those that have come since."""

    def __init__(self, folder: Path, split: str, most: int = 10**9) -> None:
        self.folder, self.split, self.most = folder, split, most
        self.books: dict[int, dict[str, Any]] = {}
        self.more()

    def more(self) -> None:
        first = render.SPLITS[self.split]
        for path in sorted((self.folder / "books").glob("[0-9]*.npz")):
            seed = int(path.stem)
            if first <= seed < first + 100_000 and seed not in self.books and len(self.books) < self.most:
                self.books[seed] = _loaded(path)

    @property
    def figures(self) -> int:
        return sum(len(one["body"]) for one in self.books.values())


def _lab_of(fill: str) -> list[float]:
    from storykin.colours import lab_of

    return list(lab_of(fill))


def _loaded(path: Path) -> dict[str, Any]:
    with np.load(path) as found:
        book = {name: found[name] for name in ("pages", "body", "body_parts", "face", "face_parts")}
        sheets, rows = json.loads(bytes(found["rows"]))
    person = np.array([bool(one.get("person")) for one in rows])
    _settle_parts(book, rows)
    n = len(rows)
    place = np.full((n, 8), np.nan, np.float32)  # by half the kept square
    truth = {"lab": np.full((n, 9, 3), np.nan, np.float32), "tall": np.full(n, np.nan, np.float32)}
    classes = {name: np.full(n, -1, np.int64) for name in nets.TRAITS}
    groups = {name: np.full(n, -1, np.int64) for name in ("identity", "hair", "clothes")}
    wide_high = [(1.0, sheets[one["page"]]["high"]) for one in rows]
    for i, one in enumerate(rows):
        high = wide_high[i][1]  # of the page, by its width
        side = one["side"] * high  # of the kept square, by the page's width
        x, y, w, h = one["box"]
        cx, cy = one["at"]
        place[i, :4] = [
            (x - cx) / (side / 2),
            (y - cy) * high / (side / 2),
            (x + w - cx) / (side / 2),
            (y + h - cy) * high / (side / 2),
        ]
        head = one.get("head")
        place[i, 7] = one["face"] >= 0
        if head and one["face"] >= 0:  # heads are in fractions of the height
            place[i, 4:7] = [
                (head[0] * high - cx) / (side / 2),
                (head[1] * high - cy * high) / (side / 2),
                np.log(head[2] * high / (side / 2)),
            ]
        if not one["name"]:
            continue
        truth["tall"][i] = np.log(one["standing"] / one["side"])
        for j, part in enumerate(nets.MEASURED):
            fill = one["fills"].get(part)
            if fill and not (part == "upper" and not one.get("plain", True)):
                truth["lab"][i, j] = _lab_of(fill)
        for name, word in world.worded(one["traits"]).items():
            if name in classes and word in nets.TRAITS[name]:
                classes[name][i] = nets.TRAITS[name].index(word)
        for name, group in groups.items():
            if one[name]:
                group[i] = int(one[name], 16)
    book |= {
        "rows": rows,
        "sheets": sheets,
        "place": place,
        "classes": classes,
        "groups": groups,
        "person": person,
        **truth,
    }
    book["page_of"] = np.array([one["page"] for one in rows])
    book["face_of"] = np.array([one["face"] for one in rows])
    if len(book["face"]) == 0:
        book["face"] = np.zeros((0, render.HEAD, render.HEAD, 3), np.uint8)
        book["face_parts"] = np.zeros((0, render.HEAD // 2, render.HEAD // 2), np.uint8)
    small = torch.from_numpy(book["pages"]).permute(0, 3, 1, 2).float() / 255
    keep = [max(8, round(render.PAGE * one["high"])) for one in sheets]
    book["around"] = torch.stack(
        [F.adaptive_avg_pool2d(one[:, :high], 8) for one, high in zip(small, keep, strict=True)]
    ).numpy()
    return book


def _settle_parts(book: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Shine and shade turn one label's hue into another's now and then: people have no coats, animals no hair."""
    other = nets.PARTS.index("other")
    for crops, index in (
        ("body_parts", range(len(rows))),
        ("face_parts", [i for i, one in enumerate(rows) if one["face"] >= 0]),
    ):
        for at, i in enumerate(index):
            neck = rows[i].get("fills", {}).get("neck")
            swap = (
                {6: other, 7: 1, 8: 2, 9: 9 if neck else 3}
                if rows[i].get("person")
                else {1: other, 2: other, 4: other}
            )
            book[crops][at] = np.array([swap.get(part, part) for part in range(12)], np.uint8)[
                book[crops][at]
            ]
            if not rows[i]["name"]:
                own = (book[crops][at] > 0) & (book[crops][at] < 11)
                book[crops][at] = np.where(
                    own, 255, book[crops][at]
                )  # a thing of the place that is drawn as an animal: its parts are unknown


def batch(
    books: Books, dice: np.random.Generator, several: int = 8, each: int = 8, still: bool = False
) -> dict[str, Any]:
    """Figures of a few books with everything known of them, jittered unless `still`."""
    seeds = dice.choice(sorted(books.books), min(several, len(books.books)), replace=False)
    picked = [(seed, i) for seed in seeds for i in dice.permutation(len(books.books[seed]["body"]))[:each]]
    return gather(books, picked, dice, still)


def gather(
    books: Books, picked: list[tuple[int, int]], dice: np.random.Generator, still: bool
) -> dict[str, Any]:
    """Those figures as tensors."""
    n = len(picked)
    rows = [(books.books[seed], i) for seed, i in picked]

    def taken(name: str) -> torch.Tensor:
        return torch.from_numpy(np.stack([book[name][i] for book, i in rows]))

    faces = [(book, book["face_of"][i]) for book, i in rows]
    seen = torch.tensor([[float(at >= 0)] for _, at in faces])
    blank, none = (
        np.full((render.HEAD, render.HEAD, 3), 128, np.uint8),
        np.full((render.HEAD // 2, render.HEAD // 2), 255, np.uint8),
    )
    body, parts = taken("body").permute(0, 3, 1, 2).float() / 255, taken("body_parts")
    face = (
        torch.from_numpy(np.stack([book["face"][at] if at >= 0 else blank for book, at in faces]))
        .permute(0, 3, 1, 2)
        .float()
        / 255
    )
    face_parts = torch.from_numpy(
        np.stack([book["face_parts"][at] if at >= 0 else none for book, at in faces])
    )
    around = torch.from_numpy(np.stack([book["around"][book["page_of"][i]] for book, i in rows]))
    place, tall = taken("place"), taken("tall")
    scale = (
        torch.from_numpy(
            dice.uniform(1.12, 1.5, n).astype(np.float32) if not still else np.full(n, 1.3, np.float32)
        )
        / render.REACH
    )
    shift = (
        torch.from_numpy(dice.uniform(-0.1, 0.1, (n, 2)).astype(np.float32) * (not still)) / render.REACH * 2
    )
    zoom = (
        torch.from_numpy(
            dice.uniform(2.9, 3.9, n).astype(np.float32) if not still else np.full(n, 3.4, np.float32)
        )
        / render.AROUND
    )
    slide = (
        torch.from_numpy(dice.uniform(-0.3, 0.3, (n, 2)).astype(np.float32) * (not still)) / render.AROUND * 2
    )
    flip = (
        torch.from_numpy(np.where(dice.random(n) < 0.5, -1.0, 1.0).astype(np.float32))
        if not still
        else torch.ones(n)
    )
    body, parts = _cut(body, parts, scale, shift, flip, nets.BODY)
    face, face_parts = _cut(face, face_parts, zoom, slide, flip, nets.FACE)
    if not still:
        tint = torch.from_numpy(
            np.where(dice.random((n, 1)) < 0.3, dice.uniform(0.8, 1.08, (n, 3)), 1.0).astype(np.float32)
        )[:, :, None, None]
        blur = torch.from_numpy((dice.random(n) < 0.15).astype(np.float32))[:, None, None, None]
        body, face, around = (x * tint for x in (body, face, around))
        body, face = (
            x * (1 - blur) + blur * F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode="bilinear")
            for x in (body, face)
        )
        noise = 0.01 * torch.from_numpy(dice.standard_normal((1, 3, nets.BODY, nets.BODY)).astype(np.float32))
        body, face = (body + noise).clamp(0, 1), face.clamp(0, 1)
    x = place.clone()
    for k, axis in ((0, 0), (1, 1), (2, 0), (3, 1), (4, 0), (5, 1)):
        x[:, k] = (place[:, k] - shift[:, axis]) / scale
    turned = x.clone()
    turned[:, 0], turned[:, 2], turned[:, 4] = -x[:, 2], -x[:, 0], -x[:, 4]
    x = torch.where((flip < 0)[:, None], turned, x)
    x[:, 6] = place[:, 6] - torch.log(scale)
    head = torch.where(seen > 0, torch.exp(x[:, 6:7]), torch.zeros(n, 1)).nan_to_num(0.0)
    if not still:
        head = head * torch.from_numpy(dice.uniform(0.94, 1.06, (n, 1)).astype(np.float32))
    return {
        "body": body, "body_parts": parts.long(), "face": face, "face_parts": face_parts.long(), "seen": seen, "around": around, "place": x, "head": head,
        "tall": tall - torch.log(scale), "lab": taken("lab"), "classes": {name: torch.tensor([book["classes"][name][i] for book, i in rows]) for name in nets.TRAITS},
        "groups": {name: torch.tensor([book["groups"][name][i] for book, i in rows]) for name in ("identity", "hair", "clothes")}, "rows": rows,
    }  # fmt: skip


def _cut(
    x: torch.Tensor,
    parts: torch.Tensor,
    scale: torch.Tensor,
    shift: torch.Tensor,
    flip: torch.Tensor,
    size: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    theta = torch.zeros(len(x), 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = scale * flip, scale, shift
    big = F.affine_grid(theta, [len(x), 1, size, size], align_corners=False)
    low = F.affine_grid(theta, [len(x), 1, size // 4, size // 4], align_corners=False)
    cut = F.grid_sample(x - 1, big, mode="bilinear", align_corners=False) + 1
    return cut, F.grid_sample(parts[:, None].float(), low, mode="nearest", align_corners=False)[:, 0]


def read(ops: TorchOps, one: dict[str, Any]) -> dict[str, torch.Tensor]:
    """A batch through the reader."""
    body, face = nets.see(ops, "body", one["body"]), nets.see(ops, "face", one["face"])
    return {"body": body["parts"], "face": face["parts"], "place": nets.place(ops, body),
            **nets.told(ops, body, face, one["seen"], (one["body"], one["face"]), one["around"], one["head"])}  # fmt: skip


WEIGHTS = torch.tensor([0.5, 1.2, 1, 1, 1, 1.5, 1, 1.5, 1.5, 2, 1, 0.8])


def losses(found: dict[str, torch.Tensor], one: dict[str, Any]) -> dict[str, torch.Tensor]:
    """What is wrong, by name, weighed so that their sum can be made small."""
    made = {}
    for name in ("body", "face"):
        made[f"{name} parts"] = 3 * F.cross_entropy(
            found[name], one[f"{name}_parts"].where(one[f"{name}_parts"] < 12, torch.tensor(-100)), WEIGHTS
        )
    place = one["place"]
    made["box"] = 2 * F.smooth_l1_loss(found["place"][:, :4], place[:, :4], beta=0.05)
    seen = one["seen"][:, 0] > 0
    made["head"] = 2 * F.smooth_l1_loss(found["place"][seen, 4:7], place[seen, 4:7], beta=0.05)
    made["head seen"] = 0.3 * F.binary_cross_entropy_with_logits(found["place"][:, 7], one["seen"][:, 0])
    known = ~one["tall"].isnan()
    made["tall"] = 2 * F.smooth_l1_loss(found["tall"][known], one["tall"][known], beta=0.05)
    counted = torch.zeros(len(place), 9)
    for name, weight in (("body", 1.0), ("face", one["seen"])):
        counted += weight * torch.stack([(one[f"{name}_parts"] == k).sum((1, 2)) for k in range(1, 10)], 1)
    clear = ~one["lab"].isnan().any(2) & (counted >= 4)
    away = (found["colours"] - one["lab"])[clear] / 10
    made["colour"] = 1.5 * torch.sqrt((away**2).sum(1) + 0.01).mean()
    for name, truth in one["classes"].items():
        if (truth >= 0).any():
            made[name] = {"hair_style": 1.0, "kind": 0.5}.get(name, 0.3) * F.cross_entropy(
                found[f"trait {name}"], truth, ignore_index=-1
            )
    for name, groups in one["groups"].items():
        made[f"{name} vector"] = 0.5 * _contrast(found[name], groups)
    return made


def _contrast(vectors: torch.Tensor, groups: torch.Tensor, heat: float = 0.1) -> torch.Tensor:
    """Supervised contrastive loss: those of one group together, all others apart (Khosla et al. 2020)."""
    keep = groups >= 0
    v, g = vectors[keep], groups[keep]
    if len(v) < 4:
        return vectors.sum() * 0
    near = v @ v.T / heat - 1e9 * torch.eye(len(v))
    same = (g[:, None] == g[None]) & ~torch.eye(len(v), dtype=torch.bool)
    log = near - torch.logsumexp(near, 1, keepdim=True)
    many = same.sum(1)
    return -((log * same).sum(1)[many > 0] / many[many > 0]).mean()


def learn_reader(folder: Path, minutes: float, rate: float = 2e-3) -> None:
    """Learn for that long, going on from the last checkpoint; the rate falls to nothing over the minutes."""
    books = Books(folder, "train")
    ops, dice = TorchOps(), np.random.default_rng(0)
    with torch.no_grad():
        read(ops, batch(books, dice, 2, 4))
    path, began, step = folder / "reader.pt", time.time(), 0
    if path.exists():
        kept = torch.load(path, weights_only=True)
        own = ops.state_dict()
        ops.load_state_dict(
            own
            | {
                name: one
                for name, one in kept["weights"].items()
                if name in own and own[name].shape == one.shape
            }
        )
        step = kept["step"]
    grader = torch.optim.AdamW(ops.parameters(), rate, betas=(0.9, 0.99), weight_decay=0.01)
    if path.exists():
        with contextlib.suppress(
            ValueError, KeyError, AttributeError
        ):  # a net that has grown since begins with a fresh memory
            grader.load_state_dict(kept["grader"])
    dice = np.random.default_rng(step)
    ops.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a sixth faster
    mean: dict[str, float] = {}
    first = step
    saved = time.time()
    while (gone := (time.time() - began) / 60 / minutes) < 1:
        for group in grader.param_groups:
            group["lr"] = (
                rate
                * min(1.0, (step - first + 1) / 40)
                * (1 if gone < 0.4 else 0.5 * (1 + math.cos(math.pi * (gone - 0.4) / 0.6)) + 0.01)
            )
        one = batch(books, dice)
        one |= {name: one[name].contiguous(memory_format=torch.channels_last) for name in ("body", "face")}
        made = losses(read(ops, one), one)
        total = sum(made.values())
        grader.zero_grad()
        total.backward()
        made["push"] = nn.utils.clip_grad_norm_(ops.parameters(), 10.0)
        grader.step()
        step += 1
        for name, value in made.items():
            mean[name] = 0.95 * mean.get(name, value.item()) + 0.05 * value.item()
        if step % 20 == 0:
            print(
                f"{step} {(time.time() - began) / 60:.1f} min, {books.figures} figures, "
                + ", ".join(f"{name} {value:.3f}" for name, value in mean.items()),
                flush=True,
            )
        if time.time() - saved > 120:
            saved = time.time()
            _save(path, ops, grader, step)
            books.more()
    _save(path, ops, grader, step)


def _save(path: Path, ops: TorchOps, grader: Any, step: int) -> None:
    aside = path.with_suffix(".part")
    torch.save({"weights": ops.state_dict(), "grader": grader.state_dict(), "step": step}, aside)
    os.replace(aside, path)


# --- finding ---------------------------------------------------------------------------------------


def pages_of(
    books: Books, dice: np.random.Generator, many: int, still: bool = False
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pages as tensors with the heat they should have, the reaches of their figures (logarithms of cells) and where those count."""
    cells = nets.PAGE // 8
    pages, heat = torch.zeros(many, 3, nets.PAGE, nets.PAGE), torch.zeros(many, 1, cells, cells)
    reach, counts = torch.zeros(many, 4, cells, cells), torch.zeros(many, 1, cells, cells)
    seeds = sorted(books.books)
    ys, xs = torch.meshgrid(torch.arange(cells) + 0.5, torch.arange(cells) + 0.5, indexing="ij")
    for k in range(many):
        book = books.books[seeds[dice.integers(len(seeds))]]
        number = dice.integers(len(book["pages"]))
        page = torch.from_numpy(book["pages"][number]).permute(2, 0, 1).float() / 255
        high = book["sheets"][number]["high"]
        boxes = torch.tensor(
            [
                [x, y * high, x + w, (y + h) * high]
                for one in book["rows"]
                if one["page"] == number
                for x, y, w, h in [one["box"]]
            ]
        ).reshape(-1, 4)
        if not still:
            by, dx, dy = dice.uniform(0.8, 1.25), dice.uniform(-0.12, 0.12), dice.uniform(-0.12, 0.12)
            flip = -1.0 if dice.random() < 0.5 else 1.0
            theta = torch.tensor([[[by * flip, 0, dx], [0, by, dy]]], dtype=torch.float32)
            grid = F.affine_grid(theta, [1, 1, nets.PAGE, nets.PAGE], align_corners=False)
            page = F.grid_sample(page[None] - 1, grid, align_corners=False)[0] + 1
            page = page * torch.from_numpy(dice.uniform(0.85, 1.05, (3, 1, 1)).astype(np.float32))
            p = (boxes * 2 - 1 - torch.tensor([dx, dy, dx, dy])) / by
            if flip < 0:
                p = torch.stack((-p[:, 2], p[:, 1], -p[:, 0], p[:, 3]), 1)
            boxes = (p + 1) / 2
        whole = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        boxes = boxes.clamp(0, 1)
        left = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) / whole.clamp(min=1e-6)
        boxes = boxes[left > 0.35] * cells
        pages[k] = page.clamp(0, 1)
        for x0, y0, x1, y1 in sorted(boxes.tolist(), key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
            cx, cy, w, h = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
            sx, sy = max(0.8, 0.09 * w), max(0.8, 0.09 * h)
            blob = torch.exp(-(((xs - cx) / sx) ** 2 + ((ys - cy) / sy) ** 2) / 2)
            heat[k, 0] = torch.maximum(heat[k, 0], blob)
            heat[k, 0, min(cells - 1, int(cy)), min(cells - 1, int(cx))] = 1.0
            near = blob > 0.3
            for edge, value in enumerate((xs - x0, ys - y0, x1 - xs, y1 - ys)):
                reach[k, edge] = torch.where(near, torch.log(value.clamp(min=0.3)), reach[k, edge])
            counts[k, 0] = torch.where(near, torch.tensor(1.0), counts[k, 0])
    return pages, heat, reach, counts


def learn_finder(folder: Path, minutes: float, rate: float = 2e-3) -> None:
    """Learn to find for that long, going on from the last checkpoint (CenterNet's focal loss; Zhou, Wang, Krähenbühl 2019)."""
    books = Books(folder, "train")
    ops, dice = TorchOps(), np.random.default_rng(0)
    with torch.no_grad():
        nets.find(ops, pages_of(books, dice, 2)[0])
    path, began, step = folder / "finder.pt", time.time(), 0
    grader = torch.optim.AdamW(ops.parameters(), rate, betas=(0.9, 0.99), weight_decay=0.01)
    if path.exists():
        kept = torch.load(path, weights_only=True)
        ops.load_state_dict(kept["weights"])
        grader.load_state_dict(kept["grader"])
        step = kept["step"]
    dice = np.random.default_rng(step)
    ops.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mean, saved = {"heat": 0.0, "box": 0.0}, time.time()
    while (gone := (time.time() - began) / 60 / minutes) < 1:
        for group in grader.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 40) * (0.5 * (1 + math.cos(math.pi * gone)) + 0.01)
        pages, heat, reach, counts = pages_of(books, dice, 6)
        logits, edges = nets.find(ops, pages.contiguous(memory_format=torch.channels_last))
        chance = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
        peak = heat > 0.999
        hot = torch.where(
            peak, (1 - chance) ** 2 * torch.log(chance), (1 - heat) ** 4 * chance**2 * torch.log(1 - chance)
        )
        first = -hot.sum() / peak.sum().clamp(min=1)
        second = (
            (F.smooth_l1_loss(edges, reach, beta=0.1, reduction="none") * counts).sum()
            / counts.sum().clamp(min=1)
            / 2
        )
        grader.zero_grad()
        (first + second).backward()
        nn.utils.clip_grad_norm_(ops.parameters(), 20.0)
        grader.step()
        step += 1
        mean = {
            "heat": 0.97 * mean["heat"] + 0.03 * first.item(),
            "box": 0.97 * mean["box"] + 0.03 * second.item(),
        }
        if step % 20 == 0:
            print(f"{step} {(time.time() - began) / 60:.1f} min {mean}", flush=True)
        if time.time() - saved > 90:
            saved = time.time()
            _save(path, ops, grader, step)
            books.more()
    _save(path, ops, grader, step)


def export(folder: Path, out: Path) -> None:
    """Both nets as one file of half-precision numbers, the norms folded in."""
    found: dict[str, np.ndarray] = {}
    for name in ("finder", "reader"):
        ops = TorchOps()
        sample = torch.zeros(2, 3, nets.PAGE, nets.PAGE)
        ops.eval()
        with torch.no_grad():
            if name == "finder":
                nets.find(ops, sample)
            else:
                one = {
                    "body": torch.zeros(2, 3, 96, 96),
                    "face": torch.zeros(2, 3, 64, 64),
                    "seen": torch.ones(2, 1),
                    "around": torch.zeros(2, 3, 8, 8),
                    "head": torch.zeros(2, 1),
                }
                read(ops, one)
        ops.load_state_dict(torch.load(folder / f"{name}.pt", weights_only=True)["weights"])
        found |= ops.folded()
    np.savez_compressed(out, **{name: one.astype(np.float16) for name, one in sorted(found.items())})
