#!/usr/bin/env bash
# Builds the service and runs it on this machine. Arguments go to the service: ./run.sh --Log:Path /tmp/x
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
caller="$PWD"

if ! command -v dotnet >/dev/null 2>&1; then
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then
      export DOTNET_ROOT="$folder" PATH="$folder:$PATH"
      break
    fi
  done
fi

# global.json decides in the project's folder which SDK will do.
if ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
  echo "run.sh: the .NET 10 SDK is missing. Get it from https://dot.net/download and put 'dotnet' on the PATH." >&2
  exit 1
fi

# Built when a source is newer than the last build. Quiet otherwise, but nobody should wonder what takes so long.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
out="$root/src/Frontend/bin/Service"
service="$out/Interactions.Frontend.dll"
built="$out/.built"
sources=("$root"/src "$root"/clients/js/src "$root"/Directory.*.props "$root"/global.json)

files() { find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -type f "$@" -print; }
names() { files | sort | cksum; }

# What is deleted makes nothing newer.
is_current() { [ -f "$service" ] && [ -f "$built" ] && [ -z "$(files -newer "$built")" ] && [ "$(names)" = "$(cat "$built")" ]; }

publish() { (cd "$root" && dotnet publish src/Frontend/Frontend.csproj -c Release -o "$out" -v q --nologo --use-current-runtime --self-contained false "$@" 2>&1); }

if ! is_current; then
  [ -f "$service" ] || echo "run.sh: building the service, which takes about two minutes the first time..." >&2
  mkdir -p "$out"
  names > "$out/.building"
  # Compiled ahead of time it starts in two thirds of the time. That needs one more package, and runs without.
  if ! output="$(publish -p:PublishReadyToRun=true)" && ! output="$(publish)"; then
    echo "$output" >&2
    echo "run.sh: the build failed." >&2
    exit 1
  fi
  mv "$out/.building" "$built" # of when it began: what changed meanwhile is built the next time
fi

# What the caller set wins: the environment over these defaults, arguments over both.
export Urls="${Urls:-${ASPNETCORE_URLS:-http://127.0.0.1:5080}}"
export Auth__Dev="${Auth__Dev:-true}"
export Log__Path="${Log__Path:-$root/data}"

address="$Urls"
previous=""
serves=true
for argument in "$@"; do
  case "$argument" in
    --help | --version | --repair) serves=false ;;
    --[Uu]rls=*) address="${argument#*=}" ;;
    *) case "$previous" in --[Uu]rls) address="$argument" ;; esac ;;
  esac
  previous="$argument"
done
if $serves; then echo "Interactions on $address (Ctrl+C stops it)"; fi

cd "$caller"
exec dotnet "$service" "$@"
