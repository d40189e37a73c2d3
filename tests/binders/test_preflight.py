"""Preflight: a good file passes, and one broken file per rule is caught."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from storykin.binders.cover import save_cover
from storykin.binders.pdf import PdfBinder
from storykin.binders.preflight import preflight
from storykin.binders.presses import pad, press_named
from storykin.book import Leaf
from storykin.errors import BadFile
from tests.binders.printed import small_book

KDP = press_named("kdp-8.5x8.5")
LULU = press_named("lulu-8.5x8.5")
Pdf = Any


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    book = small_book(folder)
    PdfBinder(KDP).save(replace(book, leaves=pad(book.leaves, KDP)), folder, folder / "book.pdf")
    save_cover(book, folder, folder / "cover.pdf", KDP, 24)
    return folder


def rules(path: Path, severity: str = "refuse", **about: Any) -> set[str]:
    press = about.pop("press", KDP)
    return {
        finding.rule for finding in preflight(path, press, **about).findings if finding.severity == severity
    }


def test_a_good_file_and_its_cover_have_no_refusals(good: Path) -> None:
    report = preflight(good / "book.pdf", KDP)
    assert report.passed
    assert report.findings == ()
    assert report.facts["pages"] == "24"
    assert report.facts["page"] == "8.625 x 8.750 in"
    assert report.facts["pictures"] == "vector"
    assert report.facts["smallest type"] == "11.0 pt"
    assert preflight(good / "cover.pdf", KDP, cover_of=24).findings == ()


def fewer(pdf: Pdf) -> None:
    del pdf.pages[-2:]


def odd(pdf: Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def smaller(pdf: Pdf) -> None:
    pdf.pages[3].mediabox = [0, 0, 612, 612]


def unboxed(pdf: Pdf) -> None:
    pdf.pages[3].trimbox = [0, -40, 612, 621]


def unbled(pdf: Pdf) -> None:
    pdf.pages[2].trimbox = [0, 0, 621, 630]


def unembedded(pdf: Pdf) -> None:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    written(pdf, pdf.make_indirect(font), 20, 300, 300)


def tiny(pdf: Pdf) -> None:
    written(pdf, borrowed(pdf), 6, 300, 300)


def tiny_by_matrix(pdf: Pdf) -> None:
    written(pdf, borrowed(pdf), 60, 300, 300, scale=0.1)


def outside(pdf: Pdf) -> None:
    written(pdf, borrowed(pdf), 20, 300, 12)


def in_the_fold(pdf: Pdf) -> None:
    written(pdf, borrowed(pdf), 20, 10, 300)


def over_the_edge(pdf: Pdf) -> None:
    """Begins well inside and runs out on the right."""
    written(pdf, borrowed(pdf), 20, 560, 300, letters=12)


def noted(pdf: Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20])
    pdf.pages[1].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


def with_form(pdf: Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("name"))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)])


def scripted(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def blank(pdf: Pdf) -> None:
    for number in (4, 5, 6):
        pdf.pages[number].Contents = pdf.make_stream(b"")


def coarse(pdf: Pdf) -> None:
    pictured(pdf, 400)


BROKEN: dict[str, tuple[str, Callable[[Pdf], None]]] = {
    "too few pages": ("fewest pages", fewer),
    "odd pages": ("parity", odd),
    "a smaller page": ("page size", smaller),
    "boxes that stick out": ("boxes", unboxed),
    "no bleed": ("bleed", unbled),
    "a font left out": ("fonts", unembedded),
    "tiny type": ("type size", tiny),
    "type made tiny by its matrix": ("type size", tiny_by_matrix),
    "text at the edge": ("safe area", outside),
    "text that runs out": ("safe area", over_the_edge),
    "text in the fold": ("gutter", in_the_fold),
    "a note": ("annotations", noted),
    "a form": ("forms", with_form),
    "a script": ("javascript", scripted),
    "three blank pages": ("blank pages", blank),
    "a coarse picture": ("resolution", coarse),
}


def borrowed(pdf: Pdf) -> Any:
    """An embedded font of the book."""
    return next(iter(next(p for p in pdf.pages if "/Font" in p.Resources).Resources.Font.values()))


def written(pdf: Pdf, font: Any, size: float, x: float, y: float, scale: float = 1, letters: int = 2) -> None:
    page = pdf.pages[6]
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Broken"))
    code = "0003" if font.Subtype == "/Type0" else "41"
    page.contents_add(
        f"q BT /Broken {size} Tf {scale} 0 0 {scale} {x} {y} Tm <{code * letters}> Tj ET Q".encode()
    )


def pictured(pdf: Pdf, wide: int) -> None:
    """A picture of that many pixels over four inches."""
    image = pdf.make_stream(
        Image.new("RGB", (wide, wide), "#88aa66").tobytes(),
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=wide, Height=wide,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    page = pdf.pages[6]
    page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/Photo"))
    page.contents_add(b"q 288 0 0 288 100 100 cm /Photo Do Q")


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_file_is_caught_by_its_rule_alone(name: str, good: Path, tmp_path: Path) -> None:
    rule, breaks = BROKEN[name]
    path = tmp_path / "broken.pdf"
    with pikepdf.open(good / "book.pdf") as pdf:
        breaks(pdf)
        pdf.save(path)
    expected = {rule} | ({"boxes"} if rule == "page size" else set())
    assert rules(path) == expected


def test_resolution_warns_between_200_and_300(good: Path, tmp_path: Path) -> None:
    for wide, severity in ((1300, None), (1000, "warn"), (700, "refuse")):
        with pikepdf.open(good / "book.pdf") as pdf:
            pictured(pdf, wide)
            pdf.save(tmp_path / "photo.pdf")
        report = preflight(tmp_path / "photo.pdf", KDP)
        assert [finding.severity for finding in report.findings] == ([severity] if severity else [])
        assert f"{wide / 4:.0f} ppi" in report.facts["pictures"]


def test_locked_and_damaged_files(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good / "book.pdf") as pdf:
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    (tmp_path / "torn.pdf").write_bytes(b"not a book")
    assert rules(tmp_path / "owned.pdf") == {"encryption"}
    assert rules(tmp_path / "locked.pdf") == {"encryption"}
    assert rules(tmp_path / "torn.pdf") == {"damaged"}
    with pytest.raises(BadFile, match="cannot be read"):
        preflight(tmp_path / "missing.pdf", KDP)


def test_too_many_pages_and_bytes_and_missing_boxes(good: Path, tmp_path: Path) -> None:
    tight = replace(KDP, most=22, max_bytes=1000)
    assert rules(good / "book.pdf", press=tight) == {"most pages", "file size"}
    with pikepdf.open(good / "book.pdf") as pdf:
        for page in pdf.pages:
            del page.obj["/TrimBox"], page.obj["/BleedBox"]
        pdf.save(tmp_path / "bare.pdf")
    assert "boxes" in rules(tmp_path / "bare.pdf", "warn")


def test_transparency_is_told_to_printers_that_flatten(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good / "book.pdf") as pdf:
        page = pdf.pages[6]
        page.add_resource(
            pikepdf.Dictionary(ca=Decimal("0.5")), pikepdf.Name.ExtGState, pikepdf.Name("/Half")
        )
        pdf.save(tmp_path / "veiled.pdf")
    assert "transparency" in rules(tmp_path / "veiled.pdf", "warn", press=LULU)
    assert "transparency" not in rules(tmp_path / "veiled.pdf", "warn")


def test_text_in_forms_is_found(good: Path, tmp_path: Path) -> None:
    """Words hidden two forms deep still have a size and a place."""
    with pikepdf.open(good / "book.pdf") as pdf:
        font = borrowed(pdf)
        inner = pdf.make_stream(
            b"BT /F 10 Tf 100 100 Td <00030003> Tj ET",
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 600, 600],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
        )  # fmt: skip
        outer = pdf.make_stream(
            b"q 0.5 0 0 0.5 0 0 cm /Inner Do Q",
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 600, 600], Matrix=[1, 0, 0, 1, 200, 200],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Inner=inner)),
        )  # fmt: skip
        pdf.pages[6].add_resource(outer, pikepdf.Name.XObject, pikepdf.Name("/Outer"))
        pdf.pages[6].contents_add(b"/Outer Do")
        pdf.save(tmp_path / "deep.pdf")
    assert rules(tmp_path / "deep.pdf") == {"type size"}
    assert preflight(tmp_path / "deep.pdf", KDP).facts["smallest type"] == "5.0 pt"


def test_a_cover_for_other_pages_or_over_the_barcode(good: Path, tmp_path: Path) -> None:
    assert rules(good / "cover.pdf", cover_of=200) == {"cover size"}
    assert "cover sheet" in rules(good / "book.pdf", cover_of=24)
    for rule, x, y in (("barcode", 500, 60), ("safe area", 4, 300), ("spine", 615, 300)):
        with pikepdf.open(good / "cover.pdf") as pdf:
            page = pdf.pages[0]
            font = borrowed(pdf)
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Broken"))
            page.contents_add(f"BT /Broken 20 Tf 1 0 0 1 {x} {y} Tm <00030003> Tj ET".encode())
            pdf.save(tmp_path / "cover.pdf")
        assert rules(tmp_path / "cover.pdf", cover_of=24) == {rule}


def test_endpapers_and_frames_are_not_blank(tmp_path: Path) -> None:
    kinds = [
        Leaf("endpaper"),
        Leaf("draw", "Draw."),
        Leaf("write", "Write."),
        Leaf("endpaper"),
        Leaf("endpaper"),
    ]
    book = replace(small_book(tmp_path), leaves=tuple(kinds * 6))
    PdfBinder(KDP).save(book, tmp_path, tmp_path / "book.pdf")
    assert rules(tmp_path / "book.pdf") == set()
    PdfBinder(KDP).save(replace(book, leaves=(Leaf("blank"),) * 24), tmp_path, tmp_path / "book.pdf")
    assert rules(tmp_path / "book.pdf") == {"blank pages"}
