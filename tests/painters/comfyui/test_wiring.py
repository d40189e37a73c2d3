"""The workflows hold together: every link leads to a node that has such an output, and a shot's numbers arrive."""

from typing import Any

import pytest

from storykin.painters.comfyui.wiring import Workflow, filled, number_of, template, workflow
from tests.painters.servers import NODES

VALUES = {
    "checkpoint": "a.safetensors", "t5": "t5.safetensors", "clip": "clip.safetensors", "vae": "ae.safetensors", "prompt": "a {seed} cat",
    "negative_prompt": "blur", "seed": 11, "steps": 9, "guidance_scale": 4.5, "strength": 0.6, "width": 1216, "height": 832,
}  # fmt: skip
NAMES = ("stable-diffusion", "flux", "flux-checkpoint")
TWO = (("sasha.safetensors", 0.8), ("ink.safetensors", 0.5))


def faults(nodes: Workflow) -> list[str]:
    found = []
    for number, node in nodes.items():
        inputs, _ = NODES[node["class_type"]]
        if set(inputs) != set(node["inputs"]):
            found.append(f"{number}: inputs {set(inputs) ^ set(node['inputs'])}")
        for name, value in node["inputs"].items():
            if isinstance(value, list):
                source, output = value
                outputs = NODES[nodes[source]["class_type"]][1] if source in nodes else ()
                if output >= len(outputs) or outputs[output] != inputs[name]:
                    found.append(f"{number}.{name}: {value}")
            elif inputs[name] in {"MODEL", "CLIP", "VAE", "IMAGE", "LATENT", "CONDITIONING"}:
                found.append(f"{number}.{name}: no link")
    return found


def inputs_of(nodes: Workflow, kind: str) -> dict[str, Any]:
    return nodes[number_of(nodes, kind)]["inputs"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("adapters", [(), TWO[:1], TWO])
@pytest.mark.parametrize("init_image", ["", "storykin/a.png [temp]"])
def test_every_link_leads_to_such_an_output(
    name: str, adapters: tuple[tuple[str, float], ...], init_image: str
) -> None:
    nodes = workflow(name, VALUES, adapters, init_image)
    assert faults(nodes) == []
    assert "{" not in str(nodes).replace("a {seed} cat", "").replace("{'", "").replace(": {", "")


def test_a_broken_link_would_be_found() -> None:
    nodes = workflow("flux", VALUES)
    inputs_of(nodes, "VAEDecode")["vae"] = ["3", 1]
    inputs_of(nodes, "KSampler")["model"] = ["99", 0]
    assert len(faults(nodes)) == 2


@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_words_arrive(name: str) -> None:
    nodes = workflow(name, VALUES)
    sampler = inputs_of(nodes, "KSampler")
    assert (sampler["seed"], sampler["steps"], sampler["denoise"]) == (11, 9, 0.6)
    latents = inputs_of(nodes, "EmptyLatentImage" if name == "stable-diffusion" else "EmptySD3LatentImage")
    assert (latents["width"], latents["height"]) == (1216, 832)
    if name == "stable-diffusion":
        assert sampler["cfg"] == 4.5
        assert nodes[sampler["positive"][0]]["inputs"]["text"] == "a {seed} cat"
        assert nodes[sampler["negative"][0]]["inputs"]["text"] == "blur"
    else:
        guidance = nodes[sampler["positive"][0]]["inputs"]
        assert (sampler["cfg"], guidance["guidance"]) == (1.0, 4.5)
        assert nodes[guidance["conditioning"][0]]["inputs"]["text"] == "a {seed} cat"


@pytest.mark.parametrize("name", NAMES)
def test_adapters_are_a_chain_from_the_loader_to_everyone_who_used_it(name: str) -> None:
    bare, nodes = workflow(name, VALUES), workflow(name, VALUES, TWO)
    first, second = (number for number, node in nodes.items() if node["class_type"] == "LoraLoader")
    assert nodes[first]["inputs"]["model"] == inputs_of(bare, "KSampler")["model"]
    assert nodes[first]["inputs"]["clip"] == inputs_of(bare, "CLIPTextEncode")["clip"]
    assert (nodes[second]["inputs"]["model"], nodes[second]["inputs"]["clip"]) == ([first, 0], [first, 1])
    assert inputs_of(nodes, "KSampler")["model"] == [second, 0]
    assert [node["inputs"]["clip"] for node in nodes.values() if node["class_type"] == "CLIPTextEncode"] == [
        [second, 1]
    ] * 2
    assert inputs_of(nodes, "VAEDecode") == inputs_of(bare, "VAEDecode")
    said = [
        tuple(nodes[one]["inputs"][key] for key in ("lora_name", "strength_model", "strength_clip"))
        for one in (first, second)
    ]
    assert said == [("sasha.safetensors", 0.8, 0.8), ("ink.safetensors", 0.5, 0.5)]


@pytest.mark.parametrize("name", NAMES)
def test_a_start_image_takes_the_place_of_empty_latents(name: str) -> None:
    nodes = workflow(name, VALUES, (), "storykin/a.png [temp]")
    latents = nodes[inputs_of(nodes, "KSampler")["latent_image"][0]]
    assert latents["class_type"] == "VAEEncode"
    assert latents["inputs"]["vae"] == inputs_of(nodes, "VAEDecode")["vae"]
    assert nodes[latents["inputs"]["pixels"][0]]["inputs"]["image"] == "storykin/a.png [temp]"
    assert not any(node["class_type"].startswith("Empty") for node in nodes.values())


def test_a_word_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="guidance_scale"):
        filled(template("flux"), {key: value for key, value in VALUES.items() if key != "guidance_scale"})
