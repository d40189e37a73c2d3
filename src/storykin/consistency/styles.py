"""Consistency: the styles of pictures as data, and what a picture should not have.

The styles are in `styles.toml`; a file of that name in or beside a book's folder adds its own. Knows no painter.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from storykin import files
from storykin.character import Adapter
from storykin.errors import BadFile, BadInput
from storykin.families import PAINTINGS
from storykin.scene import Scene

FILE = "styles.toml"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

NEGATIVE = "text, letters, watermark, signature, extra people, extra limbs, deformed hands, cropped head, blurry, scary"
"""What stands in the shots of painters that read no prompts; the keys of painted pages depend on it."""
UNWANTED = (
    "text, letters, watermark, signature, duplicate, extra people, extra limbs, extra fingers, deformed hands, disfigured face, "
    "cropped head, blurry, low quality, scary, violence, nudity"
)
SHORT = "text, watermark, extra people, extra limbs, deformed hands, blurry, scary"


@dataclass(frozen=True)
class StyleAdapter:
    """A LoRA that was taught a style: its `family`, the file's `path`, the word that calls it, its strength."""

    family: str
    path: str
    trigger: str = ""
    scale: float = 1.0


@dataclass(frozen=True)
class Style:
    """How all pictures of a book look.

    `sentences` are the words for models that read sentences, `phrases` those for models that read phrases, `negative` the phrases that
    spoil it. `adapters` are LoRAs of the style, at most one for each family. `name` is what `--art` says.
    """

    name: str
    title: str
    sentences: str
    phrases: str = ""
    negative: str = ""
    adapters: tuple[StyleAdapter, ...] = ()

    def words(self, dialect: str = "") -> str:
        """The style in the words of a dialect."""
        return self.phrases if dialect == "phrases" and self.phrases else self.sentences

    def adapter(self, families: Sequence[str]) -> Adapter | None:
        """The LoRA for the first of these families that has one."""
        known = {one.family: one for one in self.adapters}
        for one in (known[family] for family in families if family in known):
            return Adapter(one.path, one.family, one.trigger, rank=0, scale=one.scale)
        return None

    def called(self, adapter: Adapter | None) -> "Style":
        """The style with the word before its own that calls the adapter."""
        if adapter is None or not adapter.trigger:
            return self
        called, phrases = adapter.trigger, self.phrases or self.sentences
        return replace(self, sentences=f"{called}, {self.sentences}", phrases=f"{called}, {phrases}")


def styles(folders: Sequence[Path] = ()) -> Mapping[str, Style]:
    """All styles by name: those of the package, then those of each folder's `styles.toml`.

    A later entry changes the keys it names and leaves the others. The paths of adapters are then those of files as they are. Raises
    `BadFile` with file and key.
    """
    found = dict(_own())
    entries: dict[str, dict[str, Any]] = {}
    for folder in folders:
        path = folder / FILE
        if path.exists():
            for name, entry in _read(path).items():
                before = entries.get(name) or (files.plain(found[name]) if name in found else {})
                entries[name] = {**before, **entry}
                found[name] = _checked(name, entries[name], f"{path}: {name}")
    return found


def style_named(name: str, known: Mapping[str, Style] | None = None) -> Style:
    """The style of that name. Raises `BadInput` with the nearest names."""
    known = styles() if known is None else known
    if name in known:
        return known[name]
    said = re.sub(r"[\s_]+", "-", name.strip().lower())
    near = [style.name for style in known.values() if said and said in files.slug(style.title)]
    near = list(dict.fromkeys([*near, *difflib.get_close_matches(said, known, n=3, cutoff=0.6)]))[:3]
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise BadInput(f"there is no style {name!r}", f"{hint}styles: {', '.join(known)}")


def style_of(art: str, known: Mapping[str, Style] | None = None) -> Style:
    """The style of that name; of any other words a style that says just them."""
    known = styles() if known is None else known
    return known.get(art) or Style(art, art, art, art)


def negative_of(hears: str, style: Style | None = None, scene: Scene | None = None) -> str:
    """What a picture should not have, for a dialect ("", "sentences", "phrases") or a family of `PAINTINGS`.

    Stable Diffusion is told in phrases, those of the style after the common ones; Qwen briefly; FLUX and Z-Image hear none.
    """
    painting = PAINTINGS.get(hears)
    if painting is not None and not painting.negative:
        return ""
    dialect = painting.dialect if painting is not None else hears
    if dialect == "phrases":
        nobody = "people, animals" if scene is not None and not scene.figures else ""
        spoils = style.negative if style is not None else ""
        said = ", ".join(part for part in (UNWANTED, spoils, nobody) if part)
        return ", ".join(dict.fromkeys(said.split(", ")))
    if dialect == "sentences":
        return SHORT if painting is not None else ""
    return NEGATIVE


@cache
def _own() -> Mapping[str, Style]:
    """The styles of the package, read once."""
    path = Path(__file__).with_name(FILE)
    return MappingProxyType(
        {name: _checked(name, one, f"{FILE}: {name}") for name, one in _read(path).items()}
    )


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of a file as they stand, names and keys checked, adapters' paths led to their files."""
    try:
        found = tomllib.loads(files.read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"{path}: {error}", "mend it by hand; see docs/reference/styles.md") from None
    for name, entry in found.items():
        if not NAME.fullmatch(name):
            raise BadFile(
                f"{path}: {name!r} cannot be the name of a style",
                "write small letters and hyphens: wet-chalk",
            )
        if not isinstance(entry, dict):
            raise BadFile(
                f"{path}: {name} is not a style",
                f'write [{name}] and below it sentences = "…", phrases = "…"',
            )
        if "name" in entry:
            raise BadFile(
                f"{path}: {name}: a style has no key 'name'", f"its name is what stands in [{name}]"
            )
        given = _checked(name, {"title": name, "sentences": name, **entry}, f"{path}: {name}")
        if given.adapters:
            entry["adapters"] = [_placed(one, path) for one in given.adapters]
    return found


def _checked(name: str, entry: Mapping[str, Any], where: str) -> Style:
    """The style that an entry says. Raises `BadFile` with the place."""
    usual = {"title": name.replace("-", " ").capitalize(), "phrases": entry.get("sentences", "")}
    style = files.value_of({**usual, **entry, "name": name}, Style, where)
    if not style.sentences.strip():
        raise BadFile(f"{where}: sentences are empty", "say the style in words; see docs/reference/styles.md")
    families = [one.family for one in style.adapters]
    for one in style.adapters:
        if one.family not in PAINTINGS:
            raise BadFile(
                f"{where}: adapters: there is no family {one.family!r}",
                f"choose from: {', '.join(PAINTINGS)}",
            )
        if families.count(one.family) > 1:
            raise BadFile(
                f"{where}: adapters: two for {one.family}", "a style has one adapter for each family"
            )
    return style


def _placed(one: StyleAdapter, path: Path) -> dict[str, Any]:
    """An adapter whose path leads to its file, wherever the program runs."""
    return {**files.plain(one), "path": str(path.parent / Path(one.path).expanduser())}
