// SPDX-License-Identifier: GPL-3.0-or-later
// Marked papers: what is called right, wrong and missed; that signs lie where they belong however the scan lay on the
// glass and however its file is turned; that scans go in as they are; and that a scan that is gone costs its page only.
#include "tests/harness.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/marked_page.h"
#include "grade/feedback.h"
#include "scan/decode.h"
#include "scan/jpeg_header.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"

// --- what is right

#define HEAD "exam: e\ntitle: T\npaper: a4\nsections:\n  - title: S\n    questions:\n"

static const struct {
	const char *question, *marked, *signs, *points;
} JUDGED[] = {
	{"{choices: 3, key: B}", "1=B", "+B", "1/1"},
	{"{choices: 3, key: B}", "1=A", "-A oB", "0/1"},
	{"{choices: 3, key: B}", "", "oB", "0/1"},
	{"{choices: 3, key: B}", "1=A|B", "-A +B", "0/1"},
	{"{choices: 3, key: B}", "1?=B", "+B ?", "1/1"},
	{"{choices: 3, key: B, accept: [C]}", "1=C", "+C", "1/1"},
	{"{choices: 3, key: B, accept: [C]}", "1=A", "-A oB oC", "0/1"},
	{"{choices: 3, key: B, event: drop}", "1=A", "", "0/0"},
	{"{choices: 3, key: B, event: credit-all}", "1=A", "", "1/1"},
	{"{type: multiple, choices: 4, key: AC}", "1=A|C", "+A +C", "1/1"},
	{"{type: multiple, choices: 4, key: AC}", "1=A|D", "+A oC -D", "0/1"},
	{"{type: true-false, key: TF, right: 0.5, wrong: -0.5}", "1.A=T; 1.B=T", "+T -T oF", "0/1"},
	{"{type: true-false, key: TF, right: 0.5}", "1.A=T", "+T oF", "0.5/1"},
	{"{type: parts, choices: 2, right: 1, key: [A, B]}", "1.a=A; 1.b=A", "+A -A oB", "1/2"},
};

static char *signs_text(const struct feedback *feedback, const struct layout *layout)
{
	static const char SIGNS[] = {'+', '-', 'o', '?'};
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < feedback->marks->len; i++) {
		const struct feedback_mark *mark = &g_array_index(feedback->marks, struct feedback_mark, i);
		const char *choice = layout->items[mark->item].exam_item->choices[mark->choice];
		g_string_append_printf(
			text, "%s%c%s", i ? " " : "", SIGNS[mark->sign], mark->sign == FEEDBACK_DOUBT ? "" : choice);
	}
	return g_string_free(text, FALSE);
}

static void signs_and_points_of(size_t row, bool show_key, char **signs, char **points)
{
	g_autofree char *text = g_strconcat(HEAD "      - ", JUDGED[row].question, "\n", NULL);
	EXAM_AUTO exam = exam_parse("e", text, strlen(text), NULL);
	if (!exam)
		fail_msg("%s", text);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	struct batch *batch = batch_new(exam, layout, NULL);
	batch_add(batch, "1", 1, papers_page(layout, "1", NULL, 1, JUDGED[row].marked));
	RESULTS_AUTO results = batch_finish(batch);
	FEEDBACK_AUTO feedback = {0};
	feedback_init(&feedback, results, &results->students[0], results->students[0].pages[0], show_key);
	*signs = signs_text(&feedback, layout);
	assert_int_equal(feedback.points->len, 1);
	*points = g_strdup(g_array_index(feedback.points, struct feedback_points, 0).text);
}

static void signs_and_points_by_question(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(JUDGED); i++) {
		g_autofree char *signs = NULL, *points = NULL, *hidden = NULL, *same = NULL;
		signs_and_points_of(i, true, &signs, &points);
		assert_string_equal(signs, JUDGED[i].signs);
		assert_string_equal(points, JUDGED[i].points);
		signs_and_points_of(i, false, &hidden, &same);
		assert_null(strchr(hidden, 'o'));
		assert_string_equal(same, points);
	}
}

