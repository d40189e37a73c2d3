"""Styles: whole, said for each kind of model, and a family's own beside the package's."""

from pathlib import Path

import pytest

from storykin.consistency.styles import NEGATIVE, Style, negative_of, style_named, style_of, styles
from storykin.errors import BadFile, BadInput
from storykin.families import PAINTINGS
from storykin.painters.sketch.looks import ARTS
from storykin.scene import Figure, Scene


def test_there_are_many_and_all_are_whole() -> None:
    found = styles()
    assert len(found) >= 24
    assert set(ARTS) <= set(found)
    for words in ("sentences", "phrases", "title"):
        assert len({getattr(style, words) for style in found.values()}) == len(found), words
    for name, style in found.items():
        assert style.name == name
        assert style.negative
        assert len(style.phrases.split()) <= 20, name  # must leave room for figures in CLIP's first 75 tokens
        assert not {one.strip() for one in style.negative.split(",")} & set(style.phrases.split(", "))


def test_styles_hold_by_night_and_name_nobody() -> None:
    for style in styles().values():
        said = f"{style.sentences} {style.phrases}".lower()
        for word in ("daylight", "sunny", "night", "style of", "studio ghibli", "disney", "pixar", "lego"):
            assert word not in said, (style.name, word)


def test_words_of_a_dialect() -> None:
    clay = style_named("clay")
    assert clay.words("phrases").startswith("claymation, ")
    assert clay.words("sentences") == clay.words() == clay.sentences
    assert Style("rug", "Rug", "a rug").words("phrases") == "a rug"
    assert style_of("like an old rug").words("phrases") == "like an old rug"


@pytest.mark.parametrize(
    ("said", "near"),
    [("watercolor", "watercolour"), ("Pixel Art", "pixel-art"), ("colouring page", "line-art")],
)
def test_an_unknown_style_is_refused_with_the_nearest(said: str, near: str) -> None:
    with pytest.raises(BadInput, match=rf"no style '{said}'\nhint: did you mean ([a-z-]+ or )*{near}"):
        style_named(said)
    with pytest.raises(BadInput, match="hint: styles: flat, "):
        style_named("xyzzy")


def test_a_familys_own_styles(tmp_path: Path) -> None:
    shelf, book = tmp_path, tmp_path / "book"
    book.mkdir()
    (shelf / "styles.toml").write_text(
        '[felt]\nnegative = "plastic"\n\n[[felt.adapters]]\nfamily = "sdxl"\npath = "felt.safetensors"\ntrigger = "zwol"\nscale = 0.8\n\n'
        '[rug]\nsentences = "a woven rug"\n'
    )
    (book / "styles.toml").write_text('[rug]\ntitle = "Our rug"\nphrases = "rug, woven"\n')
    found = styles([shelf, book, tmp_path / "nowhere"])
    assert found["rug"] == Style("rug", "Our rug", "a woven rug", "rug, woven")
    felt, before = found["felt"], styles()["felt"]
    assert (felt.sentences, felt.negative) == (before.sentences, "plastic")
    assert before.adapters == ()
    adapter = felt.adapter(("flux-dev", "sdxl"))
    assert adapter is not None
    assert (adapter.path, adapter.scale) == (str(shelf / "felt.safetensors"), 0.8)
    assert felt.adapter(("flux-dev",)) is None
    assert felt.called(adapter).words("phrases") == f"zwol, {before.phrases}"
    assert felt.called(None) is felt
    (book / "styles.toml").write_text('[felt]\nnegative = "tin"\n')
    assert [styles(order)["felt"].negative for order in ([shelf, book], [book, shelf])] == ["tin", "plastic"]
    with pytest.raises(BadInput, match="rug"):
        style_named("rugg", found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rug", "styles.toml: "),
        ('[rug]\nphrase = "x"', r"styles.toml: rug: unknown key 'phrase'[\s\S]*did you mean 'phrases'"),
        ("[rug]\nsentences = 3", "styles.toml: rug: sentences: .*valid string, found 3"),
        ('[rug]\nphrases = "x"', "styles.toml: rug: .*sentences"),
        ('[rug]\nsentences = " "', "styles.toml: rug: sentences are empty"),
        ('[Rug]\nsentences = "x"', "styles.toml: 'Rug' cannot be the name"),
        ('rug = "x"', "styles.toml: rug is not a style"),
        ('[rug]\nname = "x"', "styles.toml: rug: a style has no key 'name'"),
        (
            '[rug]\nsentences = "x"\n[[rug.adapters]]\nfamily = "sd3"\npath = "x"',
            r"styles.toml: rug: adapters: there is no family 'sd3'[\s\S]*sdxl",
        ),
        (
            '[rug]\nsentences = "x"\n' + '[[rug.adapters]]\nfamily = "sdxl"\npath = "x"\n' * 2,
            "styles.toml: rug: adapters: two for sdxl",
        ),
        ('[rug]\nsentences = "x"\n[[rug.adapters]]\nfamily = "sdxl"', "styles.toml: rug: adapters.0.path: "),
    ],
)
def test_mistakes_are_named_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "styles.toml").write_text(text)
    with pytest.raises(BadFile, match=says) as caught:
        styles([tmp_path])
    assert caught.value.hint


def test_what_a_picture_should_not_have_by_family() -> None:
    photo = style_named("photo")
    assert negative_of("") == negative_of("", photo) == NEGATIVE
    for name, painting in PAINTINGS.items():
        said = negative_of(name, photo)
        assert bool(said) == painting.negative
        assert ("cartoon" in said) == (painting.dialect == "phrases")
    assert negative_of("sentences", photo) == ""
    assert len(negative_of("qwen-image-edit", photo)) < len(negative_of("sdxl", photo))
    assert negative_of("phrases", photo) == negative_of("sdxl", photo)
    phrases = negative_of("sd15", style_named("comic")).split(", ")
    assert len(phrases) == len(set(phrases))
    assert "animals" in negative_of("sdxl", photo, Scene("sea"))
    assert "animals" not in negative_of("sdxl", photo, Scene("sea", figures=(Figure("Sasha"),)))
