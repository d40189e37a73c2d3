"""The character sheet: colours are found again through casts, shade, hats and black-and-white photos."""

import random
from dataclasses import replace

import pytest

from storykin.cast.sheet import (
    Measured,
    explained,
    measured,
    measured_look,
    measured_outfits,
    top_of,
    usual,
    weighted_median,
    worth,
)
from storykin.cast.sighting import Face, Lab
from storykin.character import Look, Outfit
from storykin.colours import (
    CLOTHES,
    HAIR,
    SKIN,
    clothes_word,
    colour_word,
    delta_e,
    hair_word,
    hex_of,
    lab_of,
    relit,
    skin_word,
)
from storykin.scene import Box

HEAD = Box(0.4, 0.2, 0.2, 0.2)
BLANK = Face(HEAD, HEAD, 240, 0.95)
LAMPS = ((1.35, 1.0, 0.6), (0.75, 1.0, 1.35), (0.85, 1.15, 0.85))
"""Red, green and blue of a lamp, of open shade and of light through leaves."""
WORN = ((CLOTHES["red"], CLOTHES["white"]), (CLOTHES["navy"],), (CLOTHES["mustard"],))


def photos(seed: int, skin: Lab = SKIN["light"], hair: Lab = HAIR["dark blond"], lamps=LAMPS, count: int = 30) -> list[Face]:  # fmt: skip
    """Faces of one person, 30 % of them under coloured light, all with uneven exposure and noise, some under a hat."""
    dice = random.Random(seed)
    found = []
    for i in range(count):
        cast = dice.choice(lamps) if i < 0.3 * count else (1.0, 1.0, 1.0)
        stops = 2 ** dice.gauss(0, 0.25) * (0.5 if dice.random() < 0.1 else 1.0)
        gains = (cast[0] * stops, cast[1] * stops, cast[2] * stops)

        def seen(lab: Lab, gains=gains) -> Lab:
            light, a, b = relit(lab, gains)
            return light + dice.gauss(0, 2), a + dice.gauss(0, 2), b + dice.gauss(0, 2)

        hat = dice.random() < 0.15
        face = replace(
            BLANK, yaw=dice.gauss(0, 20), uneven=abs(dice.gauss(0, 6)), skin=seen(skin), hair=None if hat else seen(hair),
            long_hair=None if hat else dice.random() < 0.9, clothes=tuple(map(seen, dice.choices(WORN, (5, 3, 2))[0])),
        )  # fmt: skip
        found.append(face)
    dice.shuffle(found)
    return found


@pytest.mark.parametrize("lamps", [LAMPS, LAMPS[:1]], ids=["all lamps", "one lamp"])
@pytest.mark.parametrize("skin", SKIN)
def test_skin_and_hair_are_found_through_casts(skin: str, lamps) -> None:
    for seed, hair in enumerate(HAIR):
        found = measured(photos(seed, SKIN[skin], HAIR[hair], lamps))
        assert found.skin
        assert found.hair
        assert delta_e(found.skin, SKIN[skin]) < 6
        assert delta_e(found.hair, HAIR[hair]) < 6
        assert skin_word(found.skin) == skin
        assert delta_e(found.hair, HAIR[hair_word(found.hair)]) <= delta_e(found.hair, HAIR[hair])


def test_words_of_hair_are_mostly_right() -> None:
    right = 0
    for seed, hair in enumerate(list(HAIR) * 3):
        found = measured(photos(seed, hair=HAIR[hair]))
        right += found.hair is not None and hair_word(found.hair) == hair
    assert right >= 0.9 * 3 * len(HAIR)


def test_the_skin_tells_the_light_in_which_clothes_are_seen() -> None:
    lamp = (1.4, 1.0, 0.55)
    even = replace(BLANK, skin=SKIN["light"], clothes=(CLOTHES["navy"],))
    warm = replace(BLANK, skin=relit(SKIN["light"], lamp), clothes=(relit(CLOTHES["white"], lamp),))
    assert clothes_word(warm.clothes[0]) != "white"
    assert [one.words for one in measured_outfits([even] * 6 + [warm] * 4)] == ["a navy top", "a white top"]


def test_black_and_white_photos_say_how_long_hair_is_and_nothing_else() -> None:
    faces = photos(1)
    grey = [
        replace(face, skin=(40.0, 0.3, 0.4), hair=(60.0, 0, 0), clothes=((50.0, 0, 0),)) for face in photos(2)
    ]
    assert measured(faces + grey).skin == measured(faces).skin  # noticed from the skin
    dark = [replace(face, skin=(20.0, 9.0, 9.0)) for face in grey]
    found = measured(faces + dark, [False] * 30 + [True] * 30)
    assert found.skin == measured(faces).skin
    assert found.length_in > measured(faces).length_in


