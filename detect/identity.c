// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/identity.h"

#include <math.h>
#include <zbar.h>

#define MM_UM 1000.0
// Around the printed code: its quiet zone, and what the registration may be off by.
#define MARGIN_UM 3500
// A code read farther from its place than this is not where it was printed: registration promises a fraction of it.
#define PLACE_MM 2.5

struct identity_reader {
	zbar_image_scanner_t *scanner;
};

struct identity_reader *identity_reader_new(void)
{
	struct identity_reader *reader = g_new0(struct identity_reader, 1);
	reader->scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(reader->scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(reader->scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	return reader;
}

void identity_reader_free(struct identity_reader *reader)
{
	if (!reader)
		return;
	zbar_image_scanner_destroy(reader->scanner);
	g_free(reader);
}

static struct page_point symbol_centre(const zbar_symbol_t *symbol)
{
	struct page_point centre = {0, 0};
	unsigned n = zbar_symbol_get_loc_size(symbol);
	for (unsigned i = 0; i < n; i++) {
		centre.x_px += (double)zbar_symbol_get_loc_x(symbol, i) / n;
		centre.y_px += (double)zbar_symbol_get_loc_y(symbol, i) / n;
	}
	return centre;
}

// The first code of ours in an image, and where its centre is.
static bool scan(
	struct identity_reader *reader, const struct grey_image *image, struct code *code, struct page_point *centre)
{
	zbar_image_t *input = zbar_image_create();
	zbar_image_set_format(input, zbar_fourcc('Y', '8', '0', '0'));
	// ZBar knows no stride: the spare column of a grey_image counts as a pixel.
	unsigned width = (unsigned)image->view.stride_px, height = (unsigned)image->view.height_px;
	zbar_image_set_size(input, width, height);
	zbar_image_set_data(input, image->pixels, (unsigned long)width * height, NULL);
	bool found = false;
	if (zbar_scan_image(reader->scanner, input) > 0)
		for (const zbar_symbol_t *symbol = zbar_image_first_symbol(input); symbol && !found;
			symbol = zbar_symbol_next(symbol)) {
			found = code_parse(zbar_symbol_get_data(symbol), code);
			*centre = symbol_centre(symbol);
		}
	zbar_image_destroy(input);
	return found;
}

static void set_step(struct identity_reader *reader, int step)
{
	zbar_image_scanner_set_config(reader->scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, step);
	zbar_image_scanner_set_config(reader->scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, step);
}

// One way to look at a code.
struct attempt {
	const struct grey_view *view;
	int factor;  // how many of its pixels make one of the registered image
	int magnify; // helps where a module is hardly three pixels wide
	int smooth;  // helps against noise, which ZBar takes for edges
	int step;    // ZBar looks along every so many rows and columns; a finder's middle is some nine pixels wide
};

// Reads one copy from a crop.
static enum identity_result read_copy(struct identity_reader *reader, const struct layout *layout,
	const struct registration *registration, const struct attempt *attempt, unsigned copy, struct code *code)
{
	const struct sheet_box *box = &layout->qr[copy];
	struct sheet_point centre = {box->x_um, box->y_um};
	struct page_point middle = grey_enlarge_point(registration_map(registration, centre), attempt->factor);
	// The half diagonal of the turned square reaches farthest at 45 degrees; scans are turned by few.
	double scale = registration->px_per_mm * attempt->factor;
	double reach = (box->w_um / 2.0 + MARGIN_UM) / MM_UM * scale * 1.05;
	int left = (int)floor(middle.x_px - reach), top = (int)floor(middle.y_px - reach), side = (int)ceil(2 * reach);
	struct grey_image crop;
	struct page_point seen;
	if (!grey_crop(attempt->view, left, top, side, side, attempt->magnify, &crop))
		return IDENTITY_NONE;
	grey_smooth(&crop, attempt->smooth);
	set_step(reader, attempt->step);
	bool found = scan(reader, &crop, code, &seen);
	grey_image_clear(&crop);
	if (!found)
		return IDENTITY_NONE;
	double off = hypot(MAX(left, 0) + seen.x_px / attempt->magnify - middle.x_px,
		MAX(top, 0) + seen.y_px / attempt->magnify - middle.y_px);
	if (code->copy == copy && off <= PLACE_MM * scale)
		return IDENTITY_READ;
	code_clear(code);
	return IDENTITY_MISPLACED;
}

enum identity_result identity_read(struct identity_reader *reader, const struct layout *layout,
	const struct registration *registration, const struct grey_view *work, struct page_source *source, int factor,
	struct code *code)
{
	// From cheap to dear. Without a view: all pixels of the page.
	const struct attempt attempts[] = {
		{work, 1, 1, 0, 2},
		{work, 1, 1, 0, 1},
		{work, 1, 1, 2, 1},
		{NULL, factor, 1, 0, 1},
		{NULL, factor, 1, 4, 1},
		{work, 1, 2, 4, 1},
	};
	enum identity_result result = IDENTITY_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
		struct attempt attempt = attempts[i];
		if (!attempt.view && factor > 1) // otherwise the working image has them all
			attempt.view = page_source_full(source);
		for (unsigned copy = 0; copy < LAYOUT_QR_COUNT && attempt.view; copy++) {
			enum identity_result one = read_copy(reader, layout, registration, &attempt, copy, code);
			if (one == IDENTITY_READ)
				return one;
			if (one == IDENTITY_MISPLACED)
				result = one;
		}
	}
	return result;
}

bool identity_search(struct identity_reader *reader, const struct grey_view *image, struct code *code)
{
	// Some 200 dpi do for a module of half a millimetre, and keep the cost of a whole page down.
	int factor = MAX(MAX(image->width_px, image->height_px) / 2200, 1);
	struct grey_image reduced;
	struct page_point centre;
	if (!grey_reduce(image, factor, &reduced))
		return false;
	set_step(reader, 1);
	bool found = scan(reader, &reduced, code, &centre);
	grey_image_clear(&reduced);
	return found;
}
