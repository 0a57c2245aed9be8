#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what is published is enforced by real resolvers within two seconds, and lifted as fast;
#   restarts go on by IXFR; nobody transfers who may not.
# Method: BIND (TSIG) and Unbound (by address), with the configurations of docs/resolvers, on
#   loopback, as secondaries of dns_peer; ask both with dig.
set -uo pipefail
for peer in named unbound dig python3; do
    PATH=$PATH:/usr/sbin command -v "$peer" >/dev/null || { echo "skipped: no $peer"; exit 77; }
done
PATH=$PATH:/usr/sbin
: "${DNS_PEER:?}" "${SOURCE:?}"

DIR=$(mktemp -d)
PIDS=()
FAULTS=0
finish() {
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    [ "$FAULTS" -eq 0 ] || tail -n 30 "$DIR"/*.log "$DIR"/peer.out
    rm -rf "$DIR"
}
trap finish EXIT

# BIND by IPv6 with a key, Unbound by IPv4 without: an address is then enough to tell them apart.
# (named listens only on addresses that an interface has; Unbound transfers from whatever the
# kernel picks, not from its outgoing-interface.)
BIND=::1 UNBOUND=127.0.0.1 STRANGER=127.0.0.4
if ! grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
    echo "skipped: no IPv6 on loopback"
    exit 77
fi
read -r PORT BIND_PORT UNBOUND_PORT WORLD_PORT < <(python3 - <<'PY'
import socket
kept = []
while len(kept) < 4:
    t, u = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", 0))
    try: u.bind(("127.0.0.1", t.getsockname()[1]))
    except OSError: continue
    kept.append((t, u))
print(*(t.getsockname()[1] for t, u in kept))
PY
)
SECRET=$(head -c 32 /dev/urandom | base64)
WRONG=$(head -c 32 /dev/urandom | base64)

now_ms() { local t=${EPOCHREALTIME/./}; echo $((t / 1000)); }
fault() { echo "FAULT: $*"; FAULTS=$((FAULTS + 1)); }
ask() { # RESOLVER NAME TYPE: the answer on one line
    local port=$BIND_PORT
    [ "$1" = "$UNBOUND" ] && port=$UNBOUND_PORT
    dig +short +time=1 +tries=1 -p "$port" "@$1" "$2" "$3" 2>/dev/null | sort | tr '\n' ' '
}
status() { # RESOLVER NAME TYPE: rcode, and "cut" when truncated
    local port=$BIND_PORT
    [ "$1" = "$UNBOUND" ] && port=$UNBOUND_PORT
    dig +time=1 +tries=1 +ignore +notcp -p "$port" "@$1" "$2" "$3" 2>/dev/null |
        sed -n 's/.*status: \([A-Z]*\).*/\1/p; s/^;; flags: .* tc .*/cut/p' | tr '\n' ' '
}
# until SECONDS "WANTED" COMMAND…: how long it took; a fault when it does not come.
until_is() {
    local seconds=$1 wanted=$2 begin got
    shift 2
    begin=$(now_ms)
    while got=$("$@"); [ "${got% }" != "$wanted" ]; do
        if [ $(($(now_ms) - begin)) -gt $((seconds * 1000)) ]; then
            fault "$* is '$got', not '$wanted', after $seconds s"
            return 1
        fi
        sleep 0.02
    done
    printf '%5d ms  %s = %s\n' $(($(now_ms) - begin)) "$*" "$wanted"
}
both() { # SECONDS WANTED FUNCTION NAME TYPE
    until_is "$1" "$2" "$3" "$BIND" "$4" "$5"
    until_is "$1" "$2" "$3" "$UNBOUND" "$4" "$5"
}

# --- the world behind the resolvers: every name is 203.0.113.7 ---
cat >"$DIR/world.conf" <<CONF
server:
    interface: 127.0.0.1@$WORLD_PORT
    username: ""
    chroot: ""
    directory: "$DIR"
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    access-control: 127.0.0.0/8 allow
    module-config: "iterator"
    local-zone: "." redirect
    local-data: ". 3600 A 203.0.113.7"
remote-control:
    control-enable: no
CONF
cat >"$DIR/unbound.conf" <<CONF
server:
    interface: $UNBOUND@$UNBOUND_PORT
    do-not-query-localhost: no
    username: ""
    chroot: ""
    directory: "$DIR"
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    access-control: 127.0.0.0/8 allow
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@$WORLD_PORT
remote-control:
    control-enable: no
