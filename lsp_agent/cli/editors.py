"""How to add the language server to an editor: the lines, and where they go.

Besides Python it serves diffs: edits that wait for review can be shown as one, and accepted,
rejected and commented on inside of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """An editor that can use the server without any extension of ours."""

    name: str
    programs: Sequence[str]
    """Names under which it may be on PATH; the first that is there counts."""
    needs: tuple[int, int] | None = None
    """The oldest version that works with the lines below; None where it is not known to matter."""
    where: str
    """What file, or which settings, the lines go into."""
    language: str
    """Of the lines, as Markdown names it."""
    lines: str


_NEOVIM = """\
vim.lsp.config('lsp_agent', {
  cmd = { 'lsp-agent', 'lsp' },
  filetypes = { 'python', 'diff' },
  root_dir = function(bufnr, on_dir)
    -- The document of a review lies in no project; it belongs to the server that shows it.
    local client = vim.lsp.get_clients({ name = 'lsp_agent' })[1]
    on_dir(vim.fs.root(bufnr, { 'pyproject.toml', '.git' }) or client and client.root_dir)
  end,
})
vim.lsp.enable('lsp_agent')
"""

_HELIX = """\
[language-server.lsp-agent]
command = "lsp-agent"
args = ["lsp"]

[[language]]
name = "python"
language-servers = ["lsp-agent"]

[[language]]
name = "diff"
language-servers = ["lsp-agent"]
"""

_VS_CODE = """\
{
  "glspc.server.command": "lsp-agent",
  "glspc.server.commandArguments": ["lsp"],
  "glspc.server.languageId": ["python", "diff"]
}
"""

_EMACS = """\
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode diff-mode) . ("lsp-agent" "lsp"))))
"""

EDITORS: Sequence[Editor] = (
    Editor(
        name="Neovim",
        programs=("nvim",),
        needs=(0, 11),
        where="init.lua",
        language="lua",
        lines=_NEOVIM,
    ),
    Editor(
        name="VS Code",
        programs=("code", "codium"),
        where="settings.json, with the extension zsol.vscode-glspc until our own is published",
        language="json",
        lines=_VS_CODE,
    ),
    Editor(
        name="Helix",
        programs=("hx", "helix"),
        where="languages.toml",
        language="toml",
        lines=_HELIX,
    ),
    Editor(
        name="Emacs",
        programs=("emacs",),
        needs=(29, 1),
        where="init.el; then M-x eglot, and M-x eglot-code-actions on a problem",
        language="elisp",
        lines=_EMACS,
    ),
)
"""The README shows the same lines."""
