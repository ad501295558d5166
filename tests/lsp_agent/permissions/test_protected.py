"""Files that run later, by their names."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.protected import (
    PROJECT,
    SHADOWS,
    SYSTEM,
    Kind,
    leads_to_protected,
    protection_of,
)

ROOT = Path("/home/me/code/project")
SECTION = """
    .git .git/config .git/config.worktree .git/hooks/pre-commit .git/info/attributes
    .git/modules/a/config .gitattributes .gitmodules .husky/pre-commit .pre-commit-config.yaml
    .vscode/tasks.json a.code-workspace .idea/workspace.xml .cursor/mcp.json .claude/settings.json
    .codex/config.toml .gemini/settings.json .mcp.json mcp.json .lsp-agent/rules.toml AGENTS.md
    CLAUDE.md GEMINI.md .cursor/rules/a.mdc .cursorrules .envrc .env .env.local .npmrc .yarnrc
    .yarnrc.yml .pnp.cjs package.json Makefile CMakeLists.txt build.rs .cargo/config
    .cargo/config.toml rust-toolchain rust-toolchain.toml conftest.py sitecustomize.py
    usercustomize.py a.pth setup.py noxfile.py tox.ini pyproject.toml mypy.ini .pylintrc json.py
    src/types.py random/__init__.py .github/workflows/ci.yml
"""
"""Each file that the specification names for a project."""
OF_THE_USER = """
    .bashrc .bash_profile .profile .zshrc .zshenv .config/fish/config.fish .ssh/authorized_keys
    .ssh/config .gnupg/gpg.conf .aws/credentials .gitconfig .config/git/config
    .config/systemd/user/a.service .config/autostart/a.desktop .bash_completion
    .local/share/bash-completion/completions/a .config/lsp-agent/rules.toml
    .config/lsp-agent/config.toml .local/state/lsp-agent/trust.json .kube/config .netrc
    Library/LaunchAgents/a.plist Library/Application\u00a0Support/lsp-agent/config.toml
""".replace("\u00a0", "?").split()
OF_THE_MACHINE = "/etc/crontab /etc/cron.d/a /var/spool/cron/me /etc/profile.d/a.sh /etc/sudoers"
PLAIN = """
    a.py src/a.py README.md .gitignore git/config a.git .github/ISSUE_TEMPLATE.md docs/agents.txt
    envrc pth package.json.md sub/json.py test/__init__.py json/decoder.py data.json src/pkg/json.py
    makefile_parser.py conftest.pyi setup.python a/etc/profile.txt ssh/config dockerfile.py
"""


@pytest.mark.parametrize("name", SECTION.split())
@pytest.mark.parametrize("folder", ["", "sub/deep/"])
def test_each_file_of_the_specification_is_protected(name: str, folder: str) -> None:
    found = protection_of(ROOT / folder / name, ROOT)
    is_module_of_the_root = found is None or found.why == SHADOWS
    if folder and name in ("json.py", "src/types.py", "random/__init__.py"):
        assert found is None
        return
    assert found is not None
    assert found.kind is Kind.PROJECT
    assert is_module_of_the_root is (name in ("json.py", "src/types.py", "random/__init__.py"))


@pytest.mark.parametrize("name", OF_THE_USER)
@pytest.mark.parametrize("folder", ["/home/me", "/home/me/code/project/dotfiles"])
def test_files_of_the_account_are_out_of_bounds(name: str, folder: str) -> None:
    found = protection_of(Path(folder) / name.replace("?", " "), ROOT)
    assert found is not None
    assert found.kind is Kind.SYSTEM
    assert found.why


@pytest.mark.parametrize("name", OF_THE_MACHINE.split())
def test_files_of_the_machine_are_out_of_bounds(name: str) -> None:
    found = protection_of(Path(name), ROOT)
    assert found is not None
    assert found.kind is Kind.SYSTEM
    assert protection_of(ROOT / f"fixtures{name}x", ROOT) is None


@pytest.mark.parametrize("name", PLAIN.split())
def test_other_files_are_not_protected(name: str) -> None:
    assert protection_of(ROOT / name, ROOT) is None


def test_a_workspace_below_a_protected_name_is_not_protected_as_a_whole() -> None:
    root = Path("/home/me/.claude/worktrees/a")
    assert protection_of(root / "a.py", root) is None
    assert protection_of(root / ".git/config", root) is not None
    below_keys = Path("/home/me/.ssh")
    assert protection_of(below_keys / "config", below_keys) is not None


LITERAL = sorted(
    name.removesuffix("/**")
    for table in (PROJECT, SYSTEM)
    for _, names in table
    for name in names.split()
    if not set("*?[") & set(name.removesuffix("/**")) and not name.startswith("/")
)
FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
HIDDEN = ["", "\u200b", "\u200d", "\ufeff", "\u2060", "\u202e", "\ufe0f", "\u00ad"]


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, ...]:
    """Give the names of a protected file as some disk would take them for it."""
    parts = draw(st.sampled_from(LITERAL)).split("/")
    return tuple(draw(_spelled(part)) for part in parts)


@st.composite
def _spelled(draw: st.DrawFn, name: str) -> str:
    letters = (
        draw(st.sampled_from([char.lower(), char.upper()])) + draw(st.sampled_from(HIDDEN))
        for char in name
    )
    form = draw(st.sampled_from(FORMS))
    return unicodedata.normalize(form, "".join(letters)) + draw(
        st.sampled_from(["", ".", " ", ". "])
    )


@given(spellings(), st.lists(st.sampled_from(["a", "Sub", "not there"]), max_size=3))
def test_no_spelling_and_no_missing_parent_hides_a_protected_file(
    names: tuple[str, ...], folders: list[str]
) -> None:
    assert protection_of(ROOT.joinpath(*folders, *names), ROOT) is not None


def test_a_link_in_the_place_of_a_folder_brings_what_is_in_it() -> None:
    for name in (".github", "sub/.GitHub", "gradle", ".git", "a.git", ".config"):
        assert leads_to_protected(ROOT / name, ROOT) is not None
    assert leads_to_protected(ROOT / "docs", ROOT) is None


def test_every_reason_goes_on_after_a_colon() -> None:
    reasons = [why for table in (PROJECT, SYSTEM) for why, _ in table]
    assert len(set(reasons)) == len(reasons)
    assert all(why[0].islower() or why.startswith("Python") for why in reasons)


def test_no_pattern_is_written_twice_in_one_table() -> None:
    for table in (PROJECT, SYSTEM):
        names = [name.casefold() for _, text in table for name in text.split()]
        assert sorted(names) == sorted(set(names))
