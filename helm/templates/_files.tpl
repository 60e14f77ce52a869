{{/*
The Secrets and ConfigMaps that `config` names, as volumes. Each is one folder, and no subPath, so
that a changed certificate reaches a running pod; only the keys that are named are mounted.
*/}}

{{- define "ungebro.filePath" -}}
{{- $folder := ternary (printf "secret/%s" .secret) (printf "configmap/%s" .configMap) (hasKey . "secret") }}
{{- printf "/run/ungebro/%s" $folder }}{{ with .key }}/{{ . }}{{ end }}
{{- end }}

{{/* Finds them: `found` is filled with folder -> {kind, name, keys}. */}}
{{- define "ungebro.findFiles" -}}
{{- $found := .found }}
{{- range $name, $value := .table }}
{{- if include "ungebro.isFile" (dict "name" $name "value" $value) }}
{{- $kind := ternary "secret" "configMap" (hasKey $value "secret") }}
{{- $folder := include "ungebro.filePath" (omit $value "key") }}
{{- $entry := default (dict "kind" $kind "name" (get $value $kind) "keys" dict) (get $found $folder) }}
{{- $_ := set $entry.keys (default "" $value.key) true }}
{{- $_ := set $found $folder $entry }}
{{- else if kindIs "map" $value }}
{{- include "ungebro.findFiles" (dict "table" $value "found" $found) }}
{{- else if kindIs "slice" $value }}
{{- range $value }}
{{- include "ungebro.findFiles" (dict "table" (dict $name .) "found" $found) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "ungebro.volumeName" -}}
{{- printf "file-%s" (sha256sum . | trunc 12) }}
{{- end }}

{{- define "ungebro.fileMounts" -}}
{{- $found := dict }}
{{- include "ungebro.findFiles" (dict "table" .Values.config "found" $found) }}
{{- range $folder, $entry := $found }}
- name: {{ include "ungebro.volumeName" $folder }}
  mountPath: {{ $folder }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "ungebro.fileVolumes" -}}
{{- $found := dict }}
{{- include "ungebro.findFiles" (dict "table" .Values.config "found" $found) }}
{{- range $folder, $entry := $found }}
- name: {{ include "ungebro.volumeName" $folder }}
  {{ $entry.kind }}:
    {{ ternary "secretName" "name" (eq $entry.kind "secret") }}: {{ $entry.name }}
    defaultMode: 0440
    {{- if not (hasKey $entry.keys "") }}
    items:
      {{- range $key, $_ := $entry.keys }}
      - key: {{ $key | quote }}
        path: {{ $key | quote }}
      {{- end }}
    {{- end }}
{{- end }}
{{- end }}
