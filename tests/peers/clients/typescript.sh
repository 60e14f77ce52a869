#!/usr/bin/env bash
# The TypeScript package: generated, compiled, packed, and its tests against a demo.
#
#   typescript.sh BASE_URL TOKEN
set -euo pipefail
cd "$(dirname "$0")/../../../clients/typescript"
npm install --silent --no-audit --no-fund
npm run -s generate
npm run -s build
npm pack --dry-run --ignore-scripts --silent >/dev/null
BASE_URL=$1 TOKEN=$2 npm -s test
