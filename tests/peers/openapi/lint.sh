#!/usr/bin/env bash
# The published documents before four linters that people use: no error, no warning. Tools go to the folder given.
set -euo pipefail
cd "$(dirname "$0")/../../.."

tools="${1:-${UNGEBRO_CI_TOOLS:-${TMPDIR:-/tmp}/ungebro-ci-tools}}/openapi"
documents=(openapi/openapi.json openapi/openapi-3.0.json openapi/swagger.json)

# A folder for each: together they cannot agree on their own dependencies.
npm_tool() {
  if [ ! -d "$tools/$1/node_modules" ]; then
    mkdir -p "$tools/$1"
    npm install --prefix "$tools/$1" --no-audit --no-fund --loglevel=error "$2"
  fi
}
npm_tool redocly @redocly/cli@2.77.0
npm_tool spectral @stoplight/spectral-cli@6.16.3
npm_tool swagger-parser @apidevtools/swagger-parser@13.1.0
if [ ! -x "$tools/venv/bin/openapi-spec-validator" ]; then
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet openapi-spec-validator==0.9.0
fi

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
"$tools/redocly/node_modules/.bin/redocly" lint --config redocly.yaml "${documents[@]}"
"$tools/spectral/node_modules/.bin/spectral" lint --ruleset .spectral.yaml --fail-severity hint "${documents[@]}"
"$tools/venv/bin/openapi-spec-validator" "${documents[@]}"
node tests/peers/openapi/parse.mjs "$tools/swagger-parser" "${documents[@]}" openapi/*.yaml
