# SPDX-License-Identifier: Apache-2.0
# Sourced by tests that need real resolvers, on loopback, between Yumen and a world:
#
#   world (Unbound: every name is $TRUTH) <-- bind, unbound, powerdns, knot <-- Yumen
#
# Each runs the files of docs/resolvers with this test's addresses, ports and secrets. Set before:
# DIR, SOURCE; and, where they are not 127.0.0.1, BIND_AT (where BIND listens and asks Yumen).
# Stopped by process id: resolvers_stop.
PATH=$PATH:/usr/sbin
: "${DIR:?}" "${SOURCE:?}" "${BIND_AT:=127.0.0.1}"
TRUTH=203.0.113.7
NOTICE=192.0.2.80
ZONE_FILE=$DIR/zone/rpz.yumen
declare -A RESOLVER_PID=() RESOLVER_PORT=() RESOLVER_AT=(
    [bind]=$BIND_AT [unbound]=127.0.0.1 [powerdns]=127.0.0.1 [knot]=127.0.0.1)

resolvers_need() { # RESOLVER or program...: ends the test when one is missing
    local program
    declare -A programs=([bind]=named [unbound]=unbound [powerdns]=pdns_recursor [knot]=kresd)
    for program in unbound dig python3 "$@"; do
        program=${programs[$program]:-$program}
        command -v "$program" >/dev/null || { echo "skipped: no $program"; exit 77; }
    done
    [[ " $* " != *" knot "* ]] || ls /usr/lib/*/lua/5.1/_cqueues.so >/dev/null 2>&1 || {
        echo "skipped: no lua-cqueues"
        exit 77
    }
}
free_ports() { python3 "$SOURCE/tests/system/ports.py" "$1"; } # COUNT: on one line
read -r WORLD_PORT RESOLVER_PORT[bind] RESOLVER_PORT[unbound] RESOLVER_PORT[powerdns] \
    RESOLVER_PORT[knot] < <(free_ports 5)
SECRET=$(head -c 32 /dev/urandom | base64)          # BIND's: key yumen.example
POWERDNS_SECRET=$(head -c 32 /dev/urandom | base64) # PowerDNS's: key powerdns.example

now_ms() { local t=${EPOCHREALTIME/./}; echo $((t / 1000)); }
fault() { # what failed; said again when the test ends, after everybody's log
    FAULTS=$((FAULTS + 1))
    echo "FAULT: $*" | tee -a "$DIR/faults"
}
faults_again() { [ ! -s "$DIR/faults" ] || cat "$DIR/faults"; }
# until_is SECONDS WANTED COMMAND…: says how long it took; a fault when it does not come. SECONDS are
# those of a machine with nothing else to do; how long it may take at most is no claim of a test.
PATIENCE=20
until_is() {
    local seconds=$(($1 * PATIENCE)) wanted=$2 begin got
    shift 2
    begin=$(now_ms)
    while got=$("$@"); [ "${got% }" != "$wanted" ]; do
        if [ $(($(now_ms) - begin)) -gt $((seconds * 1000)) ]; then
            fault "$* is '$got', not '$wanted', after $seconds s"
            return 1
        fi
        sleep 0.01
    done
    printf '%5d ms  %s = %s\n' $(($(now_ms) - begin)) "$*" "$wanted"
}
dig_at() { # RESOLVER [options of dig]
    local who=$1
    shift
    dig +time=1 +tries=1 -p "${RESOLVER_PORT[$who]}" "@${RESOLVER_AT[$who]}" "$@" 2>/dev/null
}
ask() { dig_at "$1" +short "$2" "${3:-A}" | sort | tr '\n' ' '; } # the answers on one line
status() { # the rcode, and "cut" when truncated
    dig_at "$1" +ignore +notcp "$2" "${3:-A}" |
        sed -n 's/.*status: \([A-Z]*\).*/\1/p; s/^;; flags: .* tc .*/cut/p' | tr '\n' ' '
}

