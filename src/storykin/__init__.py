"""Storykin: picture books in which the same recognisable people stand on every page.

    from storykin import Wish, make

The values are here; the path is in `storykin.make`; heavy libraries load when they are used.
"""

from storykin.book import Book, Leaf, Trim
from storykin.character import Adapter, Character, Look, Outfit
from storykin.choices import Choices
from storykin.dataset import Dataset, TrainingPicture
from storykin.errors import BadFile, BadInput, Cancelled, CannotPaint, StorykinError, Unkind
from storykin.job import Job
from storykin.picture import Fault, Picture, Try, Verdict
from storykin.scene import Box, Figure, Scene
from storykin.shot import CloseUp, Part, PlacedAdapter, Shot, Storyboard
from storykin.story import Page, Story
from storykin.wish import Wish

__version__ = "0.1.0"

__all__ = [
    "Adapter",
    "BadFile",
    "BadInput",
    "Book",
    "Box",
    "Cancelled",
    "CannotPaint",
    "Character",
    "Choices",
    "CloseUp",
    "Dataset",
    "Fault",
    "Figure",
    "Job",
    "Leaf",
    "Look",
    "Outfit",
    "Page",
    "Part",
    "Picture",
    "PlacedAdapter",
    "Scene",
    "Shot",
    "Story",
    "Storyboard",
    "StorykinError",
    "TrainingPicture",
    "Trim",
    "Try",
    "Unkind",
    "Verdict",
    "Wish",
]
