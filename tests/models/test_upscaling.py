"""Enlarging: nets whose exact result is known, all ways of naming their layers, tiles without seams, and what is refused."""

import io
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from storykin.errors import BadFile, BadInput, Cancelled
from storykin.models import upscaling
from storykin.models.upscaling import Upscaler, enlarge, enlarged, upscaler_at
from storykin.provenance import TRAINED, Origin, marked, origin_of

torch = pytest.importorskip("torch")
from safetensors.torch import save_file  # noqa: E402

Weights = dict[str, "torch.Tensor"]


def picture(wide: int = 40, high: int = 30) -> Image.Image:
    """Soft colours and hard edges."""
    made = Image.radial_gradient("L").resize((wide, high))
    made = Image.merge(
        "RGB", (made, ImageChops.invert(made), Image.linear_gradient("L").resize((wide, high)))
    )
    made.paste("#c8503c", (wide // 4, high // 4, wide // 2, high // 2))
    return made


def png(made: Image.Image) -> bytes:
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


def rrdb(
    ups: int = 2, gathered: int = 1, wide: int = 16, blocks: int = 2, grown: int = 4, seed: int | None = 0
) -> Weights:
    """Weights of a small RRDBNet; without a seed it only carries a picture through unchanged."""
    weights: Weights = {}
    source = torch.Generator().manual_seed(seed or 0)

    def conv(name: str, entering: int, leaving: int) -> None:
        shape = (leaving, entering, 3, 3)
        weights[f"{name}.weight"] = (
            torch.randn(shape, generator=source) * 0.05 if seed is not None else torch.zeros(shape)
        )
        weights[f"{name}.bias"] = (
            torch.randn(leaving, generator=source) * 0.02 if seed is not None else torch.zeros(leaving)
        )

    conv("conv_first", 3 * gathered**2, wide)
    for block in range(blocks):
        for dense in (1, 2, 3):
            for layer in range(1, 6):
                conv(
                    f"body.{block}.rdb{dense}.conv{layer}",
                    wide + grown * (layer - 1),
                    grown if layer < 5 else wide,
                )
    conv("conv_body", wide, wide)
    for up in range(1, ups + 1):
        conv(f"conv_up{up}", wide, wide)
    conv("conv_hr", wide, wide)
    conv("conv_last", wide, 3)
    for name in ("conv_first", "conv_hr", "conv_last", *(f"conv_up{up}" for up in range(1, ups + 1))):
        for channel in range(min(weights[f"{name}.weight"].shape[:2])):
            weights[f"{name}.weight"][channel, channel, 1, 1] += 1.0
    return weights


def compact(factor: int = 4, seed: int | None = 0) -> Weights:
    """Weights of a small SRVGGNetCompact."""
    source = torch.Generator().manual_seed(seed or 0)
    scale = 0.0 if seed is None else 0.1
    shapes = {0: (8, 3, 3, 3), 1: (8,), 2: (8, 8, 3, 3), 3: (8,), 4: (3 * factor**2, 8, 3, 3)}
    weights: Weights = {}
    for layer, shape in shapes.items():
        weights[f"body.{layer}.weight"] = torch.randn(shape, generator=source) * scale
        if len(shape) > 1:
            weights[f"body.{layer}.bias"] = torch.randn(shape[0], generator=source) * scale
    return weights


def renamed(weights: Weights, called: Callable[[str], str]) -> Weights:
    return {called(name): value for name, value in weights.items()}


def in_the_middle(name: str) -> str:
    """As BSRGAN and RealSR name the layers."""
    if name.startswith("body."):
        return name.replace("body.", "RRDB_trunk.").replace("rdb", "RDB")
    return name.replace("conv_body", "trunk_conv").replace("conv_up", "upconv").replace("conv_hr", "HRconv")


def at_first(ups: int, blocks: int = 2) -> Callable[[str], str]:
    """As the first ESRGAN numbers the layers, an upsampling, a convolution and an activation each time."""
    tail = {f"conv_up{up}": 3 * up for up in range(1, ups + 1)}
    tail |= {"conv_hr": 3 * ups + 2, "conv_last": 3 * ups + 4}

    def called(name: str) -> str:
        if name.startswith("body."):
            _, block, dense, conv, kind = name.split(".")
            return f"model.1.sub.{block}.{dense.upper()}.{conv}.0.{kind}"
        layer, kind = name.split(".")
        if layer in {"conv_first", "conv_body"}:
            return f"model.0.{kind}" if layer == "conv_first" else f"model.1.sub.{blocks}.{kind}"
        return f"model.{tail[layer]}.{kind}"

    return called


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Upscaler]:
    def save(weights: Weights, suffix: str = ".safetensors") -> Upscaler:
        path = tmp_path / f"net{suffix}"
        if suffix == ".safetensors":
            save_file(weights, path)
        else:
            torch.save({"params_ema": weights}, path)
        return upscaler_at(path)

    return save


def difference(one: Image.Image, other: Image.Image) -> int:
    return max(high for _, high in ImageChops.difference(one, other).getextrema())  # type: ignore[misc]


# --- Lanczos --------------------------------------------------------------------------------------


def test_lanczos_gives_exactly_the_size_that_is_asked_for() -> None:
    told: list[float] = []
    content = enlarge(png(picture(64, 64)), 165, 164, on_step=told.append)
    with Image.open(io.BytesIO(content)) as large:
        assert large.format == "JPEG"
        assert large.size == (165, 164)
        assert difference(large.resize((64, 64), Image.Resampling.BOX), picture(64, 64)) < 40
    assert told == [0.0, 1.0]
    assert enlarge(png(picture(64, 64)), 165, 164) == content


def test_plain_colours_stay_and_edges_are_sharper_than_without() -> None:
    plain = Image.new("RGB", (20, 20), "#4a7c59")
    assert enlarged(plain, 51, 51).getcolors() == [(51 * 51, (0x4A, 0x7C, 0x59))]
    edge = Image.new("L", (40, 40), 90)
    edge.paste(160, (20, 0, 40, 40))
    edge = edge.convert("RGB")
    step = enlarged(edge, 100, 100).crop((40, 50, 60, 51)).getchannel(0).tobytes()
    soft = edge.resize((100, 100), Image.Resampling.LANCZOS).crop((40, 50, 60, 51)).getchannel(0).tobytes()
    steepest = [max(b - a for a, b in pairwise(row)) for row in (step, soft)]
    assert steepest[0] > steepest[1]
    assert min(step) > 70  # no dark ring: in linear light it falls to 58
    assert max(step) < 180


def test_another_shape_is_cut_equally_from_both_sides() -> None:
    wide = Image.new("RGB", (60, 20), "#ffffff")
    wide.paste("#c01010", (0, 0, 10, 20))
    wide.paste("#1010c0", (50, 0, 60, 20))
    square = enlarged(wide, 40, 40)
    assert square.getcolors() == [(1600, (255, 255, 255))]
    assert enlarged(wide, 30, 10).size == (30, 10)


def test_the_picture_says_how_large_it_was_painted_and_what_made_it() -> None:
    small = marked(png(picture(64, 48)), "image/png", TRAINED)
    large = enlarge(small, 160, 120)
    assert origin_of(large) == Origin(TRAINED, (64, 48), "resampling")
    assert origin_of(enlarge(large, 320, 240)) == Origin(TRAINED, (64, 48), "resampling")
    assert origin_of(enlarge(png(picture()), 80, 60)).source == ""


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(BadFile, match="cannot be read as a picture"):
        enlarge(b"no picture", 10, 10)


# --- nets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", ["RRDBNet", "SRVGGNetCompact"])
def test_nets_that_do_nothing_enlarge_by_repeating_pixels(net: str, saved: Callable[..., Upscaler]) -> None:
    model = saved(rrdb(seed=None) if net == "RRDBNet" else compact(seed=None))
    assert (model.title, model.factor) == (net, 4)
    made = enlarged(picture(), 160, 120, model)
    assert difference(made, picture().resize((160, 120), Image.Resampling.NEAREST)) == 0


def test_every_layer_has_its_part_and_its_number(saved: Callable[..., Upscaler]) -> None:
    """The residuals count 0.2 (Wang et al. 2018, section 3.1), what is negative passes with a slope of 0.2."""
    weights = rrdb(blocks=1, seed=None)
    for channel in range(3):
        weights["conv_body.weight"][channel, channel, 1, 1] = 1.0
        weights["conv_up2.weight"][channel, channel, 1, 1] = 1.5
        weights["conv_hr.weight"][channel, channel, 1, 1] = -1.0
        weights["conv_last.weight"][channel, channel, 1, 1] = -1.0
    for dense in (1, 2, 3):
        weights[f"body.0.rdb{dense}.conv5.bias"][:] = 0.5
    made = enlarged(Image.new("RGB", (9, 9), (100, 200, 0)), 36, 36, saved(weights))
    # behind the body: x + (x + 0.2 (x + 3 * 0.2 * 0.5)), then 1.5 and 0.2 times
    wanted = tuple(round(255 * 0.3 * (2.2 * colour / 255 + 0.06)) for colour in (100, 200, 0))
    assert made.getcolors() == [(36 * 36, wanted)]


def test_a_net_of_factor_two_gathers_four_pixels(saved: Callable[..., Upscaler]) -> None:
    weights = rrdb(gathered=2, seed=None)
    model = saved(weights)
    assert model.factor == 2
    made = enlarged(
        picture(41, 31), 82, 62, model
    )  # odd sides: a row and a column are added and cut off again
    every_other = Image.new("RGB", (42, 32))
    every_other.paste(picture(41, 31))
    # the first three of twelve channels are red: upper left, upper right, lower left of each four pixels
    red = picture(41, 31).getchannel(0)
    kept = [red.getpixel((x - x % 2, y - y % 2)) for y in range(31) for x in range(41)]
    first = Image.new("L", (41, 31))
    first.putdata(kept)
    assert (
        difference(
            made.getchannel(0).convert("RGB"), first.resize((82, 62), Image.Resampling.NEAREST).convert("RGB")
        )
        == 0
    )


def test_the_size_between_is_reached_by_lanczos(saved: Callable[..., Upscaler]) -> None:
    model = saved(rrdb(seed=None))
    made = enlarged(picture(), 103, 77, model)
    assert made.size == (103, 77)
    four = picture().resize((160, 120), Image.Resampling.NEAREST)
    across = (160 - 103 * 120 / 77) / 2 if 103 / 160 < 77 / 120 else 0
    down = 0 if across else (120 - 77 * 160 / 103) / 2
    wanted = four.resize((103, 77), Image.Resampling.LANCZOS, box=(across, down, 160 - across, 120 - down))
    assert difference(made, wanted) == 0
    assert origin_of(enlarge(png(picture()), 103, 77, model)).enlarged_by == "model"


def test_all_ways_of_naming_the_layers_give_the_same_net(saved: Callable[..., Upscaler]) -> None:
    for ups in (1, 2, 3):
        weights = rrdb(ups=ups)
        wanted = enlarged(picture(), 40 * 2**ups, 30 * 2**ups, saved(weights))
        assert len(wanted.getcolors(10**6) or ()) > 500
        for spelled in (at_first(ups), in_the_middle, lambda name: f"module.{name}"):
            for suffix in (".safetensors", ".pth"):
                model = saved(renamed(weights, spelled), suffix)
                assert model.factor == 2**ups
                assert difference(enlarged(picture(), *wanted.size, model), wanted) == 0


@pytest.mark.parametrize(
    "weights", [rrdb(), rrdb(gathered=2), rrdb(gathered=4, ups=3), compact(), compact(2)], ids=range(5)
)
def test_tiles_show_no_seams(weights: Weights, saved: Callable[..., Upscaler]) -> None:
    model = saved(weights)
    told: list[float] = []
    large = picture(203, 131)
    whole = upscaling._by_tiles(large, model, lambda fraction: None, 10**6)
    tiled = upscaling._by_tiles(large, model, told.append, 96)
    assert whole.size == tiled.size == (203 * model.factor, 131 * model.factor)
    assert difference(whole, tiled) <= 1
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) == 4 * 2


