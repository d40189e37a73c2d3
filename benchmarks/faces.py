"""Measure how well faces are told apart, through the critic's own reader: the same face changed against other faces.

python benchmarks/faces.py                    the portrait and 40 thumbnails (25 pixels, LFW) that come with scikit-image
python benchmarks/faces.py --photos FOLDER    also your own: a folder for each person, with several photos in it

"Same" is a face against itself, changed: mirrored, darker, brighter, blurred, cropped, as a poor JPEG, in grey, smaller; of your own photos also
one photo against another. LFW's thumbnails have no names here: one person may be among them twice.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import dist, hypot
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402
from PIL import Image, ImageEnhance, ImageFilter, ImageOps  # noqa: E402
from skimage import data  # noqa: E402

from storykin.critics.likening import cosine_of  # noqa: E402
from storykin.critics.people import face_vector  # noqa: E402
from storykin.likeness import NetFaces  # noqa: E402

Numbers = tuple[float, ...]
Face = tuple[str, str, str, Numbers]
"""Who, in which photo, changed how, dlib's numbers."""


def as_jpeg(picture: Image.Image) -> Image.Image:
    """The picture at JPEG quality 15."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=15)
    return Image.open(file).convert("RGB")


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda one: one,
    "mirrored": ImageOps.mirror,
    "darker": lambda one: ImageEnhance.Brightness(one).enhance(0.5),
    "brighter": lambda one: ImageEnhance.Brightness(one).enhance(1.5),
    "blurred": lambda one: one.filter(ImageFilter.GaussianBlur(one.width / 160)),
    "cropped": lambda one: one.crop((one.width // 10, one.height // 20, one.width - one.width // 12, one.height - one.height // 8)),
    "poor JPEG": as_jpeg,
    "grey": lambda one: one.convert("L").convert("RGB"),
    "smaller": lambda one: one.resize((one.width * 2 // 5, one.height * 2 // 5), Image.Resampling.LANCZOS),
}  # fmt: skip


def inside_packages(count: int) -> dict[str, dict[str, Image.Image]]:
    """Photos by person: the astronaut, and thumbnails enlarged to 200 pixels on grey."""
    people = {"portrait": {"1": Image.fromarray(data.astronaut()).crop((60, 0, 400, 340))}}
    for number, thumbnail in enumerate(data.lfw_subset()[:count]):
        face = Image.fromarray((thumbnail * 255).astype(np.uint8)).resize(
            (200, 200), Image.Resampling.BICUBIC
        )
        photo = Image.new("RGB", (300, 300), (90, 90, 90))
        photo.paste(face, (50, 50))
        people[f"LFW {number}"] = {"1": photo}
    return people


def own(folder: Path) -> dict[str, dict[str, Image.Image]]:
    """Photos by person: the folder's folders."""
    people = {}
    for person in sorted(path for path in folder.iterdir() if path.is_dir()):
        photos = {}
        for path in sorted(person.iterdir()):
            photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
            photo.thumbnail((1200, 1200))
            photos[path.name] = photo
        people[person.name] = photos
    return people


def seen(people: Mapping[str, Mapping[str, Image.Image]]) -> tuple[list[Face], int, float]:
    """The largest face of every photo, changed in every way; in how many none was found; seconds of one core a photo."""
    nets, found, lost, begun = NetFaces(), list[Face](), 0, time.process_time()
    for who, photos in people.items():
        for name, photo in photos.items():
            for change, apply in CHANGES.items():
                faces = nets.people(apply(photo))
                if faces and faces[0].numbers:
                    found.append((who, name, change, faces[0].numbers))
                else:
                    lost += 1
    return found, lost, (time.process_time() - begun) / max(1, len(found) + lost)


def errors(same: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """The rate at which as many of the same are refused as others are accepted, and the likeness where that is (higher is more alike)."""
    gates = np.unique([*same, *other])
    refused = np.searchsorted(np.sort(same), gates) / len(same)
    accepted = 1 - np.searchsorted(np.sort(other), gates) / len(other)
    best = int(np.argmin(abs(refused - accepted)))
    return float(refused[best] + accepted[best]) / 2, float(gates[best])


def spread(values: Sequence[float]) -> str:
    """Least, 5 %, median, 95 %, most."""
    return " | ".join(f"{value:.2f}" for value in np.percentile(values, (0, 5, 50, 95, 100)))


def from_mean(one: Numbers, other: Numbers) -> float:
    """The cosine seen from the mean face: what the critic compares."""
    return cosine_of(face_vector(one), face_vector(other))


def tell(faces: Sequence[Face]) -> None:
    """The tables."""
    pairs: dict[str, list[tuple[Numbers, Numbers]]] = {}
    for one, other in combinations(faces, 2):
        if one[0] != other[0]:
            if one[2] == other[2] == "as it is" or "as it is" in (one[2], other[2]):
                pairs.setdefault("other people", []).append((one[3], other[3]))
        elif one[1] != other[1]:
            pairs.setdefault("same, another photo", []).append((one[3], other[3]))
        elif "as it is" in (one[2], other[2]):
            change = next(name for name in (one[2], other[2]) if name != "as it is")
            pairs.setdefault(f"same, {change}", []).append((one[3], other[3]))
    print(
        "| pair | count | distance: least | 5 % | median | 95 % | most | cosine from the mean: least | 5 % | median | 95 % | most |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name in sorted(pairs, reverse=True):
        each = pairs[name]
        print(
            f"| {name} | {len(each)} | {spread([dist(*pair) for pair in each])} | {spread([from_mean(*pair) for pair in each])} |"
        )
    same = [pair for name, each in pairs.items() if name.startswith("same") for pair in each]
    other = pairs.get("other people", [])
    if not same or not other:
        return
    print(
        "\n| measure | equal error rate | at | same refused at the gate | others accepted at the gate |\n|---|---|---|---|---|"
    )
    measures: dict[str, tuple[Callable[[Numbers, Numbers], float], float | None]] = {
        "cosine from the mean face (gate 0.5)": (from_mean, 0.5),
        "less distance (gate 0.6)": (lambda a, b: -dist(a, b), -0.6),
        "cosine of the raw numbers": (cosine_of, None),
    }
    for name, (measure, gate) in measures.items():
        mine, theirs = [measure(*pair) for pair in same], [measure(*pair) for pair in other]
        rate, at = errors(mine, theirs)
        told = (
            f"{np.mean(np.array(mine) < gate):.2%} | {np.mean(np.array(theirs) >= gate):.2%}"
            if gate is not None
            else "– | –"
        )
        print(f"| {name} | {rate:.2%} | {abs(at):.2f} | {told} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="a folder with a folder of photos for each person")
    parser.add_argument("--thumbnails", type=int, default=40, help="how many of LFW's 100")
    given = parser.parse_args()
    people = inside_packages(given.thumbnails)
    if given.photos:
        people |= own(given.photos)
    faces, lost, seconds = seen(people)
    middle = np.mean([numbers for _, _, change, numbers in faces if change == "as it is"], 0)
    print(
        f"{len(people)} people, {len(faces)} faces, none found in {lost} pictures, {seconds:.2f} s of one core a picture"
    )
    print(f"their mean lies {hypot(*middle):.2f} from the origin\n")
    tell(faces)


if __name__ == "__main__":
    main()
