"""Painters, OpenAI images: a picture painted by any server that speaks the OpenAI images API: LocalAI, stable-diffusion.cpp, vLLM-Omni, OpenAI itself.

Servers take different parts of that API. What one refuses by name is left out from then on; nothing is painted twice for it.
"""

import base64
import binascii
import math
import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from storykin.errors import BadInput, CannotPaint, StorykinError
from storykin.painters import Defaults, Dialect, OnLook, OnStep, refuse_what_it_lacks
from storykin.painters.reaching import Progress, on_page, picture_of, sendable, size_near
from storykin.reaching import (
    KEY,
    Answer,
    Breathe,
    Line,
    NoAnswer,
    Patience,
    Place,
    Say,
    library,
    pause,
    place_of,
)
from storykin.shot import Shot

SIDE, GRAIN = 1024, 16
"""The square whose area is asked for where any size may be, and what its sides are multiples of."""

SIZES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("gpt-image", ((1024, 1024), (1536, 1024), (1024, 1536))),
    ("chatgpt-image", ((1024, 1024), (1536, 1024), (1024, 1536))),
    ("dall-e-3", ((1024, 1024), (1792, 1024), (1024, 1792))),
    ("dall-e-2", ((1024, 1024),)),
    ("", ((1024, 1024), (1536, 1024), (1024, 1536))),
)
"""The sizes that a model takes, by the beginning of its name (OpenAI's API reference, images); the last for who refuses a size of any other kind."""

MOST_REFERENCES = 16
"""Pictures that one edit takes (OpenAI's API reference, images/edits)."""

POLICY = ("content_policy", "moderation", "safety system", "content policy")
"""Words by which a server says that it does not want to paint this."""


