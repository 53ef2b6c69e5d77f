/* SPDX-License-Identifier: GPL-2.0-only */
/* What another process has open. */
#ifndef BORROW_H
#define BORROW_H

/* A descriptor of what process @pid has open under @name, as /proc shows it, or -1. */
int borrow(int pid, const char *name);

#endif /* BORROW_H */
