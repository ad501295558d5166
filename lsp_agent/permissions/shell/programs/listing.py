"""Programs that list files and say what they are.

Source of the tables: the manuals of GNU coreutils 9.1, file 5.44, tree 2.1, which 2.21.
"""

from lsp_agent.permissions.shell.programs.options import Style, options
from lsp_agent.permissions.shell.programs.tabled import files, names, nothing, program, texts

# `-T`, `-w` and `-I` are flags on BSD, so that their values would be files there.
_LS = options("""
    -a --all -A --almost-all --author -b --escape -B --ignore-backups -c -C -d --directory
    -D --dired -f -F --file-type -g -G --no-group -h --human-readable --si -i --inode -k
    --kibibytes -l -m -n --numeric-uid-gid -N --literal -o -p -q --hide-control-chars
    --show-control-chars -Q --quote-name -r --reverse -R --recursive -s --size -S -t -u -U -v
    -x -X -Z --context -1 --full-time --group-directories-first --zero --help --version
    -L --dereference -H --dereference-command-line --dereference-command-line-symlink-to-dir !LINKS
    --block-size=SIZE, --color[=WHEN], --classify[=WHEN], --format=WORD, --hide=PATTERN
    --hyperlink[=WHEN], --ignore=PATTERN, --indicator-style=WORD, --quoting-style=WORD
    --sort=WORD, --tabsize=COLS, --time=WORD, --time-style=STYLE, --width=COLS
""")

# `-R` runs tree again for each folder, which writes there; `-o` after `-I` takes its turn too.
_TREE = options(
    """
    -a -d -f -i -q -N -Q -p -u -g -s -h -D -F -t -c -U -r -v -J -X -C -n -x -S -A
    --si --du --inodes --device --dirsfirst --filesfirst --noreport --prune --gitignore
    --matchdirs --ignore-case --nolinks --metafirst --help --version
    --info
    -l !LINKS
    -R !RUN
    -o=WRITE
    -L=LEVEL, -P=PATTERN, -I=PATTERN, -T=TITLE, -H=BASE
    --filelimit=NUM, --charset=NAME, --sort=WORD, --timefmt=FORMAT
    --fromfile --fromtabfile !LIST
    --gitfile=LIST, --infofile=LIST, --hintro --houtro=FILE
    """,
    style=Style.WORDS,
)

# The value of `-t` is a flag on BSD.
_DU = options("""
    -0 --null -a --all --apparent-size -b --bytes -c --total -h --human-readable --inodes -k
    -l --count-links -m -P --no-dereference -S --separate-dirs --si -s --summarize
    -x --one-file-system --help --version
    -D --dereference-args -H -L --dereference !LINKS
    -B --block-size=SIZE, -d --max-depth=NUM, --threshold=SIZE, --exclude=PATTERN
    --time[=WORD], --time-style=STYLE
    -X --exclude-from=FILE, --files0-from=LIST
""")

_DF = options("""
    -a --all -h --human-readable -H --si -i --inodes -k -l --local --no-sync -P --portability
    --sync --total -T --print-type -v --help --version
    --block-size=SIZE, --output[=LIST_OF_FIELDS], --type=TYPE, --exclude-type=TYPE
""")

_STAT = options("""
    -L --dereference -f --file-system -t --terse --help --version
    -c --format=FORMAT, --printf=FORMAT, --cached=MODE
""")

# `-z` starts programs that uncompress, `-C` writes a compiled file, `-p` sets the time of access.
_FILE = options("""
    -b --brief -c --checking-printout -d --debug -E -h --no-dereference -i --mime --mime-type
    --mime-encoding --apple --extension -k --keep-going -l --list -n --no-buffer -N --no-pad
    -r --raw -v --version --help -0 --print0
    -L --dereference !LINKS
    -F --separator=TEXT, -e --exclude=NAME, --exclude-quiet=NAME, -P --parameter=NAME
    -z --uncompress -Z --uncompress-noreport !RUN
    -C --compile -p --preserve-date !WRITE
    -f --files-from=LIST, -m --magic-file=LIST
""")

_REALPATH = options("""
    -e --canonicalize-existing -m --canonicalize-missing -L --logical -P --physical -q --quiet
    -s --strip --no-symlinks -z --zero --help --version
    --relative-to=PATH, --relative-base=PATH
""")

_READLINK = options("""
    -f --canonicalize -e --canonicalize-existing -m --canonicalize-missing -n --no-newline
    -q --quiet -s --silent -v --verbose -z --zero --help --version
""")

_BASENAME = options("-a --multiple -z --zero --help --version, -s --suffix=TEXT")

MODELS = (
    program("ls dir vdir", _LS, names),
    program("tree", _TREE, names),
    program("du", _DU, names),
    program("df", _DF, texts),
    program("stat", _STAT, names),
    program("file", _FILE, files),
    program("realpath", _REALPATH, names),
    program("readlink", _READLINK, names),
    program(
        "basename", options("-a --multiple -z --zero --help --version, -s --suffix=TEXT"), texts
    ),
    program("dirname", options("-z --zero --help --version"), texts),
    program("pwd", options("-L --logical -P --physical --help --version"), nothing),
    program("which", options("-a -s"), texts),
    program("type", options("-a -f -p -P -t"), texts),
)
