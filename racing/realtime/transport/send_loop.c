// One turn's messages to many sockets, one send() for each. Called through ctypes by send_loop.py, which does the same
// in Python where this has not been compiled: cc -O2 -shared -fPIC -o _send_loop.so send_loop.c
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

enum { MOST_PARTS = 64, LOOK_AT_THE_CLOCK_EVERY = 16 };

// The same bytes for `count` descriptors.
struct part {
  const int32_t *fds;
  const char *bytes;
  int64_t length;
  int64_t count;
};

// A socket that did not take all of it. `sent` bytes went; below 0 it is -errno. `parts`: a bit for each part it gets.
struct unsent {
  int64_t fd;
  int64_t sent;
  uint64_t parts;
};

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// Note for each descriptor the parts it gets: a bit each in `wanted`, which is zero before and indexed by descriptor.
// `order` gets every descriptor once. Returns how many these are.
int64_t gather(const struct part *parts, int64_t n, uint64_t *wanted, int32_t *order) {
  int64_t found = 0;
  for (int64_t p = 0; p < n; p++) {
    for (int64_t i = 0; i < parts[p].count; i++) {
      int32_t fd = parts[p].fds[i];
      if (!wanted[fd]) order[found++] = fd;
      wanted[fd] |= 1ULL << p;
    }
  }
  return found;
}

static int64_t send_parts(int fd, const struct part *parts, uint64_t mask, int64_t *total) {
  struct iovec pieces[MOST_PARTS];
  struct msghdr message = {.msg_iov = pieces};
  *total = 0;
  for (; mask; mask &= mask - 1) {
    const struct part *part = &parts[__builtin_ctzll(mask)];
    pieces[message.msg_iovlen].iov_base = (void *)part->bytes;
    pieces[message.msg_iovlen++].iov_len = part->length;
    *total += part->length;
  }
  ssize_t sent;
  do {
    if (message.msg_iovlen == 1)
      sent = send(fd, pieces[0].iov_base, pieces[0].iov_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    else
      sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

// Write from position `from` of `order` on, until `until_ns` on the monotonic clock or `most` sockets were left with a
// rest. Descriptors that are `busy` have older bytes to send first, and are left whole. Returns the next position.
int64_t send_some(const struct part *parts, const int32_t *order, int64_t from, int64_t count, uint64_t *wanted,
                  const uint8_t *busy, int64_t until_ns, struct unsent *unsent, int64_t most, int64_t *left) {
  int64_t at = from;
  *left = 0;
  while (at < count && *left < most) {
    int32_t fd = order[at++];
    uint64_t mask = wanted ? wanted[fd] : 1;
    int64_t total = -1, sent = 0;
    if (wanted) wanted[fd] = 0;
    if (!busy[fd]) sent = send_parts(fd, parts, mask, &total);
    if (sent != total) unsent[(*left)++] = (struct unsent){fd, sent, mask};
    if (at % LOOK_AT_THE_CLOCK_EVERY == 0 && now_ns() >= until_ns) break;
  }
  return at;
}
