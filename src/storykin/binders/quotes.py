"""Binders: straight quotes become printed ones, except in words that must stay as they are."""

import re
from collections.abc import Iterable

OPENS = re.compile(r'(^|[\s(\[{—–-])"')
INNER = re.compile(r"(^|[\s(\[{—–“-])'(?=\S)")
LEFT_OUT = re.compile(r"(^|\s)[‘'](?=(?:tis|twas|em|cause|til|n|\d\ds)\b)", re.IGNORECASE)


def printed_quotes(text: str, language: str = "en", keep: Iterable[str] = ()) -> str:
    """English text with “ ” ‘ ’ in place of straight quotes; the words of `keep` stay byte for byte.

    Other languages are left alone: their quotes differ and their writers set them.
    """
    if not language.lower().startswith("en"):
        return text
    kept = [words for words in keep if words]
    if not kept:
        return _curled(text)
    parts = re.split(f"({'|'.join(re.escape(words) for words in sorted(kept, key=len, reverse=True))})", text)
    return "".join(part if part in kept else _curled(part) for part in parts)


def _curled(text: str) -> str:
    text = OPENS.sub(r"\1“", text).replace('"', "”")
    text = LEFT_OUT.sub(r"\1’", text)
    return INNER.sub(r"\1‘", text).replace("'", "’")
