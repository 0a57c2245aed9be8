/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options.h"

#include "conf/conf.h"

static const char *const call_actions[] = {"pass", "warn", "block", NULL};
static const char *const burst_actions[] = {"pass", "warn", NULL};
static const char *const stranger_words[] = {"drop", "refuse", NULL};
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
     .zh = "规则包：内置名称（cn、in、sg、th、uk、us）或文件路径。",
     .en = "Law profile: a bundled name (cn, in, sg, th, uk, us) or the path of a file."},
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
    {.key = "sip.listen",
     .type = CONF_LISTEN,
     .preset = "",
     AT(sip_listen),
     .zh = "呼叫筛查（SIP，UDP 与 TCP）的监听地址，供运营商交换机在呼叫建立时询问，通常为 5060 端口。留空则不开启。",
     .en = "Where calls are screened at set-up (SIP, UDP and TCP) for carriers' switches, usually port 5060. Empty: "
           "closed."},
    {.key = "sip.trunks",
     .type = CONF_TRUNKS,
     .preset = "[]",
     AT(sip_trunks),
     .zh = "可请求筛查的中继：name、from（其交换机的地址或网络）、kind（domestic 境内，international 国际）、"
           "reject（拒绝时答复 608 或 603，默认 608）、numbers（不带 + 的号码如何理解：national 按国内拨号，e164 以国家代码开头；"
           "国际中继默认 e164）、asserts（yes 表示 P-Asserted-Identity 与 From 都作判断，以较重者为准；no 表示只看 From；境内默认 yes，国际默认 no）、"
           "calls_per_s（每秒最多筛查多少个呼叫，UDP 与 TCP 分别计算，超出的答复 503，默认不限）、"
           "carrier（属于哪个运营商：providers 中的 id；他人送来的话单若写着这条中继，该行即被拒收；默认不限）。",
     .en = "Who may have calls screened: name, from (addresses or networks of its switches), kind (domestic, "
           "international), reject (608 or 603, 608 if none), numbers (one without '+' is national, as dialled here, or "
           "e164, beginning with its country's code; e164 if none and international), asserts (yes: "
           "P-Asserted-Identity is judged as well as From, and the worse counts; no: From alone; yes if none and "
           "domestic, no if none and international), calls_per_s (calls that "
           "are screened in a second, UDP and TCP apart; beyond it 503; any number if none), carrier (the provider whose trunk it "
           "is: a call record that names it is refused from anybody else; anybody's if none)."},
    {.key = "sip.strangers",
     .type = CONF_WORD,
     .preset = "drop",
     .words = stranger_words,
     AT(sip_strangers),
     .zh = "对不属于任何中继的来源：drop 不应答，refuse 答复 403（不长于请求）。",
     .en = "To who is of no trunk: drop (no answer) or refuse (403, in no more bytes than came)."},
    {.key = "sip.warning",
     .type = CONF_TEXT,
     .preset = "涉诈风险 Suspected scam",
     AT(sip_warning),
     .zh = "预警时在电话上显示的文字，随 302 的 Contact 送回。",
     .en = "What a phone shows of a call that is passed with a warning; it stands in the Contact of the 302."},
    {.key = "sip.redress_url",
     .type = CONF_TEXT,
     .preset = "",
     AT(sip_redress_url),
     .zh = "被拦截的主叫从外部读取签名 jCard（RFC 8688）的网址，即本中心的 /v1/redress/card；随拒绝答复的 Call-Info 送出，告知如何申诉。设置了 sip.listen 就必须填写：不告知救济途径的，不得拦截。",
     .en = "How a rejected caller reaches this centre's /v1/redress/card from outside: the signed jCard (RFC 8688) that "
           "tells how to get redress; stands in the Call-Info of a rejection. Required where sip.listen is set: nobody is "
           "rejected without a way to redress."},
    {.key = "sip.redress_page",
     .type = CONF_TEXT,
     .preset = "",
     AT(sip_redress_page),
     .zh = "jCard 中写明的申诉网页。留空则为 redress_url 所在主机的 /appeal。",
     .en = "The page on which one complains, as the jCard says it. Empty: /appeal where redress_url is."},
    {.key = "sip.redress_email",
     .type = CONF_TEXT,
     .preset = "",
     AT(sip_redress_email),
     .zh = "jCard 中的申诉邮箱。留空则不写。",
     .en = "The mail address for redress in the jCard. Empty: none."},
    {.key = "sip.redress_tel",
     .type = CONF_TEXT,
     .preset = "",
     AT(sip_redress_tel),
     .zh = "jCard 中的申诉电话，带国家代码，例如 +86-10-12345678。留空则不写。",
     .en = "The telephone for redress in the jCard, with its country's code, as +86-10-12345678. Empty: none."},
    {.key = "sip.official",
     .type = CONF_WORD,
     .preset = "block",
     .words = call_actions,
     AT(sip_official),
     .zh = "国际来话显示受保护的号码（生效的 allow 条目，如银行、公安）时：pass、warn 或 block。中国的依据：《反电信网络诈骗法》第十三条（识别、拦截虚假主叫）；他国须自有依据，否则请设为 warn。",
     .en = "A call from abroad shows a protected number (an allow listing: a bank, the police): pass, warn or block. Its basis "
           "in China: Anti-Telecom and Online Fraud Law, art. 13 (false and irregular calling numbers are identified "
           "and blocked); elsewhere you need your own, or warn."},
    {.key = "sip.short_code",
     .type = CONF_WORD,
     .preset = "block",
     .words = call_actions,
     AT(sip_short_code),
     .zh = "国际来话显示短号码，或短号码前带有 +86（如 +8696110）时。依据同 sip.official（不规范主叫）。",
     .en = "A short code from abroad, or with +86 before it (as +8696110). Its basis: as of sip.official (irregular)."},
    {.key = "sip.domestic",
     .type = CONF_WORD,
     .preset = "warn",
     .words = call_actions,
     AT(sip_domestic),
     .zh = "国际来话显示境内号码时。在境外漫游的用户也是如此，故默认只预警。",
     .en = "A call from abroad shows a domestic number. So does a subscriber who roams abroad: a warning unless you say otherwise."},
    {.key = "sip.impossible",
     .type = CONF_WORD,
     .preset = "block",
     .words = call_actions,
     AT(sip_impossible),
     .zh = "号码的位数不可能存在时。依据同 sip.official（不规范主叫）。",
     .en = "A number of a length that none has. Its basis: as of sip.official (irregular)."},
    {.key = "sip.unassigned",
     .type = CONF_WORD,
     .preset = "warn",
     .words = call_actions,
     AT(sip_unassigned),
     .zh = "号码不属于任何已分配的号段时。",
     .en = "A number of a range that is nobody's."},
    {.key = "sip.number_calls_per_min",
     .type = CONF_INT,
     .preset = "0",
     .high = 100000,
     AT(sip_number_calls_per_min),
     .zh = "同一主叫号码在同一中继上每分钟最多多少个呼叫（UDP 与 TCP 分别计算），超出的按 sip.burst 处理；受保护的号码除外。0 表示不限。",
     .en = "Calls of one number on one trunk in a minute (UDP and TCP apart); what is beyond is dealt with by sip.burst, but for "
           "protected numbers. 0: any number."},
    {.key = "sip.burst",
     .type = CONF_WORD,
     .preset = "warn",
     .words = burst_actions,
     AT(sip_burst),
     .zh = "主叫号码的呼叫超过上述限制时：pass 或 warn。不能拦截：号码可能是被他人冒用的。",
     .en = "A call beyond that: pass or warn. It cannot be block: somebody else may be using the number."},
    {.key = "sip.certificates",
     .type = CONF_TEXT,
     .preset = "",
     AT(sip_certificates),
     .zh = "签署来电者的证书所在目录（相对于数据目录），用于核验 Identity 头（RFC 8224、8225、8588）：roots.pem 为可信根证书，其余每个 .pem 文件先写一行 x5u: 网址，后接该网址上的证书及其上级证书。中心从不下载证书；新增文件几秒后生效。留空则不核验。",
     .en = "The folder (in DIR, unless it begins with /) of certificates of those who sign calls, to check Identity headers "
           "(RFC 8224, 8225, 8588): roots.pem holds whom you trust, every other .pem file a line \"x5u: URL\" and then the "
           "certificate that others find there, with those above it. None is ever fetched; a new file counts after some "
           "seconds. Empty: signatures are not checked."},
    {.key = "sip.fresh_s",
     .type = CONF_INT,
     .preset = "60",
     .low = 1,
     .high = 3600,
     AT(sip_fresh_s),
     .zh = "签名的时间与本中心时钟最多相差多少秒。",
     .en = "Seconds that the time of a signature may differ from the centre's clock."},
    {.key = "sip.forged",
     .type = CONF_WORD,
     .preset = "pass",
     .words = burst_actions,
     AT(sip_forged),
     .zh = "某号码的签名十分钟内在同一中继上被伪造过，其后的呼叫如何处理：pass 或 warn。不能拦截：被冒用的正是该号码的主人。",
     .en = "A call of a number whose signature was forged on the same trunk in the last ten minutes: pass or warn. It cannot be "
           "block: it is the number's owner who was impersonated."},
    {.key = "calls.secret_dir",
     .type = CONF_TEXT,
     .preset = "keys",
     AT(calls_secret_dir),
     .zh = "话单假名密钥 pseudonym-ID 与字段加密密钥 seal 所在目录（相对于数据目录，或以 / 开头的绝对路径），须可写。放在另一块磁盘上，仅取得数据盘者就读不出谁与谁通过话。更改前先停止运行并移走该文件。备份只包含 DIR/keys 中的密钥。",
     .en = "The folder (in DIR, unless it begins with /) of the secrets pseudonym-ID under which numbers of call records "
           "stand, and of the secret seal of fields about people; the centre writes to it. On another disk, who has that of DIR alone cannot read which two numbers "
           "spoke. Before a change stop the centre and move the file. A backup holds the secrets of DIR/keys only."},
    {.key = "calls.cells",
     .type = CONF_TEXT,
     .preset = "",
     AT(calls_cells),
     .zh = "各基站小区的位置：CSV 文件（相对于数据目录），列为 cell,lon,lat,name，小区按运营商的写法，经纬度为十进制度数。启动时读取，有误的行写入日志。留空：查看设备时只显示小区。",
     .en = "Where cells stand: a CSV file in DIR with the columns cell,lon,lat,name, a cell as its carrier "
           "writes it, decimal degrees. It is read at the start; bad rows are named in the log. "
           "Empty: of a device its cell is shown alone."},
    {.key = "calls.numbers_most",
     .type = CONF_INT,
     .preset = "1000000",
     .low = 1000,
     .high = 60000000,
     AT(calls_numbers_most),
     .zh = "话单（calls）中最多记住多少个号码的通话行为，每个约 190 字节内存，收到第一条话单时才占用。满了以后，只出现过一次的号码先让位。一省约 3000 万。开始记录后再改不起作用，须停止运行并删除 DIR/calls。",
     .en = "Numbers whose conduct is kept from call records (feed calls), about 190 bytes of memory each, taken when the "
           "first record comes. When it is full, numbers heard once make room. A province has about 30 million. What has "
           "begun goes on as it is: to change it, stop the centre and remove DIR/calls."},
    {.key = "calls.calls_most",
     .type = CONF_INT,
     .preset = "2000000",
     .low = 1000,
     .high = 4000000000,
     AT(calls_calls_most),
     .zh = "为识别重复话单而记住多少个呼叫，每个 8 字节内存；应为 26 小时内话单数的两倍。不足时重复的话单可能被重复计数（见 /metrics 的 yumen_calls_forgotten_total）。改动同上。",
     .en = "Calls that are remembered so that repeats are known, 8 bytes of memory each: twice what comes in 26 hours. With "
           "fewer, repeats may count twice (yumen_calls_forgotten_total in /metrics). Changed likewise."},
    {.key = "detect.callers",
     .type = CONF_TEXT,
     .preset = "",
     AT(detect_callers),
     .zh = "识别涉诈主叫所用模型的文件（由 yumen train 训练，相对于 DIR）。留空则使用随程序提供的模型；none 表示不识别。",
     .en = "File of the model that finds scam callers in call records, made by yumen train, relative to DIR. Empty: the one "
           "that comes with the program. none: nobody is scored."},
    {.key = "detect.precision_percent",
     .type = CONF_INT,
     .preset = "80",
     .low = 1,
     .high = 99,
     AT(detect_precision_percent),
     .zh = "每一万个号码中有一个涉诈时，模型提出的线索至少应有百分之多少属实（按其置信下限）。达不到时不提出线索。",
     .en = "Of a hundred suspicions of a model, as many must at least be right where one number in 10,000 is bad, by the lower "
           "bound of what it was measured at. A model that is nowhere so sure finds nothing."},
    {.key = "detect.per_day",
     .type = CONF_INT,
     .preset = "200",
     .high = 100000,
     AT(detect_per_day),
     .zh = "每天最多提出多少条线索，分值高者优先；超出的只计数。",
     .en = "Suspicions a day at most, the surest first; what is above is only counted."},
    {.key = "detect.again_days",
     .type = CONF_INT,
     .preset = "30",
     .low = 1,
     .high = 365,
     AT(detect_again_days),
     .zh = "线索及设备记录保留多少天，其后擦除；被排除、拒绝或解除的号码在此期间不再因同一方法被提出。",
     .en = "Days that suspicions and devices are kept, then erased. A number that was cleared is not suspected again by the same "
           "detector for as long."},
    {.key = "detect.candidates_most",
     .type = CONF_INT,
     .preset = "20000",
     .high = 2000000,
     AT(detect_candidates_most),
     .zh = "为识别多卡设备（GOIP）最多同时观察多少个号码，每个约 1.1 KB 内存。0 表示不识别。",
     .en = "Numbers whose calls are kept for three days, in memory, to find devices full of cards; about 1.1 KB each. 0: no "
           "device is looked for."},
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
    {.key = "retention.transfers_days",
     .type = CONF_INT,
     .preset = "0",
     .high = 36500,
     AT(transfers_retention_days),
     .zh = "转账按其时间保留多少天，之后整段删除（最多晚 50 天）。0 表示一直保留。",
     .en = "Days that transfers are kept, by their own time; then they go as whole files, at most "
           "50 days later. 0: for ever."},
    {.key = "reports.match_min",
     .type = CONF_INT,
     .preset = "10",
     .low = 1,
     .high = 1440,
     AT(report_match_min),
     .zh = "报警人所说的转账时间与银行记录最多相差多少分钟，仍视为同一笔；超出的记为不符，不发指令。",
     .en = "Minutes by which the time a victim tells may differ from the bank's. Beyond it is a "
           "mismatch, on which nothing is sent."},
    {.key = "reports.first_orders",
     .type = CONF_INT,
     .preset = "32",
     .low = 1,
     .high = 256,
     AT(report_orders),
     .zh = "受理一次报警时最多立即发出多少条紧急指令。",
     .en = "Emergency orders that are sent at once when a report is taken, at most."},
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
    {.key = "providers",
     .type = CONF_PROVIDERS,
     .preset = "[]",
     AT(providers),
     .zh = "执行处置指令的协作单位：id、name、kind（bank、payment、carrier、resolver、registrar、platform）、"
           "can（能执行的指令：hold、stop、freeze、disconnect、block、query）、way（pull：由其领取；push：发送到其 url，须为 https）、"
           "form（json、iso20022、cn）、key（验证其签名的 Ed25519 公钥，十六进制，可省略）、"
           "codes（数据中对该银行的其他称呼；运营商则为其号码的开头，如 +86139）、answer_s（须在多少秒内答复，默认 300）、"
           "outlets（开户网点及其人数：code、staff，用于网点统计，人数不明的网点只合并计数）。",
     .en = "Who carries orders out: id, name, kind (bank, payment, carrier, resolver, registrar, platform), "
           "can (hold, stop, freeze, disconnect, block, query), way (pull: it fetches them; push: they are "
           "posted to its url, https), "
           "form (json, iso20022, cn), key (hex of the Ed25519 key that signs what it sends, or none), "
           "codes (how feeds name this bank; of a carrier, how its numbers begin, as +86139), "
           "answer_s (seconds to answer within, 300 if none), outlets (where it issues instruments, each with "
           "code and staff, for the tallies: one whose staff is not known is only counted together with others)."},
    {.key = "push.ca_file",
     .type = CONF_TEXT,
     .preset = "",
     AT(push_ca_file),
     .zh = "发送指令时信任的证书颁发机构文件（PEM），相对于数据目录。留空则用系统的。",
     .en = "Certificate authorities (PEM) by which a provider's address is known when orders are "
           "posted, relative to DIR. Empty: the system's."},
    {.key = "push.timeout_s",
     .type = CONF_INT,
     .preset = "20",
     .low = 1,
     .high = 120,
     AT(push_timeout_s),
     .zh = "发送一份指令最多等待多少秒，从查询名称到收完应答；超时则稍后重发。",
     .en = "Seconds that one attempt to post an order may take, from name to last byte; then it is "
           "posted again later."},
    {.key = "smtp", .type = CONF_RESERVED},
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
