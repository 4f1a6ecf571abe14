/* A module without entry points of its own. Linked to the good one, it finds that one's, which must not count. */
int empty_module(void);

int empty_module(void) {
  return 1;
}