// On form B's sheet the exam's question 3 stands first, and its question 1 second, with its choices backwards: its key
// A is the sheet's D.
static void forms_are_marked_as_they_were_printed(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_load("fixtures/exams/forms.yaml", NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	struct batch *batch = batch_new(exam, layout, NULL);
	struct answers *answers = papers_page(layout, "1", NULL, 1, "1=B; 2=A; 3=D");
	answers->form = 'B';
	batch_add(batch, "1", 1, answers);
	RESULTS_AUTO results = batch_finish(batch);
	FEEDBACK_AUTO feedback = {0};
	feedback_init(&feedback, results, &results->students[0], results->students[0].pages[0], true);
	g_autofree char *signs = signs_text(&feedback, layout);
	assert_true(g_str_has_prefix(signs, "+B -A oD +D "));
	assert_int_equal(feedback.points->len, exam->n_questions);
	static const char *const POINTS[] = {"1/1", "0/1", "1/1", "0/1"};
	for (unsigned i = 0; i < G_N_ELEMENTS(POINTS); i++)
		assert_string_equal(g_array_index(feedback.points, struct feedback_points, i).text, POINTS[i]);
}

// --- where signs lie

enum { SCAN_WIDTH = 300, SCAN_HEIGHT = 420, DOT_X = 90, DOT_Y = 130, DOT_RADIUS = 7 };

// A white scan with a black dot, as a JPEG that says in its EXIF block how it is to be turned.
static GByteArray *dotted_jpeg(unsigned orientation)
{
	g_autofree uint8_t *pixels = g_malloc(SCAN_WIDTH * SCAN_HEIGHT);
	for (int y = 0; y < SCAN_HEIGHT; y++)
		for (int x = 0; x < SCAN_WIDTH; x++)
			pixels[y * SCAN_WIDTH + x] = hypot(x - DOT_X, y - DOT_Y) <= DOT_RADIUS ? 0 : 255;
	g_autoptr(GByteArray) plain = pictures_grey_jpeg(SCAN_WIDTH, SCAN_HEIGHT, pixels, 95);
	const uint8_t exif[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01,
		0x12, 0, 3, 0, 0, 0, 1, 0, (uint8_t)orientation, 0, 0, 0, 0, 0, 0};
	GByteArray *jpeg = g_byte_array_new();
	g_byte_array_append(jpeg, plain->data, 2);
	g_byte_array_append(jpeg, exif, sizeof exif);
	g_byte_array_append(jpeg, plain->data + 2, plain->len - 2);
	return jpeg;
}

static unsigned orientation_of(const GByteArray *file)
{
	struct jpeg_header header;
	assert_true(jpeg_header_read(file->data, file->len, &header));
	return (unsigned)header.orientation;
}

// The same as the page of a PDF that is shown turned; the tag in the JPEG says nothing there.
static GByteArray *dotted_pdf(unsigned turn)
{
	g_autoptr(GByteArray) jpeg = dotted_jpeg(6);
	struct pdf_file *file = pdf_file_new();
	g_autofree char *entries = g_strdup_printf(
		"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray "
		"/Filter /DCTDecode",
		SCAN_WIDTH, SCAN_HEIGHT);
	unsigned image = pdf_file_stream(file, entries, jpeg->data, jpeg->len);
	g_autofree char *content = g_strdup_printf("q %d 0 0 %d 0 0 cm /Im0 Do Q", SCAN_WIDTH, SCAN_HEIGHT);
	unsigned drawing = pdf_file_stream(file, "", content, strlen(content));
	g_autofree char *page = g_strdup_printf(
		"/Resources << /XObject << /Im0 %u 0 R >> >> /Contents %u 0 R /Rotate %u", image, drawing, turn);
	pdf_file_page(file, SCAN_WIDTH, SCAN_HEIGHT, page);
	return pdf_file_finish(file);
}

struct spot {
	double x, y;
	unsigned n;
};

// Where the dot is on the scan as reading decodes it.
static struct spot find_dot(const GByteArray *jpeg, unsigned *width, unsigned *height)
{
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new(jpeg->data, jpeg->len, &limits, NULL);
	struct page_image *image = scan_document_decode(document, 0, NULL);
	struct spot spot = {0};
	assert_non_null(image);
	*width = (unsigned)image->width_px;
	*height = (unsigned)image->height_px;
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++)
			if (image->pixels[y * image->width_px + x] < 100)
				spot = (struct spot){spot.x + x, spot.y + y, spot.n + 1};
	page_image_free(image);
	scan_document_free(document);
	return (struct spot){spot.x / spot.n, spot.y / spot.n, spot.n};
}

