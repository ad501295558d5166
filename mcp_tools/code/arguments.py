"""What the arguments and answers of tools have in common."""

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class ToolInput(BaseModel):
    """The arguments of a tool: closed, and never changed once they are read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True
    )


class ToolOutput(BaseModel):
    """The structured answer of a tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Models that were trained with other tools use these names; the schema shows the first only.
_PATH_NAMES = AliasChoices("path", "file_path", "filePath", "relative_path")
_FOLDER_NAMES = AliasChoices("path", "directory", "relative_path")

FilePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The file, relative to the workspace root (`src/app.py`) or absolute within it",
        validation_alias=_PATH_NAMES,
    ),
]
"""The field `path` of a tool that works on one file."""

FolderPath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The folder, relative to the workspace root; `.` is the root itself",
        validation_alias=_FOLDER_NAMES,
    ),
]
"""The field `path` of a tool that works on a folder."""

ScopePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The folder or file to search, relative to the workspace root; `.` is the root",
        validation_alias=_PATH_NAMES,
    ),
]
"""The field `path` of a tool that searches below a folder, or in one file."""

OldString = Annotated[
    str,
    Field(
        max_length=1_000_000,
        description=(
            "The text to replace, exactly as read_file shows it, without the line numbers; "
            "whole lines with enough around them that the place is the only one"
        ),
        validation_alias=AliasChoices("old_string", "oldString", "old_str"),
    ),
]
"""The field `old_string` of a replacement."""

NewString = Annotated[
    str,
    Field(
        max_length=1_000_000,
        description="What stands there afterwards; empty to delete the text",
        validation_alias=AliasChoices("new_string", "newString", "new_str"),
    ),
]
"""The field `new_string` of a replacement."""

ReplaceAll = Annotated[
    bool,
    Field(
        description="Replace every place where old_string stands, instead of exactly one",
        validation_alias=AliasChoices("replace_all", "replaceAll"),
    ),
]
"""The field `replace_all` of a replacement."""
