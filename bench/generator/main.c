// load -p PORT [-n CLIENTS] [options] [--phase NAME:MESSAGES:RATE[:STEP_MS]]...
//
//   -p PORT, -n CLIENTS   whom to load on 127.0.0.1, with how many
//   --races N             each client follows so many races, `bench-01` and on (1)
//   --since V             it claims to hold version V of each of them, so that no image is sent
//   --variants A,B,...    client i follows in the way i mod n: MODE[+msgpack][+deflate], MODE full or delta (full)
//   --at-once N           so many connect at a time (64)
//   --settle-ms MS        before memory is read (300)
//   --slow N              so many are slow readers: 16 kB, then a pause of --slow-ms; buffers of --slow-rcvbuf bytes
//   --chatter N           a client asks for its subscriptions after every N messages, and waits for the answer
//   --verify              compare every body; the server is asked for bodies that differ from message to message
//   --pids A,B --core N   whose processor time and memory to read, on which core they run
//   --timeout S           for the set-up and for each phase (120)
//   --label TEXT          copied into every line that is printed
//
// A phase asks the server for MESSAGES, taking turns over the races, at RATE a second (0: as fast as it can); with
// STEP_MS those that fall due within a step are sent together. Each prints a line of JSON, the set-up before them too.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MOST_PHASES = 32 };

struct options options = {
    .clients = 100,
    .races = 1,
    .at_once = 64,
    .timeout_s = 120,
    .settle_ms = 300,
    .core = -1,
    .label = "",
    .pids = "",
};
struct counts counts;
struct client *clients;
struct variant variants[MOST_VARIANTS];
int variant_count, ready_count, gone_count, pings_answered;
uint64_t first_sent_ns, last_received_ns;

static char *phases[MOST_PHASES];
static int phase_count;

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

void fail(const char *what) {
    perror(what);
    exit(2);
}

static void refuse(const char *what, const char *which) {
    fprintf(stderr, "%s: %s\n", what, which);
    exit(2);
}

static void read_variants(char *list) {
    variant_count = 0;
    for (char *name = strtok(list, ","); name; name = strtok(0, ",")) {
        if (variant_count == MOST_VARIANTS)
            refuse("too many variants", name);
        struct variant *variant = &variants[variant_count++];
        snprintf(variant->name, sizeof variant->name, "%s", name);
        variant->is_delta = !strncmp(name, "delta", 5);
        if (!variant->is_delta && strncmp(name, "full", 4))
            refuse("unknown mode", name);
        variant->is_msgpack = strstr(name, "+msgpack") != 0;
        variant->offers_deflate = strstr(name, "+deflate") != 0;
    }
}

static bool read_number(const char *name, const char *value) {
    struct {
        const char *name;
        int *where;
    } known[] = {
        {"-p", &options.port},
        {"-n", &options.clients},
        {"--races", &options.races},
        {"--at-once", &options.at_once},
        {"--timeout", &options.timeout_s},
        {"--settle-ms", &options.settle_ms},
        {"--core", &options.core},
        {"--slow", &options.slow},
        {"--slow-ms", &options.slow_ms},
        {"--slow-rcvbuf", &options.slow_rcvbuf},
        {"--chatter", &options.chatter},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i].name)) {
            *known[i].where = atoi(value);
            return true;
        }
    return false;
}

static void read_option(char *name, char *value) {
    if (read_number(name, value))
        return;
    if (!strcmp(name, "--variants"))
        read_variants(value);
    else if (!strcmp(name, "--since"))
        options.since = value;
    else if (!strcmp(name, "--pids"))
        options.pids = value;
    else if (!strcmp(name, "--label"))
        options.label = value;
    else if (!strcmp(name, "--phase") && phase_count < MOST_PHASES)
        phases[phase_count++] = value;
    else
        refuse("unknown option, or too many", name);
}

static void read_options(int count, char **words) {
    char full[] = "full";
    read_variants(full);
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "--verify"))
            options.verify = true;
        else if (i + 1 == count)
            refuse("wants a value", words[i]);
        else {
            read_option(words[i], words[i + 1]);
            i++;
        }
    }
    if (options.slow > options.clients)
        options.slow = options.clients;
    if (options.races < 1 || options.races > 99)
        refuse("between 1 and 99", "--races");
}

static void raise_open_file_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **words) {
    read_options(count, words);
    raise_open_file_limit();
    clients = calloc(options.clients + 1, sizeof *clients);
    for (int i = 0; i <= options.clients; i++)
        clients[i].next_seq = calloc(options.races, sizeof *clients[i].next_seq);
    loop_start();
    setup_run();
    for (int i = 0; i < phase_count; i++)
        phase_run(phases[i]);
    return 0;
}
