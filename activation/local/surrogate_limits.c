/* What a surrogate may use (surrogate_limits.h). The network is closed by a filter of system calls: namespaces would need rights,
 * and would change who the peer of a unix socket is. */
#include "activation/local/surrogate_limits.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

int limit_memory(uint64_t bytes) {
  struct rlimit limit = { bytes, bytes };
  return !bytes || setrlimit(RLIMIT_AS, &limit) == 0 ? 0 : errno;
}

int limit_processor(uint32_t seconds) {
  struct rlimit limit = { seconds, seconds };
  return !seconds || setrlimit(RLIMIT_CPU, &limit) == 0 ? 0 : errno;
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define REFUSE      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES)
#define ALLOW       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Little endian: the low half of an argument comes first. */
static struct sock_filter filter[] = {
  FIELD(arch),
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
  REFUSE,
  FIELD(nr),
  BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* another set of numbers for the same calls */
  REFUSE,
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1), /* makes sockets too */
  REFUSE,
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
  ALLOW,
  FIELD(args[0]),
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
  ALLOW,
  REFUSE,
};

int limit_network(void) {
  struct sock_fprog program = { sizeof filter / sizeof filter[0], filter };
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return errno;
  return 0;
}

#else

int limit_network(void) {
  return ENOSYS;
}

#endif
