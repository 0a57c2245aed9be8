# SPDX-License-Identifier: Apache-2.0
# Sourced by tests that need the whole centre between real resolvers, all on 127.0.0.1:
#
#   world (Unbound: every name is 203.0.113.7) <-- BIND (TSIG), Unbound (by address) <-- yumen
#
# BIND and Unbound run the files of docs/resolvers with this test's address, port and secret. What
# blocked names lead to is $NOTICE; the notice page itself listens on 127.0.0.1:$NOTICE_PORT.
# Everything lives in $DIR and is stopped by process id when the script ends.
PATH=$PATH:/usr/sbin
for tool in named unbound dig python3 curl; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
: "${YUMEN:?}" "${SOURCE:?}"

DIR=$(mktemp -d)
DATA=$DIR/data
TRUTH=203.0.113.7
NOTICE=192.0.2.80
FAULTS=0
YUMEN_PID='' BIND_PID='' UNBOUND_PID='' WORLD_PID=''

centre_finish() {
    local pid
    for pid in $YUMEN_PID $BIND_PID $UNBOUND_PID $WORLD_PID; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    [ "$FAULTS" -eq 0 ] || tail -n 25 "$DIR"/*.log
    rm -rf "$DIR"
}
trap centre_finish EXIT

read -r HTTP_PORT NOTICE_PORT DNS_PORT BIND_PORT UNBOUND_PORT WORLD_PORT < <(python3 - <<'PY'
import socket
kept = []
while len(kept) < 6:
    t, u = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", 0))
    try: u.bind(("127.0.0.1", t.getsockname()[1]))
    except OSError: continue
    kept.append((t, u))
print(*(t.getsockname()[1] for t, u in kept))
PY
)
SECRET=$(head -c 32 /dev/urandom | base64)

now_ms() { local t=${EPOCHREALTIME/./}; echo $((t / 1000)); }
fault() { echo "FAULT: $*"; FAULTS=$((FAULTS + 1)); }
expect() { # WHAT GOT WANTED
    printf '  %s: %s\n' "$1" "$2"
    [ "$2" = "$3" ] || fault "$1: '$2', not '$3'"
}
# until_is SECONDS WANTED COMMAND…: says how long it took; a fault when it does not come.
until_is() {
    local seconds=$1 wanted=$2 begin got
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

# --- asking the resolvers ---
port_of() { if [ "$1" = bind ]; then echo "$BIND_PORT"; else echo "$UNBOUND_PORT"; fi; }
ask() { # bind|unbound NAME [TYPE]: the answers on one line
    dig +short +time=1 +tries=1 -p "$(port_of "$1")" @127.0.0.1 "$2" "${3:-A}" 2>/dev/null |
        sort | tr '\n' ' '
}
rcode() { # bind|unbound NAME: NXDOMAIN, "NOERROR" without answers, or the answers
    dig +time=1 +tries=1 -p "$(port_of "$1")" @127.0.0.1 "$2" A 2>/dev/null |
        sed -n 's/.*status: \([A-Z]*\).*/\1/p'
}
is_cut() { # bind|unbound NAME: "cut" when the answer is truncated over UDP
    dig +time=1 +tries=1 +ignore +notcp -p "$(port_of "$1")" @127.0.0.1 "$2" A 2>/dev/null |
        sed -n 's/^;; flags: .* tc .*/cut/p'
}
both() { # SECONDS WANTED FUNCTION NAME [TYPE]
    until_is "$1" "$2" "$3" bind "$4" "${5:-A}"
    until_is "$1" "$2" "$3" unbound "$4" "${5:-A}"
}
truth() { both "${2:-3}" "$TRUTH" ask "$1"; }
blocked() { both "${2:-3}" "$NOTICE" ask "$1"; }
serial() { dig +short +time=2 +tries=2 -p "$DNS_PORT" @127.0.0.1 rpz.yumen SOA | cut -d' ' -f3; }

