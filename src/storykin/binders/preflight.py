"""Binders: what a printer would say about a finished PDF. Reads the file alone and trusts nobody."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pikepdf

from storykin.binders.layout import POINTS, side_of
from storykin.binders.presses import Press, Side
from storykin.binders.sources import painted_ppi
from storykin.book import Trim
from storykin.errors import BadFile, BadInput

Severity = Literal["refuse", "warn"]
Matrix = tuple[float, float, float, float, float, float]

_NEAR = 1.5  # points: what a printer's own measuring forgives
_BLANKS = 2  # KDP: at most two blank pages in a row
_DEEP = 12  # forms within forms
_COVER_SAFE = 0.125  # KDP: cover words keep this from trim
_FOLD = 0.0625  # KDP: a fold may fall this much to either side
_BARCODE = (2.0, 1.2, 0.25)  # width, height, distance from fold and foot in inches
_OPERATORS = "q Q cm Do BT ET Tf Tm Td TD T* TL Tc Tw Tz Ts Tr Tj TJ ' \" sh BI ID EI f F f* B B* b b* S s"


@dataclass(frozen=True)
class Finding:
    """One thing a printer would refuse or frown at; `page` counts from 1, 0 is the whole file."""

    rule: str
    page: int
    severity: Severity
    what: str
    hint: str


@dataclass(frozen=True)
class Report:
    """What was found in a file; `facts` are measured things worth telling even when all is well."""

    findings: tuple[Finding, ...]
    facts: dict[str, str]

    @property
    def passed(self) -> bool:
        """Whether a printer would take the file."""
        return not any(finding.severity == "refuse" for finding in self.findings)


@dataclass(frozen=True)
class _Text:
    size: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class _Face:
    name: str
    font: Any
    bytes_each: int
    widths: dict[int, float]
    otherwise: float

    def codes(self, letters: bytes) -> list[int]:
        each = self.bytes_each
        return [int.from_bytes(letters[at : at + each], "big") for at in range(0, len(letters), each)]

    def width(self, code: int) -> float:
        """A letter's width in ems."""
        return self.widths.get(code, self.otherwise)


@dataclass
class _Page:
    """What one page draws, measured in points of the page."""

    texts: list[_Text] = field(default_factory=list)
    images: list[tuple[int, int, float]] = field(default_factory=list)  # pixels, pixels, ppi
    fonts: dict[str, _Face] = field(default_factory=dict)
    transparent: bool = False
    strokes: int = 0

    @property
    def blank(self) -> bool:
        return not self.texts and not self.images and self.strokes < 2


def preflight(pdf: Path, press: Press, trim: Trim | None = None, cover_of: int = 0) -> Report:
    """Read a PDF back and hold it against what a press asks for.

    `trim` is the page's cut size for presses that take any. With `cover_of` the file is the
    cover of a book of so many pages. Raises `BadFile` when there is nothing to read.
    """
    try:
        content = pdf.read_bytes()
    except OSError as error:
        raise BadFile(
            f"{pdf}: cannot be read: {error.strerror}", "bind the book first: storykin bind"
        ) from None
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        return Report((_refused("encryption", 0, "the file asks for a password", "save it without one"),), {})
    except pikepdf.PdfError:
        return Report(
            (_refused("damaged", 0, "the file is no PDF, or not a whole one", "bind the book again"),), {}
        )
    with document:
        if not cover_of and _is_cover(document, press.trim or trim):
            raise BadInput(
                f"{pdf}: looks like a cover, back and front on one sheet",
                "say for how many pages: storykin preflight FILE --cover PAGES",
            )
        return _inspected(document, len(content), press, press.trim or trim, cover_of)


def _is_cover(document: pikepdf.Pdf, trim: Trim | None) -> bool:
    """One sheet about as wide as two pages."""
    if trim is None or len(document.pages) != 1:
        return False
    wide, _ = _extent(_edges(document.pages[0], "/MediaBox"))
    return wide / POINTS > 1.9 * trim.width


