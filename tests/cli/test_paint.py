"""Painting from the command line: what a parent types, what is stored in the book, and what is answered to what cannot be."""

import json
from pathlib import Path

import pytest
from PIL import Image

from storykin import bookfolder, make
from storykin.choices import Choices
from storykin.cli import main
from storykin.cli import paint as painting
from storykin.errors import Cancelled
from storykin.families import PAINTINGS
from storykin.wish import Wish
from tests.flat import SASHA, THEO, Flat, at_hand, put

PUPPIES = "I want a book about me being a puppy doctor"
PROMPT = "TARGET as an astronaut on a cheese moon"


@pytest.fixture(autouse=True)
def painter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flat:
    monkeypatch.chdir(tmp_path)
    made = Flat()
    at_hand(monkeypatch, made)
    return made


@pytest.fixture
def book() -> Path:
    """A book of four pages, drawn up and not painted."""
    folder = make.start(
        Path("b"),
        Wish(PUPPIES, "Sasha", "she", pages=4),
        Choices(painter="flat", size=64, press="screen", formats=("html",)),
    )
    make.write(folder)
    make.board(folder)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


def photo(name: str = "me.jpg", colour: str = "red") -> str:
    Image.new("RGB", (80, 64), colour).save(name)
    return name


# --- pictures without a book ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["picture", "grid", "fetch", "painters", "paint", "pictures", "board", "bind", "book"]
)
def test_every_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"storykin {command}" in out
    assert "--json" in out