def test_no_tile_is_longer_than_memory_allows_and_nothing_is_left_out() -> None:
    for side in (1, 47, 96, 97, 203, 1024, 2047, 5000):
        spans = upscaling._spans(side, 256)
        assert spans[0][0] == 0
        assert spans[-1][1] == side
        assert max(stop - start for start, stop in spans) <= 256
        for (_, stop), (start, _) in pairwise(spans):
            assert stop - start == 2 * upscaling.EDGE + upscaling.FADE
            assert start % upscaling.GRAIN == 0


def test_a_tile_goes_over_into_the_next(saved: Callable[..., Upscaler]) -> None:
    """Where nets see different surroundings their results differ; the difference is spread, not a line."""
    dark_and_light = iter((0.2, 0.8))
    model = Upscaler(
        "steps",
        2,
        "",
        "cpu",
        lambda part: torch.full((1, 3, 2 * part.shape[2], 2 * part.shape[3]), next(dark_and_light)),
    )
    made = upscaling._by_tiles(Image.new("RGB", (160, 40)), model, lambda fraction: None, 104)
    row = made.getchannel(0).crop((0, 20, 320, 21)).tobytes()
    steps = [b - a for a, b in pairwise(row)]
    assert row[0] == 51
    assert row[-1] == 204
    assert max(steps) <= 6
    assert min(steps) >= 0


