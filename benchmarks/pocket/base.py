"""The base `pocket`: a small FLUX.1 that learns the drawn world by flow matching: `python -m benchmarks.pocket.base learn`.

encode    pictures to latents, once, by the finished autoencoder
learn     net and text encoders together, in as many sittings as it takes
distil    the net takes over what two passes (with and without the caption) said: its guidance embedding then works as FLUX-dev's
save      everything as one folder of diffusers, which the painter and the trainer load as family flux-dev
"""

import argparse
import json
from pathlib import Path

from . import autoencoder, render, words
from .latents import MADE, encode
from .learning import FALL, Lesson, learn
from .net import TOWARDS_NOISE, restored


def save(folder: Path, vae_folder: Path, out: Path) -> Path:
    """The averaged weights with everything beside them as a FluxPipeline's folder in float16."""
    import torch
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline

    made, vae = json.loads((folder / MADE).read_text()), AutoencoderKL.from_pretrained(vae_folder)
    if vae.config.scaling_factor != made["scale"]:
        raise SystemExit(f"{vae_folder} is not grown from the autoencoder that {folder} has learned with")
    pocket = restored(folder)
    pipeline = FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae,
        tokenizer=pocket.tokens,
        tokenizer_2=pocket.tokens,
        **{name: part.eval() for name, part in pocket.parts.items()},
    )
    pipeline.to(dtype=torch.float16)
    pipeline.save_pretrained(out)
    for part, length in (("tokenizer", words.SMALL_LENGTH), ("tokenizer_2", words.LENGTH)):
        words.save(pocket.tokens, out / part, length)
    index = json.loads((out / "model_index.json").read_text())
    index |= {
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "tokenizer_2": ["transformers", "PreTrainedTokenizerFast"],
    }
    (out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    for path in out.rglob("*config.json"):
        settings = json.loads(path.read_text())
        if settings.pop("_name_or_path", None):  # where it lay on this machine
            path.write_text(json.dumps(settings, indent=2) + "\n")
    return out


def main() -> None:
    """One of the four acts."""
    cache = render.CACHE
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=("encode", "learn", "distil", "save"))
    parser.add_argument("--pictures", type=Path, default=cache / f"pictures-{autoencoder.HALF}")
    parser.add_argument(
        "--vae", type=Path, help="of an autoencoder; the grown one for `save`, else the small one"
    )
    parser.add_argument("--latents", type=Path, default=cache / "latents")
    parser.add_argument("--out", type=Path, help="folder of this training, or of the pipeline for `save`")
    parser.add_argument(
        "--of",
        type=Path,
        help="folder of the training that is distilled (base) or saved (distilled); of one whose net goes on with other `--readers`",
    )
    parser.add_argument(
        "--readers", type=Path, help="folder of encoders that have learned to read; they stay as they are"
    )
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--muon", type=float, default=0.0)
    parser.add_argument(
        "--towards",
        type=float,
        default=TOWARDS_NOISE,
        help="middle of the timesteps: above 0 nearer to noise",
    )
    parser.add_argument(
        "--fall", type=float, default=FALL, help="the last share of the way, over which the rate falls"
    )
    parser.add_argument("--processes", type=int, default=1, help="that share every batch")
    parser.add_argument("--every", type=int, default=1000, help="steps between checkpoints and sheets")
    asked = parser.parse_args()
    grown = cache / "autoencoder-grown" / "vae"
    vae = asked.vae or (grown if asked.act == "save" else autoencoder.at_hand())
    if asked.act == "encode":
        encode(asked.pictures, vae, asked.latents)
    elif asked.act in ("learn", "distil"):
        distils = asked.act == "distil"
        learn(
            Lesson(
                asked.latents,
                asked.out or cache / ("distilled" if distils else "base"),
                vae,
                asked.steps or (2500 if distils else 18000),
                asked.batch,
                asked.rate / 5 if distils else asked.rate,
                asked.muon,
                asked.every,
                towards=asked.towards,
                teacher=(asked.of or cache / "base") if distils else None,
                readers=None if distils else asked.readers,
                begin=asked.of if asked.readers and not distils else None,
                fall=asked.fall,
            ),
            asked.processes,
        )
    else:
        save(asked.of or cache / "distilled", vae, asked.out or cache / "pocket")


if __name__ == "__main__":
    main()
