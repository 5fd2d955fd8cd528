// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of every layout, checked on all exams in fixtures; then what single exams are known to be.
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "sheet/exam_file.h"
#include "sheet/layout.h"

// Office printers leave so much of every edge blank.
#define UNPRINTABLE_UM 6000
#define CLEAR_UM 4000
#define APART_UM 1500
// The student-ID grid is tighter: its digits stand in one column each, and take one mark each.
#define APART_IN_GRID_UM 1300
// Margins and gutters: what the columns of a page may be at most.
#define COLUMN_MOST_UM 190000

struct fixture {
	char *path;
	struct exam *exam;
	struct layout *layout;
};

static void load_folder(GArray *fixtures, const char *folder)
{
	GDir *files = g_dir_open(folder, 0, NULL);
	assert_non_null(files);
	for (const char *name = g_dir_read_name(files); name; name = g_dir_read_name(files)) {
		if (!g_str_has_suffix(name, ".yaml"))
			continue;
		struct fixture fixture = {.path = g_build_filename(folder, name, NULL)};
		fixture.exam = exam_load(fixture.path, NULL);
		assert_non_null(fixture.exam);
		fixture.layout = layout_new(fixture.exam, NULL);
		assert_non_null(fixture.layout);
		g_array_append_val(fixtures, fixture);
	}
	g_dir_close(files);
}

static int set_up(void **state)
{
	GArray *fixtures = g_array_new(TRUE, FALSE, sizeof(struct fixture));
	load_folder(fixtures, "fixtures");
	load_folder(fixtures, "fixtures/exams");
	assert_in_range(fixtures->len, 7, 1000);
	*state = fixtures;
	return 0;
}

static int tear_down(void **state)
{
	GArray *fixtures = *state;
	for (guint i = 0; i < fixtures->len; i++) {
		struct fixture *fixture = &g_array_index(fixtures, struct fixture, i);
		layout_free(fixture->layout);
		exam_free(fixture->exam);
		g_free(fixture->path);
	}
	g_array_unref(fixtures);
	return 0;
}

#define FOR_EACH_FIXTURE(fixture, state)                                                                               \
	for (const struct fixture *fixture = (const struct fixture *)(const void *)((GArray *)*(state))->data;         \
		fixture->path; fixture++)

struct edges {
	int32_t left, top, right, bottom;
};

static struct edges edges_of(const struct sheet_box *box)
{
	return (struct edges){box->x_um - box->w_um / 2, box->y_um - box->h_um / 2, box->x_um + box->w_um / 2,
		box->y_um + box->h_um / 2};
}

// From a round bubble's edge to the nearest point of a box; negative inside.
static double bubble_to_box(const struct sheet_box *bubble, const struct sheet_box *box)
{
	struct edges e = edges_of(box);
	double dx = MAX(MAX(e.left - bubble->x_um, bubble->x_um - e.right), 0);
	double dy = MAX(MAX(e.top - bubble->y_um, bubble->y_um - e.bottom), 0);
	return hypot(dx, dy) - bubble->w_um / 2.0;
}

static void assert_printable(const struct fixture *fixture, const struct sheet_box *box)
{
	struct edges e = edges_of(box);
	if (e.left < UNPRINTABLE_UM || e.top < UNPRINTABLE_UM || e.right > fixture->layout->width_um - UNPRINTABLE_UM ||
		e.bottom > fixture->layout->height_um - UNPRINTABLE_UM)
		fail_msg("%s: something at %d, %d is too near the edge", fixture->path, box->x_um, box->y_um);
}

static void test_clear_of_the_edges(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		for (unsigned i = 0; i < layout->n_anchors; i++)
			assert_printable(fixture, &layout->anchors[i]);
		for (unsigned i = 0; i < layout->n_bubbles; i++)
			assert_printable(fixture, &layout->bubbles[i].box);
		for (unsigned i = 0; i < LAYOUT_QR_COUNT; i++)
			assert_printable(fixture, &layout->qr[i]);
		for (unsigned i = 0; i < layout->n_texts; i++) {
			struct sheet_box box = layout->texts[i].box;
			box.x_um += box.w_um / 2; // its x is its left edge
			assert_printable(fixture, &box);
			assert_in_range(box.w_um, 1, COLUMN_MOST_UM);
		}
	}
}

static unsigned page_of(const struct layout *layout, unsigned bubble)
{
	return layout->items[layout->bubbles[bubble].item].page;
}

// The rings of one grid of digits, of the student ID or of a number, stand closer together than rows do.
static bool is_digit(const struct layout *layout, const struct layout_bubble *bubble)
{
	const struct exam_item *item = layout->items[bubble->item].exam_item;
	return !item || item->kind == EXAM_ITEM_DIGIT;
}