// A sheet that lies turned by so many degrees, with one of its points on the dot.
static struct placement *placement_of_dot(const struct layout *layout, struct sheet_point point, struct spot dot,
	double degrees, unsigned width, unsigned height)
{
	const double px_a_um = 1.4 / 1000;
	double c = cos(degrees * G_PI / 180), s = sin(degrees * G_PI / 180);
	struct placement *placement = placement_new(width, height);
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++) {
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			struct sheet_point node = placement_node_point(layout, row, column);
			double x = (node.x_um - point.x_um) * px_a_um, y = (node.y_um - point.y_um) * px_a_um;
			assert_true(placement_set_node(placement, row, column,
				(struct image_point){dot.x + c * x - s * y, dot.y + s * x + c * y}));
		}
	}
	return placement;
}

static cairo_status_t append_bytes(void *array, const unsigned char *bytes, unsigned size)
{
	g_byte_array_append(array, bytes, size);
	return CAIRO_STATUS_SUCCESS;
}

// The page as poppler shows it, 2 pixels a point. Owned by the caller.
static cairo_surface_t *render(const struct marked_page *page)
{
	double width, height;
	marked_page_size(page, &width, &height);
	g_autoptr(GByteArray) pdf = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append_bytes, pdf, width, height);
	cairo_t *cr = cairo_create(surface);
	marked_page_draw(page, cr);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	g_autoptr(GBytes) bytes = g_bytes_new(pdf->data, pdf->len);
	PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
	PopplerPage *first = poppler_document_get_page(document, 0);
	cairo_surface_t *image =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(2 * width), (int)ceil(2 * height));
	cr = cairo_create(image);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, 2, 2);
	poppler_page_render(first, cr);
	cairo_destroy(cr);
	g_object_unref(first);
	g_object_unref(document);
	cairo_surface_flush(image);
	return image;
}

// The middle of all pixels below the line above that are black, or red.
static struct spot find_pixels(cairo_surface_t *image, bool red)
{
	struct spot spot = {0};
	const unsigned char *data = cairo_image_surface_get_data(image);
	int stride = cairo_image_surface_get_stride(image);
	for (int y = 110; y < cairo_image_surface_get_height(image); y++) {
		for (int x = 0; x < cairo_image_surface_get_width(image); x++) {
			uint32_t pixel = *(const uint32_t *)(const void *)(data + y * stride + 4 * x);
			unsigned r = pixel >> 16 & 255, g = pixel >> 8 & 255, b = pixel & 255;
			if (red ? r > 150 && g < 90 && b < 90 : r < 90 && g < 90 && b < 90)
				spot = (struct spot){spot.x + x, spot.y + y, spot.n + 1};
		}
	}
	if (spot.n)
		spot = (struct spot){spot.x / spot.n, spot.y / spot.n, spot.n};
	return spot;
}

// The page as feedback puts it into its PDF: as it is stored. Owned by the caller.
static struct page_jpeg as_stored(const GByteArray *file)
{
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new(file->data, file->len, &limits, NULL);
	struct scan_jpeg jpeg;
	assert_true(scan_document_jpeg(document, 0, &jpeg));
	scan_document_free(document);
	return (struct page_jpeg){jpeg.bytes, jpeg.width_px, jpeg.height_px, jpeg.orientation, true};
}

