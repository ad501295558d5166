"""Files that run later, or that hold the keys: each with the reason why.

They are protected by their names, so also before they exist. Those of a project are changed
after a question; those of the user's account and of the machine are not changed at all.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase, translate
from functools import cache
from pathlib import PurePath
from typing import TypeAlias

from lsp_agent.permissions.folding import folded


class Kind(StrEnum):
    """Whose a protected file is."""

    PROJECT = "project"
    """A person is asked, with the change and the reason."""
    SYSTEM = "system"
    """It is refused: the user changes it, or nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """That a file is protected, and why."""

    kind: Kind
    why: str
    """What happens with the file later; it goes on after the file's name and a colon."""


_Table: TypeAlias = tuple[tuple[str, str], ...]
_Pattern: TypeAlias = tuple[tuple[str, ...], str]

SYSTEM: _Table = (
    (
        "a shell runs it when it starts",
        ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .bash_env .profile .zshrc "
        ".zshenv .zprofile .zlogin .zlogout .zsh_aliases .kshrc .mkshrc .cshrc .tcshrc .login "
        ".xonshrc .config/fish/** .config/zsh/** .config/nushell/** .config/powershell/** "
        ".oh-my-zsh/** /etc/profile /etc/profile.d/** /etc/bash.bashrc /etc/bashrc /etc/zsh/** "
        "/etc/zshrc /etc/zshenv /etc/environment .pam_environment .config/environment.d/**",
    ),
    (
        "a shell runs it to complete a word",
        ".bash_completion .bash_completion.d/** .local/share/bash-completion/** .zsh/completion/** "
        ".zsh/completions/** .zfunc/** .zcompdump* .local/share/zsh/** "
        "/etc/bash_completion.d/** /usr/share/bash-completion/** /usr/share/zsh/**",
    ),
    ("it holds keys, or decides who may log in", ".ssh/** .gnupg/** .pki/** /etc/ssh/**"),
    (
        "it holds credentials, or decides who gets them",
        ".aws/** .azure/** .config/gcloud/** .gcloud/** .kube/** .docker/config.json .oci/** "
        ".config/gh/** .config/glab-cli/** .netrc _netrc .git-credentials .config/git/credentials "
        ".pgpass .my.cnf .vault-token .password-store/** .local/share/keyrings/** .authinfo "
        ".authinfo.gpg .pypirc .cargo/credentials .cargo/credentials.toml .gem/credentials "
        "Library/Keychains/**",
    ),
    (
        "git obeys it in every repository",
        ".gitconfig .config/git/** /etc/gitconfig .git-templates/** ",
    ),
    (
        "the system runs it by the clock",
        "/etc/crontab /etc/cron.*/** /etc/anacrontab /var/spool/cron/** /var/spool/at/** "
        "/usr/lib/cron/**",
    ),
    (
        "the system starts it with a session or the machine",
        ".config/systemd/** .local/share/systemd/** /etc/systemd/** /usr/lib/systemd/** "
        "/lib/systemd/** /run/systemd/** .config/autostart/** .config/autostart-scripts/** "
        "/etc/xdg/autostart/** .xinitrc .xsession .xsessionrc .xprofile .xserverrc "
        ".config/plasma-workspace/env/** .config/upstart/** /etc/init.d/** /etc/rc.local "
        "Library/LaunchAgents/** Library/LaunchDaemons/** .local/share/dbus-1/** "
        ".local/share/applications/**",
    ),
    (
        "a program obeys it wherever the user works",
        ".inputrc .tmux.conf .screenrc .config/tmux/** .vimrc .gvimrc .vim/** .config/nvim/** "
        ".emacs .emacs.d/** .config/emacs/** .nanorc .gdbinit .config/gdb/** .lldbinit .pdbrc "
        ".pythonrc .pythonrc.py .config/pip/** .pip/** .Rprofile .psqlrc .sqliterc .irbrc "
        ".config/direnv/** .config/mise/** .config/asdf/** .asdfrc "
        ".config/code/user/** .config/vscodium/user/** .config/zed/** .config/helix/** "
        ".local/lib/python*/** .local/bin/** .m2/settings.xml .gradle/init.d/** "
        ".gradle/init.gradle .claude.json .config/opencode/** .config/goose/**",
    ),
    (
        "it decides who has which rights on this machine",
        "/etc/sudoers /etc/sudoers.d/** /etc/passwd /etc/shadow /etc/group /etc/gshadow "
        "/etc/pam.d/** /etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d/** /etc/hosts "
        "/etc/doas.conf /etc/polkit-1/** /etc/udev/** /boot/**",
    ),
    (
        "it decides what lsp-agent may do, or keeps what it did",
        ".config/lsp-agent/** .local/state/lsp-agent/** .local/share/lsp-agent/** "
        ".cache/lsp-agent/** /etc/lsp-agent/** Library/Preferences/lsp-agent/** "
        "Library/Caches/lsp-agent/** Library/*support/lsp-agent/**",
    ),
)
"""Reasons with the files they are for, wherever on the machine they lie."""

