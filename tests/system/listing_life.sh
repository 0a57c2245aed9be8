#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the life of a listing from end to end. One person proposes, another approves; two real
#   resolvers, the API, the command line and the notice page enforce it; it is lifted or ends by
#   itself; restarts, crashes and a restore lose nothing and take no serial back.
# Method: the whole program beside BIND (TSIG) and Unbound with the files of docs/resolvers; every
#   claim is asked of both resolvers with dig until it holds, and the time that took is printed.
set -uo pipefail
# shellcheck source=tests/system/centre.bash
. "${SOURCE:?}/tests/system/centre.bash"

LAST_SERIAL=0
serial_moves() { # WHAT: the serial never goes back
    local now
    now=$(serial)
    echo "  serial $1: $now"
    [ "${now:-0}" -ge "$LAST_SERIAL" ] || fault "serial $LAST_SERIAL, then '$now'"
    LAST_SERIAL=${now:-0}
}
soa_status() {
    dig +noall +comments +time=20 +tries=2 -p "$DNS_PORT" @127.0.0.1 rpz.yumen SOA |
        sed -n 's/.*status: \([A-Z]*\).*/\1/p'
}
verdict() {
    curl -sG --data-urlencode "value=$1" "http://127.0.0.1:$HTTP_PORT/v1/check?kind=domain" |
        field verdict
}
said() { # NAME: what the command line says, and its exit status
    local out code
    out=$("$YUMEN" check "$1" --data "$DATA" --json)
    code=$?
    echo "$(field verdict <<<"$out") $code"
}
page() { # NAME PATH: the page whoever was led astray sees
    curl -s -m 120 --noproxy '*' -H "Host: $1" "http://127.0.0.1:$NOTICE_PORT$2"
}

"$YUMEN" init --data "$DATA" --drill >/dev/null || fault "init"
write_options "$DATA"
write_resolvers "$DNS_PORT"
resolver_start world
start_yumen
ANN=$(add_user ann analyst,feeder)
BOB=$(add_user bob approver)
CAT=$(add_user cat operator)
resolver_start unbound
resolver_start bind
serial_moves "at the start"

echo "== one proposes, another approves"
truth shop.evil.example 15
id=$(propose shop.evil.example block)
expect "the proposer may not approve" \
    "$(call "$ANN" POST "/v1/listings/$id/approve" '{}' | field status)" 403
expect "before approval" "$(verdict shop.evil.example)" pass
until_is 1 "$TRUTH" ask bind shop.evil.example
began=$(now_ms)
expect "approval" "$(approve "$id")" in_force
until_is 2 "$NOTICE" ask bind shop.evil.example && bind_ms=$(($(now_ms) - began))
until_is 2 "$NOTICE" ask unbound shop.evil.example && unbound_ms=$(($(now_ms) - began))
echo "FROM APPROVAL TO THE FIRST BLOCKED ANSWER: BIND ${bind_ms:-?} ms, both ${unbound_ms:-?} ms" \
    "(a name both had cached)"
all_say 2 "$TRUTH" ask www.shop.evil.example
all_say 2 "" ask shop.evil.example AAAA

echo "== everybody says the same"
expect "the API" "$(verdict shop.evil.example)" block
expect "the API, in another spelling" "$(verdict SHOP.Evil.Example.)" block
expect "the command line" "$(said shop.evil.example)" "block 1"
html=$(page shop.evil.example /any/path?q=1)
for wanted in "shop.evil.example" "Phishing page" "Fraud Law" "$(in_days 30 | cut -c1-7)" \
    "/appeal?listing=$id"; do
    grep -qF "$wanted" <<<"$html" || fault "the notice page lacks '$wanted'"
done
grep -qF "/appeal?listing=$id" <<<"$(page innocent.example /)" && fault "a free name has a notice"
expect "an appeal, by anybody" "$(call "" POST /v1/appeals \
    "{\"listing\":\"$id\",\"statement\":\"it is my shop\"}" | field state)" filed

echo "== a lift acts at once"
began=$(now_ms)
expect "lift" "$(lift "$id")" lifted
truth shop.evil.example 2
echo "FROM LIFT TO THE FIRST TRUE ANSWER AT BOTH: $(($(now_ms) - began)) ms"
expect "the API" "$(verdict shop.evil.example)" pass
expect "the command line" "$(said shop.evil.example)" "pass 0"
grep -qF "/appeal?listing=$id" <<<"$(page shop.evil.example /)" &&
    fault "a lifted name has a notice"
serial_moves "after a lift"

echo "== below a name, and what is let through there"
wide=$(put_in_force wide.example block '"match":"suffix"')
blocked wide.example
blocked a.b.wide.example
deep=$(put_in_force x.deep.wide.example block '"rpz":"nxdomain"')
all_say 2 NXDOMAIN status x.deep.wide.example
blocked deep.wide.example
blocked other.deep.wide.example
good=$(put_in_force good.wide.example allow)
truth good.wide.example
blocked below.good.wide.example
garden=$(put_in_force garden.wide.example allow '"match":"suffix"')
truth garden.wide.example
truth a.garden.wide.example
expect "the API below an allowed suffix" "$(verdict a.garden.wide.example)" pass
expect "lift" "$(lift "$wide")" lifted
truth wide.example
truth a.b.wide.example
truth below.good.wide.example
all_say 2 NXDOMAIN status x.deep.wide.example
for id in "$deep" "$good" "$garden"; do expect "lift" "$(lift "$id")" lifted; done
truth x.deep.wide.example