include: "$DIR/yumen.conf"
CONF
cat >"$DIR/named.conf" <<CONF
options {
    directory "$DIR";
    pid-file none;
    session-keyfile none;
    listen-on { none; };
    listen-on-v6 port $BIND_PORT { $BIND; };
    recursion yes;
    allow-query { any; };
    allow-recursion { any; };
    forward only;
    forwarders { 127.0.0.1 port $WORLD_PORT; };
    dnssec-validation no;
    include "$DIR/yumen-options.conf";
};
controls { };
include "$DIR/yumen-zone.conf";
CONF
# The shipped files, with this test's addresses and secret; a change of theirs must not go unseen.
fit() {
    sed -e "s/192\.0\.2\.53@5300/$UNBOUND@$PORT/" \
        -e "s/192\.0\.2\.53 port 5300/$BIND port $PORT/" \
        -e "s#cmVwbGFjZSB0aGlzIGJ5IHlvdXIgb3duIHNlY3JldA==#$SECRET#" \
        "$SOURCE/docs/resolvers/$1" >"$DIR/${1##*/}"
    grep -q 192.0.2.53 "$DIR/${1##*/}" && fault "$1 holds an address this test does not know"
}
fit bind/yumen-options.conf
fit bind/yumen-zone.conf
fit unbound/yumen.conf

start_peer() {
    rm -f "$DIR/peer.in"
    mkfifo "$DIR/peer.in"
    "$DNS_PEER" --listen "$UNBOUND:$PORT" --listen "$BIND:$PORT" \
        --key "yumen.example:hmac-sha256:$SECRET" \
        --secondary "$BIND:$BIND_PORT/yumen.example" --secondary "$UNBOUND:$UNBOUND_PORT" \
        --a 192.0.2.80 --aaaa 2001:db8::80 --journal "$DIR/journal" \
        <"$DIR/peer.in" >"$DIR/peer.out" 2>&1 &
    PEER=$!
    exec 7>"$DIR/peer.in"
    for _ in $(seq 100); do
        grep -q ^ready "$DIR/peer.out" && return
        sleep 0.05
    done
    fault "the gate does not start"
    exit 1
}
say() { printf '%s\n' "$@" >&7; }
stop_peer() { say quit; exec 7>&-; wait "$PEER" || fault "dns_peer ended with $?"; }
start_bind() {
    named -g -c "$DIR/named.conf" >>"$DIR/named.log" 2>&1 7>&- &
    BIND_PID=$!
    PIDS+=("$BIND_PID")
}
notes() { grep -c "^note $1" "$DIR/peer.out"; }

unbound -d -c "$DIR/world.conf" >"$DIR/world.log" 2>&1 &
PIDS+=($!)
printf 'put first.example notice\npublish\n' >"$DIR/journal"
start_peer
unbound -d -c "$DIR/unbound.conf" >"$DIR/unbound.log" 2>&1 7>&- &
PIDS+=($!)
start_bind

echo "== both take the zone whole"
both 15 "192.0.2.80" ask first.example A
both 2 "203.0.113.7" ask innocent.example A

echo "== a block is felt, also for a name that was cached a moment before"
both 2 "203.0.113.7" ask shop.scam.example A
say "put shop.scam.example notice" publish
both 2 "192.0.2.80" ask shop.scam.example A
both 2 "2001:db8::80" ask shop.scam.example AAAA
both 2 "203.0.113.7" ask www.shop.scam.example A

echo "== every policy"
say "put *.wild.example notice" "put good.wild.example passthru" "put none.example nxdomain" \
    "put empty.example nodata" "put slow.example tcp-only" publish
both 2 "192.0.2.80" ask a.b.wild.example A
both 2 "203.0.113.7" ask good.wild.example A
both 2 "203.0.113.7" ask wild.example A
both 2 "NXDOMAIN" status none.example A
both 2 "NOERROR" status empty.example A
both 2 "" ask empty.example A
both 2 "NOERROR cut" status slow.example A

echo "== a lift is felt"
say "lift shop.scam.example" "lift none.example" publish
both 2 "203.0.113.7" ask shop.scam.example A
both 2 "203.0.113.7" ask none.example A

echo "== three hundred publishes in a burst become few NOTIFYs, and nothing is lost"
before=$(notes notified)
for i in $(seq 300); do say "put burst-$i.example notice" publish; done
both 3 "192.0.2.80" ask burst-300.example A
both 3 "192.0.2.80" ask burst-150.example A
after=$(notes notified)
echo "NOTIFYs for the burst: $((after - before))"
[ $((after - before)) -lt 100 ] || fault "a burst made $((after - before)) NOTIFYs"
[ "$(notes 'sent-whole')" -le 2 ] || fault "a change made somebody take the zone whole"

