// Engine.IO v4 packets and the Socket.IO v5 packets in them: joining, subscribing, and where a message goes.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <string.h>

static bool begins(const uint8_t *text, uint32_t len, const char *with) {
    size_t size = strlen(with);
    return len >= size && !memcmp(text, with, size);
}

static void refused(struct client *client, const uint8_t *text, uint32_t len) {
    fprintf(stderr, "refused: %.*s\n", (int)len, (const char *)text);
    client_end(client);
}

// With the acknowledgement id 0, whose coming says that all is set up.
static void subscribe(struct client *client) {
    char text[4000], options_text[80];
    const struct variant *variant = client->variant;
    snprintf(options_text, sizeof options_text, ",\"mode\":\"%s\",\"encoding\":\"%s\"",
             variant->is_delta ? "delta" : "full", variant->is_msgpack ? "msgpack" : "json");
    int len;
    if (options.races == 1) {
        len = snprintf(text, sizeof text, "420[\"subscribe_race\",{\"raceId\":\"bench-01\"%s", options_text);
        if (options.since)
            len += snprintf(text + len, sizeof text - len, ",\"since\":%s", options.since);
    } else {
        len = snprintf(text, sizeof text, "420[\"subscribe_races\",{\"raceIds\":[");
        for (int race = 1; race <= options.races; race++)
            len += snprintf(text + len, sizeof text - len, "%s\"bench-%02d\"", race > 1 ? "," : "", race);
        len += snprintf(text + len, sizeof text - len, "]%s", options_text);
        if (options.since) {
            len += snprintf(text + len, sizeof text - len, ",\"since\":{");
            for (int race = 1; race <= options.races; race++)
                len += snprintf(text + len, sizeof text - len, "%s\"bench-%02d\":%s", race > 1 ? "," : "", race,
                                options.since);
            len += snprintf(text + len, sizeof text - len, "}");
        }
    }
    snprintf(text + len, sizeof text - len, "}]");
    send_text(client, text);
    client->state = SUBSCRIBING;
}

static void joined(struct client *client) {
    if (client->is_control)
        client->state = READY;
    else
        subscribe(client);
}

static void message(struct client *client, const uint8_t *text, uint32_t len, uint32_t wire_len, uint64_t now) {
    if (client->awaits_attachment) {
        // Another message between a placeholder and its attachment: stock clients would take it for the end of both.
        counts.damaged++;
        client->awaits_attachment = false;
    }
    switch (text[1]) {
    case '0':
        if (client->state == JOINING)
            joined(client);
        break;
    case '1':
    case '4':
        refused(client, text, len);
        break;
    case '2':
        if (begins(text, len, "42[\"odds_update\""))
            odds_json(client, text, len, wire_len, now);
        else if (begins(text, len, "42[\"error\""))
            refused(client, text, len);
        break;
    case '3':
        if (client->state == SUBSCRIBING)
            setup_done(client);
        else if (client->unanswered) {
            client->unanswered--;
            counts.answered++;
        } else
            counts.extra++;
        break;
    case '5':
        client->awaits_attachment = true;
        if (!begins(text, len, "451-[\"odds_update\",{\"_placeholder\":true,\"num\":0}]"))
            counts.damaged++;
        counts.bytes += wire_len;
        break;
    default:
        counts.damaged++;
    }
}

void packet_text(struct client *client, const uint8_t *text, uint32_t len, uint32_t wire_len, uint64_t now) {
    if (len == 0) {
        counts.damaged++;
        return;
    }
    switch (text[0]) {
    case '0':
        if (client->state == OPENING) {
            send_text(client, "40");
            client->state = JOINING;
        }
        break;
    case '2':
        pings_answered++;
        send_text(client, "3");
        break;
    case '4':
        if (len > 1)
            message(client, text, len, wire_len, now);
        break;
    case '6':
        break;
    default:
        counts.damaged++;
    }
}

void packet_binary(struct client *client, const uint8_t *bytes, uint32_t len, uint32_t wire_len, uint64_t now) {
    if (!client->awaits_attachment) {
        counts.damaged++;
        return;
    }
    client->awaits_attachment = false;
    odds_msgpack(client, bytes, len, wire_len, now);
}
