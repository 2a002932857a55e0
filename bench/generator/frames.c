// WebSocket frames (RFC 6455), as a client sends and reads them, with permessage-deflate (RFC 7692).
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { RAW_DEFLATE = -15, MOST_INFLATED = 1 << 17 };

// The mask is zero: it protects proxies, of which there is none here, and costs nothing this way.
static void send_frame(struct client *client, enum opcode opcode, const void *payload, size_t len) {
    uint8_t frame[4096];
    int head = 0;
    frame[head++] = 0x80 | opcode;
    if (len < 126)
        frame[head++] = 0x80 | len;
    else {
        frame[head++] = 0x80 | 126;
        frame[head++] = len >> 8;
        frame[head++] = len;
    }
    memset(frame + head, 0, 4);
    head += 4;
    memcpy(frame + head, payload, len);
    ssize_t size = head + len;
    if (send(client->fd, frame, size, MSG_NOSIGNAL) != size)
        fprintf(stderr, "a frame was not sent whole\n");
}

void send_text(struct client *client, const char *text) {
    send_frame(client, TEXT, text, strlen(text));
}

void send_pong(struct client *client, const uint8_t *payload, uint32_t len) {
    send_frame(client, PONG, payload, len);
}

void frames_negotiated(struct client *client, const char *head) {
    client->may_compress = strcasestr(head, "permessage-deflate") != 0;
    if (client->may_compress && !strcasestr(head, "server_no_context_takeover")) {
        client->inflater = calloc(1, sizeof *client->inflater);
        if (inflateInit2(client->inflater, RAW_DEFLATE) != Z_OK)
            fail("inflateInit2");
    }
}

static z_stream *inflater_of(struct client *client) {
    static z_stream shared;
    static bool is_made;
    if (client->inflater)
        return client->inflater;
    if (!is_made && inflateInit2(&shared, RAW_DEFLATE) != Z_OK)
        fail("inflateInit2");
    is_made = true;
    inflateReset(&shared);
    return &shared;
}

// Returns the message and its length in *len; null where it cannot be inflated.
static const uint8_t *inflated(struct client *client, const uint8_t *payload, uint32_t *len) {
    static uint8_t out[MOST_INFLATED + 1];
    static const uint8_t tail[4] = {0, 0, 0xff, 0xff};  // which the sender leaves off
    z_stream *stream = inflater_of(client);
    stream->next_out = out;
    stream->avail_out = MOST_INFLATED;
    const uint8_t *parts[] = {payload, tail};
    const uint32_t lens[] = {*len, sizeof tail};
    for (int i = 0; i < 2; i++) {
        stream->next_in = (uint8_t *)parts[i];
        stream->avail_in = lens[i];
        int done = inflate(stream, Z_SYNC_FLUSH);
        if ((done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR) || stream->avail_in)
            return 0;
    }
    *len = MOST_INFLATED - stream->avail_out;
    out[*len] = 0;
    return out;
}

static void take(struct client *client, int first, const uint8_t *payload, uint32_t len, uint32_t wire_len,
                 uint64_t now) {
    enum opcode opcode = first & 15;
    if (opcode == PING) {
        send_pong(client, payload, len);
        return;
    }
    if (opcode == CLOSE) {
        client_end(client);
        return;
    }
    bool is_whole = first & 0x80, is_compressed = first & 0x40, is_odd = first & 0x30;
    if (!is_whole || is_odd || (opcode != TEXT && opcode != BINARY) || (is_compressed && !client->may_compress)) {
        counts.damaged++;
        return;
    }
    if (is_compressed) {
        counts.compressed++;
        payload = inflated(client, payload, &len);
        if (!payload) {
            counts.damaged++;
            return;
        }
    }
    if (opcode == TEXT)
        packet_text(client, payload, len, wire_len, now);
    else
        packet_binary(client, payload, len, wire_len, now);
}

// Returns how many of the bytes were whole frames.
uint32_t frames_in(struct client *client, uint8_t *bytes, uint32_t len, uint64_t now) {
    uint32_t taken = 0;
    while (len - taken >= 2 && client->state != GONE) {
        uint8_t *frame = bytes + taken;
        uint64_t size = frame[1] & 127;
        uint32_t head = size == 126 ? 4 : size == 127 ? 10 : 2;
        if (len - taken < head)
            break;
        if (head > 2) {
            size = 0;
            for (uint32_t i = 2; i < head; i++)
                size = size << 8 | frame[i];
        }
        if (head + size > LARGEST_FRAME) {
            counts.damaged++;
            client_end(client);
            break;
        }
        if (len - taken < head + size)
            break;
        take(client, frame[0], frame + head, size, head + size, now);
        taken += head + size;
    }
    return taken;
}
