"""Books of the reader's world as crops with their labels, one file a book; what is there is not drawn again.

A figure is kept as a square of `BODY` pixels about its box, one of `HEAD` pixels about its head, and their labels at half that size;
both reach further out than the reader looks, so that learning can shift and scale them.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from benchmarks.traits import world

CACHE = Path.home() / ".cache" / "storykin" / "traits"
SPLITS = {"train": 0, "valid": 100_000, "test": 200_000}
"""Seed of the first book of each part; no book and no character is in two of them."""
BODY, HEAD, PAGE = 168, 112, 288  # pixels
REACH, AROUND = 1.75, 5.0
"""Sides of the squares that are kept: by the longer side of the figure's box, and by the half-width of its head."""
LEAST = 14  # pixels of LABELS that a figure's longer side must have


def crop(picture: Any, x: float, y: float, side: float, size: int, smooth: bool = True) -> Any:
    """A square about (x, y) in pixels, `side` wide, as `size` pixels; what lies outside the picture is white, or 0 of labels."""
    import numpy as np
    from PIL import Image

    image = Image.fromarray(picture)
    box = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    fill = (255, 255, 255) if picture.ndim == 3 else 0
    if not smooth:
        made = image.transform(
            (size, size), Image.Transform.EXTENT, box, Image.Resampling.NEAREST, fillcolor=fill
        )
    else:
        left, top = int(np.floor(box[0])), int(np.floor(box[1]))
        room = int(np.ceil(side)) + 2
        pad = Image.new("RGB", (room, room), fill)
        pad.paste(image, (-left, -top))
        inner = (box[0] - left, box[1] - top, box[0] - left + side, box[1] - top + side)
        made = pad.resize((size, size), Image.Resampling.BILINEAR, inner)
    return np.asarray(made)


def kept(plate: world.Plate) -> tuple[list[dict[str, Any]], Any]:
    """The figures of a page that can be seen, with their crops, and the page small."""
    import numpy as np
    from PIL import Image

    rgb, known = plate.rgb, plate.labels
    high, wide = rgb.shape[:2]
    by = wide / plate.whose.shape[1]
    page = np.asarray(Image.fromarray(rgb).resize((PAGE, round(PAGE * high / wide)), Image.Resampling.BOX))
    if page.shape[0] < PAGE:
        page = np.concatenate([page, np.full((PAGE - page.shape[0], PAGE, 3), 255, np.uint8)])
    found = []
    for index, one in enumerate(known["figures"]):
        ys, xs = np.nonzero(plate.whose == index + 1)
        if len(xs) < 30:
            continue
        left, top, right, bottom = xs.min(), ys.min(), xs.max() + 1, ys.max() + 1
        long = max(right - left, bottom - top)
        if long < LEAST:
            continue
        box = [left * by / wide, top * by / high, (right - left) * by / wide, (bottom - top) * by / high]
        x, y, side = (left + right) / 2 * by, (top + bottom) / 2 * by, REACH * long * by
        own = np.where(plate.whose == index + 1, plate.parts, 0).astype(np.uint8)
        own[(plate.whose == index + 1) & (plate.parts == 0)] = world.PARTS.index("other")
        own[(plate.whose != index + 1) & (plate.whose > 0)] = len(world.PARTS)  # somebody else
        made = {
            "box": box, "pixels": len(xs), "body": crop(rgb, x, y, side, BODY), "body_parts": crop(own, x / by, y / by, side / by, BODY // 2, False),
            "side": side / high, "at": [x / wide, y / high], **one,
        }  # fmt: skip
        if one.get("head") and (one["head"][2] * high > 4):
            hx, hy, r = (part * high for part in one["head"])
            seen = own[
                max(0, int((hy - r) / by)) : int((hy + r) / by) + 1,
                max(0, int((hx - r) / by)) : int((hx + r) / by) + 1,
            ]
            if seen.size and (np.logical_and(seen > 0, seen <= len(world.PARTS) - 1)).mean() > 0.35:
                hy -= 0.2 * r
                made["face"] = crop(rgb, hx, hy, AROUND * r, HEAD)
                made["face_parts"] = crop(own, hx / by, hy / by, AROUND * r / by, HEAD // 2, False)
        found.append(made)
    return found, page


def path_of(folder: Path, seed: int) -> Path:
    """Where the crops of that book lie."""
    return folder / "books" / f"{seed:06d}.npz"


def render(seed: int, folder: Path = CACHE) -> int:
    """Draw one book unless it is there; how many figures it has."""
    import numpy as np

    path = path_of(folder, seed)
    if path.exists():
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    leaves = world.book(seed)
    pages, bodies, parts, faces, face_parts, rows, sheets = [], [], [], [], [], [], []
    for number, plate in enumerate(world.plates(leaves)):
        figures, page = kept(plate)
        pages.append(page)
        sheets.append(
            {key: value for key, value in plate.labels.items() if key != "figures"}
            | {"high": plate.rgb.shape[0] / plate.rgb.shape[1]}
        )
        for one in figures:
            bodies.append(one.pop("body"))
            parts.append(one.pop("body_parts"))
            face = one.pop("face", None)
            rows.append({**one, "page": number, "face": -1 if face is None else len(faces)})
            rows[-1].pop("face_parts", None)
            if face is not None:
                faces.append(face)
                face_parts.append(one["face_parts"])
    none = np.zeros((0, 1, 1), np.uint8)
    aside = path.with_name(f".{path.name}.{os.getpid()}.npz")
    np.savez(
        aside, pages=np.stack(pages), body=np.stack(bodies), body_parts=np.stack(parts), face=np.stack(faces) if faces else none,
        face_parts=np.stack(face_parts) if faces else none, rows=np.frombuffer(json.dumps([sheets, rows]).encode(), np.uint8),
    )  # fmt: skip
    os.replace(aside, path)
    return len(rows)


def render_all(split: str, first: int, count: int, folder: Path = CACHE) -> None:
    """Draw books one after the other; a line now and then."""
    began, figures = time.perf_counter(), 0
    for number in range(first, first + count):
        figures += render(SPLITS[split] + number, folder)
        if number % 10 == 9:
            print(
                f"{split} {number + 1} books, {figures} figures, {time.perf_counter() - began:.0f} s",
                flush=True,
            )
