"""People: `python -m storykin` is the command line."""

from storykin.cli import main

main()
