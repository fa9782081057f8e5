#!/usr/bin/env bash
# The same work on one machine in one run: VIEWERS (10000) in one room, 10 frames of about 130 bytes a second, to our service
# over each transport and to other servers. Prints processor time a frame and memory a connection of each, medians of RUNS (5),
# and writes the table to docs/benchmarks.md, between the lines "compare:begin" and "compare:end".
#   loadtests/compare.sh                                   all
#   RUNS=1 VIEWERS=2000 loadtests/compare.sh bare ours-sse   some, smaller; docs/benchmarks.md is left alone then
# Peers: a C loop over send(2) (cc), nchan (Debian's nginx and libnginx-mod-nchan), nats-server, Socket.IO (npm), SignalR.
# What is missing is installed with apt-get where that can be done; a peer that can't be had is left out and said to be.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
peers="$root/loadtests/peers"
tool="$root/loadtests/bin/Release/net10.0/Interactions.LoadTests.dll"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
all=(bare ours-sse ours-websocket ours-signalr nchan-websocket nchan-sse nats socketio signalr)
servers=("$@")
[ $# -gt 0 ] || servers=("${all[@]}")
runs="${RUNS:-5}"
viewers="${VIEWERS:-10000}"
seconds="${SECONDS_MEASURED:-10}"
port="${PORT:-5650}"
refuse() { echo "compare.sh: $*" >&2; exit 2; }
for server in "${servers[@]}"; do
  case " ${all[*]} " in *" $server "*) ;; *) refuse "there is no server $server; there are ${all[*]}." ;; esac
done
[[ "$runs" =~ ^[1-9][0-9]*$ ]] || refuse "RUNS has to be a whole number above 0, not '$runs'."
[[ "$viewers" =~ ^[1-9][0-9]*$ ]] || refuse "VIEWERS has to be a whole number above 0, not '$viewers'."
ulimit -n "$(ulimit -Hn)"

folder="$(mktemp -d)"
results="${REPORT:-$root/TestResults/compare}"
mkdir -p "$results"
pid=""
stop() {
  [ -n "$pid" ] || return 0
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  pid=""
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

say() { echo "compare.sh: $*" >&2; }
wants() { case " ${servers[*]} " in *" $1"*) return 0 ;; *) return 1 ;; esac; }
install() {
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  command -v apt-get >/dev/null || return 1
  say "installing $*"
  { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends "$@"; } >"$folder/apt.log" 2>&1
}

build() {
  local project
  for project in src/Frontend/Frontend.csproj loadtests/LoadTests.csproj loadtests/peers/signalr/PeerSignalR.csproj; do
    (cd "$root" && dotnet build "$project" -c Release -v q --nologo) >"$folder/build.log" 2>&1 || { cat "$folder/build.log" >&2; say "$project was not built"; exit 2; }
  done
  if wants bare; then
    command -v cc >/dev/null || install gcc libc6-dev
    cc -O2 -o "$folder/sendloop" "$peers/sendloop/sendloop.c" || say "the bare loop was not built"
  fi
  if wants nchan; then
    [ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || install nginx-light libnginx-mod-nchan || say "nchan could not be installed"
  fi
  if wants nats; then
    command -v nats-server >/dev/null || install nats-server || say "nats-server could not be installed"
  fi
  if wants socketio && [ ! -e "$peers/socketio/node_modules/socket.io" ]; then
    command -v npm >/dev/null || install nodejs npm
    npm ci --prefix "$peers/socketio" --no-audit --no-fund --loglevel=error || say "Socket.IO could not be installed"
  fi
}

fill() { sed -e "s|@PORT@|$port|g" -e "s|@PORT2@|$((port + 1))|g" -e "s|@FOLDER@|$folder|g" "$1"; }

# Starts a server: sets pid, and in options how the swarm talks to it.
start() {
  local path="/"
  case "$1" in
    bare)
      "$folder/sendloop" "$port" & pid=$!
      options=(--protocol raw --publish "udp://127.0.0.1:$((port + 1))") ;;
    nchan-*)
      fill "$peers/nchan/nginx.conf.in" >"$folder/nginx.conf"
      nginx -p /usr/share/nginx -c "$folder/nginx.conf" -e "$folder/error.log" 2>>"$folder/server.log" & pid=$!
      options=(--protocol plain-websocket --path "/sub?id=room" --publish "http://127.0.0.1:$port/pub?id=room")
      [ "$1" = nchan-sse ] && options[1]=sse ;;
    nats)
      fill "$peers/nats/nats.conf.in" >"$folder/nats.conf"
      nats-server -c "$folder/nats.conf" >>"$folder/server.log" 2>&1 & pid=$!
      options=(--protocol nats --publish "nats://127.0.0.1:$((port + 1))/room") ;;
    socketio)
      NODE_ENV=production node "$peers/socketio/server.js" "$port" >>"$folder/server.log" 2>&1 & pid=$!
      options=(--protocol socketio --path "/socket.io/?EIO=4&transport=websocket" --publish "http://127.0.0.1:$port/publish") ;;
    signalr)
      dotnet "$peers/signalr/bin/Release/net10.0/Interactions.PeerSignalR.dll" --urls "http://127.0.0.1:$port" >>"$folder/server.log" 2>&1 & pid=$!
      options=(--protocol plain-signalr --path /hub --publish "http://127.0.0.1:$port/publish") ;;
    ours-*)
      local key; key="$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')"
      rm -rf "$folder/data"
      Logging__LogLevel__Default=Warning dotnet "$root/src/Frontend/bin/Release/net10.0/Interactions.Frontend.dll" \
        --Urls "http://127.0.0.1:$port" --Auth:Key "$key" --Log:Path "$folder/data" --Limits:ConnectionsPerAddress 0 \
        --Limits:ConnectsPerSecond 1000000 --Limits:DrainSeconds 0 >>"$folder/server.log" 2>&1 & pid=$!
      options=(--protocol "${1#ours-}" --key "$key") ;;
  esac
  local attempt
  for attempt in $(seq 1 200); do
    if ! kill -0 "$pid" 2>/dev/null; then return 1; fi
    # The bare loop would take a probe for a viewer: it listens as soon as it runs.
    if [ "$1" = bare ]; then sleep 0.2; return 0; fi
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then sleep 1; return 0; fi
    sleep 0.1
  done
  return 1
}

