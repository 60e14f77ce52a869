{{/*
Writes `config` as TOML. Helm's own toToml makes floats of whole numbers, which the gateway refuses.

A map with `secret` or `configMap` in place of a path names a file: it becomes the path at which
_files.tpl mounts that file. The groups of `authority_map` are the operator's own names.
*/}}

{{- define "ungebro.toml" -}}
{{- include "ungebro.toml.table" (dict "path" "" "header" "" "table" .Values.config) | trim }}
{{ end }}

{{/* A table with what is below it. */}}
{{- define "ungebro.toml.table" -}}
{{- $path := .path }}
{{- $entries := "" }}
{{- $below := "" }}
{{- range $name, $value := .table }}
{{- $key := include "ungebro.toml.key" $name }}
{{- $inner := ternary (printf "%s.%s" $path $key) $key (ne $path "") }}
{{- if kindIs "invalid" $value }}
{{- else if and (kindIs "map" $value) (not (include "ungebro.isFile" (dict "name" $name "value" $value))) }}
{{- $below = print $below (include "ungebro.toml.table" (dict "path" $inner "header" (printf "[%s]" $inner) "table" $value)) }}
{{- else if and (kindIs "slice" $value) (include "ungebro.isTables" (dict "name" $name "value" $value)) }}
{{- range $value }}
{{- $below = print $below (include "ungebro.toml.table" (dict "path" $inner "header" (printf "[[%s]]" $inner) "table" .)) }}
{{- end }}
{{- else }}
{{- $entries = printf "%s%s = %s\n" $entries $key (include "ungebro.toml.value" (dict "name" $name "value" $value)) }}
{{- end }}
{{- end }}
{{- if $entries }}
{{- if .header }}
{{ .header }}
{{- end }}
{{ $entries }}
{{- end }}
{{- $below }}
{{- end }}

{{- define "ungebro.toml.key" -}}
{{- if regexMatch "^[A-Za-z0-9_-]+$" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* A value on one line. A string in JSON is one in TOML. */}}
{{- define "ungebro.toml.value" -}}
{{- $name := .name }}
{{- $value := .value }}
{{- if kindIs "map" $value }}
{{- include "ungebro.filePath" $value | toJson }}
{{- else if kindIs "slice" $value }}
{{- $items := list }}
{{- range $value }}
{{- $items = append $items (include "ungebro.toml.value" (dict "name" $name "value" .)) }}
{{- end }}
{{- printf "[%s]" (join ", " $items) }}
{{- else if or (kindIs "string" $value) (kindIs "bool" $value) }}
{{- toJson $value }}
{{- else if eq (float64 $value) (floor $value) }}
{{- int64 $value }}
{{- else }}
{{- $value }}
{{- end }}
{{- end }}

{{- define "ungebro.isFile" -}}
{{- if and (kindIs "map" .value) (ne .name "authority_map") (or (hasKey .value "secret") (hasKey .value "configMap")) }}true{{ end }}
{{- end }}

{{- define "ungebro.isTables" -}}
{{- $name := .name }}
{{- range .value }}
{{- if and (kindIs "map" .) (not (include "ungebro.isFile" (dict "name" $name "value" .))) }}true{{ end }}
{{- end }}
{{- end }}
