/* The limit that the others are compared with: whatever datagram comes on UDP port P + 1 is sent, with send(2) in a
 * plain loop on one thread, to every connection accepted on TCP port P. Nothing is read, parsed or encoded.
 * A socket that can't take the bytes now is skipped. Usage: sendloop PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int *viewers;
static int count, room;

static void die(const char *what) { perror(what); exit(1); }

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 5600, one = 1;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) die("tcp");
    int source = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = htons(port + 1);
    if (bind(source, (struct sockaddr *)&address, sizeof address) < 0) die("udp");

    static char frame[65536];
    struct pollfd ready[2] = { { .fd = listener, .events = POLLIN }, { .fd = source, .events = POLLIN } };
    for (;;) {
        if (poll(ready, 2, -1) < 0) continue;
        if (ready[0].revents) {
            for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                if (count == room) viewers = realloc(viewers, (room = room ? room * 2 : 1024) * sizeof *viewers);
                viewers[count++] = fd;
            }
        }
        if (ready[1].revents) {
            ssize_t length = recv(source, frame, sizeof frame, 0);
            for (int i = 0; length > 0 && i < count; i++) {
                if (send(viewers[i], frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN) {
                    close(viewers[i]);
                    viewers[i--] = viewers[--count];
                }
            }
        }
    }
}
