/* The surrogate as a program; everything is in the library (activation/local/). */
int oleander_surrogate_main(int argc, char **argv);

int main(int argc, char **argv) {
  return oleander_surrogate_main(argc, argv);
}
