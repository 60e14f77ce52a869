#!/bin/sh
# Lets schemathesis call every operation of a running gateway's OpenAPI document with good and bad data:
#     tests/peers/schemathesis.sh BASE_URL TOKEN
# Every answer must have a status, a media type, headers and a body that the document names for its operation, bad data must be
# refused, and no 5xx may come but those that the document names. Needs schemathesis, on the path or as $SCHEMATHESIS (absolute).
# UNGEBRO_EXAMPLES says how many requests of each kind an operation gets (default 10).
set -eu
base=$1
token=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The codes of a problem depend on who is asked about: what the upstream refuses is good data all the same.
"${SCHEMATHESIS:-schemathesis}" run "$base/openapi.json" --url "$base" \
    --header "Authorization: Bearer $token" \
    --checks status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,allow_header_conformance \
    --phases examples,coverage,fuzzing --max-examples "${UNGEBRO_EXAMPLES:-10}" --seed 1 --workers 1 \
    --request-timeout 30 --suppress-health-check all --no-color \
    --report junit --report-junit-path "$work/junit.xml" >"$work/log" 2>&1 || true

# One test case for each operation; one that could not be tried counts as failed.
python3 - "$work/junit.xml" "$work/log" <<'PYTHON'
import sys
import xml.etree.ElementTree as xml

try:
    cases = list(xml.parse(sys.argv[1]).iter("testcase"))
except (OSError, xml.ParseError):
    cases = []
failed = [case for case in cases if any(child.tag in ("failure", "error") for child in case)]
if failed or not cases:
    print(open(sys.argv[2], encoding="utf-8").read())
for case in failed:
    print("FAILED:", case.get("name"))
print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
sys.exit(1 if failed or not cases else 0)
PYTHON
