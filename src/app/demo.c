/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo.h"

int demo_fill(const struct command_line *line)
{
    (void)line;
    return EXIT_DONE;
}
