"""The programs of this room, as words to start them by.

Each is run by our own interpreter, with nothing from the environment or the user's folders, because
it does what only a process with one thread may do. The rest of the product is found last, after
the standard library, and these programs import nothing of it but each other.
"""

import sys
from pathlib import Path

_FOLDER = str(Path(__file__).parents[2])
_LINE = (
    "import sys; sys.path.append({folder!r}); "
    "from lsp_agent.sandbox.{module} import main; sys.exit(main(sys.argv[1:]))"
)


def alone(module: str, *arguments: str) -> tuple[str, ...]:
    """Give the words that run `main` of a module of this room, named from here."""
    line = _LINE.format(folder=_FOLDER, module=module)
    return (sys.executable, "-I", "-S", "-c", line, *arguments)
