"""What a user of Neovim does and waits for, as values for `NeovimRun.drive`.

A `regex` is in Vim's very magic syntax and does not distinguish upper from lower case.
Every wait is bounded by `NeovimRun.wait_s`; a wait in vain ends the run.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do in Neovim: a function of drive.lua and its arguments."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict[str, str])


def open_file(path: str) -> Step:
    """Edit the file at `path`, relative to the project, and wait for the server.

    A window that shows it already becomes the current one.
    """
    return Step(name="open", arguments={"path": path})


def go_to_review() -> Step:
    """Go to the window with the document of a review, as soon as the server has shown one."""
    return Step(name="go_to_review")


def wait_for_diagnostic(regex: str) -> Step:
    """Wait until a diagnostic of the current buffer matches."""
    return Step(name="wait_for_diagnostic", arguments={"regex": regex})


def wait_for_no_diagnostic(regex: str) -> Step:
    """Wait until no diagnostic of the current buffer matches."""
    return Step(name="wait_for_no_diagnostic", arguments={"regex": regex})


def put_cursor(text: str) -> Step:
    """Put the cursor on the first place where the buffer holds `text` in one line."""
    return Step(name="put_cursor", arguments={"text": text})


def run_code_action(regex: str) -> Step:
    """Choose the first code action at the cursor whose title matches, without waiting for it."""
    return Step(name="run_code_action", arguments={"regex": regex})


def answer_next_question(regex: str) -> Step:
    """Prepare the answer to one future message request: the first option that matches."""
    return Step(name="answer_next_question", arguments={"regex": regex})


def run_command(command: str) -> Step:
    """Run an Ex command, written without the colon."""
    return Step(name="run_command", arguments={"command": command})


def wait_for_text(text: str) -> Step:
    """Wait until the current buffer holds `text`."""
    return Step(name="wait_for_text", arguments={"text": text})


def wait_for_no_text(text: str) -> Step:
    """Wait until the current buffer does not hold `text` any more."""
    return Step(name="wait_for_no_text", arguments={"text": text})


def wait_for_code_lens(regex: str) -> Step:
    """Wait until Neovim has a code lens for the current buffer whose title matches."""
    return Step(name="wait_for_code_lens", arguments={"regex": regex})


def wait_for_answer(regex: str) -> Step:
    """Wait until a message, or a document of the server that a window shows, matches."""
    return Step(name="wait_for_answer", arguments={"regex": regex})


def wait_for_progress_begin(regex: str) -> Step:
    """Wait until the server has begun work whose title matches."""
    return Step(name="wait_for_progress_begin", arguments={"regex": regex})


def wait_for_progress_end(regex: str) -> Step:
    """Wait until work whose title matches has ended that no step waited for before."""
    return Step(name="wait_for_progress_end", arguments={"regex": regex})


def press(keys: str) -> Step:
    """Press keys in normal mode, all before Neovim handles what the server sends.

    Special keys are written as in Neovim's documentation: `<Esc>`.
    """
    return Step(name="press", arguments={"keys": keys})


def press_when_an_edit_arrives(keys: str) -> Step:
    """Press keys between the arrival of the server's next edit and Neovim's handling of it."""
    return Step(name="press_when_an_edit_arrives", arguments={"keys": keys})


def save() -> Step:
    """Write the current buffer to disk."""
    return Step(name="save")


def remember_text(name: str) -> Step:
    """Keep the current buffer's text as it is now in `NeovimResult.texts[name]`."""
    return Step(name="remember_text", arguments={"name": name})


def kill_server(pid_file: str) -> Step:
    """Kill the process whose number a file holds, and wait until Neovim has noticed."""
    return Step(name="kill_server", arguments={"pid_file": pid_file})


def start_server_again() -> Step:
    """Start the server for the buffers that are open."""
    return Step(name="start_server_again")


def evaluate(name: str, expression: str) -> Step:
    """Keep the value of a Lua expression in `NeovimResult.values[name]`."""
    return Step(name="evaluate", arguments={"name": name, "expression": expression})
