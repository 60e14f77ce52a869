#!/usr/bin/env bash
# Measures the gateway beside five others and prints its figures as markdown: run.sh [--write] [PART...].
# Without PART all are measured; --write also puts them into docs/performance.md.
#
#   peers    unsigned write against nginx, a bare proxy, FastAPI + zeep, Fastify + node-soap, Fastify with templates
#   latency  p99 at a tenth of the peak rate     sharing  upstream calls of equal and of different look-ups
#   cache    hits against a constant             memory   idle, under load, a feed of a million items
#   bytes    answers of 100 KB and 1 KB          signed   look-ups with WS-Security      core  instruction counts
#
# UNGEBRO_LOAD_DIR      where tools are installed (default: ~/.cache/ungebro-load)
# UNGEBRO_LOAD_CORES    cores of the server under test, such as 0 or 0-1; everything else gets the others
# UNGEBRO_LOAD_ROUNDS   rounds of each measurement (3)         UNGEBRO_LOAD_SECONDS      length of one (5)
# UNGEBRO_LOAD_RELEASE  a folder with ungebro, load_core_path and load_constant, instead of building them
#
# Needs cargo, Python 3 with venv, node with npm, nginx or apt-get, taskset for CORES, valgrind for `core`.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${UNGEBRO_LOAD_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ungebro-load}
mkdir -p "$tools/nginx" "$tools/node"

# Each tool is installed once; a changed list of requirements installs again.
if ! cmp -s "$here/peers/requirements.txt" "$tools/venv/installed.txt"; then
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --requirement "$here/peers/requirements.txt"
  cp "$here/peers/requirements.txt" "$tools/venv/installed.txt"
fi
cp "$here"/peers/*.mjs "$tools/node/"
if ! cmp -s "$here/peers/package.json" "$tools/node/package.json"; then
  cp "$here/peers/package.json" "$tools/node/package.json"
  (cd "$tools/node" && npm install --no-audit --no-fund --silent)
fi
if [ ! -x "$tools/nginx/usr/sbin/nginx" ]; then
  if command -v nginx > /dev/null; then
    mkdir -p "$tools/nginx/usr/sbin"
    ln -s "$(command -v nginx)" "$tools/nginx/usr/sbin/nginx"
  else
    (cd "$tools/nginx" && apt-get download nginx && dpkg-deb -x nginx_*.deb .)
  fi
fi

target=${CARGO_TARGET_DIR:-$root/target}
load_target=${UNGEBRO_LOAD_TARGET:-$target/load}
cargo build --quiet --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$load_target"
release=${UNGEBRO_LOAD_RELEASE:-}
if [ -z "$release" ]; then
  cargo build --quiet --release --locked --features load --manifest-path "$root/Cargo.toml" --target-dir "$target"
  release=$target/release
fi

exec "$tools/venv/bin/python" "$here/measure.py" --tools "$tools" --binaries "$load_target/release" \
  --release "$release" "$@"
