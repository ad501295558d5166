"""What the last calls of a session gave, for those who come back to it."""

from collections import OrderedDict

from mcp_tools.server.ports import CallRecord
from mcp_tools.types.calls import ToolResult

MAX_CALLS = 200
MAX_OUTPUT_CHARS = 1_000_000
"""Of one call; what is longer is cut, and says so."""
MAX_ALL_CHARS = 4_000_000


class CallRecords:
    """The last calls of one session, bounded in number and size; implements Records."""

    def __init__(self) -> None:
        """Start with none."""
        self._records: OrderedDict[str, CallRecord] = OrderedDict()
        self._n_chars = 0

    def all(self) -> tuple[CallRecord, ...]:
        """Give the calls, the newest first."""
        return tuple(reversed(self._records.values()))

    def keep(self, result: ToolResult) -> str:
        """Keep a result with all of its text, and give the address of that."""
        self._forget(result.call_id)
        output = _bounded(result.text)
        self._records[result.call_id] = CallRecord(
            id=result.call_id, tool=result.name, is_error=result.is_error, output=output
        )
        self._n_chars += len(output)
        while len(self._records) > MAX_CALLS or self._n_chars > MAX_ALL_CHARS:
            self._forget(next(iter(self._records)))
        return f"session://output/{result.call_id}"

    def _forget(self, call_id: str) -> None:
        record = self._records.pop(call_id, None)
        if record is not None:
            self._n_chars -= len(record.output)


def _bounded(text: str) -> str:
    n_left = len(text) - MAX_OUTPUT_CHARS
    return text if n_left <= 0 else f"{text[:MAX_OUTPUT_CHARS]}\n[{n_left} more characters]"
