#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fetch_list.sh CENTRE KEY FOLDER [KIND [DIVISION]]: brings the list of KIND (number) in DIVISION
# (6201; the whole country) into FOLDER: all of it the first time, then what has changed. Nothing
# counts that CENTRE has not signed with KEY (64 hexadecimal digits, public_key of
# CENTRE/v1/audit/head: have it confirmed once, on another way). The token stands in FOLDER/token.
# What comes is FOLDER/full.ndjson, then FOLDER/delta-N.ndjson; where the centre has lost what it
# had said (a backup was restored), full.ndjson anew, and the deltas of before are gone.
# Only https, but for tests: FETCH_LIST_PROTO.
set -euo pipefail
centre=$1 key=$2 folder=$3 kind=${4:-number} division=${5:-}
cd "$folder"
umask 077
ulimit -f 524288 # KiB, as much as a centre exports; older curls ask only what length is announced

said() { sed -n "s/^$1: *\([^\r]*\)\r*$/\1/Ip" head.txt; }
stop() { echo "fetch_list: $1" >&2; exit 1; }

# What has changed since the ETag $1; everything when there is none.
ask() {
    place="/v1/listings/export?kind=$kind${1:+&since=$1}&division=$division"
    status=$(printf 'Authorization: Bearer %s' "$(cat token)" |
        curl --silent --show-error --proto "${FETCH_LIST_PROTO:-=https}" --max-time 600 \
            --max-filesize 536870912 --header @- --dump-header head.txt --output list.ndjson \
            --write-out '%{http_code}' "$centre$place")
    [ "$status" = 200 ] || [ "$status" = 409 ] || stop "answered $status"
}

# Is it whole, and signed with the key? (RFC 9530, RFC 9421, RFC 8410) What was asked, just now?
check() {
    local digest covered input age
    digest=$(openssl dgst -sha256 -binary list.ndjson | base64)
    [ "$(said content-digest)" = "sha-256=:$digest:" ] ||
        stop "the list is not what its digest says"
    covered='("@status" "content-digest" "etag" "content-location")'
    input=$(said signature-input)
    input=${input#yumen=}
    [ "${input%%;*}" = "$covered" ] || stop "the signature does not cover the list"
    {
        printf '"@status": 200\n"content-digest": %s\n' "$(said content-digest)"
        printf '"etag": %s\n"content-location": %s\n' "$(said etag)" "$(said content-location)"
        printf '"@signature-params": %s' "$input"
    } >signed.txt
    said signature | sed 's/^yumen=:\(.*\):$/\1/' | base64 -d >signature.bin
    printf "$(printf '302a300506032b6570032100%s' "$key" | sed 's/../\\x&/g')" >key.der
    openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed.txt \
        -sigfile signature.bin >verified.txt || stop "not signed with this key"
    [ "$(said content-location)" = "$place" ] || stop "an answer to another question"
    age=$(($(date +%s) - $(sed 's/.*;created=\([0-9]*\);.*/\1/' <<<"$input")))
    [ "${age#-}" -le 600 ] || stop "not signed now: $age s ago, by this clock"
    etag=$(said etag | tr -d '"')
}

# --- ask; all over again when the centre does not reach as far as what is kept ---
kept=
[ ! -s etag ] || kept=$(cat etag)
ask "$kept"
[ "$status" = 409 ] || check
if [ "$status" = 409 ] || [ "$etag" -lt "${kept:-0}" ]; then
    kept=
    ask ""
    [ "$status" = 200 ] || stop "answered $status"
    check
fi

# --- keep it; without an etag the next turn begins anew ---
if [ -z "$kept" ]; then
    rm -f etag
    mv list.ndjson full.ndjson
    rm -f delta-*.ndjson
elif [ "$etag" != "$kept" ]; then # else there is no news, and the file of that name is kept
    mv list.ndjson "delta-$etag.ndjson"
fi
echo "$etag" >etag.new
mv etag.new etag
