// The server in C++ as a program with a main of its own, and classes that know nothing of threads.
#include <oleander_server.h>

#include <cstdio>
#include <cstring>

extern OleanderModule outside_module;

int main(int argc, char **argv) {
  if (argc > 1 && std::strcmp(argv[1], "--greet") == 0) {
    std::puts("hello");
    return 0;
  }
  return oleander_program_main(argc, argv, &outside_module, OLEANDER_PROGRAM_SINGLE_THREADED);
}
