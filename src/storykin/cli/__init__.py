"""People: the command line. Options in, values out; all work is done by `make`.

Exit codes: 0 done, 1 a file or a power is missing, 2 something was asked that cannot be done as asked,
3 a wish that no children's book takes up, 130 stopped by Ctrl-C.
"""

import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_UNKIND, EXIT_STOPPED = 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; mistakes are answered in words, never by a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # the critic's nets are small: on a busy machine threads that wait for each other make them fifteen times slower
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    raise SystemExit(_run(words))


def _run(words: list[str]) -> int:
    from storykin.cli import talk
    from storykin.cli.commands import app
    from storykin.errors import BadInput, Cancelled, StorykinError, Unkind

    as_json = "--json" in words
    try:
        code = int(app(words, prog_name="storykin", standalone_mode=False) or 0)
        if code == EXIT_STOPPED:  # Typer's answer to Ctrl-C
            talk.stopped(as_json)
        return code
    except StorykinError as error:
        talk.error(error, as_json)
        return (
            EXIT_UNKIND
            if isinstance(error, Unkind)
            else EXIT_BAD_INPUT
            if isinstance(error, BadInput)
            else EXIT_FAILED
        )
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        talk.stopped(as_json)
        return EXIT_STOPPED
    except BrokenPipeError:  # whoever was reading has heard enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return EXIT_FAILED
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        hint = "check the folder's rights and the room on the disk"
        talk.error(StorykinError(f"{where}{problem.strerror or problem}", hint), as_json)
        return EXIT_FAILED
    except TyperException as misuse:  # an option or a command that there is not
        told = misuse.format_message() if hasattr(misuse, "format_message") else str(misuse)
        if not told:  # no command at all: the help has been shown
            return EXIT_BAD_INPUT
        talk.error(
            BadInput(told[0].lower() + told[1:].rstrip("."), "see: storykin --help, storykin COMMAND --help"),
            as_json,
        )
        return EXIT_BAD_INPUT
