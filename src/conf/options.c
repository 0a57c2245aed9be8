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
    {.key = "dns.list.listen",
     .type = CONF_LISTEN,
     .preset = "",
     AT(list_listen),
     .zh = "DNS 名单（RFC 5782）的监听地址（UDP 与 TCP），供邮件与短信网关查询。留空则不开启。",
     .en = "Where the DNS list (RFC 5782) listens, UDP and TCP, for mail and SMS gateways. Empty: "
           "closed."},
    {.key = "dns.list.domains",
     .type = CONF_NAME,
     .preset = "dbl.yumen.",
     AT(list_domains),
     .zh = "查询域名的区：evil.example 写作 evil.example.dbl.yumen.。",
     .en = "Zone in which domains are asked for: evil.example as evil.example.dbl.yumen."},
    {.key = "dns.list.numbers",
     .type = CONF_NAME,
     .preset = "num.yumen.",
     AT(list_numbers),
     .zh = "查询号码的区：E.164 号码的数字倒序，以点分隔，与 ENUM 相同。",
     .en = "Zone in which numbers are asked for: the digits of E.164 from the last, with dots, as "
           "in ENUM."},
    {.key = "dns.list.server",
     .type = CONF_NAME,
     .preset = "localhost.",
     AT(list_server),
     .zh = "NS 与 SOA 记录中的服务器名称，应与上级区的授权一致，最长 46 个字符。",
     .en = "Name of this server in NS and SOA, as the zone above delegates to it; 46 letters at "
           "most."},
    {.key = "dns.list.ttl_s",
     .type = CONF_INT,
     .preset = "300",
     .low = 1,
     .high = 86400,
     AT(list_ttl_s),
     .zh = "“已列入”的应答最多缓存多少秒；不超过该条目的剩余期限。解除最多延迟这么久。",
     .en = "Seconds that \"listed\" may be remembered, and never beyond the listing's end: a lift is "
           "late by no more than this."},
    {.key = "dns.list.nothing_s",
     .type = CONF_INT,
     .preset = "60",
     .low = 1,
     .high = 3600,
     AT(list_nothing_s),
     .zh = "“未列入”的应答缓存多少秒。新列入的条目最多延迟这么久被看到。",
     .en = "Seconds that \"not listed\" may be remembered: a new listing is seen late by no more "
           "than this."},
    {.key = "dns.list.clients",
     .type = CONF_NETS,
     .preset = "[]",
     AT(list_clients),
     .zh = "准许查询的网络，如 192.0.2.0/24；其他来源一律拒绝。留空表示仅本机。",
     .en = "Networks that may ask, as 192.0.2.0/24; anybody else is refused. None: this machine "
           "only."},
    {.key = "dns.list.trusted",
     .type = CONF_NETS,
     .preset = "[]",
     AT(list_trusted),
     .zh = "不受限速约束的网络，须确信其地址不会被冒用。留空表示仅本机。",
     .en = "Networks without limits, whose addresses nobody else can use. None: this machine "
           "only."},
    {.key = "dns.list.answers_per_s",
     .type = CONF_INT,
     .preset = "200",
     .high = 100000,
     AT(list_answers_per_s),
     .zh = "每个来源网络（/24 或 /56）每类应答每秒最多多少个（UDP）。0 表示不限。",
     .en = "Answers over UDP that a network (/24 or /56) gets in a second, of each kind. 0: any "
           "number."},
    {.key = "dns.list.slip",
     .type = CONF_INT,
     .preset = "2",
     .high = 10,
     AT(list_slip),
     .zh = "超出限速的应答中，每隔多少个以截断应答代替丢弃，使真实的查询者改用 TCP。0 表示全部丢弃。",
     .en = "Of the answers beyond that, each so manieth is sent cut, so that who really asked comes "
           "back over TCP. 0: none is."},
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