def _inspected(document: pikepdf.Pdf, size: int, press: Press, trim: Trim | None, cover_of: int) -> Report:
    pages = [_read(page) for page in document.pages]
    to_left = _is_read_to_left(document)
    findings = [
        *_file_rules(document, size, press),
        *(_count_rules(len(pages), press) if not cover_of else _one_sheet(len(pages))),
        *_font_rules(pages),
        *_type_rules(pages, press),
        *_picture_rules(pages, press),
        *_blank_rules(pages),
    ]
    if press.flattened:
        findings += _transparency_rules(pages)
    for number, (page, seen) in enumerate(zip(document.pages, pages, strict=True), 1):
        if cover_of:
            findings += _cover_rules(page, seen, press, trim, cover_of, to_left)
        else:
            side = side_of(number, to_left)
            findings += _size_rules(page, number, side, press, trim)
            findings += _box_rules(page, number, side, press)
            findings += _safe_rules(page, seen, number, side, len(pages), press)
    sizes = [text.size for page in pages for text in page.texts]
    ppis = [ppi for page in pages for *_, ppi in page.images]
    painted, by = painted_ppi(document)
    if ppis and painted and by == "resampling":
        findings += _painted_rules(painted, min(ppis), press)
    facts = {
        "pages": str(len(pages)),
        "page": " x ".join(f"{edge / POINTS:.3f}" for edge in _extent(_edges(document.pages[0], "/MediaBox")))
        + " in"
        if pages
        else "",
        "bytes": str(size),
        "pictures": f"{len(ppis)} of pixels, the coarsest {min(ppis):.0f} ppi" if ppis else "vector",
        **({"painted": f"at {painted} ppi, enlarged by {by}"} if painted else {}),
        "smallest type": f"{min(sizes):.1f} pt" if sizes else "none",
        "fonts": ", ".join(sorted({face.name for page in pages for face in page.fonts.values()})) or "none",
    }
    return Report(
        tuple(sorted(findings, key=lambda one: (one.severity != "refuse", one.page, one.rule))), facts
    )


def _is_read_to_left(document: pikepdf.Pdf) -> bool:
    """Whether the file says that its pages run from right to left."""
    said: Any = document.Root.get("/ViewerPreferences", {})
    return bool(said.get("/Direction") == "/R2L")


def _refused(rule: str, page: int, what: str, hint: str) -> Finding:
    return Finding(rule, page, "refuse", what, hint)


def _warned(rule: str, page: int, what: str, hint: str) -> Finding:
    return Finding(rule, page, "warn", what, hint)


# ── rules about the file ───────────────────────────────────────────────────────────────────────


def _file_rules(document: pikepdf.Pdf, size: int, press: Press) -> Iterator[Finding]:
    root: Any = document.Root
    if document.is_encrypted:
        yield _refused("encryption", 0, "the file is encrypted", "save it without a password")
    if press.max_bytes and size > press.max_bytes:
        yield _refused("file size", 0, f"{size / 2**20:.0f} MB are more than the {press.max_bytes / 2**20:.0f} MB taken", "use fewer or smaller pictures of pixels")  # fmt: skip
    if "/AcroForm" in root and len(root.AcroForm.get("/Fields", [])):
        yield _refused("forms", 0, "the file has form fields", "print it to a new PDF without them")
    if _runs_script(root):
        yield _refused("javascript", 0, "the file carries JavaScript", "print it to a new PDF without it")
    for number, page in enumerate(document.pages, 1):
        if len(page.obj.get("/Annots", [])):
            yield _refused("annotations", number, "the page has annotations or links", "remove them")
        if "/AA" in page.obj:
            yield _refused("javascript", number, "the page runs an action", "remove it")


