"""The simulation counts what really happens."""

import json
from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("peft")

from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: E402

from storykin.errors import BadInput  # noqa: E402
from storykin.families import FAMILIES  # noqa: E402
from storykin.training import simulating  # noqa: E402
from storykin.training.planning import Row, rows_of  # noqa: E402
from storykin.training.simulating import (  # noqa: E402
    NETS,
    FakeBus,
    Net,
    Tracker,
    blocks_of,
    fill,
    main,
    make_net,
    simulate,
)

torch.set_num_threads(1)
MIB = 2**20
PARAMETERS = {"sd15": 0.860e9, "sdxl": 2.567e9, "flux-dev": 11.90e9, "flux2-klein": 3.88e9}  # published


def small(**changes: Any) -> Net:
    config = {
        **NETS["flux-dev"].config,
        "num_layers": 2,
        "num_single_layers": 2,
        "num_attention_heads": 4,
        **changes,
    }
    return replace(NETS["flux-dev"], config=config)


def test_every_family_has_its_net() -> None:
    assert NETS.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", NETS)
def test_nets_are_as_large_as_published(family: str) -> None:
    model = make_net(NETS[family], "bfloat16", 16)
    base = sum(one.numel() for one in model.parameters() if not one.requires_grad)
    assert base == pytest.approx(PARAMETERS[family], rel=0.005)
    names = [name for name, one in model.named_parameters() if one.requires_grad]
    assert all("lora" in name for name in names)
    assert (
        len(blocks_of(model, NETS[family]))
        == {"sd15": 16, "sdxl": 70, "flux-dev": 57, "flux2-klein": 25}[family]
    )


def test_storages_are_counted_from_birth_to_death() -> None:
    tracker = Tracker()
    with FakeTensorMode(), tracker:
        one = torch.empty(MIB, dtype=torch.float32)
        assert tracker.card == 4 * MIB
        view = one.view(2, -1)[1]
        assert tracker.card == 4 * MIB
        two = one + 1
        assert tracker.card == tracker.peak == 8 * MIB
        del one
        assert tracker.card == 8 * MIB  # the view holds it
        del view
        assert tracker.card == 4 * MIB
        tracker.banish(two)
        assert (tracker.card, tracker.ram) == (0, 4 * MIB)
        del two
        assert (tracker.card, tracker.ram, tracker.peak) == (0, 0, 8 * MIB)
        torch.empty(64, 128) @ torch.empty(128, 32)
        assert tracker.flop == 2 * 64 * 128 * 32


def test_real_tensors_are_counted_alike() -> None:
    """The same step, once with contents: the tracker sees the same peak."""
    peaks = []
    for mode in (FakeTensorMode(), torch.enable_grad()):
        tracker = Tracker()
        with mode, tracker:
            layers = torch.nn.Sequential(
                torch.nn.Linear(256, 1024), torch.nn.GELU(), torch.nn.Linear(1024, 256)
            )
            tracker.reset()
            layers(torch.zeros(64, 256)).square().mean().backward()
            peaks.append(tracker.peak)
    assert peaks[0] == peaks[1] > 2 * MIB


def test_parking_is_not_counted_on_the_card() -> None:
    tracker = Tracker()
    bus = FakeBus(tracker)
    with FakeTensorMode(), tracker:
        one = torch.empty(MIB, dtype=torch.uint8)
        parked = bus.park(one)
        assert (tracker.card, tracker.peak, tracker.ram) == (MIB, MIB, MIB)
        back = bus.fetch(parked)
        assert (tracker.card, bus.fetched) == (2 * MIB, MIB)
        del back


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    net = small()
    made = {
        "plain": simulate("flux-dev", 256, "bfloat16", net=net),
        "half": simulate("flux-dev", 256, "bfloat16", 2, net=net),
        "streamed": simulate("flux-dev", 256, "bfloat16", 4, net=net),
        "nf4": simulate("flux-dev", 256, "nf4", net=net),
        "int8": simulate("flux-dev", 256, "int8", net=net),
        "fp8": simulate("flux-dev", 256, "fp8", net=net),
        "large": simulate("flux-dev", 512, "bfloat16", net=net),
        "kept": simulate("flux-dev", 512, "bfloat16", net=net, park=False),
        "naked": simulate("flux-dev", 512, "bfloat16", net=net, park=False, checkpoint=False),
        "heavy": simulate("flux-dev", 512, "bfloat16", net=net, light=False),
        "rank 64": simulate("flux-dev", 256, "bfloat16", rank=64, net=net),
    }
    return made


