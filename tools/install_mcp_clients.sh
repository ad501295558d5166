#!/usr/bin/env bash
# Provide the MCP clients that tests drive: the conformance suite, and programs of others.
#
#     tools/install_mcp_clients.sh [conformance] [inspector] [opencode] [codex]     (all, if none)
#
# Each goes into a folder of its own below .tools/mcp-clients, by npm, at the version named here.
# What is there already is left alone, so a second run needs no network.  Where Node is missing or
# older than 22, one comes from npm too, into .tools/node, unless NODE_FOLDER names one.  Deleting
# .tools undoes it all.
set -euo pipefail

readonly NODE_NEEDED=22 NODE_VERSION=24.21.0
readonly PARTS="conformance inspector opencode codex"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly clients="$here/.tools/mcp-clients" own_node="$here/.tools/node"

say() { printf 'install_mcp_clients: %s\n' "$*" >&2; }

stop() {
  say "$1"
  exit 1
}

package_of() { # PART -> NAME@VERSION
  case $1 in
    conformance) echo "@modelcontextprotocol/conformance@0.2.0-alpha.12" ;;
    inspector) echo "@modelcontextprotocol/inspector@2.12.0" ;;
    opencode) echo "opencode-ai@1.18.33" ;;
    codex) echo "@openai/codex@0.169.0" ;;
    *) stop "there is no part '$1'; expected some of: $PARTS" ;;
  esac
}

is_new_enough() { # NODE
  local major
  major=$("$1" --version 2> /dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  [ -n "$major" ] && [ "$major" -ge "$NODE_NEEDED" ]
}

# Runs npm for a folder; nothing but the packages is asked for, and a dead registry is given up on.
npm_install() { # FOLDER PACKAGE...
  local folder=$1
  shift
  command -v npm > /dev/null ||
    stop "npm is missing; install Node $NODE_NEEDED or newer, such as by nodejs.org or your system"
  mkdir -p "$folder"
  if ! npm install --prefix "$folder" --save-exact --no-audit --no-fund --loglevel=error \
    --no-update-notifier --fetch-retries=2 --fetch-timeout=60000 "$@" >&2; then
    rm -rf "$folder"
    stop "npm could not install $*; is its registry in reach? (npm config get registry)"
  fi
}

# A Node from a Python wheel has npm beside it, but no program that starts it.
use_node_of() { # FOLDER
  mkdir -p "$here/.tools/bin"
  ln -sf "$1/bin/node" "$here/.tools/bin/node"
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' \
    "$1/bin/node" "$1/lib/node_modules/npm/bin/npm-cli.js" > "$here/.tools/bin/npm"
  chmod +x "$here/.tools/bin/npm"
  PATH="$here/.tools/bin:$PATH"
}

provide_node() {
  if [ -n "${NODE_FOLDER:-}" ]; then
    use_node_of "$NODE_FOLDER"
    return
  fi
  if is_new_enough node; then
    return
  fi
  if ! is_new_enough "$own_node/bin/node"; then
    local system machine scratch
    system=$(uname -s | tr '[:upper:]' '[:lower:]')
    machine=$(uname -m | sed -e 's/x86_64/x64/' -e 's/aarch64/arm64/')
    scratch="$here/.tools/node.new"
    say "Node $NODE_NEEDED or newer is needed; getting $NODE_VERSION by npm"
    rm -rf "$scratch" "$own_node"
    npm_install "$scratch" "node-$system-$machine@$NODE_VERSION"
    mv "$scratch/node_modules/node-$system-$machine" "$own_node"
    rm -rf "$scratch"
    is_new_enough "$own_node/bin/node" || stop "the Node that npm gave does not run here"
  fi
  PATH="$own_node/bin:$PATH"
}

provide() { # PART
  local package name version folder found
  package=$(package_of "$1")
  name=${package%@*} version=${package##*@} folder="$clients/$1"
  found=$(sed -n 's/^  *"version": *"\([^"]*\)".*/\1/p' \
    "$folder/node_modules/$name/package.json" 2> /dev/null | head -n 1) || true
  if [ "$found" = "$version" ] && [ -e "$folder/complete" ]; then
    return
  fi
  say "installing $package"
  rm -rf "$folder"
  npm_install "$folder" "$package"
  # Made last, so an interrupted run starts over.
  : > "$folder/complete"
}

[ $# -gt 0 ] || set -- $PARTS
for part in "$@"; do package_of "$part" > /dev/null; done
provide_node
for part in "$@"; do provide "$part"; done
say "ready in ${clients#"$here"/}: $*"
