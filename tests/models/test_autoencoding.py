"""What the packaged autoencoder keeps of a picture."""

import pytest
from PIL import Image, ImageFilter

from storykin.models import autoencoding

skimage_data = pytest.importorskip("skimage.data")
metrics = pytest.importorskip("skimage.metrics")


def test_what_is_kept_is_structural_similarity() -> None:
    import numpy as np

    her = Image.fromarray(skimage_data.astronaut()).resize((256, 256))
    soft = her.filter(ImageFilter.GaussianBlur(2))
    grey = [np.asarray(one.convert("L")).astype(float) for one in (her, soft)]
    wanted = metrics.structural_similarity(*grey, data_range=255, use_sample_covariance=False)
    assert autoencoding.kept(her, soft) == pytest.approx(wanted, abs=0.002)
    assert autoencoding.kept(her, her) == pytest.approx(1)
    assert autoencoding.kept(her, Image.effect_noise((256, 256), 60)) < 0.1


def test_drawings_come_back_and_photographs_do_not() -> None:
    pytest.importorskip("diffusers")
    from storykin.likeness import GIVEN_BACK, strangers

    def kept(picture: Image.Image) -> float:
        return autoencoding.kept(picture, autoencoding.given_back(autoencoding.packaged(), picture))

    assert min(map(kept, strangers()[:4])) > GIVEN_BACK
    for name in ("astronaut", "camera", "cat", "coffee"):
        assert kept(Image.fromarray(getattr(skimage_data, name)()).convert("RGB")) < GIVEN_BACK, name
