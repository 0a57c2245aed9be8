# SPDX-License-Identifier: Apache-2.0
# Writes number_tables.h from data/.
#   awk -f number_tables.awk AREAS SHORT
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

END {
    if (!is_broken)
        print "};"
}
