"""A journal on a disk that gets full, and empty again.

python -m tests.mcp_tools.workspace.journal.full_disk FOLDER
"""

import sys
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from mcp_tools.types.contents import Binary
from mcp_tools.types.errors import JournalFailed
from mcp_tools.types.journal import Entry
from tests.mcp_tools.workspace.journal.recording import Place, after, made, noise


def fill(folder: Path) -> None:
    """Record until there is no room, then make some and go on; say each failure."""
    with ExitStack() as stack:
        place = Place(folder=folder / "journal", root=folder, stack=stack)
        journal = place.journal()
        filler = folder / "filler"
        filler.write_bytes(noise(0, 100_000).data)
        entries = list[Entry]()
        for _ in range(2):
            for size in (10_000, 1_000, 100, 1):
                try:
                    for number in count(len(entries)):
                        entries.append(made(journal, place.change(noise(number, size))))
                except JournalFailed as error:
                    sys.stdout.write(f"{error}\n")
            reader = place.journal()
            assert {entry.id for entry in entries} <= {entry.id for entry in reader.entries()}
            for number, entry in enumerate(entries):
                content = after(reader, entry)
                assert isinstance(content, Binary)
                assert content == noise(number, len(content.data))
            assert not list(place.folder.glob("incoming/*"))
            assert len(place.objects()) <= len(reader.entries())
            filler.unlink(missing_ok=True)
        sys.stdout.write(f"{len(journal.entries())} entries\n")


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
