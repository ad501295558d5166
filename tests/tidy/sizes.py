"""Limits of size: what is larger has more than one idea in it."""

from collections.abc import Iterator

from tests.tidy.source import FunctionNode, Problem, Rule, Sample, SourceFile, functions, problem

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_ARGUMENTS = 5


def file_length(source: SourceFile) -> Iterator[Problem]:
    """A file has at most 500 lines."""
    n_lines = len(source.text.splitlines())
    if n_lines > MAX_FILE_LINES:
        yield problem(source, 1, f"{n_lines} lines, at most {MAX_FILE_LINES}: split it by idea")


def function_length(source: SourceFile) -> Iterator[Problem]:
    """A function has at most 60 lines, its decorators and docstring included."""
    for node in functions(source.tree):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        n_lines = (node.end_lineno or node.lineno) - first + 1
        if n_lines > MAX_FUNCTION_LINES:
            yield problem(source, node, f"{node.name} has {n_lines} lines, at most 60")


def arguments(source: SourceFile) -> Iterator[Problem]:
    """A function has at most five arguments; more of them want to be a value."""
    for node in functions(source.tree):
        names = _argument_names(node)
        if len(names) > MAX_ARGUMENTS:
            yield problem(source, node, f"{node.name} has {len(names)} arguments, at most 5")


def flags(source: SourceFile) -> Iterator[Problem]:
    """A boolean argument is keyword-only: at a call, `True` alone says nothing."""
    for node in functions(source.tree):
        for argument in (*node.args.posonlyargs, *node.args.args):
            annotation = argument.annotation
            if annotation is not None and getattr(annotation, "id", "") == "bool":
                yield problem(source, node, f"{node.name}: make {argument.arg!r} keyword-only")


def _argument_names(node: FunctionNode) -> list[str]:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return [argument.arg for argument in arguments if argument.arg not in {"self", "cls"}]


RULES = (
    Rule(
        name="files are short",
        check=file_length,
        bad=(Sample(text="x = 1\n" * 501),),
        good=(Sample(text="x = 1\n" * 500),),
    ),
    Rule(
        name="functions are short",
        check=function_length,
        bad=(
            Sample(text="def f():\n" + "    x = 1\n" * 60),
            Sample(text="@a\nasync def f():\n" + "    x = 1\n" * 59),
        ),
        good=(Sample(text="def f():\n" + "    x = 1\n" * 59),),
    ),
    Rule(
        name="arguments are few",
        check=arguments,
        bad=(Sample(text="def f(a, b, c, *, d, e, f): ..."),),
        good=(Sample(text="class A:\n    def f(self, a, b, c, *, d, e): ..."),),
    ),
    Rule(
        name="flags are keyword-only",
        check=flags,
        bad=(Sample(text="def f(is_deep: bool): ..."),),
        good=(Sample(text="def f(*, is_deep: bool): ..."),),
    ),
)
