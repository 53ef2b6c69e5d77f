// SPDX-License-Identifier: GPL-2.0-only
/*
 * apctl: manages the crypto queues of an IBM Z and the guests that use them.
 * apctl(8) describes it.
 */
#include "commands.h"

int main(int argc, char **argv)
{
	int status = apctl(argc, argv, stdout, stderr);

	if (fflush(stdout) || ferror(stdout)) {
		perror("apctl: standard output");
		return EXIT_REFUSED;
	}
	return status;
}
