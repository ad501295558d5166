"""What a tool's arguments and answers are made of."""

from typing import Any, Protocol, Self


class DataModel(Protocol):
    """A pydantic model, for those who need not load pydantic to speak of one."""

    @classmethod
    def model_validate(cls, obj: object) -> Self:
        """Give the model of a JSON object.

        Raises: ValueError, which is pydantic's ValidationError, naming all that is wrong.
        """
        ...

    def model_dump(self, *, mode: str = "python") -> dict[str, Any]:
        """Give its fields; as JSON has them, for the mode `json`."""
        ...