def test_stopping_stops_at_the_next_tile(saved: Callable[..., Upscaler]) -> None:
    model = saved(compact())
    told = []

    def stop(fraction: float) -> None:
        told.append(fraction)
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        enlarge(png(picture(600, 300)), 1800, 900, model, stop)
    assert len(told) == 2
    assert told[1] < 0.5


def test_a_full_card_is_said_in_words() -> None:
    def full(part: object) -> object:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(BadInput, match="no room for the upscaling net"):
        enlarge(png(picture()), 80, 60, Upscaler("RRDBNet", 4, "", "cpu", full))  # type: ignore[arg-type]


# --- what is refused ------------------------------------------------------------------------------


class Wicked:
    """Runs code when it is unpickled by somebody careless."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("boo",))


def test_a_pickle_that_would_run_code_is_not_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"params": rrdb(), "more": Wicked()}, tmp_path / "net.pth")
    with pytest.raises(BadFile, match="would run code") as refused:
        upscaler_at(tmp_path / "net.pth")
    assert "safetensors" in refused.value.hint
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["net.pth", "net.safetensors", "net.pt", "net.onnx", "net"])
@pytest.mark.parametrize("content", [b"", b"nothing of the kind" * 20, b"\x80\x02}q\x00.", b"PK\x03\x04" * 9])
def test_files_that_are_no_models(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=r"no model|no \.safetensors|no weights"):
        upscaler_at(tmp_path / name)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pth", tmp_path):
        with pytest.raises(BadFile, match="cannot be read"):
            upscaler_at(path)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("transformer.double_blocks.0.img_attn.qkv.weight",), "a FLUX model"),
        (("unet.down_blocks.0.attentions.0.lora_A.weight",), "a LoRA adapter"),
        (("layers.0.residual_group.blocks.0.attn.relative_position_bias_table",), "SwinIR"),
        (("body.0.rdb1.conv1x1.weight", "conv_first.weight"), "ESRGAN+"),
        (("one.weight", "two.weight"), "one.weight, two.weight"),
    ],
)
def test_another_kind_of_model_is_named(names: tuple[str, ...], said: str, tmp_path: Path) -> None:
    save_file({name: torch.zeros(4, 4) for name in names}, tmp_path / "net.safetensors")
    with pytest.raises(BadFile) as refused:
        upscaler_at(tmp_path / "net.safetensors")
    assert said in refused.value.message
    assert "spandrel" in refused.value.hint


def test_weights_that_do_not_fit_together_or_enlarge_nothing(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    torn = rrdb()
    del torn["body.1.rdb2.conv3.bias"]
    short = rrdb() | {"conv_hr.weight": torch.zeros(5, 5, 3, 3)}
    grey = rrdb() | {"conv_last.weight": torch.zeros(1, 16, 3, 3), "conv_last.bias": torch.zeros(1)}
    for weights, said in (
        (torn, "do not fit"),
        (short, "do not fit"),
        (grey, "1 channels"),
        (rrdb(ups=2, gathered=4), "nothing"),
    ):
        save_file(weights, path)
        with pytest.raises(BadFile, match=said):
            upscaler_at(path)


def test_without_torch_lanczos_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(BadInput) as refused:
        upscaler_at(tmp_path / "net.pth")
    assert "storykin[paint]" in refused.value.hint
    assert enlarge(png(picture()), 80, 60)


SPANDREL = '''
class UnsupportedModelError(Exception):
    pass

class Found:
    """Repeats pixels twice, as spandrel's descriptors do their work: called with a picture."""
    output_channels = 3
    class architecture:
        name = "SwinIR"
    def __call__(self, picture):
        return picture.repeat_interleave(2, 2).repeat_interleave(2, 3)

