"""Words that are files: whether a program that reads them stays in the workspace."""

import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.options import words

_STREAMS = ("-", "/dev/null", "/dev/stdin")
"""Words that stand for no file of the disk."""

_SYSTEM = (Path("/usr/share"), Path("/usr/include"))
"""What every user of the machine has, and programmers look up: headers and data."""

_SECRET_NAMES = words("""
    .env .env.* .envrc *.env .netrc _netrc .npmrc .pypirc .pgpass .my.cnf .htpasswd
    .git-credentials .dockercfg .yarnrc.yml .boto .s3cfg .vault-token .terraformrc
    credentials credentials.* secrets.* secret.* .secrets service-account*.json
    id_rsa id_dsa id_ecdsa id_ed25519 *.pem *.key *.p12 *.pfx *.ppk *.jks *.keystore *.kdbx
    *.tfstate *.tfvars
""")
_SECRET_FOLDERS = frozenset({".ssh", ".aws", ".gnupg", ".azure", ".kube", ".gcloud"})
_EXAMPLES = words("*.example *.sample *.template *.dist *.md *.py *.ts *.tsx *.js *.go *.rs *.java")
"""Such files only show what a secret would look like, or are source code."""


def read_findings(invocation: Invocation, word: str) -> Iterator[Finding]:
    """Judge a file whose content is read, or a folder.

    Of a folder the files are not looked through: what a search shows of a secret among them is
    for whoever hides secrets in the output of tools.
    """
    yield from look_findings(invocation, word)
    if word not in _STREAMS and _can_be_name(word):
        path = invocation.world.real(invocation.cwd / word)
        if is_secret(PurePath(word)) or is_secret(path):
            yield found(Check.SECRET_FILE, f"{word!r} may hold credentials", path)


def look_findings(invocation: Invocation, word: str) -> Iterator[Finding]:
    """Judge a file or folder of which only the name, the size or such is looked at."""
    if word in _STREAMS:
        return
    if not _can_be_name(word):
        yield found(Check.OUTSIDE_WORKSPACE, f"{word!r} is no name of a file")
        return
    path = invocation.world.real(invocation.cwd / word)
    if path.is_relative_to(invocation.root):
        return
    if any(path.is_relative_to(folder) for folder in _SYSTEM):
        yield found(Check.SYSTEM_FILE, f"{word!r} is a file of the system", path)
    else:
        yield found(Check.OUTSIDE_WORKSPACE, f"{word!r} is outside of the workspace", path)


def is_secret(path: PurePath) -> bool:
    """Whether the name of a file says that it holds credentials, in any letter case."""
    folders = {_plain(part) for part in path.parts}
    name = _plain(path.name)
    if folders & _SECRET_FOLDERS:
        return True
    if any(fnmatchcase(name, example) for example in _EXAMPLES):
        return False
    return any(fnmatchcase(name, pattern) for pattern in _SECRET_NAMES)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _can_be_name(word: str) -> bool:
    try:
        return b"\0" not in word.encode()
    except UnicodeEncodeError:
        return False
