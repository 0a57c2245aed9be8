#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fetch_list.sh CENTRE KEY FOLDER [KIND]: brings the list of KIND (number) into FOLDER: all of it
# the first time, then what has changed. Nothing counts that CENTRE has not signed with KEY (64
# hexadecimal digits, public_key of CENTRE/v1/audit/head: have it confirmed once, on another way).
# The token stands in FOLDER/token. What comes is FOLDER/full.ndjson, then FOLDER/delta-N.ndjson.
set -euo pipefail
centre=$1 key=$2 folder=$3 kind=${4:-number}
cd "$folder"
umask 077

said() { sed -n "s/^$1: *\([^\r]*\)\r*$/\1/Ip" head.txt; }
stop() { echo "fetch_list: $1" >&2; exit 1; }

# --- ask ---
place="/v1/listings/export?kind=$kind"
[ ! -f etag ] || place="$place&since=$(cat etag)"
printf 'Authorization: Bearer %s' "$(cat token)" |
    curl --silent --show-error --fail --header @- --dump-header head.txt --output list.ndjson \
        "$centre$place"

# --- is it whole, and signed with the key? (RFC 9530, RFC 9421, RFC 8410) ---
digest=$(openssl dgst -sha256 -binary list.ndjson | base64)
[ "$(said content-digest)" = "sha-256=:$digest:" ] || stop "the list is not what its digest says"
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

# --- is it what was asked for, and just now? ---
[ "$(said content-location)" = "$place" ] || stop "an answer to another question"
age=$(($(date +%s) - $(sed 's/.*;created=\([0-9]*\);.*/\1/' <<<"$input")))
[ "${age#-}" -le 600 ] || stop "not signed now: $age s ago, by this clock"
etag=$(said etag | tr -d '"')

# --- keep it ---
if [ ! -f etag ]; then
    mv list.ndjson full.ndjson
elif [ "$etag" != "$(cat etag)" ]; then # else there is no news, and the file of that name is kept
    mv list.ndjson "delta-$etag.ndjson"
fi
echo "$etag" >etag