# --- the resolvers ---
fit() { # a file of docs/resolvers with this test's address, port and secret
    sed -e "s/192\.0\.2\.53@5300/127.0.0.1@$DNS_PORT/" \
        -e "s/192\.0\.2\.53 port 5300/127.0.0.1 port $DNS_PORT/" \
        -e "s#cmVwbGFjZSB0aGlzIGJ5IHlvdXIgb3duIHNlY3JldA==#$SECRET#" \
        "$SOURCE/docs/resolvers/$1" >"$DIR/${1##*/}"
    grep -q '192\.0\.2\.53' "$DIR/${1##*/}" && fault "$1 holds an address this test does not know"
}
write_resolvers() {
    local common="username: \"\"
    chroot: \"\"
    directory: \"$DIR\"
    pidfile: \"\"
    use-syslog: no
    do-daemonize: no
    access-control: 127.0.0.0/8 allow"
    fit bind/yumen-options.conf
    fit bind/yumen-zone.conf
    fit unbound/yumen.conf
    cat >"$DIR/world.conf" <<CONF
server:
    $common
    interface: 127.0.0.1@$WORLD_PORT
    module-config: "iterator"
    local-zone: "." redirect
    local-data: ". 3600 A $TRUTH"
remote-control:
    control-enable: no
CONF
    cat >"$DIR/unbound.conf" <<CONF
server:
    $common
    interface: 127.0.0.1@$UNBOUND_PORT
    do-not-query-localhost: no
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
    listen-on port $BIND_PORT { 127.0.0.1; };
    listen-on-v6 { none; };
    recursion yes;
    forward only;
    forwarders { 127.0.0.1 port $WORLD_PORT; };
    dnssec-validation no;
    include "$DIR/yumen-options.conf";
};
controls { };
include "$DIR/yumen-zone.conf";
CONF
}
start_world() {
    unbound -d -c "$DIR/world.conf" >"$DIR/world.log" 2>&1 &
    WORLD_PID=$!
}
start_unbound() {
    unbound -d -c "$DIR/unbound.conf" >>"$DIR/unbound.log" 2>&1 &
    UNBOUND_PID=$!
}
start_bind() {
    named -g -c "$DIR/named.conf" >>"$DIR/named.log" 2>&1 &
    BIND_PID=$!
}
stop_bind() { kill "$BIND_PID"; wait "$BIND_PID" 2>/dev/null; BIND_PID=''; }

# --- the centre ---
write_options() { # DATA: what init wrote, with this test's doors
    mkdir -p "$1/keys"
    printf '%s\n' "$SECRET" >"$1/keys/yumen.example"
    cat >"$1/yumen.yaml" <<CONF
listen: 127.0.0.1:$HTTP_PORT
notice:
  listen: 127.0.0.1:$NOTICE_PORT
dns:
  listen: 127.0.0.1:$DNS_PORT
  ttl_s: 5
  notice:
    a: $NOTICE
  tsig:
    - {name: yumen.example, algorithm: hmac-sha256, secret_file: keys/yumen.example}
  secondaries:
    - {address: "127.0.0.1:$BIND_PORT", tsig: yumen.example}
    - {address: "127.0.0.1:$UNBOUND_PORT"}
CONF
}
start_yumen() { # [options of serve]; what it says since then is in $DIR/yumen.log
    : >"$DIR/yumen.log"
    "$YUMEN" serve --data "$DATA" "$@" >>"$DIR/yumen.log" 2>&1 &
    YUMEN_PID=$!
    for _ in $(seq 200); do
        curl -sf --unix-socket "$DATA/yumen.sock" http://yumen/readyz >/dev/null && return
        kill -0 "$YUMEN_PID" 2>/dev/null || break
        sleep 0.05
    done
    fault "the centre does not start"
    exit 1
}
stop_yumen() {
    kill "$YUMEN_PID"
    wait "$YUMEN_PID"
    local code=$?
    [ "$code" -eq 0 ] || fault "yumen ended with $code"
    YUMEN_PID=''
}
noted() { grep -c "\"event\":\"dns.$1\"" "$DIR/yumen.log"; } # at most 20 a second are logged
field() { # NAME: of the JSON on standard input; nothing when it is not there
    python3 -c 'import json, sys
v = json.load(sys.stdin).get(sys.argv[1])
print(v if isinstance(v, str) else "" if v is None else json.dumps(v))' "$1"
}
call() { # TOKEN METHOD PATH [BODY]: the answer; an empty token is anybody
    local options=()
    [ -n "$1" ] && options=(-H "Authorization: Bearer $1")
    [ $# -gt 3 ] && options+=(-H 'Content-Type: application/json' -d "$4")
    curl -s -m 120 -X "$2" "${options[@]}" "http://127.0.0.1:$HTTP_PORT$3"
}
add_user() { # NAME ROLES: prints a token
    curl -s --unix-socket "$DATA/yumen.sock" -H 'Content-Type: application/json' \
        -d "{\"name\":\"$1\",\"roles\":\"$2\",\"token\":true}" http://yumen/v1/users | field token
}
in_days() { date -u -d "@$(($(date +%s) + $1 * 86400))" +%FT%TZ; }
propose() { # DOMAIN ACTION [more JSON members]: prints the listing
    local more=${3:-}
    [[ $more == *'"until"'* ]] || more="\"until\":\"$(in_days 30)\"${more:+,$more}"
    call "$ANN" POST /v1/listings "{\"kind\":\"domain\",\"value\":\"$1\",\"action\":\"$2\",
        \"reason\":\"phishing\",\"basis\":\"fraud_law_32\",\"source\":\"test\",
        \"evidence\":\"seen\",$more}" | field listing
}
approve() { call "$BOB" POST "/v1/listings/$1/approve" '{}' | field state; }
lift() { call "$BOB" POST "/v1/listings/$1/lift" '{"why":"test"}' | field state; }
put_in_force() { # DOMAIN ACTION [more]: prints the listing
    local id
    id=$(propose "$@")
    [ "$(approve "$id")" = in_force ] || echo "FAULT: $1 is not in force" >&2
    echo "$id"
}
