"""A whole book painted by models, from the command line's own path: small models at the real architectures, two people with an adapter each."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("diffusers")
pytest.importorskip("peft")

import torch
from PIL import Image

from storykin import files, make, provenance
from storykin.bookfolder import read_storyboard
from storykin.character import Adapter, Character, Look
from storykin.choices import Choices
from storykin.errors import BadFile, Cancelled
from storykin.painters.diffusion import painter as painting
from storykin.wish import Wish
from tests.painters.diffusion.bases import adapter, base, small_bases  # noqa: F401

torch.set_num_threads(1)


def shelf(root: Path, family: str, taught: tuple[str, ...] = ("Sasha", "Theo")) -> None:
    """Two children on the shelf, those of `taught` with an adapter."""
    for number, name in enumerate(("Sasha", "Theo"), start=1):
        home = root / "cast" / files.slug(name)
        own = ()
        if name in taught:
            home.joinpath("adapters").mkdir(parents=True, exist_ok=True)
            shutil.copy(adapter(family, number), home / "adapters" / "taught.safetensors")
            own = (Adapter("adapters/taught.safetensors", family, f"zv{name[0].lower()}qk", 4),)
        look = Look("girl" if number == 1 else "boy", 5 + number, hair_colour="red", hair_style="short")
        files.write_toml(home / "character.toml", Character(name, look, adapters=own))


def started(root: Path, family: str, pages: int = 8, **choices: object) -> Path:
    """A book about both, not yet written; as small as books can be."""
    wish = Wish("a book about me and Theo on the moon", "Sasha", cast=("Theo",), pages=pages, art="oil")
    wanted = replace(
        Choices(painter=str(base(family)), size=64, steps=2, effort="draft", formats=("pdf", "html")),
        **choices,
    )
    return make.start(root / "book", wish, wanted)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["flux-dev", "sdxl"])
def test_a_whole_book_with_two_taught_people(family: str, tmp_path: Path) -> None:
    shelf(tmp_path, family)
    folder = started(tmp_path, family)
    made = make.make_book(folder)
    assert [path.suffix for path in made] == [".pdf", ".html"]
    shots = read_storyboard(folder).shots
    assert len(shots) == 9
    both = [shot for shot in shots if len(shot.adapters) == 2]
    assert both
    for shot in both:
        assert {one.character for one in shot.adapters} == {"Sasha", "Theo"}
        assert all(one.region is not None for one in shot.adapters)
        assert len(shot.parts) == len(shot.scene.figures)
        assert all(shot.prompt.count(one.adapter.trigger) == 1 for one in shot.adapters)
        assert shot.init_image == "sketch"
    for recipe in (folder / "pictures").glob("*.json"):
        said = json.loads(recipe.read_text())
        picture = (folder / said["path"]).read_bytes()
        assert provenance.stated(picture) == provenance.TRAINED
        with Image.open(io.BytesIO(picture)) as found:
            assert found.size == (said["shot"]["width"], said["shot"]["height"])
        assert said["made_with"]["family"] == family
        assert set(said["files"]) == {one["adapter"]["path"] for one in said["shot"].get("adapters", ())}
    assert make.paint(folder) == ()


def test_an_adapter_trained_anew_makes_its_pages_anew_and_no_others(tmp_path: Path) -> None:
    shelf(tmp_path, "sd15", taught=("Theo",))
    folder = started(tmp_path, "sd15", pages=4)
    story = make.write(folder)
    page = story.pages[2]
    scene = replace(page.scene, figures=tuple(one for one in page.scene.figures if one.character == "Sasha"))
    pages = tuple(replace(one, scene=scene) if one is page else one for one in story.pages)
    files.write_json(folder / "story.json", replace(story, pages=pages))
    make.board(folder)
    with_theo = {shot.page for shot in read_storyboard(folder).shots if shot.adapters}
    first = make.paint(folder)
    assert {picture.shot.page for picture in first} == {0, 1, 2, 3, 4}
    shutil.copy(adapter("sd15", 3), tmp_path / "cast" / "theo" / "adapters" / "taught.safetensors")
    again = make.paint(folder)
    assert {picture.shot.page for picture in again} == with_theo
    assert with_theo == {0, 1, 2, 4}


def test_the_model_is_loaded_once_and_adapters_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storykin.painters.diffusion import model

    counted: dict[str, int] = {}

    def count(name: str) -> None:
        kept = getattr(model, name) if hasattr(model, name) else getattr(model.nets, name)
        where = model if hasattr(model, name) else model.nets

        def counting(*args: object, **given: object) -> object:
            counted[name] = counted.get(name, 0) + 1
            return kept(*args, **given)

        monkeypatch.setattr(where, name, counting)

    count("load_adapter")
    count("load_net")
    shelf(tmp_path, "sd15")
    folder = started(tmp_path, "sd15", pages=4)
    make.write(folder)
    make.board(folder)
    make.paint(folder)
    assert counted == {"load_adapter": 2, "load_net": 1}


def test_it_goes_on_after_a_stop_and_gives_the_memory_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    close = painting.Diffusion.close
    monkeypatch.setattr(painting.Diffusion, "close", lambda self: (closed.append(True), close(self))[1])
    shelf(tmp_path, "sd15")
    folder = started(tmp_path, "sd15", pages=4)
    make.write(folder)
    make.board(folder)

    def stop(fraction: float, doing: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        make.paint(folder, on_step=stop)
    assert closed
    there = len(list((folder / "pictures").glob("*.json")))
    assert 0 < there < 5
    assert len(make.paint(folder)) == 5 - there


def test_photos_sketches_and_the_page_before_are_starts(tmp_path: Path) -> None:
    shelf(tmp_path, "sd15", taught=())
    folder = started(tmp_path, "sd15", pages=4, consistency="prompt+img2img", start="before", strength=0.6)
    Image.new("RGB", (80, 64), "green").save(folder / "me.png")
    files.write_toml(folder / "book.toml", replace(make.read_choices(folder), photos={"2": "me.png"}))
    make.write(folder)
    make.board(folder)
    starts = {shot.page: shot.init_image for shot in read_storyboard(folder).shots}
    assert starts == {0: "before", 1: "before", 2: "me.png", 3: "before", 4: "before"}
    with pytest.raises(BadFile, match="page 3 begins with the picture of page 2, which is not painted yet"):
        make.paint(folder, [3])
    made = {picture.shot.page: picture for picture in make.paint(folder)}
    assert made[1].shot.init_image == ""
    assert made[3].shot.init_image == made[2].path
    assert provenance.stated((folder / made[2].path).read_bytes()) == provenance.COMPOSITE
    again = make.paint(folder, [2], again=True)
    assert again
    assert {picture.shot.page for picture in make.paint(folder)} == {3, 4}  # they began with another picture


def test_a_picture_from_elsewhere_stays_until_it_is_painted_anew(tmp_path: Path) -> None:
    shelf(tmp_path, "sd15", taught=())
    folder = started(tmp_path, "sd15", pages=4)
    make.write(folder)
    make.board(folder)
    make.paint(folder)
    Image.new("RGB", (300, 300), "blue").save(tmp_path / "mine.png")
    taken = make.take(folder, 2, tmp_path / "mine.png")
    assert make.paint(folder) == ()
    assert next(picture for picture, used in make.pictures(folder, 2) if used).path == taken.path
    assert make.book_of(folder)
    (painted,) = make.paint(folder, [2], again=True)
    assert next(picture for picture, used in make.pictures(folder, 2) if used).path == painted.path
    (tmp_path / "note.txt").write_text("no picture")
    with pytest.raises(BadFile, match="is no picture"):
        make.take(folder, 2, tmp_path / "note.txt")


def test_print_gets_enlarged_pictures_and_screens_the_painted_ones(tmp_path: Path) -> None:
    from storykin.binders.preflight import preflight
    from storykin.binders.presses import press_named

    shelf(tmp_path, "sd15", taught=())
    folder = started(tmp_path, "sd15", pages=4)
    pdf, _html = make.make_book(folder)
    larger = sorted((folder / "print").glob("*.jpg"))
    assert larger
    for path in larger:
        with Image.open(path) as found:
            assert found.height == round(8.75 * 150)
    found = preflight(pdf, press_named("kdp-8.5x8.5"))
    assert any("painted at" in finding.what for finding in found.findings)
    before = {path: path.stat().st_mtime_ns for path in larger}
    make.bind(folder)
    assert {path: path.stat().st_mtime_ns for path in sorted((folder / "print").glob("*.jpg"))} == before


def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path) -> None:
    shelf(tmp_path, "sd15")
    folder = started(tmp_path, "sd15", pages=4)
    make.write(folder)
    make.board(folder)
    (first,) = make.paint(folder, [1])
    content = (folder / first.path).read_bytes()
    (folder / first.path).unlink()
    (again,) = make.paint(folder, [1])
    assert again.key == first.key
    assert (folder / again.path).read_bytes() == content
