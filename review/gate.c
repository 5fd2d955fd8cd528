// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/gate.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define SECRET_BYTES 24     // 192 bits: no guessing
#define MOST_INVITATIONS 32 // open at a time

struct gate {
	char *host, *origin, *key;
	GPtrArray *invitations; // char *
	GPtrArray *used;        // char *, so that what was borrowed stays
};

// Letters, digits, - and _. NULL if there are no random bytes.
static char *secret(void)
{
	guint8 bytes[SECRET_BYTES];
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return NULL;
	char *text = g_base64_encode(bytes, sizeof bytes);
	g_strdelimit(text, "+", '-');
	return g_strdelimit(text, "/", '_');
}

struct gate *gate_new(unsigned port, GError **error)
{
	struct gate *gate = g_new(struct gate, 1);
	*gate = (struct gate){
		.host = g_strdup_printf("127.0.0.1:%u", port),
		.origin = g_strdup_printf("http://127.0.0.1:%u", port),
		.key = secret(),
		.invitations = g_ptr_array_new_with_free_func(g_free),
		.used = g_ptr_array_new_with_free_func(g_free),
	};
	if (gate->key)
		return gate;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "the system gives no random bytes: %s",
		g_strerror(errno));
	gate_free(gate);
	return NULL;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	g_ptr_array_unref(gate->invitations);
	g_ptr_array_unref(gate->used);
	g_free(gate->host);
	g_free(gate->origin);
	g_free(gate->key);
	g_free(gate);
}

const char *gate_invite(struct gate *gate)
{
	char *invitation = gate->invitations->len < MOST_INVITATIONS ? secret() : NULL;
	if (invitation)
		g_ptr_array_add(gate->invitations, invitation);
	return invitation;
}

static bool same_secret(const char *a, const char *b)
{
	size_t length = strlen(a);
	unsigned char differs = 0;
	if (strlen(b) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

const char *gate_enter(struct gate *gate, const char *invitation)
{
	for (guint i = 0; i < gate->invitations->len; i++) {
		if (!same_secret(g_ptr_array_index(gate->invitations, i), invitation))
			continue;
		g_ptr_array_add(gate->used, g_ptr_array_steal_index(gate->invitations, i));
		return gate->key;
	}
	return NULL;
}

bool gate_opens(const struct gate *gate, const char *key)
{
	return same_secret(gate->key, key);
}

bool gate_host_is_ours(const struct gate *gate, const char *host)
{
	return host && strcmp(host, gate->host) == 0;
}

bool gate_origin_is_ours(const struct gate *gate, const char *origin, bool changes)
{
	return origin ? strcmp(origin, gate->origin) == 0 : !changes;
}
