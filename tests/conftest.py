"""What tests of models need before their libraries are imported."""

import contextlib
import warnings

with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter(
        "ignore"
    )  # torchao's source has invalid escapes; where it is installed, diffusers imports it
    import torchao  # noqa: F401
