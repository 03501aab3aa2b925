"""All sample contexts, public and officer pages together."""

from tests.unit.templates.public_samples import PUBLIC_SAMPLES, Sample

SAMPLES: dict[str, Sample] = PUBLIC_SAMPLES
