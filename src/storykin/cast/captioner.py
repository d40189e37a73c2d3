"""Cast: a model that can see writes the captions: any server that speaks OpenAI's chat protocol.

Ollama, llama.cpp, LM Studio and vLLM do. The pictures stay on this machine or in this home network: another
address is refused unless it is asked for in so many words.
"""

import base64
import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storykin.errors import BadInput, StorykinError

if TYPE_CHECKING:
    from PIL import Image

ASKED = (
    "Describe this photo for training an image model, as 3 to 6 short phrases separated by commas: what the person wears "
    "(garments and colours), what they do, their expression, where they are, the light. Do not describe hair, eyes, skin, age, "
    "or who it is. No sentence, no introduction."
)
LONGEST_SIDE = 768  # pixels; what vision models of a home machine look at
WAIT = 180.0  # seconds; a first answer may have to load the model
MOST_PHRASES, LONGEST_PHRASE = 8, 60


@dataclass(frozen=True)
class Captioner:
    """Where a model that can see answers, and its name there. `anywhere` allows addresses outside the home network."""

    url: str
    model: str = ""
    anywhere: bool = False

    def phrases(self, jpeg: bytes) -> tuple[str, ...]:
        """What the model sees, as phrases. Raises `StorykinError` when the server does not answer as expected."""
        import httpx

        picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        content = [{"type": "text", "text": ASKED}, {"type": "image_url", "image_url": {"url": picture}}]
        question = {
            "model": self.model,
            "temperature": 0,
            "max_tokens": 160,
            "messages": [{"role": "user", "content": content}],
        }
        try:
            answer = httpx.post(
                f"{self._base}/chat/completions", json=question, timeout=WAIT, follow_redirects=False
            )
            answer.raise_for_status()
            said = answer.json()["choices"][0]["message"]["content"]
        except httpx.HTTPStatusError as error:
            told = error.response.text[:200].strip()
            raise StorykinError(
                f"captioner {self.url}: answered {error.response.status_code}: {told}",
                "does this model take pictures? choose one with --captioner-model",
            ) from None
        except httpx.HTTPError as error:
            raise StorykinError(
                f"captioner {self.url}: {error}", "is the server running? leave out --captioner to do without"
            ) from None
        except (ValueError, KeyError, IndexError, TypeError):
            raise StorykinError(
                f"captioner {self.url}: the answer is not that of an OpenAI-compatible server",
                "the address usually ends in /v1",
            ) from None
        return phrases_of(str(said))

    def check(self) -> None:
        """Before any work: the address must be in this home and somebody must answer there. Raises `BadInput`."""
        import httpx

        if not self.anywhere and not at_home(self.url):
            raise BadInput(
                f"captioner {self.url}: is not on this machine or in this home network; the photos would leave the house",
                "use a local server such as http://localhost:11434/v1, or add --captioner-anywhere if that is what you want",
            )
        try:
            httpx.get(f"{self._base}/models", timeout=10.0)
        except httpx.HTTPError as error:
            raise BadInput(
                f"captioner {self.url}: nobody answers there ({error})",
                "start the server, or leave out --captioner",
            ) from None

    @property
    def _base(self) -> str:
        return self.url.rstrip("/")


def at_home(url: str) -> bool:
    """Whether an address is this machine or a private network (RFC 1918, link-local, loopback): every address of its name."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"captioner {url!r}: is no address of a server", "such as http://localhost:11434/v1")
    try:
        found = socket.getaddrinfo(parts.hostname, None)
    except (OSError, UnicodeError):
        raise BadInput(f"captioner {url}: there is no machine of that name", "check the address") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    return all(address.is_loopback or address.is_private or address.is_link_local for address in addresses)


def phrases_of(answer: str) -> tuple[str, ...]:
    """A model's answer as phrases: thoughts, lists, quotation marks and introductions taken off."""
    text = re.sub(r"<think>.*?</think>", "", answer, flags=re.DOTALL)
    text = re.sub(
        r"^(here (is|are)|sure|the (photo|image|picture) shows)[^:\n]*:?",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    parts = [re.sub(r"^[\s\-*\d.)•]+", "", part).strip(" .\"'“”`*") for part in re.split(r"[,;\n]", text)]
    return tuple(dict.fromkeys(part for part in parts if 2 < len(part) <= LONGEST_PHRASE))[:MOST_PHRASES]


def jpeg_of(picture: "Image.Image") -> bytes:
    """A picture as a small JPEG for the server."""
    import io

    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = io.BytesIO()
    small.convert("RGB").save(file, "JPEG", quality=88)
    return file.getvalue()
