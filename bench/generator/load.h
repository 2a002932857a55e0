// The load generator: thousands of Engine.IO v4 / Socket.IO v5 clients over WebSockets in one epoll loop, which check
// what they get and how long it took. Options are described in main.c, what is printed in phase.c and setup.c.
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <zlib.h>

enum state { CONNECTING, HANDSHAKE, OPENING, JOINING, SUBSCRIBING, READY, GONE };

enum opcode { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

// How a client follows its races.
struct variant {
    char name[40];  // mode[+msgpack][+deflate], as given
    bool is_delta;
    bool is_msgpack;
    bool offers_deflate;
};

struct client {
    int fd;
    enum state state;
    bool is_control;  // follows nothing, only asks the server to send
    bool is_slow;
    bool awaits_attachment;  // a placeholder has come: the next message must be its binary attachment
    bool may_compress;       // the server has accepted permessage-deflate
    const struct variant *variant;
    uint32_t *next_seq;  // of each race
    uint32_t missing;    // messages still to come in this phase
    uint32_t unanswered;
    uint8_t *kept;       // the beginning of a frame that has not come whole
    uint32_t kept_len, kept_size;
    z_stream *inflater;  // its own where the server keeps a context per client, else null
    uint64_t began_ns;
    uint64_t paused_until_ns;  // a slow reader that does not read
};

struct options {
    int clients, races, port, at_once, timeout_s, settle_ms, core;
    int slow, slow_ms, slow_rcvbuf;
    int chatter;  // a client asks for an acknowledgement after so many messages; 0: never
    bool verify;
    const char *label;
    const char *pids;   // of the server, comma-separated
    const char *since;  // the version the clients claim to hold of each race; null: they want the image
};

// What the clients have seen in the phase that runs.
struct counts {
    uint64_t received, bytes, reads;
    uint64_t out_of_order, damaged, extra, lost;
    uint64_t compressed;
    uint64_t asked, answered;
    uint32_t cut_slow, cut_fast;
};

enum { MOST_VARIANTS = 16, LARGEST_FRAME = 1 << 19 };

extern struct options options;
extern struct counts counts;
extern struct client *clients;  // options.clients of them, then the control connection
extern struct variant variants[MOST_VARIANTS];
extern int variant_count;
extern int ready_count, gone_count, pings_answered;
extern uint64_t first_sent_ns, last_received_ns;

// main.c
uint64_t now_ns(void);
void fail(const char *what) __attribute__((noreturn));

// loop.c: turns of the epoll loop
void loop_start(void);
void loop_watch(struct client *client, uint32_t events, bool is_new);
void loop_forget(struct client *client);
void loop_turn(int most_ms);
void loop_for(int ms);

// client.c: one client from its connect() to its end
void client_start(struct client *client);
void client_connected(struct client *client);
void client_readable(struct client *client);
void client_resume(struct client *client);
void client_end(struct client *client);

// frames.c: WebSocket frames
void send_text(struct client *client, const char *text);
void send_pong(struct client *client, const uint8_t *payload, uint32_t len);
uint32_t frames_in(struct client *client, uint8_t *bytes, uint32_t len, uint64_t now);
void frames_negotiated(struct client *client, const char *head);

// packets.c: Engine.IO and Socket.IO packets
void packet_text(struct client *client, const uint8_t *text, uint32_t len, uint32_t wire_len, uint64_t now);
void packet_binary(struct client *client, const uint8_t *bytes, uint32_t len, uint32_t wire_len, uint64_t now);

// odds.c: what the server was asked to send
void odds_expect(int messages);
void odds_json(struct client *client, const uint8_t *text, uint32_t len, uint32_t wire_len, uint64_t now);
void odds_msgpack(struct client *client, const uint8_t *bytes, uint32_t len, uint32_t wire_len, uint64_t now);
double latency_ms(double share);
double latency_max_ms(void);

// setup.c, phase.c
void setup_run(void);
void setup_done(struct client *client);
void phase_run(const char *spec);
uint64_t phase_missing(void);

// usage.c: what the server's processes have used, from /proc
struct usage {
    double cpu_s, user_s, system_s;
    double core_busy_s;  // of the core the server runs on, interrupts included
    long rss_kb;
};
struct usage usage_now(void);

#endif