def _runs_script(root: Any) -> bool:
    if "/Names" in root and "/JavaScript" in root.Names:
        return True
    action = root.get("/OpenAction")
    return "/AA" in root or (isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/JavaScript")


def _count_rules(count: int, press: Press) -> Iterator[Finding]:
    hint = "bind the book with storykin, which adds pages worth having"
    if press.fewest and count < press.fewest:
        yield _refused("fewest pages", 0, f"{count} pages; {press.name} prints from {press.fewest}", hint)
    if press.most and count > press.most:
        yield _refused(
            "most pages", 0, f"{count} pages; {press.name} prints up to {press.most}", "make two books of it"
        )
    if press.sheet == "page" and count % press.parity:
        yield _refused("parity", 0, f"{count} pages are no multiple of {press.parity}", hint)


def _one_sheet(count: int) -> Iterator[Finding]:
    if count != 1:
        yield _refused(
            "cover sheet", 0, f"{count} pages; a cover is one sheet", "make it with storykin bind --cover"
        )


def _font_rules(pages: list[_Page]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, page in enumerate(pages, 1):
        for face in sorted(page.fonts.values(), key=lambda one: one.name):
            if face.name not in seen and not _embedded(face.font):
                seen.add(face.name)
                yield _refused(
                    "fonts",
                    number,
                    f"the font {face.name} is not embedded",
                    "save the file with all fonts embedded",
                )


def _embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True
    if "/DescendantFonts" in font:
        font = font.DescendantFonts[0]
    described = font.get("/FontDescriptor", {})
    return any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _type_rules(pages: list[_Page], press: Press) -> Iterator[Finding]:
    for number, page in enumerate(pages, 1):
        smallest = min((text.size for text in page.texts), default=math.inf)
        if smallest < press.smallest_type - 0.01:
            yield _refused("type size", number, f"type of {smallest:.1f} pt; at least {press.smallest_type:g} is wanted", "shorten the text or set it larger")  # fmt: skip


def _picture_rules(pages: list[_Page], press: Press) -> Iterator[Finding]:
    if not press.ppi:
        return
    hint = f"paint it larger: {press.ppi} pixels for each inch, bleed included"
    for number, page in enumerate(pages, 1):
        for wide, high, ppi in page.images:
            if ppi < press.ppi * 2 / 3 - 0.5:
                yield _refused("resolution", number, f"a picture of {wide} x {high} pixels is printed at {ppi:.0f} ppi", hint)  # fmt: skip
            elif ppi < press.ppi - 0.5:
                yield _warned("resolution", number, f"a picture of {wide} x {high} pixels is printed at {ppi:.0f} ppi", hint)  # fmt: skip


def _painted_rules(painted: int, printed: float, press: Press) -> Iterator[Finding]:
    if press.ppi and painted < press.ppi - 0.5:
        yield _warned(
            "painted resolution",
            0,
            f"pictures were painted at {painted} ppi and enlarged to {printed:.0f}: a printer accepts it, fine detail is that of {painted} ppi",
            "let a net that was trained on it enlarge them: --upscaler FILE; or paint larger pictures",
        )


def _blank_rules(pages: list[_Page]) -> Iterator[Finding]:
    row = 0
    for number, page in enumerate(pages, 1):
        row = row + 1 if page.blank else 0
        if row == _BLANKS + 1:
            yield _refused("blank pages", number, f"more than {_BLANKS} blank pages in a row", "put something on one of them")  # fmt: skip


def _transparency_rules(pages: list[_Page]) -> Iterator[Finding]:
    found = [number for number, page in enumerate(pages, 1) if page.transparent]
    if found:
        yield _warned("transparency", found[0], f"{len(found)} pages use transparency, which the printer flattens", "order a proof and look at panels and soft edges")  # fmt: skip


# ── rules about a page ─────────────────────────────────────────────────────────────────────────


def _edges(page: pikepdf.Page, name: str) -> tuple[float, float, float, float]:
    found: Any = page.obj.get(name)
    if found is None:
        found = page.mediabox
    left, bottom, right, top = (float(edge) for edge in found)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _extent(edges: tuple[float, float, float, float]) -> tuple[float, float]:
    return edges[2] - edges[0], edges[3] - edges[1]


def _size_rules(
    page: pikepdf.Page, number: int, side: Side, press: Press, trim: Trim | None
) -> Iterator[Finding]:
    if press.sheet == "spread" and press.paper:
        wanted = (press.paper.width, press.paper.height)
    elif trim:
        left, top, right, bottom = press.sides(side)
        wanted = (trim.width + left + right, trim.height + top + bottom)
    else:
        return
    yield from _sized(
        "page size", page, number, wanted, "bind the book for this press: trim and bleed decide the page"
    )


def _sized(
    rule: str, page: pikepdf.Page, number: int, wanted: tuple[float, float], hint: str
) -> Iterator[Finding]:
    found = _extent(_edges(page, "/MediaBox"))
    if any(abs(one - inches * POINTS) > _NEAR for one, inches in zip(found, wanted, strict=True)):
        are, should = (
            " x ".join(f"{inches:.3f}" for inches in pair)
            for pair in ([one / POINTS for one in found], wanted)
        )
        yield _refused(rule, number, f"the page is {are} inches, it should be {should}", hint)


def _box_rules(page: pikepdf.Page, number: int, side: Side, press: Press) -> Iterator[Finding]:
    if press.sheet == "spread":
        return
    hint = "bind the book with storykin, which writes the boxes"
    missing = [name for name in ("/TrimBox", "/BleedBox") if name not in page.obj]
    if missing:
        yield _warned(
            "boxes", number, f"the page does not say its {' and '.join(name[1:] for name in missing)}", hint
        )
        return
    whole, bleed, trim = (_edges(page, name) for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
    if not (_within(trim, bleed) and _within(bleed, whole)):
        yield _refused("boxes", number, "the page's boxes do not lie within one another", hint)
        return
    wanted = press.sides(side)
    found = (trim[0] - bleed[0], bleed[3] - trim[3], bleed[2] - trim[2], trim[1] - bleed[1])
    for edge, has, inches in zip(("left", "top", "right", "bottom"), found, wanted, strict=True):
        if has < inches * POINTS - _NEAR:
            yield _refused(
                "bleed",
                number,
                f"{has / POINTS:.3f} inches of bleed at the {edge}, {inches:g} are wanted",
                hint,
            )


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    near = 0.1
    return (
        inner[0] >= outer[0] - near
        and inner[1] >= outer[1] - near
        and inner[2] <= outer[2] + near
        and inner[3] <= outer[3] + near
    )


def _safe_rules(
    page: pikepdf.Page, seen: _Page, number: int, side: Side, count: int, press: Press
) -> Iterator[Finding]:
    left, bottom, right, top = _edges(page, "/TrimBox")
    safe = press.safe * POINTS
    fold = 0.0 if press.sheet == "spread" else press.gutter(count) * POINTS
    inner = (fold, safe) if side == "right" else (safe, fold)
    if press.sheet == "spread":
        inner = (safe, safe)
    area = (left + inner[0] - _NEAR, bottom + safe - _NEAR, right - inner[1] + _NEAR, top - safe + _NEAR)
    for text in seen.texts:
        if not _within((text.left, text.bottom, text.right, text.top), area):
            over = max(area[0] - text.left, area[1] - text.bottom, text.right - area[2], text.top - area[3])
            near_fold = press.sheet == "page" and (
                text.left < area[0] if side == "right" else text.right > area[2]
            )
            rule = "gutter" if near_fold else "safe area"
            where = "the fold" if near_fold else "the edge"
            yield _refused(rule, number, f"text comes {over / POINTS:.2f} inches too near to {where}", "move it into the page")  # fmt: skip
            return


def _cover_rules(
    page: pikepdf.Page, seen: _Page, press: Press, trim: Trim | None, pages: int, to_left: bool
) -> Iterator[Finding]:
    if trim is None:
        return
    spine, bleed = press.spine.width(pages), press.cover_bleed
    wanted = (2 * trim.width + spine + 2 * bleed, trim.height + 2 * bleed)
    yield from _sized(
        "cover size", page, 1, wanted, f"make it for {pages} pages: the spine is {spine:.3f} inches"
    )
    yield from _cover_boxes(page)
    left, bottom, right, top = _edges(page, "/MediaBox")
    near = (bleed + _COVER_SAFE) * POINTS - _NEAR
    folds = (left + (bleed + trim.width) * POINTS, right - (bleed + trim.width) * POINTS)
    air = _FOLD * POINTS - _NEAR
    wide, high, away = (inches * POINTS for inches in _BARCODE)
    foot = bottom + (bleed * POINTS) + away
    # in a book that is read to the left the back is on the right, and which corner is printed is not said
    corners = [folds[1] + away, right - bleed * POINTS - away - wide] if to_left else [folds[0] - away - wide]
    for text in seen.texts:
        box = (text.left, text.bottom, text.right, text.top)
        if not _within(box, (left + near, bottom + near, right - near, top - near)):
            yield _refused("safe area", 1, "text on the cover comes too near to the edge", "move it inwards")
        if any(text.left < fold + air and text.right > fold - air for fold in folds):
            yield _refused(
                "spine",
                1,
                "text runs over a fold of the cover",
                "keep it on the back, the spine or the front",
            )
        if any(
            text.left < x + wide and text.right > x and text.bottom < foot + high and text.top > foot
            for x in corners
        ):
            yield _refused("barcode", 1, "text stands where the barcode is printed", "leave 2 x 1.2 inches free at the back's lower right")  # fmt: skip


def _cover_boxes(page: pikepdf.Page) -> Iterator[Finding]:
    if "/TrimBox" not in page.obj or not _within(_edges(page, "/TrimBox"), _edges(page, "/MediaBox")):
        yield _warned(
            "boxes",
            1,
            "the cover does not say where it is cut",
            "make it with storykin, which writes the boxes",
        )


# ── reading a page ─────────────────────────────────────────────────────────────────────────────


def _times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`, as PDF writes matrices."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _matrix(numbers: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


_SAME: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class _State:
    """The graphics state, as far as it decides where letters and pictures stand."""

    matrix: Matrix
    face: _Face | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 100.0
    leading: float = 0.0
    rise: float = 0.0
    mode: float = 0.0
    text: Matrix = _SAME
    line: Matrix = _SAME


def _read(page: pikepdf.Page) -> _Page:
    """Everything a page draws, forms within forms included."""
    seen = _Page()
    try:
        _draw(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()), _SAME, seen, 0)
    except (pikepdf.PdfError, ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"a page's drawing cannot be read: {error}", "bind the book again") from None
    return seen


def _fades(resources: Any) -> bool:
    """Whether anything in these resources is see-through."""
    for state in resources.get("/ExtGState", {}).values():
        if float(state.get("/ca", 1)) < 1 or float(state.get("/CA", 1)) < 1:
            return True
        if state.get("/SMask", "/None") != "/None" or state.get("/BM", "/Normal") not in (
            "/Normal",
            "/Compatible",
        ):
            return True
    return any("/SMask" in thing for thing in resources.get("/XObject", {}).values())


_NUMBERS = {
    "Tc": "spacing",
    "Tw": "word_spacing",
    "TL": "leading",
    "Ts": "rise",
    "Tz": "stretch",
    "Tr": "mode",
}
_SHOWS = {"Tj", "TJ", "'", '"'}
_PAINTS = {"sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s"}


def _draw(stream: Any, resources: Any, start: Matrix, seen: _Page, depth: int) -> None:
    """Walk a content stream and note what it shows."""
    seen.transparent = seen.transparent or _fades(resources)
    state, stack = _State(start), []
    for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            image = instruction.iimage
            _see_image(image.width, image.height, state.matrix, seen)
            continue
        operator, given = str(instruction.operator), list[Any](instruction.operands)
        if operator == "q":
            stack.append(replace(state))
        elif operator == "Q":
            state = stack.pop() if stack else state
        elif operator == "cm":
            state.matrix = _times(_matrix(given), state.matrix)
        elif operator == "Do":
            _draw_object(resources.XObject[given[0]], resources, state.matrix, seen, depth)
        elif operator in _PAINTS:
            seen.strokes += 1
        elif operator == "Tf":
            font, state.size = resources.Font[given[0]], float(given[1])
            key = f"{font.objgen} {given[0]}"
            if key not in seen.fonts:
                seen.fonts[key] = _face(font)
            state.face = seen.fonts[key]
        elif operator in _NUMBERS:
            setattr(state, _NUMBERS[operator], float(given[0]))
        else:
            _move(operator, given, state)
            if operator in _SHOWS:
                _see_text(given[0] if operator == "TJ" else [given[-1]], state, seen)


def _move(operator: str, given: list[Any], state: _State) -> None:
    """What an operator does to the place where the next letter stands."""
    if operator == "BT":
        state.text = state.line = _SAME
    elif operator == "Tm":
        state.text = state.line = _matrix(given)
    elif operator in {"Td", "TD"}:
        if operator == "TD":
            state.leading = -float(given[1])
        state.text = state.line = _times((1, 0, 0, 1, float(given[0]), float(given[1])), state.line)
    elif operator in {"T*", "'", '"'}:
        state.text = state.line = _times((1, 0, 0, 1, 0, -state.leading), state.line)


def _draw_object(thing: Any, resources: Any, matrix: Matrix, seen: _Page, depth: int) -> None:
    if thing.get("/Subtype") == "/Image":
        _see_image(int(thing.Width), int(thing.Height), matrix, seen)
        return
    seen.strokes += 1
    own = thing.get("/Resources", resources)
    seen.transparent = seen.transparent or _fades(own)
    if depth < _DEEP and (
        "/Font" in own or "/XObject" in own
    ):  # drawings without either cannot break a rule, and are long
        _draw(thing, own, _times(_matrix(thing.get("/Matrix", _SAME)), matrix), seen, depth + 1)
    else:
        seen.strokes += 1


def _see_image(wide: int, high: int, matrix: Matrix, seen: _Page) -> None:
    a, b, c, d, _, _ = matrix
    across, down = math.hypot(a, b) / POINTS, math.hypot(c, d) / POINTS
    if across > 0 and down > 0:
        seen.images.append((wide, high, min(wide / across, high / down)))


def _see_text(shown: Any, state: _State, seen: _Page) -> None:
    """Note where a run of letters stands, and move behind it."""
    advance, letters, face = 0.0, 0, state.face
    if face is None:
        return
    for part in shown:
        if isinstance(part, pikepdf.String):
            for code in face.codes(bytes(part)):
                letters += 1
                advance += (
                    face.width(code) * state.size + state.spacing + (state.word_spacing if code == 32 else 0)
                )
        else:
            advance -= float(part) / 1000 * state.size
    advance *= state.stretch / 100
    if letters and state.mode != 3:  # 3 is invisible
        corners = [
            (x, y + state.rise) for x in (0.0, advance) for y in (-0.2 * state.size, 0.72 * state.size)
        ]
        a, b, c, d, e, f = _times(state.text, state.matrix)
        across = [a * x + c * y + e for x, y in corners]
        up = [b * x + d * y + f for x, y in corners]
        seen.texts.append(_Text(math.hypot(c, d) * state.size, min(across), min(up), max(across), max(up)))
    state.text = _times((1, 0, 0, 1, advance, 0), state.text)


def _face(font: Any) -> _Face:
    """A font's widths, from the font's own tables."""
    name = str(font.get("/BaseFont", font.get("/Name", "/unnamed")))[1:]
    if font.get("/Subtype") != "/Type0":
        first = int(font.get("/FirstChar", 0))
        scale = float(font.FontMatrix[0]) if font.get("/Subtype") == "/Type3" else 0.001
        widths = {first + at: float(width) * scale for at, width in enumerate(font.get("/Widths", []))}
        return _Face(name, font, 1, widths, 0.5)
    inner = font.DescendantFonts[0]
    widths, rest = {}, list(inner.get("/W", []))
    while rest:  # either "code [w w w]" or "first last w"
        code = int(rest.pop(0))
        following = rest.pop(0)
        if isinstance(following, pikepdf.Array):
            widths |= {code + at: float(width) / 1000 for at, width in enumerate(following)}
        else:
            width = float(rest.pop(0)) / 1000
            widths |= dict.fromkeys(range(code, int(following) + 1), width)
    return _Face(name, font, 2, widths, float(inner.get("/DW", 1000)) / 1000)
