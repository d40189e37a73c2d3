"""ComfyUI is spoken to as it really is, by way of a small server with its protocol; what can break is broken."""

import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storykin.character import Adapter, Character
from storykin.errors import BadFile, BadInput, Cancelled, CannotPaint, StorykinError
from storykin.painters import Painter
from storykin.painters.comfyui import ComfyUI
from storykin.reaching import Patience
from storykin.scene import Box, Scene
from storykin.shot import Part, PlacedAdapter, Shot
from tests.painters import contract
from tests.painters.contract import Contract, nothing, opened
from tests.painters.servers import HTML, Comfy, Fault, comfy

SHOT = Shot(
    3,
    Scene("garden"),
    (Character("Mila"),),
    prompt="Mila (red coat)",
    negative_prompt="blur",
    seed=7,
    width=400,
    height=300,
    steps=6,
)
QUICK = Patience(connect=2.0, answer=2.0, away=1.0, silence=5.0, look=0.1, breath=0.02, tries=3)
SASHA = PlacedAdapter(
    Adapter("cast/sasha/adapters/sdxl-2026-11-28.safetensors", "sdxl", "sks", 16, 0.8),
    Box(0, 0, 1, 1),
    "Sasha",
)


@pytest.fixture
def server() -> Iterator[Comfy]:
    with comfy() as one:
        yield one


@pytest.fixture
def made() -> Iterator[Callable[..., ComfyUI]]:
    all_of_them: list[ComfyUI] = []

    def make(server: Comfy, *given: Any, patience: Patience = QUICK, **more: Any) -> ComfyUI:
        all_of_them.append(ComfyUI(server.host, *given, patience=patience, **more))
        return all_of_them[-1]

    yield make
    for painter in all_of_them:
        painter.close()


Made = Callable[..., ComfyUI]


def sampler(server: Comfy, which: int = -1) -> dict[str, Any]:
    nodes = server.accepted[which].values()
    return next(node["inputs"] for node in nodes if node["class_type"] == "KSampler")


class TestContract(Contract):
    shot = replace(contract.SHOT, prompt="a girl", steps=6)

    @pytest.fixture
    def painter(self, server: Comfy, made: Made) -> Painter:
        return made(server)

    def others(self) -> list[Shot]:
        return [
            replace(self.shot, prompt="a dog"),
            replace(self.shot, steps=7),
            replace(self.shot, guidance_scale=2.0),
        ]


@pytest.mark.parametrize(("width", "height"), [(400, 300), (300, 400), (1111, 507), (2625, 2625)])
def test_size_is_obeyed_exactly_and_painted_near_the_models_own(
    server: Comfy, made: Made, width: int, height: int
) -> None:
    painter: Painter = made(server)
    assert opened(painter.paint(replace(SHOT, width=width, height=height), nothing)).size == (width, height)
    latents = next(
        node["inputs"] for node in server.accepted[0].values() if node["class_type"] == "EmptyLatentImage"
    )
    assert latents["width"] % 8 == latents["height"] % 8 == 0
    assert latents["width"] * latents["height"] == pytest.approx(1024**2, rel=0.02)
    assert latents["width"] / latents["height"] == pytest.approx(width / height, rel=0.02)


def test_progress_only_grows_and_ends_at_one(server: Comfy, made: Made) -> None:
    steps: list[float] = []
    made(server).paint(SHOT, steps.append)
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert len(set(steps)) >= 6


def test_an_error_of_whoever_watches_is_not_swallowed(server: Comfy, made: Made) -> None:
    def broken(done: float) -> None:
        if done > 0.1:
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        made(server).paint(SHOT, broken)


def test_newer_servers_tell_progress_of_all_nodes_at_once(made: Made) -> None:
    with comfy(says_state=True) as server:
        steps: list[float] = []
        made(server).paint(SHOT, steps.append)
        assert len(set(steps)) >= 6


