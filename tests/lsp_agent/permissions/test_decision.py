"""The decision about each effect, against a table written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.permissions.decision import Choice, Decision, decide
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.matching import parse_rule
from lsp_agent.permissions.policy import DEFAULT_POLICY, Policy
from lsp_agent.permissions.rules import Rule, Scope
from lsp_agent.permissions.shell.judgement import Finding, LineJudgement, PartJudgement
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, EditEffect, Effect, Risk, Tool, ToolCall
from mcp_tools.types.demands import Fetch, LineRun
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, FileChange, RenameFile
from mcp_tools.types.text import digest_of

ROOT = Path("/project")
CALL = ToolCall(id="1", name="it", arguments={})
BASE = digest_of("")
TOOLS = {tool.name: tool for tool in discover()}
LINE = "make it"


def found(risk: Risk, *paths: Path) -> Finding:
    return Finding(check="unknown-program", risk=risk, detail="make", paths=paths)


def line(
    *findings: Finding, text: str = LINE, structure: tuple[Finding, ...] = ()
) -> LineJudgement:
    part = PartJudgement(words=tuple(text.split()), findings=findings)
    return LineJudgement(line=text, parts=(part,), structure=structure)


def run(text: str = LINE, cwd: str = ".") -> Effect:
    return CallEffect(tool=TOOLS["shell"], call=CALL, demand=LineRun(line=text, cwd=cwd))


def edit(*files: FileChange) -> Effect:
    changes = ChangeSet(label="it", files=files)
    return EditEffect(tool=TOOLS["edit_file"], call=CALL, changes=changes)


def making(name: str) -> FileChange:
    return CreateFile(path=ROOT / name, text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of effect, and what becomes of it by the level alone."""

    effect: Effect
    judgement: LineJudgement | None = None
    trusted: str
    """At observe, suggest, edit, auto, unattended; a: allow, h: hold, q: ask, d: deny."""
    untrusted: str
    unconfined: str = ""
    """As `trusted`, but with no sandbox; empty where that is the same."""
    limited: str = "....."
    """Where a hard limit denies, which no rule changes: x."""
    named: str = ""
    """What a rule calls it."""
    is_protected: bool = False


