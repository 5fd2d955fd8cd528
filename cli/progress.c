// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

// Often enough to look alive.
#define REDRAW_US (200 * 1000)
#define BAR_WIDTH 24
// Before that a rate says nothing.
#define RATE_FROM_US (2 * G_USEC_PER_SEC)

struct progress {
	enum progress_form form;
	bool watch, drawn;
	gint64 began_us, drawn_us;
	unsigned files, files_done, pages;      // of this round of reading
	unsigned pages_in_all, complete, flags; // as last written
};

struct progress *progress_new(enum progress_form form, bool watch)
{
	struct progress *progress = g_new0(struct progress, 1);
	progress->form = form;
	progress->watch = watch;
	return progress;
}

void progress_free(struct progress *progress)
{
	g_free(progress);
}

// Takes the object over.
static void say(const struct progress *progress, json_t *event)
{
	if (progress->form == PROGRESS_JSON && event) {
		char *text = json_dumps(event, JSON_COMPACT);
		fprintf(stderr, "%s\n", text ? text : "{}");
		free(text);
	}
	json_decref(event);
}

static double minutes_since(gint64 then_us)
{
	return (double)(g_get_monotonic_time() - then_us) / (60.0 * G_USEC_PER_SEC);
}

static void draw_bar(const struct progress *progress)
{
	char bar[BAR_WIDTH + 1] = {0};
	unsigned filled = progress->files ? BAR_WIDTH * progress->files_done / progress->files : 0;
	memset(bar, '-', BAR_WIDTH);
	memset(bar, '#', filled);
	fprintf(stderr, "\r[%s] %u of %u files", bar, progress->files_done, progress->files);
	if (g_get_monotonic_time() - progress->began_us < RATE_FROM_US || progress->files_done == 0)
		return;
	double minutes = minutes_since(progress->began_us);
	unsigned left_s = (unsigned)(60 * minutes * (progress->files - progress->files_done) / progress->files_done);
	fprintf(stderr, ", %.0f pages a minute, %u:%02u left", progress->pages / minutes, left_s / 60, left_s % 60);
}

static void draw(struct progress *progress)
{
	if (progress->form != PROGRESS_LINE)
		return;
	if (progress->watch)
		fprintf(stderr, "\rwatching: %u pages, %u students complete, %u flags",
			progress->pages_in_all + progress->pages, progress->complete, progress->flags);
	else
		draw_bar(progress);
	fputs("\033[K", stderr);
	fflush(stderr);
	progress->drawn = true;
	progress->drawn_us = g_get_monotonic_time();
}

void progress_tick(struct progress *progress)
{
	if (g_get_monotonic_time() - progress->drawn_us >= REDRAW_US)
		draw(progress);
}

void progress_clear(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}

void progress_start(struct progress *progress, unsigned files, unsigned known)
{
	progress->files = files;
	progress->files_done = progress->pages = 0;
	progress->began_us = g_get_monotonic_time();
	say(progress, json_pack("{ss si si}", "event", "start", "files", (int)files, "known", (int)known));
}

void progress_page(
	struct progress *progress, const char *file, unsigned page, unsigned n_pages, const struct answers *answers)
{
	static const char *const OUTCOMES[] = {
		[ANSWERS_READ] = "read", [ANSWERS_BLANK] = "blank", [ANSWERS_EXCEPTION] = "exception"};
	unsigned flags = 0;
	for (unsigned i = 0; i < answers->n_marks; i++)
		flags += answers->marks[i].review;
	progress->pages++;
	say(progress, json_pack("{ss ss si si ss ss* si}", "event", "page", "file", file, "page", (int)page + 1,
			      "pages", (int)n_pages, "outcome", OUTCOMES[answers->outcome], "kind", answers->kind,
			      "flags", (int)flags));
}

void progress_file(struct progress *progress, const char *file, const char *problem)
{
	progress->files_done++;
	say(progress, json_pack("{ss ss si si ss*}", "event", "file", "file", file, "done", (int)progress->files_done,
			      "of", (int)progress->files, "problem", problem));
}

void progress_results(struct progress *progress, const struct results *results)
{
	progress->pages = progress->flags = 0;
	progress->pages_in_all = results->n_pages;
	progress->complete = results->statuses[STUDENT_GRADED] + results->statuses[STUDENT_REVIEW];
	for (unsigned i = 0; i < results->n_exceptions; i++)
		progress->flags += strcmp(results->exceptions[i].kind, BATCH_KIND_DUPLICATE) != 0;
	say(progress, json_pack("{ss si si si}", "event", "results", "pages", (int)progress->pages_in_all, "complete",
			      (int)progress->complete, "flags", (int)progress->flags));
	if (progress->watch)
		draw(progress);
}

void progress_done(struct progress *progress, int status)
{
	progress_clear(progress);
	say(progress, json_pack("{ss si}", "event", "done", "status", status));
}