def test_what_it_lacks_is_refused_before_anything_is_sent(server: Comfy, made: Made) -> None:
    painter = made(server)
    theo = replace(SASHA, character="Theo")
    lacking: list[tuple[dict[str, Any], str]] = [
        ({"references": ("face.png",)}, "page 3: .*reference"),
        ({"adapters": (SASHA, theo)}, "page 3: .*more than one"),
        (
            {"adapters": (replace(SASHA, adapter=replace(SASHA.adapter, family="flux-dev")),)},
            "page 3: .*taught to flux-dev.*sdxl",
        ),
        (
            {
                "adapters": (
                    SASHA,
                    replace(SASHA, character="", adapter=replace(SASHA.adapter, family="sd15")),
                )
            },
            "page 3: .*taught to sd15",
        ),
        ({"parts": (Part("Mila", "a girl"),)}, "page 3: .*one region only"),
    ]
    for change, words in lacking:
        with pytest.raises(CannotPaint, match=words):
            painter.paint(replace(SHOT, **change), nothing)
        with pytest.raises(CannotPaint, match=words):
            painter.prepare([replace(SHOT, **change)], nothing)
    assert server.requests == []


def test_nothing_of_the_file_comes_back_but_pixels(server: Comfy, made: Made) -> None:
    picture = made(server).paint(SHOT, nothing)
    assert b"Mila" in next(iter(server.temp.values()))  # the server does write the workflow into its file
    assert b"Mila" not in picture
    assert opened(picture).info == {}


def test_the_words_do_not_stay_in_the_servers_history(server: Comfy, made: Made) -> None:
    made(server).paint(SHOT, nothing)
    assert server.history == {}


def test_previews_are_jpegs(made: Made) -> None:
    for there in ({"previews": "PNG"}, {"previews": "JPEG"}, {"preview_kind": 4}):
        with comfy(**there) as server:
            looks: list[bytes] = []
            made(server).paint(SHOT, nothing, looks.append)
            assert len(looks) == 6
            assert all(opened(look).format == "JPEG" for look in looks)


def test_strange_messages_are_passed_over(server: Comfy, made: Made) -> None:
    def chatter(step: int) -> None:
        wire = server.wires[0]
        for kind, content in (
            (1, b"not json"), (1, b"[]"), (1, b'{"type": "progress"}'), (1, b'{"type": "crystools.monitor", "data": {"cpu": 3}}'),
            (1, b'{"type": "progress", "data": {"value": 1, "max": 0, "prompt_id": null}}'), (2, b""), (2, struct.pack(">II", 1, 1) + b"no picture"),
            (2, struct.pack(">II", 4, 900) + b"{"), (2, struct.pack(">II", 77, 1)),
            (1, json.dumps({"type": "progress", "data": {"value": 6, "max": 6, "prompt_id": "another's"}}).encode()),
        ):  # fmt: skip
            wire.send(kind, content)

    server.on_sampled, server.step_time = chatter, 0.05
    steps: list[float] = []
    looks: list[bytes] = []
    made(server).paint(SHOT, steps.append, looks.append)
    assert steps == sorted(steps)
    assert len(set(steps)) >= 6  # another's end was not taken for ours
    assert len(looks) >= 5


# what arrives


def test_words_and_numbers_arrive(server: Comfy, made: Made) -> None:
    made(server).paint(replace(SHOT, guidance_scale=5.5, seed=2**64 + 3), nothing)
    sent = sampler(server)
    assert (sent["seed"], sent["steps"], sent["cfg"], sent["denoise"]) == (3, 6, 5.5, 1.0)
    nodes = server.accepted[0]
    assert nodes[sent["positive"][0]]["inputs"]["text"] == "Mila (red coat)"
    assert nodes[sent["negative"][0]]["inputs"]["text"] == "blur"


def test_it_has_the_styles_it_is_given(server: Comfy, made: Made) -> None:
    made(server).paint(replace(SHOT, art="anything"), nothing)
    with pytest.raises(CannotPaint, match="no style 'oil'"):
        made(server, arts=("ink",)).paint(replace(SHOT, art="oil"), nothing)