FETCH = CallEffect(tool=TOOLS["web_fetch"], call=CALL, demand=Fetch("https://docs.example.com/a"))
KINDS: Mapping[str, Kind] = {
    "reading": Kind(
        effect=CallEffect(tool=TOOLS["read_file"], call=CALL),
        trusted="aaaaa",
        untrusted="aaaaa",
        named="tool read_file",
    ),
    "line of low risk": Kind(
        effect=run(), judgement=line(), trusted="aaaaa", untrusted="qqqqd", named="command make it"
    ),
    "line of medium risk": Kind(
        effect=run(),
        judgement=line(found(Risk.MEDIUM)),
        trusted="dqqaa",
        unconfined="dqqqd",
        untrusted="dqqqd",
        limited="x....",
        named="command make it",
    ),
    "line of high risk": Kind(
        effect=run(),
        judgement=line(found(Risk.HIGH)),
        trusted="dqqqd",
        untrusted="dqqqd",
        limited="x....",
        named="command make it",
    ),
    "line that was not judged": Kind(
        effect=run(), trusted="ddddd", untrusted="ddddd", limited="xxxxx", named="command make it"
    ),
    "line about a protected file": Kind(
        effect=run(),
        judgement=line(found(Risk.HIGH, ROOT / ".git/config")),
        trusted="dqqqd",
        untrusted="dqqqd",
        limited="x....",
        named="command make it",
        is_protected=True,
    ),
    "line about a file of the system": Kind(
        effect=run(),
        judgement=line(found(Risk.HIGH, Path("/home/me/.bashrc"))),
        trusted="ddddd",
        untrusted="ddddd",
        limited="xxxxx",
        named="command make it",
    ),
    "fetching": Kind(
        effect=FETCH,
        trusted="dqqaa",
        untrusted="dqqqd",
        limited="x....",
        named="host docs.example.com",
    ),
    "tool of medium risk": Kind(
        effect=CallEffect(tool=TOOLS["git_commit"], call=CALL),
        trusted="dqqaa",
        untrusted="dqqqd",
        limited="x....",
        named="tool git_commit",
    ),
    "tool of high risk": Kind(
        effect=CallEffect(tool=TOOLS["run_tests"], call=CALL),
        trusted="dqqqd",
        untrusted="dqqqd",
        limited="x....",
        named="tool run_tests",
    ),
    "edit": Kind(
        effect=edit(making("src/a.py")),
        trusted="dhaaa",
        untrusted="dhhhh",
        limited="x....",
        named="path src/a.py",
    ),
    "edit of a protected file": Kind(
        effect=edit(making("src/a.py"), making(".vscode/tasks.json")),
        trusted="dqqqd",
        untrusted="dqqqd",
        limited="x....",
        named="path **",
        is_protected=True,
    ),
    "edit of a file of the system": Kind(
        effect=edit(making(".ssh/config")),
        trusted="ddddd",
        untrusted="ddddd",
        limited="xxxxx",
        named="path **",
    ),
    "edit outside": Kind(
        effect=edit(CreateFile(path=Path("/project-2/a.py"), text="")),
        trusted="ddddd",
        untrusted="ddddd",
        limited="xxxxx",
        named="path **",
    ),
}
RULES: Mapping[str, tuple[tuple[str, Scope], ...]] = {
    "none": (),
    "about others": (("deny", Scope.USER), ("ask", Scope.PROJECT), ("allow", Scope.USER)),
    "denied": (("deny", Scope.USER),),
    "denied by the project": (("deny", Scope.PROJECT),),
    "asked": (("ask", Scope.USER),),
    "asked by the project": (("ask", Scope.PROJECT),),
    "allowed": (("allow", Scope.USER),),
    "allowed in this session": (("allow", Scope.SESSION),),
    "allowed by the project": (("allow", Scope.PROJECT),),
    "allowed and denied": (("allow", Scope.USER), ("deny", Scope.PROJECT)),
    "allowed and asked": (("allow", Scope.SESSION), ("ask", Scope.USER)),
    "denied and asked": (("ask", Scope.USER), ("deny", Scope.USER)),
}
LETTERS = {"a": Choice.ALLOW, "h": Choice.HOLD, "q": Choice.ASK, "d": Choice.DENY}


def expected(kind: Kind, policy: Policy, rules: str) -> Choice:
    """Say what the specification says, by the letters of the tables."""
    column = list(Level).index(policy.level)
    is_trusted = policy.trust is Trust.TRUSTED
    letters = kind.trusted if is_trusted else kind.untrusted
    if is_trusted and not policy.is_confined:
        letters = kind.unconfined or letters
    letter = letters[column]
    if kind.limited[column] == "x" or rules in ("none", "about others"):
        pass
    elif "denied" in rules:
        letter = "d"
    elif "asked" in rules or kind.is_protected:
        letter = "d" if policy.level is Level.UNATTENDED else "q"
    elif rules == "allowed in this session" or (rules == "allowed" and is_trusted):
        letter = "a"
    return LETTERS[letter]


def rules_about(kind: Kind, rules: str) -> tuple[Rule, ...]:
    about = kind.named
    if rules == "about others":
        about = f"{kind.named.split()[0]} other"
    return tuple(parse_rule(f"{do} {about}", scope) for do, scope in RULES[rules])


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("name", KINDS)
def test_the_whole_product_is_as_the_tables_say(name: str, rules: str) -> None:
    kind = KINDS[name]
    for level, trust, is_confined in product(Level, Trust, (True, False)):
        policy = Policy(
            level=level, trust=trust, rules=rules_about(kind, rules), is_confined=is_confined
        )
        decision = decide(kind.effect, ROOT, policy, kind.judgement)
        said = f"{level} {trust} confined={is_confined}: {decision.reason}"
        assert decision.choice is expected(kind, policy, rules), said
        assert decision.reasons
        assert all(decision.reasons), said


