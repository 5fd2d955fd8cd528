// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/worker.h"

#include <iconv.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/loan.h"
#include "cli/wire.h"
#include "detect/explain.h"
#include "detect/header.h"
#include "detect/page.h"
#include "scan/decode.h"
#include "sheet/answers.h"

struct worker {
	const struct layout *layout;
	struct detector *detector;
	int replies;
	bool explain, draws;
	worker_decoder *first; // NULL but in tests
	struct borrowed borrowed[WIRE_LOANS];
};

static const char *kind_of(const GError *error)
{
	if (g_error_matches(error, SCAN_ERROR, SCAN_ERROR_DAMAGED))
		return ANSWERS_KIND_DAMAGED;
	if (g_error_matches(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE))
		return ANSWERS_KIND_TOO_LARGE;
	return ANSWERS_KIND_UNREADABLE;
}

static bool send_answers(const struct worker *worker, unsigned page, const struct answers *answers)
{
	g_autofree char *text = answers_format(answers, worker->layout);
	return wire_write(worker->replies, WIRE_PAGE, page, text, strlen(text));
}

static bool send_failure(const struct worker *worker, unsigned page, const GError *error)
{
	ANSWERS_AUTO answers = answers_new_exception(kind_of(error), error->message);
	return send_answers(worker, page, answers);
}

struct picture_target {
	const struct worker *worker;
	unsigned page;
	bool sent;
};

static void send_picture(void *data, const char *name, const uint8_t *png, size_t size)
{
	struct picture_target *target = data;
	g_autoptr(GByteArray) body = g_byte_array_new();
	g_byte_array_append(body, (const guint8 *)name, (guint)strlen(name) + 1);
	g_byte_array_append(body, png, (guint)size);
	target->sent &= wire_write(target->worker->replies, WIRE_PICTURE, target->page, body->data, body->len);
}

static bool has_marks(const struct answers *answers)
{
	for (unsigned i = 0; i < answers->n_marks; i++)
		if (answers->marks[i].marked || answers->marks[i].review)
			return true;
	return false;
}

// The file that sheets were printed from may lie among the scans. An absent student must not get a 0 by it.
static struct answers *refuse_form(struct answers *answers, bool form)
{
	if (!form || answers->outcome != ANSWERS_READ || has_marks(answers))
		return answers;
	answers_free(answers);
	return answers_new_exception(ANSWERS_KIND_NOT_A_SCAN,
		"this is the sheet as it was printed, and no scan; move the file out of the folder");
}

// A page whose pixels the detector may yet ask for.
struct page_at {
	struct scan_document *document;
	unsigned index;
	struct page_image *full; // NULL until it asked
};

static bool fetch_full(void *data, struct grey_view *view)
{
	struct page_at *at = data;
	at->full = scan_document_decode_full(at->document, at->index, NULL);
	if (!at->full)
		return false;
	*view = (struct grey_view){at->full->pixels, at->full->width_px, at->full->height_px, at->full->width_px};
	return true;
}

static bool read_image(
	const struct worker *worker, struct scan_document *document, unsigned page, const struct page_image *image)
{
	struct page_at at = {document, page, NULL};
	struct page_source source = {
		.image = {image->pixels, image->width_px, image->height_px, image->width_px},
		.reduction = image->reduction,
		.full_width_px = image->full_width_px,
		.full_height_px = image->full_height_px,
		.fetch = fetch_full,
		.data = &at,
	};
	struct page_trace trace = {0};
	struct answers *read = detect_source(worker->detector, &source, worker->explain ? &trace : NULL);
	ANSWERS_AUTO answers = refuse_form(read, scan_document_is_form(document));
	struct picture_target target = {worker, page, true};
	const struct grey_view *full = worker->explain ? page_source_full(&source) : NULL;
	const struct grey_view *shown = full ? full : &source.image;
	if (worker->explain)
		explain_page(worker->layout, shown, &trace, answers, send_picture, &target);
	if (answers->kind && strcmp(answers->kind, ANSWERS_KIND_NO_IDENTITY) == 0 && answers->placement)
		header_draw(worker->layout, shown, answers->placement, send_picture, &target);
	page_trace_clear(&trace);
	page_image_free(at.full);
	return target.sent && send_answers(worker, page, answers);
}

