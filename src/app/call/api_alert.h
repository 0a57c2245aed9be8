/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_alert - the doors to alerts, rows of the table of doors (api_routes.h).
 *
 * Shape     As there.
 * Owns, Lives, Fails, Threads   constant.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_API_ALERT_H
#define YUMEN_APP_CALL_API_ALERT_H

#define API_ALERT_ROUTES(X)                                                                        \
    X(HTTP_GET, "/v1/alerts", alerts_get, false, false)                                            \
    X(HTTP_POST, "/v1/alerts", alerts_post, false, true)                                           \
    X(HTTP_GET, "/v1/alerts/figures", alert_figures_get, false, false)                             \
    X(HTTP_GET, "/v1/alerts/{id}", alert_get, false, false)                                        \
    X(HTTP_POST, "/v1/alerts/{id}/outreach", alert_outreach, false, true)                          \
    X(HTTP_POST, "/v1/alerts/{id}/outcome", alert_outcome, false, true)                            \
    X(HTTP_POST, "/v1/alerts/{id}/assign", alert_assign, false, true)                              \
    X(HTTP_POST, "/v1/alerts/{id}/take", alert_take, false, true)                                  \
    X(HTTP_POST, "/v1/alerts/{id}/refuse", alert_refuse, false, true)                              \
    X(HTTP_POST, "/v1/alerts/{id}/handover", alert_handover, false, true)                          \
    X(HTTP_POST, "/v1/alerts/{id}/checkback", alert_checkback, false, true)                        \
    X(HTTP_POST, "/v1/alerts/{id}/hush", alert_hush, false, true)                                  \
    X(HTTP_POST, "/v1/alerts/{id}/whereabouts", alert_whereabouts, false, true)                    \
    X(HTTP_POST, "/v1/alerts/{id}/whereabouts/tell", alert_whereabouts_tell, false, true)          \
    X(HTTP_GET, "/v1/alerts/{id}/whereabouts", alert_whereabouts_get, false, false)

#endif
