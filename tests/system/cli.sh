#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every command does what it says, with the exit code it says, alone and beside a server.
# Method: a centre in a temporary folder; the same round of commands twice, first without a server,
# then against one; then what nobody should send. Each check is one line; all are run, then counted.
set -u
: "${YUMEN:?the program}" "${VERIFIER:?yumen-verify}"
export LC_ALL=C.UTF-8 NO_COLOR=1 YUMEN
unset YUMEN_TOKEN YUMEN_DATA LANG

WORK=$(mktemp -d)
FAILED=0 CHECKED=0 SERVER=
OUT=$WORK/out ERR=$WORK/err

stop_server()
{
    [ -n "$SERVER" ] && kill -TERM "$SERVER" 2>/dev/null && wait "$SERVER" 2>/dev/null
    SERVER=
}
trap 'stop_server; rm -rf "$WORK"' EXIT

complain()
{
    FAILED=$((FAILED + 1))
    echo "FAIL $1"
    sed 's/^/     out: /' "$OUT" | head -n 12
    sed 's/^/     err: /' "$ERR" | head -n 12
}

# expect CODE COMMAND...: runs it, keeps what it says in $OUT and $ERR.
expect()
{
    local wanted=$1 code
    shift
    "$@" >"$OUT" 2>"$ERR" </dev/null
    code=$?
    CHECKED=$((CHECKED + 1))
    [ "$code" = "$wanted" ] ||
        complain "$(printf '%q ' "$@" | cut -c1-200): exit $code, not $wanted"
}

# says PATTERN, is_silent: about standard output of the last command; complains PATTERN: its errors.
says()
{
    CHECKED=$((CHECKED + 1))
    grep -qE -- "$1" "$OUT" || complain "standard output does not say: $1"
}

says_not()
{
    CHECKED=$((CHECKED + 1))
    grep -qE -- "$1" "$OUT" && complain "standard output says: $1"
}

complains()
{
    CHECKED=$((CHECKED + 1))
    grep -qE -- "$1" "$ERR" || complain "standard error does not say: $1"
}

lines()
{
    CHECKED=$((CHECKED + 1))
    [ "$(wc -l <"$OUT")" = "$1" ] || complain "standard output has $(wc -l <"$OUT") lines, not $1"
}

yumen()
{
    "$YUMEN" "$@" --data "$D"
}

as()
{
    local token=$1
    shift
    YUMEN_TOKEN=$token "$YUMEN" "$@" --data "$D"
}

# field NAME: of the JSON in $OUT
field()
{
    sed -nE "s/.*\"$1\":\"?([^\",}]*)\"?.*/\\1/p" "$OUT" | head -n 1
}

FUTURE=$(date -u -d '+60 days' +%FT%TZ)

# rows NAME COUNT: a file of COUNT new domains
rows()
{
    local i
    echo "kind,value,action,reason,basis,source,until"
    for ((i = 0; i < $2; i++)); do
        echo "domain,$1-$i.example,block,phishing,fraud_law_24,cert,$FUTURE"
    done
}

# ---- a centre -----------------------------------------------------------------------------------

