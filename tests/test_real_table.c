// SPDX-License-Identifier: GPL-3.0-or-later
// The index of real marks, sound and broken, and the table that says what the decisions are worth.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "tests/pictures.h"
#include "tests/real/table.h"

#define HEADER "file,repo,licence,bubble_r_px,kind,truth,dpi_est,tone\n"
#define ROW "a.png,someone/forms,\"MIT, or so\",10.5,full,filled,200,gray\n"

static char *folder;

static int set_up(void **state G_GNUC_UNUSED)
{
	static const uint8_t PIXELS[40 * 40] = {0};
	folder = g_dir_make_tmp("sheaf-real-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "a.png", NULL);
	GByteArray *png = pictures_grey_png(40, 40, PIXELS);
	bool saved = g_file_set_contents(path, (const char *)png->data, (gssize)png->len, NULL);
	g_byte_array_unref(png);
	return saved ? 0 : -1;
}

static int tear_down(void **state G_GNUC_UNUSED)
{
	static const char *const FILES[] = {"a.png", "index.csv"};
	for (unsigned i = 0; i < G_N_ELEMENTS(FILES); i++) {
		g_autofree char *path = g_build_filename(folder, FILES[i], NULL);
		g_remove(path);
	}
	g_rmdir(folder);
	g_free(folder);
	return 0;
}

static bool load(const char *index, struct crops *crops, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "index.csv", NULL);
	assert_true(g_file_set_contents(path, index, -1, NULL));
	return crops_load(folder, crops, error);
}

static void sound_index(void **state G_GNUC_UNUSED)
{
	struct crops crops;
	assert_true(load(HEADER ROW "a.png,else/where,MIT,7,dot,ambiguous,110,bitonal\n", &crops, NULL));
	assert_int_equal(crops.n, 2);
	assert_string_equal(crops.items[0].source, "someone/forms");
	assert_string_equal(crops.items[0].truth, "filled");
	assert_true(crops.items[0].radius_px > 10.4 && crops.items[0].radius_px < 10.6);
	assert_string_equal(crops.items[1].tone, "bitonal");
	assert_string_equal(crops.items[1].kind, "dot");
	assert_int_equal(crops.items[1].image->width_px, 40);
	crops_clear(&crops);
}

static void broken_index(void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *index, *complaint;
	} CASES[] = {
		{"", "lists no crops"},
		{HEADER, "lists no crops"},
		{"file,repo,kind,truth,tone\n", "no column bubble_r_px"},
		{HEADER "a.png,x,MIT,wide,full,filled,200,gray\n", "line 2: \"wide\" is no radius"},
		{HEADER ROW "a.png,x,MIT,-4,full,filled,200,gray\n", "line 3: \"-4\" is no radius"},
		{HEADER "a.png\n", "line 2: \"\" is no radius"},
		{HEADER "b.png,x,MIT,10,full,filled,200,gray\n", "b.png"},
		{HEADER "index.csv,x,MIT,10,full,filled,200,gray\n", "index.csv"},
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(CASES); i++) {
		struct crops crops;
		g_autoptr(GError) error = NULL;
		assert_false(load(CASES[i].index, &crops, &error));
		assert_non_null(error);
		if (!strstr(error->message, CASES[i].complaint))
			fail_msg("case %u: %s", i, error->message);
		crops_clear(&crops);
	}
}

// Prints the table of n crops of one kind, of which some are read in each way.
static bool table_of(const char *truth, unsigned filled, unsigned empty, unsigned flagged, char **text)
{
	unsigned n = filled + empty + flagged;
	g_autofree struct crop *items = g_new0(struct crop, n);
	g_autofree struct decision *decisions = g_new0(struct decision, n);
	for (unsigned i = 0; i < n; i++) {
		items[i] = (struct crop){.file = (char *)"mark.png",
			.source = (char *)"someone/forms",
			.tone = (char *)"gray",
			.kind = (char *)"full",
			.truth = (char *)truth};
		decisions[i].reading = i < filled           ? READING_FILLED
				       : i < filled + empty ? READING_EMPTY
							    : READING_FLAGGED;
		decisions[i].reason = (char *)"why";
	}
	size_t size;
	FILE *to = open_memstream(text, &size);
	bool good = table_print(to, &(struct crops){items, n}, decisions);
	fclose(to);
	return good;
}

static void what_the_table_demands(void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *truth;
		unsigned filled, empty, flagged;
		bool good;
		const char *shown;
	} CASES[] = {
		{"filled", 97, 0, 3, true, "3 flagged (3.0 %)"},
		{"filled", 96, 0, 4, false, "4 flagged (4.0 %)"},
		{"filled", 99, 1, 0, false, "SILENT: mark.png is filled, read empty"},
		{"empty", 0, 50, 0, true, "50 crops, 0 silent errors"},
		{"empty", 1, 49, 0, false, "SILENT: mark.png is empty, read filled"},
		{"ambiguous", 0, 0, 5, true, "5 crops, 0 silent errors"},
		{"ambiguous", 1, 0, 4, false, "SILENT: mark.png is ambiguous, read filled"},
		{"ambiguous", 0, 1, 4, false, "SILENT: mark.png is ambiguous, read empty"},
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(CASES); i++) {
		char *text = NULL;
		bool good = table_of(CASES[i].truth, CASES[i].filled, CASES[i].empty, CASES[i].flagged, &text);
		if (good != CASES[i].good || !strstr(text, CASES[i].shown))
			fail_msg("case %u: %d\n%s", i, good, text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_index),
		cmocka_unit_test(broken_index),
		cmocka_unit_test(what_the_table_demands),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
