// One client: its connection, its handshake, its reading, its end.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOW_READ = 16 << 10, KEEP_AT_MOST = 64 << 10 };

// What Chromium offers.
static const char *OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

void client_start(struct client *client) {
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->fd < 0)
        fail("socket");
    int one = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (client->is_slow && options.slow_rcvbuf)
        setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &options.slow_rcvbuf, sizeof options.slow_rcvbuf);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->began_ns = now_ns();
    client->state = CONNECTING;
    if (connect(client->fd, (void *)&address, sizeof address) < 0 && errno != EINPROGRESS)
        fail("connect");
    loop_watch(client, EPOLLIN | EPOLLOUT, true);
}

void client_connected(struct client *client) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        fprintf(stderr, "connect: %s\n", strerror(error));
        client_end(client);
        return;
    }
    char request[512];
    int len = snprintf(request, sizeof request,
                       "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                       "Host: 127.0.0.1:%d\r\n"
                       "Upgrade: websocket\r\n"
                       "Connection: Upgrade\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n"
                       "%s\r\n",
                       options.port, client->variant->offers_deflate ? OFFER : "");
    if (send(client->fd, request, len, MSG_NOSIGNAL) != len) {
        fprintf(stderr, "the handshake could not be sent: %s\n", strerror(errno));
        client_end(client);
        return;
    }
    client->state = HANDSHAKE;
    loop_watch(client, EPOLLIN, false);
}

// Returns how many bytes the answer to the handshake takes; 0 where it has not come whole.
static uint32_t take_handshake(struct client *client, uint8_t *bytes, uint32_t len) {
    uint8_t *end = memmem(bytes, len, "\r\n\r\n", 4);
    if (!end)
        return 0;
    *end = 0;
    if (memcmp(bytes, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "no WebSocket: %.60s\n", (char *)bytes);
        client_end(client);
        return 0;
    }
    frames_negotiated(client, (char *)bytes);
    client->state = OPENING;
    return end + 4 - bytes;
}

static void keep(struct client *client, const uint8_t *bytes, uint32_t len) {
    client->kept_len = len;
    if (len > client->kept_size) {
        client->kept_size = len;
        client->kept = realloc(client->kept, len);
    }
    if (len)
        memcpy(client->kept, bytes, len);
    else if (client->kept_size > KEEP_AT_MOST) {
        free(client->kept);
        client->kept = 0;
        client->kept_size = 0;
    }
}

static void pause_reading(struct client *client, uint64_t now) {
    client->paused_until_ns = now + options.slow_ms * 1000000ull;
    loop_watch(client, 0, false);
}

void client_resume(struct client *client) {
    client->paused_until_ns = 0;
    loop_watch(client, EPOLLIN, false);
}

void client_readable(struct client *client) {
    static uint8_t buffer[LARGEST_FRAME + 64];
    uint32_t have = client->kept_len;
    if (have)
        memcpy(buffer, client->kept, have);
    // A slow reader takes little at a time, so that what it leaves unread stays with the server.
    bool is_slow_now = client->is_slow && client->state == READY && options.slow_ms;
    ssize_t came = recv(client->fd, buffer + have, is_slow_now ? SLOW_READ : LARGEST_FRAME - have, 0);
    if (came <= 0) {
        if (came < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        client_end(client);
        return;
    }
    counts.reads++;
    uint64_t now = now_ns();
    uint32_t len = have + came;
    uint32_t taken = client->state == HANDSHAKE ? take_handshake(client, buffer, len) : 0;
    if (client->state != HANDSHAKE && client->state != GONE)
        taken += frames_in(client, buffer + taken, len - taken, now);
    if (client->state == GONE)
        return;
    keep(client, buffer + taken, len - taken);
    if (is_slow_now)
        pause_reading(client, now);
}

void client_end(struct client *client) {
    if (client->state == GONE)
        return;
    if (client->state == READY && !client->is_control) {
        ready_count--;
        if (client->is_slow)
            counts.cut_slow++;
        else
            counts.cut_fast++;
    }
    client->state = GONE;
    client->missing = 0;
    counts.asked -= client->unanswered;  // whoever has gone gets no answer
    client->unanswered = 0;
    if (!client->is_control)
        gone_count++;
    loop_forget(client);
    close(client->fd);
    client->fd = -1;
}