wrong_usage()
{
    D=$WORK/none
    expect 2 "$YUMEN"
    expect 0 "$YUMEN" --help
    says '^  ingest '
    expect 0 "$YUMEN" help
    says '^  ingest '
    says '^  help '
    expect 0 "$YUMEN" help ingest
    says 'yumen ingest FEED FILE'
    expect 2 "$YUMEN" help frobnicate
    complains 'no such command'
    expect 2 "$YUMEN" frobnicate
    complains 'no such command'
    local name
    for name in serve ingest check listings sources conflicts appeals audit rejects user keys \
        bench init version; do
        expect 0 "$YUMEN" "$name" --help
        says "yumen $name"
        expect 2 "$YUMEN" "$name" --frobnicate
    done
    expect 0 env LC_ALL=zh_CN.UTF-8 "$YUMEN" ingest --help
    says '用法'
    expect 2 yumen ingest
    expect 2 yumen ingest listings
    expect 2 yumen check
    expect 2 yumen listings frobnicate
    expect 2 yumen listings show
    expect 2 yumen listings add domain
    expect 2 yumen listings add domain a.example
    expect 2 yumen listings approve
    expect 2 yumen listings approve a --batch b
    expect 2 yumen listings --limit 0
    expect 2 yumen listings --limit 501
    expect 2 yumen listings --limit
    expect 2 yumen listings --state a --state b
    expect 2 yumen sources frobnicate
    expect 2 yumen sources show
    expect 2 yumen sources add
    expect 2 yumen sources add a b
    expect 2 yumen sources approve
    expect 2 yumen sources accept
    expect 2 yumen sources --shrink
    expect 2 yumen conflicts frobnicate
    expect 2 yumen conflicts dismiss
    expect 2 yumen conflicts list-anyway --why a
    expect 2 yumen ingest listings --under a
    expect 2 yumen appeals decide ref maybe --answer a
    expect 2 yumen appeals decide ref granted
    expect 2 yumen audit
    expect 2 yumen audit export
    expect 2 yumen rejects
    expect 2 yumen rejects a --csv --json
    expect 2 yumen user add lin
    expect 2 yumen keys rotate
    expect 2 yumen init --drill --demonstration
    expect 2 yumen version a
    # There is no centre yet: nothing to answer from.
    expect 1 yumen check a.example
    expect 1 yumen audit verify
    expect 0 "$YUMEN" version
    says '^yumen [0-9]'
    expect 4 bash -c '"$YUMEN" version >/dev/full'
    expect 0 "$YUMEN" version --json
    says '"schema":'
}

found()
{
    D=$WORK/centre
    expect 0 yumen init --name 测试中心
    expect 3 yumen init
    expect 0 yumen user add lin --role analyst,feeder --token
    lines 1
    LIN=$(cat "$OUT")
    expect 0 yumen user add chen --role approver,commander --token
    CHEN=$(cat "$OUT")
    expect 0 yumen user add guan --role approver --token
    GUAN=$(cat "$OUT")
    echo 'a long enough password' >"$WORK/password"
    expect 0 yumen user add wang --role operator --password-file "$WORK/password"
    lines 0
    expect 3 yumen user add wang --role operator
    complains 'user.exists'
    expect 3 yumen user add BAD --role operator
    expect 3 yumen user add zhao --role king
    expect 3 yumen user add zhao --role admin,approver
    echo short >"$WORK/short"
    expect 3 yumen user password wang --password-file "$WORK/short"
    expect 0 yumen user password wang --password-file "$WORK/password"
    expect 4 yumen user password wang --password-file "$WORK/none"
    expect 2 yumen user password wang
    expect 1 yumen user password nobody --password-file "$WORK/password"
    expect 0 yumen user list
    says '^lin +active +analyst, feeder'
    expect 0 yumen user list --json
    says '"name":"lin"'
    expect 2 as "$LIN" user add zhao --role operator --token
}

# ---- one round, alone and beside a server -------------------------------------------------------

