"""What tests of models need before and after their libraries are imported; and the critic, who stays away from tests of other things."""

import contextlib
import gc
import os
import sys
import warnings

import pytest

# byte code is written once, not compiled again by every process that a test begins: PyTorch and diffusers are thousands of files
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# epubcheck is done long before Java's better compiler has paid for itself
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter(
        "ignore"
    )  # torchao's source has invalid escapes; where it is installed, diffusers imports it
    import torchao  # noqa: F401


@pytest.fixture(autouse=True, scope="module")
def libraries_are_there_to_stay() -> None:
    """What gives memory back looks through all that there is, and PyTorch is a million things that never go: they are passed over."""
    if "torch" in sys.modules:
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def critic_stays_away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of tests are judged only where the test is marked `judged`: reading a page takes a second."""
    if request.node.get_closest_marker("judged"):
        return
    from storykin import make

    monkeypatch.setattr(make, "critic_of", lambda choices: None)
    monkeypatch.setattr(make, "show", lambda folder: None)
