{{/* What would break a promise of the gateway is not rendered. */}}

{{- define "ungebro.refuse" -}}
{{- $config := .Values.config }}
{{- if and (include "ungebro.severalReplicas" .) (ne (default "memory" $config.idempotency.store) "redis") }}
{{- fail "several replicas need config.idempotency.store: redis, or a repeated Idempotency-Key is sent twice" }}
{{- end }}
{{- $file := $config.audit.file }}
{{- $folder := dir $file }}
{{- if and (ne $file "-") (or (has $folder (list "/" "." "/etc/ungebro" "/tmp")) (hasPrefix "/run/ungebro" $folder)) }}
{{- fail (printf "config.audit.file: %s cannot be the mount of a volume" $folder) }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.hosts: is missing" }}
{{- end }}
{{- end }}
