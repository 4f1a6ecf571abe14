/* A module that cannot be loaded: it needs a function that nobody has. */
int oleander_test_no_such_function(void);
int unresolved_module(void);

int unresolved_module(void) {
  return oleander_test_no_such_function();
}
