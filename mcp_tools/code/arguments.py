"""What the arguments and answers of tools have in common."""

from typing import Annotated, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from mcp_tools.types.models import DataModel


class ToolInput(BaseModel):
    """The arguments of a tool: closed, and never changed once they are read.

    A null stands for what was left out, because many models fill in every field.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        given = cast(dict[object, object], values)
        if None not in given.values():
            return given
        # A null by an unknown name stays, and is refused as any other unknown name.
        known = names_of_fields(cls)
        return {k: value for k, value in given.items() if value is not None or k not in known}


def names_of_fields(model: type[DataModel]) -> dict[str, str]:
    """Give every name that a field may be given by, its own included, with its own."""
    assert issubclass(model, BaseModel)
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        found[name] = name
        if isinstance(field.validation_alias, AliasChoices):
            found |= {
                each: name for each in field.validation_alias.choices if isinstance(each, str)
            }
    return found


class ToolOutput(BaseModel):
    """The structured answer of a tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Models that were trained with other tools use these names; the schema shows the first only.
PATH_NAMES = AliasChoices(
    "path",
    "file_path",
    "filePath",
    "relative_path",
    "relativePath",
    "absolute_path",
    "target_file",
    "file",
    "filename",
)
_FOLDER_NAMES = AliasChoices(
    "path",
    "directory",
    "dir_path",
    "dirPath",
    "relative_path",
    "relativePath",
    "absolute_path",
    "folder",
    "dir",
)
_SCOPE_NAMES = AliasChoices(*PATH_NAMES.choices, "directory", "dir_path", "folder")

FilePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The file, relative to the workspace root, or absolute",
        validation_alias=PATH_NAMES,
    ),
]
"""The field `path` of a tool that works on one file."""

FolderPath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The folder, relative to the root",
        validation_alias=_FOLDER_NAMES,
    ),
]
"""The field `path` of a tool that works on a folder."""

ScopePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The folder or file to look in, relative to the root",
        validation_alias=_SCOPE_NAMES,
    ),
]
"""The field `path` of a tool that searches below a folder, or in one file."""

FileGlob = Annotated[
    str,
    Field(
        max_length=1000,
        description="Only files that match, relative to the root",
        examples=["*.py"],
        validation_alias=AliasChoices("glob", "include", "include_pattern", "includePattern"),
    ),
]
"""The field `glob` of a tool that looks into files; empty for all of them."""

OldString = Annotated[
    str,
    Field(
        max_length=1_000_000,
        description=(
            "The exact text to replace, without line numbers; long enough to be the only one"
        ),
        validation_alias=AliasChoices("old_string", "oldString", "old_str", "oldText", "old_text"),
    ),
]
"""The field `old_string` of a replacement."""

NewString = Annotated[
    str,
    Field(
        max_length=1_000_000,
        description="What stands there afterwards",
        validation_alias=AliasChoices("new_string", "newString", "new_str", "newText", "new_text"),
    ),
]
"""The field `new_string` of a replacement."""

ReplaceAll = Annotated[
    bool,
    Field(
        description="Replace every place, instead of exactly one",
        validation_alias=AliasChoices("replace_all", "replaceAll", "allow_multiple"),
    ),
]
"""The field `replace_all` of a replacement."""
