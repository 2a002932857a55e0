// The least a server of one thread can do: epoll, and one send() of a frame made once for each client.
//
// limit PORT BODY_FILE [JOINED]
//
// It knows just enough of WebSockets, Engine.IO and Socket.IO for the load generator: who subscribes to whatever is in
// the room, `bench` begins to send. JOINED messages that are due leave in one send() (1).
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CLIENTS = 20000, LARGEST_BODY = 4000, LARGEST_MESSAGE = LARGEST_BODY + 100, MOST_JOINED = 64, IN = 4096 };

struct client {
    int fd;
    bool has_upgraded;
    uint8_t in[IN];
    int in_len;
    uint8_t *unsent;
    size_t unsent_len, unsent_size;
};

static struct client *room[MOST_CLIENTS];
static int room_size;
static int epoll_fd;
static char body[LARGEST_BODY];
static int joined = 1;

static int wanted, sent;  // messages
static double rate;
static uint64_t next_ns;

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void watch(struct client *client, uint32_t events, int how) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    epoll_ctl(epoll_fd, how, client->fd, &event);
}

static void put(struct client *client, const uint8_t *bytes, size_t len) {
    if (!client->unsent_len) {
        ssize_t done = send(client->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (done == (ssize_t)len)
            return;
        if (done < 0 && errno != EAGAIN)
            return;
        if (done > 0) {
            bytes += done;
            len -= done;
        }
        watch(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }
    if (client->unsent_len + len > client->unsent_size) {
        client->unsent_size = (client->unsent_len + len) * 2;
        client->unsent = realloc(client->unsent, client->unsent_size);
    }
    memcpy(client->unsent + client->unsent_len, bytes, len);
    client->unsent_len += len;
}

static void put_rest(struct client *client) {
    ssize_t done = send(client->fd, client->unsent, client->unsent_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done <= 0)
        return;
    memmove(client->unsent, client->unsent + done, client->unsent_len - done);
    client->unsent_len -= done;
    if (!client->unsent_len)
        watch(client, EPOLLIN, EPOLL_CTL_MOD);
}

static int frame_of(uint8_t *frame, const char *text, size_t len) {
    int head = 0;
    frame[head++] = 0x81;
    if (len < 126)
        frame[head++] = len;
    else {
        frame[head++] = 126;
        frame[head++] = len >> 8;
        frame[head++] = len;
    }
    memcpy(frame + head, text, len);
    return head + len;
}

static void say(struct client *client, const char *text) {
    uint8_t frame[256];
    put(client, frame, frame_of(frame, text, strlen(text)));
}

static void broadcast(void) {
    static uint8_t frames[MOST_JOINED * (LARGEST_MESSAGE + 4)];
    int len = 0;
    uint64_t now = now_ns();
    for (int i = 0; i < joined && sent < wanted; i++) {
        char text[LARGEST_MESSAGE];
        int size = snprintf(text, sizeof text, "42[\"odds_update\",{\"ts\":%lu,\"seq\":%d,%s]", now, sent++, body);
        len += frame_of(frames + len, text, size);
    }
    for (int i = 0; i < room_size; i++)
        put(room[i], frames, len);
}

static void end(struct client *client) {
    close(client->fd);
    for (int i = 0; i < room_size; i++)
        if (room[i] == client) {
            room[i] = room[--room_size];
            break;
        }
    free(client->unsent);
    free(client);
}

static void upgrade(struct client *client) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n"
                                 "Upgrade: websocket\r\n"
                                 "Connection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n\r\n";
    client->has_upgraded = true;
    client->in_len = 0;
    put(client, (const uint8_t *)answer, sizeof answer - 1);
    say(client, "0{\"sid\":\"x\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000}");
}

// The load generator's masks are zero: a payload can be read where it lies.
static void take_frames(struct client *client) {
    int taken = 0;
    while (client->in_len - taken >= 6) {
        uint8_t *frame = client->in + taken;
        int len = frame[1] & 127, head = 6;
        if (len == 126) {
            len = frame[2] << 8 | frame[3];
            head = 8;
        }
        if (client->in_len - taken < head + len)
            break;
        char *text = (char *)frame + head;
        if (!memcmp(text, "40", 2))
            say(client, "40{\"sid\":\"x\"}");
        else if (!memcmp(text, "420", 3) && room_size < MOST_CLIENTS) {
            room[room_size++] = client;
            say(client, "430[\"ok\"]");
        } else if (sscanf(text, "42[\"bench\",{\"k\":%d,\"rate\":%lf", &wanted, &rate) == 2) {
            sent = 0;
            next_ns = now_ns();
        }
        taken += head + len;
    }
    memmove(client->in, client->in + taken, client->in_len - taken);
    client->in_len -= taken;
}

static void read_from(struct client *client) {
    ssize_t came = recv(client->fd, client->in + client->in_len, IN - 1 - client->in_len, 0);
    if (came <= 0) {
        if (came == 0 || errno != EAGAIN)
            end(client);
        return;
    }
    client->in_len += came;
    client->in[client->in_len] = 0;
    if (client->has_upgraded)
        take_frames(client);
    else if (strstr((char *)client->in, "\r\n\r\n"))
        upgrade(client);
}

static void accept_all(int listener) {
    int fd, one = 1;
    while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct client *client = calloc(1, sizeof *client);
        client->fd = fd;
        watch(client, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = 0};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
    return listener;
}

static int wait_ms(void) {
    if (sent >= wanted)
        return -1;
    uint64_t now = now_ns();
    // Rounded up: rounded down, the last millisecond before each message would be spent spinning.
    return rate <= 0 || now >= next_ns ? 0 : (next_ns - now + 999999) / 1000000;
}

static void send_due(void) {
    if (sent >= wanted || (rate > 0 && now_ns() < next_ns))
        return;
    broadcast();
    if (rate > 0)
        next_ns += 1e9 / rate;
}

static void read_body(const char *name) {
    FILE *file = fopen(name, "r");
    if (!file) {
        perror(name);
        exit(1);
    }
    fgetc(file);  // the brace, in whose place the time and the number stand
    body[fread(body, 1, sizeof body - 1, file)] = 0;
    fclose(file);
    body[strcspn(body, "\n")] = 0;
}

int main(int count, char **words) {
    if (count < 3) {
        fprintf(stderr, "limit PORT BODY_FILE [JOINED]\n");
        return 2;
    }
    joined = count > 3 ? atoi(words[3]) : 1;
    if (joined < 1 || joined > MOST_JOINED)
        return 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    read_body(words[2]);
    epoll_fd = epoll_create1(0);
    int listener = listen_on(atoi(words[1]));
    for (struct epoll_event events[512];;) {
        int ready = epoll_wait(epoll_fd, events, 512, wait_ms());
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!client) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT)
                put_rest(client);
            if (events[i].events & ~EPOLLOUT)
                read_from(client);
        }
        send_due();
    }
}
