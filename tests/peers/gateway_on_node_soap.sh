#!/usr/bin/env bash
# The gateway in front of a SOAP server that is not ours (node-soap): a look-up, a report, a registration, a refusal.
#
#   gateway_on_node_soap.sh UNGEBRO
set -euo pipefail
ungebro=$(realpath "$1")
cd "$(dirname "$0")"
state=$(mktemp -d)
node soap_server.mjs 18093 >"$state/peer" & peer=$!
export UNGEBRO_STATE_DIR="$state"
"$ungebro" demo --listen 127.0.0.1:18094 --upstream http://127.0.0.1:18093 >"$state/demo" 2>"$state/log" & gateway=$!
trap 'kill $gateway $peer 2>/dev/null || true; rm -rf "$state"' EXIT
for _ in $(seq 100); do grep -q TOKEN= "$state/demo" && grep -q ready "$state/peer" && break; sleep 0.1; done
token=$(sed -n 's/^export TOKEN=//p' "$state/demo")
passed=0 failed=0
# STATUS METHOD PATH TEXT-IN-ANSWER [BODY]
expect() {
  local answer
  answer=$(curl -s -X "$2" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -w '\n%{http_code}' \
    "http://127.0.0.1:18094$3" ${5:+-d "$5"})
  if [[ ${answer##*$'\n'} == "$1" && $answer == *"$4"* ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && echo "$2 $3: $answer"
  fi
}
worker='{"authority":{"code":"15101","name":"Jobcenter Æble","organisationType":8},"caseWorker":{"givenName":"Mette","surname":"Sørensen","identifier":"mbs"}}'
interview='{"interviewType":7,"responsibleAuthority":'$worker',"interviewTime":"2026-11-20T09:00:00Z","contactType":1,"withMoreAuthorities":false,"participants":[{"name":"Åse","contactType":1,"participantType":2}],"agreementDescription":"To ansøgninger & ét møde ]]> 😀"}'
expect 200 GET /youth/0101080000/contacts '"contacts":[{'
expect 404 GET /youth/0101080099/contacts 'youth-not-found'
expect 200 POST /youth/contacts/query '"results":[{' '{"cprs":["0101080000","0101080099"]}'
expect 200 GET '/youth/contacts?since=2026-11-01T00:00:00Z' '"items":['
expect 200 POST /youth/0101080000/reports '"accepted":true' '{"jobWishes":{"text":"Gartner","registeredAt":"2026-11-20T10:00:00Z"}}'
expect 201 POST /persons/0101080000/interviews 'To ansøgninger & ét møde ]]> 😀' "$interview"
expect 201 POST /persons/0101080000/contact-groups '"messageIdentifier"' '{"contactGroupType":2,"startTime":"2026-11-20T09:00:00Z"}'
none=00000000-0000-0000-0000-000000000000
expect 404 DELETE "/persons/0101080000/interviews/$none/participants/$none" participant-not-found
echo "$passed passed, $failed failed"
kill $gateway; kill $peer
wait $peer || { cat "$state/peer"; exit 1; }
tail -n 1 "$state/peer"
[[ $failed == 0 ]]