class ModelLoader:
    def __init__(self, device):
        assert device == "cpu"
    def load_from_state_dict(self, weights):
        if "layers.0.weight" not in weights:
            raise UnsupportedModelError
        return Found()
'''


def test_spandrel_builds_other_nets_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spandrel.py").write_text(SPANDREL)
    monkeypatch.syspath_prepend(tmp_path)
    save_file({"layers.0.weight": torch.zeros(4, 4)}, tmp_path / "net.safetensors")
    model = upscaler_at(tmp_path / "net.safetensors")
    assert (model.title, model.factor) == ("SwinIR", 2)
    assert (
        difference(enlarged(picture(), 80, 60, model), picture().resize((80, 60), Image.Resampling.NEAREST))
        == 0
    )
    save_file({"others.0.weight": torch.zeros(4, 4)}, tmp_path / "net.safetensors")
    with pytest.raises(BadFile, match="others"):
        upscaler_at(tmp_path / "net.safetensors")
    monkeypatch.delitem(sys.modules, "spandrel")


def test_jpegs_are_near_to_the_picture() -> None:
    large = enlarged(picture(200, 150), 512, 384)
    with Image.open(io.BytesIO(enlarge(png(picture(200, 150)), 512, 384))) as stored:
        errors = ImageStat.Stat(ImageChops.difference(stored, large))
    assert max(errors.rms) < 1.5
