"""Which folders and files of this machine walls hide, copy, or leave to be read.

What is not named here can be read inside: programs, libraries, the rest of the home folder. The
workspace alone, scratch folders and caches can be written, and only the workspace for good.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from lsp_agent.config.settings import cache_folder, settings_file, user_state_folder
from lsp_agent.sandbox.confining.scope import Places

SECRETS = (
    # Keys, and what is signed or opened with them.
    *(".ssh", ".gnupg", ".pki", ".password-store", ".local/share/keyrings", ".config/age"),
    *(".config/sops", ".local/share/kwalletd", ".vault-token", ".config/op", ".config/Bitwarden"),
    # Clouds, clusters and registries.
    *(".aws", ".azure", ".config/gcloud", ".oci", ".kube", ".docker", ".config/containers"),
    *(".config/doctl", ".config/hcloud", ".config/heroku", ".terraform.d", ".terraformrc"),
    *(".config/helm", ".config/stripe", ".config/ngrok", ".config/rclone", ".s3cfg", ".boto"),
    *(".fly", ".config/netlify", ".config/configstore", ".databrickscfg", ".snowflake"),
    # Names and passwords of single services and databases.
    *(".netrc", "_netrc", ".pgpass", ".my.cnf", ".mylogin.cnf", ".smbcredentials", ".authinfo"),
    *(".authinfo.gpg", ".git-credentials", ".config/git/credentials", ".config/gh", ".config/hub"),
    *(".config/glab-cli", ".config/github-copilot", ".wgetrc", ".curlrc", ".msmtprc"),
    # Where packages are published, or fetched with a password.
    *(".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".config/pypoetry/auth.toml", ".condarc"),
    *(".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".bundle/config"),
    *(".m2/settings.xml", ".m2/settings-security.xml", ".gradle/gradle.properties"),
    *(".composer/auth.json", ".config/composer/auth.json", ".nuget/NuGet/NuGet.Config"),
    *(".config/hex", ".hex", ".cabal/config", ".sbt/.credentials", ".ivy2/.credentials"),
    *(".huggingface", ".cache/huggingface/token", ".kaggle", ".jupyter"),
    # Browsers, mail and chats.
    *(".mozilla", ".thunderbird", ".librewolf", ".config/google-chrome", ".config/chromium"),
    *(".config/BraveSoftware", ".config/microsoft-edge", ".config/vivaldi", ".config/opera"),
    *(
        ".config/Slack",
        ".config/discord",
        ".config/Signal",
        ".cache/mozilla",
        ".cache/google-chrome",
    ),
    *(".cache/chromium", "snap/firefox", "snap/chromium", ".var/app"),
    *("Library/Keychains", "Library/Cookies", "Library/Safari", "Library/Mail", "Library/Messages"),
    *("Library/Application Support/Google", "Library/Application Support/Firefox"),
    # Other agents and editors, with their keys and what was said to them.
    *(".claude", ".claude.json", ".codex", ".gemini", ".cursor", ".config/opencode", ".continue"),
    *(".local/share/opencode", ".aider.conf.yml", ".config/goose", ".config/zed", ".config/Code"),
    *(".vscode-server/data", ".config/Cursor", ".config/VSCodium"),
    # What was typed, in shells and elsewhere.
    *(".bash_history", ".zsh_history", ".python_history", ".psql_history", ".mysql_history"),
    *(".node_repl_history", ".local/share/fish/fish_history", ".sqlite_history", ".viminfo"),
    *(".lesshst", ".rediscli_history"),
)
"""In the home folder: credentials and private matters that no build or test has a use for."""

MACHINE_SECRETS = (
    *("/etc/shadow", "/etc/gshadow", "/etc/ssh", "/etc/sudoers", "/etc/sudoers.d"),
    *(
        "/etc/krb5.keytab",
        "/etc/kubernetes",
        "/etc/rancher",
        "/var/lib/kubelet",
        "/var/run/secrets",
    ),
    *("/var/run/docker.sock", "/var/lib/docker", "/var/lib/sss", "/var/spool/cron", "/mnt/c/Users"),
)
"""For who works as root, and in containers."""

_HOME_OF_ROOT = "~root"
"""Whose keys are hidden also from who works as root with another home folder."""

CACHES: Mapping[str, str] = {
    ".cache": "XDG_CACHE_HOME",
    ".npm": "",
    ".yarn": "",
    ".bun": "",
    ".deno": "",
    ".local/share/pnpm": "",
    ".cargo": "CARGO_HOME",
    "go": "GOPATH",
    ".gradle": "",
    ".m2": "",
    ".ivy2": "",
    ".sbt": "",
    ".nuget": "",
    ".dotnet": "",
    ".gem": "",
    ".bundle": "",
    ".composer": "",
    ".mix": "",
    ".pub-cache": "",
    ".cabal": "",
    ".stack": "",
    ".julia": "",
    ".ccache": "",
    ".conda": "",
    "Library/Caches": "",
}
"""In the home folder, with the variable that may name another place: where tool chains keep what
they can make or fetch again. They fail where they cannot write there."""

PROGRAM_VARIABLES = (
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYENV_ROOT",
    "RUSTUP_HOME",
    "JAVA_HOME",
    "GOROOT",
)
SERVICE_PROGRAMS = (
    "/run/current-system",
    "/run/booted-system",
    "/run/wrappers",
    "/run/opengl-driver",
)
"""Of NixOS, where programs are found by way of /run."""

COVERED = ("/tmp", "/var/tmp", "/run", "/mnt/wsl", "/dev")  # noqa: S108 - covered by walls
"""Folders that walls replace on any machine."""

_SOCKETS = "/proc/net/unix"


def places_of(root: Path, *, also_hidden: tuple[Path, ...] = ()) -> Places:
    """Look where all of these are now, for a workspace at `root`."""
    variables = os.environ
    home = Path(variables.get("HOME") or os.path.expanduser("~"))
    own = (settings_file().parent, user_state_folder(), cache_folder())
    keys_of_root = Path(os.path.expanduser(_HOME_OF_ROOT), ".ssh")
    secrets = [
        *(home / name for name in SECRETS),
        *map(Path, MACHINE_SECRETS),
        keys_of_root,
        *own,
        *also_hidden,
    ]
    hidden = _existing(_outermost([*secrets, *_sockets()], COVERED))
    caches = [Path(variables.get(name) or home / folder) for folder, name in CACHES.items()]
    programs = [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[3]]
    programs += [Path(variables[name]) for name in PROGRAM_VARIABLES if variables.get(name)]
    programs += [Path(name) for name in variables.get("PATH", "").split(os.pathsep) if name]
    programs += map(Path, SERVICE_PROGRAMS)
    covered = (*map(Path, COVERED), *hidden)
    return Places(
        hidden=hidden,
        caches=tuple(path for path in _existing(caches) if path.is_dir() and path != root),
        programs=tuple(
            path
            for path in _existing(programs)
            if _is_in(path, covered) and not _is_in(path, (root,)) and path not in covered
        ),
    )


def _existing(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Give those that exist, each once, with no link on the way."""
    found = (path for path in paths if path.is_absolute() and os.path.exists(path))
    return tuple(dict.fromkeys(Path(os.path.realpath(path)) for path in found))


def _outermost(paths: Iterable[Path], covered: Iterable[str]) -> list[Path]:
    """Leave out what lies in a folder that is covered anyway."""
    folders = tuple(map(Path, covered))
    return [path for path in paths if not _is_in(path, folders)]


def _is_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(folder == path or folder in path.parents for folder in folders)


def _sockets() -> list[Path]:
    """Give the sockets of services that have a path, wherever they are."""
    try:
        with open(_SOCKETS, "rb") as file:
            lines = file.read().splitlines()[1:]
    except OSError:
        return []
    # Seven columns, and the name of those that have one; a name may have blanks in it.
    names = [line.split(None, 7)[-1] for line in lines]
    return [Path(os.fsdecode(name)) for name in names if name.startswith(b"/")]