echo "== what a listing asks for, and several on one name"
put_in_force none.example block '"rpz":"nxdomain"' >/dev/null
put_in_force empty.example block '"rpz":"nodata"' >/dev/null
put_in_force warned.example warn >/dev/null
put_in_force slow.example block '"rpz":"tcp_only"' >/dev/null
all_say 2 NXDOMAIN status none.example
all_say 2 NOERROR status empty.example
all_say 2 "NOERROR cut" status slow.example
truth slow.example # by TCP, as dig asks again
all_say 2 "" ask empty.example
expect "a warning, at the API" "$(verdict warned.example)" warn
until_is 1 "$TRUTH" ask bind warned.example
older=$(put_in_force twice.example block)
blocked twice.example
newer=$(put_in_force twice.example block '"rpz":"nxdomain"')
all_say 2 NXDOMAIN status twice.example
above=$(put_in_force twice.example allow)
truth twice.example
expect "lift the allow" "$(lift "$above")" lifted
all_say 2 NXDOMAIN status twice.example
expect "lift the newer" "$(lift "$newer")" lifted
blocked twice.example
expect "lift the older" "$(lift "$older")" lifted
truth twice.example

echo "== names"
put_in_force 诈骗.example block >/dev/null
blocked xn--0d3aq50a.example
expect "in its own script, at the API" "$(verdict 诈骗.example)" block
put_in_force _dmarc.under_score.example block >/dev/null
blocked _dmarc.under_score.example
long=$(printf 'a%.0s' {1..60})
long=$long.$long.$long.$(printf 'b%.0s' {1..50}).example # 241 bytes: none are left for the zone
put_in_force "$long" block '"match":"suffix"' >/dev/null
expect "a name too long for the zone, at the API" "$(verdict "$long")" block
put_in_force after-long.example block >/dev/null
blocked after-long.example
expect "a wildcard is no domain" "$(call "$ANN" POST /v1/listings \
    "{\"kind\":\"domain\",\"value\":\"*.evil.example\",\"action\":\"block\",\"reason\":\"phishing\",
      \"evidence\":\"report 17\",\"basis\":\"fraud_law_32\",\"until\":\"$(in_days 1)\"}" |
        field code)" domain.wildcard

echo "== a batch: all of it, and nobody takes the zone whole for it"
whole=$(noted sent_whole)
until_ms=$((($(date +%s) + 86400) * 1000))
{
    echo kind,value,action,reason,basis,source,until
    for i in $(seq 5000); do
        echo "domain,n$i.batch.example,block,phishing,fraud_law_32,test,$until_ms"
    done
} >"$DIR/batch.csv"
batch=$(curl -s -m 120 -H "Authorization: Bearer $ANN" -H 'Content-Type: text/csv' \
    --data-binary @"$DIR/batch.csv" "http://127.0.0.1:$HTTP_PORT/v1/feeds/listings")
expect "accepted" "$(field accepted <<<"$batch")" 5000
expect "approved" "$(call "$BOB" POST "/v1/batches/$(field batch <<<"$batch")/approve" '{}' |
    field approved)" 5000
blocked n1.batch.example
blocked n2500.batch.example
blocked n5000.batch.example
expect "zones sent whole for it" "$(($(noted sent_whole) - whole))" 0
serial_moves "after a batch"

echo "== who may transfer"
transfer() { # [dig options]: does an AXFR come?
    dig +time=30 +tries=1 -p "$DNS_PORT" @127.0.0.1 rpz.yumen AXFR "$@" 2>&1 |
        grep -Eq '^rpz\.yumen\..*SOA' && echo given && return
    echo refused
}
WRONG=$(head -c 32 /dev/urandom | base64)
expect "BIND's key" "$(transfer -y "hmac-sha256:yumen.example:$SECRET")" given
expect "a forged signature" "$(transfer -y "hmac-sha256:yumen.example:$WRONG")" refused
expect "an unknown key" "$(transfer -y "hmac-sha256:other.example:$SECRET")" refused
expect "another algorithm" "$(transfer -y "hmac-sha512:yumen.example:$SECRET")" refused
expect "a stranger's address" "$(transfer -b 127.0.0.9)" refused
[ "$(noted bad_signature)" -ge 1 ] || fault "a forged signature is not in the log"

