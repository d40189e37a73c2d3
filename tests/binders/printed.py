"""A small picture book to bind in tests: landscapes by day and night, drawn here, and words for them."""

import random
from pathlib import Path

from storykin.book import Book, Leaf, LeafKind, Trim
from storykin.scene import Box

SKY = Box(0.09, 0.07, 0.82, 0.24)
MEADOW = Box(0.09, 0.72, 0.82, 0.21)

_LIGHT = {
    "day": ("#cfe8f3", "#f7efd9", "#f4c95d", "#b9d08b", "#8fb56a", "#6f9c57"),
    "evening": ("#f3c7a0", "#f9e6c4", "#ef8f5a", "#c9b27a", "#a2935d", "#7d7a4c"),
    "night": ("#1d2a4d", "#3b4a7a", "#f6efcf", "#33506b", "#284257", "#1e3446"),
}

WORDS = (
    "One windy morning, Sasha found a small brown puppy under the apple tree. He held up one paw and would not put it down.",
    "“Don’t worry,” said Sasha. “I am a puppy doctor.” She opened her red bag and looked inside.",
    "First she wrapped the paw in a long white bandage. It came loose and rolled all the way down the hill.",
    "Then Sasha took Button’s temperature. Twice! But the thermometer only tickled him, and Button laughed and laughed.",
    "Grandpa Joe came by with his purple tractor.\n“What a sad face,” he said.",
    "The moon was up, and the owls were calling.\nThe grass was cold, the stars were falling,\nand Sasha said, “Let’s look once more,\nbetween your toes, beneath your paw.”",
    "And there it was: one tiny thorn.",
    "Button ran three times round the tree. Then he fell asleep with his nose on Sasha’s boot, and everybody was very quiet so as not to wake him.",
)  # fmt: skip


def landscape(time: str, seed: int, wide: int = 875, high: int = 875, busy: bool = False) -> str:
    """Hills, a sun or moon, trees and a child in a red coat, with a calm sky."""
    chance = random.Random(seed)
    sky, haze, sun, far, middle, near = _LIGHT[time]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">',
        f'<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{sky}"/>'
        f'<stop offset="1" stop-color="{haze}"/></linearGradient></defs>',
        f'<rect width="{wide}" height="{high}" fill="url(#s)"/>',
        f'<circle cx="{wide * chance.uniform(0.6, 0.85):.0f}" cy="{high * 0.42:.0f}" r="{high * 0.07:.0f}" fill="{sun}"/>',
    ]
    if time == "night":
        parts += [
            f'<circle cx="{chance.uniform(0, wide):.0f}" cy="{chance.uniform(0, high * 0.5):.0f}" r="1.6" fill="#fdf6d8"/>'
            for _ in range(40)
        ]
    if busy:
        parts += [
            f'<circle cx="{chance.uniform(0, wide):.0f}" cy="{chance.uniform(0, high):.0f}" r="{chance.uniform(8, 26):.0f}" '
            f'fill="{chance.choice(["#222222", "#ffffff", "#c0392b"])}"/>'
            for _ in range(600)
        ]
    for fill, line in ((far, 0.5), (middle, 0.58), (near, 0.68)):
        bend = chance.uniform(-0.08, 0.08)
        parts.append(
            f'<path d="M0 {high * line:.0f} C{wide * 0.3:.0f} {high * (line - 0.1 + bend):.0f} {wide * 0.65:.0f} '
            f'{high * (line + 0.1 + bend):.0f} {wide} {high * (line - 0.02):.0f} V{high} H0 Z" fill="{fill}"/>'
        )
    for _ in range(5):
        x, y, r = (
            chance.uniform(0.03, 0.97) * wide,
            chance.uniform(0.54, 0.66) * high,
            chance.uniform(0.04, 0.07) * high,
        )
        parts.append(
            f'<rect x="{x - r * 0.12:.0f}" y="{y:.0f}" width="{r * 0.24:.0f}" height="{r * 1.3:.0f}" rx="4" fill="#8a6244"/>'
            f'<circle cx="{x:.0f}" cy="{y - r * 0.3:.0f}" r="{r:.0f}" fill="{middle}" stroke="{near}" stroke-width="3"/>'
        )
    x, y = chance.uniform(0.25, 0.6) * wide, high * 0.6
    parts.append(
        f'<path d="M{x - 36:.0f} {y + 90:.0f} Q{x:.0f} {y - 50:.0f} {x + 36:.0f} {y + 90:.0f} Z" fill="#c8503c"/>'
        f'<circle cx="{x:.0f}" cy="{y - 18:.0f}" r="29" fill="#f0c39c"/>'
        f'<path d="M{x - 30:.0f} {y - 18:.0f} A30 30 0 0 1 {x + 30:.0f} {y - 18:.0f} Q{x:.0f} {y - 36:.0f} {x - 30:.0f} {y - 18:.0f}" fill="#6b4630"/>'
        f'<circle cx="{x - 9:.0f}" cy="{y - 13:.0f}" r="3" fill="#46322b"/><circle cx="{x + 9:.0f}" cy="{y - 13:.0f}" r="3" fill="#46322b"/>'
        f'<path d="M{x - 8:.0f} {y - 3:.0f} q8 7 16 0" fill="none" stroke="#46322b" stroke-width="2.4" stroke-linecap="round"/>'
    )
    return "".join(parts) + "</svg>"