TRUSTED = Policy(trust=Trust.TRUSTED)


def by_rules(*texts: str, scope: Scope = Scope.USER, level: Level = Level.SUGGEST) -> Policy:
    rules = tuple(parse_rule(text, scope) for text in texts)
    return replace(TRUSTED, rules=rules, level=level)


@pytest.mark.parametrize("tool", discover(), ids=lambda tool: tool.name)
def test_every_tool_that_only_reads_or_computes_edits_is_free(tool: Tool) -> None:
    is_free = tool.is_pure and not tool.is_open_world
    for level in Level:
        policy = Policy(level=level)
        decision = decide(CallEffect(tool=tool, call=CALL), ROOT, policy)
        assert (decision.choice is Choice.ALLOW) is is_free


def test_nothing_is_trusted_by_default() -> None:
    assert Policy() == DEFAULT_POLICY
    assert DEFAULT_POLICY.trust is Trust.UNTRUSTED
    assert DEFAULT_POLICY.level is Level.SUGGEST
    assert not DEFAULT_POLICY.is_confined


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("trust", Trust)
def test_edits_are_held_where_the_policy_says_so(level: Level, trust: Trust) -> None:
    policy = Policy(level=level, trust=trust)
    choice = decide(edit(making("a.py")), ROOT, policy).choice
    assert policy.holds_edits is (choice in (Choice.HOLD, Choice.DENY))


def several(*parts: PartJudgement, structure: tuple[Finding, ...] = ()) -> LineJudgement:
    return LineJudgement(line=LINE, parts=parts, structure=structure)


def part(words: str, *findings: Finding) -> PartJudgement:
    return PartJudgement(words=tuple(words.split()), findings=findings)


HIGH, MEDIUM = found(Risk.HIGH), found(Risk.MEDIUM)
LIST, TEST, BUILD = part("ls"), part("npm test", HIGH), part("npm run build", MEDIUM)


@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        (several(TEST), Choice.ALLOW),
        (several(LIST, TEST), Choice.ALLOW),
        (several(LIST, TEST, TEST), Choice.ALLOW),
        (several(TEST, BUILD), Choice.ASK),
        (several(TEST, part("", HIGH)), Choice.ASK),
        (several(TEST, structure=(MEDIUM,)), Choice.ASK),
        (several(LIST, structure=(HIGH,)), Choice.ASK),
    ],
)
def test_a_line_is_allowed_if_each_part_is(judgement: LineJudgement, expected: Choice) -> None:
    decision = decide(run(), ROOT, by_rules("allow command npm test"), judgement)
    assert decision.choice is expected


def test_one_denied_part_denies_the_line() -> None:
    policy = by_rules("allow command npm test", "deny command ls")
    assert decide(run(), ROOT, policy, several(TEST, LIST)).choice is Choice.DENY


@pytest.mark.parametrize("do", ["deny", "ask"])
@pytest.mark.parametrize("words", ["rm -rf a", "/bin/rm a", "./rm", "RM"])
def test_a_strict_rule_is_about_a_program_in_any_folder_with_any_words(do: str, words: str) -> None:
    policy = by_rules(f"{do} command rm", "allow tool shell")
    decision = decide(run(), ROOT, policy, several(part(words, HIGH)))
    assert decision.choice == do
    assert decision.rule == policy.rules[0]


def test_words_that_are_not_known_could_be_what_is_forbidden() -> None:
    unknown = several(LIST, part("", HIGH))
    policy = by_rules("deny command rm", "allow tool shell")
    assert decide(run(), ROOT, policy, unknown).choice is Choice.ASK
    assert decide(run(), ROOT, by_rules("allow tool shell"), unknown).choice is Choice.ALLOW


