"""The options of the git commands that only read.

`--submodule` starts git in a submodule, with the settings there; `--batch` shows what it reads
the name of.

Source: the manuals of git 2.39. Abbreviations, and options that are not listed, are unknown.
"""

from collections.abc import Mapping

from lsp_agent.permissions.shell.programs.options import OptionTable, Order, options

_DIFF = """
    -p -u --patch -s --no-patch --raw --patch-with-raw --patch-with-stat --indent-heuristic
    --no-indent-heuristic --minimal --patience --histogram --numstat --shortstat --summary
    --compact-summary --cumulative --no-color --name-only --name-status --no-color-moved
    --no-renames --rename-empty --no-rename-empty --check --full-index --binary -B -D -M -C -R -a
    --irreversible-delete --find-copies-harder --no-relative --text --ignore-cr-at-eol
    --ignore-space-at-eol -b --ignore-space-change -w --ignore-all-space --ignore-blank-lines -W
    --function-context --exit-code --quiet --no-ext-diff --no-textconv --no-prefix
    --default-prefix --pickaxe-all --pickaxe-regex --ita-invisible-in-index -z
    --no-abbrev --graph --no-graph
    -U --unified=NUM, --anchored=TEXT, --diff-algorithm=NAME, --output-indicator-new=CHAR
    --output-indicator-old=CHAR, --output-indicator-context=CHAR, --stat[=WIDTH]
    --stat-width=NUM, --stat-count=NUM, --dirstat[=WORDS], -X[=WORDS]
    --color[=WHEN], --color-moved[=MODE], --color-moved-ws=MODES, --word-diff[=MODE]
    --word-diff-regex=RE, --color-words[=RE], --ws-error-highlight=KIND, --abbrev[=NUM]
    --break-rewrites[=NUM], --find-renames[=NUM], --find-copies[=NUM], --diff-filter=LETTERS
    -l=NUM, -S=TEXT, -G=RE, --find-object=ID, --skip-to=NAME, --rotate-to=NAME
    --relative[=FOLDER], --inter-hunk-context=NUM, -I --ignore-matching-lines=RE
    --ignore-submodules[=WHEN], --src-prefix=TEXT, --dst-prefix=TEXT, --line-prefix=TEXT
    -O=FILE
    --output=WRITE
    --ext-diff --textconv !RUN
    --submodule[=FORMAT] !RUN
"""

_COMMITS = """
    -n --max-count=NUM, --skip=NUM, --since --after=DATE, --until --before=DATE, --author=RE
    --committer=RE, --grep-reflog=RE, --grep=RE, --max-age=NUM, --min-age=NUM
    --min-parents=NUM, --max-parents=NUM, --branches[=GLOB], --tags[=GLOB], --remotes[=GLOB]
    --glob=GLOB, --exclude=GLOB, --no-walk[=ORDER], --format=FORMAT, --pretty[=FORMAT]
    --encoding=NAME, --date=FORMAT, --decorate[=STYLE], --decorate-refs=GLOB
    --decorate-refs-exclude=GLOB, --diff-merges=FORMAT, --ancestry-path[=ID], --notes[=REF]
    --show-linear-break[=TEXT], -L=RANGE, --since-as-filter=DATE, -NUM
    --all-match --invert-grep -i --regexp-ignore-case --basic-regexp -E --extended-regexp -F
    --fixed-strings -P --perl-regexp --remove-empty --merges --no-merges --no-min-parents
    --no-max-parents --first-parent --not --all --reflog --ignore-missing --bisect
    --cherry-mark --cherry-pick --left-only --right-only --cherry -g --walk-reflogs --merge
    --boundary --simplify-by-decoration --show-pulls --full-history --dense --sparse
    --simplify-merges --date-order --author-date-order --topo-order --reverse --do-walk
    --abbrev-commit --no-abbrev-commit --oneline --expand-tabs --no-expand-tabs --no-notes
    --relative-date --parents --children --left-right --no-decorate --source --follow
    --log-size --mailmap --no-mailmap --use-mailmap --no-use-mailmap --clear-decorations
    --full-diff --no-diff-merges --cc -c -m -t -r --count --objects --no-show-signature -q
    --show-signature !RUN
"""