static void test_bubbles_apart(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		for (unsigned i = 0; i < layout->n_bubbles; i++)
			for (unsigned k = i + 1; k < layout->n_bubbles; k++) {
				const struct layout_bubble *a = &layout->bubbles[i], *b = &layout->bubbles[k];
				if (page_of(layout, i) != page_of(layout, k))
					continue;
				bool in_grid = is_digit(layout, a) && is_digit(layout, b);
				double apart = hypot(a->box.x_um - b->box.x_um, a->box.y_um - b->box.y_um) -
					       (a->box.w_um + b->box.w_um) / 2.0;
				if (apart < (in_grid ? APART_IN_GRID_UM : APART_UM))
					fail_msg("%s: %s and %s are %.0f um apart", fixture->path,
						layout->items[a->item].id, layout->items[b->item].id, apart);
			}
	}
}

static void test_clear_of_anchors_and_codes(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		for (unsigned i = 0; i < layout->n_bubbles; i++) {
			const struct sheet_box *bubble = &layout->bubbles[i].box;
			for (unsigned k = 0; k < layout->n_anchors + LAYOUT_QR_COUNT; k++) {
				const struct sheet_box *box = k < layout->n_anchors
								      ? &layout->anchors[k]
								      : &layout->qr[k - layout->n_anchors];
				if (bubble_to_box(bubble, box) < CLEAR_UM)
					fail_msg("%s: a bubble of %s is %.0f um from box %u", fixture->path,
						layout->items[layout->bubbles[i].item].id, bubble_to_box(bubble, box),
						k);
			}
		}
	}
}

static void test_codes_clear_of_anchors(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		// Four modules of the largest code that is printed, 21 modules a side.
		const int32_t quiet = 3000;
		for (unsigned i = 0; i < layout->n_anchors; i++)
			for (unsigned k = 0; k < LAYOUT_QR_COUNT; k++) {
				struct edges a = edges_of(&layout->anchors[i]), q = edges_of(&layout->qr[k]);
				assert_true(a.right + quiet <= q.left || q.right + quiet <= a.left ||
					    a.bottom + quiet <= q.top || q.bottom + quiet <= a.top);
			}
	}
}

static void test_every_item_once(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		const struct exam *exam = fixture->exam;
		assert_int_equal(layout->n_id_items, exam->id_digits);
		assert_int_equal(layout->n_items, layout->n_id_items + exam->n_items);
		unsigned next = 0;
		for (unsigned i = 0; i < layout->n_items; i++) {
			const struct layout_item *item = &layout->items[i];
			bool digits = i < layout->n_id_items;
			assert_ptr_equal(item->exam_item, digits ? NULL : &exam->items[i - layout->n_id_items]);
			assert_int_equal(item->n_bubbles, digits ? 10 : item->exam_item->n_choices);
			assert_int_equal(item->first_bubble, next);
			assert_in_range(item->page, 1, layout->n_pages);
			assert_int_equal(layout_find_item(layout, item->id), i);
			for (unsigned k = 0; k < item->n_bubbles; k++, next++) {
				assert_int_equal(layout->bubbles[next].item, i);
				assert_int_equal(layout->bubbles[next].choice, k);
			}
		}
		assert_int_equal(next, layout->n_bubbles);
		assert_int_equal(layout_find_item(layout, "no such item"), -1);
	}
}

// A question's rows share a page and a column: no bubble of another question stands left and right of parts of it.
static void test_questions_stay_together(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		const struct layout *layout = fixture->layout;
		for (unsigned q = 0; q < fixture->exam->n_questions; q++) {
			const struct exam_question *question = &fixture->exam->questions[q];
			const struct layout_item *first = &layout->items[layout->n_id_items + question->first_item];
			const struct layout_item *last = first + question->n_items - 1;
			int32_t left = INT32_MAX, right = 0, y = 0;
			for (unsigned b = first->first_bubble; b < last->first_bubble + last->n_bubbles; b++) {
				const struct sheet_box *box = &layout->bubbles[b].box;
				assert_int_equal(page_of(layout, b), first->page);
				// Downwards only: never into the next column. Columns of digits stand side by side.
				assert_true(is_digit(layout, &layout->bubbles[b]) || box->y_um >= y);
				y = box->y_um;
				left = MIN(left, box->x_um);
				right = MAX(right, box->x_um);
			}
			assert_in_range(right - left, 0, COLUMN_MOST_UM);
		}
	}
}

