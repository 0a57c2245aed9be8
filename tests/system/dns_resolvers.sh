#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what is published is enforced by four real resolvers, and lifted; restarts of either side go
#   on by IXFR, and by AXFR where the history has gone; nobody transfers who may not.
# Method: BIND and PowerDNS (TSIG), Unbound (by address) as secondaries of dns_peer, Knot Resolver
#   beside its file, all with the files of docs/resolvers, on loopback; asked with dig.
set -uo pipefail
: "${DNS_PEER:?}" "${SOURCE:?}"
if ! grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
    echo "skipped: no IPv6 on loopback"
    exit 77
fi

DIR=$(mktemp -d)
FAULTS=0
# BIND by IPv6, the others by IPv4: an address is then enough to tell BIND and Unbound apart.
# (named listens only on addresses that an interface has; Unbound transfers from whatever the
# kernel picks, not from its outgoing-interface.)
BIND_AT=::1
BIND=::1 UNBOUND=127.0.0.1 STRANGER=127.0.0.4
# shellcheck source=tests/system/resolvers.bash
. "$SOURCE/tests/system/resolvers.bash"
ALL=(bind unbound powerdns knot)
resolvers_need "${ALL[@]}"
finish() {
    resolvers_stop
    [ -z "${PEER:-}" ] || kill "$PEER" 2>/dev/null
    wait 2>/dev/null
    [ "$FAULTS" -eq 0 ] || tail -n 30 "$DIR"/*.log "$DIR"/peer.out
    rm -rf "$DIR"
}
trap finish EXIT
read -r PORT < <(free_ports 1)
WRONG=$(head -c 32 /dev/urandom | base64)
write_resolvers "$PORT"

everywhere() { # SECONDS WANTED FUNCTION NAME [TYPE]
    local who
    for who in "${ALL[@]}"; do until_is "$1" "$2" "$3" "$who" "$4" "${5:-A}"; done
}
blocked() { everywhere "${2:-5}" "$NOTICE" ask "$1"; }
free() { everywhere "${2:-5}" "$TRUTH" ask "$1"; }

start_peer() {
    rm -f "$DIR/peer.in"
    mkfifo "$DIR/peer.in"
    "$DNS_PEER" --listen "$UNBOUND:$PORT" --listen "$BIND:$PORT" \
        --key "yumen.example:hmac-sha256:$SECRET" \
        --key "powerdns.example:hmac-sha256:$POWERDNS_SECRET" \
        --secondary "$BIND:${RESOLVER_PORT[bind]}/yumen.example" \
        --secondary "$UNBOUND:${RESOLVER_PORT[unbound]}" \
        --poller "127.0.0.1:${RESOLVER_PORT[powerdns]}/powerdns.example" \
        --file "$ZONE_FILE" --a $NOTICE --aaaa 2001:db8::80 --journal "$DIR/journal" "$@" \
        <"$DIR/peer.in" >"$DIR/peer.out" 2>&1 &
    PEER=$!
    exec 7>"$DIR/peer.in"
    for _ in $(seq 1200); do
        grep -q ^ready "$DIR/peer.out" && return
        sleep 0.05
    done
    fault "the gate does not start"
    exit 1
}
say() { printf '%s\n' "$@" >&7; }
stop_peer() { say quit; exec 7>&-; wait "$PEER" || fault "dns_peer ended with $?"; }
notes() { grep -c "^note $1" "$DIR/peer.out"; }
expect() {
    echo "  $1: $2"
    [ "$2" = "$3" ] || fault "$1: $2, not $3"
}
no_whole() { expect "zones sent whole since $1" "$(($(notes sent-whole) - ${2:-0}))" 0; }

resolver_start world
printf 'put first.example notice\npublish\n' >"$DIR/journal"
start_peer
for _ in $(seq 1200); do [ -e "$ZONE_FILE" ] && break; sleep 0.05; done
expect "the file is for everybody to read" "$(stat -c %a "$ZONE_FILE")" 644
for who in "${ALL[@]}"; do resolver_start "$who"; done

echo "== all take the zone whole"
blocked first.example 20
free innocent.example

echo "== a block is felt, also for a name that was cached a moment before"
free shop.scam.example
say "put shop.scam.example notice" publish
blocked shop.scam.example
everywhere 5 "2001:db8::80" ask shop.scam.example AAAA
free www.shop.scam.example

echo "== every policy"
free slow.example
free none.example
say "put *.wild.example notice" "put good.wild.example passthru" "put none.example nxdomain" \
    "put empty.example nodata" "put slow.example tcp-only" publish
blocked a.b.wild.example
free good.wild.example
free wild.example
everywhere 5 "NXDOMAIN" status none.example
everywhere 5 "NOERROR" status empty.example
everywhere 5 "" ask empty.example
everywhere 5 "NOERROR cut" status slow.example
free slow.example # dig asks again by TCP

echo "== a lift is felt"
say "lift shop.scam.example" "lift none.example" "lift slow.example" publish
free shop.scam.example
free none.example
everywhere 5 "NOERROR" status slow.example

echo "== three hundred publishes in a burst become few NOTIFYs and writings, and nothing is lost"
before=$(notes notified)
written=$(notes file-written)
burst=()
for i in $(seq 300); do burst+=("put burst-$i.example notice" publish); done
say "${burst[@]}" # at once, however slow the machine is
blocked burst-300.example
blocked burst-150.example
after=$(notes notified)
echo "NOTIFYs for the burst: $((after - before))," \
    "writings of the file: $(($(notes file-written) - written))"
[ $((after - before)) -lt 100 ] || fault "a burst made $((after - before)) NOTIFYs"
[ $(($(notes file-written) - written)) -lt 10 ] || fault "the file was written for each publish"
[ "$(notes 'sent-whole')" -le 3 ] || fault "a change made somebody take the zone whole"

echo "== who may transfer"
primary_for() { [ "$1" = "$BIND" ] && echo "@$BIND" || echo "@$UNBOUND"; }
transfer() { # FROM [dig options]: status of an AXFR
    local from=$1
    shift
    dig -b "$from" +time=30 +tries=1 -p "$PORT" "$(primary_for "$from")" rpz.yumen AXFR "$@" 2>&1 |
        grep -Eq '^rpz\.yumen\..*SOA' && echo given && return
    echo refused
}
tsig() { # the TSIG error that comes back to a signed SOA query
    dig -b "$BIND" +time=30 +tries=1 -p "$PORT" "@$BIND" rpz.yumen SOA -y "$1" 2>&1 |
        grep -Eo 'NOERROR|BADSIG|BADKEY|BADTIME|REFUSED' | sort -u | tr '\n' ' '
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
    dig -b "$BIND" +time=30 +tries=1 -p "$PORT" "@$BIND" rpz.yumen "IXFR=$1" \
        -y "$KEY" 2>&1 | grep -Ec '^rpz\.yumen\..*SOA|Couldn.t verify'
}
serial=$(dig +short +time=20 -p "$PORT" "@$UNBOUND" rpz.yumen SOA | cut -d' ' -f3)
expect "IXFR of what is newest: one SOA" "$(ixfr "$serial")" 1
expect "IXFR of one step" "$(ixfr $((serial - 1)))" 4
expect "IXFR of ten steps, condensed" "$(ixfr $((serial - 10)))" 4
expect "the file says the same serial" "$(tail -n 1 "$ZONE_FILE")" "; whole, serial $serial"

echo "== a restart of Yumen goes on by IXFR, and leaves a file alone that is as it should be"
inode=$(stat -c %i "$ZONE_FILE")
stop_peer
start_peer
sleep 0.5
expect "the file" "$(stat -c %i "$ZONE_FILE")" "$inode"
say "put after-restart.example notice" "lift first.example" publish
blocked after-restart.example
free first.example
no_whole "the restart"

echo "== BIND, PowerDNS and Knot come back from an absence; the first two by IXFR"
for time in 1 2 3 4 5 6; do
    whole=$(notes sent-whole)
    for who in bind powerdns knot; do resolver_stop "$who"; done
    bind_log_anew
    say "put while-away-$time.example notice" publish "lift burst-$time.example" publish
    until_is 5 "$NOTICE" ask unbound "while-away-$time.example"
    for who in bind powerdns knot; do resolver_start "$who"; done
    blocked "while-away-$time.example" 15
    free "burst-$time.example"
    bind_was_early || break
done
no_whole "their absence" "$whole"

echo "== a torn file is written anew at the next start"
stop_peer
head -c 300 "$ZONE_FILE" >"$DIR/torn"
mv "$DIR/torn" "$ZONE_FILE"
start_peer
blocked while-away-1.example

echo "== a file that cannot be written is said, keeps what it held, and is tried again"
mv "${ZONE_FILE%/*}" "$DIR/away"
say "put no-folder.example notice" publish
for who in bind unbound powerdns; do until_is 5 "$NOTICE" ask "$who" no-folder.example; done
for _ in $(seq 1200); do [ "$(notes file-failed)" -gt 0 ] && break; sleep 0.05; done
expect "why" "$(grep -o 'why=.*' <(grep '^note file-failed' "$DIR/peer.out") | head -n 1)" \
    "why=file: cannot open"
say state
its_state() { grep -c '^state file 0 .*trouble=file: cannot open' "$DIR/peer.out"; }
until_is 2 1 its_state
mv "$DIR/away" "${ZONE_FILE%/*}"
blocked no-folder.example 15

echo "== ten thousand names at once, then one more"
say "fill 10000" publish
blocked name-9999.fill.example 10
blocked name-0.fill.example
say "put one-more.example notice" publish
blocked one-more.example
states() { grep -c '^state' "$DIR/peer.out"; }
before=$(states)
say state
until_is 2 $((before + 5)) states
grep '^state' "$DIR/peer.out" | tail -n 5
grep '^state' "$DIR/peer.out" | tail -n 5 | grep -q 'trouble=dns' && fault "somebody is in trouble"

echo "== a history that has gone: the zone whole, for all"
stop_peer
# The same state with no past: one publish of all that is listed, under a serial far ahead.
{ echo "serial 500000"; grep -v '^publish' "$DIR/journal" | grep -v '^quit'; echo publish; } \
    >"$DIR/journal.new"
mv "$DIR/journal.new" "$DIR/journal"
start_peer
say "put much-later.example notice" publish
blocked much-later.example 15
blocked one-more.example
free burst-1.example
[ "$(notes sent-whole)" -ge 3 ] || fault "only $(notes sent-whole) took the zone whole"
stop_peer

[ "$FAULTS" -eq 0 ] && echo "all as it should be"
exit $((FAULTS > 0))
