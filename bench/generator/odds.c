// The messages the server was asked to send: `odds_update {ts, seq, raceId, ...}`, `ts` the server's monotonic clock in
// ns, `seq` counted from 0 for each race. Other `odds_update`s, such as the image after a subscription, are passed over.
#define _GNU_SOURCE
#include "load.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKET_NS = 10 * 1000, BUCKETS = 1000 * 1000, KINDS = 4, NEAR = 64 };

static uint32_t latencies[BUCKETS];
static uint64_t latency_count, latency_max_ns;

// With --verify: a hash of each message's body as the first client got it, by kind (mode, encoding) and message.
static uint64_t *bodies;
static uint32_t expected;

struct odds {
    uint64_t sent_ns;
    uint32_t seq;
    int race;
    const uint8_t *body;  // all after seq
};

void odds_expect(int messages) {
    memset(latencies, 0, sizeof latencies);
    latency_count = latency_max_ns = 0;
    expected = messages;
    free(bodies);
    bodies = calloc((size_t)KINDS * messages, sizeof *bodies);
    for (int i = 0; i < options.clients; i++) {
        struct client *client = &clients[i];
        memset(client->next_seq, 0, options.races * sizeof *client->next_seq);
        client->missing = client->state == READY ? messages : 0;
        client->unanswered = 0;
    }
}

static uint64_t hash(const uint8_t *bytes, uint32_t len) {
    uint64_t hash = len + 1, word;
    for (; len >= 8; bytes += 8, len -= 8) {
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, bytes, len);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ull;
    return (hash ^ hash >> 32) | 1;  // never 0, which stands for unseen
}

// A body must name the mode it was made for near its beginning, and be the same at all clients that follow in one way.
static void check_body(struct client *client, const struct odds *odds, const uint8_t *end) {
    const struct variant *variant = client->variant;
    const char *mode = variant->is_delta ? "delta" : "full";
    uint32_t len = end - odds->body;
    if (!memmem(odds->body, len < NEAR ? len : NEAR, mode, strlen(mode)))
        counts.damaged++;
    uint32_t number = odds->seq * options.races + odds->race;
    uint64_t *seen = &bodies[(size_t)(variant->is_delta * 2 + variant->is_msgpack) * expected + number];
    uint64_t now = hash(odds->body, len);
    if (!*seen)
        *seen = now;
    else if (*seen != now)
        counts.damaged++;
}

static void note_latency(uint64_t sent_ns, uint64_t now) {
    uint64_t took = now > sent_ns ? now - sent_ns : 0;
    uint64_t bucket = took / BUCKET_NS;
    latencies[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    latency_count++;
    if (took > latency_max_ns)
        latency_max_ns = took;
}

// So that acknowledgements and events for one client alone come in between.
static void ask_something(struct client *client) {
    send_text(client, "421[\"get_subscriptions\"]");
    client->unanswered++;
    counts.asked++;
}

static void take(struct client *client, const struct odds *odds, const uint8_t *end, uint32_t wire_len, uint64_t now) {
    if (odds->race >= options.races || odds->seq * options.races + odds->race >= expected) {
        counts.damaged++;
        return;
    }
    if (!client->missing) {
        counts.extra++;
        return;
    }
    if (client->next_seq[odds->race] != odds->seq)
        counts.out_of_order++;
    client->next_seq[odds->race] = odds->seq + 1;
    client->missing--;
    counts.received++;
    counts.bytes += wire_len;
    if (!first_sent_ns)
        first_sent_ns = odds->sent_ns;
    last_received_ns = now;
    if (!client->is_slow)
        note_latency(odds->sent_ns, now);
    if (options.verify)
        check_body(client, odds, end);
    if (options.chatter && client->missing % options.chatter == 0)
        ask_something(client);
}

// `bench-07` is race 6; the races of other load generators have other names, and there is only one of them.
static int race_number(const uint8_t *name) {
    if (memcmp(name, "bench-", 6))
        return 0;
    return (name[6] - '0') * 10 + name[7] - '0' - 1;
}

void odds_json(struct client *client, const uint8_t *text, uint32_t len, uint32_t wire_len, uint64_t now) {
    static const char begin[] = "42[\"odds_update\",{\"ts\":", seq[] = ",\"seq\":", race[] = ",\"raceId\":\"";
    if (len < sizeof begin + 60 || memcmp(text, begin, sizeof begin - 1))
        return;
    struct odds odds = {0};
    char *at;
    odds.sent_ns = strtoull((const char *)text + sizeof begin - 1, &at, 10);
    if (memcmp(at, seq, sizeof seq - 1)) {
        counts.damaged++;
        return;
    }
    odds.seq = strtoul(at + sizeof seq - 1, &at, 10);
    odds.body = (uint8_t *)at;
    if (!memcmp(at, race, sizeof race - 1))
        odds.race = race_number(odds.body + sizeof race - 1);
    take(client, &odds, text + len, wire_len, now);
}

// Returns what follows an unsigned integer, which is put in *value; null where there is none.
static const uint8_t *unsigned_integer(const uint8_t *at, uint64_t *value) {
    uint8_t first = *at++;
    if (first < 0x80) {
        *value = first;
        return at;
    }
    if (first < 0xcc || first > 0xcf)
        return 0;
    *value = 0;
    for (int i = 0; i < 1 << (first - 0xcc); i++)
        *value = *value << 8 | *at++;
    return at;
}

void odds_msgpack(struct client *client, const uint8_t *bytes, uint32_t len, uint32_t wire_len, uint64_t now) {
    // A map of up to 15 keys, whose first ones are short strings.
    static const char ts[] = "\xa2ts", seq[] = "\xa3seq", race[] = "\xa6raceId\xa8";
    if (len < 60 || (bytes[0] & 0xf0) != 0x80 || memcmp(bytes + 1, ts, sizeof ts - 1))
        return;
    struct odds odds = {0};
    uint64_t number = 0;
    const uint8_t *at = unsigned_integer(bytes + sizeof ts, &odds.sent_ns);
    if (at && !memcmp(at, seq, sizeof seq - 1))
        at = unsigned_integer(at + sizeof seq - 1, &number);
    else
        at = 0;
    if (!at) {
        counts.damaged++;
        return;
    }
    odds.seq = number;
    odds.body = at;
    if (!memcmp(at, race, sizeof race - 1))
        odds.race = race_number(at + sizeof race - 1);
    take(client, &odds, bytes + len, wire_len, now);
}

double latency_ms(double share) {
    uint64_t wanted = latency_count * share, seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += latencies[i];
        if (seen > wanted)
            return (i + 0.5) * BUCKET_NS / 1e6;
    }
    return latency_max_ms();
}

double latency_max_ms(void) {
    return latency_max_ns / 1e6;
}
