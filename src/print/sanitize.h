/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sanitize - tells the sanitizers what is none of ours; for programs, included once by each.
 *
 * Shape     fontconfig and cairo keep their caches until the process ends. Pango wakes fontconfig
 *           in a thread of its own, and waits for it by futex, which ThreadSanitizer cannot see in
 *           libraries built without it; we have one thread, so it has nothing to say about us.
 * Owns      Nothing.   Lives  -   Fails  -   Threads  -   Bounds  Builds with a sanitizer.
 */
#ifndef YUMEN_PRINT_SANITIZE_H
#define YUMEN_PRINT_SANITIZE_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__has_feature)
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the sanitizers' names
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\n";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
#endif

#endif
