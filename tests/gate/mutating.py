"""Changes of shell lines that could turn one which reads into one that does not.

Some know the grammar (words, options, operands, joints), others only know bytes.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

Mutation: TypeAlias = Callable[[Random, str], str]

_WORDS = re.compile(r"(\s+)")
_MAX_CHARS = 1000

INSERTED = (
    *"|&;()<>{}[]*?!~#$`'\"\\ \t\n\r=-+%@^,.:/0e",
    *(" | ", " && ", " || ", " ; ", " & ", "&&", "||", ";;", "|&", ">&", "<(", ">(", "$(", "${"),
    *("$((", "$'", '$"', "<<<", "<<", ">>", ">|", "<>", "&>", "\\\n", "''", '""', "\\'", "{a,b}"),
    *("\u00a0", "\u2003", "\u200b", "\u202e", "\u2010", "\u2212", "\ufeff", "\u0085", "\u2028"),
    *("\x00", "\x01", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\u0301", "\uff5c", "\uff1b", "\xe9"),
)
PAYLOADS = (
    *("touch written", "rm -rf .", "./tool", "sh -c 'touch written'", "cat leak", "bin/ls"),
    *("tee written", "curl example.org", "python3 -c 1", "git fetch", "chmod 777 a.py"),
)
OPERANDS = (
    *("leak", "out/secret", "etc/passwd", "../outside/secret", "links/b", "docs/up", "inner"),
    *("~/.netrc", "/etc/passwd", "-rf", "-exec", "--exec=touch", "--pre=tool", "-o", "written"),
    *("'$(touch written)'", "'a b'", "./*", "*", "src/*.py", "links/*", "bytes/??", "bytes/?"),
    *(
        "brackets/[]]",
        "brackets/*",
        "capital/[a-c]",
        "{}",
        "%n",
        ".env",
        "planted",
        "+5",
        "--",
        "-",
    ),
    *("/dev/tcp/127.0.0.1/80", "/dev/stdout", "/proc/self/environ", "./-rf", "@list.txt", "=leak"),
    *("-C planted", "-C ..", "1,2w written", "s/a/b/w written", "s/a/b/e", "system(1)", "%+G?"),
    *("'{print > \"written\"}'", "'a[$(touch written)]'", "signed", "echo", "cat", "-printf"),
)
OPTIONS = (
    *("-o", "-ofile", "-i", "-ni", "-w", "-e", "-x", "-exec", "-delete", "-fprint", "-ok", "-c"),
    *("-T", "-f", "-L", "-R", "-I", "-J", "-P", "-s", "-p", "-r", "-z", "-C", "-O", "-G", "-v"),
    *("--output=written", "--out=written", "--pre=tool", "--pr=tool", "--exec=tool", "--in-place"),
    *("--compress-program=tool", "--comp=./tool", "--ext-diff", "--textconv", "--no-index", "-iX"),
    *("--open-files-in-pager=touch", "--files0-from=list.txt", "--from-file=leak", "--file=leak"),
    *("--checkpoint-action=exec=touch", "--show-signature", "--format=%+G?", "--format=%-GS"),
    *("--sort=signature", "--run=1", "--debug", "-S 1b", "--batch-size=2", "-I echo", "-Iecho"),
    *("--submodule=log", "--dirty", "--pager=touch", "-a leak", "--arg-file=leak", "-d,", "-0"),
)
PREFIXES = (
    *("LD_PRELOAD=./a.so ", "PATH=. ", "PAGER=touch ", "GIT_PAGER='touch written' ", "BASH_ENV=a "),
    *("IFS=, ", "LC_ALL=C ", "TZ=../leak ", "TZ=UTC ", "LANG=C ", "GIT_DIR=planted/.git ", "A=1 "),
    *(
        "GIT_EXTERNAL_DIFF=touch ",
        "LESSOPEN='|touch %s' ",
        "LC_ALL=$(touch written) ",
        "NO_COLOR=1 ",
    ),
    *("env ", "command ", "builtin ", "exec ", "eval ", "time ", "! ", "nice ", "timeout 5 "),
    *("xargs ", "sudo ", "coproc ", "nohup ", "stdbuf -o0 ", "timeout -k 1 5 ", "command -p "),
    *(
        "echo a | ",
        "cd src && ",
        "cd out && ",
        "cd planted; ",
        "cd .git && ",
        "cd links || ",
        "cd - && ",
    ),
    *(
        "echo ./tool | xargs -I echo ",
        "echo leak | xargs ",
        "cat list.txt | xargs -I{} ",
        "xargs -n1 ",
    ),
)
SUFFIXES = (
    *(
        " > written",
        " >written",
        ">>written",
        " 2> written",
        " &> written",
        " >| written",
        " | tee b",
    ),
    *(" < leak", " <leak", " 2>&1", " >/dev/null", " > /dev/nul", " >&2", " 3>&1", " <&-", " 2>&-"),
    *(" | sh", " | bash", " | xargs rm", " | xargs ./tool", " | sort", " | head", " | cat", " &"),
    *(
        " && touch written",
        "; touch written",
        "\ntouch written",
        " || touch written",
        " | wc -l",
        " #",
    ),
    *(
        " <<< $(touch written)",
        " <<E\n$(touch written)\nE",
        " $(touch written)",
        " `touch written`",
    ),
    *(
        " <(touch written)",
        " | xargs -I echo echo",
        " | xargs echo",
        " | sed -n w\\ written",
        " ;;",
    ),
)
WRAPPINGS = (
    *(("(", ")"), ("{ ", "; }"), ("$(", ")"), ("`", "`"), ("<(", ")"), ("'", "'"), ('"', '"')),
    *(("eval '", "'"), ('bash -c "', '"'), ("if ", "; then :; fi"), ("while ", "; do break; done")),
    *(("f() { ", "; }; f"), ("[[ ", " ]]"), ("((", "))"), ("echo $(", ")"), ("trap '", "' EXIT")),
    *(("command -v ", ""), ("find . -exec ", " \\;"), ("alias ls='", "'; ls"), ("timeout 5 ", "")),
)


def mutated(random: Random, lines: Sequence[str]) -> str:
    """Give one of the lines, changed once to three times."""
    line = random.choice(lines)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        mutation = random.choice(MUTATIONS)
        line = splice(random, line, lines) if mutation is None else mutation(random, line)
    return line[:_MAX_CHARS]


def splice(random: Random, line: str, lines: Sequence[str]) -> str:
    """Put the start of one line before the end of another, or both whole."""
    other = random.choice(lines)
    if random.random() < 0.5:
        return line[: _place(random, line)] + other[_place(random, other) :]
    return line + random.choice((" | ", " && ", "; ", " || ", "\n", " & ", "|", " ")) + other


def _insert(random: Random, line: str) -> str:
    at = _place(random, line)
    return line[:at] + random.choice(INSERTED) + line[at:]


def _delete(random: Random, line: str) -> str:
    at = _place(random, line)
    return line[:at] + line[at + random.choice((1, 1, 1, 2, 5)) :]


def _replace_char(random: Random, line: str) -> str:
    at = _place(random, line)
    return line[:at] + random.choice(INSERTED) + line[at + 1 :]


def _swap_chars(random: Random, line: str) -> str:
    at = _place(random, line)
    return line[:at] + line[at + 1 : at + 2] + line[at : at + 1] + line[at + 2 :]


def _flip_bit(random: Random, line: str) -> str:
    if not line:
        return line
    at = random.randrange(len(line))
    return line[:at] + chr((ord(line[at]) ^ (1 << random.randrange(7))) & 0xFFFF) + line[at + 1 :]


def _duplicate(random: Random, line: str) -> str:
    start, end = sorted((_place(random, line), _place(random, line)))
    return line[:end] + line[start:end] + line[end:]


def _quote_part(random: Random, line: str) -> str:
    start, end = sorted((_place(random, line), _place(random, line)))
    before, after = random.choice((("'", "'"), ('"', '"'), ("$'", "'"), ("\\", ""), ('$"', '"')))
    return line[:start] + before + line[start:end] + after + line[end:]


def _wrap(random: Random, line: str) -> str:
    before, after = random.choice(WRAPPINGS)
    return f"{before}{line}{after}"


def _prefix(random: Random, line: str) -> str:
    return random.choice(PREFIXES) + line


def _suffix(random: Random, line: str) -> str:
    return line + random.choice(SUFFIXES)


def _payload(random: Random, line: str) -> str:
    at = _place(random, line)
    joint = random.choice(
        ("|", "&&", ";", "\n", "&", "||", "$(", "`", "<(", "\r", "\u2028", " -c ")
    )
    return (
        line[:at] + joint + random.choice(PAYLOADS) + random.choice(("", ")", "`", ";")) + line[at:]
    )


def _option(random: Random, line: str) -> str:
    return _with_word(random, line, random.choice(OPTIONS))


def _operand(random: Random, line: str) -> str:
    return _with_word(random, line, random.choice(OPERANDS))


def _replace_word(random: Random, line: str) -> str:
    words = line.split(" ")
    words[random.randrange(len(words))] = random.choice((*OPERANDS, *OPTIONS))
    return " ".join(words)


def _swap_words(random: Random, line: str) -> str:
    words = line.split(" ")
    at, other = random.randrange(len(words)), random.randrange(len(words))
    words[at], words[other] = words[other], words[at]
    return " ".join(words)


def _abbreviate(random: Random, line: str) -> str:
    """Shorten a long option, or write it with its value attached or apart."""
    words = line.split(" ")
    options = [at for at, word in enumerate(words) if word.startswith("--")]
    if not options:
        return _option(random, line)
    at = random.choice(options)
    shorter = words[at][: random.randrange(2, len(words[at]) + 1)]
    words[at] = random.choice(
        (shorter, words[at].replace("=", " "), f"{words[at]}=", words[at][1:])
    )
    return " ".join(words)


def _cluster(random: Random, line: str) -> str:
    """Put a letter into short options, or two of them together."""
    words = line.split(" ")
    options = [at for at, word in enumerate(words) if re.fullmatch(r"-[A-Za-z]\w*", word)]
    if not options:
        return _option(random, line)
    at = random.choice(options)
    letter = random.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=")
    cut = random.randrange(1, len(words[at]) + 1)
    words[at] = words[at][:cut] + letter + words[at][cut:]
    return " ".join(words)


def _blanks(random: Random, line: str) -> str:
    pieces = _WORDS.split(line)
    at = random.randrange(len(pieces))
    pieces[at] = random.choice(("", "\t", "  ", "\\ ", "\n", "${IFS}", "\u00a0", "'  '", "$IFS$9"))
    return "".join(pieces)


def _with_word(random: Random, line: str, word: str) -> str:
    words = line.split(" ")
    words.insert(random.randrange(1, len(words) + 1), word)
    return " ".join(words)


def _place(random: Random, line: str) -> int:
    return random.randrange(len(line) + 1)


MUTATIONS: tuple[Mutation | None, ...] = (
    *(_insert, _delete, _replace_char, _swap_chars, _flip_bit, _duplicate, _quote_part),
    *(_wrap, _prefix, _suffix, _payload, _option, _option, _operand, _operand, _replace_word),
    *(_swap_words, _abbreviate, _cluster, _cluster, _blanks, None),
)
"""None stands for `splice`, which needs a second line."""
