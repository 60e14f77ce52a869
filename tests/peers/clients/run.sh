#!/usr/bin/env bash
# Generates four clients from the published documents, compiles them strictly, and lets each do a caseworker's
# program's work against a running demo:
#
#   run.sh BASE_URL TOKEN
#
# Needs Node, Python with venv and Go; what it installs and generates it keeps in $UNGEBRO_CI_TOOLS/clients.
set -euo pipefail
base=$1 token=$2
here=$(cd "$(dirname "$0")" && pwd)
documents=$(cd "$here/../../../openapi" && pwd)
tools=${UNGEBRO_CI_TOOLS:-${TMPDIR:-/tmp}/ungebro-ci-tools}/clients
mkdir -p "$tools"
oapi_codegen_version=v2.5.0

passed=0 failed=0
# WHAT COMMAND...
check() {
  local what=$1
  shift
  if "$@" >"$tools/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && echo "FAILED: $what" && tail -n 40 "$tools/log"
    return 1
  fi
}
# CLIENT COMMAND...: its own lines are the checks
scenario() {
  local client=$1 status=0
  shift
  "$@" >"$tools/log" 2>&1 || status=$?
  passed=$((passed + $(grep -c '^ok ' "$tools/log" || true)))
  failed=$((failed + $(grep -c '^FAILED ' "$tools/log" || true)))
  sed "/^ok /d; s/^/$client: /" "$tools/log"
  if ((status != 0)); then failed=$((failed + 1)) && echo "$client: ended with $status"; fi
}
# CLIENT: a folder of its own, as what the generators ask of each other's packages conflicts
enter() {
  echo "- $1"
  mkdir -p "$tools/$1" && cd "$tools/$1"
  rm -rf generated out
  cp "$here/$1"/* .
}

node_client() { # CLIENT GENERATE...
  local client=$1
  shift
  enter "$client"
  cmp -s package.json node_modules/.installed ||
    { npm install --silent --no-audit --no-fund --no-package-lock && cp package.json node_modules/.installed; }
  check "$client generates" "$@" || return 0
  check "$client compiles" node_modules/.bin/tsc --project . || return 0
  scenario "$client" node out/scenario.js "$base" "$token"
}

python_client() {
  enter python
  [ -x venv/bin/python ] || python3 -m venv venv
  venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.txt
  # The generator tidies what it wrote with ruff, which it looks for on the path.
  check "python generates" env PATH="$PWD/venv/bin:$PATH" openapi-python-client generate --fail-on-warning \
    --meta none --path "$documents/openapi.json" --output-path generated || return 0
  # The generator's own client.py is not strict.
  check "python fits its types" venv/bin/mypy --strict --follow-imports=silent scenario.py generated/models generated/api || return 0
  scenario python venv/bin/python scenario.py "$base" "$token"
}

go_client() {
  enter go
  GOBIN=$tools/bin go install "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$oapi_codegen_version"
  mkdir generated
  check "go generates" "$tools/bin/oapi-codegen" --config oapi-codegen.yaml "$documents/openapi-3.0.json" || return 0
  check "go is vetted" go vet ./... || return 0
  check "go compiles" go build -o out . || return 0
  scenario go ./out "$base" "$token"
}

node_client openapi-fetch node_modules/.bin/openapi-typescript "$documents/openapi.json" --output generated/schema.ts
node_client hey-api node_modules/.bin/openapi-ts --input "$documents/openapi.json" --output generated --silent
python_client
go_client

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
