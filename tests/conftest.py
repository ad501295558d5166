"""What holds for every test: a home of its own, and no key of the person who runs it."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# `make soak` asks for it; the tests that have a long form look at the profile's name.
settings.register_profile("soak")

PRIVATE_PREFIXES = ("ANTHROPIC_", "LSP_AGENT_", "XDG_")


@pytest.fixture(scope="session", autouse=True)
def usual_signals() -> None:
    """Let programs that tests start take Ctrl-C, also where the tests run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty home folder, which neither reads nor changes what the person has."""
    home = tmp_path_factory.mktemp("home")
    for name in tuple(os.environ):
        if name.startswith(PRIVATE_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    return home
