#!/bin/sh
# Lets xmlsec1, signxml and WSS4J verify every envelope in a folder, and refuse a changed one:
#     UNGEBRO_DUMP_SIGNED=DIR cargo test --test it signed:: && tests/peers/verify_signatures.sh DIR
# WSS4J takes no message that is older than five minutes. Needs xmlsec1, a JDK and libwss4j-java
# (Debian), and signxml in the Python named by $PYTHON (default python3).
set -eu
dir=$1
here=$(cd "$(dirname "$0")" && pwd)
identities=$here/../data/signed/identities
python=${PYTHON:-python3}
jars=/usr/share/java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wsu=http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd
passed=0
failed=0

tally() { # name, exit code expected to be zero
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

# The chain is WSS4J's to check: xmlsec1 does not know how to find the token.
with_xmlsec1() {
    sed -n 's/.*<wsse:BinarySecurityToken[^>]*>\([^<]*\)<.*/\1/p' "$1" | base64 -d >"$work/token.der"
    soap=$(sed -n 's/.*<soap:Envelope xmlns:soap="\([^"]*\)".*/\1/p' "$1")
    xmlsec1 --verify --pubkey-cert-der "$work/token.der" \
        --id-attr:Id "$soap:Body" --id-attr:Id "$wsu:Timestamp" "$1" >"$work/xmlsec1.log" 2>&1
}

with_signxml() { "$python" "$here/verify_signxml.py" "$@"; }

with_wss4j() {
    cat "$identities/root.pem" "$identities/issuing.pem" >"$work/anchors.pem"
    java -cp "$jars/wss4j.jar:$jars/xmlsec.jar:$jars/commons-logging.jar:$jars/slf4j-api.jar:$jars/slf4j-nop.jar" \
        "$here/VerifyWss4j.java" "$work/anchors.pem" "$@"
}

# The one line of a verifier that counts its files itself.
take() { # command, files
    "$@" >"$work/log" 2>&1 || true
    cat "$work/log"
    p=$(sed -n 's/^[a-z0-9]*: \([0-9]*\) passed, [0-9]* failed$/\1/p' "$work/log")
    f=$(sed -n 's/^[a-z0-9]*: [0-9]* passed, \([0-9]*\) failed$/\1/p' "$work/log")
    passed=$((passed + ${p:-0}))
    failed=$((failed + ${f:-1}))
}

refused() { # command, changed file
    if "$@" >/dev/null 2>&1; then tally "$1 accepted a changed message" 1; else tally "$1" 0; fi
}

set -- "$dir"/*.xml
for file; do
    if with_xmlsec1 "$file"; then tally "$file" 0; else tally "$file (xmlsec1)" 1; fi
done
echo "xmlsec1: $passed passed, $failed failed"
take with_wss4j "$@"
take with_signxml "$@"

sed 's/SystemName>u/SystemName>v/' "$1" >"$work/body.xml"
sed 's/<wsu:Expires>20/<wsu:Expires>21/' "$1" >"$work/timestamp.xml"
for part in body timestamp; do
    if cmp -s "$1" "$work/$part.xml"; then tally "changing the $part" 1; fi
    for verifier in with_xmlsec1 with_signxml with_wss4j; do refused $verifier "$work/$part.xml"; done
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
