// SPDX-License-Identifier: GPL-3.0-or-later
// One poll loop over all workers. A worker is idle, or has one file, and perhaps the next one, so that it need not wait
// while this process hashes, or sees the session onto the disk. Their bytes are lent (cli/loan.h); messages come back
// into a buffer and are handled when whole. A worker ends a file with WIRE_END; if instead its pipe closes, it breaks
// the framing, or nothing comes for too long, it is killed, and the file is handed out again from the page after the
// one that it was at.
#include "cli/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/loan.h"
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
// For a worker to end by itself: it frees what it holds.
#define END_PATIENCE_MS 5000
// So many pages of a file in a row lost their workers: the rest of it would too, one after another.
#define LOST_MOST 5
// Larger files, most of them of many pages, are lent when the worker is done with the last: two would take the memory
// of two, and the worker waits only once for all those pages.
#define AHEAD_MOST_BYTES (4 * 1024 * 1024)

// The session's, the standard ones, and what libraries hold.
#define OTHER_DESCRIPTORS 64

struct slot {
	pid_t pid;
	int requests, replies; // ours: write end, read end
	struct talk talk;      // about the file that is being read, and the next
	bool draws;            // the worker is one that can draw pages of PDFs
	unsigned lost;         // pages of this file in a row that cost a worker
	struct loan loans[WIRE_LOANS];
	uint32_t sizes[WIRE_LOANS];          // of what is in them
	unsigned loan;                       // the one to be filled next
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
	GArray *again; // struct part: files to be read on from a page
};

// A file from a page on. lost: so many pages of it in a row cost a worker.
struct part {
	unsigned file, page, n_pages, lost;
};

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
		struct worker_ends ends = {.requests = requests[0], .replies = replies[1], .draws = slot->draws};
		int kept[2 + WIRE_LOANS] = {requests[0], replies[1]};
		for (unsigned i = 0; i < WIRE_LOANS; i++)
			kept[2 + i] = ends.loans[i] = slot->loans[i].to_borrow;
		cage_keep_only(kept, 2 + WIRE_LOANS);
		prctl(PR_SET_PDEATHSIG, SIGKILL); // caught in a loop, it would outlive a parent that is killed
		signal(SIGINT, SIG_IGN);          // Ctrl-C is the parent's to handle, and so is the end of a login
		signal(SIGTERM, SIG_IGN);
		worker_run(pool->layout, &ends, pool->explain, pool->handlers->first);
	}
	close(requests[0]);
	close(replies[1]);
	slot->requests = requests[1];
	slot->replies = replies[0];
	fcntl(slot->requests, F_SETFL, O_NONBLOCK); // one that does not read them must not stop us
	fcntl(slot->replies, F_SETFL, O_NONBLOCK);
	talk_init(&slot->talk, pool->layout, pool->handlers, pool->explain);
	slot->talk.draws = slot->draws;
	return true;
}

