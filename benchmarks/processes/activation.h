/* What it takes to start a local server, and to make objects of one that runs. */
#ifndef OLEANDER_BENCHMARKS_ACTIVATION_H
#define OLEANDER_BENCHMARKS_ACTIVATION_H

#include <stdbool.h>

/* Registers the program for this process and what it starts, in the folder. Before the apartment is entered. */
bool activation_register(const char *folder);
void activation_unregister(const char *folder);

/* Seconds that the first object takes, server included; negative: it failed. The server has left afterwards. */
double activation_first(void);
/* Seconds that the same program takes to begin and end when it is only asked for its help. */
double activation_of_program_alone(void);

/* Makes an object of a server that runs, `times` times. */
void activation_later(int times);
/* Keeps the server for those. */
bool activation_keep(bool keep);

#endif