PROJECT: _Table = (
    (
        "git obeys it, or runs it, at its next command",
        ".git/** git~*/** .gitattributes .gitmodules .gitconfig *.git/config *.git/hooks/** "
        "*.git/info/** *.git/worktrees/** *.git/modules/** .githooks/** .hg/** .hgrc .svn/** "
        ".jj/** .bzr/**",
    ),
    (
        "it runs at the next commit",
        ".husky/** .pre-commit-config.yaml .pre-commit-config.yml .pre-commit-hooks.yaml "
        "lefthook.yml lefthook.yaml .lefthook.yml .lefthook.yaml .lefthook/** .overcommit.yml "
        ".huskyrc .huskyrc.* .lintstagedrc .lintstagedrc.* lint-staged.config.*",
    ),
    (
        "an editor runs programs by it",
        ".vscode/** *.code-workspace .idea/** .run/** .fleet/** .zed/** .helix/** .nvim/** "
        ".dir-locals.el .dir-locals-2.el .exrc .nvimrc .nvim.lua .vimrc .lvimrc .vim/** "
        "*.sublime-project .vs/** .settings/** .devcontainer/** .devcontainer.json .gitpod.yml "
        ".gitpod.dockerfile .idx/** .projectile",
    ),
    (
        "an agent starts servers and hooks by it",
        ".cursor/** .claude/** .claude-plugin/** .codex/** .gemini/** .continue/** .kiro/** "
        ".roo/** .roomodes .windsurf/** .opencode/** opencode.json opencode.jsonc .goose/** "
        ".amazonq/** .qwen/** .junie/** .trae/** .augment/** .factory/** .crush.json crush.json "
        ".mcp.json mcp.json mcp_settings.json .aider.conf.yml .aider* .agents/** .agent/** "
        ".lsp-agent/** .lsp-agent.toml",
    ),
    (
        "agents take it for instructions",
        "AGENTS.md AGENTS.*.md AGENT.md CLAUDE.md CLAUDE.*.md GEMINI.md QWEN.md WARP.md SKILL.md "
        ".cursorrules .windsurfrules .clinerules .clinerules/** .roorules .rules .goosehints "
        ".github/copilot-instructions.md .github/instructions/** .github/prompts/** "
        ".github/agents/** .github/chatmodes/**",
    ),
    (
        "it sets variables that programs obey",
        ".env .env.* *.env .envrc .direnv/** .flaskenv .mise.toml mise.toml .mise/** .rtx.toml "
        ".tool-versions .shadowenv.d/**",
    ),
    (
        "the package manager runs it, or takes packages from where it says",
        ".npmrc .yarnrc .yarnrc.* .yarn/** .pnp.* .pnpmfile.* pnpm-workspace.yaml package.json "
        "bunfig.toml binding.gyp composer.json .bundle/** Gemfile *.gemspec .gemrc Podfile "
        "Package.swift pip.conf pip.ini uv.toml poetry.toml .condarc pubspec.yaml nuget.config",
    ),
    (
        "it runs when the project is built, installed or tested",
        "Makefile GNUmakefile *.mk makefile.* CMakeLists.txt *.cmake CMakePresets.json "
        "CMakeUserPresets.json meson.build meson_options.txt configure configure.ac configure.in "
        "build.rs justfile .justfile Taskfile.yml Taskfile.yaml Rakefile *.rake Earthfile Tiltfile "
        "build.gradle build.gradle.kts settings.gradle settings.gradle.kts init.gradle gradlew "
        "gradle/wrapper/** mvnw .mvn/** pom.xml build.sbt *.sbt WORKSPACE WORKSPACE.bazel "
        "MODULE.bazel .bazelrc BUILD.bazel *.bzl SConstruct SConscript wscript waf "
        ""
        "setup.py setup.cfg pyproject.toml hatch_build.py "
        "noxfile.py tox.ini conftest.py pytest.ini .pytest.ini "
        ".coveragerc mix.exs rebar.config Gruntfile.* gulpfile.* "
        "dune-project flake.nix shell.nix default.nix",
    ),
    (
        "a linter or type checker loads code by it",
        "mypy.ini .mypy.ini .pylintrc pylintrc .flake8 pyrightconfig.json basedpyrightconfig.json "
        "eslint.config.* .eslintrc .eslintrc.* .prettierrc .prettierrc.* prettier.config.* "
        ".stylelintrc .stylelintrc.* stylelint.config.* .babelrc .babelrc.* babel.config.* "
        "webpack.config.* rollup.config.* vite.config.* vitest.config.* jest.config.* "
        "postcss.config.* tailwind.config.* next.config.* nuxt.config.* svelte.config.* "
        "astro.config.* playwright.config.* cypress.config.* karma.conf.* tsup.config.* "
        "esbuild.config.* .mocharc.* .nycrc .rubocop.yml .swiftlint.yml .golangci.yml "
        ".golangci.yaml .clangd compile_commands.json .ycm_extra_conf.py",
    ),
    (
        "cargo or rustup runs programs by it",
        ".cargo/** rust-toolchain rust-toolchain.toml",
    ),
    (
        "Python runs it at each start",
        "sitecustomize.py usercustomize.py sitecustomize/** usercustomize/** *.pth pyvenv.cfg "
        ".venv/** venv/** .pdbrc __pycache__/** *.pyc",
    ),
    (
        "the project's servers run it",
        ".github/workflows/** .github/actions/** .github/dependabot.yml .github/CODEOWNERS "
        "action.yml action.yaml .gitlab-ci.yml .gitlab-ci.yaml .gitlab/** .circleci/** "
        ".travis.yml azure-pipelines.yml .azure-pipelines/** Jenkinsfile bitbucket-pipelines.yml "
        ".drone.yml .woodpecker.yml .woodpecker/** .buildkite/** .teamcity/** appveyor.yml "
        ".appveyor.yml .forgejo/** .gitea/** cloudbuild.yaml buildspec.yml vercel.json "
        "netlify.toml .readthedocs.yaml .readthedocs.yml renovate.json .renovaterc* .builds/**",
    ),
    ("the system may be told to run it", "crontab *.crontab *.service *.timer *.desktop"),
    ("a debugger runs it", ".gdbinit .lldbinit"),
)
"""Reasons with the files they are for, wherever in the workspace they lie."""

