/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options.h"

#include "conf/conf.h"

static const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};

#define AT(member) .offset = offsetof(struct conf, member)

/* clang-format off */
/* Options of one group stand together: the commented file is this table from top to bottom. */
const struct conf_option conf_options[] = {
    {.key = "listen",
     .type = CONF_LISTEN,
     .preset = "127.0.0.1:9611",
     AT(listen),
     .zh = "控制台与接口的监听地址。对外服务请在前面放置 TLS 代理。",
     .en = "Where the console and the API listen. Put a TLS proxy before it to serve others."},
    {.key = "profile",
     .type = CONF_TEXT,
     .preset = "cn",
     AT(profile),
     .zh = "规则包：内置名称（cn、sg、in、th、uk）或文件路径。",
     .en = "Law profile: a bundled name (cn, sg, in, th, uk) or the path of a file."},
    {.key = "erasures",
     .type = CONF_TEXT,
     .preset = "erasures.journal",
     AT(erasures),
     .zh = "擦除日志的位置，应放在数据库备份之外，使已擦除的数据在恢复备份后仍保持擦除。",
     .en = "The erasure journal. Keep it apart from backups: what was erased stays erased after a "
           "restore."},
    {.key = "notice.listen",
     .type = CONF_LISTEN,
     .preset = "",
     AT(notice_listen),
     .zh = "提示页的监听地址，被封堵域名的访问者会到达这里，通常为 80 端口。留空则不开启。",
     .en = "Where the notice page listens for visitors of blocked names, usually port 80. Empty: "
           "closed."},
    {.key = "dns.listen",
     .type = CONF_LISTEN,
     .preset = "",
     AT(dns_listen),
     .zh = "RPZ 区的主服务器监听地址（UDP 与 TCP）。留空则不开启。",
     .en = "Where the primary of the RPZ zone listens, UDP and TCP. Empty: closed."},
    {.key = "dns.zone",
     .type = CONF_NAME,
     .preset = "rpz.yumen.",
     AT(dns_zone),
     .zh = "RPZ 区的名称。",
     .en = "Name of the RPZ zone."},
    {.key = "dns.ttl_s",
     .type = CONF_INT,
     .preset = "5",
     .low = 1,
     .high = 86400,
     AT(dns_ttl_s),
     .zh = "应答在解析器中缓存的秒数。解除封堵最多延迟这么久。",
     .en = "Seconds a resolver may keep an answer: a lift is late by no more than this."},
    {.key = "dns.notice.a",
     .type = CONF_HOST,
     .preset = "127.0.0.1",
     AT(dns_notice_a),
     .zh = "被封堵域名指向的 IPv4 地址，即提示页所在主机。",
     .en = "The IPv4 address blocked names lead to: the host of the notice page."},
    {.key = "dns.notice.aaaa",
     .type = CONF_HOST,
     .preset = "",
     AT(dns_notice_aaaa),
     .zh = "同上，IPv6 地址。可留空。",
     .en = "The same for IPv6. May be empty."},
    {.key = "dns.notice.cname",
     .type = CONF_NAME,
     .preset = "",
     AT(dns_notice_cname),
     .zh = "也可以不用地址，改为指向一个域名；此时不要填写上面两项。",
     .en = "Or a name instead of addresses; then leave out the two above."},
    {.key = "dns.tsig",
     .type = CONF_TSIGS,
     .preset = "[]",
     AT(dns_tsigs),
     .zh = "区传送密钥：name、algorithm（hmac-sha256 或 "
           "hmac-sha512）、secret_file（base64，相对于数据目录；省略则用本中心自己的密钥，见 yumen "
           "keys）。",
     .en = "Transfer keys: name, algorithm (hmac-sha256 or hmac-sha512), secret_file (base64, "
           "relative to DIR; none: the centre's own, see yumen keys)."},
    {.key = "dns.secondaries",
     .type = CONF_SECONDARIES,
     .preset = "[]",
     AT(dns_secondaries),
     .zh = "获准复制该区并接收 NOTIFY 的解析器：address（端口默认 "
           "53）、tsig（上面某个密钥的名称，可省略）、polls（yes 表示它自行轮询，不发 NOTIFY，"
           "如 PowerDNS Recursor）。",
     .en = "Resolvers that may copy the zone and are sent NOTIFY: address (port 53 if none), tsig "
           "(a key's name, or none), polls (yes: it asks by itself and is sent no NOTIFY, as "
           "PowerDNS Recursor)."},
    {.key = "dns.files",
     .type = CONF_TEXTS,
     .preset = "[]",
     AT(dns_files),
     .zh = "与该区保持一致的 RPZ 文件，供 Knot Resolver 等读取文件的解析器使用，相对于数据目录；"
           "每次变更后整份替换。",
     .en = "RPZ files kept like the zone, for resolvers that read one (Knot Resolver), relative to "
           "DIR; each is replaced whole after a change."},
    {.key = "dns.files_every_s",
     .type = CONF_INT,
     .preset = "1",
     .low = 1,
     .high = 86400,
     AT(dns_files_every_s),
     .zh = "两次写这些文件之间至少相隔的秒数。Knot Resolver 每次都读完整份文件，期间不应答："
           "有一百万个域名时请设得长一些。",
     .en = "Seconds from one writing of these files to the next, at least. Knot Resolver reads all "
           "of it each time and answers nobody meanwhile: with a million names, make it longer."},
    {.key = "retention.appeal_days",
     .type = CONF_INT,
     .preset = "0",
     .high = 36500,
     AT(appeal_retention_days),
     .zh = "申诉办结多少天后擦除其个人信息。0 表示按规则包；只能缩短，不能延长。",
     .en = "Days after its decision until an appeal's personal data is erased. 0: as the profile "
           "says. It can only be shorter."},
    {.key = "retention.listing_days",
     .type = CONF_INT,
     .preset = "0",
     .high = 36500,
     AT(listing_retention_days),
     .zh = "名单条目结束多少天后擦除其标识与证据。0 表示按规则包；只能缩短。",
     .en = "Days after its end until a listing's value and evidence are erased. 0: as the profile "
           "says. Only shorter."},
    {.key = "retention.reject_days",
     .type = CONF_INT,
     .preset = "0",
     .high = 36500,
     AT(reject_retention_days),
     .zh = "被拒绝的数据行保留多少天。0 表示按规则包；只能缩短。",
     .en = "Days that refused rows are kept. 0: as the profile says. Only shorter."},
    {.key = "log.level",
     .type = CONF_WORD,
     .preset = "info",
     .words = log_levels,
     AT(log_level),
     .zh = "日志级别：debug、info、warn、error。日志不含个人信息。",
     .en = "Least level that is logged: debug, info, warn, error. Logs hold no personal data."},
    {.key = "log.file",
     .type = CONF_TEXT,
     .preset = "",
     AT(log_file),
     .zh = "日志文件，相对于数据目录。留空则写到标准错误。",
     .en = "Log file, relative to DIR. Empty: standard error."},
    {.key = "log.max_mib",
     .type = CONF_INT,
     .preset = "64",
     .low = 1,
     .high = 65536,
     AT(log_max_mib),
     .zh = "日志文件的上限（MiB），超过后轮换，只保留一个旧文件。",
     .en = "Size at which the log file is rotated, in MiB; one older file is kept."},
    {.key = "smtp", .type = CONF_RESERVED},
    {.key = "sip", .type = CONF_RESERVED},
    {.key = "providers", .type = CONF_RESERVED},
    {.key = "carriers", .type = CONF_RESERVED},
};
/* clang-format on */
const size_t conf_option_count = COUNT_OF(conf_options);

const struct conf_option *conf_option_find(str key)
{
    for (size_t i = 0; i < conf_option_count; i++)
        if (str_equal(key, str_from_c(conf_options[i].key)))
            return &conf_options[i];
    return NULL;
}

bool conf_group_exists(str path)
{
    for (size_t i = 0; i < conf_option_count; i++) {
        str key = str_from_c(conf_options[i].key);
        if (key.size > path.size && str_starts(key, path) && key.at[path.size] == '.')
            return true;
    }
    return false;
}