def small_book(folder: Path, pages: int = 8, reader_age: int = 5, trim: Trim | None = None) -> Book:
    """Write the pictures into a folder and give the book: front matter, story with one spread, the end."""
    trim = trim or Trim(8.5, 8.5)
    folder.mkdir(parents=True, exist_ok=True)
    high = round(875 * (trim.height + 0.25) / (trim.width + 0.25))
    (folder / "cover.svg").write_text(landscape("day", 99, 875, high))
    front: list[tuple[LeafKind, str]] = [
        ("half-title", "Sasha the Puppy Doctor"),
        ("copyright", "Sasha the Puppy Doctor\n\nWords by a computer from a wish of Sasha’s.\nDrawings by a drawing program.\n\nMade with Storykin."),
        ("title", "Sasha the Puppy Doctor\nA story for Sasha"),
        ("dedication", "For Sasha,\nwho knows where it hurts."),
    ]  # fmt: skip
    leaves = [Leaf(kind, text) for kind, text in front]
    for nr in range(1, pages + 1):
        time = ("day", "day", "evening", "day", "day", "night", "night", "evening")[(nr - 1) % 8]
        zone = MEADOW if nr % 3 == 0 else SKY
        picture = f"{nr:02}.svg"
        (folder / picture).write_text(landscape(time, nr, 875, high))
        alt = f"Sasha in a red coat among hills and trees, {time}."
        leaves.append(Leaf("story", WORDS[(nr - 1) % 8], picture, alt, zone, story_page=nr))
    if len(leaves) % 2 == 0:
        leaves.append(
            Leaf("story", WORDS[2], "01.svg", "Sasha looks at the hills.", SKY, story_page=pages + 1)
        )
    (folder / "spread.svg").write_text(
        landscape("evening", 50, round(875 * (2 * trim.width + 0.25) / (trim.width + 0.25)), high)
    )
    leaves += [
        Leaf(
            "story",
            WORDS[0],
            "spread.svg",
            "The hills in the evening.",
            Box(0.04, 0.07, 0.4, 0.3),
            "left",
            pages + 2,
        ),
        Leaf(
            "story", "", "spread.svg", "The hills in the evening, on to the right.", None, "right", pages + 2
        ),
        Leaf("end", "The End"),
    ]
    return Book(
        title="Sasha the Puppy Doctor",
        leaves=tuple(leaves),
        trim=trim,
        author="Sasha and Mum",
        blurb="A small brown puppy holds up one paw and will not put it down. Luckily, Sasha has a red bag, a long white bandage and a great deal of patience.",
        cover="cover.svg",
        cover_alt="Sasha in a red coat before green hills.",
        reader_age=reader_age,
        identifier="urn:uuid:7b7f6f1e-0000-4000-8000-000000000001",
    )
