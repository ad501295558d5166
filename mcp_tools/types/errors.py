"""The expected failures, as one small tree.

    ExpectedError
    ├── NotFound            no such file, or no such name
    ├── OutsideWorkspace    the path, or what its link points to, is not in the root
    ├── NotText             bytes that are not UTF-8 text, or a directory
    ├── TooLarge            a file over the size limit
    ├── InvalidEdit         an edit that cannot be meant: overlapping, out of range, text not found
    ├── StaleEdit           the text moved on since the edit was computed
    ├── Conflict            an edit was sent, but the result is not what was expected
    ├── Denied              the gate, or the person asked, said no
    ├── CannotShow          a command could not be shown the unsaved text, so it did not run
    ├── JournalFailed       the undo journal cannot be written or read
    └── ProgramFailed       a program is missing, failed or ran out of time
        └── OutOfTime       it was ended because it took longer than it was given

Messages have no final stop, and say what was expected and what came. Anything else that is
raised is a bug, and rises to a boundary that logs it.
"""


class ExpectedError(Exception):
    """A failure that a person or a model can act on; its text is meant for them."""


class NotFound(ExpectedError):
    """There is no such file or name."""


class OutsideWorkspace(ExpectedError):
    """The path leads out of the workspace root, by its name or through a link."""


class NotText(ExpectedError):
    """The content is not UTF-8 text, so no edit of it can be exact."""


class TooLarge(ExpectedError):
    """The file is larger than the limit for text."""


class InvalidEdit(ExpectedError):
    """The edit does not describe one definite change."""


class StaleEdit(ExpectedError):
    """The text changed where the edit applies, after the edit was computed."""


class Conflict(ExpectedError):
    """The edit was applied, but the document is not what was expected."""


class Denied(ExpectedError):
    """The gate refused, or the person who was asked did."""


class ProgramFailed(ExpectedError):
    """A helper program could not do its work."""


class OutputTooLong(ProgramFailed):
    """The program printed more than it was allowed to, and was ended."""


class OutOfTime(ProgramFailed):
    """The program took longer than it was given, and was ended."""

    def __init__(self, message: str, *, output: str = "") -> None:
        """Take what to say, and what the program had printed last."""
        super().__init__(message)
        self.output = output


class CannotShow(ExpectedError):
    """There is no way here to let a command see unsaved text or proposals."""


class JournalFailed(ExpectedError):
    """The undo journal is not usable, so nothing is changed that could not be undone."""
