# SPDX-License-Identifier: Apache-2.0
# Writes account_tables.h from data/.
#   awk -f account_tables.awk NAMES PREFIXES
# Rows of card_prefixes go from the longest prefix to the shortest, ascending within a length: the
# order bsearch() needs. The data file is sorted as text, which within a length is by value.
function complain(what)
{
    print FILENAME ":" FNR ": " what > "/dev/stderr"
    is_broken = 1
    exit 1
}

BEGIN {
    FS = ","
    print "/* Written by account_tables.awk. */"
    print "static const struct bank banks[] = {"
}

{ sub(/\r$/, "") }
FNR == 1 { file++ }
FNR == 1 && file == 2 { print "};\n\nstatic const struct card_prefix card_prefixes[] = {" }
FNR == 1 || NF == 0 { next }

file == 1 {
    bank_index[$1] = bank_count++
    print "    {STR(\"" $1 "\"), STR(\"" $2 "\")},"
}
file == 2 {
    if ($1 !~ /^[1-9][0-9]+$/ || length($1) > 10 || $4 !~ /^1[2-9]$/)
        complain("not a card prefix: " $1)
    if (!($2 in bank_index))
        complain("no such bank: " $2)
    size = length($1)
    if (($1 "") < (last[size] ""))
        complain("out of order: " $1)
    last[size] = $1
    rows[size] = rows[size] "    {.prefix = UINT64_C(" $1 "), .size = " size \
        ", .length = " $4 ", .bank = " bank_index[$2] "},\n"
}

END {
    if (is_broken)
        exit 1
    for (size = 10; size > 0; size--)
        printf "%s", rows[size]
    print "};"
}
