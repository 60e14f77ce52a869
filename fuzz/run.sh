#!/bin/sh
# Fuzzes each target for SECONDS (default 12), from the seeds of fuzz/seeds.py on:
#     fuzz/run.sh [SECONDS [TARGET...]]
# Needs cargo-fuzz; no sanitizer, so that the stable compiler is enough. What is found stays in fuzz/artifacts.
set -eu
cd "$(dirname "$0")"
seconds=${1:-12}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- answer body config identity signature wsdl
cargo fuzz build --fuzz-dir . --dev -s none
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for target; do
  if ! cargo fuzz run --fuzz-dir . --dev -s none "$target" -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3072 -dict=xml.dict -print_final_stats=1 >"$log" 2>&1; then
    tail -n 60 "$log"
    exit 1
  fi
  printf '%s: %s executions\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
done
