"""People: the command line. Options in, values out; all work is done by `make`.

Exit codes: 0 done, 1 a file or a power is missing, 2 something was asked that cannot be done as asked,
3 a wish that no children's book takes up, 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Sequence

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_UNKIND, EXIT_STOPPED = 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; mistakes are answered in words, never by a traceback."""
    from storykin.cli import talk
    from storykin.cli.commands import app
    from storykin.errors import BadInput, Cancelled, StorykinError, Unkind

    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(words, prog_name="storykin")
    except StorykinError as error:
        talk.error(error, "--json" in words)
        code = (
            EXIT_UNKIND
            if isinstance(error, Unkind)
            else EXIT_BAD_INPUT
            if isinstance(error, BadInput)
            else EXIT_FAILED
        )
        raise SystemExit(code) from None
    except (KeyboardInterrupt, Cancelled):
        talk.note("stopped; what was finished is kept, run the same command again to go on")
        raise SystemExit(EXIT_STOPPED) from None
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        talk.error(StorykinError(f"{where}{problem.strerror or problem}", "check the folder's rights and the room on the disk"),
                   "--json" in words)  # fmt: skip
        raise SystemExit(EXIT_FAILED) from None
