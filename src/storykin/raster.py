"""Values: a picture as pixels, whatever it was drawn in."""

import io
import re

from storykin.errors import BadFile

PAGE = (
    "#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: {width}pt, height: {height}pt)'
)


def png_of(picture: bytes, media_type: str, width: int) -> bytes:
    """The picture as PNG, `width` pixels wide, on white paper. Raises `BadFile` when it is no picture."""
    try:
        if media_type == "image/svg+xml":
            return _png_of_svg(picture.decode(), width)
        from PIL import Image

        with Image.open(io.BytesIO(picture)) as found:
            high = max(1, round(found.height * width / found.width))
            file = io.BytesIO()
            found.convert("RGB").resize((width, high), Image.Resampling.LANCZOS).save(file, "PNG")
            return file.getvalue()
    except (ValueError, OSError, RuntimeError) as error:
        raise BadFile(f"cannot be read as a picture ({media_type}): {error}", "paint it again") from error


def _png_of_svg(svg: str, width: int) -> bytes:
    """Through typst, whose build of resvg is several times faster than the one for Python; 1 pt is 1 pixel."""
    from PIL import Image

    box = re.search(r"<svg\b[^>]*?\bviewBox=[\"']\s*([^\"']+)", svg)
    if not box:
        raise ValueError("there is no <svg> with a viewBox in it")
    _, _, wide, high = map(float, re.split(r"[\s,]+", box[1].strip()))
    high = max(1, round(high * width / wide))
    for larger in (1, 2, 3):
        try:
            png = _compiled(svg, larger * width, larger * high)
        except BaseException as error:
            if type(error).__name__ != PANIC:
                raise
            continue
        if larger == 1:
            return png
        with Image.open(io.BytesIO(png)) as found:
            file = io.BytesIO()
            found.convert("RGB").reduce(larger).save(file, "PNG")
            return file.getvalue()
    raise ValueError("the rasteriser trips over it at every size")


PANIC = "PanicException"
"""What typst raises, and no `Exception`, where tiny-skia 0.12 panics (alpha_runs.rs): over one of 12,705 drawings of 256 pixels, and not over the same at 512."""


def _compiled(svg: str, width: int, height: int) -> bytes:
    import typst

    source = PAGE.format(width=width, height=height)
    compiler = typst.Compiler(source.encode(), ignore_system_fonts=True, sys_inputs={"svg": svg})
    png = compiler.compile(format="png", ppi=72)
    if not isinstance(png, bytes):
        raise ValueError("the drawing came out as several pages")
    return png
