"""The models of all programs."""

from pathlib import Path

import pytest

from lsp_agent.permissions.shell.invocation import ProgramModel
from lsp_agent.permissions.shell.programs.registry import all_models, model_of
from tests.lsp_agent.permissions.shell.programs.workspace import judge


@pytest.mark.parametrize("name", ["cat", "rg", "git", "[", "xargs", "egrep", "fdfind"])
def test_models_are_found_by_name(name: str) -> None:
    model = model_of(name)
    assert model is not None
    assert name in model.names


def test_an_invented_option_is_low_only_for_what_prints_or_ignores_it(root: Path) -> None:
    names = {name for name in all_models() if not judge(root, name, "--no-such-option")}
    assert names == {"echo", "true", "false", ":"}


@pytest.mark.parametrize("name", ["rm", "bash", "sudo", "curl", "vim", "less", "", "/bin/cat"])
def test_of_other_programs_nothing_is_known(name: str) -> None:
    assert model_of(name) is None


def by_identity(models: dict[str, ProgramModel]) -> list[ProgramModel]:
    return list({id(model): model for model in models.values()}.values())


def test_no_name_has_two_models() -> None:
    models = all_models()
    assert all(name in model.names for name, model in models.items())
    assert len(models) == sum(len(model.names) for model in by_identity(models))
