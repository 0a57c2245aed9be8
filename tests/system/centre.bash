# SPDX-License-Identifier: Apache-2.0
# Sourced by tests that need the whole centre between real resolvers, all on 127.0.0.1:
#
#   world (Unbound: every name is $TRUTH) <-- RESOLVERS (resolvers.bash) <-- yumen
#
# RESOLVERS may be set before; without, BIND (TSIG) and Unbound (by address). What blocked names lead
# to is $NOTICE; the notice page itself listens on 127.0.0.1:$NOTICE_PORT. Everything lives in $DIR
# and is stopped by process id when the script ends; KEEP=1 leaves the folder.
: "${YUMEN:?}" "${SOURCE:?}"
[ -n "${RESOLVERS+set}" ] || RESOLVERS=(bind unbound)
DIR=$(mktemp -d)
DATA=$DIR/data
FAULTS=0
YUMEN_PID=''
# shellcheck source=tests/system/resolvers.bash
. "$SOURCE/tests/system/resolvers.bash"
resolvers_need curl "${RESOLVERS[@]}"

centre_finish() {
    resolvers_stop
    [ -z "$YUMEN_PID" ] || kill "$YUMEN_PID" 2>/dev/null
    wait 2>/dev/null
    [ "$FAULTS" -eq 0 ] || tail -n 25 "$DIR"/*.log
    faults_again
    [ -n "${KEEP:-}" ] || rm -rf "$DIR"
}
trap centre_finish EXIT
read -r HTTP_PORT NOTICE_PORT DNS_PORT < <(free_ports 3)

expect() { # WHAT GOT WANTED
    printf '  %s: %s\n' "$1" "$2"
    [ "$2" = "$3" ] || fault "$1: '$2', not '$3'"
}
all_say() { # SECONDS WANTED FUNCTION NAME [TYPE]
    local who
    for who in "${RESOLVERS[@]}"; do until_is "$1" "$2" "$3" "$who" "$4" "${5:-A}"; done
}
truth() { all_say "${2:-3}" "$TRUTH" ask "$1"; }
blocked() { all_say "${2:-3}" "$NOTICE" ask "$1"; }
serial() { dig +short +time=20 +tries=2 -p "$DNS_PORT" @127.0.0.1 rpz.yumen SOA | cut -d' ' -f3; }

# --- the centre ---
secondary() { # RESOLVER: its line of the options
    case $1 in
    bind) echo "    - {address: \"127.0.0.1:${RESOLVER_PORT[bind]}\", tsig: yumen.example}" ;;
    unbound) echo "    - {address: \"127.0.0.1:${RESOLVER_PORT[unbound]}\"}" ;;
    powerdns)
        echo "    - {address: \"127.0.0.1:${RESOLVER_PORT[powerdns]}\", tsig: powerdns.example," \
            "polls: yes}"
        ;;
    esac
}
write_options() { # DATA: what init wrote, with this test's doors
    local who
    mkdir -p "$1/keys"
    printf '%s\n' "$SECRET" >"$1/keys/yumen.example"
    printf '%s\n' "$POWERDNS_SECRET" >"$1/keys/powerdns.example"
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
    - {name: powerdns.example, algorithm: hmac-sha256, secret_file: keys/powerdns.example}
  files: [$([[ " ${RESOLVERS[*]} " != *" knot "* ]] || echo "$ZONE_FILE")]
  secondaries:
$(for who in "${RESOLVERS[@]}"; do secondary "$who"; done)
CONF
}
start_yumen() { # [options of serve]; what it says since then is in $DIR/yumen.log
    : >"$DIR/yumen.log"
    "$YUMEN" serve --data "$DATA" "$@" >>"$DIR/yumen.log" 2>&1 &
    YUMEN_PID=$!
    for _ in $(seq 1200); do
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