build
# Those of a run before with more RUNS would be counted in; what else is in that folder is somebody else's.
for server in "${servers[@]}"; do
  find "$results" -maxdepth 1 -type f -regextype posix-extended -regex ".*/$server\.[0-9]+\.(json|txt)" -delete
done
measured=0
for run in $(seq 1 "$runs"); do
  for server in "${servers[@]}"; do
    say "run $run of $runs: $server"
    : >"$folder/server.log"
    options=()
    if start "$server"; then
      code=0
      dotnet "$tool" peer --url "http://127.0.0.1:$port" --pid "$pid" --viewers "$viewers" --seconds "$seconds" --warm-up 5 "${options[@]}" \
        --json "$results/$server.$run.json" >"$results/$server.$run.txt" 2>>"$folder/server.log" || code=$?
      [ "$code" = 0 ] || { say "$server: failed"; tail -n 5 "$folder/server.log" "$results/$server.$run.txt" >&2; }
      # 2: it did not come to its end, and half a measurement is none.
      if [ "$code" = 2 ]; then rm -f "$results/$server.$run.json"; else measured=$((measured + 1)); fi
    else
      say "$server did not start"; tail -n 5 "$folder/server.log" >&2
    fi
    stop
  done
done

[ "$measured" -gt 0 ] || refuse "no server ran; nothing was measured."

{
  echo "$viewers viewers in one room, 10 frames of about 130 bytes a second; medians. Server and swarm share the machine."
  echo
  dotnet "$tool" compare-table "$results" "${servers[@]}"
  echo
  echo "Machine: $(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/{printf "%.0f GB", $2/1048576}' /proc/meminfo), Linux $(uname -r). Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)$(git -C "$root" diff --quiet HEAD 2>/dev/null || echo ' with changes'), $(date -u +%F)."
} | tee "$folder/table.md"

if [ $# -gt 0 ]; then exit 0; fi
page="$root/docs/benchmarks.md"
grep -q 'compare:begin' "$page" 2>/dev/null || printf '\n## Compared with other servers\n\n`loadtests/compare.sh` measured this:\n\n<!-- compare:begin -->\n<!-- compare:end -->\n' >>"$page"
awk -v table="$folder/table.md" '
  /compare:begin/ { print; print ""; while ((getline line < table) > 0) print line; print ""; skipping = 1; next }
  /compare:end/ { skipping = 0 }
  !skipping { print }' "$page" >"$folder/page.md" && cp "$folder/page.md" "$page"