static void sign_lies_on_dot(const struct layout *layout, const GByteArray *file, double degrees)
{
	unsigned width, height;
	struct spot dot = find_dot(file, &width, &height);
	const struct sheet_box *box = &layout->bubbles[layout->items[layout_find_item(layout, "1")].first_bubble].box;
	struct page_jpeg jpeg = as_stored(file);
	struct feedback feedback = {g_array_new(FALSE, FALSE, sizeof(struct feedback_mark)),
		g_array_new(FALSE, FALSE, sizeof(struct feedback_points))};
	struct marked_page page = {.layout = layout,
		.jpeg = &jpeg,
		.placement = placement_of_dot(
			layout, (struct sheet_point){box->x_um, box->y_um}, dot, degrees, width, height),
		.feedback = &feedback,
		.name = "",
		.id = "1",
		.total = "",
		.note = "",
		.page = 1,
		.n_pages = 1};
	cairo_surface_t *without = render(&page);
	const struct feedback_mark mark = {FEEDBACK_WRONG, (unsigned)layout_find_item(layout, "1"), 0};
	g_array_append_val(feedback.marks, mark);
	cairo_surface_t *with = render(&page);
	struct spot black = find_pixels(without, false), red = find_pixels(with, true);
	if (black.n < 50 || red.n < 50 || hypot(black.x - red.x, black.y - red.y) > 2)
		fail_msg("orientation %d, %g degrees: the dot is at %.1f,%.1f (%u), the cross at %.1f,%.1f (%u)",
			jpeg.orientation, degrees, black.x, black.y, black.n, red.x, red.y, red.n);
	cairo_surface_destroy(with);
	cairo_surface_destroy(without);
	placement_free(page.placement);
	page_jpeg_clear(&jpeg);
	feedback_clear(&feedback);
}

static void signs_lie_on_their_bubbles_however_the_scan_is_turned(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const double DEGREES[] = {2, 90, 180, 271};
	for (size_t i = 0; i < G_N_ELEMENTS(DEGREES); i++) {
		for (unsigned orientation = 1; orientation <= 8; orientation++) {
			g_autoptr(GByteArray) file = dotted_jpeg(orientation);
			assert_int_equal(orientation_of(file), orientation);
			sign_lies_on_dot(layout, file, DEGREES[i]);
		}
		for (unsigned turn = 0; turn < 360; turn += 90) {
			g_autoptr(GByteArray) file = dotted_pdf(turn);
			sign_lies_on_dot(layout, file, DEGREES[i]);
		}
	}
}

static void headers_that_are_none_are_refused(void **state)
{
	(void)state;
	struct jpeg_header header;
	g_autoptr(GByteArray) file = dotted_jpeg(1);
	assert_false(jpeg_header_read((const uint8_t *)"", 0, &header));
	assert_false(jpeg_header_read((const uint8_t *)"\xff\xd8\xff", 3, &header));
	assert_false(jpeg_header_read(file->data, 60, &header));
	assert_true(jpeg_header_read(file->data, file->len, &header));
	assert_true(header.is_plain);
}

// --- the command

static int run(char **out, char **err, const char *const *words)
{
	int status = -1;
	GSpawnFlags flags = out ? G_SPAWN_DEFAULT : G_SPAWN_STDOUT_TO_DEV_NULL;
	assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL, flags, NULL, NULL, out, err, &status, NULL));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

struct graded {
	char *folder, *scans, *results, *output;
};

static struct graded grade_copies(void)
{
	struct graded graded = {.folder = g_dir_make_tmp("sheaf-feedback-XXXXXX", NULL)};
	graded.scans = g_build_filename(graded.folder, "scans", NULL);
	graded.results = g_build_filename(graded.folder, "results", NULL);
	graded.output = g_build_filename(graded.folder, "marked", NULL);
	const char *const copy[] = {"/bin/cp", "-r", "fixtures/scans", graded.scans, NULL};
	const char *const grade[] = {SHEAF_PROGRAM, "grade", "fixtures/cs182-midterm.yaml", graded.scans, "--roster",
		"fixtures/roster.csv", "-o", graded.results, NULL};
	assert_int_equal(run(NULL, NULL, copy), 0);
	assert_int_equal(run(NULL, NULL, grade), 0);
	return graded;
}

static void graded_clear(struct graded *graded)
{
	const char *const clean[] = {"/bin/rm", "-rf", graded->folder, NULL};
	assert_int_equal(run(NULL, NULL, clean), 0);
	g_free(graded->folder);
	g_free(graded->scans);
	g_free(graded->results);
	g_free(graded->output);
}

