"""The profile for macOS, as text: it cannot be tried here."""

from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.sandbox.confining.scope import Limits, Places, Scope
from lsp_agent.sandbox.confining.seatbelt import profile_of

SCOPE = Scope(
    root=Path("/Users/a/project"),
    shown=Path("/Users/a/Library/Caches/views/1/copy"),
    cwd=Path("/Users/a/project"),
    private=Path("/private/tmp/1"),
    places=Places(hidden=(Path("/Users/a/.ssh"), Path("/Users/a/Library")), caches=(), programs=()),
    limits=Limits(),
    channel_fd=3,
)


def test_writing_is_for_the_copy_and_scratch_files_alone() -> None:
    rules = profile_of(SCOPE, Path("/private/tmp/1/scratch")).splitlines()
    denied, allowed = (
        rules.index("(deny file-write*)"),
        rules.index("(allow file-read* file-write*"),
    )
    assert denied < rules.index("(deny file-read* file-write*") < allowed
    assert rules[allowed + 1 : allowed + 3] == [
        '  (subpath "/Users/a/Library/Caches/views/1/copy")',
        '  (subpath "/private/tmp/1/scratch"))',
    ]
    assert '  (subpath "/Users/a/.ssh")' in rules
    assert '  (subpath "/Users/a/project")' in rules
    assert "(deny network*)" in rules


def test_a_name_cannot_end_its_quotes() -> None:
    scope = replace(SCOPE, root=Path('/a" (allow default) "\\'))
    assert '(subpath "/a\\" (allow default) \\"\\\\")' in profile_of(scope, Path("/t"))
    with pytest.raises(ValueError, match="cannot be written in a profile"):
        profile_of(replace(SCOPE, root=Path("/a\n(allow default)")), Path("/t"))
