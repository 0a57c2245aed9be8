/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/push_inside.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

err push_tls_open(const struct push_options *options, struct ssl_ctx_st **ret_tls)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1) {
        SSL_CTX_free(tls);
        return fail(ERR_OS, "push: TLS cannot start", 0);
    }
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    int is_loaded = options->ca_file == NULL ? SSL_CTX_set_default_verify_paths(tls)
                                             : SSL_CTX_load_verify_file(tls, options->ca_file);
    if (is_loaded != 1) {
        SSL_CTX_free(tls);
        return fail(ERR_MALFORMED, "push.ca_file", 0);
    }
    *ret_tls = tls;
    return OK;
}

void push_tls_close(struct ssl_ctx_st *tls)
{
    SSL_CTX_free(tls);
}

static bool is_address(const char *host)
{
    unsigned char room[16];
    return inet_pton(AF_INET, host, room) == 1 || inet_pton(AF_INET6, host, room) == 1;
}

/* A name is also said in the clear (SNI), so that a host with many certificates sends the right
 * one; an address is not a name (RFC 6066, 3). */
static bool expect_host(SSL *ssl, char *host)
{
    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

struct ssl_st *push_tls_make(struct ssl_ctx_st *tls, char *host)
{
    SSL *ssl = SSL_new(tls);
    if (ssl != NULL && !expect_host(ssl, host)) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}

bool push_tls_is_distrusted(const struct ssl_st *ssl)
{
    return ssl != NULL && SSL_get_verify_result(ssl) != X509_V_OK;
}

void push_tls_keep(struct ssl_st *ssl)
{
    (void)SSL_up_ref(ssl); /* fails for no reference at all */
}

void push_tls_drop(struct ssl_st *ssl)
{
    SSL_free(ssl);
}
