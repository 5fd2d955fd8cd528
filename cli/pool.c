// SPDX-License-Identifier: GPL-3.0-or-later
// One poll loop over all workers. A worker is idle, or has one file: its bytes go out as the pipe takes them, messages
// come back into a buffer and are handled when whole. A worker ends a file with WIRE_END; if instead its pipe closes,
// it breaks the framing, or nothing comes for too long, it is killed, and the file is handed out again from the page
// after the one that it was at.
#include "cli/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/scan_file.h"
#include "cli/talk.h"
#include "cli/wire.h"
#include "cli/worker.h"
#include "scan/walk.h"

// How often the owner is asked whether to go on.
#define TURN_MS 100
// A page takes a tenth of a second, the largest one two; this long means that a decoder is caught in a loop.
#define PAGE_CPU_SECONDS 20
// The same by the clock on the wall, for a worker that waits: other programs may keep the processors busy.
#define PAGE_SECONDS 60
// So many pages of a file in a row lost their workers: the rest of it would too, one after another.
#define LOST_MOST 5
// A page's file goes through in one or two turns and not in dozens; what Linux lets anyone have.
#define PIPE_BYTES (1024 * 1024)
// Memory for files up to this size is kept for the next.
#define KEPT_BYTES (4u * 1024 * 1024)

struct slot {
	pid_t pid;
	int requests, replies; // ours: write end, read end
	struct talk talk;      // about the file that is being read
	unsigned lost;         // pages of this file in a row that cost a worker
	GByteArray *out;       // what remains to be sent of the request
	guint sent;
	gint64 deadline_us, cpu_deadline_us; // the latter by the worker's own time on processors
};

struct pool {
	const struct layout *layout;
	const GPtrArray *entries;
	bool explain;
	const struct pool_handlers *handlers;
	struct slot *slots;
	unsigned n_slots;
	unsigned next, done; // files
	bool stopped;
	GArray *again; // struct retry: files to be read on from a page
};

struct retry {
	unsigned file, page, n_pages, lost;
};

static void close_slot_pipes(struct slot *slot)
{
	close(slot->requests);
	close(slot->replies);
	slot->requests = slot->replies = -1;
}

