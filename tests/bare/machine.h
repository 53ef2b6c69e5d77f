/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interfaces between the parts of the bare machine.
 */
#ifndef BARE_MACHINE_H
#define BARE_MACHINE_H

#include <stdint.h>

/* machine.c, entered from start.S */
void boot(void);
void boot_other_cpu(void);
int main(void);

/* Wait until an external interruption has been taken. */
void await_external(void);

/* End this CPU; the last one ends the machine. */
_Noreturn void end(void);

/*
 * verdict.c. Text is written when its line is complete. A reset closes the
 * console.
 */
void open_console(void);
void say(const char *text);
void say_number(uint64_t number, unsigned int base, unsigned int digits);

#endif /* BARE_MACHINE_H */