def test_unsaid_numbers_are_the_familys(server: Comfy, made: Made) -> None:
    painter = made(server)
    painter.paint(replace(SHOT, steps=0), nothing)
    assert (sampler(server)["steps"], sampler(server)["cfg"]) == (
        painter.defaults.steps,
        painter.defaults.guidance_scale,
    )


def test_in_sentences_brackets_are_brackets(made: Made) -> None:
    with comfy(checkpoints=("flux1-dev-fp8.safetensors",)) as server:
        made(server, "flux-dev").paint(SHOT, nothing)
        texts = [
            node["inputs"]["text"]
            for node in server.accepted[0].values()
            if node["class_type"] == "CLIPTextEncode"
        ]
        assert texts == [r"Mila \(red coat\)", ""]


@pytest.mark.parametrize("family", ["sd15", "sdxl", "flux-dev", "flux-schnell", "flux"])
def test_every_family_is_painted_with(family: str, made: Made) -> None:
    there = (
        "v1-5-pruned.safetensors",
        "sd_xl_base.safetensors",
        "flux1-dev-fp8.safetensors",
        "flux1-schnell-fp8.safetensors",
    )
    with comfy(checkpoints=there) as server:
        painter = made(server, family)
        painter.paint(SHOT, nothing)
        found = dict(zip(("sd15", "sdxl", "flux-dev", "flux-schnell"), there, strict=True))[
            "flux-dev" if family == "flux" else family
        ]
        assert painter.made_with()["checkpoint"] == found
        assert painter.made_with()["comfyui"] == "0.9.2"


def test_flux_in_several_files(made: Made) -> None:
    with comfy(
        checkpoints=("sd_xl_base.safetensors",), unets=("flux1-dev.safetensors", "wan.safetensors"),
        encoders=("clip_g.safetensors", "clip_l.safetensors", "t5xxl_fp8.safetensors", "t5xxl_fp16.safetensors"), vaes=("sdxl.safetensors", "ae.safetensors"),
        newer_lists=True,
    ) as server:  # fmt: skip
        made(server, "flux-dev").paint(SHOT, nothing)
        kinds = {node["class_type"]: node["inputs"] for node in server.accepted[0].values()}
        assert kinds["UNETLoader"]["unet_name"] == "flux1-dev.safetensors"
        encoders = kinds["DualCLIPLoader"]
        assert (encoders["clip_name1"], encoders["clip_name2"]) == (
            "t5xxl_fp16.safetensors",
            "clip_l.safetensors",
        )
        assert kinds["VAELoader"]["vae_name"] == "ae.safetensors"
        server.encoders = ()
        with pytest.raises(BadInput, match=r"(?s)T5 text encoder.*models/text_encoders"):
            made(server, "flux-dev").prepare([], nothing)


def test_a_start_image_is_sent_upright_without_place_and_name(
    server: Comfy, made: Made, tmp_path: Path
) -> None:
    photo = Image.new("RGB", (300, 600), "green")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "Mila at home"
    photo.save(tmp_path / "mila.jpg", exif=exif)
    made(server).paint(replace(SHOT, init_image=str(tmp_path / "mila.jpg"), strength=0.5), nothing)
    ((name, sent),) = (
        (name, content) for name, content in server.temp.items() if name.startswith("storykin/")
    )
    assert "mila" not in name
    assert b"Mila" not in sent
    assert opened(sent).size == (1184, 888)  # upright, 4:3, near the model's own size
    upload = next(body for asked, _, body in server.requests if asked == "POST /upload/image")
    assert str(tmp_path).encode() not in upload
    assert b"mila.jpg" not in upload


@pytest.mark.parametrize(("strength", "steps", "denoise"), [(0.5, 3, 0.5), (1.0, 6, 1.0), (0.0, 1, 0.0)])
def test_strength_is_how_much_is_painted_anew(
    server: Comfy, made: Made, tmp_path: Path, strength: float, steps: int, denoise: float
) -> None:
    Image.new("RGB", (64, 64), "green").save(tmp_path / "a.png")
    made(server).paint(replace(SHOT, init_image=str(tmp_path / "a.png"), strength=strength), nothing)
    assert (sampler(server)["steps"], sampler(server)["denoise"]) == (steps, denoise)


