/* SPDX-License-Identifier: Apache-2.0 */
/* yumen version: what this program is, what it was built with, and what it knows. */
#include "app/cli/cli.h"
#include "app/version.h"
#include "store/migrate.h"

static int run(const struct command_line *line);

const struct command_entry cmd_version = {
    .name = "version",
    .usage = "[--json]",
    .help = "cli.help.version",
    .run = run,
};

static const struct {
    const char *name;
    const char *version;
} libraries[] = {
    {"libevent",   YUMEN_WITH_EVENT  },
    {"OpenSSL",    YUMEN_WITH_OPENSSL},
    {"libsodium",  YUMEN_WITH_SODIUM },
    {"SQLite",     YUMEN_WITH_SQLITE },
    {"ldns",       YUMEN_WITH_LDNS   },
    {"ICU",        YUMEN_WITH_ICU    },
    {"libpsl",     YUMEN_WITH_PSL    },
    {"libidn2",    YUMEN_WITH_IDN2   },
    {"jansson",    YUMEN_WITH_JANSSON},
    {"expat",      YUMEN_WITH_EXPAT  },
    {"zlib",       YUMEN_WITH_ZLIB   },
    {"Zstandard",  YUMEN_WITH_ZSTD   },
    {"libyaml",    YUMEN_WITH_YAML   },
    {"libsystemd", YUMEN_WITH_SYSTEMD},
};

static void put_json(const struct command_line *line)
{
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("version"), STR(YUMEN_VERSION));
    json_put_str(j, STR("source"), STR(YUMEN_SOURCE));
    json_put_str(j, STR("compiler"), STR(YUMEN_COMPILER));
    json_put_i64(j, STR("schema"), migrate_newest());
    json_key(j, STR("libraries"));
    json_object(j);
    for (size_t i = 0; i < COUNT_OF(libraries); i++)
        json_put_str(j, str_from_c(libraries[i].name), str_from_c(libraries[i].version));
    json_end(j);
    printf("%s\n", cli_body_end(&body).at);
}

static int run(const struct command_line *line)
{
    if (line->word_count > 0)
        return command_usage(&cmd_version, "cli.usage.too_many");
    if (line->wants_json) {
        put_json(line);
        return EXIT_DONE;
    }
    struct text with;
    text_init(&with, line->arena);
    for (size_t i = 0; i < COUNT_OF(libraries); i++)
        text_printf(&with, "%s%s %s", i == 0 ? "" : ", ", libraries[i].name, libraries[i].version);
    printf("yumen %s\n", YUMEN_VERSION);
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.version.source", STR(YUMEN_SOURCE));
    record_put(&t, "cli.version.compiler", STR(YUMEN_COMPILER));
    record_put(&t, "cli.version.schema", say_number(line, migrate_newest()));
    record_put(&t, "cli.version.libraries", text_str(&with));
    table_print(&t, stdout);
    return EXIT_DONE;
}
