"""Programs that search in files and for files: grep, ripgrep, fd.

`find` has a language of its own, and a module.

Source of the tables: the manuals of GNU grep 3.8, ripgrep 13 and 14, fd 8.6.
"""

from lsp_agent.permissions.shell.programs.options import options
from lsp_agent.permissions.shell.programs.tabled import files, names, pattern_then, program

_GREP = options("""
    -E --extended-regexp -F --fixed-strings -G --basic-regexp -P --perl-regexp -i --ignore-case -y
    --no-ignore-case -w --word-regexp -x --line-regexp -z --null-data -s --no-messages
    -v --invert-match -V --version --help -b --byte-offset -n --line-number --line-buffered
    -H --with-filename -h --no-filename -o --only-matching -q --quiet --silent -a --text -I
    -r --recursive -L --files-without-match -l --files-with-matches -c --count -T --initial-tab
    -Z --null --no-group-separator -U --binary
    -e --regexp=PATTERN, -m --max-count=NUM, --label=TEXT, --binary-files=TYPE
    -d --directories=ACTION, -D --devices=ACTION, --include=GLOB, --exclude=GLOB
    --exclude-dir=GLOB, -B --before-context=NUM, -A --after-context=NUM, -C --context=NUM
    --group-separator=TEXT, --color --colour[=WHEN], -NUM
    -R --dereference-recursive !LINKS
    -f --file=FILE, --exclude-from=FILE
""")

_RG = options("""
    -A --after-context=NUM, -B --before-context=NUM, -C --context=NUM, -e --regexp=PATTERN
    -E --encoding=NAME, -g --glob=GLOB, --iglob=GLOB, -j --threads=NUM, -m --max-count=NUM
    -M --max-columns=NUM, -r --replace=TEXT, -t --type=NAME, -T --type-not=NAME, --type-add=TYPE
    --type-clear=NAME, -d --max-depth --maxdepth=NUM, --max-filesize=SIZE, --color=WHEN
    --colors=SPEC, --context-separator=TEXT, --field-context-separator=TEXT
    --field-match-separator=TEXT, --dfa-size-limit=SIZE, --regex-size-limit=SIZE, --engine=NAME
    --path-separator=TEXT, --sort=WORD, --sortr=WORD, --hyperlink-format=FORMAT, --generate=KIND
    -0 --null -a --text -b --byte-offset -c --count --count-matches --crlf -F --fixed-strings
    -h --help -H --with-filename --heading --no-heading -. --hidden -i --ignore-case
    -I --no-filename --include-zero -l --files-with-matches --files-without-match --files
    --json -n --line-number -N --no-line-number --line-buffered -o --only-matching -p --pretty
    --passthru --passthrough -P --pcre2 -q --quiet -s --case-sensitive -S --smart-case --stats
    --trim --type-list -u --unrestricted -U --multiline --multiline-dotall -v --invert-match
    -V --version --vimgrep -w --word-regexp -x --line-regexp --binary --block-buffered --debug
    --trace --column --no-column --null-data --one-file-system --mmap --no-mmap --no-config
    --no-ignore --no-ignore-dot --no-ignore-exclude --no-ignore-files --no-ignore-global
    --no-ignore-messages --no-ignore-parent --no-ignore-vcs --no-messages --no-unicode
    --no-require-git --max-columns-preview --glob-case-insensitive --auto-hybrid-regex
    --ignore-file-case-insensitive --no-context-separator --pcre2-version --stop-on-nonmatch
    --no-hidden --no-json --no-multiline --no-stats --no-trim --no-text --no-follow --ignore
    --no-pre --no-search-zip --messages --no-pcre2 --no-fixed-strings --no-invert-match
    -L --follow !LINKS
    -f --file=FILE, --ignore-file=FILE
    --pre=RUN, --hostname-bin=RUN
    -z --search-zip !RUN
    --pre-glob=GLOB
""")

# `-l` starts `ls`; only a terminal gets colors from it.
_FD = options("""
    -H --hidden -I --no-ignore -u --unrestricted --no-ignore-vcs --no-ignore-parent
    --no-global-ignore-file --no-require-git -s --case-sensitive -i --ignore-case -g --glob --regex
    -F --fixed-strings --literal -a --absolute-path -p --full-path -0 --print0
    --prune -1 -q --quiet --show-errors --one-file-system --mount --xdev -h --help -V --version
    --strip-cwd-prefix --no-follow --no-hidden --ignore --ignore-vcs --relative-path
    -d --max-depth --maxdepth=NUM, --min-depth=NUM, --exact-depth=NUM, -t --type=TYPE
    -e --extension=EXT, -E --exclude=GLOB, -c --color=WHEN, -j --threads=NUM, -S --size=SIZE
    --changed-within --change-newer-than --newer=TIME, --changed-before --older=TIME
    -o --owner=USER, --and=PATTERN, --max-results=NUM, --path-separator=TEXT
    -L --follow !LINKS
    --ignore-file=FILE, --base-directory=PATH, --search-path=PATH
    -l --list-details !RUN
    -x --exec=RUN, -X --exec-batch=RUN, --batch-size=NUM
""")

_GREP_PATTERNS = ("--regexp", "--file")
_RG_PATTERNS = ("--regexp", "--file", "--files", "--type-list")

MODELS = (
    program("grep egrep fgrep", _GREP, pattern_then(files, unless=_GREP_PATTERNS)),
    program("rg", _RG, pattern_then(files, unless=_RG_PATTERNS)),
    program("fd fdfind", _FD, pattern_then(names, unless=())),
)