@pytest.mark.parametrize(
    ("cwd", "parts", "expected"),
    [
        (".", (), Choice.ALLOW),
        ("/project", (), Choice.ALLOW),
        ("sub", (), Choice.ASK),
        (".", (part("cd sub"),), Choice.ASK),
    ],
)
def test_a_program_named_by_a_path_is_allowed_from_the_root_alone(
    cwd: str, parts: tuple[PartJudgement, ...], expected: Choice
) -> None:
    policy = by_rules("allow command ./run.sh")
    judgement = several(*parts, part("./run.sh", HIGH))
    decision = decide(run(cwd=cwd), ROOT, policy, judgement)
    assert decision.choice is expected
    assert not decision.offers


def test_a_judgement_of_another_line_is_none() -> None:
    policy = by_rules("allow tool shell", level=Level.AUTO)
    assert decide(run("rm -rf /"), ROOT, policy, line()).choice is Choice.DENY


def test_a_judgement_without_a_line_counts_for_nothing() -> None:
    effect = CallEffect(tool=TOOLS["run_tests"], call=CALL)
    assert decide(effect, ROOT, TRUSTED, line()).choice is Choice.ASK


def test_a_rule_about_all_tools_leaves_reading_free() -> None:
    policy = by_rules("deny tool *")
    assert decide(KINDS["reading"].effect, ROOT, policy).choice is Choice.ALLOW
    assert decide(run(), ROOT, policy, line()).choice is Choice.DENY
    assert decide(FETCH, ROOT, policy).choice is Choice.DENY


def test_an_allowed_tool_outweighs_how_a_line_is_made_but_no_protected_file() -> None:
    policy = by_rules("allow tool shell", "allow command make ...")
    made = line(HIGH, structure=(HIGH,))
    assert decide(run(), ROOT, policy, made).choice is Choice.ALLOW
    made = line(structure=(found(Risk.HIGH, ROOT / ".git/hooks/x"),))
    assert decide(run(), ROOT, policy, made).choice is Choice.ASK


def test_an_edit_is_allowed_if_each_file_is() -> None:
    policy = by_rules("allow path docs/")
    assert decide(edit(making("docs/a.md")), ROOT, policy).choice is Choice.ALLOW
    both = edit(making("docs/a.md"), making("a.py"))
    assert decide(both, ROOT, policy).choice is Choice.HOLD


def test_one_denied_file_denies_the_edit() -> None:
    policy = by_rules("deny path secrets", level=Level.AUTO)
    both = edit(making("a.py"), making("Secrets/a/b"))
    assert decide(both, ROOT, policy).choice is Choice.DENY


def test_a_rename_is_judged_by_both_names() -> None:
    old, new = ROOT / "a.py", ROOT / ".git/hooks/pre-commit"
    for first, second in ((old, new), (new, old)):
        moved = RenameFile(path=first, new_path=second, base=BASE)
        assert decide(edit(moved), ROOT, TRUSTED).choice is Choice.ASK
    out = RenameFile(path=old, new_path=Path("/other/a.py"), base=BASE)
    assert decide(edit(out), ROOT, TRUSTED).choice is Choice.DENY


def test_removing_is_an_edit_like_any_other() -> None:
    removed = DeleteFile(path=ROOT / "a.py", base=BASE)
    assert decide(edit(removed), ROOT, TRUSTED).choice is Choice.HOLD
    removed = DeleteFile(path=ROOT / ".gitattributes", base=BASE)
    assert decide(edit(removed), ROOT, TRUSTED).choice is Choice.ASK


@pytest.mark.parametrize("path", ["/other/a.py", "/project-2/a.py", "/"])
def test_an_edit_outside_is_denied(path: str) -> None:
    outside = CreateFile(path=Path(path), text="")
    decision = decide(edit(making("a.py"), outside), ROOT, replace(TRUSTED, level=Level.AUTO))
    assert decision.choice is Choice.DENY
    assert decision.reason == f"{path} is outside of the workspace"


