// SPDX-License-Identifier: GPL-2.0-only
#include "queues.h"

#include <glib.h>

#include "status.h"
#include "swcex/ask.h"

json_object *queues_ask(const char *control)
{
	char *words[] = { "status", "json" };
	g_autofree char *answer = ask_daemon("swcex run", control, 2, words);
	json_object *status = answer ? json_tokener_parse(answer) : NULL;
	json_object *queues = json_object_object_get(status, "queues");

	if (json_object_is_type(queues, json_type_array))
		json_object_get(queues);
	else
		queues = NULL;
	json_object_put(status);
	if (answer && !queues)
		complain("the adapters' daemon does not tell what its queues are");
	return queues;
}
