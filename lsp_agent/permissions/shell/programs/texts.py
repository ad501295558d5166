"""Programs that count, sort, cut and compare lines.

Source of the tables: the manuals of GNU coreutils 9.1, diffutils 3.8, util-linux 2.38.
"""

import os
from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.options import Order, Parsed, options
from lsp_agent.permissions.shell.programs.tabled import (
    files,
    input_then_output,
    program,
    texts,
)

_WC = options("""
    -c --bytes -m --chars -l --lines -L --max-line-length -w --words --help --version
    --files0-from=LIST, --total=WHEN
""")

_SORT = options("""
    -b --ignore-leading-blanks -d --dictionary-order -f --ignore-case -g --general-numeric-sort
    -h --human-numeric-sort -i --ignore-nonprinting -M --month-sort -n --numeric-sort
    -R --random-sort -r --reverse -V --version-sort -c -C -m --merge -s --stable -u --unique
    -z --zero-terminated --debug --help --version
    --batch-size=NUM, --check[=HOW], -k --key=KEYDEF, -S --buffer-size=SIZE, --sort=WORD
    -t --field-separator=SEP, --parallel=NUM
    --random-source=FILE, --files0-from=LIST
    -o --output=WRITE, -T --temporary-directory=WRITE
    --compress-program=RUN
""")

_UNIQ = options("""
    -c --count -d --repeated -D -i --ignore-case -u --unique -z --zero-terminated --help --version
    --all-repeated[=METHOD], -f --skip-fields=NUM, --group[=METHOD], -s --skip-chars=NUM
    -w --check-chars=NUM, -NUM
""")

_CUT = options("""
    -n --complement -s --only-delimited -z --zero-terminated --help --version
    -b --bytes=RANGES, -c --characters=RANGES, -d --delimiter=TEXT, -f --fields=RANGES
    --output-delimiter=TEXT
""")

_TR = options(
    "-c -C --complement -d --delete -s --squeeze-repeats -t --truncate-set1 --help --version",
    order=Order.FIRST,
)

_FOLD = options("-b --bytes -s --spaces --help --version, -w --width=COLS, -NUM")

# The value of `-p` is a flag on BSD.
_FMT = options("""
    -c --crown-margin -s --split-only -t --tagged-paragraph -u --uniform-spacing --help --version
    --prefix=TEXT, -w --width=COLS, -g --goal=COLS, -NUM
""")

_COLUMN = options("""
    -t --table -e --table-header-repeat -J --json -d --table-noheadings -L --keep-empty-lines
    -x --fillrows -h --help -V --version
    -c --output-width=COLS, --table-name=NAME, -N --table-columns=NAMES
    -E --table-noextreme=NAMES, -H --table-hide=NAMES, -O --table-order=NAMES
    -R --table-right=NAMES, -T --table-truncate=NAMES, -W --table-wrap=NAMES
    -l --table-columns-limit=NUM, -o --output-separator=TEXT, -s --separator=TEXT
""")

_EXPAND = options("-i --initial --help --version, -t --tabs=LIST_OF_STOPS, -NUM")
_UNEXPAND = options("-a --all --first-only --help --version, -t --tabs=LIST_OF_STOPS, -NUM")

_PASTE = options("-s --serial -z --zero-terminated --help --version, -d --delimiters=TEXT")

_JOIN = options("""
    -i --ignore-case --check-order --nocheck-order --header -z --zero-terminated --help --version
    -a=NUM, -e=TEXT, -j=FIELD, -o=FORMAT, -t=CHAR, -v=NUM, -1=FIELD, -2=FIELD
""")

_COMM = options("""
    -1 -2 -3 --check-order --nocheck-order --total -z --zero-terminated --help --version
    --output-delimiter=TEXT
""")

_CMP = options("""
    -b --print-bytes -l --verbose -s --quiet --silent --help -v --version
    -i --ignore-initial=SKIP, -n --bytes=LIMIT
""")

# `-l` passes the output through `pr`. `-r` follows the links in the folders unless told not to.
_DIFF = options("""
    --normal -q --brief -s --report-identical-files -c -u -e --ed -n --rcs -y --side-by-side
    --left-column --suppress-common-lines -p --show-c-function -t --expand-tabs -T --initial-tab
    --suppress-blank-empty -r --recursive --no-dereference -N --new-file
    --unidirectional-new-file --ignore-file-name-case --no-ignore-file-name-case
    -i --ignore-case -E --ignore-tab-expansion -Z --ignore-trailing-space
    -b --ignore-space-change -w --ignore-all-space -B --ignore-blank-lines -a --text
    --strip-trailing-cr -d --minimal --speed-large-files --help -v --version
    -C -U=NUM, --context --unified[=NUM], --label=TEXT, -F --show-function-line=RE
    -W --width=NUM, --tabsize=NUM, -x --exclude=PATTERN, -S --starting-file=NAME
    -I --ignore-matching-lines=RE, -D --ifdef=NAME, --color[=WHEN], --palette=TEXT
    --line-format=FORMAT, --old-line-format=FORMAT, --new-line-format=FORMAT
    --unchanged-line-format=FORMAT, --old-group-format=FORMAT, --new-group-format=FORMAT
    --unchanged-group-format=FORMAT, --changed-group-format=FORMAT, --horizon-lines=NUM
    -l --paginate !RUN
    -X --exclude-from=FILE, --from-file=FILE, --to-file=FILE
    -NUM
""")


def _compared(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Files or folders that are compared; of folders, all files in them, links followed."""
    yield from files(invocation, parsed)
    values = (value for given in parsed.options for value in given.values)
    words = (*parsed.operands, *values)
    has_folder = any(os.path.isdir(invocation.cwd / word) for word in words)
    if has_folder and not parsed.has("--no-dereference"):
        yield found(Check.FOLLOWED_LINKS, "diff follows links in folders: add --no-dereference")


def _characters(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Sets of characters; a word after them may be an option."""
    for word in parsed.operands[2:]:
        yield found(Check.UNEXPECTED_OPERAND, f"{invocation.program} {word!r}")


MODELS = (
    program("wc", _WC, files),
    program("sort", _SORT, files),
    program("uniq", _UNIQ, input_then_output),
    program("cut", _CUT, files),
    program("tr", _TR, _characters),
    program("fold", _FOLD, files),
    program("fmt", _FMT, files),
    program("column", _COLUMN, files),
    program("expand", _EXPAND, files),
    program("unexpand", _UNEXPAND, files),
    program("paste", _PASTE, files),
    program("join", _JOIN, files),
    program("comm", _COMM, files),
    program("cmp", _CMP, files),
    program("diff", _DIFF, _compared),
    program(
        "seq",
        options(
            "-w --equal-width --help --version, -f --format=FORMAT, -s --separator=TEXT, -NUM",
            order=Order.FIRST,
        ),
        texts,
    ),
)
