"""Programs that show what is in files, and sums of it.

Source of the tables: the manuals of GNU coreutils 9.1, util-linux 2.38, binutils 2.40,
xxd 2022-01-14, bat 0.22.
"""

from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.options import Order, Parsed, Style, options
from lsp_agent.permissions.shell.programs.tabled import files, input_then_output, program

_CAT = options("""
    -A --show-all -b --number-nonblank -e -E --show-ends -n --number -s --squeeze-blank -t
    -T --show-tabs -u -v --show-nonprinting --help --version
""")

_HEAD = options("""
    -q --quiet --silent -v --verbose -z --zero-terminated --help --version
    -c --bytes=NUM, -n --lines=NUM, -NUM
""")

_TAIL = options("""
    -q --quiet --silent -v --verbose -z --zero-terminated --help --version
    -c --bytes=NUM, -n --lines=NUM, -NUM
    -f -F --retry !WAIT
    --follow[=HOW] !WAIT
""")

_NL = options("""
    -p --no-renumber --help --version
    -b --body-numbering=STYLE, -d --section-delimiter=CC, -f --footer-numbering=STYLE
    -h --header-numbering=STYLE, -i --line-increment=NUM, -l --join-blank-lines=NUM
    -n --number-format=FORMAT, -s --number-separator=TEXT, -v --starting-line-number=NUM
    -w --number-width=NUM
""")

_OD = options("""
    -v --output-duplicates -a -b -c -d -f -i -l -o -s -x --traditional --help --version
    -A --address-radix=RADIX, -j --skip-bytes=BYTES, -N --read-bytes=BYTES
    -S=BYTES, --strings[=BYTES], -t --format=TYPE, -w --width[=BYTES], --endian=ORDER
""")

# After its first file, each word is a file; the second one is written.
_XXD = options(
    """
    -a -autoskip -b -bits -C -capitalize -e -E -EBCDIC -i -include -p -ps -postscript -plain
    -u -uppercase -v -version -h -help -d
    -c -cols=NUM, -g -groupsize=NUM, -l -len=NUM, -n -name=TEXT, -o=NUM, -s -seek=NUM
    -r -revert --r --revert !WRITE
    """,
    style=Style.WORDS,
    order=Order.FIRST,
)

_HEXDUMP = options("""
    -b --one-byte-octal -c --one-byte-char -C --canonical -d --two-bytes-decimal
    -o --two-bytes-octal -v --no-squeezing -x --two-bytes-hex -h --help -V --version
    -n --length=NUM, -s --skip=NUM, -e --format=FORMAT, -L --color[=WHEN]
    -f --format-file=FILE
""")

_STRINGS = options("""
    -a --all -d --data -f --print-file-name -o -w --include-all-whitespace -h --help -v -V --version
    -n --bytes=NUM, -t --radix=RADIX, -e --encoding=WORD, -s --output-separator=TEXT
    -U --unicode=WORD, -NUM
""")

_SUM = options("""
    -b --binary --tag -t --text -z --zero --ignore-missing --quiet --status --strict -w --warn
    --help --version
    -c --check !LIST
""")

_B2SUM = options("""
    -b --binary --tag -t --text -z --zero --ignore-missing --quiet --status --strict -w --warn
    --help --version
    -c --check !LIST
    -l --length=BITS
""")

_CKSUM = options("""
    --untagged -z --zero --ignore-missing --quiet --status --strict -w --warn --debug
    --help --version
    -c --check !LIST
    -a --algorithm=TYPE, -l --length=BITS
""")

_SHASUM = options("""
    -b --binary -t --text -U --UNIVERSAL -0 --01 --tag -q --quiet -s --status --strict -w --warn
    --ignore-missing -h --help -v --version
    -c --check !LIST
    -a --algorithm=NUM
""")

# Only a terminal gets a pager, or who chooses the paging. `bat cache --build` writes.
_BAT = options("""
    -A --show-all -p --plain -d --diff -n --number -f --force-colorization -S --chop-long-lines
    -u --unbuffered -L --list-languages --list-themes -h --help -V --version
    --nonprintable-notation=WORD, -l --language=NAME, -H --highlight-line=RANGE, --diff-context=NUM
    --tabs=NUM, --wrap=MODE, --terminal-width=NUM, --color=WHEN, --decorations=WHEN
    --italic-text=WHEN, --theme=NAME, --style=WORDS, -r --line-range=RANGE, --file-name=NAME
    -m --map-syntax=GLOB, --ignored-suffix=TEXT
    --pager=RUN
    -b --build -c --clear !WRITE
""")


def _objects(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Files that are read; a word with `@` in front is a file of further options.

    Source: the manual of binutils, `strings @file`.
    """
    for word in invocation.arguments:
        if word.startswith("@"):
            yield found(Check.LISTED_FILES, f"{invocation.program} takes options from {word!r}")
    yield from files(invocation, parsed)


MODELS = (
    program("cat", _CAT, files),
    program("tac", options("-b --before -r --regex --help --version, -s --separator=TEXT"), files),
    program("rev", options("-0 --zero -h --help -V --version"), files),
    program("head", _HEAD, files),
    program("tail", _TAIL, files),
    program("nl", _NL, files),
    program("od", _OD, files),
    program("xxd", _XXD, input_then_output),
    program("hexdump hd", _HEXDUMP, files),
    program("strings", _STRINGS, _objects),
    program("md5sum sha1sum sha224sum sha256sum sha384sum sha512sum", _SUM, files),
    program("b2sum", _B2SUM, files),
    program("cksum", _CKSUM, files),
    program("sum", options("-r -s --sysv --help --version"), files),
    program("shasum", _SHASUM, files),
    program("bat batcat", _BAT, files),
)
