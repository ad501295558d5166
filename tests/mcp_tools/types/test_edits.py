"""Change sets as values."""

from pathlib import Path

from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, RenameFile
from mcp_tools.types.text import digest_of


def test_the_paths_of_a_change_include_new_names() -> None:
    base = digest_of("")
    changes = ChangeSet(
        label="tidy up",
        files=(
            RenameFile(path=Path("/b"), new_path=Path("/c"), base=base),
            CreateFile(path=Path("/a"), text=""),
            DeleteFile(path=Path("/d"), base=base),
        ),
    )
    assert changes.paths == (Path("/b"), Path("/c"), Path("/a"), Path("/d"))
