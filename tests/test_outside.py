"""Pictures made elsewhere: what is known of them, who is who on them, and what is judged when nobody said anything."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storykin import files
from storykin.character import Character, Look
from storykin.critics import Question, Reading
from storykin.errors import BadFile, BadInput
from storykin.outside import Asked, Outside, judge_outside, read_table, split_names
from storykin.reviewing import Critic
from tests.elsewhere import SASHA, TOM, Doll, DollReader, folder_of, painted

BOTH = {"Sasha": SASHA, "Tom": TOM}


def judged(asked: Asked, keep: Path | None = None, reader: DollReader | None = None) -> Outside:
    reader = reader or DollReader()
    return judge_outside(asked, Critic((reader,), (reader,)), keep)


def faults(outside: Outside) -> dict[str, set[tuple[str, str]]]:
    """Name and person of every fault, by picture; pictures without any are left out."""
    found = {
        one.picture.path: {(fault.name, fault.who) for fault in one.judgement.verdict.faults}
        for one in outside.reviewed
    }
    return {name: each for name, each in found.items() if each}


@pytest.fixture
def references(tmp_path: Path) -> Path:
    folder_of(tmp_path / "refs" / "Sasha", {"1.png": {"Sasha": Doll(0.5, 0.9)}})
    folder_of(tmp_path / "refs", {"tom-1.png": {"Tom": replace(TOM, x=0.5)}})
    return tmp_path / "refs"


def test_who_is_said_and_shown_by_references(tmp_path: Path, references: Path) -> None:
    pages = {
        "1.png": BOTH,
        "2.png": {"Sasha": replace(SASHA, hair="white"), "Tom": TOM},
        "3.png": {"Tom": TOM},
        "4.png": {**BOTH, "Mia": Doll(0.1)},
        "5.png": {"Sasha": replace(SASHA, clothes="green"), "Tom": TOM},
        "10.png": BOTH,
    }
    found = judged(Asked((folder_of(tmp_path / "made", pages),), ("Sasha", "Tom"), references=references))
    assert [one.picture.path for one in found.reviewed][-1] == "10.png"  # in natural order
    assert faults(found) == {
        "2.png": {("hair", "Sasha")}, "3.png": {("missing", "Sasha")}, "4.png": {("extra", "")}, "5.png": {("clothes", "Sasha")},
    }  # fmt: skip
    assert found.names == ("Sasha", "Tom")
    assert not found.grouped


class Copies(DollReader):
    """Tells pictures that are one of the references to the last pixel, and writes down how many references it was shown."""

    name = "copies"
    reads = frozenset({"technical"})

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[int] = []

    def read(self, picture: Image.Image, question: Question) -> Reading:
        self.shown.append(len(question.references))
        same = any(one.tobytes() == picture.tobytes() for one in question.references)
        return Reading(marks={"pasted": float(same)}, read={"technical": self.name})


def judged_for_copies(asked: Asked) -> tuple[dict[str, set[tuple[str, str]]], list[int]]:
    copies = Copies()
    readers = (DollReader(), copies)
    return faults(judge_outside(asked, Critic(readers, readers))), copies.shown


def test_a_copy_of_a_reference_is_no_picture_of_its_own(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": {"Sasha": SASHA}, "2.png": {"Sasha": Doll(0.5, 0.9)}})
    found, shown = judged_for_copies(Asked((folder,), ("Sasha",), references=references))
    assert found == {"2.png": {("broken", "")}}
    assert shown == [1, 1]  # Tom, of whom there is a reference too, should not be there


def test_without_a_word_of_who_is_there_it_may_be_a_copy_of_anybody(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": {"Sasha": SASHA}, "2.png": {"Tom": replace(TOM, x=0.5)}})
    found, shown = judged_for_copies(Asked((folder,), references=references))
    assert ("broken", "") in found["2.png"]
    assert shown == [2, 2]


def test_a_picture_that_is_a_reference_is_no_copy_of_itself(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {f"{number}.png": {"Sasha": SASHA} for number in (1, 2)})
    (folder / "judge.toml").write_text('[cast.Sasha]\nreferences = ["1.png"]\n')
    found, shown = judged_for_copies(Asked((folder,), ("Sasha",)))
    assert found == {"2.png": {("broken", "")}}
    assert shown == [0, 1]


def test_drawings_have_no_photos_to_be_copied_from(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": {"Sasha": Doll(0.5, 0.9)}})
    found, shown = judged_for_copies(Asked((folder,), ("Sasha",), references=references, drawn=True))
    assert not found
    assert shown == [0]


def test_another_one_in_somebodys_place(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": {"Mia": Doll(0.3, 0.5, "white", "green")}})
    found = judged(Asked((folder,), ("Sasha",), references=references))
    assert faults(found) == {"1.png": {("not-her", "Sasha")}}


def test_without_a_word_alike_figures_are_one_person(tmp_path: Path) -> None:
    pages = {f"{number}.png": BOTH for number in range(1, 8)}
    pages["3.png"] = {"Sasha": replace(SASHA, hair="white"), "Tom": TOM}
    pages["5.png"] = {"Tom": TOM}
    pages["6.png"] = {"Sasha": replace(SASHA, height=0.7), "Tom": TOM}
    found = judged(Asked((folder_of(tmp_path, pages),)))
    assert found.grouped == ("somebody 1", "somebody 2")  # Tom is on seven, Sasha on six
    assert ("hair", "somebody 2") in faults(found)["3.png"]
    assert "5.png" not in faults(found)  # nobody said that she should be there
    assert {name for name, _ in faults(found)["6.png"]} == {"height"}
    assert set(faults(found)) == {"3.png", "6.png"}


def test_somebody_seen_once_is_compared_with_nobody(tmp_path: Path) -> None:
    found = judged(Asked((folder_of(tmp_path, {"1.png": {"Sasha": SASHA}}),)))
    (one,) = found.reviewed
    assert one.judgement.verdict.passed
    assert any(name.startswith("looks") for name in one.judgement.verdict.unread)


def test_references_name_people_on_pictures_of_which_nothing_is_said(
    tmp_path: Path, references: Path
) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH, "2.png": {"Tom": TOM, "Mia": Doll(0.2)}})
    found = judged(Asked((folder,), references=references))
    names = [{match.wanted.name for match in one.judgement.matches} for one in found.reviewed]
    assert names == [{"Sasha", "tom"}, {"tom", "somebody 1"}]


def test_nobody_is_on_a_picture_twice(tmp_path: Path, references: Path) -> None:
    """Ann is as like Sasha as a sister."""
    pages = {f"{number}.png": {"Sasha": SASHA, "Ann": Doll(0.7)} for number in (1, 2)}
    found = judged(Asked((folder_of(tmp_path / "made", pages),), references=references))
    for one in found.reviewed:
        assert {match.wanted.name for match in one.judgement.matches} == {"Sasha", "somebody 1"}
        assert not one.judgement.extra


def test_only_pictures_that_are_said_to_show_somebody_alone_tell_who_they_are(tmp_path: Path) -> None:
    pages = {
        "1.png": {"Sasha": SASHA},
        "2.png": {"Sasha": SASHA},
        "3.png": {"Tom": TOM},
        "4.png": {"Tom": TOM},
    }
    folder = folder_of(tmp_path, pages)
    (folder / "judge.csv").write_text("file,who\n1.png,Sasha\n2.png,Sasha\n3.png,Tom\n4.png,Sasha\n")
    assert faults(judged(Asked((folder,)))) == {"4.png": {("not-her", "Sasha")}}


def test_pictures_with_and_without_a_word_together(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"1.png": BOTH, "2.png": {"Tom": TOM}, "3.png": BOTH})
    (tmp_path / "judge.csv").write_text("file,who\n2.png,\n")
    found = judged(Asked((folder,)))
    assert faults(found) == {"2.png": {("extra", "")}}  # nobody should be on the second


def test_somebody_without_references_is_known_by_the_pictures_on_which_they_are_alone(tmp_path: Path) -> None:
    pages = {f"{number}.png": {"Sasha": SASHA} for number in range(1, 5)}
    folder = folder_of(tmp_path, pages | {"3.png": {"Sasha": replace(SASHA, hair="white")}})
    assert faults(judged(Asked((folder,), ("Sasha",)))) == {"3.png": {("hair", "Sasha")}}


def test_heights_that_nobody_told_are_held_against_the_other_pictures(
    tmp_path: Path, references: Path
) -> None:
    pages = {f"{number}.png": BOTH for number in range(1, 5)}
    pages["2.png"] = {"Sasha": replace(SASHA, height=0.68), "Tom": TOM}
    folder = folder_of(tmp_path / "made", pages)
    asked = Asked((folder,), ("Sasha", "Tom"), references=references)
    assert {name for name, _ in faults(judged(asked))["2.png"]} == {"height"}
    assert set(faults(judged(asked))) == {"2.png"}
    (folder / "judge.toml").write_text("[cast.Sasha]\nheight = 100\n[cast.Tom]\nheight = 105\n")
    assert set(faults(judged(asked))) == {"1.png", "3.png", "4.png"}  # as it is said, so it is


def test_a_table_says_what_each_picture_shows(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH, "2.png": {"Tom": TOM}})
    (folder / "judge.toml").write_text(
        f'[pictures."1.png"]\nwho = ["Sasha", "Tom"]\nplace = "kitchen"\n[pictures.2]\nwho = ["Sasha"]\n'
        f'[cast.Sasha]\nkind = "girl"\nheight = 110\nreferences = ["{references}/Sasha/1.png"]\n'
    )
    found = judged(Asked((folder,), references=references))
    assert [one.shot.scene.place for one in found.reviewed] == ["kitchen", ""]
    assert found.reviewed[0].shot.cast[0].look == Look("girl", height=110)
    assert "2.png" in faults(found)


def test_people_on_the_shelf_bring_their_references(tmp_path: Path) -> None:
    home = tmp_path / "cast" / "sasha"
    folder_of(home, {"face.png": {"Sasha": Doll(0.5, 0.9)}})
    files.write_toml(home / "character.toml", Character("Sasha", Look("girl", 5), references=("face.png",)))
    folder = folder_of(tmp_path / "made", {"1.png": {"Mia": Doll(0.3, 0.5, "white", "green")}})
    found = judged(Asked((folder,), ("Sasha",), shelf=tmp_path / "cast"))
    assert found.names == ("Sasha",)
    assert faults(found) == {"1.png": {("not-her", "Sasha")}}


def test_what_was_read_is_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH, "2.png": {"Tom": TOM}})
    reader = DollReader()
    first = judged(Asked((folder,)), folder, reader)
    assert reader.looked == 2
    assert judged(Asked((folder,)), folder, reader) == first
    assert reader.looked == 2
    assert all((folder / "readings").glob("*.json"))


def test_pictures_that_cannot_be_read_are_named_and_the_others_judged(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"1.png": BOTH, "2.png": BOTH})
    (folder / "2.png").write_bytes((folder / "2.png").read_bytes()[:200])
    (folder / "3.jpg").write_bytes(b"no picture at all")
    (folder / "notes.pdf").write_bytes(b"%PDF-1.7")
    found = judged(Asked((folder,)))
    assert [one.picture.path for one in found.reviewed] == ["1.png"]
    assert [name for name, _ in found.left_out] == ["notes.pdf", "2.png", "3.jpg"]
    assert all(why and not why.startswith(str(folder)) for _, why in found.left_out)


def test_webp_and_turned_photos_are_read(tmp_path: Path) -> None:
    painted(BOTH).save(tmp_path / "a.webp", lossless=True)
    found = judged(Asked((tmp_path / "a.webp",), ("Sasha", "Tom")))
    assert len(found.reviewed[0].judgement.matches) == 2
    assert not faults(found)


def test_only_some_pictures(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {f"{number}.png": BOTH for number in (1, 2, 10)})
    assert [one.picture.path for one in judged(Asked((folder,), only=(2, 3))).reviewed] == ["2.png", "10.png"]
    with pytest.raises(BadInput, match="no picture 4"):
        judged(Asked((folder,), only=(4,)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,who\n1.png,Sasha\n", "unknown column 'name'"),
        ("who\nSasha\n", "no column 'file'"),
        ("file,who\n1.png,Sasha,Tom\n", "line 2: more cells than columns"),
        ("file,who\n,Sasha\n", "line 2: names no file"),
    ],
)
def test_a_wrong_csv_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "judge.csv").write_text(text)
    with pytest.raises(BadFile, match=said):
        read_table(tmp_path / "judge.csv")


def test_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\ufeffFile;Who;Place\n1.png;"Sasha, Tom";kitchen\n2.png;;\n')
    table = read_table(tmp_path / "a.csv")
    assert table.pictures["1.png"].who == ("Sasha", "Tom")
    assert table.pictures["1.png"].place == "kitchen"
    assert table.pictures["2.png"].who == ()


def test_a_table_that_names_a_picture_that_is_not_there(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"page-1.png": BOTH})
    (tmp_path / "judge.csv").write_text("file,who\npag-1.png,Sasha\n")
    with pytest.raises(BadInput, match=r"'pag-1.png'") as told:
        judged(Asked((folder,)))
    assert "page-1.png" in told.value.hint


def test_bad_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no picture"):
        judged(Asked((tmp_path,)))
    with pytest.raises(BadInput, match="no such folder"):
        judged(Asked((tmp_path / "gone",)))
    folder_of(tmp_path / "made", {"1.png": BOTH})
    with pytest.raises(BadInput, match="no folder of references"):
        judged(Asked((tmp_path / "made",), references=tmp_path / "gone"))
    (tmp_path / "made" / "1.png").write_bytes(b"")
    with pytest.raises(BadFile, match="no picture can be read"):
        judged(Asked((tmp_path / "made",)))


def test_a_damaged_reference_is_named(tmp_path: Path, references: Path) -> None:
    (references / "Sasha" / "1.png").write_bytes(b"nothing")
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    with pytest.raises(BadFile, match="a picture of Sasha"):
        judged(Asked((folder,), ("Sasha",), references=references))


def test_names_are_split() -> None:
    assert split_names(" Sasha, Tom;Sasha ,") == ("Sasha", "Tom")
    assert split_names("") == ()
