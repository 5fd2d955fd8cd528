// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/page_jpeg.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jpeglib.h>

#include "cli/cage.h"
#include "cli/pipe.h"
#include "cli/scan_file.h"
#include "scan/decode.h"

#define QUALITY 80     // of pages that were no JPEG: text without visible noise, at a quarter of a megabyte
#define ENOUGH_PX 2200 // along the longer side: 200 dpi on letter and A4
#define MOST_BYTES (64u * 1024 * 1024)

// What the child says, before the JPEG's bytes where it made one.
struct head {
	int32_t width_px, height_px, orientation; // 0: it cannot be shown
	uint32_t is_scan;                         // the JPEG is the scanner's
	uint32_t size;                            // 0: the file is the JPEG
};

// --- in the child

static void compress(const struct page_image *image, unsigned char **bytes, unsigned long *size)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors; // its way with errors is to end the process, which is the child's
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, bytes, size);
	jpeg.image_width = (JDIMENSION)image->width_px;
	jpeg.image_height = (JDIMENSION)image->height_px;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, QUALITY, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < image->height_px; y++) {
		JSAMPROW row = image->pixels + (size_t)y * (size_t)image->width_px;
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
}

static void show_pixels(int out, struct scan_document *document, unsigned number)
{
	struct page_image *image = scan_document_decode(document, number, NULL);
	if (!image)
		return;
	unsigned char *made = NULL;
	unsigned long made_size = 0;
	compress(image, &made, &made_size);
	const struct head head = {image->width_px, image->height_px, 1, false, (uint32_t)made_size};
	if (pipe_write(out, &head, sizeof head))
		pipe_write(out, made, made_size);
}

static void show_jpeg(int out, const struct scan_jpeg *jpeg, const uint8_t *file)
{
	size_t size;
	const uint8_t *bytes = g_bytes_get_data(jpeg->bytes, &size);
	const struct head head = {
		jpeg->width_px, jpeg->height_px, jpeg->orientation, true, bytes == file ? 0 : (uint32_t)size};
	if (size <= MOST_BYTES && pipe_write(out, &head, sizeof head))
		pipe_write(out, bytes, head.size);
}

static void show(int out, const uint8_t *bytes, size_t size, unsigned number)
{
	struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	limits.enough_px = ENOUGH_PX;
	struct scan_document *document = scan_document_new(bytes, size, &limits, NULL);
	struct scan_jpeg jpeg;
	if (!document || number >= scan_document_pages(document))
		return;
	if (scan_document_jpeg(document, number, &jpeg))
		show_jpeg(out, &jpeg, bytes);
	else
		show_pixels(out, document, number);
}

static _Noreturn void look_in_child(int out, const uint8_t *bytes, size_t size, unsigned number)
{
	const struct rlimit seconds = {PIPE_PATIENCE_SECONDS, PIPE_PATIENCE_SECONDS};
	setrlimit(RLIMIT_CPU, &seconds);
	prctl(PR_SET_PDEATHSIG, SIGKILL); // caught in a loop, it would outlive a parent that is killed
	cage_keep_only(&out, 1);
	cage_enter(out);
	show(out, bytes, size, number);
	_exit(0);
}

// --- in the program

static bool receive(int in, struct page_jpeg *jpeg, GBytes *file)
{
	struct head head;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	const gint64 deadline_us = pipe_deadline_us();
	if (!pipe_read(in, &head, sizeof head, deadline_us) || head.width_px < 1 || head.height_px < 1 ||
		head.width_px > limits.max_side_px || head.height_px > limits.max_side_px || head.orientation < 1 ||
		head.orientation > 8 || head.size > MOST_BYTES)
		return false;
	g_autofree uint8_t *made = head.size ? g_try_malloc(head.size) : NULL;
	if (head.size && (!made || !pipe_read(in, made, head.size, deadline_us)))
		return false;
	*jpeg = (struct page_jpeg){head.size ? g_bytes_new(made, head.size) : g_bytes_ref(file), head.width_px,
		head.height_px, head.orientation, head.is_scan != 0};
	return true;
}

static bool look(struct page_jpeg *jpeg, GBytes *file, unsigned number)
{
	int ends[2];
	size_t size;
	const uint8_t *bytes = g_bytes_get_data(file, &size);
	scan_prepare(bytes, size); // what cannot be had in the cage
	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		look_in_child(ends[1], bytes, size, number);
	}
	close(ends[1]);
	bool got = child > 0 && receive(ends[0], jpeg, file);
	close(ends[0]);
	if (child > 0) {
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return got;
}

bool page_jpeg_fetch(struct page_jpeg *jpeg, const char *path, const char *content, unsigned number, GError **error)
{
	g_autoptr(GBytes) file = NULL;
	enum scan_file_found found = scan_file_again(path, content, &file);
	g_autofree char *shown = g_filename_display_name(path);
	if (found == SCAN_FILE_GONE)
		g_set_error(error, PAGE_JPEG_ERROR, 0, "%s: the scan is not there any more", shown);
	else if (found == SCAN_FILE_CHANGED)
		g_set_error(error, PAGE_JPEG_ERROR, 0,
			"%s: the file has changed since it was read; run sheaf grade again", shown);
	else if (!look(jpeg, file, number))
		g_set_error(error, PAGE_JPEG_ERROR, 0, "%s: no image can be made of page %u", shown, number + 1);
	else
		return true;
	return false;
}

void page_jpeg_clear(struct page_jpeg *jpeg)
{
	g_clear_pointer(&jpeg->bytes, g_bytes_unref);
}
