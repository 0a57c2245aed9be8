/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaks - tells LeakSanitizer what is none of ours; for programs, included once by each.
 *
 * Shape     fontconfig and cairo keep their caches until the process ends.
 * Owns      Nothing.   Lives  -   Fails  -   Threads  -   Bounds  Builds with a sanitizer.
 */
#ifndef YUMEN_PRINT_LEAKS_H
#define YUMEN_PRINT_LEAKS_H

#if defined(__SANITIZE_ADDRESS__) || defined(__has_feature)
const char *__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier): its name
const char *__lsan_default_suppressions(void)  // NOLINT(bugprone-reserved-identifier): its name
{
    return "leak:libfontconfig\nleak:libcairo\n";
}

const char *__lsan_default_options(void); // NOLINT(bugprone-reserved-identifier): its name
const char *__lsan_default_options(void)  // NOLINT(bugprone-reserved-identifier): its name
{
    return "print_suppressions=0";
}
#endif

#endif
