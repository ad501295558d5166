"""The models of all programs, by name."""

from functools import cache

from lsp_agent.permissions.shell.invocation import ProgramModel
from lsp_agent.permissions.shell.programs import (
    awk,
    finding,
    git,
    jq,
    listing,
    searching,
    sed,
    system,
    texts,
    toolchains,
    viewing,
)
from lsp_agent.permissions.shell.programs.wrapping import wrapping_models

_FAMILIES = (listing, viewing, texts, searching, finding, sed, awk, jq, git, system, toolchains)


def model_of(program: str) -> ProgramModel | None:
    """Give the model of a program by its bare name; None if nothing is known of it."""
    return all_models().get(program)


@cache
def all_models() -> dict[str, ProgramModel]:
    """Give every model by each of its names."""
    models = [model for family in _FAMILIES for model in family.MODELS]
    models += wrapping_models(model_of)
    return {name: model for model in models for name in model.names}
