/*
 * For User Mode Linux up to 6.10, loaded before it: it gives back the registers of its processes in a buffer that is too
 * small for processors with AMX, which newer kernels of the machine refuse (ptrace(2), PTRACE_SETREGSET). The registers that
 * it does not know are given back as they are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#define EXTENDED_STATE 0x202
#define MOST 65536

typedef long (*tracer)(int, int, void *, void *);

long ptrace(enum __ptrace_request request, ...) {
  static tracer real;
  static char state[MOST] __attribute__((aligned(64)));
  va_list words;
  va_start(words, request);
  int process = va_arg(words, int);
  void *address = va_arg(words, void *);
  void *data = va_arg(words, void *);
  va_end(words);
  if (real == NULL) real = (tracer)dlsym(RTLD_NEXT, "ptrace");
  if (request != PTRACE_SETREGSET || (long)address != EXTENDED_STATE) return real(request, process, address, data);
  struct iovec *given = data;
  struct iovec whole = {state, MOST};
  if (real(PTRACE_GETREGSET, process, address, &whole) < 0 || whole.iov_len < given->iov_len)
    return real(request, process, address, data);
  memcpy(state, given->iov_base, given->iov_len);
  return real(request, process, address, &whole);
}
