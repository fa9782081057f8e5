#!/usr/bin/env bash
# Builds, starts a service of its own for one scenario, runs the scenario against it, stops it.
#   loadtests/run.sh hot-room --viewers 5000            one scenario with its options
#   loadtests/run.sh hot-room -- --Log:Kind File        what follows -- goes to the service
#   SERVICES=8 loadtests/run.sh idle --viewers 144000   several services, viewers dealt out over them
# PORT=5600 is where the (first) service listens; without it a free port. REPORT=DIR takes the reports (default TestResults/loadtests).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
tool="$root/loadtests/bin/Release/net10.0/Interactions.LoadTests.dll"
service="$root/src/Frontend/bin/Release/net10.0/Interactions.Frontend.dll"

scenario="${1:---help}"
shift || true
options=()
extra=()
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then shift; extra=("$@"); break; fi
  options+=("$1")
  shift
done

if [ -z "${NO_BUILD:-}" ]; then
  for project in src/Frontend/Frontend.csproj loadtests/LoadTests.csproj; do
    output="$(cd "$root" && dotnet build "$project" -c Release -v q --nologo 2>&1)" || { echo "$output" >&2; echo "run.sh: the build failed." >&2; exit 2; }
  done
fi
case " $scenario ${options[*]:-} " in *" --help "*|*" -h "*) exec dotnet "$tool" "$scenario" ${options[@]+"${options[@]}"} ;; esac

ulimit -n "$(ulimit -Hn)"
folder="$(mktemp -d)"
pids=()
finish() {
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A port that nobody has: asked of the system, and given back at once.
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }

key="$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')"
urls=()
for i in $(seq 0 $(( ${SERVICES:-1} - 1 ))); do
  if [ -n "${PORT:-}" ]; then port=$(( PORT + i )); else port="$(free_port)"; fi
  url="http://127.0.0.1:$port"
  # The limits of one user and one address are no limits of a service; a scenario has few of both.
  Logging__LogLevel__Default=Warning dotnet "$service" --Urls "$url" --Auth:Key "$key" --Log:Path "$folder/$i" \
    --Limits:InteractionsPerSecondPerUser 1000000 --Limits:ConnectionsPerAddress 0 --Limits:ConnectsPerSecond 1000000 --Limits:DrainSeconds 0 \
    ${extra[@]+"${extra[@]}"} > "$folder/$i.log" 2>&1 &
  pids+=("$!")
  urls+=("$url")
done

for i in "${!urls[@]}"; do
  for attempt in $(seq 1 300); do
    if curl -fs -o /dev/null "${urls[$i]}/readyz"; then break; fi
    if ! kill -0 "${pids[$i]}" 2>/dev/null || [ "$attempt" = 300 ]; then cat "$folder/$i.log" >&2; echo "run.sh: the service did not start." >&2; exit 2; fi
    sleep 0.1
  done
done

code=0
dotnet "$tool" "$scenario" --url "$(IFS=,; echo "${urls[*]}")" --key "$key" --report "${REPORT:-$root/TestResults/loadtests}" ${options[@]+"${options[@]}"} || code=$?
if [ "$code" -ne 0 ]; then
  for i in "${!urls[@]}"; do tail -n 20 "$folder/$i.log" >&2; done
fi
exit "$code"