// How long the worker has been on a processor; 0 if that cannot be known, as when it is gone.
static gint64 cpu_us(const struct slot *slot)
{
	clockid_t clock;
	struct timespec used;
	if (clock_getcpuclockid(slot->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

// A page has come, or the first one is begun.
static void set_deadlines(const struct pool *pool, struct slot *slot)
{
	unsigned cpu = pool->handlers->cpu_seconds, wall = pool->handlers->seconds;
	slot->cpu_deadline_us = cpu_us(slot) + (cpu ? cpu : PAGE_CPU_SECONDS) * G_USEC_PER_SEC;
	slot->deadline_us = g_get_monotonic_time() + (wall ? wall : PAGE_SECONDS) * G_USEC_PER_SEC;
}

static bool is_late(const struct slot *slot)
{
	return g_get_monotonic_time() > slot->deadline_us || cpu_us(slot) > slot->cpu_deadline_us;
}

static bool start_worker(struct pool *pool, struct slot *slot, GError **error)
{
	int requests[2] = {-1, -1}, replies[2] = {-1, -1};
	bool piped = pipe2(requests, O_CLOEXEC) == 0 && pipe2(replies, O_CLOEXEC) == 0;
	slot->pid = piped ? fork() : -1;
	if (slot->pid < 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "no reading process can be started: %s",
			g_strerror(errno));
		for (int i = 0; i < 2; i++) {
			close(requests[i]);
			close(replies[i]);
		}
		return false;
	}
	if (slot->pid == 0) {
		cage_keep_only(requests[0], replies[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL); // caught in a loop, it would outlive a parent that is killed
		signal(SIGINT, SIG_IGN);          // Ctrl-C is the parent's to handle, and so is the end of a login
		signal(SIGTERM, SIG_IGN);
		worker_run(pool->layout, requests[0], replies[1], pool->explain, pool->handlers->first);
	}
	close(requests[0]);
	close(replies[1]);
	slot->requests = requests[1];
	slot->replies = replies[0];
	fcntl(slot->requests, F_SETPIPE_SZ, PIPE_BYTES); // as it is, if that is not to be had
	fcntl(slot->requests, F_SETFL, O_NONBLOCK);
	fcntl(slot->replies, F_SETFL, O_NONBLOCK);
	talk_init(&slot->talk, pool->layout, pool->handlers, pool->explain);
	return true;
}

static void stop_worker(struct slot *slot, bool kill_it)
{
	if (slot->pid <= 0)
		return;
	close_slot_pipes(slot);
	if (kill_it)
		kill(slot->pid, SIGKILL);
	while (waitpid(slot->pid, NULL, 0) < 0 && errno == EINTR)
		;
	slot->pid = -1;
}

static void finish_file(struct pool *pool)
{
	pool->done++;
	if (pool->handlers->progress)
		pool->handlers->progress(pool->handlers->data, pool->done, pool->entries->len);
}

static bool is_wanted(struct pool *pool, const struct slot *slot, unsigned file, const struct stat *status,
	unsigned *page, unsigned *n_pages)
{
	const struct pool_bytes bytes = {
		slot->out->data + sizeof(struct wire_head), slot->out->len - sizeof(struct wire_head), status};
	return !pool->handlers->taken || pool->handlers->taken(pool->handlers->data, file, &bytes, page, n_pages);
}

// Gives a file to an idle worker, from a page on; n_pages as far as it is known. False if the file could not be handed
// over and is done with.
static bool hand_out(struct pool *pool, struct slot *slot, unsigned file, unsigned page, unsigned n_pages)
{
	const struct walk_entry *entry = g_ptr_array_index(pool->entries, file);
	struct wire_head head = {.kind = WIRE_FILE};
	g_byte_array_set_size(slot->out, 0);
	g_byte_array_append(slot->out, (const guint8 *)&head, sizeof head);
	struct stat status;
	const char *problem = entry->problem ? entry->problem : scan_file_append(entry->path, slot->out, &status);
	if (problem)
		pool->handlers->not_a_page(pool->handlers->data, file, problem);
	if (problem || !is_wanted(pool, slot, file, &status, &page, &n_pages)) {
		finish_file(pool);
		return false;
	}
	head.page = page;
	head.size = slot->out->len - (uint32_t)sizeof head;
	memcpy(slot->out->data, &head, sizeof head);
	talk_begin(&slot->talk, file, page, n_pages);
	slot->sent = 0;
	slot->lost = 0;
	set_deadlines(pool, slot);
	return true;
}

static bool goes_on(struct pool *pool)
{
	pool->stopped |= pool->handlers->turn && !pool->handlers->turn(pool->handlers->data);
	return !pool->stopped;
}

static void feed(struct pool *pool, struct slot *slot)
{
	while (!slot->talk.busy && goes_on(pool)) {
		if (pool->again->len > 0) {
			struct retry retry = g_array_index(pool->again, struct retry, pool->again->len - 1);
			g_array_set_size(pool->again, pool->again->len - 1);
			hand_out(pool, slot, retry.file, retry.page, retry.n_pages);
			slot->lost = retry.lost;
		} else if (pool->next < pool->entries->len) {
			hand_out(pool, slot, pool->next++, 0, 1);
		} else {
			return;
		}
	}
}

static void lose_page(struct pool *pool, const struct slot *slot, unsigned page, const char *what)
{
	pool->handlers->page(pool->handlers->data, slot->talk.file, page, slot->talk.n_pages,
		answers_new_exception(ANSWERS_KIND_CRASHED, what));
}

// The worker is lost: says so for the page it was at, and has the rest of the file read by another, unless that is of
// no use.
static bool replace_worker(struct pool *pool, struct slot *slot, const char *what, GError **error)
{
	stop_worker(slot, true);
	if (slot->talk.busy) {
		// It may have been lost between the last page and the end of the file: then no page is.
		struct retry retry = {slot->talk.file, slot->talk.page, slot->talk.n_pages, slot->lost + 1};
		if (retry.page < slot->talk.n_pages)
			lose_page(pool, slot, retry.page++, what);
		for (; retry.lost >= LOST_MOST && retry.page < slot->talk.n_pages; retry.page++)
			lose_page(pool, slot, retry.page,
				"this page was not tried: reading the pages before it failed, one after another");
		if (retry.page < slot->talk.n_pages)
			g_array_append_val(pool->again, retry);
		else
			finish_file(pool);
	}
	return start_worker(pool, slot, error);
}

enum slot_event { SLOT_FINE, SLOT_GONE };

static enum slot_event receive(struct pool *pool, struct slot *slot)
{
	uint8_t bytes[65536];
	ssize_t n = read(slot->replies, bytes, sizeof bytes);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return SLOT_FINE;
	if (n <= 0)
		return SLOT_GONE;
	const bool was_busy = slot->talk.busy;
	const unsigned before = slot->talk.page;
	const bool sound = talk_hear(&slot->talk, bytes, (size_t)n);
	if (slot->talk.page > before) {
		slot->lost = 0;
		set_deadlines(pool, slot);
	}
	if (was_busy && !slot->talk.busy)
		finish_file(pool);
	return sound ? SLOT_FINE : SLOT_GONE;
}

static enum slot_event send_more(struct slot *slot)
{
	ssize_t n = write(slot->requests, slot->out->data + slot->sent, slot->out->len - slot->sent);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return SLOT_GONE;
	if (n > 0)
		slot->sent += (guint)n;
	// The worker has a stack's file now; reading it on after a crash reads it anew.
	if (slot->sent == slot->out->len && slot->sent > KEPT_BYTES) {
		g_byte_array_unref(slot->out);
		slot->out = g_byte_array_new();
		slot->sent = 0;
	}
	return SLOT_FINE;
}

static bool attend(
	struct pool *pool, struct slot *slot, const struct pollfd *in, const struct pollfd *out, GError **error)
{
	if (out->revents & POLLOUT && send_more(slot) == SLOT_GONE)
		return replace_worker(pool, slot, "reading this page failed: the file may be damaged", error);
	if (in->revents && receive(pool, slot) == SLOT_GONE)
		return replace_worker(pool, slot, "reading this page failed: the file may be damaged", error);
	if (slot->talk.busy && is_late(slot))
		return replace_worker(pool, slot, "reading this page took too long: the file may be damaged", error);
	return true;
}

static bool run(struct pool *pool, GError **error)
{
	g_autofree struct pollfd *fds = g_new0(struct pollfd, 2 * (gsize)pool->n_slots);
	while (pool->done < pool->entries->len && goes_on(pool)) {
		for (unsigned i = 0; i < pool->n_slots; i++) {
			struct slot *slot = &pool->slots[i];
			feed(pool, slot);
			bool sending = slot->talk.busy && slot->sent < slot->out->len;
			fds[2 * i] = (struct pollfd){.fd = slot->replies, .events = POLLIN};
			fds[2 * i + 1] = (struct pollfd){.fd = sending ? slot->requests : -1, .events = POLLOUT};
		}
		if (pool->done == pool->entries->len)
			break;
		if (poll(fds, 2 * (nfds_t)pool->n_slots, TURN_MS) < 0 && errno != EINTR) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "waiting for reading processes failed");
			return false;
		}
		for (unsigned i = 0; i < pool->n_slots; i++)
			if (!attend(pool, &pool->slots[i], &fds[2 * i], &fds[2 * i + 1], error))
				return false;
	}
	return true;
}

bool pool_read(const struct layout *layout, const GPtrArray *entries, unsigned jobs, bool explain,
	const struct pool_handlers *handlers, GError **error)
{
	struct pool pool = {
		.layout = layout,
		.entries = entries,
		.explain = explain,
		.handlers = handlers,
		.n_slots = CLAMP(jobs, 1, MAX(entries->len, 1)),
		.again = g_array_new(FALSE, FALSE, sizeof(struct retry)),
	};
	pool.slots = g_new0(struct slot, pool.n_slots);
	bool done = true;
	for (unsigned i = 0; i < pool.n_slots; i++) {
		pool.slots[i].out = g_byte_array_new();
		done = done && start_worker(&pool, &pool.slots[i], error);
	}
	done = done && run(&pool, error);
	for (unsigned i = 0; i < pool.n_slots; i++) {
		stop_worker(&pool.slots[i], !done || pool.stopped);
		g_byte_array_unref(pool.slots[i].out);
		talk_clear(&pool.slots[i].talk);
	}
	g_array_unref(pool.again);
	g_free(pool.slots);
	return done;
}
