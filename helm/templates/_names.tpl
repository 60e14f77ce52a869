{{/* Names, labels and numbers that several objects must agree on. */}}

{{- define "ungebro.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "ungebro.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "ungebro.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "ungebro.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "ungebro.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ungebro.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ungebro.labels" -}}
{{ include "ungebro.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ungebro.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ungebro.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "ungebro.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* The port of an address such as 0.0.0.0:8080. */}}
{{- define "ungebro.listenPort" -}}
{{- regexFind "[0-9]+$" . }}
{{- end }}

{{/* The port that a URL leads to. */}}
{{- define "ungebro.urlPort" -}}
{{- $url := urlParse . }}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" }}
{{- default (get (dict "https" "443" "http" "80" "redis" "6379" "rediss" "6379") $url.scheme) $port }}
{{- end }}

{{/* A trail in a file wants a volume that stays with its replica. */}}
{{- define "ungebro.kind" -}}
{{- ternary "Deployment" "StatefulSet" (eq .Values.config.audit.file "-") }}
{{- end }}

{{- define "ungebro.severalReplicas" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}true{{ end }}
{{- end }}
