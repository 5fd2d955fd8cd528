// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the review that need no browser: who is let in, and pieces cut out of scans. What a proctor does is
// tested in tests/browser.
#include "tests/harness.h"

#include <png.h>
#include <string.h>

#include "review/gate.h"
#include "review/picture.h"
#include "sheet/exam_file.h"

static void an_invitation_lets_one_in_once(void **state)
{
	(void)state;
	struct gate *gate = gate_new(8080, NULL);
	g_autofree char *first = g_strdup(gate_invite(gate)), *second = g_strdup(gate_invite(gate));
	assert_true(strlen(first) >= 32);
	assert_string_not_equal(first, second);
	assert_null(gate_enter(gate, ""));
	assert_null(gate_enter(gate, "x"));
	g_autofree char *key = g_strdup(gate_enter(gate, first));
	assert_non_null(key);
	assert_string_not_equal(key, first);
	assert_null(gate_enter(gate, first));
	assert_string_equal(gate_enter(gate, second), key);
	assert_true(gate_opens(gate, key));
	assert_false(gate_opens(gate, first));
	assert_false(gate_opens(gate, ""));
	struct gate *other = gate_new(8080, NULL);
	assert_false(gate_opens(other, key));
	gate_free(other);
	unsigned open = 0;
	while (gate_invite(gate) && open < 1000)
		open++;
	assert_true(open < 1000);
	gate_free(gate);
}

static void only_our_own_address_and_page_are_answered(void **state)
{
	(void)state;
	struct gate *gate = gate_new(8080, NULL);
	assert_true(gate_host_is_ours(gate, "127.0.0.1:8080"));
	static const char *const hosts[] = {NULL, "", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:80801", "localhost:8080",
		"evil.example:8080", "127.0.0.1:8080.evil.example", "[::1]:8080", " 127.0.0.1:8080"};
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++)
		assert_false(gate_host_is_ours(gate, hosts[i]));
	for (int changes = 0; changes <= 1; changes++) {
		assert_true(gate_origin_is_ours(gate, "http://127.0.0.1:8080", changes));
		assert_false(gate_origin_is_ours(gate, "https://127.0.0.1:8080", changes));
		assert_false(gate_origin_is_ours(gate, "http://127.0.0.1:8080/", changes));
		assert_false(gate_origin_is_ours(gate, "null", changes));
		assert_int_equal(gate_origin_is_ours(gate, NULL, changes), !changes);
	}
	gate_free(gate);
}

// A scan of a sheet lying upside down, 4 pixels a millimetre: dark in the sheet's top left quarter only.
static struct picture *scan_upside_down(const struct layout *layout, struct placement **placement)
{
	unsigned width = (unsigned)(layout->width_um * 4 / 1000), height = (unsigned)(layout->height_um * 4 / 1000);
	struct picture *picture = g_new(struct picture, 1);
	*picture = (struct picture){width, height, g_malloc(width * height)};
	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++)
			picture->pixels[y * width + x] = x >= width / 2 && y >= height / 2 ? 10 : 250;
	*placement = placement_new(width, height);
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			struct sheet_point point = placement_node_point(layout, row, column);
			assert_true(placement_set_node(*placement, row, column,
				(struct image_point){width - 1 - point.x_um * 0.004, height - 1 - point.y_um * 0.004}));
		}
	return picture;
}

// The grey in the middle of a PNG, whose size must be as said.
static uint8_t middle_of(GBytes *png, unsigned width, unsigned height)
{
	assert_non_null(png);
	png_image image = {.version = PNG_IMAGE_VERSION};
	gsize size;
	const void *data = g_bytes_get_data(png, &size);
	assert_true(png_image_begin_read_from_memory(&image, data, size));
	image.format = PNG_FORMAT_GRAY;
	assert_int_equal(image.width, width);
	assert_int_equal(image.height, height);
	g_autofree uint8_t *pixels = g_malloc(PNG_IMAGE_SIZE(image));
	assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
	g_bytes_unref(png);
	return pixels[height / 2 * width + width / 2];
}

static void pieces_are_upright_and_bounded(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	struct placement *placement;
	struct picture *picture = scan_upside_down(layout, &placement);
	struct picture_piece piece = {10000, 10000, 50000, 20000, 5, {0}};
	assert_int_equal(middle_of(picture_cut(picture, placement, layout, &piece), 250, 100), 10);
	piece.left_um = layout->width_um - 60000;
	assert_int_equal(middle_of(picture_cut(picture, placement, layout, &piece), 250, 100), 250);
	// The row was found 140 mm further left: its piece goes with it.
	piece.shift.dx_um = -140000;
	assert_int_equal(middle_of(picture_cut(picture, placement, layout, &piece), 250, 100), 10);
	// Off the scan there is nothing, and no harm.
	piece = (struct picture_piece){-500000, -500000, 50000, 20000, 5, {0}};
	assert_int_equal(middle_of(picture_cut(picture, placement, layout, &piece), 250, 100), 200);
	// The same page decoded at half the size.
	struct placement *large = placement_copy(placement);
	placement_resize(large, 2 * picture->width_px, 2 * picture->height_px);
	piece = (struct picture_piece){10000, 10000, 50000, 20000, 5, {0}};
	assert_int_equal(middle_of(picture_cut(picture, large, layout, &piece), 250, 100), 10);
	static const struct picture_piece refused[] = {{0, 0, 0, 20000, 5, {0}}, {0, 0, -5, 20000, 5, {0}},
		{0, 0, 20000, 20000, 0, {0}}, {0, 0, G_MAXINT32, G_MAXINT32, 20, {0}}};
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
		assert_null(picture_cut(picture, placement, layout, &refused[i]));
	// Where light and dark meet, their mean.
	assert_int_equal(middle_of(picture_whole(picture, 600), picture->width_px / 2, picture->height_px / 2), 130);
	placement_free(large);
	placement_free(placement);
	picture_free(picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_invitation_lets_one_in_once),
		cmocka_unit_test(only_our_own_address_and_page_are_answered),
		cmocka_unit_test(pieces_are_upright_and_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