def test_fake_tensors_say_the_same(rows: dict[str, Row]) -> None:
    assert simulate("flux-dev", 256, "nf4", net=small(), fake=True) == rows["nf4"]


def test_what_saves_memory_does(rows: dict[str, Row]) -> None:
    peak = {name: row.peak_gib for name, row in rows.items()}
    assert peak["streamed"] < peak["half"] <= peak["plain"]
    assert peak["nf4"] < peak["int8"] < peak["plain"] < peak["large"]
    assert peak["large"] <= peak["kept"] < peak["naked"]
    assert peak["large"] < peak["heavy"]
    assert peak["plain"] < peak["rank 64"]


def test_int8_and_fp8_lie_equally(rows: dict[str, Row]) -> None:
    assert replace(rows["int8"], base_precision="fp8") == rows["fp8"]


def test_arithmetic_does_not_depend_on_where_weights_lie(rows: dict[str, Row]) -> None:
    assert len({rows[name].tflop_per_step for name in ("plain", "half", "streamed", "nf4", "int8")}) == 1
    assert rows["naked"].tflop_per_step < rows["kept"].tflop_per_step == rows["large"].tflop_per_step


def test_bytes_travel_only_when_something_is_streamed_or_parked(rows: dict[str, Row]) -> None:
    assert rows["naked"].bytes_per_step == rows["kept"].bytes_per_step == 0
    assert (
        0 < rows["plain"].bytes_per_step < rows["half"].bytes_per_step + 1 < rows["streamed"].bytes_per_step
    )
    assert [rows[name].checkpointing for name in ("plain", "kept", "naked")] == ["parked", "kept", "none"]


@pytest.mark.slow
def test_a_small_unet_is_simulated() -> None:
    net = replace(
        NETS["sdxl"],
        config={
            **NETS["sdxl"].config,
            "block_out_channels": [64, 128, 256],
            "attention_head_dim": [2, 4, 8],
            "transformer_layers_per_block": [1, 1, 2],
        },
    )
    plain, streamed = (simulate("sdxl", 256, "nf4", count, net=net) for count in (0, 8))
    assert streamed.peak_gib <= plain.peak_gib
    assert streamed.bytes_per_step > plain.bytes_per_step


def test_unknown_families_and_blocks_are_refused() -> None:
    with pytest.raises(BadInput, match="no net for the family 'sd9'"):
        simulate("sd9", 512)
    with pytest.raises(BadInput, match="9 blocks cannot be streamed: there are 4"):
        simulate("flux-dev", 256, "nf4", 9, net=small())


def test_the_table_is_filled_once_and_goes_on(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def quick(family: str, resolution: int, precision: Any, count: int, rank: int) -> Row:
        asked.append((family, resolution, precision, count))
        return Row(family, resolution, precision, count, rank, 1.0, 2.0, 3.0, 4, "parked")

    monkeypatch.setattr(simulating, "simulate", quick)
    monkeypatch.setattr(
        simulating, "wanted_rows", lambda: [("sd15", 512, "int8", 0), ("sd15", 512, "nf4", 8)]
    )
    table = tmp_path / "table.json"
    fill(table, say=lambda _: None)
    assert [row.of for row in rows_of(table)] == [
        ("sd15", 512, one, count, 16) for one, count in (("fp8", 0), ("int8", 0), ("nf4", 8))
    ]
    fill(table, say=lambda _: None)
    assert len(asked) == 2


def test_the_command_prints_a_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row("sd15", 512, "nf4", 3, 16, 1.0, 2.0, 3.0, 4, "parked")
    monkeypatch.setattr(simulating, "simulate", lambda *_: row)
    assert (
        main(["--family", "sd15", "--resolution", "512", "--precision", "nf4", "--streamed-blocks", "3"]) == 0
    )
    assert Row(**json.loads(capsys.readouterr().out)) == row


def test_what_is_wanted_has_no_doubles() -> None:
    wanted = simulating.wanted_rows()
    assert len(set(wanted)) == len(wanted)
    assert {family for family, *_ in wanted} == set(NETS)
