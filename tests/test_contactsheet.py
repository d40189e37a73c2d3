"""Contact sheets: every picture in its place, every label whole or with an ellipsis, and nothing over anything else."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from storykin import contactsheet
from storykin.contactsheet import BED, LARGEST, PAPER, sheet, width_of
from storykin.errors import BadInput
from storykin.provenance import DRAWN, TRAINED, marked, stated

RED, GREEN, BLUE = "#c01010", "#10a010", "#1010c0"
LONG = "as an astronaut on a cheese moon, watched by three very small mice in red pyjamas who hold a banner that says hello to everybody"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#10a010"/></svg>'


def plain(colour: str, wide: int = 40, high: int = 40, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (wide, high), colour).save(file, form)
    return file.getvalue()


def seen(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as made:
        assert made.format == "PNG"
        return made.convert("RGB")


def planned(rows: list[str], columns: list[str], side: int = 100, title: str = "") -> contactsheet._Plan:
    return contactsheet._planned((side, side), rows, columns, title)


def middle(plan: contactsheet._Plan, row: int, column: int) -> tuple[int, int]:
    return (
        plan.left + column * (plan.wide + plan.gap) + plan.wide // 2,
        plan.top + row * (plan.high + plan.gap) + plan.high // 3,
    )


def near(found: tuple[int, ...], colour: str) -> bool:
    return all(abs(one - other) < 6 for one, other in zip(found, ImageColor.getrgb(colour), strict=True))


def test_every_picture_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "blue.jpg").write_bytes(plain(BLUE, form="JPEG"))
    (tmp_path / "torn.png").write_bytes(plain(RED)[:60])
    cells = {
        (0, 0): plain(RED),
        (0, 1): SVG,
        (1, 0): tmp_path / "blue.jpg",
        (1, 1): None,
        (2, 0): tmp_path / "none.png",
        (2, 1): tmp_path / "torn.png",
        (9, 9): plain(GREEN),
    }
    made = seen(sheet(["a", "b", "c"], ["x", "y"], cells, side=100))
    plan = planned(["a", "b", "c"], ["x", "y"])
    assert made.size == plan.size
    for place, colour in {
        (0, 0): RED,
        (0, 1): GREEN,
        (1, 0): BLUE,
        (1, 1): BED,
        (2, 0): BED,
        (2, 1): BED,
    }.items():
        assert near(made.getpixel(middle(plan, *place)), colour), place  # type: ignore[arg-type]


def test_missing_cells_have_a_frame_and_a_dash_and_damaged_ones_say_so() -> None:
    dash, damaged = (seen(sheet(["a"], ["x"], {(0, 0): cell}, side=120)) for cell in (None, b"torn"))
    plan = planned(["a"], ["x"], 120)
    frame = (plan.left, plan.top, plan.left + 120, plan.top + 120)
    assert not near(dash.getpixel((plan.left, plan.top + 50)), BED)  # type: ignore[arg-type]

    def written(made: Image.Image) -> int:
        inner = made.crop(frame).crop((2, 2, 118, 118)).convert("L")
        return sum(inner.histogram()[:200])

    assert 5 < written(dash) < written(damaged) / 5


def test_other_shapes_are_whole_and_centred() -> None:
    cells = {(0, 0): plain(RED, 80, 40), (0, 1): plain(BLUE, 30, 60)}
    made = seen(sheet(["a"], ["x", "y"], cells, side=100))
    plan = planned(["a"], ["x", "y"])
    x, y = plan.left, plan.top
    red = [near(made.getpixel((x + 50, y + row)), RED) for row in range(100)]  # type: ignore[arg-type]
    assert [red.index(True), sum(red)] == [25, 50]
    assert near(made.getpixel((x + 50, y + 5)), BED)  # type: ignore[arg-type]
    blue = [near(made.getpixel((x + 100 + plan.gap + column, y + 50)), BLUE) for column in range(100)]  # type: ignore[arg-type]
    assert [blue.index(True), sum(blue)] == [25, 50]


def test_pictures_all_of_one_shape_leave_no_empty_bands() -> None:
    made = seen(sheet([""], ["x", "y"], {(0, at): plain(RED, 80, 40) for at in (0, 1)}, side=100))
    square = seen(sheet([""], ["x", "y"], {(0, at): plain(RED, 40, 40) for at in (0, 1)}, side=100))
    assert made.height == square.height - 50
    assert made.width == square.width


@pytest.mark.parametrize("side", [64, 100, 320])
def test_no_label_reaches_into_another_or_over_the_edge(side: int) -> None:
    rows, columns = (
        [LONG, "Theo", "Donaudampfschifffahrtsgesellschaftskapitän"],
        [LONG, "W" * 90, "0.3", LONG.upper()],
    )
    made = seen(sheet(rows, columns, {}, LONG * 3, side))
    plan = contactsheet._planned((side, side), rows, columns, LONG * 3)
    paper = ImageColor.getrgb(PAPER)
    for line in ((0, 0, made.width, 4), (0, 0, 4, made.height), (made.width - 4, 0, made.width, made.height)):
        assert made.crop(line).getcolors() == [((line[2] - line[0]) * (line[3] - line[1]), paper)]
    for column in range(1, len(columns)):  # between two columns, from the heads down
        right = plan.left + column * (plan.wide + plan.gap)
        strip = made.crop((right - plan.gap + 1, plan.head, right - 1, made.height))
        assert strip.getcolors() == [(strip.width * strip.height, paper)]
    beside = made.crop((plan.left - 3, plan.top, plan.left, made.height))
    assert beside.getcolors() == [(beside.width * beside.height, paper)]
    above = made.crop((plan.left, plan.top - 2, made.width, plan.top))
    assert above.getcolors() == [(above.width * above.height, paper)]
    for lines, limit in [(lines, plan.wide) for lines in plan.columns] + [
        (lines, plan.left - plan.margin) for lines in plan.rows
    ]:
        assert all(width_of(line, plan.type_size) <= limit for line in lines)


def test_long_labels_get_three_lines_and_an_ellipsis_and_short_ones_stay_whole() -> None:
    plan = planned([LONG], [LONG, "riding a dragon", "one two three four five six"], 160, "A title")
    long, short, more = plan.columns
    assert len(long) == 3
    assert long[-1].endswith("…")
    assert LONG.startswith(" ".join(long).rstrip("…"))
    assert short == ("riding a dragon",)
    assert " ".join(more) == "one two three four five six"
    assert len(plan.rows[0]) == 5
    assert plan.title == ("A title",)


def test_a_sheet_without_labels_begins_at_its_margin() -> None:
    plan = planned([""], ["", ""])
    assert (plan.left, plan.top) == (plan.margin, plan.margin)
    assert plan.size == (2 * plan.margin + 200 + plan.gap, 2 * plan.margin + 100)


@pytest.mark.parametrize(("down", "across"), [(8, 20), (20, 8), (60, 60), (1, 40)])
def test_large_sheets_have_smaller_cells(down: int, across: int) -> None:
    plan = planned([f"row {at}" for at in range(down)], [f"column {at}" for at in range(across)], 320, "All")
    assert max(plan.size) <= LARGEST
    assert max(plan.size) > 0.9 * LARGEST
    assert 24 <= plan.wide < 320
    assert planned(["a"], ["b"] * 4, 320).wide == 320


def test_too_many_cells_and_none_are_refused() -> None:
    with pytest.raises(BadInput, match="too many for one sheet"):
        sheet(["a"], ["b"] * 400, {})
    with pytest.raises(BadInput, match="without a row"):
        sheet([], ["b"], {})


def test_letters_that_no_font_has_become_squares_and_joiners_go() -> None:
    family = "👨\u200d👩\u200d👧"
    assert contactsheet._readable(f"a\u0301\n{family}\ufe0f") == "á 👨👩👧"
    assert contactsheet._font_of("\U00012345", contactsheet.LABELS)[1] in {
        "\U00012345",
        contactsheet.NO_LETTER,
    }
    assert contactsheet._font_of("Ђ", contactsheet.LABELS)[0].endswith("Andika-Regular.ttf")
    assert width_of("\U00012345", 20) > 5
    seen(sheet([f"冬 {family} Ђорђе"], ["\U00012345"], {}, "حكاية", side=100))


def test_captions_stand_inside_their_cell() -> None:
    cells = {(0, 0): plain(RED), (0, 1): plain(RED)}
    without = seen(sheet(["a"], ["x", "y"], cells, side=120))
    with_one = seen(
        sheet(["a"], ["x", "y"], cells, side=120, captions={(0, 0): "seed 12345678901234567890 · 3fa9c1"})
    )
    plan = planned(["a"], ["x", "y"], 120)
    changed = [
        (x, y)
        for x in range(without.width)
        for y in range(without.height)
        if without.getpixel((x, y)) != with_one.getpixel((x, y))
    ]
    assert plan.left == min(x for x, _ in changed)
    assert max(x for x, _ in changed) < plan.left + 120
    last = with_one.crop((plan.left + 117, plan.top + 104, plan.left + 120, plan.top + 120)).convert("L")
    assert max(last.tobytes()) < 120  # no letter is cut off
    assert plan.top + 90 < min(y for _, y in changed)
    assert max(y for _, y in changed) == plan.top + 119


def test_the_sheet_says_what_its_pictures_say() -> None:
    trained, drawn = marked(plain(RED), "image/png", TRAINED), marked(SVG, "image/svg+xml", DRAWN)
    cells = {(0, 0): drawn, (0, 1): trained}
    made = sheet(["a"], ["x", "y"], cells)
    assert stated(made) == TRAINED
    assert made == sheet(["a"], ["x", "y"], cells)
    assert stated(sheet(["a"], ["x"], {(0, 0): drawn})) == DRAWN
    assert stated(sheet(["a"], ["x"], {(0, 0): plain(RED)})) is None


def test_photos_are_turned_and_clear_pictures_lie_on_white() -> None:
    photo = Image.new("RGB", (40, 40), RED)
    photo.paste(BLUE, (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    turned, clear = io.BytesIO(), io.BytesIO()
    photo.save(turned, "JPEG", exif=exif, quality=95)
    Image.new("RGBA", (40, 40), (200, 0, 0, 0)).save(clear, "PNG")
    made = seen(sheet(["a"], ["x", "y"], {(0, 0): turned.getvalue(), (0, 1): clear.getvalue()}, side=100))
    plan = planned(["a"], ["x", "y"])
    assert near(made.getpixel(middle(plan, 0, 0)), RED)  # type: ignore[arg-type]
    assert near(made.getpixel(middle(plan, 0, 1)), "#ffffff")  # type: ignore[arg-type]