ingest_round()
{
    local tag=$1 batch
    rows "$tag" 5 >"$WORK/$tag.csv"
    expect 0 as "$LIN" ingest listings "$WORK/$tag.csv"
    says "^$tag.csv: 5 accepted, 0 known already, 0 refused"
    expect 0 as "$LIN" ingest listings "$WORK/$tag.csv" --json
    says '"accepted":0,"duplicate":5,"refused":0'
    rows "$tag-piped" 3 | as "$LIN" ingest listings - --json >"$OUT" 2>"$ERR"
    says '"accepted":3'
    expect 0 as "$LIN" ingest listings <(rows "$tag-fd" 2)
    says '2 accepted'
    CHECKED=$((CHECKED + 1))
    compgen -G "$D/spool-*" >/dev/null && complain "a spool file is left behind"
    gzip -kc "$WORK/$tag.csv" >"$WORK/$tag.csv.gz"
    expect 0 as "$LIN" ingest listings "$WORK/$tag.csv.gz" --json
    says '"duplicate":5'
    {
        rows "$tag-bad" 2
        echo "domain,com,block,phishing,fraud_law_24,cert,$FUTURE"
        echo "number,139 1234 5679,block,phishing,fraud_law_11,cert,2020-01-01T00:00:00Z"
        echo "domain,$tag-far.example,block,phishing,fraud_law_24,cert,2999-01-01T00:00:00Z"
        echo "domain,$tag-bad-0.example,block,phishing,fraud_law_24,cert,$FUTURE"
    } >"$WORK/bad.csv"
    expect 3 as "$LIN" ingest listings "$WORK/bad.csv"
    says '2 accepted, 1 known already, 3 refused'
    says 'until +until.past'
    expect 3 as "$LIN" ingest listings "$WORK/bad.csv" --json
    batch=$(field batch)
    expect 0 yumen rejects "$batch"
    lines 4
    expect 0 yumen rejects "$batch" --json
    lines 3
    says '"raw":"number,139 1234 5679'
    expect 0 yumen rejects "$batch" --csv
    says '^row,column,code,reason,raw$'
    expect 1 yumen rejects nonsense
    expect 4 as "$LIN" ingest listings "$WORK/none.csv"
    expect 4 as "$LIN" ingest listings "$WORK"
    expect 1 as "$LIN" ingest nosuchfeed "$WORK/$tag.csv"
    expect 3 as "$CHEN" ingest listings "$WORK/$tag.csv"
    complains 'permit.role'
    expect 3 as ym_wrong ingest listings "$WORK/$tag.csv"
}

odd_files()
{
    local tag=$1
    rows "$tag-gb" 1 | sed 's/,cert,/,反诈中心举报来源,/' | iconv -f UTF-8 -t GB18030 >"$WORK/gb.csv"
    expect 0 as "$LIN" ingest listings "$WORK/gb.csv" --json
    says '"accepted":1'
    expect 0 as "$LIN" listings --q "$tag-gb-0" --json
    says '反诈中心举报来源'
    rows "$tag-cut" 4000 | gzip | head -c 9000 >"$WORK/cut.gz"
    expect 3 as "$LIN" ingest listings "$WORK/cut.gz" --json
    says 'compressed.truncated'
    : >"$WORK/empty"
    expect 0 as "$LIN" ingest listings "$WORK/empty" --json
    head -c 268435456 /dev/zero | tr '\0' x >"$WORK/long"
    expect 3 as "$LIN" ingest listings "$WORK/long" --json
    { rows "$tag-long" 1; cat "$WORK/long"; echo; rows "$tag-after" 1 | tail -n 1; } >"$WORK/long2"
    expect 3 as "$LIN" ingest listings "$WORK/long2" --json
    says '"accepted":2,"duplicate":0,"refused":1'
    says 'row.too_long'
    rm -f "$WORK/long" "$WORK/long2"
    seq -s, 10000 >"$WORK/wide"
    expect 3 as "$LIN" ingest listings "$WORK/wide" --json
    printf '\0\377\376\1\2\3' >"$WORK/noise"
    expect 3 as "$LIN" ingest listings "$WORK/noise" --json
}

