// All clients connect, join and subscribe, so many at a time; a line of JSON says what it took the server.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t *took_us;
static int took_count;

void setup_done(struct client *client) {
    client->state = READY;
    ready_count++;
    took_us[took_count++] = (now_ns() - client->began_ns) / 1000;
}

static int by_size(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

static double took_ms(double share) {
    return took_count ? took_us[(int)((took_count - 1) * share)] / 1e3 : 0;
}

// First of all: it warms the server up, and memory is measured against the time after it.
static void connect_control(void) {
    struct client *control = &clients[options.clients];
    control->is_control = true;
    control->variant = &variants[0];
    client_start(control);
    uint64_t end = now_ns() + options.timeout_s * 1000000000ull;
    while (control->state != READY && control->state != GONE && now_ns() < end)
        loop_turn(50);
    if (control->state != READY) {
        fprintf(stderr, "no control connection\n");
        exit(3);
    }
}

static void connect_all(void) {
    uint64_t end = now_ns() + options.timeout_s * 1000000000ull;
    int started = 0;
    while (ready_count + gone_count < options.clients && now_ns() < end) {
        while (started < options.clients && started - ready_count - gone_count < options.at_once) {
            struct client *client = &clients[started];
            client->is_slow = started < options.slow;
            client->variant = &variants[started % variant_count];
            client_start(client);
            started++;
        }
        loop_turn(50);
    }
}

static void report(double elapsed_s, struct usage before, struct usage after) {
    int ready = ready_count ? ready_count : 1;
    qsort(took_us, took_count, sizeof *took_us, by_size);
    printf("{\"label\":\"%s\",\"phase\":\"setup\",\"clients\":%d,\"races\":%d,\"at_once\":%d,\"ready\":%d,\"gone\":%d,"
           "\"elapsed_s\":%.3f,\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"max_ms\":%.1f,\"server_cpu_ms_per_connection\":%.4f,"
           "\"server_rss_before_kb\":%ld,\"server_rss_kb\":%ld,\"server_rss_kb_per_connection\":%.2f,\"damaged\":%lu}\n",
           options.label, options.clients, options.races, options.at_once, ready_count, gone_count, elapsed_s,
           took_ms(0.5), took_ms(0.99), took_ms(1), (after.cpu_s - before.cpu_s) * 1e3 / ready, before.rss_kb,
           after.rss_kb, (double)(after.rss_kb - before.rss_kb) / ready, counts.damaged);
    fflush(stdout);
}

void setup_run(void) {
    took_us = calloc(options.clients, sizeof *took_us);
    connect_control();
    loop_for(options.settle_ms);
    struct usage before = usage_now();
    uint64_t began = now_ns();
    connect_all();
    double elapsed_s = (now_ns() - began) / 1e9;
    loop_for(options.settle_ms);
    report(elapsed_s, before, usage_now());
}
