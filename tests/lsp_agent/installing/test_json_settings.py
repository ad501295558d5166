"""JSON settings: one value changes, and nothing that a person has written around it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from lsp_agent.installing.formats import UnusableSettings
from lsp_agent.installing.json_settings import JsonSettings

FORMAT = JsonSettings("comments")
ENTRY = {"command": "/bin/a", "args": ["mcp"]}
COMMENTED = """\
// Mine.
{
    "theme": "dark", // at night
    "servers": {
        // This one is slow.
        "other": { "command": "x" } // keep
        // the end
    },
    "last": [1, 2],
}
"""


def test_a_new_entry_comes_last_in_the_style_of_the_file() -> None:
    assert FORMAT.with_value(COMMENTED, ("servers", "a"), ENTRY) == snapshot("""\
// Mine.
{
    "theme": "dark", // at night
    "servers": {
        // This one is slow.
        "other": { "command": "x" }, // keep
        // the end
        "a": {
            "command": "/bin/a",
            "args": [
                "mcp"
            ]
        }
    },
    "last": [1, 2],
}
""")


def test_a_late_comma_stays_the_style_of_its_object() -> None:
    assert FORMAT.with_value(COMMENTED, ("mcp", "a"), 1).endswith(
        '    "last": [1, 2],\n    "mcp": {\n        "a": 1\n    },\n}\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "t": {\n    "a": 1\n  }\n}\n'),
        ("// mine", '// mine\n{\n  "t": {\n    "a": 1\n  }\n}\n'),
        ("{}", '{\n  "t": {\n    "a": 1\n  }\n}'),
        ('{"x": 0}', '{"x": 0,\n  "t": {\n    "a": 1\n  }\n}'),
        ('{\n\t"x": 0\n}\n', '{\n\t"x": 0,\n\t"t": {\n\t\t"a": 1\n\t}\n}\n'),
        ('{\r\n  "t": {}\r\n}', '{\r\n  "t": {\r\n    "a": 1\r\n  }\r\n}'),
        ('{"t": {"a": 0}}', '{"t": {"a": 1}}'),
        (
            '{\n  "t": {\n    // none yet\n  }\n}',
            '{\n  "t": {\n    // none yet\n    "a": 1\n  }\n}',
        ),
    ],
)
def test_a_value_is_put_in(before: str, after: str) -> None:
    assert FORMAT.with_value(before, ("t", "a"), 1) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  "t": {\n    "a": 1,\n    "b": 2\n  }\n}', '{\n  "t": {\n    "b": 2\n  }\n}'),
        ('{\n  "t": {\n    "b": 2,\n    "a": 1\n  }\n}', '{\n  "t": {\n    "b": 2\n  }\n}'),
        ('{"t": {\n "b": 2, // two\n "a": 1\n}}', '{"t": {\n "b": 2 // two\n}}'),
        ('{\n  "t": {\n    "a": 1\n  }\n}', '{\n  "t": {}\n}'),
        ('{\n  "t": {\n    // mine\n    "a": 1\n  }\n}', '{\n  "t": {\n    // mine\n  }\n}'),
        ('{"t": {"a": 1, "b": 2}}', '{"t": {"b": 2}}'),
        ('{"t": {"b": 2, "a": 1}}', '{"t": {"b": 2 }}'),
        ('{"t": {"a": 1,},}', '{"t": {},}'),
    ],
)
def test_a_value_is_taken_out(before: str, after: str) -> None:
    assert FORMAT.without(before, ("t", "a")) == after


def test_what_was_put_in_comes_out_without_a_trace() -> None:
    with_it = FORMAT.with_value(COMMENTED, ("servers", "a"), ENTRY)
    assert FORMAT.without(with_it, ("servers", "a")) == COMMENTED


KEYS = st.text(alphabet='ab"\\é/', min_size=1, max_size=3)
TREES = st.dictionaries(KEYS, st.dictionaries(KEYS, st.integers() | st.text(max_size=3)))


@given(TREES, KEYS, KEYS, st.sampled_from([None, 2, "\t"]))
def test_nothing_else_ever_changes(
    tree: dict[str, dict[str, object]], table: str, name: str, indent: int | str | None
) -> None:
    text = json.dumps(tree, indent=indent)
    changed = FORMAT.with_value(text, (table, name), ENTRY)
    assert FORMAT.read(changed) == {**tree, table: {**tree.get(table, {}), name: ENTRY}}
    assert JsonSettings().read(changed) == FORMAT.read(changed)
    rest = {k: v for k, v in tree.get(table, {}).items() if k != name}
    assert FORMAT.read(FORMAT.without(changed, (table, name))) == {**tree, table: rest}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "line 1, column 1: expected the file to be an object in braces"),
        ('{"t": 3}', "line 1, column 7: expected 't' to be an object in braces"),
        ('{"t": {},\n"t": {}}', "line 2, column 1: expected 't' once, got it again"),
    ],
)
def test_a_file_of_another_shape_is_not_touched(text: str, expected: str) -> None:
    with pytest.raises(UnusableSettings) as caught:
        FORMAT.with_value(text, ("t", "a"), 1)
    assert str(caught.value) == expected


@pytest.mark.parametrize("text", ["", "{}", '{"t": {}}'])
def test_what_is_not_there_cannot_be_taken_out(text: str) -> None:
    with pytest.raises(UnusableSettings, match=r"there is no 't\.a'"):
        FORMAT.without(text, ("t", "a"))
