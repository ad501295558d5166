"""The official conformance suite: everything that it asks of servers, in both eras."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.conformance.serving import fixture_server, real_server
from tests.conformance.suite import Found, Run, run_requirements, run_scenario

pytestmark = pytest.mark.conformance

HANDSHAKE, MODERN = "2025-11-25", "2026-07-28"

REQUIRED = {HANDSHAKE: 30, MODERN: 37}
"""How many scenarios each revision requires of servers; frozen by the suite."""

NOT_SCORED = {
    HANDSHAKE: {"server-session-lifecycle", "json-schema-2020-12"},
    MODERN: {
        "json-schema-2020-12",
        "http-header-validation",
        "http-custom-header-server-validation",
    },
}
"""What is not required, and passes all the same. The others are of extensions that we do not
have, and of the resuming of streams, which the specification leaves to each server."""

WARNINGS = {
    # The SDK announces both for whoever serves listeners; ours never change while it runs.
    "sep-2575-server-sends-prompts-list-changed-on-subscription",
    "sep-2575-server-sends-tools-list-changed-on-subscription",
    # A server that keeps no events has nothing to resume from.
    "server-sse-priming-event",
    "server-sse-retry-field",
}
"""Recommendations that do not fit; there are no others."""

GENERIC = {
    HANDSHAKE: (
        "server-initialize",
        "server-session-lifecycle",
        "ping",
        "tools-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "resources-list",
        "prompts-list",
    ),
    MODERN: (
        "tools-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "http-header-validation",
        "caching",
        "input-required-result-unsupported-methods",
        "resources-list",
        "sep-2164-resource-not-found",
        "prompts-list",
    ),
}
"""What holds for any server, whatever its tools are."""


@pytest.fixture(scope="module")
def fixture_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with fixture_server(tmp_path_factory.mktemp("served") / "project") as url:
        yield url


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        with real_server(home / "project") as url:
            yield url


@pytest.mark.parametrize("revision", REQUIRED)
def test_all_that_a_revision_requires_is_fulfilled(
    revision: str, fixture_url: str, tmp_path: Path
) -> None:
    run = run_requirements(fixture_url, revision, tmp_path)
    optional = {found.scenario for found in run.found if _is_extension(found)}
    scored = run.scenarios - NOT_SCORED[revision] - optional - {"server-sse-polling"}
    failed = [found for found in run.with_status("FAILURE") if not _is_extension(found)]
    assert failed == []
    assert run.exit_code == 0, run.printed
    assert len(scored) == REQUIRED[revision]
    assert run.scenarios >= NOT_SCORED[revision]
    assert {found.check for found in _warnings(run)} <= WARNINGS


@pytest.mark.parametrize(
    ("revision", "scenario"), [(revision, one) for revision in GENERIC for one in GENERIC[revision]]
)
def test_the_real_server_fulfils_what_holds_for_any(
    revision: str, scenario: str, real_url: str, tmp_path: Path
) -> None:
    run = run_scenario(real_url, scenario, revision, tmp_path)
    assert run.with_status("FAILURE") == []
    assert run.with_status("WARNING") == []
    assert run.with_status("SUCCESS") != []
    assert run.exit_code == 0, run.printed


def test_the_real_server_keeps_nothing_between_requests(real_url: str, tmp_path: Path) -> None:
    run = run_scenario(real_url, "server-stateless", MODERN, tmp_path)
    # These call tools of the suite's own, which only the fixtures have.
    missing = {found.check for found in run.with_status("FAILURE")}
    assert missing <= {
        "sep-2575-http-server-no-independent-requests-on-stream",
        "sep-2575-missing-capability-http-400",
        "sep-2575-server-no-log-without-loglevel",
        "sep-2575-server-rejects-undeclared-capability",
    }
    assert len(run.with_status("SUCCESS")) >= 20


def _is_extension(found: Found) -> bool:
    return found.scenario.startswith("tasks-")


def _warnings(run: Run) -> list[Found]:
    return [found for found in run.with_status("WARNING") if not _is_extension(found)]