def test_a_start_image_that_is_none_is_named(server: Comfy, made: Made, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"hello")
    with pytest.raises(BadFile, match=r"page 3: .*a\.png"):
        made(server).paint(replace(SHOT, init_image=str(tmp_path / "a.png")), nothing)


# what is on the server


def test_the_checkpoint_is_the_only_one_or_the_one_that_is_named(made: Made) -> None:
    there = ("a-xl.safetensors", "sub\\b-xl.safetensors", "c.safetensors")
    with comfy(checkpoints=there) as server:
        for name in ("b-xl", "b-xl.safetensors", "sub/b-xl.safetensors"):
            painter = made(server, "sdxl", name)
            painter.prepare([], nothing)
            assert painter.made_with()["checkpoint"] == "sub\\b-xl.safetensors"
        for name in ("", "zzz"):
            with pytest.raises(BadInput, match=r"a-xl.safetensors, sub.*c.safetensors"):
                made(server, "sdxl", name).prepare([], nothing)
        server.checkpoints = ()
        with pytest.raises(BadInput, match="models/checkpoints"):
            made(server).prepare([], nothing)


def test_another_checkpoint_or_family_is_another_revision() -> None:
    host = "http://127.0.0.1:1"
    painters = [ComfyUI(host), ComfyUI(host, "sd15"), ComfyUI(host, "sdxl", "a"), ComfyUI(host, "sdxl", "b")]
    assert len({painter.revision for painter in painters}) == 4


def test_adapters_are_found_by_their_file_and_chained_in(made: Made) -> None:
    ink = PlacedAdapter(Adapter("styles/ink.safetensors", "sdxl", "", 8, 0.5))
    with comfy(loras=("other.safetensors", "kids\\sdxl-2026-11-28.safetensors", "ink.safetensors")) as server:
        made(server).paint(replace(SHOT, adapters=(SASHA, ink)), nothing)
        loras = [node["inputs"] for node in server.accepted[0].values() if node["class_type"] == "LoraLoader"]
        assert [(one["lora_name"], one["strength_model"]) for one in loras] == [
            ("kids\\sdxl-2026-11-28.safetensors", 0.8),
            ("ink.safetensors", 0.5),
        ]


def test_a_missing_adapter_is_named_with_the_folder_before_anything_is_painted(
    server: Comfy, made: Made
) -> None:
    with pytest.raises(
        BadInput, match=r"(?s)page 3: .*sdxl-2026-11-28\.safetensors.*models/loras/sasha/sdxl-2026-11-28"
    ):
        made(server).prepare([SHOT, replace(SHOT, adapters=(SASHA,))], nothing)
    assert server.accepted == []


def test_two_files_of_one_name_are_told_apart_by_the_persons_folder(made: Made) -> None:
    both = ("theo/sdxl-2026-11-28.safetensors", "sasha/sdxl-2026-11-28.safetensors")
    with comfy(loras=both) as server:
        made(server).paint(replace(SHOT, adapters=(SASHA,)), nothing)
        assert "'sasha/sdxl-2026-11-28.safetensors'" in str(server.accepted)
        server.loras = ("theo/sdxl-2026-11-28.safetensors", "x/sdxl-2026-11-28.safetensors")
        with pytest.raises(BadInput, match=r"several.*theo/.*x/"):
            made(server).prepare([replace(SHOT, adapters=(SASHA,))], nothing)