lists_round()
{
    local tag=$1 batch id
    expect 0 as "$LIN" listings --q "$tag-0" --json
    batch=$(field batch)
    expect 1 as "$LIN" listings show 01ARZ3NDEKTSV4RRFFQ69G5FAV
    expect 3 yumen listings approve --batch "$batch"
    complains 'YUMEN_TOKEN\. yumen user add NAME --role ROLE --token makes a token'
    expect 3 as "$LIN" listings approve --batch "$batch"
    expect 0 as "$CHEN" listings approve --batch "$batch"
    says '^5 approved, 0 refused'
    expect 0 yumen listings --batch "$batch" --state in_force
    lines 6
    expect 3 as "$LIN" listings add domain com --action block --reason phishing \
        --basis fraud_law_24 --until 30d --evidence seen
    complains 'domain.is_suffix'
    expect 3 as "$LIN" listings add domain "$tag.example" --action block --reason phishing \
        --basis fraud_law_24 --until 9999d --evidence seen
    complains 'until.beyond_limit'
    expect 0 as "$LIN" listings add domain "$tag.example" --action block --reason phishing \
        --basis fraud_law_24 --until 30d --match suffix --evidence seen
    id=$(cat "$OUT")
    expect 3 as "$LIN" listings approve "$id"
    expect 0 as "$LIN" listings show "$id"
    says 'proposed'
    expect 0 as "$CHEN" listings approve "$id"
    says 'in_force'
    expect 3 as "$CHEN" listings approve "$id"
    expect 1 yumen check "www.$tag.example"
    says 'block'
    expect 3 as "$CHEN" listings lift "$id"
    complains 'why.missing'
    expect 0 as "$CHEN" listings lift "$id" --why 'a mistake'
    expect 0 yumen check "www.$tag.example"
    says 'pass'
    expect 2 as "$LIN" listings add domain "$tag-no.example" --action warn --reason phishing \
        --basis fraud_law_24 --until 30d
    complains '--evidence'
    expect 3 as "$LIN" listings add domain "$tag-no.example" --action warn --reason phishing \
        --basis fraud_law_24 --until 30d --evidence ' '
    complains 'evidence.missing'
    expect 0 as "$LIN" listings add domain "$tag-no.example" --action warn --reason phishing \
        --basis fraud_law_24 --until 30d --evidence 'report 17'
    id=$(cat "$OUT")
    expect 0 as "$GUAN" listings refuse "$id" --why 'not enough'
    expect 0 yumen listings show "$id" --json
    says '"ended_why":"not enough"'
    expect 0 yumen listings export
    says "\"value\":\"$tag-0.example\""
    complains '^For what changes from now on: yumen listings export --since [0-9]+$'
    local mark
    mark=$(sed -n 's/.*--since //p' "$ERR")
    expect 0 yumen listings export --since "$mark"
    lines 0
    complains "--since $mark$"
    expect 0 yumen listings export --kind number
    says_not "$tag-0.example"
    expect 3 yumen listings export --kind person
    expect 0 yumen listings export --csv
    says '^listing,kind,value,action,match,reason,basis,source,from,until,state'
    says ",domain,$tag-0.example,block,"
    says_not '^\{'
    expect 2 yumen listings export --csv=yes
    expect 0 yumen listings show "$id"
    says '^Reason +Phishing page or link'
    says '^Basis +Anti-Telecom and Online Fraud Law, art. 24'
    says_not '申诉'
    expect 0 env LC_ALL=zh_CN.UTF-8 "$YUMEN" listings show "$id" --data "$D"
    says '^匹配 +仅此域名'
    says '^依据 +《反电信网络诈骗法》第二十四条'
    says '^告知 .*可以在本页提出申诉'
    says_not 'granted appeal'
    says_not 'listing\.refuse|exact'
}

add_source()
{
    local name=$1
    shift
    as "$LIN" sources add "$name" --reason phishing --basis fraud_law_24 --licence MIT \
        --origin "kept by a test" --term 30 "$@"
}

