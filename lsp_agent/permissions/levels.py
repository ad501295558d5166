"""How much happens unasked in a workspace, and whether the user trusts it."""

from enum import StrEnum


class Level(StrEnum):
    """How much happens without a person, the least first."""

    OBSERVE = "observe"
    """Only reading."""
    SUGGEST = "suggest"
    """Edits wait for review; commands, and what reaches the network, ask."""
    EDIT = "edit"
    """Edits in the workspace are made at once; commands, and what reaches the network, ask."""
    AUTO = "auto"
    """What is of low or medium risk runs too; of high risk it asks."""
    UNATTENDED = "unattended"
    """As `auto`, with nobody to ask: high risk is denied, and kept for later."""


class Trust(StrEnum):
    """Whether the user vouches for what a folder contains."""

    UNTRUSTED = "untrusted"
    """The state of every folder that nobody was asked about, and of a headless run."""
    TRUSTED = "trusted"
