// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/viewer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/pipe.h"
#include "cli/scan_file.h"
#include "review/desk.h"
#include "scan/decode.h"

struct head {
	uint32_t width_px, height_px; // 0: it cannot be decoded
};

static _Noreturn void decode_in_child(int out, const uint8_t *bytes, size_t size, unsigned number)
{
	const struct rlimit seconds = {PIPE_PATIENCE_SECONDS, PIPE_PATIENCE_SECONDS};
	setrlimit(RLIMIT_CPU, &seconds);
	prctl(PR_SET_PDEATHSIG, SIGKILL); // caught in a loop, it would outlive a parent that is killed
	signal(SIGINT, SIG_IGN);
	cage_keep_only(&out, 1);
	cage_enter(out);
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new(bytes, size, &limits, NULL);
	struct page_image *image = document && number < scan_document_pages(document)
					   ? scan_document_decode(document, number, NULL)
					   : NULL;
	struct head head = {0};
	if (image)
		head = (struct head){(uint32_t)image->width_px, (uint32_t)image->height_px};
	bool sent = pipe_write(out, &head, sizeof head);
	if (image && sent)
		pipe_write(out, image->pixels, (size_t)head.width_px * head.height_px);
	_exit(0);
}

static struct picture *receive(int in)
{
	struct head head;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	const gint64 deadline_us = pipe_deadline_us();
	if (!pipe_read(in, &head, sizeof head, deadline_us) || head.width_px < 1 || head.height_px < 1 ||
		head.width_px > (uint32_t)limits.max_side_px || head.height_px > (uint32_t)limits.max_side_px ||
		(int64_t)head.width_px * head.height_px > limits.max_pixels)
		return NULL;
	size_t size = (size_t)head.width_px * head.height_px;
	struct picture *picture = g_new(struct picture, 1);
	*picture = (struct picture){head.width_px, head.height_px, g_try_malloc(size)};
	if (picture->pixels && pipe_read(in, picture->pixels, size, deadline_us))
		return picture;
	picture_free(picture);
	return NULL;
}

static struct picture *decode(GBytes *file, unsigned number)
{
	int ends[2];
	size_t size;
	const void *bytes = g_bytes_get_data(file, &size);
	scan_prepare(bytes, size); // what cannot be had in the cage
	if (pipe(ends) != 0)
		return NULL;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		decode_in_child(ends[1], bytes, size, number);
	}
	close(ends[1]);
	struct picture *picture = child > 0 ? receive(ends[0]) : NULL;
	close(ends[0]);
	if (child > 0) {
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return picture;
}

struct picture *viewer_decode(const char *path, const char *content, unsigned number, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	enum scan_file_found found = scan_file_again(path, content, &bytes);
	g_autofree char *shown = g_filename_display_name(path);
	struct picture *picture = NULL;
	if (found == SCAN_FILE_GONE)
		g_set_error(error, DESK_ERROR, DESK_ERROR_GONE,
			"The scan is not there any more: %s. Put it back to see it; what was read of it is kept.",
			shown);
	else if (found == SCAN_FILE_CHANGED)
		g_set_error(error, DESK_ERROR, DESK_ERROR_GONE,
			"The file has changed since it was read: %s. Run sheaf grade again with the scans.", shown);
	else if (!(picture = decode(bytes, number)))
		g_set_error(
			error, DESK_ERROR, DESK_ERROR_GONE, "This page cannot be shown: no image can be made of it.");
	return picture;
}
