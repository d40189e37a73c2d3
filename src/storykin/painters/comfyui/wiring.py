"""Painters, ComfyUI: a shot's numbers and words put into a workflow, adapters chained in, a start image in place of empty latents.

The workflows are files beside this one, as ComfyUI's "Export (API)" writes them: they can be opened there and looked at. A node is named by its
number; a link is `[number, output]`; `"{seed}"` stands for a value that is filled in.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

Workflow = dict[str, Any]
"""Nodes by their number, as `POST /prompt` takes them."""

LOADERS = {"CheckpointLoaderSimple": ("model", "clip"), "UNETLoader": ("model",), "DualCLIPLoader": ("clip",)}
"""What the first outputs of a loading node are, as far as adapters change it."""

LATENTS = ("EmptyLatentImage", "EmptySD3LatentImage")


def workflow(
    name: str,
    values: Mapping[str, object],
    adapters: tuple[tuple[str, float], ...] = (),
    init_image: str = "",
) -> Workflow:
    """A workflow ready to be sent. `adapters` are names on the server with their scales, in the order in which they are applied."""
    nodes: Workflow = template(name)
    if init_image:
        nodes = _from_picture(nodes, init_image)
    return _with_adapters(filled(nodes, values), adapters)


def template(name: str) -> Any:
    """A file of the folder `workflows`."""
    return json.loads((files(__package__) / "workflows" / f"{name}.json").read_text(encoding="utf-8"))


def filled(found: Any, values: Mapping[str, object]) -> Any:
    """The same with every `"{word}"` replaced by its value. Raises `KeyError` for a word that has none."""
    if isinstance(found, dict):
        return {key: filled(item, values) for key, item in found.items()}
    if isinstance(found, list):
        return [filled(item, values) for item in found]
    if isinstance(found, str) and found.startswith("{") and found.endswith("}"):
        return values[found[1:-1]]
    return found


def number_of(nodes: Workflow, *kinds: str) -> str:
    """The number of the first node of one of these kinds."""
    return next(number for number, node in nodes.items() if node["class_type"] in kinds)


def _from_picture(nodes: Workflow, init_image: str) -> Workflow:
    """Latents of a picture where the empty ones were; the sampler's `denoise` then says how much is painted anew."""
    empty = number_of(nodes, *LATENTS)
    vae = nodes[number_of(nodes, "VAEDecode")]["inputs"]["vae"]
    start = str(max(map(int, nodes)) + 1)
    fresh = filled(template("start"), {"init_image": init_image, "vae_of": vae})
    fresh["latents"]["inputs"]["pixels"] = [start, 0]
    return {**nodes, start: fresh["start"], empty: fresh["latents"]}


def _with_adapters(nodes: Workflow, adapters: tuple[tuple[str, float], ...]) -> Workflow:
    """Adapters in a chain: whoever took model or text encoder from a loader takes it from the last of them."""
    sources = {
        what: [number, output]
        for number, node in nodes.items()
        for output, what in enumerate(LOADERS.get(node["class_type"], ()))
    }
    heads = dict(sources)
    chain: Workflow = {}
    number = max(map(int, nodes))
    for name, scale in adapters:
        number += 1
        chain[str(number)] = filled(template("adapter"), {**heads, "adapter": name, "scale": scale})
        heads = {"model": [str(number), 0], "clip": [str(number), 1]}
    moved = {json.dumps(link): heads[what] for what, link in sources.items()}
    for node in nodes.values():
        node["inputs"] = {
            key: moved.get(json.dumps(link), link) if isinstance(link, list) else link
            for key, link in node["inputs"].items()
        }
    return {**nodes, **chain}
