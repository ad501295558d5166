"""What an answer costs a model: our tools beside grep plus reading around each hit.

Run as `python -m bench.tokens`. Ten everyday questions about django are put to the tool host. The
other way is what a model does without such tools: grep for the name, and read 20 lines around
each hit, overlapping ones once. A token is taken as four characters. The goal is an eighth.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import machine, save
from bench.sources import source_tree
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.index.index import Index
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, Effect, Ruling, ToolCall, Verdict
from mcp_tools.types.json import JsonObject
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Workspace

CHARS_PER_TOKEN = 4
N_AROUND = 20
GOAL = 1 / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that one wants to know about a code base, put both ways."""

    text: str
    tool: str
    arguments: JsonObject
    pattern: str
    """What one greps for without our tools."""


def _symbol(name_path: str, path: str, **more: str) -> JsonObject:
    return {"name_path": name_path, "path": path, **more}


QUERY, MODULES = "django/db/models/query.py", "django/utils/module_loading.py"
QUESTIONS = (
    Question(
        text="Where is import_string used?",
        tool="references",
        arguments=_symbol("import_string", MODULES),
        pattern=r"\bimport_string\b",
    ),
    Question(
        text="Who calls import_string?",
        tool="call_hierarchy",
        arguments=_symbol("import_string", MODULES, direction="in"),
        pattern=r"\bimport_string\(",
    ),
    Question(
        text="Where is override_settings used?",
        tool="references",
        arguments=_symbol("override_settings", "django/test/utils.py"),
        pattern=r"\boverride_settings\b",
    ),
    Question(
        text="What does QuerySet.get_or_create do?",
        tool="read_symbol",
        arguments=_symbol("QuerySet/get_or_create", QUERY),
        pattern=r"\bget_or_create\b",
    ),
    Question(
        text="What does QuerySet.get_or_create call?",
        tool="call_hierarchy",
        arguments=_symbol("QuerySet/get_or_create", QUERY, direction="out"),
        pattern=r"\bget_or_create\b",
    ),
    Question(
        text="Which classes derive from BaseCommand?",
        tool="type_hierarchy",
        arguments=_symbol("BaseCommand", "django/core/management/base.py", side="below"),
        pattern=r"\bBaseCommand\b",
    ),
    Question(
        text="Where is ModelAdmin defined?",
        tool="find_symbol",
        arguments={"name_path": "ModelAdmin"},
        pattern=r"\bModelAdmin\b",
    ),
    Question(
        text="Who implements BaseCache.get?",
        tool="implementations",
        arguments=_symbol("BaseCache/get", "django/core/cache/backends/base.py"),
        pattern=r"def get\(",
    ),
    Question(
        text="How does HttpResponse take its arguments?",
        tool="definition",
        arguments=_symbol("HttpResponse/__init__", "django/http/response.py"),
        pattern=r"\bHttpResponse\(",
    ),
    Question(
        text="How does update_or_create come to call create?",
        tool="call_path",
        arguments={
            "source": f"{QUERY}:QuerySet/update_or_create",
            "goal": f"{QUERY}:QuerySet/create",
        },
        pattern=r"\bupdate_or_create\b|\bget_or_create\b|\bdef create\b",
    ),
)


class AllowReading:
    """Lets calls run, and edits not; implements Gate."""

    async def judge(self, effect: Effect) -> Ruling:
        """Allow a call."""
        verdict = Verdict.ALLOW if isinstance(effect, CallEffect) else Verdict.DENY
        return Ruling(verdict=verdict, reason="the bench only reads")


def main(_arguments: Sequence[str] | None = None) -> int:
    """Ask, print and keep; gives 0 whatever comes out."""
    root = source_tree("django")
    with tempfile.TemporaryDirectory(prefix="lsp-agent-bench-") as folder:
        ours = asyncio.run(ask_all(root, Path(folder)))
    texts = _texts(root)
    lines = [
        f"### Tokens of ten answers about django, {machine()}",
        "",
        "| question | our tool | tokens | grep and reading | ratio |",
        "|---|---|---|---|---|",
    ]
    worst = 0.0
    total_ours = total_grep = 0
    for question, answer in zip(QUESTIONS, ours, strict=True):
        n_ours, n_grep = _tokens(answer), _tokens(grep_and_read(texts, question.pattern))
        total_ours += n_ours
        total_grep += n_grep
        worst = max(worst, n_ours / n_grep)
        cells = (question.text, question.tool, str(n_ours), str(n_grep), f"{n_ours / n_grep:.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    ratio = total_ours / total_grep
    verdict = "reached" if worst <= GOAL else "not reached"
    lines += [
        f"| all | | {total_ours} | {total_grep} | {ratio:.3f} |",
        "",
        f"The worst is {worst:.3f}; goal {GOAL:.3f}: {verdict}.",
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    save("tokens", text)
    return 0


async def ask_all(root: Path, folder: Path) -> list[str]:
    """Put all questions to the tool host, and give the texts of its answers."""
    source = DiskSource(root)
    workspace = Workspace(source)
    journal = Journal(folder / "state", root)
    index = Index(source.root, folder / "index.db")
    index.build()
    applier = Applier(workspace, DiskSink(source, lock=journal.writing), journal)
    ports = HostPorts(
        programs=BundledPrograms(), gate=AllowReading(), applier=applier, make_codebase=index.view
    )
    host = ToolHost(workspace, discover(), ports, session_id="bench")
    answers: list[str] = []
    for number, question in enumerate(QUESTIONS):
        call = ToolCall(id=str(number), name=question.tool, arguments=question.arguments)
        result = await host.call(call, proposal_id="bench")
        if result.is_error:
            sys.stderr.write(f"{question.text} {result.text}\n")
        answers.append(result.text)
    index.close()
    journal.close()
    return answers


def grep_and_read(texts: Mapping[str, list[str]], pattern: str) -> str:
    """Give what one reads without our tools: hits, and the lines around them once each."""
    expression = re.compile(pattern)
    parts: list[str] = []
    for file, lines in texts.items():
        hits = [number for number, line in enumerate(lines) if expression.search(line)]
        parts += [f"{file}:{number + 1}:{lines[number]}" for number in hits]
        around = {
            near
            for number in hits
            for near in range(number - N_AROUND // 2, number + N_AROUND // 2 + 1)
            if 0 <= near < len(lines)
        }
        parts += [f"{number + 1:>6}\t{lines[number]}" for number in sorted(around)]
    return "\n".join(parts)


def _texts(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*.py")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found[path.relative_to(root).as_posix()] = text.split("\n")
    return found


def _tokens(text: str) -> int:
    return len(text) // CHARS_PER_TOKEN


if __name__ == "__main__":
    sys.exit(main())
