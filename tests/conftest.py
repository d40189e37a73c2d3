"""What tests of models need before their libraries are imported; and the critic, who stays away from tests of other things."""

import contextlib
import warnings

import pytest

with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter(
        "ignore"
    )  # torchao's source has invalid escapes; where it is installed, diffusers imports it
    import torchao  # noqa: F401


@pytest.fixture(autouse=True)
def critic_stays_away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of tests are judged only where the test is marked `judged`: reading a page takes a second."""
    if request.node.get_closest_marker("judged"):
        return
    from storykin import make

    monkeypatch.setattr(make, "critic_of", lambda choices: None)
    monkeypatch.setattr(make, "show", lambda folder: None)
