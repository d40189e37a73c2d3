"""Values: everything that can go wrong and that a person can do something about.

StorykinError
├── BadInput        what was asked for cannot be done as asked
├── BadFile         a file of the book cannot be read or written
├── CannotPaint     a painter lacks a power that the shot asks for
└── Unkind          a wish that a children's book does not take up

Cancelled           not a failure: somebody pressed stop
"""


class StorykinError(Exception):
    """What happened and where, what was expected; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


class BadInput(StorykinError):
    """An option, a wish or a number that cannot be used as given."""


class BadFile(StorykinError):
    """A file that is missing, damaged, from elsewhere, or cannot be written."""


class CannotPaint(StorykinError):
    """A shot asks for something that this painter does not declare among its powers."""


class Unkind(StorykinError):
    """A wish that does not belong into a book for a small child."""


class Cancelled(Exception):
    """Raised inside `on_step` to stop painting or training; what is finished is kept."""