def test_a_silly_picture_is_answered_with_its_path(capsys: pytest.CaptureFixture[str]) -> None:
    put(Path("cast"), SASHA, "sdxl")
    code, out, err = run(capsys, "picture", PROMPT, "--cast", "sasha", "--painter", "flat", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["sheet"] == "gallery/sheet.png"
    (one,) = found["pictures"]
    assert (one["who"], one["what"]) == ("Sasha", "seed 0")
    assert Path(one["path"]).exists()
    assert one["key"] in one["path"]
    assert json.loads(err.splitlines()[-1])["state"] == "done"
    code, out, _ = run(capsys, "picture", PROMPT, "--cast", "sasha", "--painter", "flat")
    assert code == 0
    assert f"Sasha, seed 0: {one['path']}" in out
    assert "sheet: gallery/sheet.png" in out


def test_a_sweep_of_strengths_is_one_labelled_sheet(
    capsys: pytest.CaptureFixture[str], painter: Flat
) -> None:
    put(Path("cast"), SASHA, "sdxl")
    words = [
        "picture",
        PROMPT,
        "--cast",
        "sasha",
        "--painter",
        "flat",
        "--photo",
        photo(),
        "--strength",
        "0.3,0.4, 0.5,0.6",
    ]
    code, out, err = run(
        capsys,
        *words,
        "--out",
        "moon",
        "--size",
        "96",
        "--aspect",
        "1.5",
        "--seed",
        "4",
        "--steps",
        "9",
        "--json",
    )
    assert code == 0, err
    found = json.loads(out)
    assert [one["what"] for one in found["pictures"]] == [
        f"strength {strength}" for strength in (0.3, 0.4, 0.5, 0.6)
    ]
    assert found["sheet"] == "moon/sheet.png"
    assert [one.strength for one in painter.painted] == [0.3, 0.4, 0.5, 0.6]
    assert {(one.width, one.height, one.seed, one.steps) for one in painter.painted} == {(96, 64, 4, 9)}
    assert Path("moon/photos/me.jpeg").read_bytes() == Path("me.jpg").read_bytes()
    photo(colour="blue")
    run(capsys, *words, "--out", "moon")
    assert Path("moon/photos/me.jpeg").read_bytes() == Path("me.jpg").read_bytes()
    assert len(painter.painted) == 8


def test_a_grid_has_people_in_rows_and_the_rest_in_columns(
    capsys: pytest.CaptureFixture[str], painter: Flat
) -> None:
    put(Path("cast"), SASHA, "sdxl")
    put(Path("cast"), THEO, "sdxl")
    words = [
        "grid",
        "TARGET dressed as a cowboy",
        "--cast",
        "sasha, theo,sasha",
        "--painter",
        "flat",
        "--seeds",
        "2",
        "--scales",
        "0.6,1",
        "--json",
    ]
    code, out, err = run(capsys, *words)
    assert code == 0, err
    found = json.loads(out)
    assert found["sheet"] == "gallery/target-dressed-as-a-cowboy/sheet.png"
    assert [(one["who"], one["what"]) for one in found["pictures"]] == [
        (who, f"scale {scale}, seed {seed}")
        for who in ("Sasha", "Theo")
        for scale in ("0.6", "1")
        for seed in (0, 1)
    ]
    again = json.loads(run(capsys, *words)[1])
    assert again == found
    assert len(painter.painted) == 8
    code, out, _ = run(
        capsys,
        "grid",
        "TARGET asleep",
        "TARGET awake",
        "--cast",
        "theo",
        "--bases",
        "flat,sketch",
        "--arts",
        "flat,ink",
        "--json",
    )
    assert code == 0
    assert [one["what"] for one in json.loads(out)["pictures"]] == [
        f"{prompt}, {art}, {base}"
        for prompt in ("TARGET asleep", "TARGET awake")
        for art in ("flat", "ink")
        for base in ("flat", "sketch")
    ]


def test_the_unfinished_picture_can_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    put(Path("cast"), SASHA)
    assert (
        run(capsys, "picture", PROMPT, "--cast", "sasha", "--painter", "flat", "--preview", "now.jpg")[0] == 0
    )
    assert Path("now.jpg").read_bytes() == b"a small JPEG"


def test_stopped_by_hand_it_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str], painter: Flat, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Path("cast"), SASHA)

    def stop(*_: object) -> bytes:
        raise Cancelled

    monkeypatch.setattr(painter, "paint", stop)
    code, _, err = run(capsys, "picture", PROMPT, "--cast", "sasha", "--painter", "flat")
    assert code == 130
    assert "run the same command again to go on" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["picture", "Sasha on the moon", "--cast", "sasha"], 2, "TARGET in capitals"),
        (["picture", "TARGET naked", "--cast", "sasha", "--painter", "flat"], 3, "not something for a children's book"),
        (["picture", PROMPT], 2, "--cast"),
        (["picture", PROMPT, "--cast", ","], 2, "nobody is named"),
        (["picture", PROMPT, "--cast", "sacha"], 2, "did you mean Sasha"),
        (["picture", PROMPT, "--cast", "sasha", "--art", "watercolor"], 2, "did you mean watercolour"),
        (["picture", PROMPT, "--cast", "sasha", "--painter", "flux-def"], 2, "did you mean 'flux-dev'"),
        (["picture", PROMPT, "--cast", "sasha", "--strength", "0.5"], 2, "name one with --photo"),
        (["picture", PROMPT, "--cast", "sasha", "--photo", "me.jpg", "--strength", "half"], 2, "0.3,0.4,0.5"),
        (["picture", PROMPT, "--cast", "sasha", "--photo", "me.jpg", "--strength", "7"], 2, "0 is a copy"),
        (["picture", PROMPT, "--cast", "sasha", "--scale", "nan"], 2, "these are no numbers"),
        (["picture", PROMPT, "--cast", "sasha", "--scale", "1"], 2, "storykin train"),
        (["picture", PROMPT, "--cast", "sasha", "--photo", "gone.jpg"], 1, "gone.jpg: cannot be read"),
        (["picture", PROMPT, "--cast", "sasha", "--photo", "me.jpg"], 1, "painter 'sketch' cannot use a start image"),
        (["picture", PROMPT, "--cast", "sasha", "--size", "20"], 2, "from 64"),
        (["picture", PROMPT, "--cast", "sasha", "--precision", "int4"], 2, "nf4"),
        (["picture", PROMPT, "--cast", "sasha", "--painter", "comfyui"], 2, "host"),
        (["grid", PROMPT, "--cast", "sasha", "--seeds", "51"], 2, "50"),
        (["grid", PROMPT, "--cast", "sasha", "--bases", "flat,rembrandt"], 2, "painters: sketch"),
        (["grid", "--cast", "sasha"], 2, "PROMPT"),
        (["fetch", "sketch"], 2, "has nothing to load down"),
        (["fetch", "flux-def"], 2, "did you mean 'flux-dev'"),
        (["fetch", "./nowhere"], 1, "there is no such folder or file"),
    ],
)  # fmt: skip
def test_mistakes_are_answered_in_words(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(Path("cast"), SASHA)
    photo()
    found, out, err = run(capsys, *words)
    assert (found, "Traceback" in out + err) == (code, False), err
    assert said in err
    assert "hint: " in err
    found, out, _ = run(capsys, *words, "--json")
    assert found == code
    assert json.loads(out).keys() == {"error", "hint"}


# --- books ------------------------------------------------------------------------------------------


def test_what_is_said_about_painting_is_stored_in_the_book(
    capsys: pytest.CaptureFixture[str], painter: Flat
) -> None:
    Path("net.pth").write_bytes(b"weights")
    code, out, err = run(
        capsys, "book", PUPPIES, "--hero", "Sasha", "--pages", "4", "--painter", "flat", "--art", "clay", "--format", "html", "--for", "screen",
        "--consistency", "prompt+img2img", "--photo", f"3={photo()}", "--photo", f"cover={photo('us.png')}", "--start", "before", "--strength", "0.6",
        "--host", "http://127.0.0.1:8188", "--model", "sdxl:m", "--precision", "nf4", "--commercial", "--upscaler", "net.pth", "--out", "b", "--json",
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(out)["files"]
    chosen = bookfolder.read_choices(Path("b"))
    assert chosen == Choices(
        painter="flat", formats=("html",), press="screen", consistency="prompt+img2img", start="before", strength=0.6, host="http://127.0.0.1:8188",
        model="sdxl:m", precision="nf4", commercial=True, upscaler=str(Path("net.pth").absolute()),
        photos={"3": "photos/3-me.jpeg", "cover": "photos/cover-us.png"},
    )  # fmt: skip
    begun = {shot.page: Path(shot.init_image).parent.name for shot in painter.painted}
    assert begun == {0: "photos", 1: "", 2: "pictures", 3: "photos", 4: "pictures"}
    assert {shot.strength for shot in painter.painted if shot.init_image} == {0.6}
    assert run(capsys, "board", "--strength", "0.3", "--book", "b")[0] == 0
    after = bookfolder.read_choices(Path("b"))
    assert (after.strength, after.start, after.photos) == (0.3, "before", chosen.photos)


def test_a_photo_is_copied_into_the_book_and_noted(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(
        capsys,
        "board",
        "--photo",
        f"3={photo('Me As Wizard!.jpg')}",
        "--photo",
        f"0004 = {photo('b.png')}",
        "--book",
        "b",
    )
    assert code == 0, err
    assert bookfolder.read_choices(book).photos == {"3": "photos/3-me-as-wizard.jpeg", "4": "photos/4-b.png"}
    copy = book / "photos" / "3-me-as-wizard.jpeg"
    assert copy.read_bytes() == Path("Me As Wizard!.jpg").read_bytes()
    run(capsys, "board", "--photo", f"3={photo('other.png')}", "--book", "b")
    assert bookfolder.read_choices(book).photos == {"3": "photos/3-other.png", "4": "photos/4-b.png"}
    before = copy.read_bytes()
    assert run(capsys, "board", "--photo", f"3={copy}", "--book", "b")[0] == 0
    assert copy.read_bytes() == before
    assert bookfolder.read_choices(book).photos["3"] == "photos/3-3-me-as-wizard.jpeg"


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("me.jpg", 2, "is not PAGE=FILE"), ("=me.jpg", 2, "is not PAGE=FILE"), ("three=me.jpg", 2, "is not PAGE=FILE"), ("-1=me.jpg", 2, "is not PAGE=FILE"),
        ("3-4=me.jpg", 2, "is not PAGE=FILE"), ("9=me.jpg", 2, "its pages: 1 to 4, and cover"), ("0=me.jpg", 2, "and cover"),
        ("3=gone.jpg", 1, "gone.jpg: cannot be read"), ("3=words.txt", 1, "is no picture"),
    ],
)  # fmt: skip
def test_a_wrong_photo_copies_none(
    given: str, code: int, said: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("words.txt").write_text("words")
    found, _, err = run(capsys, "board", "--photo", f"2={photo()}", "--photo", given, "--book", "b")
    assert found == code
    assert said in err
    assert not (book / "photos").exists()
    assert bookfolder.read_choices(book).photos == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["board", "--consistency", "lora+magic"], "prompt, outfit, img2img, lora, reference"), (["board", "--start", "after"], "sketch, before, none"),
        (["board", "--strength", "1.5"], "less than or equal to 1"), (["bind", "--upscaler", "gone.pth"], "there is no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_stored(
    words: list[str], said: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (book / "book.toml").read_bytes()
    code, _, err = run(capsys, *words, "--book", "b")
    assert code == 2
    assert said in err
    assert (book / "book.toml").read_bytes() == before


def test_nothing_said_changes_nothing(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (book / "book.toml").stat().st_mtime_ns
    assert run(capsys, "board", "--book", "b")[0] == 0
    assert (book / "book.toml").stat().st_mtime_ns == before


def test_a_picture_from_elsewhere_is_put_on_its_page(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "pictures", "3", "--take", photo(), "--book", "b", "--json")
    assert code == 0, err
    (row,) = json.loads(out)
    assert row["used"]
    assert row["path"].startswith("pictures/03-taken-")
    run(capsys, "paint", "--book", "b")
    code, out, _ = run(capsys, "pictures", "3", "--book", "b", "--json")
    assert [row["used"] for row in json.loads(out)] == [True]
    code, out, _ = run(capsys, "paint", "3", "--again", "--book", "b", "--json")
    assert [one["page"] for one in json.loads(out)] == [3]
    code, out, _ = run(capsys, "pictures", "3", "--use", row["key"][:5], "--book", "b", "--json")
    assert [one["used"] for one in json.loads(out)] == [True, False]
    code, _, err = run(capsys, "pictures", "9", "--take", "me.jpg", "--book", "b")
    assert code == 2
    assert "there is no page 9" in err
    code, _, err = run(capsys, "pictures", "3", "--take", "gone.jpg", "--book", "b")
    assert code == 1
    assert "gone.jpg: cannot be read" in err


def test_what_is_here_is_not_loaded_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.models.test_bases import write_base

    write_base(tmp_path / "model", "sdxl")
    code, out, err = run(capsys, "fetch", "./model", "--json")
    assert code == 0, err
    licence = PAINTINGS["sdxl"].licence
    assert json.loads(out) == {
        "base": "./model",
        "name": "./model",
        "licence": licence,
        "commercial": True,
        "was_here": True,
    }
    code, out, _ = run(capsys, "fetch", "./model")
    assert "was here already. Paint with: --painter ./model" in out


def test_the_table_of_painters_breaks_no_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names are typed again, also from a terminal of 60 columns."""
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = run(capsys, "painters")
    assert code == 0
    *lines, _ = out.splitlines()
    named = {line.split()[0] for line in lines if line[0] != " "}
    assert {"sketch", *PAINTINGS} <= named
    assert max(map(len, lines)) <= 60


def test_the_shell_completes_painters_styles_and_methods() -> None:
    assert painting.complete_painter("flux") == ["flux-dev", "flux-schnell", "flux2-klein", "flux-kontext"]
    assert painting.complete_painter("s") == ["sketch", "sd15", "sdxl"]
    assert "clay" in painting.complete_art("cl")
    assert painting.complete_art("no such") == []
    assert painting._complete_method("") == ["prompt", "outfit", "img2img", "lora", "reference", "closeup"]
    assert painting._complete_method("prompt+l") == ["prompt+lora"]
    assert painting._complete_method("prompt+lora+") == [
        f"prompt+lora+{name}" for name in ("prompt", "outfit", "img2img", "lora", "reference", "closeup")
    ]
    assert painting._complete_family("") == list(PAINTINGS)


def test_a_password_in_the_address_is_refused_before_it_is_kept(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "board", "--book", "b")
    assert code == 0, err
    code, _, err = run(
        capsys,
        "book",
        "me on the moon",
        "--painter",
        "comfyui",
        "--host",
        "http://me:secret@10.0.0.5:1",
        "--out",
        "other",
    )
    assert code == 2
    assert "STORYKIN_LOGIN" in err
    assert "secret" not in err
    assert not Path("other").exists()


@pytest.mark.parametrize(
    ("name", "where", "licence"),
    [("safety", "storykin.critics.safety", "Apache-2.0"), ("clip", "storykin.models.seeing", "MIT")],
)
def test_the_critics_nets_are_loaded_down_by_name(
    name: str, where: str, licence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def load(named: str, on_step: object) -> bool:
        asked.append(named)
        return True

    monkeypatch.setattr(f"{where}.fetch", load)
    with pytest.raises(SystemExit, match="0"):
        main(["fetch", name, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert asked == [name]
    assert (told["base"], told["licence"], told["was_here"]) == (name, licence, False)
