/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_found - the doors to what detectors found and people told: rows of the table of doors
 *             (api_routes.h).
 *
 * Shape     As there.
 * Owns, Lives, Fails, Threads   constant.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_API_FOUND_H
#define YUMEN_APP_CALL_API_FOUND_H

#define API_FOUND_ROUTES(X)                                                                        \
    X(HTTP_GET, "/v1/suspicions", suspicions_get, false, false)                                    \
    X(HTTP_POST, "/v1/suspicions/decide", suspicions_decide, false, true)                          \
    X(HTTP_GET, "/v1/suspicions/{id}", suspicion_get, false, false)                                \
    X(HTTP_POST, "/v1/tips", tips_post, true, true)                                                \
    X(HTTP_GET, "/v1/tips", tips_get, false, false)                                                \
    X(HTTP_POST, "/v1/tips/decide", tips_decide, false, true)                                      \
    X(HTTP_GET, "/v1/tips/{id}", tip_get, false, false)                                            \
    X(HTTP_POST, "/v1/misp", misp_post, false, true)                                               \
    X(HTTP_GET, "/v1/misp/{file}", misp_get, false, false)                                         \
    X(HTTP_GET, "/v1/boxes", boxes_get, false, false)                                              \
    X(HTTP_GET, "/v1/boxes/{id}", box_get, false, false)                                           \
    X(HTTP_POST, "/v1/boxes/{id}/confirm", box_confirm, false, true)                               \
    X(HTTP_POST, "/v1/boxes/{id}/dismiss", box_dismiss, false, true)                               \
    X(HTTP_POST, "/v1/guardians", guardians_post, true, true)                                      \
    X(HTTP_POST, "/v1/guardians/{id}/confirm", guardian_confirm, true, true)                       \
    X(HTTP_POST, "/v1/guardians/{id}/revoke", guardian_revoke, true, true)

#endif
