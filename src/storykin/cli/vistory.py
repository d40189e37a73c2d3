"""People, command line: ViStoryBench: its stories painted and scored, or the pictures of another method scored."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from storykin import files
from storykin import vistory as bench
from storykin.choices import Choices
from storykin.cli import talk
from storykin.cli.cast import Json
from storykin.cli.paint import Art, Commercial, Host, ModelName, Options, Packed, PainterName
from storykin.critics import vistory as told
from storykin.reviewing import DRAWERS, Critic


def vistory(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="The folder with 01/story.json, 02/story.json …, or that of one story.", show_default=False)],
    pictures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Score these pictures instead of painting: the outputs of a method, 01/shot_01.png … below them.", show_default=False)
    ] = None,
    lite: Annotated[bool, typer.Option("--lite", help="Only the twenty stories of the Lite split.")] = False,
    story: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this story; may be given again.", show_default=False)] = None,
    language: Annotated[str, typer.Option(help="en or ch.")] = "en",
    painter: PainterName = "sketch",
    art: Art = "",
    tries: Annotated[int, typer.Option(min=0, help="Pictures a shot at most; 1 paints each once and mends nothing.", show_default=False)] = 1,
    drawn: Annotated[bool, typer.Option("--drawn", help="The pictures were drawn by the embedded painter: read them as drawings.")] = False,
    host: Host = "",
    model: ModelName = "",
    precision: Packed = "",
    commercial: Commercial = False,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where books, pictures and readings are kept.")] = Path("vistory"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """Measure a painter, or any method's pictures, by ViStoryBench: Cross-CIDS, Self-CIDS, OCCM, style, place and action.

    The data is not loaded down: huggingface.co/datasets/ViStoryBench/ViStoryBench. What no reader here can read is told as not read.
    """
    tales = [told.read_story(folder, language) for folder in told.stories_of(dataset, lite, story or ())]
    options = Options(host=host, model=model, precision=precision, commercial=commercial)
    choices = options.put(Choices(painter=painter, judge=tries != 1, tries=tries))
    files.refuse_unwritable(out, folder=True)
    critic = Critic()
    rows: list[told.Scores] = []
    with talk.progress("vistory", as_json) as on_step:
        for number, tale in enumerate(tales):

            def part(fraction: float, doing: str, number: int = number) -> None:
                on_step((number + fraction) / len(tales), doing)

            try:
                if pictures is None:
                    found = bench.paint(tale, out, choices, art, lambda done, doing: part(0.8 * done, doing))
                else:
                    found = bench.found_pictures(pictures, tale)
                as_drawn = drawn or (pictures is None and painter in DRAWERS)
                rows.append(
                    bench.judge(
                        tale, found, critic, as_drawn, out, lambda done, doing: part(0.8 + 0.2 * done, doing)
                    )
                )
            finally:
                critic.close()
    whole = told.together(rows)
    answer = {"stories": [asdict(one) for one in rows], "all": asdict(whole)}
    talk.answer(answer, as_json, lambda: _show(rows, whole))


COLUMNS = {
    "cross_cids": "Cross-CIDS", "self_cids": "Self-CIDS", "occm": "OCCM", "style_cross": "style cross", "style_self": "style self",
    "place": "place", "action": "action",
}  # fmt: skip


def _show(rows: list[told.Scores], whole: told.Scores) -> None:
    read = [name for name in told.NAMES if getattr(whole, name) is not None]
    shown = [*rows, whole] if len(rows) > 1 else rows
    table = [
        (one.story, f"{one.pictures}/{one.shots}", *(_number(one, name) for name in read)) for one in shown
    ]
    talk.table(("story", "shots", *(COLUMNS[name] for name in read)), table)
    by = f"likeness by {whole.space}; " if whole.space else ""
    talk.say(
        talk.verbatim(
            f"{by}published numbers are by ArcFace, AdaFace and FaceNet for people, CLIP for all others"
        )
    )
    for name, why in whole.unread.items():
        talk.note(
            f"{COLUMNS.get(name, name)}: {why if name in {'missing', 'unreadable'} else f'not read: {why}'}"
        )


def _number(one: told.Scores, name: str) -> str:
    value = getattr(one, name)
    return "not read" if value is None else f"{value:.1f}" if name == "occm" else f"{value:.3f}"
