// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/viewer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/pipe.h"
#include "review/desk.h"
#include "scan/decode.h"

struct head {
	uint32_t width_px, height_px; // 0: it cannot be decoded
};

static _Noreturn void decode_in_child(int out, const char *bytes, size_t size, unsigned number)
{
	const struct rlimit seconds = {PIPE_PATIENCE_MS / 1000, PIPE_PATIENCE_MS / 1000};
	setrlimit(RLIMIT_CPU, &seconds);
	signal(SIGINT, SIG_IGN);
	cage_keep_only(out, out);
	cage_enter(out);
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new((const uint8_t *)bytes, size, &limits, NULL);
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
	if (!pipe_read(in, &head, sizeof head) || head.width_px < 1 || head.height_px < 1 ||
		head.width_px > (uint32_t)limits.max_side_px || head.height_px > (uint32_t)limits.max_side_px ||
		(int64_t)head.width_px * head.height_px > limits.max_pixels)
		return NULL;
	size_t size = (size_t)head.width_px * head.height_px;
	struct picture *picture = g_new(struct picture, 1);
	*picture = (struct picture){head.width_px, head.height_px, g_try_malloc(size)};
	if (picture->pixels && pipe_read(in, picture->pixels, size))
		return picture;
	picture_free(picture);
	return NULL;
}

static struct picture *decode(const char *bytes, size_t size, unsigned number)
{
	int ends[2];
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
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
	if (!file) {
		g_set_error(error, DESK_ERROR, DESK_ERROR_GONE,
			"The scan is not there any more: %s. Put it back to see it; what was read of it is kept.",
			path);
		return NULL;
	}
	const char *bytes = g_mapped_file_get_contents(file);
	gsize size = g_mapped_file_get_length(file);
	g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
	struct picture *picture = NULL;
	if (g_strcmp0(sha256, content) != 0)
		g_set_error(error, DESK_ERROR, DESK_ERROR_GONE,
			"The file has changed since it was read: %s. Run sheaf grade again with the scans.", path);
	else if (!(picture = decode(bytes, size, number)))
		g_set_error(
			error, DESK_ERROR, DESK_ERROR_GONE, "This page cannot be shown: no image can be made of it.");
	return picture;
}
