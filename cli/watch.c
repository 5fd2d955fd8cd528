// SPDX-License-Identifier: GPL-3.0-or-later
// The folder is walked again and again rather than listened to: scanners write to network shares, of whose changes no
// kernel tells. A file is taken when its size and times have stood still for two seconds: scanners write a page within
// one, and a slow one's unfinished file that was taken too early is read again when it has grown.
#include "cli/watch.h"

#include <string.h>

#include "cli/stop.h"

#define WALK_MS 300
#define STILL_US (2 * G_USEC_PER_SEC)
// The outputs are written no more often, and take no more than a fifth of the time.
#define WRITE_US (2 * G_USEC_PER_SEC)
#define WRITE_SHARE 4

// A file as last seen, and since when it stands still.
struct sight {
	struct session_stamp stamp;
	gint64 since_us;
};

struct state {
	const struct watch *watch;
	GHashTable *sights; // path -> struct sight *
	bool changed;       // since the last writing
	gint64 next_write_us;
};

static bool stands_still(struct state *state, const struct session_file *file)
{
	struct sight *sight = g_hash_table_lookup(state->sights, file->path);
	gint64 now_us = g_get_monotonic_time();
	struct session_stamp before = sight ? sight->stamp : (struct session_stamp){0};
	before.settled = true;
	if (sight && session_stamp_same(&before, &file->stamp))
		return now_us - sight->since_us >= STILL_US;
	sight = g_new(struct sight, 1);
	*sight = (struct sight){file->stamp, now_us};
	g_hash_table_replace(state->sights, g_strdup(file->path), sight);
	return false;
}

// An empty folder is more likely a share that went away than a stack that did: nothing is dropped then.
static void drop_gone(struct state *state, const struct scans *scans)
{
	if (scans->entries->len > 0 && scans_drop_gone(scans, state->watch->reading->session) > 0)
		state->changed = true;
}

static bool look_and_read(struct state *state, GError **error)
{
	g_autoptr(GError) away = NULL;
	struct scans *scans = scans_find(state->watch->operands, state->watch->folder, &away);
	if (!scans) {
		if (state->next_write_us)
			return true; // a share that comes and goes
		g_propagate_error(error, g_steal_pointer(&away));
		return false;
	}
	g_autofree bool *wanted = g_new0(bool, scans->entries->len + 1);
	for (guint i = 0; i < scans->entries->len; i++)
		wanted[i] = stands_still(state, &scans->files[i]);
	struct reading_counts counts;
	drop_gone(state, scans);
	bool good = reading_run(state->watch->reading, scans, wanted, &counts, error);
	state->changed |= counts.files > 0;
	scans_free(scans);
	return good;
}

static bool write_if_due(struct state *state, GError **error)
{
	gint64 began_us = g_get_monotonic_time();
	if (!state->changed || (began_us < state->next_write_us && !stop_wished()))
		return true;
	state->changed = false;
	if (!state->watch->write(state->watch->data, error))
		return false;
	gint64 end_us = g_get_monotonic_time();
	state->next_write_us = MAX(began_us + WRITE_US, end_us + WRITE_SHARE * (end_us - began_us));
	return true;
}

bool watch_run(const struct watch *watch, GError **error)
{
	struct state state = {
		.watch = watch,
		.sights = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.changed = true,
	};
	bool good = true;
	while (good && !stop_wished()) {
		good = look_and_read(&state, error) && write_if_due(&state, error);
		progress_tick(watch->reading->progress);
		if (good)
			stop_sleep_ms(WALK_MS);
	}
	good = good && write_if_due(&state, error);
	g_hash_table_unref(state.sights);
	return good;
}