static const struct fixture *named(void **state, const char *path)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		if (strcmp(fixture->path, path) == 0)
			return fixture;
	}
	fail_msg("no fixture %s", path);
	return NULL;
}

static void test_pages(void **state)
{
	assert_int_equal(named(state, "fixtures/exams/hundred.yaml")->layout->n_pages, 2);
	assert_int_equal(named(state, "fixtures/cs182-midterm.yaml")->layout->n_pages, 2);
	assert_int_equal(named(state, "fixtures/exams/true-false.yaml")->layout->n_pages, 1);
	const struct layout *a4 = named(state, "fixtures/exams/letters-a4.yaml")->layout;
	assert_int_equal(a4->width_um, 210000);
	assert_int_equal(a4->height_um, 297000);
	const struct layout *letter = named(state, "fixtures/cs182-midterm.yaml")->layout;
	assert_int_equal(letter->width_um, 215900);
	assert_int_equal(letter->height_um, 279400);
}

// The share of anchors that meet another within 3 mm when the frame is turned by quarter turns.
static double self_match(const struct layout *layout, int quarters)
{
	const double within_um = 3000, w = layout->width_um / 2.0, h = layout->height_um / 2.0;
	unsigned met = 0;
	for (unsigned i = 0; i < layout->n_anchors; i++) {
		double x = layout->anchors[i].x_um - w, y = layout->anchors[i].y_um - h;
		for (int k = 0; k < quarters; k++) {
			double t = x;
			x = -y;
			y = t;
		}
		for (unsigned k = 0; k < layout->n_anchors; k++)
			if (hypot(layout->anchors[k].x_um - w - x, layout->anchors[k].y_um - h - y) <= within_um) {
				met++;
				break;
			}
	}
	return (double)met / layout->n_anchors;
}

// Nothing is asked of mirrored frames: no scanner mirrors, and detect/match.h takes no map that does.
static void test_frame_fits_in_one_way(void **state)
{
	FOR_EACH_FIXTURE(fixture, state)
	{
		assert_in_range(fixture->layout->n_anchors, 20, LAYOUT_MOST_ANCHORS);
		assert_true(self_match(fixture->layout, 0) == 1);
		for (int quarters = 1; quarters < 4; quarters++)
			if (self_match(fixture->layout, quarters) >= 0.25)
				fail_msg("%s: after %d quarter turns %.2f of the anchors match", fixture->path,
					quarters, self_match(fixture->layout, quarters));
	}
}

static struct layout *lay_out(const char *yaml, struct exam **exam, GError **error)
{
	g_autoptr(GError) unsound = NULL;
	*exam = exam_parse("exam.yaml", yaml, strlen(yaml), &unsound);
	if (!*exam)
		fail_msg("%s", unsound->message);
	return layout_new(*exam, error);
}

static void fingerprint(const char *yaml, char out[9])
{
	EXAM_AUTO exam = NULL;
	LAYOUT_AUTO layout = lay_out(yaml, &exam, NULL);
	assert_non_null(layout);
	assert_int_equal(strlen(layout->fingerprint), 8);
	assert_int_equal(strspn(layout->fingerprint, "0123456789abcdef"), 8);
	memcpy(out, layout->fingerprint, 9);
}

#define EXAM(more, question)                                                                                           \
	"exam: x\ntitle: T\n" more "sections:\n- title: S\n  questions:\n  - {choices: 4, key: A}\n  - {" question "}" \
	"\n"

static void test_fingerprint(void **state)
{
	(void)state;
	static const char *const same[] = {EXAM("", "choices: 4, key: B"), EXAM("", "choices: 4, key: C"),
		EXAM("", "choices: 4, key: B, right: 3, wrong: -1/3, minimum: 0"),
		EXAM("", "choices: [A, B, C, D], type: multiple, key: BC")};
	static const char *const others[] = {EXAM("", "choices: 5, key: B"), EXAM("", "choices: [A, B, C, X], key: B"),
		EXAM("", "choices: [B, A, C, D], key: B"), EXAM("paper: a4\n", "choices: 4, key: B"),
		EXAM("id_digits: 5\n", "choices: 4, key: B"), EXAM("", "type: true-false, key: TFTF"),
		EXAM("fields:\n- {name: f, choices: 2}\n", "choices: 4, key: B")};
	char first[9], other[9];
	fingerprint(same[0], first);
	for (size_t i = 1; i < G_N_ELEMENTS(same); i++) {
		fingerprint(same[i], other);
		assert_string_equal(first, other);
	}
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_add(seen, g_strdup(first));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		fingerprint(others[i], other);
		if (!g_hash_table_add(seen, g_strdup(other)))
			fail_msg("exam %zu has the fingerprint of another", i);
	}
}

