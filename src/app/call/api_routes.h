/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_routes - every door of the API in one table: method, path, handler, who may come in.
 *
 * Shape     docs/openapi.json says the same to people; a test holds the two against each other.
 * Owns, Lives, Fails, Threads   constant.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_API_ROUTES_H
#define YUMEN_APP_CALL_API_ROUTES_H

#include "app/call/api_alert.h"
#include "app/call/api_found.h"
#include "app/call/api_help.h"
#include "app/call/api_people.h"

/* method, path, handler, open to anybody, body is a JSON object */
#define API_ROUTE_LIST(X)                                                                          \
    X(HTTP_GET, "/healthz", health_get, true, false)                                               \
    X(HTTP_GET, "/readyz", ready_get, true, false)                                                 \
    X(HTTP_GET, "/metrics", metrics_get, true, false)                                              \
    X(HTTP_GET, "/v1/openapi.json", openapi_get, true, false)                                      \
    X(HTTP_GET, "/v1/me", me_get, true, false)                                                     \
    X(HTTP_POST, "/v1/sessions", sessions_post, true, true)                                        \
    X(HTTP_DELETE, "/v1/sessions", sessions_delete, false, false)                                  \
    API_PEOPLE_ROUTES(X)                                                                           \
    X(HTTP_GET, "/v1/listings", listings_get, false, false)                                        \
    X(HTTP_POST, "/v1/listings", listings_post, false, true)                                       \
    X(HTTP_GET, "/v1/listings/export", listings_export, false, false)                              \
    X(HTTP_GET, "/v1/listings/{id}", listing_get, false, false)                                    \
    X(HTTP_POST, "/v1/listings/{id}/approve", listing_approve, false, true)                        \
    X(HTTP_POST, "/v1/listings/{id}/refuse", listing_refuse, false, true)                          \
    X(HTTP_POST, "/v1/listings/{id}/lift", listing_lift, false, true)                              \
    X(HTTP_GET, "/v1/check", check_get, true, false)                                               \
    X(HTTP_POST, "/v1/screen", screen_post, false, true)                                           \
    X(HTTP_GET, "/v1/appeals", appeals_get, false, false)                                          \
    X(HTTP_POST, "/v1/appeals", appeals_post, true, true)                                          \
    X(HTTP_GET, "/v1/appeals/{ref}", appeal_get, true, false)                                      \
    X(HTTP_POST, "/v1/appeals/{ref}/review", appeal_review, false, true)                           \
    X(HTTP_POST, "/v1/appeals/{ref}/decide", appeal_decide_post, false, true)                      \
    X(HTTP_POST, "/v1/appeals/{ref}/withdraw", appeal_withdraw, true, true)                        \
    X(HTTP_GET, "/v1/feeds", feeds_get, false, false)                                              \
    X(HTTP_POST, "/v1/feeds/{feed}", feed_post, false, false)                                      \
    X(HTTP_GET, "/v1/batches", batches_get, false, false)                                          \
    X(HTTP_GET, "/v1/batches/{id}", batch_get, false, false)                                       \
    X(HTTP_GET, "/v1/batches/{id}/rejects", rejects_get, false, false)                             \
    X(HTTP_POST, "/v1/batches/{id}/approve", batch_approve, false, true)                           \
    X(HTTP_POST, "/v1/batches/{id}/accept", batch_accept, false, true)                             \
    X(HTTP_POST, "/v1/batches/{id}/dismiss", batch_dismiss, false, true)                           \
    X(HTTP_GET, "/v1/sources", sources_get, false, false)                                          \
    X(HTTP_POST, "/v1/sources", sources_post, false, true)                                         \
    X(HTTP_GET, "/v1/sources/{source}", source_get, false, false)                                  \
    X(HTTP_POST, "/v1/sources/{source}/approve", source_approve, false, true)                      \
    X(HTTP_POST, "/v1/sources/{source}/refuse", source_refuse, false, true)                        \
    X(HTTP_POST, "/v1/sources/{source}/end", source_end, false, true)                              \
    X(HTTP_POST, "/v1/sources/{source}/lists", source_list_post, false, false)                     \
    X(HTTP_GET, "/v1/conflicts", conflicts_get, false, false)                                      \
    X(HTTP_POST, "/v1/conflicts/decide", conflicts_decide, false, true)                            \
    API_ALERT_ROUTES(X)                                                                            \
    API_FOUND_ROUTES(X)                                                                            \
    X(HTTP_GET, "/v1/incidents", incidents_get, false, false)                                      \
    X(HTTP_POST, "/v1/incidents", incidents_post, false, true)                                     \
    X(HTTP_GET, "/v1/incidents/{id}", incident_get, false, false)                                  \
    X(HTTP_POST, "/v1/incidents/{id}/follow", incident_follow, false, true)                        \
    X(HTTP_POST, "/v1/incidents/{id}/close", incident_close, false, true)                          \
    X(HTTP_GET, "/v1/incidents/{id}/trail", incident_trail, false, false)                          \
    X(HTTP_GET, "/v1/incidents/{id}/refund", incident_refund, false, false)                        \
    X(HTTP_GET, "/v1/incidents/{id}/accounts/{account}", incident_account, false, false)           \
    X(HTTP_POST, "/v1/reports", reports_post, true, true)                                          \
    X(HTTP_GET, "/v1/incidents/{id}/race", incident_race, false, false)                            \
    X(HTTP_GET, "/v1/incidents/{id}/disconnects", incident_disconnects, false, false)              \
    X(HTTP_POST, "/v1/incidents/{id}/disconnects", incident_disconnect, false, true)               \
    X(HTTP_GET, "/v1/listings/{id}/disconnects", listing_disconnects, false, false)                \
    X(HTTP_POST, "/v1/listings/{id}/disconnects", listing_disconnect, false, true)                 \
    X(HTTP_GET, "/v1/tallies", tallies_get, false, false)                                          \
    X(HTTP_GET, "/v1/reports", reports_get, false, false)                                          \
    X(HTTP_GET, "/v1/reports/{id}", report_get, false, false)                                      \
    X(HTTP_POST, "/v1/reports/{id}/take", report_take, false, true)                                \
    X(HTTP_POST, "/v1/reports/{id}/refuse", report_refuse_post, false, true)                       \
    X(HTTP_POST, "/v1/reports/{id}/withdraw", report_withdraw, false, true)                        \
    X(HTTP_GET, "/v1/reports/{id}/progress", report_progress, true, false)                         \
    X(HTTP_POST, "/v1/incidents/{id}/countersign", incident_countersign, false, true)              \
    X(HTTP_GET, "/v1/orders", orders_get, false, false)                                            \
    X(HTTP_POST, "/v1/orders", orders_post, false, true)                                           \
    X(HTTP_GET, "/v1/orders/{id}", order_get, false, false)                                        \
    X(HTTP_POST, "/v1/orders/{id}/approve", order_approve, false, true)                            \
    X(HTTP_POST, "/v1/orders/{id}/refuse", order_refuse, false, true)                              \
    X(HTTP_POST, "/v1/orders/{id}/lift", order_lift, false, true)                                  \
    X(HTTP_POST, "/v1/orders/{id}/extend", order_extend, false, true)                              \
    X(HTTP_POST, "/v1/orders/{id}/trim", order_trim, false, true)                                  \
    X(HTTP_POST, "/v1/orders/{id}/fail", order_fail, false, true)                                  \
    X(HTTP_POST, "/v1/orders/{id}/receipt", order_receipt, false, true)                            \
    X(HTTP_GET, "/v1/receipts", receipts_get, false, false)                                        \
    X(HTTP_GET, "/v1/providers", providers_get, false, false)                                      \
    X(HTTP_POST, "/v1/orders/{id}/heed", order_heed_post, false, true)                             \
    X(HTTP_POST, "/v1/orders/{id}/keep", order_keep, false, true)                                  \
    X(HTTP_GET, "/v1/calls", calls_get, false, false)                                              \
    X(HTTP_GET, "/v1/providers/{id}", provider_get, false, false)                                  \
    X(HTTP_POST, "/v1/providers/{id}/heed", provider_heed, false, true)                            \
    X(HTTP_GET, "/v1/providers/{id}/orders", provider_orders, false, false)                        \
    X(HTTP_POST, "/v1/providers/{id}/messages", provider_message, false, false)                    \
    X(HTTP_POST, "/v1/rounds", rounds_post, false, true)                                           \
    X(HTTP_GET, "/v1/rounds/{id}/statement", round_statement, false, false)                        \
    X(HTTP_GET, "/v1/rounds", rounds_get, false, false)                                            \
    X(HTTP_GET, "/v1/rounds/{id}", round_get, false, false)                                        \
    X(HTTP_POST, "/v1/rounds/{id}/review", round_review, false, true)                              \
    X(HTTP_POST, "/v1/rounds/{id}/notice", round_notice, false, true)                              \
    X(HTTP_POST, "/v1/rounds/{id}/approve", round_approve, false, true)                            \
    X(HTTP_POST, "/v1/rounds/{id}/void", round_void, false, true)                                  \
    X(HTTP_POST, "/v1/rounds/{id}/close", round_close, false, true)                                \
    X(HTTP_GET, "/v1/notices", notices_get, true, false)                                           \
    X(HTTP_GET, "/v1/notices/{round}", notice_get, true, false)                                    \
    X(HTTP_GET, "/v1/providers/{id}/rounds", provider_rounds, false, false)                        \
    X(HTTP_POST, "/v1/shares/{id}/receipt", share_receipt, false, true)                            \
    X(HTTP_GET, "/v1/returns", returns_get, true, false)                                           \
    X(HTTP_GET, "/v1/mistakes", mistakes_get, true, false)                                         \
    X(HTTP_GET, "/v1/redress/card", redress_card_get, true, false)                                 \
    X(HTTP_GET, "/v1/redress/certificate", redress_certificate_get, true, false)                   \
    X(HTTP_GET, "/v1/signers", signers_get, false, false)                                          \
    X(HTTP_GET, "/v1/audit", audit_get, false, false)                                              \
    X(HTTP_GET, "/v1/audit/head", audit_head, true, false)                                         \
    X(HTTP_GET, "/v1/audit/proof", audit_proof, true, false)                                       \
    X(HTTP_GET, "/v1/audit/leaf", audit_leaf, false, false)                                        \
    X(HTTP_GET, "/v1/audit/export", audit_export, false, false)                                    \
    X(HTTP_GET, "/v1/stream", stream_get, false, false)                                            \
    X(HTTP_GET, "/v1/centre", centre_get, false, false)                                            \
    X(HTTP_GET, "/v1/profile", profile_get, true, false)                                           \
    X(HTTP_POST, "/v1/centre/reconcile", centre_reconcile, false, true)                            \
    X(HTTP_POST, "/v1/centre/backup", centre_backup, false, true)                                  \
    X(HTTP_GET, "/v1/keys", keys_get, false, false)                                                \
    X(HTTP_POST, "/v1/keys/{kind}/rotate", key_rotate, false, true)                                \
    X(HTTP_GET, "/v1/resolvers", resolvers_get, false, false)                                      \
    X(HTTP_POST, "/v1/clock", clock_post, true, true)

#define X(method, path, handler, is_public, wants_json) api_handler handler;
API_ROUTE_LIST(X)
#undef X

struct api_route_rule {
    api_handler *handler;
    bool is_public;
    bool wants_json;
};

extern const struct http_route api_routes[];
extern const struct api_route_rule api_rules[];
extern const size_t api_route_count;

#endif
