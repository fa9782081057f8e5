#!/usr/bin/env bash
# Runs every test. Arguments go to the runner: ./test.sh -class "*Position*"
# The last line is always "N passed, N failed, N skipped".
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$root"
configuration="${CONFIGURATION:-Release}"
results="$root/TestResults/results.xml"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

give_up() {
  echo "test.sh: $1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

install() {
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  command -v apt-get >/dev/null 2>&1 || return 1
  echo "Installing $*"
  { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends "$@"; } >/dev/null 2>&1
}

command -v dotnet >/dev/null 2>&1 || give_up "the .NET 10 SDK is missing. Get it from https://dot.net/download"
missing=()
command -v curl >/dev/null 2>&1 || missing+=(curl)
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
command -v node >/dev/null 2>&1 || missing+=(nodejs)
command -v npm >/dev/null 2>&1 || missing+=(npm)
command -v promtool >/dev/null 2>&1 || missing+=(prometheus)
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
command -v faketime >/dev/null 2>&1 || missing+=(faketime)
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing+=(nginx)
if [ "${#missing[@]}" -gt 0 ]; then
  install "${missing[@]}" || echo "test.sh: could not install ${missing[*]}; the tests that need them will fail." >&2
fi

clients="$root/tests/EndToEnd/clients"
if [ ! -e "$clients/node_modules/.package-lock.json" ] || [ "$clients/package-lock.json" -nt "$clients/node_modules/.package-lock.json" ]; then
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$clients" --no-audit --no-fund --loglevel=error \
    || echo "test.sh: npm ci failed; the tests of npm clients will fail." >&2
fi

dotnet build Interactions.sln -c "$configuration" -v q --nologo || give_up "the build failed."

rm -f "$results"
mkdir -p "$(dirname "$results")"
dotnet "tests/bin/$configuration/net10.0/Interactions.Tests.dll" -noColor -xml "$results" "$@"
code=$?

[ -s "$results" ] || give_up "the runner ended with $code and left no results."

# One <assembly> element carries the counts; errors (a crashed fixture, say) count as failures.
count() { grep -o '<assembly [^>]*>' "$results" | head -n 1 | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
passed="$(count passed)"; failed="$(count failed)"; skipped="$(count skipped)"; errors="$(count errors)"
passed="${passed:-0}"; skipped="${skipped:-0}"; failed=$(( ${failed:-0} + ${errors:-0} ))
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "test.sh: the runner ended with $code." >&2
  failed=1
fi

[ $((passed + failed)) -gt 0 ] || { echo "test.sh: no test ran." >&2; code=1; }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$code" -eq 0 ]