static GBytes *file_bytes(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *bytes = NULL;
	gsize size = 0;
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		fail_msg("%s is not there", path);
	return g_bytes_new_take(bytes, size);
}

static bool contains(GBytes *haystack, GBytes *needle)
{
	size_t in, size;
	const void *all = g_bytes_get_data(haystack, &in), *part = g_bytes_get_data(needle, &size);
	return memmem(all, in, part, size) != NULL;
}

static unsigned pages_of(GBytes *pdf)
{
	PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, NULL);
	assert_non_null(document);
	unsigned n = (unsigned)poppler_document_get_n_pages(document);
	g_object_unref(document);
	return n;
}

static char *text_of(GBytes *pdf, unsigned page)
{
	PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, NULL);
	PopplerPage *one = poppler_document_get_page(document, (int)page);
	char *text = poppler_page_get_text(one);
	g_object_unref(one);
	g_object_unref(document);
	return text;
}

static void every_student_gets_their_own_scans_as_they_are(void **state)
{
	(void)state;
	struct graded graded = grade_copies();
	g_autofree char *out = NULL, *err = NULL;
	const char *const feedback[] = {SHEAF_PROGRAM, "feedback", graded.results, "-o", graded.output, NULL};
	assert_int_equal(run(&out, &err, feedback), 0);
	assert_string_equal(err, "");
	assert_non_null(strstr(out, "11 marked papers"));
	g_autoptr(GBytes) all = file_bytes(graded.output, "all.pdf"), own = file_bytes(graded.output, "00310009.pdf");
	assert_int_equal(pages_of(all), 19);
	assert_int_equal(pages_of(own), 2);
	// Its page is scan0008.jpg, byte for byte; nobody else's is in it.
	g_autoptr(GBytes) scan = file_bytes("fixtures/scans", "scan0008.jpg");
	g_autoptr(GBytes) other = file_bytes("fixtures/scans", "scan0012.jpg");
	assert_true(contains(own, scan));
	assert_false(contains(own, other));
	assert_true(contains(all, scan) && contains(all, other));
	g_autofree char *text = text_of(own, 0);
	assert_non_null(strstr(text, "00310009"));
	assert_non_null(strstr(text, "48.5 of 50"));
	assert_non_null(strstr(text, "not final: a mark is in doubt"));
	assert_non_null(strstr(text, "1.5/2"));
	assert_non_null(strstr(text, "missed"));
	g_autofree char *absent = g_build_filename(graded.output, "00310012.pdf", NULL);
	assert_false(g_file_test(absent, G_FILE_TEST_EXISTS));
	GStatBuf status;
	g_autofree char *path = g_build_filename(graded.output, "all.pdf", NULL);
	assert_int_equal(g_stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	// Again, in the folder that is meant without -o, without the key: the same but for that.
	const char *const hidden[] = {SHEAF_PROGRAM, "feedback", graded.results, "--hide-key", NULL};
	assert_int_equal(run(NULL, NULL, hidden), 0);
	assert_int_equal(run(NULL, NULL, feedback), 0);
	g_autoptr(GBytes) again = file_bytes(graded.output, "all.pdf");
	assert_true(g_bytes_equal(all, again));
	g_autofree char *usual = g_build_filename(graded.results, "feedback", NULL);
	g_autoptr(GBytes) without = file_bytes(usual, "00310009.pdf");
	g_autofree char *less = text_of(without, 0);
	assert_null(strstr(less, "missed"));
	graded_clear(&graded);
}

static void a_scan_that_is_gone_or_changed_costs_its_page_only(void **state)
{
	(void)state;
	struct graded graded = grade_copies();
	g_autofree char *gone = g_build_filename(graded.scans, "scan0008.jpg", NULL);
	g_autofree char *changed = g_build_filename(graded.scans, "scan0012.jpg", NULL), *err = NULL, *text = NULL;
	g_unlink(gone);
	assert_true(g_file_set_contents(changed, "\xff\xd8\xff", 3, NULL));
	const char *const feedback[] = {SHEAF_PROGRAM, "feedback", graded.results, "-o", graded.output, NULL};
	assert_int_equal(run(NULL, &err, feedback), 1);
	assert_non_null(strstr(err, "scan0008.jpg: the scan is not there any more\n"));
	assert_non_null(strstr(err, "scan0012.jpg: the file has changed since it was read"));
	assert_non_null(strstr(err, "2 pages are without the scan"));
	g_autoptr(GBytes) all = file_bytes(graded.output, "all.pdf"), own = file_bytes(graded.output, "00310009.pdf");
	assert_int_equal(pages_of(all), 19);
	text = text_of(own, 0);
	assert_non_null(strstr(text, "The scan of this page is not available."));
	assert_non_null(strstr(text, "48.5 of 50"));
	graded_clear(&graded);
}

// A scan may be named like a student, and the marked pages be wanted among the scans.
static void nothing_is_written_over_a_scan_or_the_session(void **state)
{
	(void)state;
	struct graded graded = {.folder = g_dir_make_tmp("sheaf-feedback-XXXXXX", NULL)};
	graded.scans = g_build_filename(graded.folder, "scans", NULL);
	graded.results = g_build_filename(graded.folder, "results", NULL);
	graded.output = g_build_filename(graded.results, "session.sqlite", NULL);
	g_autofree char *scan = g_build_filename(graded.scans, "00310009.pdf", NULL), *err = NULL, *other = NULL;
	const char *const grade[] = {SHEAF_PROGRAM, "grade", "fixtures/cs182-midterm.yaml", graded.scans, "--roster",
		"fixtures/roster.csv", "-o", graded.results, NULL};
	assert_int_equal(g_mkdir(graded.scans, 0700), 0);
	g_autoptr(GBytes) before = file_bytes("fixtures/scans", "scan0008.jpg");
	gsize size;
	const void *bytes = g_bytes_get_data(before, &size);
	assert_true(g_file_set_contents(scan, bytes, (gssize)size, NULL));
	assert_int_equal(run(NULL, NULL, grade), 0);
	g_autoptr(GBytes) session = file_bytes(graded.results, "session.sqlite");
	const char *const feedback[] = {SHEAF_PROGRAM, "feedback", graded.results, "-o", graded.scans, NULL};
	assert_int_equal(run(NULL, &err, feedback), 2);
	assert_non_null(strstr(err, "00310009.pdf would be overwritten"));
	const char *const onto_scan[] = {SHEAF_PROGRAM, "export", graded.results, "canvas", "-o", scan, NULL};
	assert_int_equal(run(NULL, NULL, onto_scan), 2);
	const char *const onto_session[] = {
		SHEAF_PROGRAM, "export", graded.results, "canvas", "-o", graded.output, NULL};
	assert_int_equal(run(NULL, &other, onto_session), 2);
	assert_non_null(strstr(other, "session.sqlite would be overwritten"));
	g_autoptr(GBytes) after = file_bytes(graded.scans, "00310009.pdf");
	g_autoptr(GBytes) session_after = file_bytes(graded.results, "session.sqlite");
	assert_true(g_bytes_equal(before, after) && g_bytes_equal(session, session_after));
	graded_clear(&graded);
}

static void wrong_usage(void **state)
{
	(void)state;
	g_autofree char *err = NULL, *other = NULL;
	const char *const none[] = {SHEAF_PROGRAM, "feedback", NULL};
	const char *const nowhere[] = {SHEAF_PROGRAM, "feedback", "/nowhere", NULL};
	assert_int_equal(run(NULL, &err, none), 2);
	assert_string_equal(err, "sheaf feedback: give the folder of results\n");
	assert_int_equal(run(NULL, &other, nowhere), 1);
	assert_non_null(strstr(other, "nothing was graded into this folder"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_and_points_by_question),
		cmocka_unit_test(forms_are_marked_as_they_were_printed),
		cmocka_unit_test(signs_lie_on_their_bubbles_however_the_scan_is_turned),
		cmocka_unit_test(headers_that_are_none_are_refused),
		cmocka_unit_test(every_student_gets_their_own_scans_as_they_are),
		cmocka_unit_test(a_scan_that_is_gone_or_changed_costs_its_page_only),
		cmocka_unit_test(nothing_is_written_over_a_scan_or_the_session),
		cmocka_unit_test(wrong_usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