static bool read_pages(const struct worker *worker, struct scan_document *document, unsigned first)
{
	unsigned n = scan_document_pages(document);
	if (n > 1 && !wire_write(worker->replies, WIRE_COUNT, n, NULL, 0)) // one is what is expected
		return false;
	for (unsigned page = first; page < n; page++) {
		g_autoptr(GError) error = NULL;
		struct page_image *image = scan_document_decode(document, page, &error);
		if (!worker->draws && g_error_matches(error, SCAN_ERROR, SCAN_ERROR_UNPREPARED)) {
			wire_write(worker->replies, WIRE_DRAW, page, NULL, 0);
			return false;
		}
		bool sent = image ? read_image(worker, document, page, image) : send_failure(worker, page, error);
		page_image_free(image);
		if (!sent)
			return false;
	}
	return true;
}

static bool read_file(const struct worker *worker, const uint8_t *bytes, size_t size, unsigned first)
{
	g_autoptr(GError) error = NULL;
	struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	limits.enough_px = detect_enough_px(worker->layout);
	struct scan_document *document = scan_document_new(bytes, size, &limits, &error);
	bool sent;
	if (document)
		sent = read_pages(worker, document, first);
	else if (scan_is_image(bytes, size))
		sent = send_failure(worker, 0, error);
	else
		sent = wire_write(worker->replies, WIRE_NOT_A_PAGE, 0, error->message, strlen(error->message));
	scan_document_free(document);
	return sent && wire_write(worker->replies, WIRE_END, 0, NULL, 0);
}

static bool serve_one(struct worker *worker, int requests)
{
	static const uint8_t NOTHING[1];
	struct wire_request request;
	if (!wire_read_exactly(requests, &request, sizeof request) || request.loan >= WIRE_LOANS)
		return false;
	struct borrowed *borrowed = &worker->borrowed[request.loan];
	if (request.size > 0 && !borrowed_see(borrowed, request.size))
		return false;
	const uint8_t *bytes = request.size > 0 ? borrowed->bytes : NOTHING;
	if (worker->first)
		worker->first(bytes, request.size);
	const bool done = read_file(worker, bytes, request.size, request.page);
	borrowed_done(borrowed);
	return done;
}

// Buffers of a page are as large from page to page. The C library would give each back to the system and get it anew,
// cleared, which takes a tenth of the time that a page does.
#define KEPT_BYTES (64 * 1024 * 1024)

// ZBar guesses at the alphabet of what a code says, by way of converters that the C library keeps in files of their
// own. Those that are in use stay loaded, so they are put to use for good before the files are out of reach.
static const char *const ALPHABETS[] = {"ISO8859-1", "SJIS", "BIG-5", "CP437"};

static void load_converters(iconv_t converters[G_N_ELEMENTS(ALPHABETS)])
{
	for (size_t i = 0; i < G_N_ELEMENTS(ALPHABETS); i++) // one that is missing is missing outside the cage too
		converters[i] = iconv_open("UTF-8", ALPHABETS[i]);
}

static void unload_converters(iconv_t converters[G_N_ELEMENTS(ALPHABETS)])
{
	for (size_t i = 0; i < G_N_ELEMENTS(ALPHABETS); i++)
		iconv_close(converters[i]);
}

_Noreturn void worker_run(
	const struct layout *layout, const struct worker_ends *ends, bool explain, worker_decoder *first)
{
	iconv_t converters[G_N_ELEMENTS(ALPHABETS)];
	load_converters(converters);
	if (ends->draws)
		scan_prepare(NULL, 0);
	cage_enter(ends->replies);
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES / 2);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	struct worker worker = {.layout = layout,
		.detector = detector_new(layout),
		.replies = ends->replies,
		.explain = explain,
		.draws = ends->draws,
		.first = first};
	for (unsigned i = 0; i < WIRE_LOANS; i++)
		worker.borrowed[i] = (struct borrowed){ends->loans[i], NULL, 0};
	while (serve_one(&worker, ends->requests))
		;
	detector_free(worker.detector);
	unload_converters(converters);
	_exit(0);
}