# Lists that others keep, and what speaks against them.
sources_round()
{
    local tag=$1 batch id other
    expect 3 yumen sources add "$tag" --reason phishing --basis fraud_law_24 --licence MIT \
        --origin x --term 30
    complains 'YUMEN_TOKEN'
    expect 3 as "$CHEN" sources add "$tag" --reason phishing --basis fraud_law_24 --licence MIT \
        --origin x --term 30
    complains 'permit.role'
    expect 3 add_source 'No Name'
    complains 'source.name'
    expect 2 add_source "$tag" --term 31 # said twice
    expect 3 as "$LIN" sources add "$tag" --reason phishing --basis fraud_law_24 --origin x --term 3
    complains 'licence.missing'
    expect 3 as "$LIN" sources add "$tag" --reason phishing --basis fraud_law_24 --licence MIT \
        --origin x --term soon
    expect 3 as "$LIN" sources add "$tag" --reason phishing --basis fraud_law_24 --licence MIT \
        --origin x --term 366
    complains 'until.beyond_limit'
    expect 3 add_source "$tag" --role king
    expect 3 add_source "$tag" --kind person
    expect 3 add_source "$tag" --shrink 101
    complains 'source.bounds'
    expect 0 add_source "$tag" --match suffix
    says "^$tag: proposed"
    expect 3 add_source "$tag"
    complains 'source.exists'
    expect 0 add_source "$tag-safe" --role protects --match suffix --json
    says '"role":"protects"'
    printf '%s\n' "$tag-bank.example" >"$WORK/safe.txt"
    printf '%s\n' '# a list' "0.0.0.0 $tag-l1.example" "||$tag-l2.example^" com \
        "$tag-bank.example" "login.$tag-bank.example" >"$WORK/list.txt"
    expect 3 as "$LIN" ingest listings "$WORK/list.txt" --under "$tag"
    complains 'source.not_in_force'
    expect 1 as "$LIN" ingest listings "$WORK/list.txt" --under nowhere
    complains 'source.absent'
    expect 3 yumen sources approve "$tag"
    complains 'YUMEN_TOKEN'
    expect 3 as "$LIN" sources approve "$tag"
    expect 0 as "$CHEN" sources approve "$tag"
    says "^$tag: in_force"
    expect 0 as "$CHEN" sources approve "$tag-safe"
    expect 3 as "$CHEN" sources refuse "$tag" --why late
    complains 'source.not_proposed'
    expect 1 as "$CHEN" sources approve nowhere
    expect 0 as "$LIN" ingest listings "$WORK/safe.txt" --under "$tag-safe"
    says '^New: 1. Renewed: 0'
    expect 3 as "$LIN" ingest listings "$WORK/list.txt" --under "$tag"
    says '^list.txt: 4 accepted, 0 known already, 1 refused'
    says 'domain.is_suffix'
    says '^New: 2. Renewed: 0'
    says 'In conflict, for an analyst: 2'
    expect 1 yumen check "www.$tag-l1.example"
    expect 0 yumen check "$tag-bank.example"
    expect 0 yumen sources
    says "^$tag +domain +block +in_force +4 "
    says "^$tag-safe +domain +protects +in_force +1 "
    expect 0 yumen sources --role protects
    says_not "^$tag "
    expect 3 yumen sources --role king
    expect 3 yumen sources --state open
    expect 0 yumen sources show "$tag"
    says '^Licence +MIT'
    expect 1 yumen sources show nowhere
    expect 0 env LC_ALL=zh_CN.UTF-8 "$YUMEN" sources --data "$D"
    says "^$tag-safe +域名 +保护 +生效中 "
    expect 0 env LC_ALL=zh_CN.UTF-8 "$YUMEN" sources show "$tag" --data "$D"
    says '^许可 +MIT'
    expect 0 yumen listings --q "$tag-l1" --json
    says "\"source\":\"$tag\""
    # A list that is unlike the one before it waits.
    printf '%s\n' "$tag-l1.example" >"$WORK/short.txt"
    expect 3 as "$LIN" ingest listings "$WORK/short.txt" --under "$tag"
    says 'Nothing was changed.*waits for a person'
    expect 3 as "$LIN" ingest listings "$WORK/short.txt" --under "$tag" --json
    says '"waits_for":"source.shrank"'
    batch=$(field batch)
    expect 0 yumen sources show "$tag"
    says "waits for a person: yumen sources accept $batch"
    expect 3 yumen sources accept "$batch"
    expect 3 as "$CHEN" sources accept "$batch"
    complains 'permit.role'
    expect 3 as "$LIN" sources dismiss "$batch"
    complains 'why.missing'
    expect 0 as "$LIN" sources dismiss "$batch" --why 'cut short'
    says "^$tag: dismissed"
    CHECKED=$((CHECKED + 1))
    [ -e "$D/waiting/$batch" ] && complain "the file of a dismissed list is left behind"
    expect 3 as "$LIN" sources accept "$batch"
    complains 'batch.not_waiting'
    echo '<html>gone</html>' >"$WORK/page"
    expect 3 as "$LIN" ingest listings "$WORK/page" --under "$tag"
    says 'cannot be accepted'
    expect 3 as "$LIN" ingest listings "$WORK/page" --under "$tag" --json
    says '"waits_for":"feed.is_html"'
    batch=$(field batch)
    expect 3 as "$LIN" sources accept "$batch"
    complains 'feed.is_html'
    expect 0 as "$LIN" sources dismiss "$batch" --why 'a page'
    expect 1 as "$LIN" sources accept 01ARZ3NDEKTSV4RRFFQ69G5FAV

    # Conflicts.
    expect 0 yumen conflicts --source "$tag"
    lines 3
    says "$tag-bank.example +$tag +protected +$tag-safe +open"
    says "login.$tag-bank.example +$tag +below_protected +$tag-safe +open"
    expect 0 yumen conflicts --source nowhere --json
    says '"total":0'
    expect 0 env LC_ALL=zh_CN.UTF-8 "$YUMEN" conflicts --source "$tag" --data "$D"
    says '受保护的标识 +.*待处理'
    expect 3 yumen conflicts --state king
    expect 3 yumen conflicts --rule king
    expect 0 yumen conflicts --source "$tag" --rule protected --json
    id=$(field conflict)
    expect 0 yumen conflicts --source "$tag" --rule below_protected --state open --json
    other=$(field conflict)
    expect 3 as "$CHEN" conflicts dismiss "$id" --why no
    complains 'permit.role'
    expect 3 as "$LIN" conflicts dismiss "$id"
    says 'why.missing'
    expect 3 as "$LIN" conflicts dismiss "$id" 01ARZ3NDEKTSV4RRFFQ69G5FAV --why 'a bank'
    says '^1 decided, 1 refused'
    says 'conflict.absent'
    expect 3 as "$LIN" conflicts list-anyway "$id" --why 'changed my mind'
    says 'conflict.decided'
    expect 0 as "$LIN" conflicts list-anyway "$other" --why 'taken over' --json
    says '"decided":1'
    expect 0 yumen conflicts --source "$tag" --state listed --json
    id=$(field listing)
    expect 0 yumen check "login.$tag-bank.example"
    expect 3 as "$LIN" listings approve "$id"
    expect 0 as "$CHEN" listings approve "$id"
    expect 1 yumen check "login.$tag-bank.example"

    expect 3 as "$LIN" sources end "$tag"
    complains 'why.missing'
    expect 0 env LC_ALL=zh_CN.UTF-8 YUMEN_TOKEN="$LIN" "$YUMEN" sources end "$tag" --why 到期 \
        --data "$D"
    says '已终止'
    expect 0 yumen check "www.$tag-l1.example"
    expect 3 as "$LIN" ingest listings "$WORK/list.txt" --under "$tag"
    expect 0 as "$LIN" sources end "$tag-safe" --why over
}