# --- their files ---
fit() { # a file of docs/resolvers with what is this test's own in place of the examples
    local file=$DIR/${1%/*}-${1##*/}
    sed -e "s/192\.0\.2\.53@5300/127.0.0.1@$PRIMARY_PORT/" \
        -e "s/192\.0\.2\.53:5300/127.0.0.1:$PRIMARY_PORT/" \
        -e "s/192\.0\.2\.53 port 5300/$BIND_AT port $PRIMARY_PORT/" \
        -e "s#/var/lib/powerdns/#$DIR/powerdns/#; s#/var/lib/yumen/rpz.yumen#$ZONE_FILE#" \
        -e "s#cmVwbGFjZSB0aGlzIGJ5IHlvdXIgb3duIHNlY3JldA==#$2#" \
        "$SOURCE/docs/resolvers/$1" >"$file"
    ! grep -qE '192\.0\.2\.53|/var/lib|/etc' <(grep -vE '^ *(--|//|#)' "$file") ||
        fault "$1 holds a place this test does not know"
}
unbound_common() { # PORT
    cat <<CONF
server:
    interface: 127.0.0.1@$1
    username: ""
    chroot: ""
    directory: "$DIR"
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    access-control: 127.0.0.0/8 allow
    access-control: ::1/128 allow
remote-control:
    control-enable: no
CONF
}
write_resolvers() { # PRIMARY_PORT: where Yumen serves the zone
    PRIMARY_PORT=$1
    mkdir -p "$DIR/powerdns" "$DIR/knot" "${ZONE_FILE%/*}"
    fit bind/yumen-options.conf "$SECRET"
    fit bind/yumen-zone.conf "$SECRET"
    fit unbound/yumen.conf ""
    fit powerdns/yumen.conf ""
    fit powerdns/yumen.lua "$POWERDNS_SECRET"
    sed -i 's/yumen\.example/powerdns.example/' "$DIR/powerdns-yumen.lua"
    fit knot/yumen.conf ""
    { unbound_common "$WORLD_PORT"; cat <<CONF; } >"$DIR/world.conf"
server:
    module-config: "iterator"
    local-zone: "." redirect
    local-data: ". 3600 A $TRUTH"
CONF
    { unbound_common "${RESOLVER_PORT[unbound]}"; cat <<CONF; } >"$DIR/unbound.conf"
server:
    do-not-query-localhost: no
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@$WORLD_PORT
include: "$DIR/unbound-yumen.conf"
CONF
    local listen="listen-on port ${RESOLVER_PORT[bind]} { $BIND_AT; }; listen-on-v6 { none; };"
    [[ $BIND_AT == *:* ]] &&
        listen="listen-on-v6 port ${RESOLVER_PORT[bind]} { $BIND_AT; }; listen-on { none; };"
    cat >"$DIR/named.conf" <<CONF
options {
    directory "$DIR";
    pid-file none;
    session-keyfile none;
    $listen
    recursion yes;
    allow-query { any; };
    allow-recursion { any; };
    forward only;
    forwarders { 127.0.0.1 port $WORLD_PORT; };
    dnssec-validation no;
    include "$DIR/bind-yumen-options.conf";
};
controls { };
include "$DIR/bind-yumen-zone.conf";
CONF
    { cat "$DIR/powerdns-yumen.conf"; cat <<CONF; } >"$DIR/powerdns/recursor.conf"
local-address=127.0.0.1
local-port=${RESOLVER_PORT[powerdns]}
socket-dir=$DIR/powerdns
daemon=no
disable-syslog=yes
dnssec=off
hint-file=no
dont-query=
forward-zones-recurse=.=127.0.0.1:$WORLD_PORT
lua-config-file=$DIR/powerdns-yumen.lua
write-pid=no
threads=1
CONF
    cat >"$DIR/kresd.conf" <<CONF
net.listen('127.0.0.1', ${RESOLVER_PORT[knot]}, { kind = 'dns' })
modules.unload('ta_update')
modules.unload('ta_signal_query')
modules.unload('priming')
trust_anchors.remove('.')
cache.open(50 * MB, 'lmdb://$DIR/knot/cache')
dofile('$DIR/knot-yumen.conf')
policy.add(policy.all(policy.STUB('127.0.0.1@$WORLD_PORT')))
CONF
}

# --- their lives ---
resolver_start() { # RESOLVER: what it says is in RESOLVER.log
    local command
    case $1 in
    bind) command=(named -g -c "$DIR/named.conf") ;;
    unbound) command=(unbound -d -c "$DIR/unbound.conf") ;;
    world) command=(unbound -d -c "$DIR/world.conf") ;;
    powerdns) command=(pdns_recursor --config-dir="$DIR/powerdns") ;;
    knot) command=(kresd -n -c "$DIR/kresd.conf" "$DIR/knot") ;;
    esac
    "${command[@]}" >>"$DIR/$1.log" 2>&1 </dev/null 7>&- &
    RESOLVER_PID[$1]=$!
}
resolver_stop() {
    [ -n "${RESOLVER_PID[$1]:-}" ] || return 0
    kill "${RESOLVER_PID[$1]}" 2>/dev/null
    wait "${RESOLVER_PID[$1]}" 2>/dev/null
    unset "RESOLVER_PID[$1]"
}
# A NOTIFY that finds BIND still reading its file makes BIND ask for the whole zone. That is its own
# way and says nothing about Yumen: whoever counts transfers lets it come back once more.
bind_log_anew() { : >"$DIR/bind.log"; }
bind_was_early() { grep -q 'rpz\.yumen/IN: notify from .*: no serial' "$DIR/bind.log"; }
resolvers_stop() {
    local who
    for who in "${!RESOLVER_PID[@]}"; do resolver_stop "$who"; done
}
