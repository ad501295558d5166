"""What in a repository may have git run a program; checked against git where it matters."""

import subprocess
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.programs.git_repository import Hazards, hazards_of
from tests.lsp_agent.permissions.shell.programs.workspace import CONFIG, make_workspace


def of_objects(tmp_path: Path, config: str) -> tuple[str, ...]:
    return hazards_of(make_workspace(tmp_path, config=config)).of_objects


def test_what_git_writes_itself_is_harmless(tmp_path: Path) -> None:
    assert hazards_of(make_workspace(tmp_path)) == Hazards()


def test_a_new_repository_of_git_is_harmless(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", tmp_path), check=True, capture_output=True)
    assert hazards_of(tmp_path) == Hazards()


def test_a_folder_without_a_repository_is_harmless(tmp_path: Path) -> None:
    assert hazards_of(tmp_path) == Hazards()


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ("[core]\n\tfsmonitor = ./x", "core.fsmonitor"),
        ("[core] fsmonitor = ./x", "core.fsmonitor"),
        ("[CORE]\nFsMonitor=x", "core.fsmonitor"),
        ("[core]\n\tfsmonitor", "core.fsmonitor"),
        ("[core]\r\n\tpager = x\r\n", "core.pager"),
        ("[core]\n\tsshCommand = x", "core.sshcommand"),
        ("[core]\n\tworktree = /etc", "core.worktree"),
        ('[diff "x"]\n\ttextconv = x', "diff.x.textconv"),
        ('[diff "a.b"]\n\tcommand = x', "diff.a.b.command"),
        ("[diff.x]\n\ttextconv = x", "diff.x.textconv"),
        ('[filter "x"]\n\tclean = x', "filter.x.clean"),
        ("[include]\n\tpath = ../evil", "include.path"),
        ('[includeIf "gitdir:/"]\n\tpath = ../evil', "includeif.gitdir:/.path"),
        ('[remote "origin"]\n\tpromisor = true', "remote.origin.promisor"),
        ('[remote "origin"]\n\tuploadpack = x', "remote.origin.uploadpack"),
        ("[extensions]\n\tpartialClone = origin", "extensions.partialclone"),
        ("[gpg]\n\tprogram = x", "gpg.program"),
        ("[log]\n\tshowSignature = true", "log.showsignature"),
        ("[alias]\n\tlg = !x", "alias.lg"),
        ("[user]\n\tname = a # b\n[gpg]\n\tprogram = x", "gpg.program"),
    ],
)
def test_settings_that_are_not_listed_are_named(config: str, key: str, tmp_path: Path) -> None:
    assert of_objects(tmp_path, CONFIG + config) == (key,)


@pytest.mark.parametrize(
    "config",
    ["[core]\n\tx = a\\\nb", "[core\n", "core]\n", "= 3", "[a]\n\t3x = 1", '[a "b]\n', "\ufeff[a]"],
)
def test_a_form_that_git_does_not_write_is_a_hazard(config: str, tmp_path: Path) -> None:
    assert of_objects(tmp_path, config) == ("the repository cannot be read: ValueError",)


def test_the_settings_are_those_that_git_sees(tmp_path: Path) -> None:
    tricky = '[core] fsmonitor = x ; y\n[a "b\\"c"] d = "e # f"\n[x.Y]z\n# [q]\n; r = 1\n[s]\n\n'
    root = make_workspace(tmp_path, config=tricky + CONFIG)
    command = ("git", "config", "--file", root / ".git" / "config", "--list", "--name-only")
    listed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    seen = {key.lower().replace('"', '\\"') for key in listed.split()}
    assert seen >= set(hazards_of(root).of_objects) >= {"core.fsmonitor", "x.y.z"}


def test_all_repositories_above_count(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, config="[gpg]\n\tprogram = x\n")
    (root / "src" / ".git").mkdir()
    assert hazards_of(root / "src").of_objects == ("gpg.program",)


def test_a_bare_repository_is_a_hazard(tmp_path: Path) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "HEAD").write_text("", encoding="utf-8")
    assert hazards_of(tmp_path / "planted").of_objects == ("planted looks like a bare repository",)


def test_a_file_leads_to_the_repository_and_what_it_shares(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "main", config="[gpg]\n\tprogram = x\n")
    linked = root / ".git" / "worktrees" / "other"
    linked.mkdir(parents=True)
    (linked / "commondir").write_text("../..\n", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / ".git").write_text(f"gitdir: {linked}\n", encoding="utf-8")
    assert hazards_of(other).of_objects == ("gpg.program",)
    (other / ".git").write_text("something else", encoding="utf-8")
    assert hazards_of(other).of_objects == ("the repository cannot be read: ValueError",)


def test_settings_of_a_work_tree_count(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    (root / ".git" / "config.worktree").write_text("[gpg]\n\tprogram = x\n", encoding="utf-8")
    assert hazards_of(root).of_objects == ("gpg.program",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hooks/post-index-change", b""),
        ("sharedindex.1", b""),
        ("index", b"DIRC" + b"\0" * 8 + b"\0\0\xe0\0" + b"sub"),
    ],
)
def test_hooks_and_submodules_matter_where_git_looks_at_files(
    name: str, content: bytes, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path)
    (root / ".git" / name).write_bytes(content)
    hazards = hazards_of(root)
    assert hazards.of_objects == ()
    assert len(hazards.of_files) == 1


def test_the_index_of_git_marks_a_submodule_as_is_looked_for(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    entry = f"160000,{'1' * 40},sub"
    command = ("git", "-C", root, "update-index", "--add", "--cacheinfo", entry)
    subprocess.run(command, check=True, capture_output=True)
    assert hazards_of(root).of_files == ("submodules, with settings of their own",)


def test_what_is_too_large_is_a_hazard(tmp_path: Path) -> None:
    assert of_objects(tmp_path, "# x\n" * 60_000) == ("the repository cannot be read: ValueError",)
