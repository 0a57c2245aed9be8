#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: from the second approval to the first blocked answer, and back, at four real resolvers with
#   many names in force; what each resolver does to other people's queries meanwhile; Yumen's own
#   share of it; what the zone costs at start and in memory. For docs/benchmarks.md; no judgement.
# Method: the whole program with a zone of NAMES domains, each with its wildcard, straight in its
#   table; BIND, Unbound, PowerDNS, Knot beside it one after the other, with docs/resolvers.
#   resolvers.py approves, lifts, and asks at a fixed rate.
#
#   YUMEN=build/src/app/yumen SOURCE=$PWD tests/bench/resolvers.sh [NAMES [TIMES [RESOLVER…]]]
set -uo pipefail
: "${YUMEN:?}" "${SOURCE:?}"
NAMES=${1:-10000} TIMES=${2:-10}
shift 2 2>/dev/null
RESOLVERS=("$@")
[ $# -gt 0 ] || RESOLVERS=(bind unbound powerdns knot)
# shellcheck source=tests/system/centre.bash
. "$SOURCE/tests/system/centre.bash"

"$YUMEN" init --data "$DATA" --drill >/dev/null || exit 4
write_options "$DATA"
cat >>"$DATA/yumen.yaml" <<CONF
    - {address: "127.0.0.6:5399"}
CONF
write_resolvers "$DNS_PORT"
begin=$(now_ms)
python3 - "$DATA/yumen.db" "$NAMES" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
# About what scam lists look like: 18 bytes a name, a hundred thousand under one shared host.
db.executemany("INSERT INTO rpz_domain VALUES (?, 0, 'notice', 'notice')", sorted(
    (f"com.shared.u{i}." if i % 11 == 0
     else f"{('com', 'top', 'cn')[i % 3]}.{i * 7919 % 99999989:x}pay{i % 97}.",)
    for i in range(int(sys.argv[2]))))
db.commit()
PY
echo "machine: $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
echo "$NAMES domains, each with its wildcard; the zone's table made in $(($(now_ms) - begin)) ms"
begin=$(now_ms)
start_yumen
echo "start to ready: $(($(now_ms) - begin)) ms"
sleep 2
pss() { awk '/^Pss:/ {print int($2 / 1024)}' "/proc/$1/smaps_rollup"; }
echo "the whole program: $(pss "$YUMEN_PID") MiB Pss"
ANN=$(add_user ann analyst,feeder)
BOB=$(add_user bob approver)
resolver_start world
sleep 0.3
bench() { # WHAT…
    python3 "$SOURCE/tests/bench/resolvers.py" "$HTTP_PORT" "$DNS_PORT" "$ANN" "$BOB" "$TIMES" "$@"
}
bench own
for who in "${RESOLVERS[@]}"; do
    begin=$(now_ms)
    resolver_start "$who"
    until [ "$(ask "$who" u11.shared.com)" = "$NOTICE " ]; do
        [ $(($(now_ms) - begin)) -lt 180000 ] || { echo "$who: does not load"; continue 2; }
        sleep 0.05
    done
    echo "$who: from its start to the first blocked answer $(($(now_ms) - begin)) ms"
    bench resolver "$who" "${RESOLVER_PORT[$who]}"
    echo "$who: $(pss "${RESOLVER_PID[$who]}") MiB Pss"
    resolver_stop "$who"
done
grep -o 'Transfer completed.*' "$DIR/bind.log" 2>/dev/null | head -n 1 |
    sed 's/^/BIND, the zone whole with TSIG: /'
echo "the whole program afterwards: $(pss "$YUMEN_PID") MiB Pss," \
    "$(($(awk '/VmHWM/ {print $2}' "/proc/$YUMEN_PID/status") / 1024)) MiB at most"