// Without kill_it, it is given the time to notice that there are no more requests. A worker that is itself has ended
// when its pipe does; of any other nothing but the end is wanted.
static void stop_worker(struct slot *slot, bool kill_it)
{
	if (slot->pid <= 0)
		return;
	struct pollfd end = {.fd = slot->replies}; // of which only the end is asked for
	close(slot->requests);
	if (!kill_it)
		poll(&end, 1, END_PATIENCE_MS);
	kill(slot->pid, SIGKILL);
	close(slot->replies);
	slot->requests = slot->replies = -1;
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

static void lose_page(struct pool *pool, unsigned file, unsigned page, unsigned n_pages, const char *what)
{
	pool->handlers->page(
		pool->handlers->data, file, page, n_pages, answers_new_exception(ANSWERS_KIND_CRASHED, what));
}

enum handing { HANDED, NOT_TO_BE_READ, NOT_YET };

static const char *put(void *data, size_t at, const uint8_t *bytes, size_t size)
{
	if (loan_put(data, at, bytes, size))
		return NULL;
	return errno == EFBIG ? "this session's limit on the size of files (ulimit -f) is below the size of this one"
			      : "there is not enough memory to read the file";
}

// Puts the file's bytes into the loan that is free. Where that cannot be, *problem says why.
static enum handing lend(struct slot *slot, const char *path, struct stat *status, char *sha256, const char **problem)
{
	struct scan_file file;
	*problem = scan_file_open(&file, path);
	if (*problem)
		return NOT_TO_BE_READ;
	if (slot->talk.busy && file.status.st_size > AHEAD_MOST_BYTES) {
		scan_file_close(&file);
		return NOT_YET;
	}
	*status = file.status;
	*problem = scan_file_read(&file, put, &slot->loans[slot->loan], sha256);
	return *problem ? NOT_TO_BE_READ : HANDED;
}

static bool is_wanted(struct pool *pool, const struct pool_file *known, struct part *part)
{
	return !pool->handlers->taken ||
	       pool->handlers->taken(pool->handlers->data, part->file, known, &part->page, &part->n_pages);
}

static unsigned other(unsigned loan)
{
	return (loan + 1) % WIRE_LOANS;
}

// Has the worker read what is in the loan.
static void hand(struct pool *pool, struct slot *slot, unsigned loan, const struct part *part)
{
	const struct wire_request request = {loan, slot->sizes[loan], part->page};
	if (!slot->talk.busy) {
		slot->lost = part->lost;
		set_deadlines(pool, slot);
	}
	talk_begin(&slot->talk, part->file, part->page, part->n_pages);
	// A sound worker reads its requests, so that so few bytes always fit. That another is gone is noticed where its
	// answers should come.
	if (write(slot->requests, &request, sizeof request) != sizeof request)
		kill(slot->pid, SIGKILL);
}

// Gives a part of a file to a worker that is idle, or reads its only one. If it is NOT_TO_BE_READ, it is done with.
static enum handing hand_out(struct pool *pool, struct slot *slot, struct part part)
{
	const struct walk_entry *entry = g_ptr_array_index(pool->entries, part.file);
	struct stat status;
	char sha256[SCAN_FILE_SHA256_SIZE];
	const struct pool_file known = {sha256, &status};
	const char *problem = entry->problem;
	enum handing handing = problem ? NOT_TO_BE_READ : lend(slot, entry->path, &status, sha256, &problem);
	// The rest of a file that cannot be had a second time is left to the next run, which goes on there.
	if (problem && part.page == 0)
		pool->handlers->not_a_page(pool->handlers->data, part.file, problem);
	if (handing == HANDED && !is_wanted(pool, &known, &part))
		handing = NOT_TO_BE_READ;
	if (handing == NOT_TO_BE_READ) {
		finish_file(pool);
		loan_give_back(&slot->loans[slot->loan]);
	}
	if (handing != HANDED)
		return handing;
	slot->sizes[slot->loan] = (uint32_t)status.st_size;
	hand(pool, slot, slot->loan, &part);
	slot->loan = other(slot->loan);
	return HANDED;
}

static bool goes_on(struct pool *pool)
{
	pool->stopped |= pool->handlers->turn && !pool->handlers->turn(pool->handlers->data);
	return !pool->stopped;
}

// What cost a worker is for one that is idle.
static bool next_part(const struct pool *pool, bool idle, struct part *part)
{
	if (idle && pool->again->len > 0)
		*part = g_array_index(pool->again, struct part, pool->again->len - 1);
	else
		*part = (struct part){pool->next, 0, 1, 0};
	return part->file < pool->entries->len;
}

// Hands out files until the worker has one, or one more than that.
static void feed(struct pool *pool, struct slot *slot, bool one_more)
{
	struct part part;
	while (!slot->talk.ahead && (one_more || !slot->talk.busy) && goes_on(pool)) {
		const bool idle = !slot->talk.busy, again = idle && pool->again->len > 0;
		if (!next_part(pool, idle, &part) || hand_out(pool, slot, part) == NOT_YET)
			return;
		if (again)
			g_array_set_size(pool->again, pool->again->len - 1);
		else
			pool->next++;
	}
}

// One file for everyone comes first. Of the last ones nobody takes two; nor while there is something that waits for an
// idle worker.
static void feed_all(struct pool *pool)
{
	for (unsigned i = 0; i < pool->n_slots; i++)
		feed(pool, &pool->slots[i], false);
	for (unsigned i = 0; i < pool->n_slots; i++)
		if (pool->again->len == 0 && pool->entries->len - pool->next >= pool->n_slots)
			feed(pool, &pool->slots[i], true);
}

// Gives back the memory of large files that nobody reads.
static void give_back_idle(struct slot *slot)
{
	if (!slot->talk.ahead)
		loan_give_back(&slot->loans[slot->loan]);
	if (!slot->talk.busy)
		loan_give_back(&slot->loans[other(slot->loan)]);
}

// Says of the page that the worker was at that it is lost, and has the rest of the file read by another, unless that is
// of no use.
static void give_up_page(struct pool *pool, const struct slot *slot, const char *what)
{
	const struct talk_file *now = &slot->talk.now;
	// It may have been lost between the last page and the end of the file: then no page is.
	struct part rest = {now->file, now->page, now->n_pages, slot->lost + 1};
	if (rest.page < now->n_pages)
		lose_page(pool, now->file, rest.page++, now->n_pages, what);
	for (; rest.lost >= LOST_MOST && rest.page < now->n_pages; rest.page++)
		lose_page(pool, now->file, rest.page, now->n_pages,
			"this page was not tried: reading the pages before it failed, one after another");
	if (rest.page < now->n_pages)
		g_array_append_val(pool->again, rest);
	else
		finish_file(pool);
}

// Hands what a worker had in a loan, untouched or from a page on, to the one in its place.
static void hand_again(struct pool *pool, struct slot *slot, unsigned loan, const struct talk_file *file, unsigned lost)
{
	const struct part part = {file->file, file->page, file->n_pages, lost};
	hand(pool, slot, loan, &part);
	slot->loan = other(loan);
}

// The worker is lost, and with it the page that it was at.
static bool replace_worker(struct pool *pool, struct slot *slot, const char *what, GError **error)
{
	const struct talk before = slot->talk;
	const unsigned next = other(slot->loan);
	stop_worker(slot, true);
	if (before.busy)
		give_up_page(pool, slot, what);
	if (!start_worker(pool, slot, error))
		return false;
	if (before.ahead)
		hand_again(pool, slot, next, &before.next, 0);
	give_back_idle(slot);
	return true;
}

// The worker cannot draw a page, and another one goes on there that can.
static bool replace_by_drawing(struct pool *pool, struct slot *slot, GError **error)
{
	const struct talk before = slot->talk;
	const unsigned now = before.ahead ? slot->loan : other(slot->loan), next = other(now);
	stop_worker(slot, true);
	slot->draws = true;
	if (!start_worker(pool, slot, error))
		return false;
	hand_again(pool, slot, now, &before.now, slot->lost);
	if (before.ahead)
		hand_again(pool, slot, next, &before.next, 0);
	return true;
}

enum slot_event { SLOT_FINE, SLOT_GONE };

// Some of what it read is done with.
static void note_ended(struct pool *pool, struct slot *slot, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		finish_file(pool);
	give_back_idle(slot);
}

static enum slot_event receive(struct pool *pool, struct slot *slot)
{
	uint8_t bytes[65536];
	ssize_t n = read(slot->replies, bytes, sizeof bytes);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return SLOT_FINE;
	if (n <= 0)
		return SLOT_GONE;
	const unsigned ended = slot->talk.ended, page = slot->talk.now.page;
	const bool sound = talk_hear(&slot->talk, bytes, (size_t)n);
	if (slot->talk.ended > ended || slot->talk.now.page > page) {
		slot->lost = 0;
		set_deadlines(pool, slot);
	}
	if (slot->talk.ended > ended)
		note_ended(pool, slot, slot->talk.ended - ended);
	return sound ? SLOT_FINE : SLOT_GONE;
}

static bool attend(struct pool *pool, struct slot *slot, const struct pollfd *in, GError **error)
{
	const enum slot_event event = in->revents ? receive(pool, slot) : SLOT_FINE;
	if (event == SLOT_FINE && slot->talk.must_draw)
		return replace_by_drawing(pool, slot, error);
	if (event == SLOT_GONE)
		return replace_worker(pool, slot, "reading this page failed: the file may be damaged", error);
	if (slot->talk.busy && is_late(slot))
		return replace_worker(pool, slot, "reading this page took too long: the file may be damaged", error);
	return true;
}

static bool run(struct pool *pool, GError **error)
{
	g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->n_slots);
	while (pool->done < pool->entries->len && goes_on(pool)) {
		feed_all(pool);
		if (pool->done == pool->entries->len)
			break;
		for (unsigned i = 0; i < pool->n_slots; i++)
			fds[i] = (struct pollfd){.fd = pool->slots[i].replies, .events = POLLIN};
		if (poll(fds, pool->n_slots, TURN_MS) < 0 && errno != EINTR) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "waiting for reading processes failed");
			return false;
		}
		for (unsigned i = 0; i < pool->n_slots; i++)
			if (!attend(pool, &pool->slots[i], &fds[i], error))
				return false;
	}
	return true;
}

