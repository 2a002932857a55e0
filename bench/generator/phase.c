// One phase: the server is asked for so many messages, and a line of JSON says what came of it.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { QUIET_MS = 200, SILENT_S = 15 };

struct phase {
    char name[32];
    int messages;    // over all races
    double rate;     // messages a second; 0: as fast as it goes, with a turn of the server's loop between two
    double step_ms;  // messages fall due together at every such step; 0: evenly
};

static double own_cpu_s(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void ask(const struct phase *phase) {
    char text[4000];
    int len = snprintf(text, sizeof text, "42[\"bench\",{\"k\":%d,\"rate\":%g,\"stepMs\":%g,\"vary\":%s,\"raceIds\":[",
                       phase->messages, phase->rate, phase->step_ms, options.verify ? "true" : "false");
    for (int race = 1; race <= options.races; race++)
        len += snprintf(text + len, sizeof text - len, "%s\"bench-%02d\"", race > 1 ? "," : "", race);
    snprintf(text + len, sizeof text - len, "]}]");
    send_text(&clients[options.clients], text);
}

uint64_t phase_missing(void) {
    uint64_t missing = 0;
    for (int i = 0; i < options.clients; i++)
        missing += clients[i].missing;
    return missing;
}

// Until all has come that is to come, nothing has come for long, or the time is over.
static void await(const struct phase *phase) {
    uint64_t began = now_ns(), end = began + options.timeout_s * 1000000000ull;
    uint64_t silent_ns = SILENT_S * 1000000000ull + (uint64_t)(phase->rate > 0 ? 2e9 / phase->rate : 0);
    while ((phase_missing() || counts.answered < counts.asked) && now_ns() < end && clients[options.clients].state != GONE) {
        uint64_t turn_end = now_ns() + 5 * 1000000ull;  // adding up what is missing takes as long as some messages
        do
            loop_turn(5);
        while (now_ns() < turn_end);
        uint64_t last = last_received_ns > began ? last_received_ns : began;
        if (now_ns() > last + silent_ns)
            break;
    }
    counts.lost = phase_missing() + counts.asked - counts.answered;
    loop_for(QUIET_MS);  // whatever comes twice comes now
}

static void report(const struct phase *phase, int live, struct usage before, struct usage after, double load_cpu_s) {
    double elapsed_s = (last_received_ns - first_sent_ns) / 1e9;
    double received = counts.received ? counts.received : 1;
    double cpu_s = after.cpu_s - before.cpu_s, user_s = after.user_s - before.user_s;
    double system_s = after.system_s - before.system_s;
    printf("{\"label\":\"%s\",\"phase\":\"%s\",\"clients\":%d,\"races\":%d,\"live\":%d,\"messages\":%d,\"rate\":%g,"
           "\"step_ms\":%g,\"received\":%lu,\"elapsed_s\":%.4f,\"deliveries_per_s\":%.0f,",
           options.label, phase->name, options.clients, options.races, live, phase->messages, phase->rate,
           phase->step_ms, counts.received, elapsed_s, elapsed_s > 0 ? counts.received / elapsed_s : 0);
    printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,", latency_ms(0.5), latency_ms(0.99), latency_max_ms());
    printf("\"server_cpu_s\":%.4f,\"server_cpu_us_per_delivery\":%.3f,\"server_user_share\":%.3f,"
           "\"core_busy_us_per_delivery\":%.3f,\"load_cpu_us_per_delivery\":%.3f,\"server_rss_kb\":%ld,",
           cpu_s, cpu_s * 1e6 / received, user_s / (user_s + system_s + 1e-9),
           (after.core_busy_s - before.core_busy_s) * 1e6 / received, load_cpu_s * 1e6 / received, after.rss_kb);
    printf("\"bytes_per_message\":%.1f,\"messages_per_read\":%.2f,\"compressed\":%lu,\"answered\":%lu,",
           counts.bytes / received, counts.received / (double)(counts.reads ? counts.reads : 1), counts.compressed,
           counts.answered);
    printf("\"lost\":%lu,\"extra\":%lu,\"out_of_order\":%lu,\"damaged\":%lu,\"cut_slow\":%u,\"cut_fast\":%u}\n",
           counts.lost, counts.extra, counts.out_of_order, counts.damaged, counts.cut_slow, counts.cut_fast);
    fflush(stdout);
}

void phase_run(const char *spec) {
    struct phase phase = {0};
    if (sscanf(spec, "%31[^:]:%d:%lf:%lf", phase.name, &phase.messages, &phase.rate, &phase.step_ms) < 3) {
        fprintf(stderr, "a phase is NAME:MESSAGES:RATE[:STEP_MS], not %s\n", spec);
        exit(2);
    }
    loop_for(QUIET_MS);
    memset(&counts, 0, sizeof counts);
    first_sent_ns = last_received_ns = 0;
    odds_expect(phase.messages);
    int live = ready_count;
    struct usage before = usage_now();
    double load_before_s = own_cpu_s();
    ask(&phase);
    await(&phase);
    report(&phase, live, before, usage_now(), own_cpu_s() - load_before_s);
}