def test_only_what_nobody_said_is_filled_in() -> None:
    said = Look("girl", 6, skin="olive", hair_style="two plaits", eyes="green", extras=("freckles",))
    look = measured_look(photos(3), said)
    assert look == replace(said, hair_colour=look.hair_colour)
    assert colour_word(look.hair_colour, "hair") == "dark blond"
    empty = measured_look(photos(3), Look("girl", 6))
    assert skin_word(lab_of(empty.skin)) == "light"
    assert empty.hair_style == "long"
    assert measured_look([], said) == said


def test_hair_under_hats_and_short_or_long_by_turns_stays_open() -> None:
    hats = [replace(face, hair=face.hair if i % 3 == 0 else None) for i, face in enumerate(photos(4))]
    assert measured(hats).hair is None
    assert measured_look(hats, Look()).hair_colour == ""
    for long, style in ((10, "long"), (7, "long"), (5, ""), (3, "short"), (0, "short")):
        faces = [replace(BLANK, skin=SKIN["tan"], long_hair=i < long) for i in range(10)]
        assert measured_look(faces, Look()).hair_style == style
    assert measured_look([replace(BLANK, long_hair=True)] * 2, Look()).hair_style == ""


def test_the_three_most_frequent_clothes_become_outfits() -> None:
    outfits = measured_outfits(photos(5, count=60))
    assert [one.name for one in outfits] == ["everyday", "second", "third"]
    assert {one.words for one in outfits} == {"a red and white top", "a navy top", "a mustard top"}
    assert outfits[0].words == "a red and white top"
    for one in outfits:
        for code in one.palette:
            assert code.startswith("#")
            assert colour_word(code, "clothes") in one.words
    given = (Outfit("vet", "a white coat"),)
    assert measured_outfits(photos(5), given) == given


def test_clothes_seen_once_are_no_outfit_unless_all_are() -> None:
    once = [replace(BLANK, skin=SKIN["fair"], clothes=(CLOTHES[word],)) for word in ("red", "blue", "yellow")]
    assert len(measured_outfits(once)) == 1
    assert [one.words for one in measured_outfits([*once, once[2]])] == ["a yellow top"]
    assert measured_outfits([]) == ()


def test_top_of() -> None:
    assert top_of([CLOTHES["orange"]]) == "an orange top"
    assert top_of([CLOTHES["red"], CLOTHES["red"]]) == "a red top"
    assert top_of([CLOTHES["red"], CLOTHES["teal"], CLOTHES["pink"]]) == "a red and teal top"


def test_faces_that_are_lit_well_from_the_front_count_more() -> None:
    assert worth(BLANK) == 1.0
    for worse in (
        replace(BLANK, yaw=-40),
        replace(BLANK, uneven=20),
        replace(BLANK, clipped=0.2),
        replace(BLANK, covered=0.6),
    ):
        assert 0 < worth(worse) < 0.7


def test_usual_colours() -> None:
    assert weighted_median([(1, 1), (2, 1), (9, 1)]) == 2
    assert weighted_median([(1, 1), (3, 1)]) == 2
    assert weighted_median([(5, 0.2)]) == 5
    assert weighted_median([(1, 1), (9, 5), (9, 5)]) == 9
    near = [((50.0 + i, 10.0, 10.0), 1.0) for i in range(9)]
    assert usual(near) == (54, 10, 10)
    assert usual([*near, ((90.0, -40.0, 60.0), 1.0), ((95.0, -40.0, 60.0), 1.0)]) == (54, 10, 10)


def test_a_cast_on_every_photo_is_taken_back_to_what_skin_can_be() -> None:
    green = [replace(BLANK, skin=(60.0, 1.0, 20.0))] * 5
    found = measured(green).skin
    assert found
    assert found[1] > 4
    assert delta_e(found, (60, 1, 20)) < 12


def test_explained() -> None:
    faces = [
        replace(BLANK, skin=SKIN["light"], hair=HAIR["dark blond"], long_hair=True, clothes=WORN[0])
    ] * 26
    said = explained(measured([*faces, replace(BLANK, skin=SKIN["light"])]))
    assert said == (
        f"skin: light ({hex_of(SKIN['light'])}), measured in 27 photos",
        f"hair: dark blond ({hex_of(HAIR['dark blond'])}), measured in 26 of 27 photos",
        "hair length: long, seen in 26 of 27 photos",
        f"clothes: a red and white top ({hex_of(WORN[0][0])}, {hex_of(WORN[0][1])}), worn in 26 of 27 photos",
    )
    little = explained(measured([replace(BLANK, skin=SKIN["deep"])]))
    assert little[0].endswith("measured in 1 photo")
    assert little[1] == "hair: not measured, to be seen in only 0 of 1 photo; write it by hand"
    assert little[2] == "hair length: not clear from 0 of 1 photo; write it into hair_style by hand"
    assert explained(Measured()) == ("no face was measured: describe the look by hand",)
