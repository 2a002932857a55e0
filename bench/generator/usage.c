// Processor time and memory of the server's processes.
#define _GNU_SOURCE
#include "load.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add_stat(const char *pid, struct usage *usage) {
    char path[64], line[2048];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    char *after_name = fgets(line, sizeof line, file) ? strrchr(line, ')') : 0;
    unsigned long user, system;
    long pages;
    // Fields 14, 15 and 24 of proc(5); the second one, the name, may hold blanks.
    if (after_name && sscanf(after_name + 2,
                             "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld",
                             &user, &system, &pages) == 3) {
        double ticks = sysconf(_SC_CLK_TCK);
        usage->user_s += user / ticks;
        usage->system_s += system / ticks;
        usage->rss_kb += pages * (sysconf(_SC_PAGESIZE) / 1024);
    }
    fclose(file);
}

// schedstat counts nanoseconds; stat only hundredths of a second, too coarse for a phase of one.
static void add_run_time(const char *pid, struct usage *usage) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        return;
    for (struct dirent *task; (task = readdir(tasks));) {
        if (task->d_name[0] == '.')
            continue;
        char name[400];
        snprintf(name, sizeof name, "/proc/%s/task/%s/schedstat", pid, task->d_name);
        FILE *file = fopen(name, "r");
        unsigned long long ran_ns;
        if (file && fscanf(file, "%llu", &ran_ns) == 1)
            usage->cpu_s += ran_ns / 1e9;
        if (file)
            fclose(file);
    }
    closedir(tasks);
}

static void add_core(int core, struct usage *usage) {
    FILE *file = fopen("/proc/stat", "r");
    if (!file)
        return;
    char line[512], name[16];
    int len = snprintf(name, sizeof name, "cpu%d ", core);
    while (fgets(line, sizeof line, file)) {
        unsigned long user, nice, system, idle, waiting, interrupts, soft;
        if (!strncmp(line, name, len) && sscanf(line + len, "%lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle,
                                                &waiting, &interrupts, &soft) == 7)
            usage->core_busy_s = (user + nice + system + interrupts + soft) / (double)sysconf(_SC_CLK_TCK);
    }
    fclose(file);
}

struct usage usage_now(void) {
    struct usage usage = {0};
    char pids[256];
    snprintf(pids, sizeof pids, "%s", options.pids);
    for (char *pid = strtok(pids, ","); pid; pid = strtok(0, ",")) {
        add_stat(pid, &usage);
        add_run_time(pid, &usage);
    }
    if (options.core >= 0)
        add_core(options.core, &usage);
    return usage;
}
