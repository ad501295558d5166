"""The program, run as its users run it."""

import json
import signal
from pathlib import Path

import pytest
from anthropic import Anthropic

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.testkit.running import LIMIT_S, base_url, running


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.json"
    path.write_text('["hello"]', encoding="utf-8")
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_serves_until_a_signal_and_exits_with_0(
    script: Path, tmp_path: Path, number: signal.Signals
) -> None:
    log, port_file = tmp_path / "log.jsonl", tmp_path / "port"
    options = ["--script", script, "--log", log, "--port-file", port_file]
    with running(options, tmp_path) as process:
        url = base_url(process)
        assert url == f"http://127.0.0.1:{port_file.read_text(encoding='utf-8').strip()}"
        with Anthropic(api_key="key", base_url=url, max_retries=0) as sdk:
            answer = sdk.messages.create(
                model="m", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            )
        process.send_signal(number)
        output, errors = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, output, errors) == (0, "", "")
    assert answer.content[0].type == "text"
    assert answer.content[0].text == "hello"
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["request", "ending"]


def test_a_hanging_answer_does_not_keep_the_program_alive(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"content": "abc", "fault": "hang"}]', encoding="utf-8")
    with (
        running(["--script", path], tmp_path) as process,
        Anthropic(api_key="key", base_url=base_url(process), max_retries=0) as sdk,
        sdk.messages.stream(
            model="m", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        ) as stream,
    ):
        next(iter(stream))
        process.terminate()
        assert process.wait(LIMIT_S) == 0


@pytest.mark.parametrize("text", ["{", '{"turns": [{}]}', None])
def test_an_unusable_script_is_said_and_exits_with_2(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "script.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with running(["--script", path], tmp_path) as process:
        output, errors = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 2
    assert output == ""
    assert errors.startswith("lsp_agent.testkit: ")
    assert "script.json" in errors
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_said_and_exits_with_2(script: Path, tmp_path: Path) -> None:
    with (
        ScriptedModel([]) as other,
        running(["--script", script, "--port", f"{other.port}"], tmp_path) as process,
    ):
        _, errors = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 2
    assert "in use" in errors
