#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: how long from an approval to the first blocked answer, with many names in force; how fast a
#   feed is taken in and a batch approved. For docs/benchmarks.md; it passes no judgement.
# Method: the whole program beside BIND and Unbound as in tests/system; zone.py asks each resolver
#   every two milliseconds.
#
#   YUMEN=build/src/app/yumen SOURCE=$PWD tests/bench/zone.sh [NAMES]
set -uo pipefail
# shellcheck source=tests/system/centre.bash
. "${SOURCE:?}/tests/system/centre.bash"

"$YUMEN" init --data "$DATA" --drill >/dev/null || exit 4
write_options "$DATA"
write_resolvers "$DNS_PORT"
resolver_start world
start_yumen
ANN=$(add_user ann analyst,feeder)
BOB=$(add_user bob approver)
resolver_start unbound
resolver_start bind
truth warm.example 15 >/dev/null
python3 "$SOURCE/tests/bench/zone.py" "$HTTP_PORT" "${RESOLVER_PORT[bind]}" \
    "${RESOLVER_PORT[unbound]}" "$ANN" "$BOB" "$TRUTH" "$NOTICE" "${1:-10000}"
echo "zones sent whole: $(noted sent_whole)"
cpu=$(awk '{print $14 + $15}' "/proc/$YUMEN_PID/stat")
echo "yumen: $((cpu * 1000 / $(getconf CLK_TCK))) ms of processor," \
    "$(($(awk '/VmHWM/ {print $2}' "/proc/$YUMEN_PID/status") / 1024)) MiB at most"
