/*
 * Preloaded into `sluice up` (LD_PRELOAD): fails one write or one sync below a folder with EIO, as a bad block does.
 * Node.js writes through libuv's write and pwrite. LevelDB (1.20, in classic-level) writes through stdio, whose own
 * write(2) cannot be interposed: there fflush_unlocked fails as it does in glibc, which discards the unwritten data.
 * Needs glibc.
 *
 * SLUICE_FAULT_CONTROL names a file of 512 bytes, shared with the harness (fault-shim.ts):
 *   0    int64   number of matching calls up to the one that fails; 0: none fails
 *   8    int64   what fails: 1 a write, 2 a write after its first half, 3 an fsync or fdatasync
 *   16   int64   number of failed calls
 *   24   text    matching calls are on files whose path contains this, 232 bytes with the final 0
 *   256  text    the call that failed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
  _Atomic int64_t countdown;
  _Atomic int64_t kind;
  _Atomic int64_t failed;
  char below[232];
  char told[256];
};
enum { TORN = 2, SYNC = 3 };

static struct control *control;
/*
 * The descriptor whose last write was cut in half, or -1, and how many of its next writes fail. It is two: libuv ends
 * at the write after a short one, and Node.js then tries once more.
 */
static _Atomic int torn = -1;
static _Atomic int torn_left = 0;
static char torn_path[512];

__attribute__((constructor)) static void map_control(void) {
  const char *file = getenv("SLUICE_FAULT_CONTROL");
  int fd = file == NULL ? -1 : open(file, O_RDWR);
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) control = map;
  close(fd);
}

static int fail(const char *call, const char *path) {
  snprintf(control->told, sizeof control->told, "%s %.230s", call, path);
  atomic_fetch_add(&control->failed, 1);
  errno = EIO;
  return -1;
}

/* Whether this call must fail; sets its path. Other calls pass without an additional system call. */
static int is_it(int fd, int is_sync, char *path, size_t size) {
  if (control == NULL || atomic_load(&control->countdown) <= 0) return 0;
  if ((atomic_load(&control->kind) == SYNC) != is_sync) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strstr(path, control->below) == NULL) return 0;
  return atomic_fetch_sub(&control->countdown, 1) == 1;
}

/* The fate of a write: 0 whole, 1 its first half only, -1 not at all (sets errno). */
static int judge(const char *call, int fd, size_t bytes) {
  char path[512];
  if (control == NULL) return 0;
  if (atomic_load(&torn) == fd) {
    if (atomic_fetch_sub(&torn_left, 1) > 1) {
      errno = EIO;
      return -1;
    }
    atomic_store(&torn, -1);
    return fail(call, torn_path);
  }
  if (!is_it(fd, 0, path, sizeof path)) return 0;
  if (atomic_load(&control->kind) == TORN && bytes > 1) {
    strcpy(torn_path, path);
    atomic_store(&torn_left, 2);
    atomic_store(&torn, fd);
    return 1;
  }
  return fail(call, path);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *from, size_t bytes) {
  REAL(write);
  int how = judge("write", fd, bytes);
  return how < 0 ? -1 : real(fd, from, how > 0 ? bytes / 2 : bytes);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at) {
  REAL(pwrite);
  int how = judge("pwrite", fd, bytes);
  return how < 0 ? -1 : real(fd, from, how > 0 ? bytes / 2 : bytes, at);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t at) {
  REAL(pwrite64);
  int how = judge("pwrite64", fd, bytes);
  return how < 0 ? -1 : real(fd, from, how > 0 ? bytes / 2 : bytes, at);
}

int fflush_unlocked(FILE *stream) {
  REAL(fflush_unlocked);
  if (stream == NULL || __fpending(stream) == 0) return real(stream);
  int fd = fileno_unlocked(stream);
  size_t bytes = __fpending(stream);
  int how = judge("fflush", fd, bytes);
  if (how == 0) return real(stream);
  if (how > 0) {
    atomic_store(&torn, -1);
    if (write(fd, stream->_IO_write_base, bytes / 2) >= 0) fail("fflush", torn_path);
  }
  __fpurge(stream);
  stream->_flags |= 0x20; /* glibc's _IO_ERR_SEEN */
  errno = EIO;
  return EOF;
}

/* A vector fails as a whole. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return judge("writev", fd, 0) < 0 ? -1 : real(fd, parts, count);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  return judge("pwritev", fd, 0) < 0 ? -1 : real(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  return judge("pwritev64", fd, 0) < 0 ? -1 : real(fd, parts, count, at);
}

int fsync(int fd) {
  REAL(fsync);
  char path[512];
  return is_it(fd, 1, path, sizeof path) ? fail("fsync", path) : real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  char path[512];
  return is_it(fd, 1, path, sizeof path) ? fail("fdatasync", path) : real(fd);
}