check_round()
{
    local tag=$1
    expect 1 yumen check "$tag-0.example" www.gov.cn
    says "^$tag-0.example +domain +block"
    says '^www.gov.cn +domain +pass'
    expect 1 yumen check "$tag-0.example" --json
    lines 1
    says '"verdict":"block"'
    expect 0 yumen check www.gov.cn '+86 139 0000 0000' --json
    lines 2
    expect 3 yumen check 'http://' --json
    says '"code":'
    expect 3 yumen check --kind person somebody
    printf '%s\n' "$tag-1.example" '' www.gov.cn | yumen check - --json >"$OUT" 2>"$ERR"
    lines 2
    expect 1 env LC_ALL=zh_CN.UTF-8 "$YUMEN" check "$tag-0.example" --data "$D"
    says '封堵'
    says '含义 +涉嫌诈骗'
    says '怎么办 +它在涉诈名单中'
    says '生效时间 +20'
    expect 0 yumen check '+86 139 0000 0000'
    says 'In words +This number is not on the list'
    says 'What to do +That does not prove'
    # What a terminal would obey never reaches it.
    expect 3 yumen check $'\033[31mred\033[0m'
    CHECKED=$((CHECKED + 1))
    grep -q $'\033' "$ERR" "$OUT" && complain "an escape reached the terminal"
}