// Where there are many processors, workers need more descriptors than shells allow by themselves.
static void allow_descriptors(unsigned n_slots)
{
	struct rlimit limit;
	const rlim_t wanted = OTHER_DESCRIPTORS + (rlim_t)n_slots * (2 + 2 * WIRE_LOANS); // two ends, and two of a loan
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = MIN(wanted, limit.rlim_max);
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool set_up_slot(struct pool *pool, struct slot *slot, GError **error)
{
	for (unsigned i = 0; i < WIRE_LOANS; i++)
		if (!loan_open(&slot->loans[i])) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
				"no memory to be shared with reading processes can be had: %s", g_strerror(errno));
			return false;
		}
	return start_worker(pool, slot, error);
}

static void clear_slot(struct slot *slot, bool kill_it)
{
	stop_worker(slot, kill_it);
	for (unsigned i = 0; i < WIRE_LOANS; i++)
		loan_close(&slot->loans[i]);
	talk_clear(&slot->talk);
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
		.again = g_array_new(FALSE, FALSE, sizeof(struct part)),
	};
	pool.slots = g_new0(struct slot, pool.n_slots);
	bool done = true;
	allow_descriptors(pool.n_slots);
	for (unsigned i = 0; i < pool.n_slots; i++)
		for (unsigned k = 0; k < WIRE_LOANS; k++)
			pool.slots[i].loans[k] = LOAN_NONE;
	for (unsigned i = 0; i < pool.n_slots; i++) {
		if (set_up_slot(&pool, &pool.slots[i], i == 0 ? error : NULL))
			continue;
		clear_slot(&pool.slots[i], true);
		pool.n_slots = i; // as many as there can be
		done = i > 0;
	}
	done = done && run(&pool, error);
	for (unsigned i = 0; i < pool.n_slots; i++)
		clear_slot(&pool.slots[i], !done || pool.stopped);
	g_array_unref(pool.again);
	g_free(pool.slots);
	return done;
}
