"""Property tests here have no time limit per example: the first one pays for loading the numeric libraries."""

from hypothesis import settings

settings.register_profile("numeric", deadline=None)
settings.load_profile("numeric")