class OpenAI:
    """Paints on a server with the OpenAI images API. `model` is a name there, "" for the server's own. The key stands in `STORYKIN_OPENAI_KEY`."""

    name = "openai"
    media_type = "image/png"
    # An edit takes pictures to resemble. It has no strength, so a start image would not be what it is elsewhere.
    powers: frozenset[str] = frozenset({"references"})
    dialect: Dialect = "sentences"
    adapters_of: tuple[str, ...] = ()
    defaults = Defaults(SIDE)

    def __init__(
        self,
        host: str,
        model: str = "",
        key: str | None = None,
        arts: tuple[str, ...] = (),
        patience: Patience | None = None,
        say: Say = lambda word: None,
    ) -> None:
        """Nothing is sent yet. Raises `BadInput` for no host or missing libraries."""
        place = place_of(host, "painter 'openai'", "--host http://127.0.0.1:8080/v1")
        library("httpx")
        if not urlsplit(place.url).path:
            place = Place(f"{place.url}/v1", place.login)
        self.model, self.arts = model, arts
        self.revision = f"1 {model}".strip()
        self.leaves_machine = place.leaves_machine
        """Whether words and reference pictures leave this machine: the server is not on it."""
        self._key = (os.environ.get(KEY, "") if key is None else key).strip()
        if not self._key.isascii() or (self._key and not self._key.isprintable()):
            raise BadInput(
                f"painter 'openai': what stands in {KEY} is no key", "copy it again, without quotation marks"
            )
        self._line = Line(place, self.name, patience or Patience(answer=600.0), self._key)
        self._say = say
        self._warned = False
        fixed = model.startswith(tuple(start for start, _ in SIZES if start))
        self._sizes = next(sizes for start, sizes in SIZES if model.startswith(start)) if fixed else ()
        # Refused by OpenAI's own models (400, unknown_parameter); other servers paint equal pictures for equal seeds.
        self._left_out = {"seed"} if fixed else set()
        if model.startswith(("gpt-image", "chatgpt-image")):
            self._left_out.add("response_format")
        self._image_field = "image[]"
        self._usual = 20.0  # seconds of a picture, to begin with

    unready: frozenset[str] = frozenset()

    def refuse_absent(self) -> None:
        """What the server lacks is told when it is asked."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """Before anything is painted: all shots are possible, the server is there and takes the key. Raises `BadInput`, `CannotPaint`."""
        progress = Progress(on_step)
        for shot in shots:
            self._refuse(shot)
        self._warn()
        answer = self._line.ask("GET", "models", progress)
        if answer.status in {401, 403}:
            raise self._locked(answer)
        progress.reach(1.0)

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        """One PNG of the shot's size, from the nearest size that the server paints. It does not tell how far it is: progress is guessed from time.

        Raises `CannotPaint`, `BadInput` for a wrong key or model, `StorykinError` when it fails there.
        """
        self._refuse(shot)
        progress = Progress(on_step)
        progress()
        self._warn()
        began = time.monotonic()

        def breathe() -> None:
            waited = time.monotonic() - began
            progress.reach(0.9 * waited / (waited + self._usual))
            progress()

        with on_page(shot):
            found = self._painted(shot, breathe)
            self._usual = max(0.1, time.monotonic() - began)
            progress.reach(0.95)
            picture = picture_of(found, shot.width, shot.height, self._line.name)
        progress.reach(1.0)
        return picture

    def made_with(self) -> Mapping[str, str]:
        """The model's name, and whether the seed counts. Neither key nor address."""
        return {
            "model": self.model,
            "seed": "not taken by the server" if "seed" in self._left_out else "sent",
        }

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def _refuse(self, shot: Shot) -> None:
        refuse_what_it_lacks(self, shot)
        if len(shot.references) > MOST_REFERENCES:
            raise CannotPaint(
                f"page {shot.page}: painter 'openai' takes {MOST_REFERENCES} reference pictures, not {len(shot.references)}",
                "give each character fewer",
            )

    def _warn(self) -> None:
        if self.leaves_machine and not self._warned:
            self._say(
                f"{self._line.name}: is another machine: words and reference pictures leave this one for it"
            )
        self._warned = True

    def _painted(self, shot: Shot, breathe: Breathe) -> bytes:
        """The picture as the server gives it. A part of the request that it refuses by name is left out, and it is asked again."""
        references = [sendable(Path(path)) for path in shot.references]
        while True:
            wanted = self._wanted(shot)
            answer = self._answered(wanted, references, breathe)
            if answer.status < 300:
                return self._picture_in(answer, breathe)
            if answer.status not in {400, 422} or not self._learns(answer, wanted, bool(references)):
                raise self._refused(answer)

    def _wanted(self, shot: Shot) -> dict[str, Any]:
        width, height = (
            self._nearest(shot) if self._sizes else size_near(shot.width, shot.height, SIDE, GRAIN)
        )
        wanted: dict[str, Any] = {"prompt": shot.prompt, "n": 1, "size": f"{width}x{height}"}
        if self.model:
            wanted["model"] = self.model
        wanted |= {"response_format": "b64_json", "seed": shot.seed % 2**31}
        return {key: value for key, value in wanted.items() if key not in self._left_out}

    def _nearest(self, shot: Shot) -> tuple[int, int]:
        """The size whose shape is nearest to the shot's, the largest of those."""
        sizes = sorted(self._sizes, reverse=True)
        return min(sizes, key=lambda size: abs(math.log(size[0] / size[1] * shot.height / shot.width)))

    def _answered(self, wanted: dict[str, Any], references: list[bytes], breathe: Breathe) -> Answer:
        """An answer that is final: pauses that the server asks for are kept, lost connections tried again."""
        patience = self._line.patience
        content: dict[str, Any] = {"json": wanted}
        if references:
            pictures = [
                (self._image_field, (f"{number}.png", png, "image/png"))
                for number, png in enumerate(references, 1)
            ]
            content = {"data": {key: str(value) for key, value in wanted.items()}, "files": pictures}
        path = "images/edits" if references else "images/generations"
        for left in reversed(range(patience.tries)):
            rest = 2.0 ** (patience.tries - left - 1) * patience.breath
            try:
                answer = self._line.ask("POST", path, breathe, **content)
                # An empty account stays empty (code "insufficient_quota").
                busy = answer.status == 429 and "quota" not in f"{_code(answer)} {answer.said}"
                if not left or not (busy or answer.status >= 500):
                    return answer
                rest = max(rest, answer.wait or 0.0)
                if rest > patience.longest:
                    raise StorykinError(
                        f"{self._line.name}: is busy and wants to be asked again in {rest:.0f} s",
                        "start again then; what is painted is kept",
                    )
            except NoAnswer as lost:
                if not left or lost.why != "broke off":
                    raise
            pause(rest, patience, breathe)
        raise AssertionError("the last try returns or raises")

    def _learns(self, answer: Answer, wanted: dict[str, Any], edits: bool) -> bool:
        """Whether the refusal names a part of the request that can be left out or said otherwise. Each is learned once."""
        said = f"{answer.said} {_code(answer)} {_param(answer)}".lower()
        for part in ("response_format", "seed", "n"):
            named = _param(answer) == part or (len(part) > 1 and part in said)
            if part in wanted and named:
                self._left_out.add(part)
                return True
        if "size" in said or wanted["size"] in said:
            # Most name the sizes that they take: "Supported values are: '1024x1024', '1024x1536' …".
            named_sizes = {
                (int(wide), int(high)) for wide, high in re.findall(r"\b(\d{2,4})x(\d{2,4})\b", said)
            }
            sizes = tuple(sorted(named_sizes - {_size(wanted["size"])})) or (
                () if self._sizes else SIZES[-1][1]
            )
            if sizes and set(sizes) != set(self._sizes):
                self._sizes = sizes
                return True
        if edits and self._image_field == "image[]" and "image" in said:
            self._image_field = "image"
            return True
        return False

    def _picture_in(self, answer: Answer, breathe: Breathe) -> bytes:
        """The bytes of the picture: as base64, as a `data:` address, or fetched from the same server."""
        try:
            found = answer.json()["data"][0]
            if found.get("b64_json"):
                return base64.b64decode(found["b64_json"].split(",")[-1], validate=True)
            address = str(found["url"])
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, binascii.Error):
            raise StorykinError(
                f"{self._line.name}: answered with no picture: {answer.said}",
                "is this a server with the OpenAI images API? its address usually ends in /v1",
            ) from None
        if address.startswith("data:"):
            try:
                return base64.b64decode(address.partition(",")[2], validate=True)
            except binascii.Error:
                return b""  # which is told apart as no picture
        there = urlsplit(urljoin(self._line.place.url + "/", address))
        if _origin(there) != _origin(urlsplit(self._line.place.url)):
            raise StorykinError(
                f"{self._line.name}: says that its picture lies at {there.hostname}, another server; it is not fetched from there",
                "let the server answer with b64_json",
            )
        fetched = self._line.ask("GET", there.geturl(), breathe)
        if fetched.status != 200:
            raise self._refused(fetched)
        return fetched.body

    def _refused(self, answer: Answer) -> StorykinError:
        said = answer.said
        server = self._line.name
        if answer.status in {401, 403}:
            return self._locked(answer)
        if 300 <= answer.status < 400:
            return BadInput(
                f"{server}: has moved to {answer.moved}",
                "give that with --host if it is the server you mean",
            )
        if answer.status == 404:
            return BadInput(
                f"{server}: has no such model or does not paint ({said})",
                "name a model with --model; the address usually ends in /v1",
            )
        if answer.status == 429:
            return StorykinError(
                f"{server}: does not paint more for now: {said}",
                "wait, or look at the account's limits; what is painted is kept",
            )
        if any(word in f"{said} {_code(answer)}".lower() for word in POLICY):
            return StorykinError(
                f"{server}: refuses to paint these words: {said}",
                "change the scene of the page, or paint it with another painter",
            )
        if answer.status >= 500:
            return StorykinError(
                f"{server}: failed ({answer.status}): {said}",
                "look at the server's own window; what is painted is kept",
            )
        return StorykinError(
            f"{server}: does not take the request ({answer.status}): {said}",
            "name another model with --model",
        )

    def _locked(self, answer: Answer) -> BadInput:
        which = "does not take the key" if self._key else "wants a key"
        return BadInput(
            f"{self._line.name}: {which} ({answer.status}: {answer.said})",
            f"set {KEY} to the server's key",
        )


def _size(said: str) -> tuple[int, int]:
    wide, high = said.split("x")
    return int(wide), int(high)


def _origin(parts: Any) -> tuple[str, str, int]:
    """Scheme, name and port; this machine has several names."""
    name = "127.0.0.1" if parts.hostname in {"localhost", "::1"} else parts.hostname or ""
    return parts.scheme, name, parts.port or (443 if parts.scheme == "https" else 80)


def _error(answer: Answer) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {}


def _code(answer: Answer) -> str:
    """The code of an error, such as "content_policy_violation"; "" where there is none."""
    return str(_error(answer).get("code") or "")


def _param(answer: Answer) -> str:
    """Which parameter an error is about; "" where it does not say."""
    return str(_error(answer).get("param") or "")
