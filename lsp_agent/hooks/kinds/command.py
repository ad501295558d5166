"""A program that reads the occasion from its standard input, and prints its answer.

Exit code 0: what it printed is its answer, blank for none. 2: a denial, whose reason is what it
printed to standard error. Any other: it failed.
"""

from typing import Annotated

from msgspec import Meta

from lsp_agent.hooks.answers import Answer, HookFailed, answer_of, denying
from lsp_agent.hooks.hook import Fields, Kind, Occasion, Place, RunHook
from lsp_agent.hooks.processes import Program, run_program

DENIED = 2
_QUOTED_CHARS = 300


class CommandFields(Fields, frozen=True, kw_only=True):
    """What to run."""

    argv: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="The program and its arguments; no shell reads them. A program with a "
            "slash in it is a path from the folder of this file, or from the top of a project.",
        ),
    ]


def make(fields: CommandFields, place: Place) -> RunHook:
    """Give what runs the program."""
    program = Program(argv=fields.argv, folder=place.folder, not_below=place.root)

    async def run(occasion: Occasion) -> Answer:
        printed = await run_program(program, occasion.as_json() + b"\n")
        words = printed.stderr.decode("utf-8", "replace").strip()
        if printed.exit_code == DENIED:
            return denying(words)
        if printed.exit_code != 0:
            raise HookFailed(
                f"{program.argv[0]!r} ended with the exit code {printed.exit_code}"
                f"{f', saying {words[-_QUOTED_CHARS:]!r}' if words else ''}"
            )
        return answer_of(printed.stdout)

    return run


KIND = Kind(
    name="command",
    summary="a program: JSON on its standard input, JSON on its standard output",
    fields=CommandFields,
    make=make,
)
