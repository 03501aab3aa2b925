"""Encryption keys for tests: the same for every application, server and process of a run."""

from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, environment_text

TEST_KEYS = environment_text(1, "1d" * 32, {1: "1e" * 32})


def keeper_of_tests() -> Keeper:
    """What a process uses that puts no application together."""
    return Keeper(EnvironmentKeys(TEST_KEYS))
