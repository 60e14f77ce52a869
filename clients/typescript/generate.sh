#!/usr/bin/env bash
# The generated half of the package: types and routes from the document.
set -euo pipefail
cd "$(dirname "$0")"
document=${1:-../../openapi/openapi.json}
npx openapi-typescript "$document" -o src/schema.d.ts >/dev/null
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
node ../generate.mjs "$document" "$made" >/dev/null
cp "$made/routes.ts" src/routes.ts