SHADOWS = "Python takes it for the module of that name in its own library"
_SOURCES = "src"
"""Where Python looks for modules before it looks in its library, beside the root itself."""
_MODULE_ENDS = (".py", ".pyc", ".pyd", ".pyw", ".so")
_IN_PACKAGE = 2
"""Names from the folder of sources to the first module of a package."""


def protection_of(path: PurePath, root: PurePath) -> Protection | None:
    """Tell whether, and why, a file is protected; it need not exist.

    The path is absolute. Where links are involved, ask for the name and for where it leads.
    """
    whole = tuple(map(folded, path.parts))
    if why := _reason(SYSTEM, whole):
        return Protection(kind=Kind.SYSTEM, why=why)
    top = tuple(map(folded, root.parts))
    is_inside = whole[: len(top)] == top
    if is_inside and (why := _reason(PROJECT, whole[len(top) :])):
        return Protection(kind=Kind.PROJECT, why=why)
    if is_inside and _is_shadow(whole[len(top) :]):
        return Protection(kind=Kind.PROJECT, why=SHADOWS)
    return None


def leads_to_protected(path: PurePath, root: PurePath) -> Protection | None:
    """Tell whether what is put in the place of a folder decides on protected files in it.

    A link named `.github` brings its own workflows.
    """
    parts = tuple(map(folded, path.parts))[len(root.parts) :]
    for kind, table in ((Kind.SYSTEM, SYSTEM), (Kind.PROJECT, PROJECT)):
        for pattern, why in _compiled(table):
            if any(_ends_with(parts, folders) for folders in _folders_of(pattern)):
                return Protection(kind=kind, why=why)
    return protection_of(path, root)


