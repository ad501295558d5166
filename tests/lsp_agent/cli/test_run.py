"""`lsp-agent run`: what a command changes is shown, waits, and is taken back exactly."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.lsp_agent.cli.conftest import LETTERS, propose, shown_json
from tests.lsp_agent.cli.documented import CHANGING, EVERY, documented
from tests.lsp_agent.cli.program import LIMIT_S, Program, command
from tests.lsp_agent.cli.trees import walked

EVERYTHING = r"""
set -e
sed -i s/^b/B/ letters.txt
printf '\000\377' >binary.bin
mkdir -p made/deep/empty another
echo 'echo hi' >made/deep/script.sh
chmod 750 made/deep/script.sh
rm -r old
mv kept/a.txt kept/b.txt
mv moved elsewhere
chmod 600 mode.txt
ln -s ../nowhere made/link
rm link
ln -s letters.txt link
rm becomes-folder
mkdir becomes-folder
echo inside >becomes-folder/file
rmdir empty
printf 'no end' >without-end.txt
: >nothing
"""
"""Creates, edits, deletes, renames, changes modes and links, makes and removes empty folders."""


def furnish(folder: Path) -> None:
    """Fill a folder with one of each kind, none of it in a repository."""
    for name in ("old/deep", "old/empty", "kept", "moved", "empty"):
        (folder / name).mkdir(parents=True)
    for name in ("old/deep/x.txt", "kept/a.txt", "moved/m.txt", "mode.txt", "becomes-folder"):
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    (folder / "old/data.bin").write_bytes(b"\x00\x01\xfe")
    (folder / "old/link").symlink_to("/nowhere/at/all")
    (folder / "link").symlink_to("old")
    (folder / "mode.txt").chmod(0o755)
    (folder / "old/deep").chmod(0o700)


def without_overlay(program: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no user namespace can be made, so that there is no overlay."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("this system has no unshare(1), by which namespaces could be forbidden")
    forbid = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" "$@"'
    words = [unshare, "--user", "--map-root-user", "sh", "-c", forbid, *command(arguments)]
    done = subprocess.run(
        words,
        cwd=program.cwd,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=False,
    )
    if done.stderr.startswith("unshare:") or "max_user_namespaces" in done.stderr:
        pytest.skip(f"user namespaces cannot be forbidden here: {done.stderr.strip()}")
    return done


@pytest.mark.parametrize("has_overlay", [True, False])
def test_what_a_command_changed_is_undone_and_redone_exactly(
    plain: Program, *, has_overlay: bool
) -> None:
    furnish(plain.cwd)
    before = walked(plain.cwd)
    arguments = ("run", "--apply", "--", "sh", "-c", EVERYTHING)
    done = plain.run(*arguments) if has_overlay else without_overlay(plain, *arguments)
    assert done.returncode == 0, done.stderr
    assert ("the command ran in a copy" in done.stderr) is not has_overlay
    after = walked(plain.cwd)
    assert after["made/deep/script.sh"] == ("file", 0o750, b"echo hi\n")
    assert after["made/link"] == ("link", 0, b"../nowhere")
    assert after["becomes-folder/file"][2] == b"inside\n"
    assert after["binary.bin"][2] == b"\x00\xff"
    assert after["mode.txt"][1] == 0o600
    assert {"another", "made/deep/empty", "elsewhere/m.txt", "nothing"} <= after.keys()
    assert not {"old", "empty", "moved", "kept/a.txt"} & after.keys()
    undone = plain.run("undo")
    assert undone.returncode == 0, undone.stderr
    assert walked(plain.cwd) == before
    redone = plain.run("undo", "--redo")
    assert redone.returncode == 0, redone.stderr
    assert walked(plain.cwd) == after
    assert plain.run("undo").returncode == 0
    assert walked(plain.cwd) == before


def test_a_command_is_applied_as_it_would_have_been_without_us(
    plain: Program, tmp_path: Path
) -> None:
    furnish(plain.cwd)
    twin = tmp_path / "twin"
    shutil.copytree(plain.cwd, twin, symlinks=True)
    subprocess.run(["sh", "-c", EVERYTHING], cwd=twin, check=True, timeout=LIMIT_S)
    done = plain.run("run", "--apply", "--", "sh", "-c", EVERYTHING)
    assert done.returncode == 0, done.stderr
    assert walked(plain.cwd) == walked(twin)


def test_without_apply_the_files_are_untouched_and_the_change_waits(plain: Program) -> None:
    before = walked(plain.cwd)
    done = plain.run("run", "--", "sh", "-c", "echo working; sed -i s/^b/B/ letters.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("working\n--- a/letters.txt\n+++ b/letters.txt\n")
    assert walked(plain.cwd) == before
    (proposal,) = shown_json(plain, "review")["proposals"]
    advice = f"Nothing was written; `lsp-agent review {proposal['id']} --accept` writes it."
    assert advice in done.stderr
    assert plain.run("review", proposal["id"], "--accept").returncode == 0
    assert "B\n" in (plain.cwd / "letters.txt").read_text(encoding="utf-8")


def test_a_command_sees_what_waits_for_review(plain: Program) -> None:
    propose(plain, "echo first >new.txt")
    done = plain.run("run", "--", "cat", "new.txt")
    assert (done.returncode, done.stdout) == (0, "first\n")
    done = plain.run("run", "--apply", "--", "sh", "-c", "echo second >>new.txt")
    # What it made hangs on what nobody has accepted yet, so it is not written but waits.
    assert done.returncode == 1
    assert "settle that first" in done.stderr
    assert not (plain.cwd / "new.txt").exists()
    assert len(shown_json(plain, "review")["proposals"]) == 2


@pytest.mark.parametrize(("line", "exit_code"), [("exit 3", 3), ("kill -9 $$", 137)])
def test_a_failed_command_gives_its_exit_code_and_its_changes_are_kept(
    plain: Program, line: str, exit_code: int
) -> None:
    done = plain.run("run", "--apply", "--", "sh", "-c", f"echo partly >new.txt; {line}")
    assert done.returncode == exit_code, done.stderr
    assert (plain.cwd / "new.txt").read_text(encoding="utf-8") == "partly\n"
    assert plain.run("undo").returncode == 0
    assert not (plain.cwd / "new.txt").exists()


def test_the_json_has_the_documented_fields(plain: Program) -> None:
    line = "echo out; echo err >&2; exit 3"
    shown = shown_json(plain, "run", "--", "sh", "-c", line, exit_code=3)
    assert set(shown) == documented(EVERY, CHANGING, "`run` adds")
    assert shown["command"] == {"exit_code": 3, "output": "out\nerr\n", "notes": []}
    assert (shown["applied"], shown["proposal"], shown["hunks"]) == (False, None, 0)
    shown = shown_json(plain, "run", "--apply", "--", "touch", "new.txt")
    assert (shown["applied"], shown["entries"], shown["proposal"]) == (True, [1], None)


def test_a_command_that_takes_too_long_is_ended_and_leaves_nothing(plain: Program) -> None:
    before = walked(plain.cwd)
    arguments = ("--timeout", "0.3", "--apply", "--", "sh", "-c", "echo >new.txt; sleep 60")
    done = plain.run("run", *arguments)
    assert done.returncode == 1
    assert "0.3" in done.stderr
    assert walked(plain.cwd) == before
    assert shown_json(plain, "review")["proposals"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "expected a command after `--`, got none"),
        (("--apply", "--"), "expected a command after `--`, got none"),
        (("--timeout", "0", "--", "true"), "expected --timeout with seconds above 0, got 0"),
        (("--timeout", "nan", "--", "true"), "expected --timeout with seconds above 0, got nan"),
    ],
)
def test_no_command_is_wrong_usage(plain: Program, arguments: tuple[str, ...], said: str) -> None:
    done = plain.run("run", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_program_that_is_not_there_is_named(plain: Program) -> None:
    done = plain.run("run", "--", "no-such-program-here", "--", "-x")
    assert (done.returncode, done.stdout) == (1, "")
    assert "could not be started: no-such-program-here: No such file" in done.stderr


def test_words_of_the_command_are_not_taken_for_ours(plain: Program) -> None:
    done = plain.run("run", "--", "printf", "%s,", "--", "--apply", "--json")
    assert (done.returncode, done.stdout) == (0, "--,--apply,--json,\n")


def test_the_command_starts_in_the_folder_of_the_person(plain: Program) -> None:
    (plain.cwd / "in").mkdir()
    inside = Program(home=plain.home, cwd=plain.cwd / "in")
    done = inside.run("run", "--apply", "--root", "..", "--", "sh", "-c", "echo >here.txt")
    assert done.returncode == 0, done.stderr
    assert (plain.cwd / "in/here.txt").exists()


def test_ctrl_c_ends_the_command_and_keeps_nothing(plain: Program) -> None:
    fifo = plain.cwd.parent / "fifo"
    line = f"echo >new.txt; echo started >{fifo}; sleep 60"
    os.mkfifo(fifo)
    with plain.started("run", "--apply", "--json", "--", "sh", "-c", line) as process:
        assert fifo.read_text(encoding="utf-8") == "started\n"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130, errors
    assert '"outcome": "cancelled"' in output
    assert walked(plain.cwd) == {"letters.txt": ("file", 0o644, LETTERS.encode())}
