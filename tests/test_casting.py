"""The side path on a folder of drawn people: from photos to a dataset, corrected by hand, and gone again."""

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storykin import cachefolder, casting, files
from storykin.cast import shelf
from storykin.cast.captioner import Captioner
from storykin.cast.captions import PERMANENT
from storykin.cast.sighting import Decisions
from storykin.character import Character, Look
from storykin.dataset import Dataset, caption_of, read_dataset
from storykin.errors import BadInput, StorykinError
from tests.cast.folders import Truth, make_folder
from tests.cast.test_shelf import everything_in

GIRL = Look(kind="girl", age=6)


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """A folder of twenty files: her, others, both, blurred, dark, sideways, twice, cut off."""
    return make_folder(tmp_path_factory.mktemp("photos") / "Fotos von Sasha", seed=1)


@pytest.fixture(scope="session")
def curated(truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shelf after `cast add`; tests that change it take a copy."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(truth.folder, home / "photos")
    casting.add("Sasha", [home / "photos"], home / "cast", GIRL, few=True)
    return home


@pytest.fixture
def home(curated: Path, tmp_path: Path) -> Path:
    """A home of one's own: shelf and photos in `home`."""
    shutil.copytree(curated / "cast", tmp_path / "home" / "cast")
    shutil.copytree(curated / "photos", tmp_path / "home" / "photos", copy_function=shutil.copy2)
    folder = tmp_path / "home" / "cast" / "sasha"
    shelf.write_decisions(
        folder, replace(shelf.read_decisions(folder), sources=(str(tmp_path / "home" / "photos"),))
    )
    return tmp_path / "home"


def states(folder: Path) -> dict[str, str]:
    """The verdict on each photo, by name."""
    from storykin.cast.curating import decide
    from storykin.cast.looking import VERSION

    sightings = tuple(seen.sighting for seen in shelf.read_seen(folder, VERSION).values())
    decided = decide(sightings, shelf.read_decisions(folder))
    return {sightings[one.sighting].name: one.state for one in decided.judged}


def test_her_photos_are_learned_from_and_nobody_elses(curated: Path, truth: Truth) -> None:
    found = states(curated / "cast" / "sasha")
    chosen = {name for name, state in found.items() if state == "chosen"}
    assert chosen <= truth.with_her()
    clean = {
        fact.name
        for fact in truth.facts
        if fact.who == ("sasha",) and not fact.faults and fact.framing != "full body"
    }
    assert len(chosen & clean) >= len(clean) - 2
    assert all(found[name] == "blurred" for name in truth.with_fault("blurred"))
    assert all(found[name] == "unreadable" for name in truth.with_fault("truncated"))
    for moment in truth.moments():
        assert len(moment & chosen) <= 1


def test_pictures_captions_and_copies_belong_together(curated: Path) -> None:
    folder = curated / "cast" / "sasha"
    dataset = read_dataset(folder)
    assert dataset.class_words == "a girl"
    for one in dataset.pictures:
        with Image.open(folder / "dataset" / one.file) as picture:
            assert picture.size == (one.width, one.height)
            assert not picture.getexif()
            assert one.width % 64 == one.height % 64 == 0
        caption = caption_of(folder, one)
        assert caption.split().count(f"{dataset.trigger},") == 1
        assert caption.startswith(f"{dataset.trigger}, a girl")
        assert not PERMANENT.search(caption)
        with Image.open(folder / "photos" / one.photo) as copy:
            assert not copy.getexif()
            assert one.crop.w * copy.width * 1.3 >= one.width - 1, "never enlarged by more than 1.3"
    stems = {Path(one.file).stem for one in dataset.pictures}
    assert {path.stem for path in (folder / "dataset").glob("*.txt")} == stems
    assert {path.stem for path in (folder / "dataset").glob("*.png")} == stems


def test_the_look_is_measured(curated: Path) -> None:
    look = files.read_toml(curated / "cast" / "sasha" / shelf.CHARACTER, Character).look
    assert look.kind == "girl"
    assert look.skin.startswith("#")
    assert look.hair_colour.startswith("#")


def test_what_the_parent_said_about_looks_is_kept(home: Path) -> None:
    folder = home / "cast" / "sasha"
    casting.edit(
        folder, lambda one, decided: (replace(one, look=replace(one.look, hair_colour="red")), decided)
    )
    casting.rebuild(folder, few=True)
    assert files.read_toml(folder / shelf.CHARACTER, Character).look.hair_colour == "red"


def test_the_originals_are_untouched_and_may_be_read_only(truth: Truth, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for fact in truth.facts[:4]:
        shutil.copy2(truth.folder / fact.name, photos / Path(fact.name).name)
    for path in photos.iterdir():
        path.chmod(0o444)
    photos.chmod(0o555)
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in photos.iterdir()}
    casting.add("Sasha", [photos], tmp_path / "cast", GIRL, few=True)
    assert {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in photos.iterdir()} == before
    photos.chmod(0o755)


def test_the_second_run_looks_only_at_what_is_new(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from storykin.cast import looking

    looked: list[str] = []
    real = looking.look_at

    def counted(photo: Image.Image, name: str, digest: str, size: tuple[int, int]) -> object:
        looked.append(name)
        return real(photo, name, digest, size)

    monkeypatch.setattr(looking, "look_at", counted)
    folder = home / "cast" / "sasha"
    before = read_dataset(folder)
    casting.rebuild(folder, few=True)
    assert looked == []
    assert read_dataset(folder) == before
    (home / "photos" / "IMG_1042.jpg").rename(home / "photos" / "renamed.jpg")
    casting.rebuild(folder, few=True)
    assert looked == [], "the same bytes under another name"
    with Image.open(home / "photos" / "IMG_1119.jpg") as photo:
        photo.crop((0, 0, photo.width - 40, photo.height - 10)).save(home / "photos" / "new.jpg")
    casting.rebuild(folder, few=True)
    assert looked == ["new.jpg"]


def test_not_her_and_her_after_all(home: Path) -> None:
    folder = home / "cast" / "sasha"
    before = read_dataset(folder)

    def change(dropped: tuple[str, ...], kept: tuple[str, ...]) -> Dataset:
        casting.edit(folder, lambda one, decided: (one, replace(decided, dropped=dropped, kept=kept)))
        casting.rebuild(folder, few=True)
        return read_dataset(folder)

    name = casting.photo_named("img_1042", casting.names_of_photos(folder))
    assert change((name,), ()) != before
    assert states(folder)[name] == "dropped"
    assert change((), ("IMG_1070.jpg",)).pictures != before.pictures
    assert states(folder)["IMG_1070.jpg"] == "chosen", "blurred, but the parent wants it"
    shelf.undo(folder)
    shelf.undo(folder)
    casting.rebuild(folder, few=True)
    assert read_dataset(folder) == before


def test_a_crop_drawn_by_hand_is_cut(home: Path) -> None:
    folder = home / "cast" / "sasha"
    casting.edit(
        folder, lambda one, decided: (one, replace(decided, crops={"IMG_1007.jpg": (0.1, 0.1, 0.8, 0.8)}))
    )
    casting.rebuild(folder, few=True)
    seen = shelf.read_seen(folder, _version())["IMG_1007.jpg"].sighting
    made = next(one for one in read_dataset(folder).pictures if one.photo.startswith(seen.digest[:12]))
    assert made.crop.x < 0.2
    assert made.crop.w > 0.6


def test_whole_photos_are_learned_where_nothing_is_to_be_cut(home: Path) -> None:
    folder = home / "cast" / "sasha"
    before = read_dataset(folder)

    def learned(whole: bool) -> Dataset:
        casting.edit(folder, lambda one, decided: (one, replace(decided, whole=whole)))
        casting.rebuild(folder, few=True)
        return read_dataset(folder)

    seen = {one.sighting.digest[:12]: one.sighting for one in shelf.read_seen(folder, _version()).values()}
    found = learned(True).pictures
    assert found
    for one in found:
        photo = seen[Path(one.photo).stem[:12]]
        assert max(one.crop.w, one.crop.h) > 0.999, "as much as the bucket's aspect lets in"
        assert one.crop.w * one.crop.h > 0.8
        assert photo.faces, "nobody is nobody, cut or not"
    assert any(max(one.crop.w, one.crop.h) < 0.9 for one in before.pictures)
    assert learned(False) == before


def _version() -> int:
    from storykin.cast.looking import VERSION

    return VERSION


def test_captions_written_by_hand_stay_and_others_follow(home: Path) -> None:
    folder = home / "cast" / "sasha"
    dataset = read_dataset(folder)
    one = dataset.pictures[0]
    (folder / "dataset" / one.file).with_suffix(".txt").write_text(
        f"{dataset.trigger}, a girl, with a kite\n"
    )
    casting.edit(folder, lambda who, decided: (who, replace(decided, family="sd15")))
    casting.rebuild(folder, few=True)
    after = {
        caption_of(folder, picture) for picture in read_dataset(folder).pictures if picture.photo == one.photo
    }
    assert after == {f"{dataset.trigger}, a girl, with a kite"}


def test_without_the_originals_the_clean_copies_are_enough(home: Path) -> None:
    folder = home / "cast" / "sasha"
    before = read_dataset(folder)
    shutil.rmtree(home / "photos")
    casting.edit(folder, lambda one, decided: (one, replace(decided, dropped=("IMG_1119.jpg",))))
    casting.rebuild(folder, few=True)
    assert len(read_dataset(folder).pictures) == len(before.pictures) - 1
    shelf.undo(folder)
    casting.rebuild(folder, few=True)
    assert read_dataset(folder) == before, "the copy was kept, for there is no other"


def test_too_few_is_said_and_the_report_explains(truth: Truth, tmp_path: Path) -> None:
    photos = [truth.folder / fact.name for fact in truth.facts if fact.who == ("sasha",) and not fact.faults][
        :3
    ]
    with pytest.raises(BadInput, match="at least 8 are needed"):
        casting.add("Sasha", photos, tmp_path / "cast", GIRL)
    assert (tmp_path / "cast" / "sasha" / casting.REPORT).exists()
    added = casting.add("Sasha", photos, tmp_path / "cast", GIRL, few=True)
    assert added.dataset
    assert added.dataset.pictures


def test_a_stopped_run_goes_on(truth: Truth, tmp_path: Path) -> None:
    from storykin.errors import Cancelled

    def stop(fraction: float, doing: str) -> None:
        if doing.startswith("looking") and fraction > 0.3:
            raise Cancelled

    photos = [truth.folder / fact.name for fact in truth.facts[2:7]]
    with pytest.raises(Cancelled):
        casting.add("Sasha", photos, tmp_path / "cast", GIRL, on_step=stop)
    seen = shelf.read_seen(tmp_path / "cast" / "sasha", _version())
    assert 1 <= len(seen) < 5
    casting.rebuild(tmp_path / "cast" / "sasha", few=True)
    assert len(shelf.read_seen(tmp_path / "cast" / "sasha", _version())) == 5


def test_the_report_holds_every_photo_and_asks_nobody(curated: Path, truth: Truth) -> None:
    page = (curated / "cast" / "sasha" / casting.REPORT).read_text(encoding="utf-8")
    for fact in truth.facts:
        assert fact.name in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert str(curated) not in page


def test_forgotten_means_gone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cachefolder.CACHE, str(home / "cache"))
    folder = home / "cast" / "sasha"
    files.write_bytes(cachefolder.cache_of(folder) / "latents", b"Sasha's face")
    dataset = read_dataset(folder)
    digests = [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (home / "photos").rglob("*")
        if path.is_file()
    ]
    book = home / "a-day-out"
    files.write_text(book / "wish.toml", 'idea = "a day out"\nhero = "Sasha"\n')
    files.write_text(book / "story.json", '{"title": "Sasha"}')
    files.write_bytes(book / "pictures" / "01.svg", b"Sasha's face")
    files.write_bytes(book / "a-day-out.pdf", b"Sasha's face")
    other = home / "another-day"
    files.write_text(other / "wish.toml", 'hero = "Tom"\n')
    traces = shelf.traces_of("Sasha", home / "cast")
    assert traces.books == (book,)
    casting.forget(traces, home / "cast", books="pictures")
    assert not (book / "pictures").exists()
    assert not (book / "a-day-out.pdf").exists()
    assert (book / "story.json").exists(), "the words stay"
    files.write_toml(home / "cast" / "sasha" / shelf.CHARACTER, Character("Sasha"))
    casting.forget(shelf.traces_of("Sasha", home / "cast"), home / "cast", books="whole")
    shutil.rmtree(home / "photos")  # the parent's own
    left = everything_in(home)
    for trace in ("asha", dataset.trigger, *digests, *(digest[:8] for digest in digests)):
        assert trace.encode() not in left
    assert other.exists()


def test_pets_and_toys_need_no_face(tmp_path: Path) -> None:
    from skimage import data

    photos = tmp_path / "photos"
    photos.mkdir()
    cat = Image.fromarray(data.chelsea())
    cat.save(photos / "a.jpg", quality=92)
    cat.crop((60, 0, 451, 300)).rotate(8).save(photos / "b.jpg", quality=92)
    Image.fromarray(data.coffee()).save(photos / "c.jpg", quality=92)
    added = casting.add("Chelsea", [photos], tmp_path / "cast", Look(kind="cat"), few=True)
    assert added.dataset
    assert added.dataset.pictures
    assert added.dataset.class_words == "a cat"


def test_a_described_character_needs_no_photo(tmp_path: Path) -> None:
    added = casting.add("Wilbur", [], tmp_path, Look(kind="whale", skin="purple"))
    assert shelf.read_character("Wilbur", tmp_path) == added.character
    svg, png = casting.show(added.folder)
    assert svg.read_text().startswith("<svg")
    with Image.open(png) as sheet:
        assert sheet.width == 1600


def test_names_that_share_a_folder_are_refused(tmp_path: Path) -> None:
    casting.add("Zoe", [], tmp_path, GIRL)
    with pytest.raises(BadInput, match="Zoe"):
        casting.add("Zoë", [tmp_path], tmp_path, GIRL)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        casting.add("Zoe", [tmp_path / "nowhere"], tmp_path / "cast", GIRL)
    assert not (tmp_path / "cast").exists(), "nothing was begun"


@pytest.mark.parametrize(
    ("words", "told"), [("nobody.jpg", "no photo"), ("IMG_1.jpg", "could be"), ("img_2", "")]
)
def test_photos_are_called_as_people_call_them(words: str, told: str) -> None:
    known = ("a/IMG_1.jpg", "b/IMG_1.jpg", "a/IMG_2.JPG")
    if not told:
        assert casting.photo_named(words, known) == "a/IMG_2.JPG"
        return
    with pytest.raises(BadInput, match=told):
        casting.photo_named(words, known)


def test_more_photos_from_a_second_folder_keep_the_names_of_the_first(home: Path, truth: Truth) -> None:
    folder = home / "cast" / "sasha"
    more = home / "more"
    more.mkdir()
    shutil.copy2(truth.folder / "IMG_1021.jpg", more / "IMG_1000.jpg")
    casting.edit(folder, lambda one, decided: (one, replace(decided, dropped=("IMG_1042.jpg",))))
    casting.add("Sasha", [more], home / "cast", GIRL, few=True)
    found = states(folder)
    assert found["IMG_1042.jpg"] == "dropped"
    assert found["more/IMG_1000.jpg"] == "not her"
    assert os.fspath(more) in shelf.read_decisions(folder).sources


def test_decisions_default_to_sdxl() -> None:
    assert Decisions().family == "sdxl"


def test_a_dog_beside_its_people_is_the_dog(tmp_path: Path) -> None:
    from skimage import data

    photos = tmp_path / "photos"
    photos.mkdir()
    cat, astronaut = Image.fromarray(data.chelsea()), Image.fromarray(data.astronaut())
    together = Image.new("RGB", (963, 512), "#8090a0")
    together.paste(cat, (0, 100))
    together.paste(astronaut, (451, 0))
    together.save(photos / "both.jpg", quality=92)
    cat.save(photos / "alone.jpg", quality=92)
    astronaut.crop((100, 0, 400, 400)).save(photos / "hers.jpg", quality=92)
    added = casting.add("Chelsea", [photos], tmp_path / "cast", Look(kind="cat"), few=True)
    assert added.dataset
    captions = [caption_of(added.folder, one) for one in added.dataset.pictures]
    assert all("a cat" in caption and "smiling" not in caption for caption in captions)


def test_a_captioner_that_stops_answering_loses_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "cast" / "sasha"
    asked: list[int] = []

    def phrases(self: Captioner, jpeg: bytes) -> tuple[str, ...]:
        asked.append(len(jpeg))
        if len(asked) == 3:
            raise StorykinError("the server is gone")
        return ("a blue coat", "long blonde hair")

    monkeypatch.setattr(Captioner, "phrases", phrases)
    eye = Captioner("http://localhost:1/v1", "seeing")
    with pytest.raises(StorykinError, match="the server is gone"):
        casting.rebuild(folder, few=True, captioner=eye)
    assert len(asked) == 3
    dataset = read_dataset(folder)
    told = [one.caption for one in dataset.pictures if one.captioner == "seeing"]
    assert len(told) == 2
    assert all("a blue coat" in caption and "hair" not in caption for caption in told)
    casting.rebuild(folder, few=True, captioner=eye)
    assert len(asked) == 3 + len(dataset.pictures) - 2, "only those without were asked about"
    assert all(one.captioner == "seeing" for one in read_dataset(folder).pictures)
