// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/jpeg_header.h"

// jpeglib.h wants these two first.
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>

#include "scan/orientation.h"

struct reader {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
};

_Noreturn static void on_error(j_common_ptr jpeg)
{
	struct reader *reader = jpeg->client_data;
	longjmp(reader->failed, 1);
}

static void on_message(j_common_ptr jpeg, int level)
{
	(void)jpeg;
	(void)level;
}

static void take(const struct jpeg_decompress_struct *jpeg, struct jpeg_header *header)
{
	*header = (struct jpeg_header){.width_px = (int)jpeg->image_width,
		.height_px = (int)jpeg->image_height,
		.orientation = 1,
		.is_plain = jpeg->data_precision == 8 &&
			    (jpeg->jpeg_color_space == JCS_GRAYSCALE || jpeg->jpeg_color_space == JCS_YCbCr)};
	for (jpeg_saved_marker_ptr m = jpeg->marker_list; m && header->orientation == 1; m = m->next)
		if (m->marker == JPEG_APP0 + 1)
			header->orientation = orientation_from_exif(m->data, m->data_length);
}

bool jpeg_header_read(const uint8_t *bytes, size_t size, struct jpeg_header *header)
{
	struct reader *reader = g_new0(struct reader, 1);
	volatile bool read = false;
	reader->jpeg.err = jpeg_std_error(&reader->errors);
	reader->errors.error_exit = on_error;
	reader->errors.emit_message = on_message;
	reader->jpeg.client_data = reader;
	if (setjmp(reader->failed) == 0) {
		jpeg_create_decompress(&reader->jpeg);
		jpeg_mem_src(&reader->jpeg, bytes, (unsigned long)size);
		jpeg_save_markers(&reader->jpeg, JPEG_APP0 + 1, 0xffff);
		read = jpeg_read_header(&reader->jpeg, TRUE) == JPEG_HEADER_OK;
		if (read)
			take(&reader->jpeg, header);
	}
	jpeg_destroy_decompress(&reader->jpeg);
	g_free(reader);
	return read;
}