echo "== Yumen restarted: both go on by IXFR"
kept=$(put_in_force kept.example block)
blocked kept.example
stop_yumen
until_is 1 "$NOTICE" ask bind kept.example # without Yumen the last list holds
start_yumen
serial_moves "after a restart"
expect "the API after a restart" "$(verdict kept.example)" block
put_in_force after-restart.example block >/dev/null
expect "lift what was listed before" "$(lift "$kept")" lifted
blocked after-restart.example
truth kept.example
expect "zones sent whole after a restart" "$(noted sent_whole)" 0
[ "$(noted sent_differences)" -ge 2 ] || fault "nobody came for differences after a restart"

echo "== Yumen killed right after an approval"
id=$(propose killed.example block)
approve "$id" >/dev/null
kill -9 "$YUMEN_PID"
wait "$YUMEN_PID" 2>/dev/null
start_yumen
serial_moves "after kill -9"
blocked killed.example 5
expect "zones sent whole after kill -9" "$(noted sent_whole)" 0

echo "== BIND away and back: by IXFR"
for time in 1 2 3 4 5 6; do
    whole=$(noted sent_whole)
    resolver_stop bind
    bind_log_anew
    away=$(put_in_force "while-away-$time.example" block)
    until_is 2 "$NOTICE" ask unbound "while-away-$time.example"
    resolver_start bind
    blocked "while-away-$time.example" 10
    bind_was_early || break
done
expect "zones sent whole to BIND" "$(($(noted sent_whole) - whole))" 0
expect "lift" "$(lift "$away")" lifted
truth "while-away-$time.example"

echo "== another notice host reaches names that did not change"
stop_yumen
NOTICE=192.0.2.81
write_options "$DATA"
start_yumen
serial_moves "with another notice host"
blocked after-restart.example 10
stop_yumen

echo "== it begins and ends by itself"
start_yumen --clock manual
clock=$(call "$ANN" GET /v1/me | field now)
to_clock() { # SECONDS after the restart
    python3 -c 'import datetime, sys
t = datetime.datetime.fromisoformat(sys.argv[1]) + datetime.timedelta(seconds=int(sys.argv[2]))
print(t.isoformat())' "$clock" "$1"
}
advance() { # SECONDS after the restart
    call "$ANN" POST /v1/clock "{\"now\":\"$(to_clock "$1")\"}" >/dev/null
}
for i in 1 2; do
    put_in_force "brief$i.example" block "\"until\":\"$(to_clock 3600)\"" >/dev/null
done
put_in_force later.example block "\"from\":\"$(to_clock 1800)\",\"until\":\"$(to_clock 3600)\"" \
    >/dev/null
blocked brief1.example
expect "before it begins, at the API" "$(verdict later.example)" pass
until_is 1 "$TRUTH" ask bind later.example # before it begins
advance 1800
expect "when it begins, at the API" "$(verdict later.example)" block
blocked later.example
advance 3599
expect "a second before its end" "$(verdict brief1.example)" block
advance 3600
expect "at its end, at once" "$(verdict brief1.example)" pass
truth brief1.example
truth brief2.example
truth later.example
expect "the clock does not go back" \
    "$(call "$ANN" POST /v1/clock "{\"now\":\"$(to_clock 0)\"}" | field status)" 409
serial_moves "after a day in a minute"
advance $((86400 * 2)) # the 5,000 of the batch, all at one moment
expect "a batch at its end" "$(verdict n1.batch.example)" pass
truth n1.batch.example
truth n5000.batch.example
serial_moves "after 5,000 ends"
call "$ANN" GET "/v1/listings?state=in_force&limit=1" | field total >"$DIR/before"
stop_yumen

echo "== restored from a backup, twice: no serial comes twice"
start_yumen
put_in_force backed-up.example block >/dev/null
blocked backed-up.example
printf 'a pass phrase of many words\n' >"$DIR/pass"
"$YUMEN" backup "$DIR/backup" --data "$DATA" --passphrase-file "$DIR/pass" || fault "backup"
put_in_force after-backup.example block >/dev/null
blocked after-backup.example
serial_moves "after the backup"
kill -9 "$YUMEN_PID"
wait "$YUMEN_PID" 2>/dev/null
for DATA in "$DIR/second" "$DIR/third"; do
    "$YUMEN" restore "$DIR/backup" --data "$DATA" --passphrase-file "$DIR/pass" --no-erasures ||
        fault "restore"
    write_options "$DATA"
    start_yumen
    expect "the zone is held" "$(soa_status)" SERVFAIL
    expect "what was listed after the backup" "$(verdict after-backup.example)" pass
    blocked backed-up.example # resolvers go on with what they have
    held=$(put_in_force after-restore.example block)
    sleep 1
    until_is 1 "$TRUTH" ask bind after-restore.example # nothing leaves before somebody has looked
    expect "reconciled" "$(call "$CAT" POST /v1/centre/reconcile '{"why":"test"}' |
        field outbox_held)" false
    blocked after-restore.example
    truth after-backup.example 10
    blocked backed-up.example
    serial_moves "after a restore"
    expect "lift" "$(lift "$held")" lifted
    truth after-restore.example
    serial_moves "after a restore and a change"
    stop_yumen
done

[ "$FAULTS" -eq 0 ] && echo "all as it should be"
exit $((FAULTS > 0))
