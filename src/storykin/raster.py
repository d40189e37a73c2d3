"""Values: a picture as pixels, whatever it was drawn in."""

import io

from storykin.errors import BadFile


def png_of(picture: bytes, media_type: str, width: int) -> bytes:
    """The picture as PNG, `width` pixels wide, on white paper. Raises `BadFile` when it is no picture."""
    try:
        if media_type == "image/svg+xml":
            import resvg_py

            return bytes(
                resvg_py.svg_to_bytes(
                    svg_string=picture.decode(), width=width, background="#ffffff", skip_system_fonts=True
                )
            )
        from PIL import Image

        with Image.open(io.BytesIO(picture)) as found:
            high = max(1, round(found.height * width / found.width))
            file = io.BytesIO()
            found.convert("RGB").resize((width, high), Image.Resampling.LANCZOS).save(file, "PNG")
            return file.getvalue()
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise BadFile(f"cannot be read as a picture ({media_type}): {error}", "paint it again") from error
