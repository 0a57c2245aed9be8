# SPDX-License-Identifier: Apache-2.0
# What Debian 12 has to give, in one table, for ./run and ./test. Sourced by both.
#
#   packages_need GROUP...     installs what is missing of these groups; silent when nothing is
#
# Root is asked for only when something is missing, and only for apt-get. What a package would start
# as a service of this machine is kept from starting: tests start their own peers, on loopback.

# group  package  what for
packages_table()
{
    cat <<'TABLE'
build  build-essential       gcc, g++, make
build  meson                 describes the build
build  ninja-build           runs it
build  pkg-config            finds libraries
build  libevent-dev          event loop, HTTP
build  libssl-dev            digests, TLS, TSIG
build  libsodium-dev         argon2id, Ed25519
build  libsqlite3-dev        the store
build  libjansson-dev        JSON
build  libexpat1-dev         XML
build  libcsv-dev            CSV
build  libxxhash-dev         checks of our own files
build  zlib1g-dev            gzip
build  libzstd-dev           zstd
build  libldns-dev           DNS messages
build  libphonenumber-dev    numbers of other countries
build  libpsl-dev            public suffixes
build  libidn2-dev           international domains
build  libicu-dev            character sets, look-alikes
build  libyaml-dev           profiles and options
build  libsystemd-dev        tells systemd it is ready
build  libcairo2-dev         draws the pages of PDFs (yumen-print)
build  libpango1.0-dev       sets their text
build  fonts-noto-cjk        in which it is set
build  libxgboost-dev        grows the trees of models (yumen-train)
build  scdoc                 manual pages
test   libcmocka-dev         unit tests
test   clang                 the second compiler
test   libclang-rt-14-dev    sanitizers and libFuzzer
test   clang-format          one way to lay out code
test   clang-tidy            what needs types
test   cppcheck              a second reader
test   curl                  speaks HTTP in system tests
test   sqlite3               looks into a store from outside
test   poppler-utils         reads PDFs back
test   openssl               checks what we sign for telephones
test   libxml2-utils         holds our XML against its schemas
test   netcat-openbsd        sends what a proper client would not
peer   unbound               a resolver that takes our zone
peer   bind9                 another
peer   bind9-dnsutils        dig
peer   pdns-recursor         a third, that polls
peer   knot-resolver         a fourth, that watches a file
peer   lua-cqueues           lets it watch
peer   faketime              moves the clock of a program
peer   rbldnsd               a DNS list, to compare ours with
peer   sip-tester            SIPp, a telephone that calls
peer   kamailio              a carrier's switch
web    chromium              browser tests
TABLE
}

packages_of()
{
    local group package rest
    packages_table | while read -r group package rest; do
        case " $* " in *" $group "*) echo "$package" ;; esac
    done
}

packages_missing()
{
    local wanted have
    wanted=$(packages_of "$@" | sort)
    have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^installed //p' | sort)
    comm -23 <(echo "$wanted") <(echo "$have")
}

# Runs as root, alone: what is missing, without a question, without starting a service.
packages_script()
{
    cat <<'SCRIPT'
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get -qq update
apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
if [ -d /run/systemd/system ]; then
    for service in unbound named pdns-recursor kresd@1 rbldnsd kamailio; do
        case " $* " in *" ${service/named/bind9} "*) systemctl -q disable "$service" || true ;; esac
    done
fi
SCRIPT
}

packages_need()
{
    local missing log
    command -v dpkg-query >/dev/null || {
        echo "This script installs what it needs on Debian 12. Elsewhere, install by hand what" >&2
        echo "stands in tools/packages.sh, then build with meson." >&2
        return 4
    }
    missing=$(packages_missing "$@" | tr '\n' ' ')
    [ -z "${missing// /}" ] && return 0
    echo "installing from Debian: $missing"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "Please run this as root, then try again:" >&2
            echo "  apt-get update && apt-get install --no-install-recommends $missing" >&2
            return 4
        }
        as_root=(sudo)
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086  # package names are words
    if ! "${as_root[@]}" bash -c "$(packages_script)" packages $missing >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "apt-get could not install them; all it said: $log" >&2
        return 4
    fi
    rm -f "$log"
}