_STATUS = """
    -s --short -b --branch --no-branch --show-stash --ahead-behind --no-ahead-behind --long
    -v --verbose -z --null --no-renames --renames --no-column
    --porcelain[=VERSION], -u --untracked-files[=MODE], --ignored[=MODE]
    --ignore-submodules[=WHEN], --column[=STYLE], --find-renames[=NUM], -M
"""

_BLAME = """
    --incremental -b --root --show-stats --progress --no-progress --score-debug -f --show-name
    -n --show-number -p --porcelain --line-porcelain -c -t -l -s -e --show-email -w --color-lines
    --color-by-age --minimal --first-parent --reverse --no-textconv
    --ignore-rev=ID, -L=RANGE, --abbrev[=NUM], --date=FORMAT, --since=DATE, -C[=NUM], -M[=NUM]
    --ignore-revs-file=FILE, -S=FILE, --contents=FILE
    --textconv !RUN
"""

_GREP = """
    --cached --untracked --exclude-standard --no-exclude-standard --recurse-submodules -v
    --invert-match -i --ignore-case -w --word-regexp -a --text -I --no-textconv -r --recursive
    --no-recursive -E --extended-regexp -G --basic-regexp -F --fixed-strings -P --perl-regexp
    -n --line-number --column -h -H --full-name -l --files-with-matches --name-only -L
    --files-without-match -z --null -o --only-matching -c --count --no-color --break --heading
    -p --show-function -W --function-context --and --or --not -q --quiet --all-match
    --max-depth=NUM, --color[=WHEN], -C --context=NUM, -B --before-context=NUM
    -A --after-context=NUM, --threads=NUM, -e=PATTERN, -m --max-count=NUM, -NUM
    -f=FILE
    -O --open-files-in-pager[=PAGER] !RUN
    --textconv --ext-grep !RUN
    --no-index !LINKS
"""

_LS_FILES = """
    -z -t -v -f -c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage
    -k --killed --directory --no-empty-directory --eol --empty-directory -u --unmerged
    --resolve-undo --exclude-standard --full-name --recurse-submodules --error-unmatch --debug
    --deduplicate --sparse
    -x --exclude=PATTERN, --exclude-per-directory=NAME, --with-tree=TREE, --abbrev[=NUM]
    --format=FORMAT
    -X --exclude-from=FILE
"""

_REFS = """
    -a --all -r --remotes -l --list --show-current -v -vv --verbose -q --quiet -i --ignore-case
    --no-color --no-column --no-abbrev --omit-empty
    --contains --no-contains --merged --no-merged[=ID], --points-at=ID, --sort=KEY
    --format=FORMAT, --color[=WHEN], --column[=STYLE], --abbrev[=NUM], -n[=NUM], --count=NUM
    -d --delete -D -m --move -M -c --copy -C -f --force -u --unset-upstream !WRITE
    --set-upstream-to=WRITE
    --edit-description !RUN
"""

_CONFIG = """
    --global --system --local --worktree --get --get-all --get-regexp --get-urlmatch -l --list
    --fixed-value --bool --int --bool-or-int --bool-or-str --path --expiry-date -z --null
    --name-only --includes --no-includes --show-origin --show-scope
    -t --type=TYPE, --default=TEXT, --get-color --get-colorbool=NAME
    -f --file=FILE, --blob=ID
    --add --replace-all --unset --unset-all --rename-section --remove-section !WRITE
    -e --edit !RUN
"""

