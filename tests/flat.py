"""A painter for tests that keeps the contract without a model: one flat colour that follows from everything in the shot; and a shelf of people."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image

from storykin import files
from storykin.character import Adapter, Character, Look, Outfit
from storykin.painters import Defaults, Dialect, OnLook, OnStep, Painter, painter_named, refuse_what_it_lacks
from storykin.shot import Shot

ALL = frozenset({"init_image", "references", "adapters", "several_adapters", "regions"})
SASHA = Character(
    "Sasha",
    Look("girl", 6, hair_colour="red", hair_style="short", extras=("freckles",)),
    (Outfit("vet", "a white coat", ("blue", "gold")), Outfit("rain", "a yellow raincoat")),
)
THEO = Character("Theo", Look("boy", 9, hair_colour="black"), (Outfit("everyday", "a striped jumper"),))


class Flat:
    """Paints 16 bits of a hash: of the shot, of the files it names, and of the painter's revision."""

    media_type = "image/png"

    def __init__(
        self,
        name: str = "flat",
        powers: frozenset[str] = ALL,
        dialect: Dialect = "sentences",
        adapters_of: tuple[str, ...] = ("sdxl",),
        revision: str = "1",
        family: str = "",
    ) -> None:
        self.name, self.powers, self.dialect = name, powers, dialect
        self.adapters_of, self.revision = adapters_of, revision
        self.arts: tuple[str, ...] = ()
        self.defaults = Defaults(128, 2, 3.0, (1, 2, 3), family)
        self.prepared: list[Shot] = []
        self.painted: list[Shot] = []
        self.loaded = self.closed = 0

    unready: frozenset[str] = frozenset()
    leaves_machine = False

    def refuse_absent(self) -> None:
        """It needs nothing."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """What comes has all its files, as models would open them now."""
        self.loaded += 1
        self.prepared += shots
        for shot in shots:
            self._read(shot)
        on_step(1.0)

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        refuse_what_it_lacks(self, shot)
        on_step(0.0)
        said = hashlib.sha256(f"{shot.key(self.name, self.revision)} {self._read(shot)}".encode()).digest()
        picture = io.BytesIO()
        Image.new("RGB", (shot.width, shot.height), tuple(said[:3])).save(picture, "PNG")
        if on_look:
            on_look(b"a small JPEG")
        on_step(0.5)
        on_step(1.0)
        self.painted.append(shot)
        return picture.getvalue()

    def made_with(self) -> Mapping[str, str]:
        return {"base": "none"}

    def close(self) -> None:
        self.closed += 1

    def _read(self, shot: Shot) -> str:
        named = [*(one.adapter.path for one in shot.adapters), *shot.references, shot.init_image]
        return " ".join(hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in named if path)


def at_hand(monkeypatch: pytest.MonkeyPatch, *painters: Flat) -> None:
    """Let these painters be found by their names, beside those there are."""
    known = {one.name: one for one in painters}

    def named(name: str, **given: object) -> Painter:
        return known[name] if name in known else painter_named(name, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("storykin.easel.painter_named", named)


def put(shelf: Path, who: Character, *families: str, references: int = 0) -> Character:
    """Put somebody on the shelf, taught to these families, with so many pictures to resemble."""
    home = shelf / files.slug(who.name)
    adapters = []
    for family in families:
        name = f"adapters/{family}.safetensors"
        files.write_bytes(home / name, f"{who.name} {family}".encode())
        adapters.append(Adapter(name, family, f"zv{who.name[0].lower()}qk", 4))
    shown = []
    for number in range(references):
        shown.append(f"references/{number}.png")
        (home / "references").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number, 90, len(who.name))).save(home / shown[-1])
    whole = Character(who.name, who.look, who.outfits, "", tuple(shown), tuple(adapters))
    files.write_toml(home / "character.toml", whole)
    return whole