appeals_round()
{
    local tag=$1 ref id
    expect 0 yumen listings --q "$tag-1" --state in_force --json
    id=$(field listing)
    [ -n "$SERVER" ] || return 0
    curl -sS -H 'Content-Type: application/json' "http://$LISTEN/v1/appeals" \
        -d "{\"listing\":\"$id\",\"statement\":\"It is my shop.\"}" >"$OUT" 2>"$ERR"
    ref=$(field appeal)
    expect 3 yumen appeals
    complains 'YUMEN_TOKEN'
    expect 0 as "$GUAN" appeals
    says "^$ref +filed"
    expect 0 yumen appeals show "$ref"
    says 'filed'
    says_not 'It is my shop'
    expect 0 as "$GUAN" appeals show "$ref"
    says 'It is my shop'
    expect 1 yumen appeals show 0000-0000-0000-0000
    expect 3 as "$CHEN" appeals decide "$ref" granted --answer 'You are right.'
    complains 'appeal.decided_before'
    expect 0 as "$GUAN" appeals review "$ref"
    expect 0 as "$GUAN" appeals decide "$ref" granted --answer 'You are right.'
    says 'granted'
    expect 0 yumen check "$tag-1.example"
    expect 0 as "$GUAN" appeals --state granted --json
    says "\"appeal\":\"$ref\""
}

audit_round()
{
    local tag=$1 key
    expect 0 yumen audit key
    key=$(cat "$OUT")
    expect 0 yumen audit key --json
    says "\"public_key\":\"$key\""
    expect 0 yumen audit head
    cp "$OUT" "$WORK/head-$tag"
    expect 0 yumen audit verify
    says '^Nothing was changed'
    expect 0 yumen audit verify --head "$WORK/head-$tag" --head "$WORK/head-alone" --json
    says '"intact":true'
    says '"published_heads":2'
    expect 1 yumen audit verify --key "$(printf '%064d' 0)"
    expect 3 yumen audit verify --key nonsense
    expect 1 yumen audit verify --head "$WORK/none"
    expect 3 yumen audit verify --head "$WORK/password"
    expect 0 yumen audit export "$WORK/$tag.ndjson" --purpose 'a test'
    expect 3 yumen audit export "$WORK/$tag.ndjson"
    complains 'export.file_exists'
    expect 4 yumen audit export "$WORK/none/x.ndjson"
    expect 0 "$VERIFIER" --key "$key" --head "$WORK/head-$tag" "$WORK/$tag.ndjson"
    expect 0 yumen audit export -
    says '"type":"head"'
    expect 0 yumen keys
    says 'ledger +current'
    expect 0 yumen keys rotate ledger
    lines 1
    expect 3 yumen keys rotate house
    expect 0 yumen audit verify
    expect 0 yumen audit key
    [ "$(cat "$OUT")" = "$key" ] || complain "the first key changed with a rotation"
}

round()
{
    ingest_round "$1"
    lists_round "$1"
    sources_round "$1"
    check_round "$1"
    appeals_round "$1"
    audit_round "$1"
}

