"""A small story in ViStoryBench's format for tests: three shots, a girl and her dog, their pictures drawn by the embedded painter."""

from __future__ import annotations

import json
from pathlib import Path

from storykin.character import Character, Look, Outfit
from storykin.reviewing import drawn_references

CAST = {
    "Mia": ("米娅", "A 6-year-old girl with red hair, wearing a blue dress. She smiles.", "unrealistic_human", Character("Mia", Look("girl", 6, hair_colour="red"), (Outfit("everyday", "a blue dress"),))),
    "Rex": ("雷克斯", "A brown dog.", "non_human", Character("Rex", Look("dog", 4, skin="brown"))),
}  # fmt: skip
SHOTS = (
    ("A meadow", "Mia goes for a walk.", ["Mia"], "Mia is walking", "Wide shot, eye level"),
    ("A forest", "She meets Rex.", ["Mia", "Rex"], "Mia is waving at Rex", "Medium shot, eye level"),
    ("A kitchen", "They eat soup.", ["Mia", "Rex"], "Mia and Rex are sitting", "Medium shot, high angle"),
)


def write_story(home: Path, number: str = "01", pictures: bool = True) -> Path:
    """The dataset's folder, with one story of that number in it."""
    folder = home / number
    folder.mkdir(parents=True)

    def both(said: object) -> dict[str, object]:
        return {"en": said, "ch": [CAST[key][0] for key in said] if isinstance(said, list) else f"中{said}"}  # type: ignore[union-attr]

    story = {
        "Story_type": {"en": "Children's Picture Books", "ch": "儿童绘本"},
        "Characters": {
            key: {"name_en": key, "name_ch": name, "prompt_en": prompt, "prompt_ch": f"中{prompt}", "tag": tag, "num_of_appearances": 3}
            for key, (name, prompt, tag, _) in CAST.items()
        },
        "Shots": [
            {
                "index": index, "Setting Description": both(setting), "Plot Correspondence": both(plot), "Characters Appearing": both(stage),
                "Static Shot Description": both(static), "Shot Perspective Design": both(camera),
            }
            for index, (setting, plot, stage, static, camera) in enumerate(SHOTS, 1)
        ],
    }  # fmt: skip
    text = json.dumps(story, ensure_ascii=False, indent=1)
    (folder / "story.json").write_text(text, encoding="utf-8")
    for key, (_, _, _, who) in CAST.items() if pictures else ():
        (folder / "image" / key).mkdir(parents=True)
        for count, content in enumerate(drawn_references(who, who.outfit(), "flat", 256)[:2]):
            (folder / "image" / key / f"{count:02d}.png").write_bytes(content)
    return home