static void test_csv(void **state)
{
	const struct layout *layout = named(state, "fixtures/cs182-midterm.yaml")->layout;
	g_autofree char *csv = layout_csv(layout);
	assert_true(g_str_has_prefix(csv, "page,item,choice,x,y,w,h\n"
					  "1,anchor.1,,10.000,10.000,4.500,4.500\n"));
	assert_non_null(strstr(csv, "\n1,qr.1,,189.400,26.500,22.000,22.000\n"
				    "1,qr.2,,26.500,252.900,22.000,22.000\n1,id.1,0,"));
	assert_non_null(strstr(csv, "\n1,course,CS 182,"));
	assert_non_null(strstr(csv, "\n2,anchor.1,,10.000,10.000,4.500,4.500\n"));
	g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
	unsigned n = g_strv_length(lines);
	assert_string_equal(lines[n - 1], "");
	assert_int_equal(n, 1 + layout->n_pages * (layout->n_anchors + LAYOUT_QR_COUNT) + layout->n_bubbles + 1);
	for (unsigned i = 1; i + 1 < n; i++)
		if (!g_regex_match_simple("^[12],[a-z0-9.A-Z]+,[^,]*(,[0-9]+\\.[0-9]{3}){2}(,(4|4\\.5|22)\\.?0*){2}$",
			    lines[i], 0, 0))
			fail_msg("%s", lines[i]);
	// The last statement of the exam is at the very end.
	assert_true(g_str_has_prefix(lines[n - 2], "2,32."));
}

static void test_csv_quotes(void **state)
{
	(void)state;
	EXAM_AUTO exam = NULL;
	LAYOUT_AUTO layout = lay_out(EXAM("", "choices: ['a, b', 'say \"x\"'], key: 'a, b'"), &exam, NULL);
	assert_non_null(layout);
	g_autofree char *csv = layout_csv(layout);
	assert_non_null(strstr(csv, "\n1,2,\"a, b\","));
	assert_non_null(strstr(csv, "\n1,2,\"say \"\"x\"\"\","));
}

static char *repeated(const char *text, unsigned n, const char *between)
{
	GString *out = g_string_new(text);
	for (unsigned i = 1; i < n; i++)
		g_string_append_printf(out, "%s%s", between, text);
	return g_string_free(out, FALSE);
}

static void test_too_large(void **state)
{
	(void)state;
	g_autofree char *parts = repeated("{key: TFTFTFTF}", 10, ", ");
	g_autofree char *yaml = g_strdup_printf(
		"exam: x\ntitle: T\nsections:\n- title: S\n  questions:\n  - {type: true-false, parts: [%s]}\n", parts);
	EXAM_AUTO exam = NULL;
	g_autoptr(GError) error = NULL;
	assert_null(lay_out(yaml, &exam, &error));
	assert_int_equal(error->domain, LAYOUT_ERROR);
	assert_non_null(strstr(error->message, "question 1: its rows do not fit into one column"));
}

// The largest things that an exam may have still stand on the paper, clear of each other.
static void test_as_large_as_allowed(void **state)
{
	(void)state;
	g_autofree char *letters = repeated("T", 26, "");
	g_autofree char *questions = repeated("  - {choices: 26, key: Z}\n", 30, "");
	g_autofree char *yaml = g_strdup_printf(
		"exam: x\ntitle: T\nid_digits: 12\nfields:\n- {name: f, choices: 26}\nsections:\n- title: S\n  "
		"questions:\n%s  - {type: true-false, key: %s}\n",
		questions, letters);
	struct fixture fixtures[2] = {{.path = "large"}, {.path = NULL}};
	fixtures[0].layout = lay_out(yaml, &fixtures[0].exam, NULL);
	assert_non_null(fixtures[0].layout);
	GArray array = {.data = (void *)fixtures, .len = 1};
	void *all = &array;
	test_clear_of_the_edges(&all);
	test_bubbles_apart(&all);
	test_clear_of_anchors_and_codes(&all);
	test_every_item_once(&all);
	test_questions_stay_together(&all);
	layout_free(fixtures[0].layout);
	exam_free(fixtures[0].exam);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear_of_the_edges),
		cmocka_unit_test(test_bubbles_apart),
		cmocka_unit_test(test_clear_of_anchors_and_codes),
		cmocka_unit_test(test_codes_clear_of_anchors),
		cmocka_unit_test(test_every_item_once),
		cmocka_unit_test(test_questions_stay_together),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_frame_fits_in_one_way),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_quotes),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_as_large_as_allowed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
