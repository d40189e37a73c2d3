"""Where to cut: every crop can be used as it is, whatever the photo."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykin.cast import framing
from storykin.cast.sighting import Crop, Face, Sighting
from storykin.errors import BadInput
from storykin.scene import Box

RESOLUTIONS = st.sampled_from((256, 512, 768, 1024))


def face(x: float, y: float, w: float, h: float, yaw: float = 0.0, roll: float = 0.0) -> Face:
    """A face whose head box is given; the face proper fills its lower middle."""
    return Face(
        Box(x + 0.1 * w, y + 0.3 * h, 0.8 * w, 0.7 * h), Box(x, y, w, h), 100, 1.0, yaw=yaw, roll=roll
    )


def sight(
    width: int, height: int, *heads: tuple[float, float, float, float], person: Box | None = None
) -> Sighting:
    """A photo with heads given in pixels."""
    faces = tuple(face(x / width, y / height, w / width, h / height) for x, y, w, h in heads)
    return Sighting("photo.jpg", "", width, height, faces=faces, person=person)


def of(crops: tuple[Crop, ...], name: str) -> Crop:
    (found,) = (crop for crop in crops if crop.framing == name)
    return found


def meets(one: Box, other: Box) -> float:
    """By how much two boxes overlap in their narrower direction; negative when they are apart."""
    return min(
        min(one.right, other.right) - max(one.x, other.x), min(one.bottom, other.bottom) - max(one.y, other.y)
    )


@st.composite
def photos(draw: st.DrawFn) -> Sighting:
    """Any photo: 200 to 6000 pixels, aspect 1:3 to 3:1, up to five people, also half outside."""
    width = draw(st.integers(200, 6000))
    height = draw(st.integers(max(200, math.ceil(width / 3)), min(6000, width * 3)))

    def head() -> Face:
        high = draw(st.floats(0.02, 1.0))
        wide = high * height * draw(st.floats(0.6, 1.1)) / width
        turned = draw(st.floats(-90, 90)), draw(st.floats(-90, 90))
        return face(draw(st.floats(-0.2, 1)), draw(st.floats(-0.2, 1)), wide, high, *turned)

    faces = tuple(head() for _ in range(draw(st.integers(1, 5))))
    boxes = st.builds(Box, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.05, 0.5), st.floats(0.05, 0.5))
    person, subject = draw(st.none() | boxes), draw(st.none() | boxes)
    return Sighting("photo.jpg", "", width, height, faces=faces, person=person, subject=subject)


def check_usable(crop: Crop, photo: Sighting, which: int | None, resolution: int) -> None:
    box = crop.box
    wide, high = box.w * photo.width, box.h * photo.height
    assert box.x >= 0
    assert box.y >= 0
    assert box.right <= 1 + 1e-12
    assert box.bottom <= 1 + 1e-12
    assert crop.width % 64 == crop.height % 64 == 0
    assert min(crop.width, crop.height) >= 256
    assert crop.width * crop.height <= resolution**2
    assert 0.5 <= crop.width / crop.height <= 2
    assert crop.scale <= 1.3 + 1e-9
    assert crop.scale == pytest.approx(crop.width / wide)
    assert wide == pytest.approx(high * crop.width / crop.height, abs=0.01)
    others = [one.head for number, one in enumerate(photo.faces) if number != which]
    sure = [head for head in others if abs(meets(head, box)) > 1e-7]
    for head in sure:
        assert any(same(head, listed) for listed in crop.others) == (meets(head, box) > 0)
    for listed in crop.others:
        assert any(same(head, listed) for head in others)


def same(one: Box, other: Box) -> bool:
    return (one.x, one.y, one.w, one.h) == pytest.approx((other.x, other.y, other.w, other.h))


@settings(max_examples=300, deadline=None)
@given(photos(), RESOLUTIONS)
def test_every_crop_of_a_face_can_be_learned_from(photo: Sighting, resolution: int) -> None:
    crops = framing.crops_of(photo, 0, resolution)
    assert len({crop.framing for crop in crops}) == len(crops)
    head = photo.faces[0].head
    for crop in crops:
        check_usable(crop, photo, 0, resolution)
        across, down = 0.0199 * head.h * photo.height / photo.width, 0.0199 * head.h
        assert crop.box.x <= max(0, head.x - across) + 1e-9
        assert crop.box.y <= max(0, head.y - down) + 1e-9
        assert crop.box.right >= min(1, head.right + across) - 1e-9
        assert crop.box.bottom >= min(1, head.bottom + down) - 1e-9


@settings(max_examples=150, deadline=None)
@given(photos(), RESOLUTIONS)
def test_every_crop_of_a_subject_can_be_learned_from(photo: Sighting, resolution: int) -> None:
    crops = framing.crops_of(photo, None, resolution)
    assert "whole" in {crop.framing for crop in crops}
    for crop in crops:
        check_usable(crop, photo, None, resolution)
        if crop.framing == "close-up":
            assert photo.subject is not None
            assert photo.subject.overlap(crop.box) == pytest.approx(1)


@settings(max_examples=150, deadline=None)
@given(photos(), RESOLUTIONS, st.tuples(*[st.floats(0, 1)] * 4))
def test_a_rectangle_drawn_by_hand_becomes_a_crop(
    photo: Sighting, resolution: int, drawn: tuple[float, float, float, float]
) -> None:
    w = 197 / photo.width + drawn[2] * (1 - 197 / photo.width)
    h = 197 / photo.height + drawn[3] * (1 - 197 / photo.height)
    x, y = drawn[0] * (1 - w), drawn[1] * (1 - h)
    crop = framing.crop_at(photo, (x, y, w, h), resolution, 0)
    check_usable(crop, photo, 0, resolution)


@pytest.mark.parametrize("resolution", [256, 512, 768, 1024, 1100])
def test_buckets(resolution: int) -> None:
    sizes = framing.buckets(resolution)
    assert len(set(sizes)) == len(sizes)
    for wide, high in sizes:
        assert wide % 64 == high % 64 == 0
        assert wide * high <= resolution**2
        assert 0.5 <= wide / high <= 2
        assert min(wide, high) >= 256
        assert (high, wide) in sizes
    assert (256, 256) in sizes
    assert (resolution // 64 * 64, resolution // 64 * 64) == sizes[0]


def test_the_buckets_of_sdxl_are_those_its_trainers_make() -> None:
    assert {(1024, 1024), (960, 1088), (896, 1152), (832, 1216), (768, 1344)} <= set(framing.buckets(1024))


def test_no_buckets_below_256() -> None:
    with pytest.raises(BadInput, match="at least 256"):
        framing.buckets(255)


STANDING = sight(3000, 4000, (1300, 300, 300, 400), person=Box(0.3, 0.07, 0.4, 0.85))
"""A grown-up from head to feet, 12 megapixels: the head is 400 pixels high."""


def test_a_person_from_head_to_feet_gives_three_framings() -> None:
    crops = framing.crops_of(STANDING, 0, 1024)
    assert {crop.framing for crop in crops} == {"close-up", "half body", "full body"}
    head = 0.1
    assert 0.45 <= head / of(crops, "close-up").box.h <= 0.6
    assert 0.25 <= head / of(crops, "half body").box.h <= 0.35
    full = of(crops, "full body")
    assert full.box.bottom >= STANDING.faces[0].head.y + 7.5 * head - 1e-9
    assert full.width < full.height
    for crop in crops:
        above = (STANDING.faces[0].head.y - crop.box.y) / crop.box.h
        assert 0.03 <= above <= 0.2, "headroom"
        middle = (STANDING.faces[0].head.x + 0.05 - crop.box.x) / crop.box.w
        assert middle == pytest.approx(0.5, abs=0.05)


def test_no_full_body_without_legs() -> None:
    to_the_thighs = sight(3000, 2000, (1300, 200, 400, 500), person=Box(0.3, 0.1, 0.4, 0.9))
    assert {crop.framing for crop in framing.crops_of(to_the_thighs, 0, 1024)} == {"close-up", "half body"}


def test_a_toddler_with_ground_below_the_feet_has_a_full_body() -> None:
    toddler = sight(3000, 2600, (1300, 200, 400, 500), person=Box(0.3, 0.07, 0.4, 0.8))
    assert "full body" in {crop.framing for crop in framing.crops_of(toddler, 0, 1024)}


def test_somebody_lying_gives_a_close_up_only() -> None:
    lying = Sighting("", "", 3000, 4000, faces=(face(0.4, 0.1, 0.1, 0.1, roll=80),), person=STANDING.person)
    assert [crop.framing for crop in framing.crops_of(lying, 0, 1024)] == ["close-up"]


def test_a_tight_selfie_is_used_as_it_is() -> None:
    selfie = sight(1000, 1200, (150, 120, 700, 960))
    (crop,) = framing.crops_of(selfie, 0, 1024)
    assert crop.framing == "close-up"
    assert crop.box.h > 0.9


def test_there_is_room_where_she_looks() -> None:
    looks_right = Sighting("", "", 3000, 4000, faces=(face(0.45, 0.3, 0.1, 0.1, yaw=45),))
    crop = of(framing.crops_of(looks_right, 0, 1024), "close-up")
    assert (0.5 - crop.box.x) / crop.box.w < 0.45


def test_a_small_photo_is_learned_small() -> None:
    small = sight(500, 600, (180, 100, 150, 200))
    crop = of(framing.crops_of(small, 0, 1024), "close-up")
    assert crop.scale <= 1.3
    assert max(crop.width, crop.height) <= 640
    assert framing.crops_of(sight(190, 400, (40, 40, 100, 120)), 0, 1024) == ()


@pytest.mark.parametrize("beside", [(2150.0, 700.0), (850.0, 700.0)])
def test_a_sibling_beside_her_is_left_outside(beside: tuple[float, float]) -> None:
    pair = sight(4000, 3000, (1500, 700, 500, 600), (*beside, 500, 600))
    assert of(framing.crops_of(pair, 0, 1024), "close-up").others == ()


def test_the_crop_moves_aside_to_leave_somebody_out() -> None:
    # even the narrowest half body, 816 pixels wide around 1700, would meet the head that begins at 2000
    pair = sight(4000, 3000, (1500, 300, 400, 500), (2000, 300, 400, 500), person=Box(0.3, 0.1, 0.35, 0.9))
    assert of(framing.crops_of(pair, 0, 1024), "half body").others == ()


def test_both_siblings_are_left_outside() -> None:
    three = sight(6000, 4000, (2800, 900, 500, 600), (2150, 900, 500, 600), (3450, 900, 500, 600))
    close = of(framing.crops_of(three, 0, 512), "close-up")
    assert close.others == ()


def test_who_cannot_be_left_outside_is_listed() -> None:
    cheek = sight(4000, 3000, (1500, 700, 500, 600), (1900, 700, 500, 600))
    for crop in framing.crops_of(cheek, 0, 1024):
        assert len(crop.others) == 1
        assert crop.others[0].x == pytest.approx(1900 / 4000)


def test_the_picture_without_strangers_comes_first() -> None:
    # somebody stands at arm's length: in the half body, but not in the close-up
    pair = sight(3000, 4000, (1200, 300, 400, 500), (1000, 1000, 400, 500), person=Box(0.2, 0.05, 0.6, 0.9))
    crops = framing.crops_of(pair, 0, 1024)
    assert crops[0].framing == "close-up"
    assert crops[0].others == ()
    assert of(crops, "half body").others


@pytest.mark.parametrize(
    ("head", "cut"),
    [
        ((400, 300, 200, 250), 0.0),
        ((400, 0, 200, 250), 0.05),  # touches the top: nobody knows what was above
        ((400, -50, 200, 250), 0.2),  # hair and forehead missing
        ((400, -100, 200, 250), 1.0),  # the brows too
        ((-10, 300, 200, 250), 0.05),  # an ear
        ((-40, 300, 200, 250), 1.0),
        ((850, 300, 200, 250), 1.0),
        ((400, 780, 200, 250), 1.0),  # no chin
    ],
)
def test_heads_cut_off_by_the_photo(head: tuple[float, float, float, float], cut: float) -> None:
    photo = sight(1000, 1000, head)
    assert framing.cut_off(photo.faces[0]) == pytest.approx(cut)
    assert bool(framing.crops_of(photo, 0, 512)) == (cut < 1)


def test_a_pet() -> None:
    cat = Sighting("cat.jpg", "", 4000, 3000, subject=Box(0.3, 0.2, 0.3, 0.4))
    crops = framing.crops_of(cat, None, 1024)
    assert {crop.framing for crop in crops} == {"close-up", "whole"}
    whole = of(crops, "whole")
    assert whole.box.w * whole.box.h > 0.9
    assert cat.subject is not None
    assert cat.subject.overlap(of(crops, "close-up").box) == pytest.approx(1)


def test_a_drawing_without_a_subject_is_taken_whole() -> None:
    (crop,) = framing.crops_of(Sighting("kite.png", "", 900, 2700), None, 1024)
    assert crop.framing == "whole"
    assert crop.box.w == pytest.approx(1)


def test_an_unreadable_photo_gives_nothing() -> None:
    assert framing.crops_of(Sighting("x.jpg", "", refused="is no picture"), None, 1024) == ()


def test_a_rectangle_with_a_buckets_aspect_is_kept() -> None:
    wide = sight(4000, 4000, (1300, 300, 300, 400))
    crop = framing.crop_at(wide, (0.2, 0.05, 0.25, 0.25), 1024, 0)
    assert (crop.width, crop.height) == (1024, 1024)
    assert crop.box.x == pytest.approx(0.2)
    assert crop.box.w == pytest.approx(0.25)


def test_a_rectangle_by_hand_is_contained_where_there_is_room() -> None:
    drawn = Box(0.3, 0.05, 0.3, 0.3)
    crop = framing.crop_at(STANDING, (drawn.x, drawn.y, drawn.w, drawn.h), 1024, 0)
    assert drawn.overlap(crop.box) > 0.97
    assert crop.framing == "half body"


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((0.1, 0.1, 0.0, 0.5), "empty"),
        ((0.1, 0.1, -0.2, 0.5), "empty"),
        ((0.1, math.nan, 0.2, 0.5), "empty"),
        ((0.6, 0.1, 0.5, 0.5), "runs out"),
        ((-0.1, 0.1, 0.5, 0.5), "runs out"),
        ((0.1, 0.1, 0.05, 0.5), "150 x 2000 pixels"),
    ],
)
def test_bad_rectangles_are_refused(box: tuple[float, float, float, float], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        framing.crop_at(STANDING, box, 1024, 0)
    assert "photo.jpg" in refused.value.message
    assert refused.value.hint


# --- whole photos -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "head", "resolution"),
    [
        ((1000, 1500), (400, 60, 200, 260), 256),
        ((1500, 1000), (60, 300, 200, 260), 256),
        ((1000, 1778), (400, 40, 200, 260), 256),
        ((3000, 1000), (40, 300, 200, 260), 1024),
        ((3000, 1000), (2700, 300, 200, 260), 512),
    ],
)
def test_a_whole_photo_has_all_of_the_head_and_as_much_as_a_bucket_lets_in(
    size: tuple[int, int], head: tuple[int, int, int, int], resolution: int
) -> None:
    (crop,) = framing.whole_of(sight(*size, head), 0, resolution)
    x, y, w, h = head
    assert crop.box.x * size[0] <= x + 0.5
    assert crop.box.y * size[1] <= y + 0.5
    assert crop.box.right * size[0] >= x + w - 0.5
    assert crop.box.bottom * size[1] >= y + h - 0.5
    assert max(crop.box.w, crop.box.h) == pytest.approx(1) or min(crop.box.w, crop.box.h) == pytest.approx(1)


def test_a_photo_of_a_buckets_shape_stays_as_it_is() -> None:
    (crop,) = framing.whole_of(sight(768, 768, (300, 100, 120, 150)), 0, 256)
    assert crop.box == Box(0, 0, 1, 1)
    assert (crop.width, crop.height) == (256, 256)
    assert crop.framing == "full body"
    assert framing.whole_of(sight(768, 768, (-60, 100, 120, 150)), 0, 256) == (), "a head that is cut off"


def test_the_whole_of_a_long_photo_of_a_pet_is_no_close_up() -> None:
    lying = Sighting("photo.jpg", "", 3000, 1000, subject=Box(0.6, 0.2, 0.3, 0.6))
    (crop,) = framing.whole_of(lying, None, 512)
    assert crop.framing == "whole"
    assert crop.box.x <= 0.6
    assert crop.box.right >= 0.9 - 1e-6


@given(photo=photos(), resolution=RESOLUTIONS)
@settings(deadline=None)
def test_whole_photos_can_be_used_as_they_are(photo: Sighting, resolution: int) -> None:
    whole, cut = framing.whole_of(photo, 0, resolution), framing.crops_of(photo, 0, resolution)
    assert bool(whole) == bool(cut)
    for crop in whole:
        assert min(crop.box.x, crop.box.y) >= 0
        assert max(crop.box.right, crop.box.bottom) <= 1 + 1e-9
        assert (crop.width, crop.height) in framing.buckets(resolution)