_REV_PARSE = """
    --all --symbolic --symbolic-full-name --verify -q --quiet --show-toplevel --show-prefix
    --show-cdup --git-dir --absolute-git-dir --git-common-dir --is-inside-git-dir
    --is-inside-work-tree --is-bare-repository --is-shallow-repository
    --show-superproject-working-tree --local-env-vars --show-object-format --sq --not --flags
    --no-flags --revs-only --no-revs
    --short --abbrev-ref --branches --tags --remotes[=TEXT], --git-path=TEXT, --path-format=WORD
    --default=TEXT
"""

_CAT_FILE = """
    -e -p -t -s --allow-unknown-type --use-mailmap --mailmap --batch-all-objects --buffer
    --unordered -z
    --batch-check[=FORMAT]
    --batch[=FORMAT] !LIST
    --textconv --filters !RUN
"""

_DESCRIBE = """
    --contains --debug --all --tags --long --first-parent --exact-match --always
    --abbrev[=NUM], --candidates --match --exclude=TEXT, --dirty --broken[=MARK]
"""

_LS_TREE = """
    -d -r -t -z -l --long --name-only --name-status --object-only --full-name --full-tree
    --format=FORMAT, --abbrev[=NUM]
"""

_SHOW_BRANCH = """
    -a --all -r --remotes --current --topo-order --date-order --sparse --list --merge-base
    --independent --no-name --sha1-name --topics --no-color
    --more=NUM, --color[=WHEN]
"""

TABLES: Mapping[str, OptionTable] = {
    "log": options(_COMMITS + _DIFF),
    "show": options(_COMMITS + _DIFF),
    "whatchanged": options(_COMMITS + _DIFF),
    "reflog": options(_COMMITS + _DIFF),
    "rev-list": options(_COMMITS + _DIFF + "--disk-usage[=HOW], --no-object-names"),
    "shortlog": options(
        _COMMITS + "--numbered --summary -s -e --email --committer, -w[=WIDTHS], --group=FIELD"
    ),
    "diff": options(
        _DIFF + "--cached --staged --merge-base --base --ours --theirs -1 -2 -3 -0 --cc -c -q"
        ", --no-index !LINKS"
    ),
    "diff-tree": options(
        _DIFF + "-r -t --root -m -c --cc --no-commit-id -v --merge-base, --pretty --format=FORMAT"
    ),
    "range-diff": options(
        _DIFF + "--no-dual-color --left-only --right-only, --creation-factor=NUM"
    ),
    "stash": options(_COMMITS + _DIFF + "--include-untracked --only-untracked"),
    "status": options(_STATUS),
    "blame": options(_BLAME),
    "annotate": options(_BLAME),
    "grep": options(_GREP),
    "ls-files": options(_LS_FILES),
    "ls-tree": options(_LS_TREE),
    "cat-file": options(_CAT_FILE),
    "branch": options(_REFS),
    "tag": options(_REFS),
    "for-each-ref": options(_REFS),
    "show-ref": options(
        "--head --heads --tags -d --dereference -s --hash --verify -q --quiet, --abbrev[=NUM]"
    ),
    "show-branch": options(_SHOW_BRANCH),
    "rev-parse": options(_REV_PARSE),
    "symbolic-ref": options("-q --quiet --short, -d --delete !WRITE"),
    "describe": options(_DESCRIBE),
    "name-rev": options("--name-only --tags --all --undefined --always, --refs --exclude=PATTERN"),
    "merge-base": options("-a --all --octopus --independent --is-ancestor --fork-point"),
    "count-objects": options("-v --verbose -H --human-readable"),
    "check-ignore": options("-q --quiet -v --verbose --stdin -z -n --non-matching --no-index"),
    "check-attr": options("-a --all --cached --stdin -z"),
    "cherry": options("-v, --abbrev[=NUM]"),
    "config": options(_CONFIG, order=Order.FIRST),
    "remote": options("-v --verbose --all --push"),
    "worktree": options("--porcelain -v --verbose -z"),
    "version": options("--build-options"),
}
