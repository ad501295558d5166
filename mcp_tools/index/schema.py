"""The form of the index's database.

A content is one text, known by its digest, whatever files have it; its facts lie apart from its
row, so that reading all rows touches few pages. A file's row is believed only while the file's
`stat` is as it was when it was read. A segment holds the postings and the symbols of a batch of
contents. Everything here can be made again from the sources.
"""

import sys

from mcp_tools.types.facts import FORMAT

SCHEMA_VERSION = 3
"""Grows with each change of the tables, or of the columns of a segment."""
VERSION = SCHEMA_VERSION * 1000 + FORMAT
"""The database carries it as its `user_version`."""
SUFFIX = f"-{VERSION}-{sys.byteorder}.db"
"""Ends the name of a database, so that programs of two versions keep one each."""

PRAGMAS = (
    # What a loss of power takes is indexed again; what a kill leaves is whole.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA journal_size_limit=16000000",
    "PRAGMA cache_size=-8000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)

TABLES = (
    "CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO numbers VALUES ('next_content', 1), ('next_segment', 1)",
    "CREATE TABLE roots (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE)",
    # `segment` is 0 for a content that no segment has, such as that of a file outside.
    """
    CREATE TABLE contents (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        segment INTEGER NOT NULL
    )
    """,
    "CREATE TABLE facts (content INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    """
    CREATE TABLE segments (
        id INTEGER PRIMARY KEY,
        contents BLOB NOT NULL,
        postings BLOB NOT NULL,
        symbols BLOB NOT NULL
    )
    """,
    # `content` is 0 for a file that is left out for a reason.
    """
    CREATE TABLE files (
        root INTEGER NOT NULL,
        name TEXT NOT NULL,
        content INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        read_ns INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (root, name)
    ) WITHOUT ROWID
    """,
    f"PRAGMA user_version={VERSION}",
)