def asked(effect: Effect, judgement: LineJudgement | None = None, **changes: Any) -> Decision:
    return decide(effect, ROOT, replace(TRUSTED, **changes), judgement)


def test_a_question_says_what_was_found_and_what_would_allow_it() -> None:
    decision = asked(run(), line(HIGH))
    assert decision.reasons == ("unknown-program: make", "the level is suggest")
    assert decision.risk is Risk.HIGH
    assert [rule.text for rule in decision.offers] == ["allow command make it"]
    assert decision.remedy == "run `lsp-agent rules add 'allow command make it'`"
    decision = asked(KINDS["tool of high risk"].effect)
    assert decision.reason == "run_tests runs commands; the level is suggest"
    assert decision.remedy == (
        "start with `--allow run_tests`, or run `lsp-agent rules add 'allow tool run_tests'`"
    )
    decision = asked(FETCH, level=Level.EDIT)
    assert decision.reason == "web_fetch reaches the network; the level is edit"
    assert [rule.text for rule in decision.offers] == ["allow host docs.example.com"]
    assert asked(run(), line(HIGH), level=Level.AUTO).reasons[-1] == "its risk is high"
    unconfined = asked(run(), line(MEDIUM), level=Level.AUTO)
    assert unconfined.reasons[-1] == "there is no working sandbox"
    denied = asked(KINDS["tool of medium risk"].effect, level=Level.OBSERVE)
    assert denied.reason == "git_commit does more than read, and the level is observe"
    assert "--level suggest" in denied.remedy


def test_of_many_findings_the_first_are_told_and_the_rest_counted() -> None:
    many = [replace(HIGH, detail=str(number)) for number in range(9)]
    assert asked(run(), line(*many)).reasons[5:7] == ("unknown-program: 5", "and 3 more")


def test_in_an_untrusted_folder_answers_count_for_the_session() -> None:
    decision = asked(run(), line(HIGH), trust=Trust.UNTRUSTED, level=Level.AUTO)
    assert decision.reasons[-1] == "this folder is not trusted"
    assert decision.remedy == "run `lsp-agent trust grant /project`"
    assert [rule.scope for rule in decision.offers] == [Scope.SESSION]


@pytest.mark.parametrize("trust", Trust)
@pytest.mark.parametrize("name", KINDS)
def test_what_is_offered_does_allow_it(name: str, trust: Trust) -> None:
    kind, policy = KINDS[name], Policy(trust=trust)
    decision = decide(kind.effect, ROOT, policy, kind.judgement)
    assert decision.choice is Choice.ASK or not decision.offers
    if decision.offers:
        granted = replace(policy, rules=decision.offers)
        assert decide(kind.effect, ROOT, granted, kind.judgement).choice is Choice.ALLOW


def test_nothing_is_offered_where_no_rule_helps() -> None:
    assert not asked(run(), line(structure=(HIGH,))).offers
    assert not asked(run(), line(found(Risk.HIGH, ROOT / ".git/x"))).offers
    assert not asked(run(), line(HIGH), rules=(parse_rule("ask tool *", Scope.USER),)).offers


def test_where_nobody_is_a_question_is_a_denial_that_is_kept() -> None:
    decision = asked(run(), line(HIGH), level=Level.UNATTENDED)
    assert decision.choice is Choice.DENY
    assert decision.reasons[-1] == "nobody is there to be asked"
    assert decision.remedy.startswith("it is kept for later, see `lsp-agent waiting`; or run")
    assert not decision.offers


def test_a_protected_file_is_named_with_the_reason() -> None:
    decision = asked(edit(making(".vscode/tasks.json"), making("sub/.git/config")))
    assert decision.reasons == (
        ".vscode/tasks.json can make programs run later: an editor runs programs by it",
        "sub/.git/config can make programs run later: git obeys it, or runs it, at its next "
        "command",
    )
    assert decision.risk is Risk.HIGH
    decision = asked(edit(making("a/.bashrc")))
    assert decision.reasons == ("a/.bashrc is out of bounds: a shell runs it when it starts",)