def _reason(table: _Table, parts: tuple[str, ...]) -> str:
    """Give why the file of these names is protected; empty if it is not."""
    patterns = _indexed(table)
    for index, part in enumerate(parts):
        for pattern, why in patterns.beginning_with(part):
            if _fits(pattern, parts[index:], is_top=index == 0):
                return why
    return ""


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...], *, is_top: bool) -> bool:
    """Whether names, from one of them on, are what a pattern stands for, to their end."""
    if pattern[0] == "/" and not is_top:
        return False
    is_folder = pattern[-1] == "**"
    wanted = pattern[:-1] if is_folder else pattern
    found = parts[: len(wanted)] if is_folder else parts
    return len(found) == len(wanted) and all(map(fnmatchcase, found, wanted))


def _folders_of(pattern: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Give the names of each folder on the way to what a pattern stands for, the last included."""
    return (pattern[:length] for length in range(1, len(pattern)) if pattern[0] != "/")


def _ends_with(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    found = parts[-len(names) :]
    return len(found) == len(names) and all(map(fnmatchcase, found, names))


def _is_shadow(parts: tuple[str, ...]) -> bool:
    """Whether these names, from the root, are of a module in front of one of Python's own."""
    module = parts[1:] if parts[:1] == (_SOURCES,) else parts
    if not 1 <= len(module) <= _IN_PACKAGE or not module[-1].endswith(_MODULE_ENDS):
        return False
    stem = module[-1].split(".", 1)[0]
    if len(module) < _IN_PACKAGE:
        return stem in _library()
    return stem == "__init__" and module[0] in _library()


@cache
def _library() -> frozenset[str]:
    # Nothing imports the tests of Python itself, and many projects have a folder of that name.
    return frozenset(sys.stdlib_module_names) - {"test"}


@dataclass(frozen=True, slots=True)
class _Index:
    """Patterns by what they begin with, because each file is looked up."""

    literals: dict[str, list[_Pattern]]
    globs: tuple[_Pattern, ...]
    any_glob: re.Pattern[str]

    def beginning_with(self, name: str) -> Iterable[_Pattern]:
        """Give the patterns whose first name this can be."""
        yield from self.literals.get(name, ())
        if self.any_glob.match(name):
            yield from self.globs


@cache
def _indexed(table: _Table) -> _Index:
    literals: dict[str, list[_Pattern]] = {}
    for pattern, why in _compiled(table):
        if not _is_glob(pattern[0]):
            literals.setdefault(pattern[0], []).append((pattern, why))
    globs = tuple(each for each in _compiled(table) if _is_glob(each[0][0]))
    firsts = (translate(pattern[0]) for pattern, _ in globs)
    return _Index(literals, globs, re.compile("|".join(firsts) or r"(?!)"))


@cache
def _compiled(table: _Table) -> tuple[_Pattern, ...]:
    return tuple((_split(name), why) for why, names in table for name in names.split())


def _split(pattern: str) -> tuple[str, ...]:
    top = ("/",) if pattern.startswith("/") else ()
    return (*top, *pattern.strip("/").casefold().split("/"))


def _is_glob(name: str) -> bool:
    return any(char in name for char in "*?[")
