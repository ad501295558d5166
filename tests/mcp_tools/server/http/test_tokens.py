"""The token file: who can read it, what is in it, and how soon a change is felt."""

import asyncio
import json
import multiprocessing
from pathlib import Path

import pytest

from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.tokens import TOKEN_PREFIX, TokenFile
from mcp_tools.types.errors import Denied, ExpectedError, NotFound


def _verify(tokens: TokenFile, token: str) -> Principal | None:
    return asyncio.run(tokens.verify(token))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tokens.json"


def test_a_new_token_is_good_and_no_other_is(path: Path) -> None:
    tokens = TokenFile(path)

    token = tokens.create("cursor")

    assert token.startswith(TOKEN_PREFIX)
    principal = _verify(tokens, token)
    assert principal is not None
    assert tokens.is_still_good(principal)
    for other in ("", "x", token[:-1], token + "a", token.lower(), TOKEN_PREFIX + "a" * 43, "é"):
        assert _verify(tokens, other) is None


def test_each_name_is_somebody_else(path: Path) -> None:
    tokens = TokenFile(path)

    one = _verify(tokens, tokens.create("one"))
    two = _verify(tokens, tokens.create("two"))

    assert one is not None
    assert two is not None
    assert one != two


def test_a_running_server_feels_rotating_and_revoking_at_once(path: Path) -> None:
    server, command = TokenFile(path), TokenFile(path)
    old = command.create("zed")
    before = _verify(server, old)
    assert before is not None

    new = command.rotate("zed")

    assert _verify(server, old) is None
    assert not server.is_still_good(before)
    after = _verify(server, new)
    assert after is not None
    assert after != before

    command.revoke("zed")

    assert _verify(server, new) is None
    assert server.entries() == ()


def test_only_digests_are_kept_in_a_file_for_nobody_else(path: Path) -> None:
    token = TokenFile(path).create("zed")

    assert token.removeprefix(TOKEN_PREFIX) not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_others_can_read_is_refused_with_the_way_to_mend_it(path: Path) -> None:
    tokens = TokenFile(path)
    token = tokens.create("zed")
    path.chmod(0o640)

    assert _verify(tokens, token) is None
    with pytest.raises(Denied, match="chmod 600"):
        tokens.entries()


def test_a_link_in_the_place_of_the_file_is_refused(path: Path) -> None:
    token = TokenFile(path).create("zed")
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))

    assert _verify(TokenFile(path), token) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2, "tokens": []}', '{"version": 1, "tokens": [{}]}']
)
def test_a_damaged_file_is_no_token_at_all(path: Path, text: str) -> None:
    tokens = TokenFile(path)
    token = tokens.create("zed")
    path.write_text(text, encoding="utf-8")

    assert _verify(tokens, token) is None
    with pytest.raises(Denied, match="damaged"):
        tokens.entries()


def test_a_server_may_start_before_there_is_a_token(path: Path) -> None:
    server = TokenFile(path)

    assert _verify(server, TOKEN_PREFIX + "a" * 43) is None
    assert _verify(server, TokenFile(path).create("late")) is not None


@pytest.mark.parametrize("name", ["", "a b", "-a", "A", "a" * 41, "a\n"])
def test_a_name_that_cannot_be_told_apart_is_refused(path: Path, name: str) -> None:
    with pytest.raises(Denied):
        TokenFile(path).create(name)


def test_names_are_unique_and_must_be_there(path: Path) -> None:
    tokens = TokenFile(path)
    tokens.create("zed")

    with pytest.raises(Denied, match="rotate"):
        tokens.create("zed")
    for change in (tokens.rotate, tokens.revoke):
        with pytest.raises(NotFound):
            change("other")


def _create(path: Path, name: str) -> None:
    TokenFile(path).create(name)


def test_two_processes_lose_none_of_their_tokens(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    names = [f"client-{n}" for n in range(4)]
    processes = [context.Process(target=_create, args=(path, name)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)

    stored = json.loads(path.read_text(encoding="utf-8"))["tokens"]
    assert sorted(token["name"] for token in stored) == names


def test_a_folder_that_is_a_file_is_an_expected_failure(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", encoding="utf-8")

    with pytest.raises(ExpectedError):
        TokenFile(tmp_path / "state" / "tokens.json").create("zed")
