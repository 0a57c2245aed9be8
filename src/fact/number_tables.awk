# SPDX-License-Identifier: Apache-2.0
# Writes number_tables.h from data/.
#   awk -f number_tables.awk AREAS SHORT MOBILE
function complain(what)
{
    print FILENAME ":" FNR ": " what > "/dev/stderr"
    is_broken = 1
    exit 1
}

BEGIN {
    FS = "[ \t]+"
    print "/* Written by number_tables.awk. */"
    print "/* Area codes without their 0, ascending. */"
    print "static const uint16_t area_codes[] = {"
}

FNR == 1 { file++ }
FNR == 1 && file == 2 {
    print "};\n"
    print "static const struct short_code short_codes[] = {"
}
FNR == 1 && file == 3 {
    print "};\n"
    print "/* By the four first digits, without the 1. */"
    print "static const bool mobile_ranges[1000] = {"
}
/^#/ || NF == 0 { next }

file == 1 {
    if ($1 !~ /^0[1-9][0-9]+$/ || length($1) > 4)
        complain("not an area code: " $1)
    print "    " substr($1, 2) ","
}
file == 2 {
    if ($1 !~ /^[1-9][0-9]+$/ || $2 < length($1) || $3 < $2)
        complain("not a short code: " $1)
    print "    {.prefix = \"" $1 "\", .least = " $2 ", .most = " $3 "},"
}
file == 3 {
    if ($1 !~ /^1[3-9][0-9]*$/ || length($1) > 4)
        complain("not a range of mobile numbers: " $1)
    size = 10 ^ (4 - length($1))
    first = ($1 - 10 ^ (length($1) - 1)) * size
    printf "    [%d ... %d] = true,\n", first, first + size - 1
}

END {
    if (!is_broken)
        print "};"
}