# Somebody writes past the program: the ledger tells.
tampering()
{
    command -v sqlite3 >/dev/null || return 0
    cp -r "$D" "$WORK/tampered"
    D=$WORK/tampered
    sqlite3 "$D/yumen.db" "UPDATE listing SET \"until\" = \"until\" + 1 WHERE \"id\" =
        (SELECT \"id\" FROM listing WHERE \"state\" = 'in_force' LIMIT 1)"
    expect 1 yumen audit verify
    says 'field until: the field was changed'
    expect 1 yumen audit verify --json
    says '"field":"until"'
    expect 1 env LC_ALL=zh_CN.UTF-8 "$YUMEN" audit verify --data "$D"
    says '发现 1 处问题'
    D=$WORK/centre
}

start_server()
{
    local tries
    "$YUMEN" serve --data "$D" --listen 127.0.0.1:0 2>"$WORK/serve" &
    SERVER=$!
    for ((tries = 0; tries < 200; tries++)); do
        LISTEN=$(sed -nE 's/.*on http:\/\/([0-9.:]+).*/\1/p' "$WORK/serve" | head -n 1)
        [ -n "$LISTEN" ] && curl -fsS "http://$LISTEN/readyz" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    echo "FAIL the server does not start"
    cat "$WORK/serve"
    exit 1
}

demonstration()
{
    D=$WORK/demo
    expect 0 yumen init --demonstration
    lines 4
    says '^  guan +[a-z]{4}(-[a-z]{4}){3} +approver, auditor, the third person'
    says '^  lin '
    expect 0 yumen listings --state proposed
    lines 13
    expect 1 yumen check 13912345678
    expect 0 yumen check 96110
    expect 0 yumen sources list --state in_force
    lines 11
    says '^scam-shops +domain +block +in_force +13[0-9]{3} '
    expect 0 yumen sources list --role protects
    lines 7
    expect 1 yumen check 1000fapvids.online # of scam-shops
    expect 0 yumen check icbc.com.cn
    # The lists that come with the program, as two people take one in.
    expect 0 yumen sources bundled
    lines 14
    local lin chen
    lin=$(yumen user add lin2 --role analyst,feeder --token | tail -n 1)
    chen=$(yumen user add chen2 --role approver --token | tail -n 1)
    expect 1 as "$lin" sources add nothing --bundled
    expect 0 as "$lin" sources add universities --bundled --term 30
    expect 3 as "$lin" sources take universities
    expect 3 as "$lin" sources approve universities
    expect 0 as "$chen" sources approve universities
    expect 0 as "$lin" sources take universities
    expect 0 yumen sources show universities
    says '^Entries +10[0-9]{3}$'
    says '^Days an entry stands +30$'
    # Where people sign in and pay is nobody's to block on a list's word, nor a host below it: also
    # where `popular-sites` protects the same name alone. A row that is a sentence is told so.
    printf '%s\n' accounts.google.com evil.accounts.google.com login.microsoftonline.com \
        www.alipay.com kyfw.12306.cn secure05.chase.com not-a-bank.example 'not a name' \
        >"$WORK/sign-in.txt"
    expect 0 as "$lin" sources add hearsay --kind domain --match suffix --reason phishing \
        --basis fraud_law_24 --licence MIT --origin somewhere --term 30
    expect 0 as "$chen" sources approve hearsay
    expect 3 as "$lin" ingest listings "$WORK/sign-in.txt" --under hearsay
    says '^sign-in.txt: 7 accepted, 0 known already, 1 refused'
    says 'row\.words'
    says '^New: 1\. '
    says 'In conflict, for an analyst: 6'
    expect 0 as "$lin" conflicts --source hearsay
    lines 7
    says ' accounts\.google\.com +hearsay +protected +sign-in-hosts '
    says ' evil\.accounts\.google\.com +hearsay +below_protected +sign-in-hosts '
    says ' secure05\.chase\.com +hearsay +below_protected +banks '
    expect 0 yumen check accounts.google.com
    expect 0 yumen check evil.accounts.google.com
    expect 1 yumen check not-a-bank.example
    expect 0 yumen audit verify
    D=$WORK/centre
}

wrong_usage
found
round alone
tampering
odd_files alone
demonstration
expect 0 yumen bench check --json
start_server
cp "$WORK/head-alone" "$WORK/head-first"
round served
expect 0 yumen user disable guan
expect 3 as "$GUAN" listings
expect 3 yumen user disable guan
stop_server
expect 0 yumen audit verify --head "$WORK/head-first"
echo "$CHECKED checks, $FAILED failed"
[ "$FAILED" = 0 ]
