"""Programs that are known to do more than read: tables, to be read as such.

What is not listed is not free: it is an unknown program. These say which of the unknown ones are
of high risk, and why.
"""

from mcp_tools.code.commands.script import names

NETWORK_PROGRAMS = names("""
    ab apt apt-cache apt-get aria2c aws az bitsadmin brew curl dig dnf docker doctl drill elinks fly
    flyctl ftp gcloud gh glab gsutil helm heroku host http httpie https iperf iperf3 ipfs kubectl
    lftp links lynx mail mailx minikube mongo mosh msmtp mtr mutt mysql nc ncat netcat netlify nmap
    nslookup openssl pacman ping ping6 pip-audit podman psql rclone redis-cli rsync scp sendmail
    serverless sftp smbclient socat ssh ssh-copy-id ssh-keyscan swaks telnet terraform tftp
    tracepath traceroute twine vagrant vercel w3m wget whois wscat xh yum zypper
""")
"""They reach the network, or another machine, whatever their words are."""

NETWORK_COMMANDS = {
    **dict.fromkeys(
        ("npm", "pnpm", "yarn", "bun"),
        "i install ci add update upgrade publish login adduser audit view info search outdated "
        "create init dlx exec x global unpublish owner deprecate token whoami ping link",
    ),
    **dict.fromkeys(("npx", "pnpx", "bunx", "uvx", "pipx"), ""),
    **dict.fromkeys(("pip", "pip3", "uv"), "install download index search wheel sync add pip lock"),
    "cargo": "install add publish search update fetch login owner yank",
    "go": "get install",
    "gem": "install update push fetch search",
    "bundle": "install update add",
    "poetry": "install add update publish lock",
    "composer": "install require update create-project global",
    "git": "clone fetch pull push remote-http ls-remote submodule send-email svn p4 archive",
    "mvn": "deploy",
    "conda": "install create update search",
}
"""Programs of which some commands reach the network; with none listed, all of them do."""

PRIVILEGED = names("""
    at batch capsh chattr chcon chgrp chown chroot chsh crontab dbus-send dmesg doas gpasswd
    groupadd insmod ip iptables kexec launchctl loginctl machinectl modprobe mount newgrp nft
    nsenter passwd pkexec reboot rmmod runuser service setcap setfacl setpriv shutdown su sudo
    sudoedit sysctl systemctl systemd-run ufw umount unshare useradd userdel usermod visudo
""")
"""They gain rights, or change users, rights, or services of the system."""


DESTRUCTIVE_PROGRAMS = names("""
    blkdiscard cfdisk dd fallocate fdisk halt hdparm kill killall lvremove mkfs mkswap parted pkill
    poweroff pvremove sfdisk sgdisk shred skill srm swapoff swapon truncate vgremove wipe wipefs
    xkill zpool
""")
"""They overwrite disks or files, or end other programs."""

DESTRUCTIVE_GIT = {
    "branch": "-d -D --delete -M -f --force",
    "checkout": "-f --force -- .",
    "clean": "",
    "filter-branch": "",
    "filter-repo": "",
    "gc": "--prune --aggressive",
    "prune": "",
    "push": "-f --force --force-with-lease -d --delete --mirror --prune +",
    "rebase": "",
    "reflog": "expire delete",
    "replace": "",
    "reset": "--hard --merge --keep",
    "restore": "",
    "stash": "drop clear pop",
    "switch": "-f --force --discard-changes -C",
    "tag": "-d --delete -f --force",
    "update-ref": "",
    "worktree": "remove prune",
}
"""Commands of git that lose work, by how a word begins that makes them; with none, always."""

GIT_OPTIONS_WITH_VALUE = ("-C", "-c", "--git-dir", "--work-tree", "--namespace")

SHELLS = names("ash bash csh dash elvish fish ksh mksh nu pwsh rbash sh tcsh xonsh zsh")
INTERPRETERS = names("""
    awk bc clojure crystal cscript dc deno elixir emacs erl ex expect gawk gdb ghci groovy guile irb
    java jjs jq jshell julia lldb lua luajit m4 mawk nawk node nodejs nvim ocaml osascript perl php
    pwsh pypy pypy3 python python2 python3 R racket Rscript ruby runghc runhaskell sbcl scala sed
    sqlite3 swift tclsh ts-node tsx vi view vim wish wscript
""")
"""They run code in a language of their own."""

CODE_LETTERS = frozenset("ceEprs")
"""Short options, also among others of one word, that take code or let it come from a pipe."""
CODE_OPTIONS = ("--eval", "--print", "--command", "--execute", "--expression", "--stdin")

RUNNERS = names("""
    busybox bwrap chronic chrt coproc dbus-run-session direnv doit entr env exec fakeroot faketime
    firejail flock gosu hyperfine ionice ltrace nice nix nix-shell nohup open parallel proot rlwrap
    screen script setarch setsid sg ssh-agent stdbuf strace taskset time timeout tmux toybox
    unbuffer valgrind watch watchexec xargs xdg-open xvfb-run
""")
"""Programs whose words are another program with its words."""

EXECUTING_OPTIONS = {
    "ag": "--pager",
    "fd": "-x -X --exec --exec-batch",
    "tar": "--checkpoint-action --to-command --use-compress-program -I -F --info-script "
    "--new-volume-script --rsh-command --rmt-command",
    "make": "--eval SHELL=",
    "zip": "-T -TT --unzip-command",
    "split": "--filter",
    "gcc": "-wrapper -fplugin -specs -B",
    "ld": "-plugin",
    "cargo": "--config",
    "npm": "--node-options --script-shell",
    "pip": "--python -c --config-settings --global-option",
    "tcpdump": "-z",
    "wget": "--use-askpass -e --execute",
    "mvn": "-Dexec",
    "go": "-exec -toolexec -vettool",
    "rustc": "-C linker",
}
"""Options, by their start, that run what their value says, or load it."""

HARMLESS = frozenset({":", "cd", "exit", "false", "pwd", "true"})
"""Builtins that tell or change where the shell is, or end it; a `cd` is followed for itself."""

STATE_BUILTINS = names("""
    . alias bg bind break builtin caller command compgen complete compopt continue coproc declare
    dirs disown enable eval exec export fc fg getopts hash history let local logout mapfile
    popd pushd read readarray readonly return set shift shopt source suspend time times trap typeset
    ulimit umask unalias unset wait
""")
"""Builtins that run text, or change what later commands mean or see."""
