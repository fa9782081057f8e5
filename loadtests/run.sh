#!/usr/bin/env bash
# Builds, starts a service of its own for one scenario, runs the scenario against it, stops it. --help says how it is used.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
tool="$root/loadtests/bin/Release/net10.0/Interactions.LoadTests.dll"
service="$root/src/Frontend/bin/Release/net10.0/Interactions.Frontend.dll"

usage() {
  cat <<'TEXT'
loadtests/run.sh SCENARIO [--option value …] [-- settings of the service]
  loadtests/run.sh hot-room --viewers 5000            one scenario with its options; SCENARIO --help lists them
  loadtests/run.sh hot-room -- --Log:Kind Memory      what follows -- goes to the service
  SERVICES=8 loadtests/run.sh idle --viewers 144000   several services, viewers dealt out over them
Environment:
  SERVICES=N   how many services (1); a scenario that sends needs one log for all of them: -- --Log:Kind Redis --Log:Redis HOST:PORT
               They are a cluster then, with its list of silos in that Redis too
  SILOS=N      how many silos apart from the services (0: each service is one), which are frontends then
  PORT=N       where the first one listens, the others on the ports after it; without it a free port
  REPORT=DIR   where reports go (TestResults/loadtests of the repository)
  NO_BUILD=1   takes what is built

TEXT
}
refuse() { echo "run.sh: $*" >&2; exit 2; }

scenario="${1:---help}"
shift || true
options=()
extra=()
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then shift; extra=("$@"); break; fi
  options+=("$1")
  shift
done
help=""
case " $scenario ${options[*]:-} " in *" --help "*|*" -h "*|" help "*) help=1 ;; esac

services="${SERVICES:-1}"
[[ "$services" =~ ^[1-9][0-9]{0,2}$ ]] || refuse "SERVICES has to be a whole number from 1 to 999, not '$services'."
silos="${SILOS:-0}"
[[ "$silos" =~ ^[0-9]{1,2}$ ]] || refuse "SILOS has to be a whole number from 0 to 99, not '$silos'."
if [ -n "${PORT:-}" ]; then
  [[ "$PORT" =~ ^[1-9][0-9]{0,4}$ ]] && [ $(( PORT + services - 1 )) -le 65535 ] || refuse "PORT has to be a port from 1 to 65535, not '$PORT'."
fi

# Each service with a log of its own counts only what was sent to it: viewers of the others would look as if they lost it.
if [ -z "$help" ] && [ "$services" -gt 1 ] && [ "$scenario" != idle ] && [ "$scenario" != generate-trace ]; then
  case " ${extra[*]:-} " in
    *" --Log:Kind Redis "*|*" --Log:Kind=Redis "*) ;;
    *) refuse "$scenario sends, and SERVICES=$services services share nothing unless they have one log: add -- --Log:Kind Redis and its address." ;;
  esac
fi

# One log makes them a cluster.
redis=""
for i in "${!extra[@]}"; do
  case "${extra[$i]}" in
    --Log:Redis) redis="${extra[$((i + 1))]:-}" ;;
    --Log:Redis=*) redis="${extra[$i]#*=}" ;;
  esac
done
cluster=()
if [ "$services" -gt 1 ] || [ "$silos" -gt 0 ]; then
  if [ -n "$redis" ]; then first="${redis%%,*}"; cluster=(--Cluster:Redis "${first#*=}" --Cluster:Id "run-$$"); fi
  [ "$silos" = 0 ] || [ -n "$redis" ] || refuse "SILOS=$silos silos need a log for all of them: add -- --Log:Kind Redis --Log:Redis HOST:PORT."
fi

if [ -z "${NO_BUILD:-}" ]; then
  for project in src/Frontend/Frontend.csproj loadtests/LoadTests.csproj; do
    output="$(cd "$root" && dotnet build "$project" -c Release -v q --nologo 2>&1)" || { echo "$output" >&2; refuse "the build failed."; }
  done
fi
[ -e "$tool" ] && [ -e "$service" ] || refuse "nothing is built; leave NO_BUILD away."
if [ -n "$help" ]; then usage; exec dotnet "$tool" "$scenario" ${options[@]+"${options[@]}"}; fi
if [ "$scenario" = generate-trace ] || [ "$scenario" = failover ]; then exec dotnet "$tool" "$scenario" ${options[@]+"${options[@]}"}; fi

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
taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

key="$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')"
urls=()

# A process of the service in the background. Arguments: its name, where it listens, its settings.
start() {
  local name="$1" url="$2"
  shift 2
  # The limits of one user and one address are no limits of a service; a scenario has few of both.
  Logging__LogLevel__Default=Warning dotnet "$service" --Urls "$url" --Auth:Key "$key" --Log:Path "$folder/$name" \
    --Limits:InteractionsPerSecondPerUser 1000000 --Limits:ConnectionsPerAddress 0 --Limits:ConnectsPerSecond 1000000 --Limits:DrainSeconds 0 \
    ${cluster[@]+"${cluster[@]}"} "$@" ${extra[@]+"${extra[@]}"} > "$folder/$name.log" 2>&1 &
  pids+=("$!")
}

for i in $(seq 1 "$silos"); do
  start "silo-$i" "http://127.0.0.1:$(free_port)" --Cluster:Role Silo --Cluster:SiloPort "$(free_port)" --Cluster:GatewayPort "$(free_port)"
done

for i in $(seq 0 $(( services - 1 ))); do
  if [ -n "${PORT:-}" ]; then port=$(( PORT + i )); else port="$(free_port)"; fi
  # Else what answers at that port would be taken for the service started here.
  if taken "$port"; then refuse "port $port is taken by somebody else; the service can't listen there."; fi
  url="http://127.0.0.1:$port"
  if [ "$silos" -gt 0 ]; then start "$i" "$url" --Cluster:Role Frontend
  elif [ "${#cluster[@]}" -gt 0 ]; then start "$i" "$url" --Cluster:SiloPort "$(free_port)" --Cluster:GatewayPort "$(free_port)"
  else start "$i" "$url"
  fi
  urls+=("$url")
done

for i in "${!urls[@]}"; do
  for attempt in $(seq 1 300); do
    if ! kill -0 "${pids[$((i + silos))]}" 2>/dev/null; then cat "$folder/$i.log" >&2; refuse "the service of ${urls[$i]} ended before it was ready; what it said is above."; fi
    if curl -fs -o /dev/null "${urls[$i]}/readyz"; then break; fi
    if [ "$attempt" = 300 ]; then cat "$folder/$i.log" >&2; refuse "the service of ${urls[$i]} was not ready within 30 s."; fi
    sleep 0.1
  done
done

code=0
dotnet "$tool" "$scenario" --url "$(IFS=,; echo "${urls[*]}")" --key "$key" --report "${REPORT:-$root/TestResults/loadtests}" ${options[@]+"${options[@]}"} || code=$?
if [ "$code" -ne 0 ]; then
  for i in "${!urls[@]}"; do tail -n 20 "$folder/$i.log" >&2; done
fi
exit "$code"
