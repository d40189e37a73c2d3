"""Values: long work as others see it: how far it is and what it is doing."""

from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Job:
    """A call that takes its time. `progress` runs from 0 to 1; `message` says what is being done."""

    id: str
    task: str
    state: State = "waiting"
    progress: float = 0.0
    message: str = ""
