#!/usr/bin/env bash
# Provide a Neovim for the end-to-end tests: version 0.11 or newer.
#
#     tools/install_neovim.sh
#
# Nothing happens when $NVIM, the PATH or .tools/nvim already has one.  Otherwise, on Debian and
# Ubuntu, the package and everything it depends on (libc included) is downloaded from a newer
# suite of the mirror that this machine's own apt sources name, and unpacked under .tools/nvim.
# Nothing is installed: apt's sources, lists and package database stay as they are, no root is
# needed, and deleting .tools undoes it all.  On other systems the script says what to install.
set -euo pipefail

readonly NEEDED="0.11"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly prefix="$here/.tools/nvim"
readonly program="$prefix/bin/nvim"
scratch=""

say() { printf 'install_neovim: %s\n' "$*" >&2; }

explain_and_stop() {
  say "$1"
  cat >&2 <<TEXT
Please install Neovim $NEEDED or newer yourself, then run the command again:
  macOS, or Linux with Homebrew:  brew install neovim
  everywhere else:                https://github.com/neovim/neovim/releases
Put nvim on the PATH, or name the program in the environment variable NVIM.
TEXT
  exit 1
}

version_of() { # PROGRAM -> 0.12.4, or nothing when it does not run
  "$1" --version 2>/dev/null | sed -n '1s/^NVIM v\([0-9.]*\).*/\1/p'
}

is_new_enough() { # VERSION
  [ -n "$1" ] && [ "$(printf '%s\n' "$NEEDED" "$1" | sort -V | head -n 1)" = "$NEEDED" ]
}

stop_when_present() {
  local candidate version
  # Inside a Neovim terminal $NVIM is the address of a socket, which `command -v` does not find.
  for candidate in "${NVIM:-}" nvim "$program"; do
    [ -n "$candidate" ] || continue
    candidate=$(command -v "$candidate") || continue
    version=$(version_of "$candidate")
    if is_new_enough "$version"; then
      say "using Neovim $version at $candidate"
      exit 0
    fi
  done
}

# Prints the address of the distribution's own repository, as this machine is configured.
own_mirror() { # CODENAME
  # shellcheck disable=SC2016  # apt-get fills in $(RELEASE) and its like, not the shell.
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$1" '$1 == codename && $2 == "main" { print $3; exit }'
}

# Sets `apt`: an apt-get whose sources, lists, cache and package database are private.
prepare_private_apt() { # SOURCE-LINE
  rm -rf "$scratch/apt"
  mkdir -p "$scratch"/apt/{parts,lists/partial,cache/archives/partial}
  printf '%s\n' "$1" > "$scratch/apt/sources.list"
  : > "$scratch/apt/status"
  apt=(
    apt-get -qq
    -o "Dir::Etc::SourceList=$scratch/apt/sources.list"
    -o "Dir::Etc::SourceParts=$scratch/apt/parts"
    -o "Dir::Etc::PreferencesParts=$scratch/apt/parts"
    -o "Dir::Etc::Preferences=$scratch/apt/no-preferences"
    -o "Dir::State=$scratch/apt"
    -o "Dir::State::Lists=$scratch/apt/lists"
    -o "Dir::State::Status=$scratch/apt/status"
    -o "Dir::Cache=$scratch/apt/cache"
    -o "Acquire::Languages=none"
    -o "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false"
    -o "APT::Install-Recommends=false"
    # The scratch folder is private to this user, so apt must not change to its own.
    -o "APT::Sandbox::User="
    -o "Debug::NoLocking=true"
  )
}

# Downloads neovim and patchelf with all they need; fails when this suite has no fitting set.
download_from() { # SUITE MIRROR KEYRING COMPONENTS
  local suite=$1 mirror=$2 keyring=$3 components=$4 option="" version
  [ -r "$keyring" ] && option="[signed-by=$keyring] "
  prepare_private_apt "deb ${option}$mirror $suite $components"
  "${apt[@]}" update || return 1
  version=$(apt-cache "${apt[@]:2}" show --no-all-versions neovim 2>/dev/null |
    sed -n 's/^Version: \(.*:\)\{0,1\}\([0-9.]*\).*/\2/p')
  is_new_enough "$version" || return 1
  say "downloading Neovim $version ($suite) and the libraries it needs"
  # The package database is empty on purpose: libc comes too, because a newer suite's programs
  # rarely run with an older libc.
  "${apt[@]}" --yes --download-only install neovim patchelf > /dev/null
}

download() {
  local id codename mirror suite suites components
  command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null && [ -r /etc/os-release ] ||
    explain_and_stop "this script can only fetch Neovim on Debian and Ubuntu"
  id=$(. /etc/os-release && echo "$ID")
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
  case $id in
    debian) suites="sid testing" components="main" ;;
    ubuntu) suites="devel" components="main universe" ;;
    *) explain_and_stop "this script knows Debian and Ubuntu, this is ${id:-another system}" ;;
  esac
  mirror=$(own_mirror "$codename")
  [ -n "$mirror" ] || explain_and_stop "apt's sources name no repository for $codename"
  for suite in $suites; do
    download_from "$suite" "$mirror" "/usr/share/keyrings/$id-archive-keyring.gpg" "$components" &&
      return
    say "no usable Neovim in $suite"
  done
  explain_and_stop "no suite of this machine's package mirror has Neovim $NEEDED or newer"
}

# The unpacked programs are told to use the unpacked loader and libraries.  A wrapper script that
# calls the loader would be simpler, but Neovim starts itself again by the path of its running
# program, which would then be the loader.  Programs that Neovim starts still use the system's.
relink() {
  local loader libraries nvim="$prefix/usr/bin/nvim"
  loader=$(find "$prefix" -name 'ld-linux-*.so.*' | head -n 1)
  libraries=$(find "$prefix" -maxdepth 3 -path '*/lib/*-linux-gnu*' -type d | paste -s -d : -)
  "$loader" --library-path "$libraries" "$prefix/usr/bin/patchelf" \
    --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$nvim"
}

unpack() {
  local package
  rm -rf "$prefix"
  mkdir -p "$prefix"
  for package in "$scratch"/apt/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$prefix"
    basename "$package" .deb >> "$prefix/PACKAGES"
  done
  rm -rf "$prefix"/usr/share/{doc,man,locale,lintian,bug}
  relink
  # Made last, so an interrupted run leaves no program and the next run starts over.
  mkdir -p "$prefix/bin"
  cat > "$program" <<WRAPPER
#!/bin/sh
VIMRUNTIME='$prefix/usr/share/nvim/runtime'
export VIMRUNTIME
exec '$prefix/usr/bin/nvim' "\$@"
WRAPPER
  chmod +x "$program"
}

stop_when_present
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
download
unpack
is_new_enough "$(version_of "$program")" ||
  explain_and_stop "the downloaded Neovim does not run on this machine"
say "Neovim $(version_of "$program") is ready at $program"