echo "== who may transfer"
primary_for() { [ "$1" = "$BIND" ] && echo "@$BIND" || echo "@$UNBOUND"; }
transfer() { # FROM [dig options]: status of an AXFR
    local from=$1
    shift
    dig -b "$from" +time=2 +tries=1 -p "$PORT" "$(primary_for "$from")" rpz.yumen AXFR "$@" 2>&1 |
        grep -Eq '^rpz\.yumen\..*SOA' && echo given && return
    echo refused
}
tsig() { # the TSIG error that comes back to a signed SOA query
    dig -b "$BIND" +time=2 +tries=1 -p "$PORT" "@$BIND" rpz.yumen SOA -y "$1" 2>&1 |
        grep -Eo 'NOERROR|BADSIG|BADKEY|BADTIME|REFUSED' | sort -u | tr '\n' ' '
}
expect() {
    echo "  $1: $2"
    [ "$2" = "$3" ] || fault "$1: $2, not $3"
}
KEY=hmac-sha256:yumen.example:$SECRET
FORGED=hmac-sha256:yumen.example:$WRONG
OTHER_KEY=hmac-sha256:other.example:$SECRET
OTHER_ALGORITHM=hmac-sha512:yumen.example:$SECRET
expect "BIND's address with its key" "$(transfer "$BIND" -y "$KEY")" given
expect "another address with the key" "$(transfer "$STRANGER" -y "$KEY")" given
expect "BIND's address without a key" "$(transfer "$BIND")" refused
expect "BIND's address with a wrong secret" "$(transfer "$BIND" -y "$FORGED")" refused
expect "BIND's address with an unknown key" "$(transfer "$BIND" -y "$OTHER_KEY")" refused
expect "BIND's address, another algorithm" "$(transfer "$BIND" -y "$OTHER_ALGORITHM")" refused
expect "Unbound's address" "$(transfer "$UNBOUND")" given
expect "a stranger" "$(transfer "$STRANGER")" refused
expect "a forged signature" "$(tsig "$FORGED" | grep -o BADSIG)" BADSIG
expect "an unknown key" "$(tsig "$OTHER_KEY" | grep -o BADKEY)" BADKEY
expect "dig checks our signature" "$(tsig "$KEY" | grep -o NOERROR)" NOERROR
ixfr() {
    dig -b "$BIND" +time=2 +tries=1 -p "$PORT" "@$BIND" rpz.yumen "IXFR=$1" \
        -y "$KEY" 2>&1 | grep -Ec '^rpz\.yumen\..*SOA|Couldn.t verify'
}
serial=$(dig +short -p "$PORT" "@$UNBOUND" rpz.yumen SOA | cut -d' ' -f3)
expect "IXFR of what is newest: one SOA" "$(ixfr "$serial")" 1
expect "IXFR of one step" "$(ixfr $((serial - 1)))" 4
expect "IXFR of ten steps, condensed" "$(ixfr $((serial - 10)))" 4

echo "== a restart of Yumen goes on by IXFR"
stop_peer
start_peer
say "put after-restart.example notice" "lift first.example" publish
both 5 "192.0.2.80" ask after-restart.example A
both 5 "203.0.113.7" ask first.example A
[ "$(notes sent-whole)" -eq 0 ] || fault "after a restart somebody took the zone whole"

echo "== BIND comes back from an absence by IXFR"
kill "$BIND_PID"
wait "$BIND_PID" 2>/dev/null
say "put while-away.example notice" publish "lift burst-7.example" publish
until_is 2 "192.0.2.80" ask "$UNBOUND" while-away.example A
start_bind
both 10 "192.0.2.80" ask while-away.example A
both 5 "203.0.113.7" ask burst-7.example A
[ "$(notes sent-whole)" -eq 0 ] || fault "after its restart BIND took the zone whole"

echo "== ten thousand names at once, then one more"
say "fill 10000" publish
both 5 "192.0.2.80" ask name-9999.fill.example A
both 5 "192.0.2.80" ask name-0.fill.example A
say "put one-more.example notice" publish
both 2 "192.0.2.80" ask one-more.example A
say state
sleep 0.2
grep '^state' "$DIR/peer.out"
grep -q 'trouble=none' "$DIR/peer.out" || fault "a secondary is in trouble"
stop_peer

[ "$FAULTS" -eq 0 ] && echo "all as it should be"
exit $((FAULTS > 0))
