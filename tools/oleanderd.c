/* The COM service as a program; everything is in the library (broker/). */
int oleander_broker_main(int argc, char **argv);

int main(int argc, char **argv) {
  return oleander_broker_main(argc, argv);
}
