"""Credentials are hidden from models and MCP clients; other lines can be edited."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from lsp_agent.app import audit_folder
from lsp_agent.audit.log import AuditLog
from lsp_agent.config.settings import settings_of
from lsp_agent.engine.hiding import HidingModel
from lsp_agent.models.port import (
    Message,
    ModelError,
    ModelErrorKind,
    ModelEvent,
    ModelRequest,
    Text,
    TextChunk,
)
from lsp_agent.secrets.configured import redactor_of
from lsp_agent.secrets.redactor import Redactor
from mcp_tools.types.calls import EditOutcome
from tests.lsp_agent.engine.visits import ALLOW, Asked, Visit, visiting
from tests.lsp_agent.secrets.made_up import CREDENTIALS, random_word

TOKEN = CREDENTIALS["GitHub token"]
PASSWORD = random_word(20, seed="password")
SETTINGS = f'URL = "https://shop:{PASSWORD}@host/"\nTOKEN = "{TOKEN}"\nDEBUG = False\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two credentials in its settings."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "conf.py").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture
def visit(root: Path) -> Generator[Visit]:
    """A guest at the usual level."""
    with visiting(root, secrets=("falcon",)) as found:
        yield found


@pytest.mark.asyncio
async def test_text_and_data_of_an_answer_have_no_credentials(visit: Visit) -> None:
    result = await visit.call("read_file", path="conf.py")
    assert '2\tTOKEN = "[hidden: GitHub token #' in result.text
    assert result.data is not None
    assert "DEBUG = False" in str(result.data["text"])
    for secret in (TOKEN, PASSWORD):
        assert secret not in f"{result}"
        assert secret not in f"{visit.guest.records()}"


@pytest.mark.asyncio
async def test_another_line_of_such_a_file_can_be_edited(visit: Visit) -> None:
    result = await visit.edit("DEBUG = False", "DEBUG = True", name="conf.py")
    assert result.edit_outcome is EditOutcome.HELD
    assert TOKEN not in result.text
    text = visit.guest.snapshot().read(visit.root / "conf.py").text
    assert text == SETTINGS.replace("False", "True")


@pytest.mark.asyncio
async def test_an_edit_with_a_placeholder_is_refused_with_what_to_do(visit: Visit) -> None:
    seen = await visit.call("read_file", path="conf.py")
    line = next(line for line in seen.text.splitlines() if "TOKEN" in line).split("\t")[1]
    result = await visit.call("edit_file", path="conf.py", old_string=line, new_string="")
    assert result.is_denied
    assert "leave what has it out of the call" in result.text
    whole = await visit.call("write_file", path="new.py", content=f"{line}\n")
    assert whole.is_denied


@pytest.mark.asyncio
async def test_a_placeholder_of_somebody_else_is_only_text(visit: Visit) -> None:
    await visit.call("read_file", path="conf.py")
    text = "# [hidden: GitHub token #99999]"
    result = await visit.call("write_file", path="new.py", content=text)
    assert result.edit_outcome is EditOutcome.HELD


@pytest.mark.asyncio
async def test_errors_and_searches_have_no_credentials(visit: Visit) -> None:
    results = (
        await visit.call("grep", pattern="TOKEN"),
        await visit.call("read_file", path=f"{TOKEN}.py"),
        await visit.call("edit_file", path="conf.py", old_string="DEBUG = Falsch", new_string=""),
    )
    assert not any(TOKEN in f"{result.text}{result.data}" for result in results)


@pytest.mark.asyncio
async def test_a_command_that_prints_credentials_shows_none(visit: Visit) -> None:
    result = await visit.call("shell", Asked(ALLOW).attendant, command="cat conf.py; echo falcon")
    assert "DEBUG = False" in result.text
    assert not any(word in result.text for word in (TOKEN, PASSWORD, "\nfalcon"))


@pytest.mark.asyncio
async def test_a_user_may_want_to_show_them(root: Path) -> None:
    with visiting(root, show_secrets=True) as visit:
        assert TOKEN in (await visit.call("read_file", path="conf.py")).text
        assert visit.guest.hide(TOKEN) == TOKEN


@pytest.mark.asyncio
async def test_the_audit_log_has_no_credentials(root: Path) -> None:
    with visiting(root) as visit:
        await visit.call(TOKEN, path="conf.py")
        await visit.call("write_file", path=f"{TOKEN}.py", content="a = 1\n")
    text = "\n".join(AuditLog(audit_folder(root)).lines())
    assert "[hidden: GitHub token #" in text
    assert TOKEN not in text


class _Model:
    """Remembers what it was asked, and says it again as it fails."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Answer, and fail."""
        self.asked += [message.text for message in request.messages]
        yield TextChunk("well")
        raise ModelError(ModelErrorKind.REJECTED, f"the key {TOKEN} is wrong", retry_after_s=3)


async def _ask(model: HidingModel) -> ModelError:
    request = ModelRequest(system="", messages=(Message("user", (Text(f"use {TOKEN}"),)),))
    with pytest.raises(ModelError) as caught:
        async for _ in model.stream(request):
            pass
    return caught.value


@pytest.mark.asyncio
async def test_neither_a_model_nor_its_failure_shows_credentials() -> None:
    model = _Model()
    error = await _ask(HidingModel(model=model, redactor=Redactor(), shows_secrets=False))
    assert model.asked == ["use [hidden: GitHub token #1]"]
    assert str(error) == "the key [hidden: GitHub token #1] is wrong"
    assert (error.kind, error.retry_after_s) == (ModelErrorKind.REJECTED, 3)


@pytest.mark.asyncio
async def test_a_model_may_see_them_where_the_user_wants_it_to() -> None:
    model = _Model()
    error = await _ask(HidingModel(model=model, redactor=Redactor(), shows_secrets=True))
    assert model.asked == [f"use {TOKEN}"]
    assert TOKEN not in str(error)


def test_the_redactor_of_the_same_settings_is_the_same() -> None:
    settings = settings_of({"secrets": ("falcon",)}, "the test")
    assert redactor_of(settings) is redactor_of(settings)