def test_another_persons_file_of_that_name_is_noticed(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "sasha" / "adapters" / "sdxl.safetensors"
    path.parent.mkdir(parents=True)
    head = json.dumps({"__metadata__": {"modelspec.trigger_phrase": "sks child"}}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head)
    shot = replace(SHOT, adapters=(replace(SASHA, adapter=replace(SASHA.adapter, path=str(path))),))
    with comfy(loras=("sdxl.safetensors",)) as server:
        made(server).prepare([shot], nothing)  # a server that tells nothing
        server.remarks = {"sdxl.safetensors": {"modelspec.trigger_phrase": "sks child"}}
        made(server).prepare([shot], nothing)
        server.remarks = {"sdxl.safetensors": {"modelspec.trigger_phrase": "ohwx child"}}
        with pytest.raises(BadInput, match="is another one than"):
            made(server).prepare([shot], nothing)


# stopping


@pytest.mark.parametrize("takes_number", [True, False])
def test_stopping_interrupts_it_on_the_server(made: Made, takes_number: bool) -> None:
    with comfy(step_time=0.1, takes_number=takes_number) as server:
        steps: list[float] = []

        def stop(done: float) -> None:
            steps.append(done)
            if done > 0.3:
                raise Cancelled

        began = time.monotonic()
        with pytest.raises(Cancelled):
            made(server).paint(replace(SHOT, steps=50), stop)
        assert time.monotonic() - began < 4.0
        assert server.interrupted.is_set()
        assert max(steps) < 0.5
        _until(lambda: not server.running)


def test_stopping_while_waiting_takes_only_ours_out_of_the_queue(server: Comfy, made: Made) -> None:
    server.hold.clear()
    server.pending.append((0, "another's", {}, {"client_id": "another"}, []))

    def stop(done: float) -> None:
        if len(server.pending) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        made(server).paint(SHOT, stop)
    assert [item[1] for item in server.pending] == ["another's"]
    assert not server.interrupted.is_set()
    server.pending.clear()


def test_stopping_works_while_an_answer_is_awaited(server: Comfy, made: Made) -> None:
    server.faults.append(Fault("POST /prompt", "slow"))
    began = time.monotonic()

    def stop(done: float) -> None:
        if server.asked("POST /prompt"):
            raise Cancelled

    with pytest.raises(Cancelled):
        made(server, patience=replace(QUICK, answer=60.0)).paint(SHOT, stop)
    assert time.monotonic() - began < 2.0


def test_it_can_be_used_again_after_it_was_stopped_or_closed(server: Comfy, made: Made) -> None:
    painter = made(server)

    def stop(done: float) -> None:
        if done > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        painter.paint(SHOT, stop)
    first = painter.paint(SHOT, nothing)
    painter.close()
    assert painter.paint(SHOT, nothing) == first


def test_after_closing_no_thread_and_no_connection_is_left(server: Comfy) -> None:
    before = set(threading.enumerate())
    painter = ComfyUI(server.host, patience=QUICK)
    painter.paint(SHOT, nothing)
    assert any(one.name == "work elsewhere" for one in threading.enumerate())
    painter.close()
    painter.close()
    assert not [one for one in set(threading.enumerate()) - before if one.name == "work elsewhere"]
    _until(lambda: not server.wires)


# what breaks


def test_without_a_host_nothing_is_sent_anywhere() -> None:
    with pytest.raises(BadInput, match=r"--host http://127\.0\.0\.1:8188"):
        ComfyUI("")


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(BadInput, match=r"(?s)z-image.*sdxl"):
        ComfyUI("http://127.0.0.1:8188", "z-image")


def test_nobody_there_is_said_at_once() -> None:
    painter = ComfyUI("http://127.0.0.1:9", patience=replace(QUICK, away=60.0))
    began = time.monotonic()
    with pytest.raises(StorykinError, match=r"(?s)nobody answers.*--host"):
        painter.prepare([], nothing)
    assert time.monotonic() - began < 3.0
    painter.close()


@pytest.mark.parametrize("request_", ["GET /system_stats", "GET /object_info/CheckpointLoaderSimple"])
def test_a_server_that_is_no_comfyui_is_recognised(server: Comfy, made: Made, request_: str) -> None:
    server.faults.append(Fault(request_, "html"))
    with pytest.raises(BadInput, match=r"(?s)is no ComfyUI.*'Router login'.*8188"):
        made(server).prepare([], nothing)


@pytest.mark.parametrize("request_", ["POST /prompt", "GET /queue", "GET /history"])
def test_a_web_page_in_the_middle_is_an_error_and_no_picture(
    server: Comfy, made: Made, request_: str
) -> None:
    server.faults.append(Fault(request_, "html"))
    with pytest.raises(BadInput, match=r"page 3: .*is no ComfyUI"):
        made(server).paint(SHOT, nothing)


LOST = [
    (request, kind)
    for request in ("GET /object_info/LoraLoader", "POST /prompt", "GET /queue", "GET /history", "GET /view")
    for kind in ("drop", "deaf", "cut", "500")
]


@pytest.mark.parametrize(("request_", "kind"), LOST)
def test_a_lost_answer_costs_nothing(server: Comfy, made: Made, request_: str, kind: str) -> None:
    painter = made(server)
    painter.prepare([], nothing)
    server.faults.append(Fault(request_, kind))
    if "LoraLoader" in request_:
        painter.close()
    assert opened(painter.paint(SHOT, nothing)).size == (400, 300)
    assert server.faults == []
    assert len(server.accepted) == 1  # painted once, even where it was not heard that it was taken


def test_a_lost_answer_to_the_start_image_is_asked_again(server: Comfy, made: Made, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    server.faults.append(Fault("POST /upload/image", "deaf"))
    made(server).paint(replace(SHOT, init_image=str(tmp_path / "a.png")), nothing)
    assert server.asked("POST /upload/image") == 2


def test_a_server_that_only_fails_is_given_up(server: Comfy, made: Made) -> None:
    server.faults += [Fault("POST /prompt", "500")] * 9
    with pytest.raises(StorykinError, match=r"page 3: .*500: it is broken inside"):
        made(server).paint(SHOT, nothing)
    assert server.asked("POST /prompt") == QUICK.tries


def test_an_answer_that_takes_too_long_is_said(server: Comfy, made: Made) -> None:
    server.faults += [Fault("GET /system_stats", "slow")] * 3
    with pytest.raises(StorykinError, match=r"no whole answer within 0\.2 s"):
        made(server, patience=replace(QUICK, answer=0.2)).prepare([], nothing)


@pytest.mark.parametrize("when", [1, 6])
def test_a_socket_that_breaks_is_opened_again(made: Made, when: int) -> None:
    with comfy(step_time=0.05) as server:
        server.on_sampled = lambda step: server.hang_up() if step == when else None
        steps: list[float] = []
        picture = made(server).paint(replace(SHOT, steps=12), steps.append)
        assert opened(picture).size == (400, 300)
        assert server.asked("GET /ws") >= 2
        assert len(set(steps)) > 6
        assert steps == sorted(steps)


def test_without_any_socket_it_is_painted_all_the_same(server: Comfy, made: Made) -> None:
    server.faults += [Fault("GET /ws", "500")] * 99
    steps: list[float] = []
    made(server).paint(SHOT, steps.append)
    assert (steps[0], steps[-1]) == (0.0, 1.0)


def test_older_servers_do_not_say_success(made: Made) -> None:
    with comfy(says_success=False) as server:
        assert made(server).paint(SHOT, nothing)


def test_a_restart_in_the_middle_is_painted_again_with_its_start_image(made: Made, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    words: list[str] = []
    with comfy(step_time=0.05) as server:

        def restart(step: int) -> None:
            if step == 3 and len(server.accepted) == 1:
                server.down()
                server.forget_everything()
                server.interrupted.set()
                server.history.clear()
                threading.Timer(0.3, server.up).start()

        server.on_sampled = restart
        painter = made(server, patience=replace(QUICK, away=10.0), say=words.append)
        steps: list[float] = []
        assert painter.paint(replace(SHOT, init_image=str(tmp_path / "a.png")), steps.append)
        assert len(server.accepted) == 2
        assert steps == sorted(steps)
        assert any("Asking again" in word for word in words)


def test_a_server_that_forgets_every_time_is_given_up(server: Comfy, made: Made) -> None:
    def forget(step: int) -> None:
        server.forget_everything()

    server.on_sampled = forget
    server.step_time = 0.02

    class Nowhere(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            pass

    server.history = Nowhere()
    with pytest.raises(StorykinError, match=r"page 3: .*no longer knows"):
        made(server).paint(SHOT, nothing)
    assert len(server.accepted) == 3


def test_a_server_that_stays_away_is_given_up(made: Made) -> None:
    with comfy(step_time=0.05) as server:
        server.on_sampled = lambda step: server.down() if step == 2 else None
        began = time.monotonic()
        with pytest.raises(StorykinError, match=r"page 3: .*has been away"):
            made(server, patience=replace(QUICK, away=0.5)).paint(SHOT, nothing)
        assert time.monotonic() - began < 4.0
        server.up()


def test_silence_is_ended(made: Made) -> None:
    with comfy() as server:
        server.hold.clear()
        server.pending.append((0, "another's", {}, {"client_id": "another"}, []))
        words: list[str] = []
        with pytest.raises(
            StorykinError, match=r"page 3: .*nothing has happened for 0\.5 s; 1 before it in the queue"
        ):
            made(server, patience=replace(QUICK, silence=0.5), say=words.append).paint(SHOT, nothing)
        assert [item[1] for item in server.pending] == ["another's"]
        assert words == [f"comfyui server {server.host}: 1 picture before this one"]
        server.pending.clear()


def test_a_refused_workflow_is_said_node_by_node(server: Comfy, made: Made) -> None:
    painter = made(server)
    painter.prepare([], nothing)
    server.checkpoints = ("gone.safetensors",)
    with pytest.raises(
        StorykinError,
        match=r"page 3: .*node 1 \(model, CheckpointLoaderSimple\): Value not in list \(ckpt_name: 'sd_xl.*gone",
    ):
        painter.paint(SHOT, nothing)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "torch.OutOfMemoryError: Allocation on device",
            r"(?s)node 6 \(decode, VAEDecode\): Allocation on device.*--lowvram",
        ),
        (
            "RuntimeError: shapes cannot be multiplied",
            r"(?s)decode.*shapes cannot be multiplied.*server's own window",
        ),
    ],
)
@pytest.mark.parametrize("heard", [True, False])
def test_a_failing_node_is_named(made: Made, fault: str, words: str, heard: bool) -> None:
    with comfy(fails={"VAEDecode": fault}) as server:
        if not heard:
            server.faults += [Fault("GET /ws", "500")] * 99
        with pytest.raises(StorykinError, match=words):
            made(server).paint(SHOT, nothing)


def test_somebody_else_may_stop_it(made: Made) -> None:
    with comfy(step_time=0.05) as server:
        server.on_sampled = lambda step: server.interrupted.set() if step == 2 else None
        with pytest.raises(StorykinError, match=r"page 3: .*somebody stopped"):
            made(server).paint(SHOT, nothing)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(HTML, "a web page"), (b"GIF89a", "6 bytes"), (b"\x89PNG\r\n\x1a\n" + b"x" * 90, "bytes")],
)
def test_what_is_no_picture_is_an_error(made: Made, wrong: bytes, words: str) -> None:
    with (
        comfy(wrong_picture=wrong) as server,
        pytest.raises(StorykinError, match=f"page 3: .*{words} instead of a picture"),
    ):
        made(server).paint(SHOT, nothing)


def test_a_picture_that_was_deleted_there_is_said(server: Comfy, made: Made) -> None:
    class Nothing(dict[str, bytes]):
        def __setitem__(self, key: str, value: bytes) -> None:
            pass

    server.temp = Nothing()
    with pytest.raises(StorykinError, match=r"page 3: .*does not give it"):
        made(server).paint(SHOT, nothing)


def test_a_password_goes_with_it_and_is_never_shown(server: Comfy) -> None:
    host = server.host.replace("http://", "http://mum:s%C3%A9cret@")
    painter = ComfyUI(host, patience=QUICK)
    painter.paint(SHOT, nothing)
    given = {headers.get("Authorization", "") for _, headers, _ in server.requests}
    assert given == {"Basic bXVtOnPDqWNyZXQ="}
    server.fails = {"VAEDecode": "ValueError: x"}
    with pytest.raises(StorykinError) as caught:
        painter.paint(SHOT, nothing)
    assert "cret" not in str(caught.value)
    assert "cret" not in str(painter.made_with())
    painter.close()


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 3.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
