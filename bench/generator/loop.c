// The epoll loop: who has connected, who can be read, whose pause is over, and how many connect at once.
#define _GNU_SOURCE
#include "load.h"

#include <sys/epoll.h>

static int epoll_fd;

void loop_start(void) {
    epoll_fd = epoll_create1(0);
    if (epoll_fd < 0)
        fail("epoll_create1");
}

void loop_watch(struct client *client, uint32_t events, bool is_new) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(epoll_fd, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, client->fd, &event) < 0)
        fail("epoll_ctl");
}

void loop_forget(struct client *client) {
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, client->fd, 0);
}

// Slow readers are the first of the clients. Returns whether one of them still pauses.
static bool resume_slow_readers(void) {
    bool still_paused = false;
    uint64_t now = options.slow ? now_ns() : 0;
    for (int i = 0; i < options.slow; i++) {
        struct client *client = &clients[i];
        if (!client->paused_until_ns || client->state == GONE)
            continue;
        if (client->paused_until_ns <= now)
            client_resume(client);
        else
            still_paused = true;
    }
    return still_paused;
}

void loop_turn(int most_ms) {
    struct epoll_event events[512];
    if (resume_slow_readers() && most_ms > 2)
        most_ms = 2;
    int count = epoll_wait(epoll_fd, events, 512, most_ms);
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->state == CONNECTING)
            client_connected(client);
        else if (client->state != GONE)
            client_readable(client);
    }
}

void loop_for(int ms) {
    for (uint64_t end = now_ns() + ms * 1000000ull; now_ns() < end;)
        loop_turn(10);
}
