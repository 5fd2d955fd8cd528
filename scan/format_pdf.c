// SPDX-License-Identifier: GPL-3.0-or-later
// PDF by qpdf and poppler. Scanners make pages that are one image: qpdf takes the image out as it is stored, which is
// exact and ten times faster than rendering it. Every other page is rendered.
//
// The page tree is walked here, within bounds, and not by qpdf. Where something had to be repaired or left out on the
// way, nobody knows how many pages are lost: one more page, always damaged, says so.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/format.h"
#include "scan/jpeg_header.h"
#include "scan/orientation.h"
#include "scan/pdf_content.h"
#include "scan/pdf_image.h"
#include "scan/pdf_render.h"

#define PAGES_MOST 5000u
#define NODES_MOST 20000u
// Of the tree of pages: writers keep it nearly flat.
#define DEPTH_MOST 50
// Unpacked content of a page that is still looked into: a scan's is a line, and the text found in it a few pages.
#define CONTENT_MOST_BYTES (16u * 1024 * 1024)
// Of a page that is rendered: looked into, and drawings in drawings.
#define IMAGES_MOST 500u
#define FORMS_MOST 4u
// Rendering: no scan is worth more, and marks need so many.
#define DPI_LEAST 150.0
#define DPI_MOST 300.0
#define DPI_DEFAULT 200.0
#define POINTS_PER_INCH 72
// Up to half a percent of turn or shear, and five of stretch, are taken for rounding. More is rendered.
#define SKEW_MOST 0.005
#define STRETCH_MOST 1.05

struct pdf_page {
	int id, generation; // of its object
};

struct pdf_reader {
	qpdf_data pdf;
	GArray *pages; // struct pdf_page
	unsigned nodes;
	bool incomplete;               // pages may be missing
	struct pdf_renderer *renderer; // made when first needed
	bool render_failed;
};

static bool probe(const uint8_t *bytes, size_t size)
{
	return size >= 5 && g_strstr_len((const char *)bytes, 5, "%PDF-") != NULL;
}

static void close_reader(void *state)
{
	struct pdf_reader *reader = state;
	pdf_renderer_free(reader->renderer);
	qpdf_cleanup(&reader->pdf);
	g_array_unref(reader->pages);
	g_free(reader);
}

static void walk_tree(struct pdf_reader *reader, qpdf_oh node, unsigned depth)
{
	qpdf_data pdf = reader->pdf;
	if (depth > DEPTH_MOST || reader->nodes++ > NODES_MOST || reader->pages->len == PAGES_MOST ||
		!qpdf_oh_is_dictionary(pdf, node)) {
		reader->incomplete = true;
		return;
	}
	qpdf_oh kids = qpdf_oh_get_key(pdf, node, "/Kids");
	if (qpdf_oh_is_array(pdf, kids)) {
		int n = qpdf_oh_get_array_n_items(pdf, kids);
		for (int i = 0; i < n && reader->nodes <= NODES_MOST; i++)
			walk_tree(reader, qpdf_oh_get_array_item(pdf, kids, i), depth + 1);
		return;
	}
	const struct pdf_page page = {qpdf_oh_get_object_id(pdf, node), qpdf_oh_get_generation(pdf, node)};
	bool sound = page.id > 0 && qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, node, "/Type"), "/Page");
	if (sound)
		g_array_append_val(reader->pages, page);
	reader->incomplete |= !sound;
}

static void find_pages(struct pdf_reader *reader)
{
	qpdf_data pdf = reader->pdf;
	qpdf_oh tree = qpdf_oh_get_key_if_dict(pdf, qpdf_get_root(pdf), "/Pages");
	walk_tree(reader, tree, 0);
	reader->incomplete |= pdf_number(pdf, tree, "/Count", -1) != reader->pages->len;
	reader->incomplete |= pdf_complaints(pdf);
	qpdf_oh_release_all(pdf);
}

// False with error set if the file as a whole cannot be read.
static bool load(struct pdf_reader *reader, const struct scan_source *source, GError **error)
{
	qpdf_data pdf = reader->pdf;
	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	QPDF_ERROR_CODE code = qpdf_read_memory(pdf, "scan", (const char *)source->bytes, source->size, NULL);
	bool locked = false;
	if (code & QPDF_ERRORS)
		locked = qpdf_get_error_code(pdf, qpdf_get_error(pdf)) == qpdf_e_password;
	else
		find_pages(reader);
	if (reader->pages->len > 0)
		return true;
	if (locked)
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE,
			"the PDF file is protected by a password; save it without one");
	else if (code & QPDF_ERRORS || reader->incomplete)
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
			"the PDF file is cut off or damaged; scan the pages again");
	else
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE, "the PDF file has no pages");
	return false;
}

static void *open_pdf(const struct scan_source *source, unsigned *pages, GError **error)
{
	struct pdf_reader *reader = g_new0(struct pdf_reader, 1);
	reader->pdf = qpdf_init();
	reader->pages = g_array_new(FALSE, FALSE, sizeof(struct pdf_page));
	if (!load(reader, source, error)) {
		close_reader(reader);
		return NULL;
	}
	*pages = reader->pages->len + reader->incomplete;
	return reader;
}

// A page's value, or that of the nearest node above it which has one.
static qpdf_oh inherited(qpdf_data pdf, qpdf_oh page, const char *key)
{
	qpdf_oh node = page;
	for (int depth = 0; depth <= DEPTH_MOST && qpdf_oh_is_dictionary(pdf, node); depth++) {
		qpdf_oh value = qpdf_oh_get_key(pdf, node, key);
		if (!qpdf_oh_is_null(pdf, value))
			return value;
		node = qpdf_oh_get_key(pdf, node, "/Parent");
	}
	return qpdf_oh_new_null(pdf);
}

static bool read_box(qpdf_data pdf, qpdf_oh array, struct pdf_box *box)
{
	double v[4];
	if (!qpdf_oh_is_array(pdf, array) || qpdf_oh_get_array_n_items(pdf, array) != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		qpdf_oh value = qpdf_oh_get_array_item(pdf, array, i);
		if (!qpdf_oh_is_number(pdf, value))
			return false;
		v[i] = qpdf_oh_get_numeric_value(pdf, value);
	}
	*box = (struct pdf_box){fmin(v[0], v[2]), fmin(v[1], v[3]), fmax(v[0], v[2]), fmax(v[1], v[3])};
	return box->right - box->left >= 1 && box->top - box->bottom >= 1;
}

// What is seen of the page.
static bool find_box(qpdf_data pdf, qpdf_oh page, struct pdf_box *box)
{
	struct pdf_box crop;
	if (!read_box(pdf, inherited(pdf, page, "/MediaBox"), box))
		return false;
	if (read_box(pdf, inherited(pdf, page, "/CropBox"), &crop)) {
		box->left = fmax(box->left, crop.left);
		box->bottom = fmax(box->bottom, crop.bottom);
		box->right = fmin(box->right, crop.right);
		box->top = fmin(box->top, crop.top);
	}
	return box->right - box->left >= 1 && box->top - box->bottom >= 1;
}

// The orientation tag (scan/orientation.h) of an image placed so on a page that is shown turned clockwise; 0 if it is
// askew. Only the directions count in which the image's rows and columns run.
static int find_orientation(const struct pdf_matrix *place, double rotate)
{
	double right[2] = {place->a, place->b}, up[2] = {place->c, place->d};
	if (fmod(rotate, 90) != 0)
		return 0;
	for (int quarters = ((int)fmod(rotate / 90, 4) + 4) % 4; quarters > 0; quarters--) {
		const double r = right[0], u = up[0];
		right[0] = right[1];
		right[1] = -r;
		up[0] = up[1];
		up[1] = -u;
	}
	const double width = hypot(right[0], right[1]), height = hypot(up[0], up[1]);
	if (fabs(right[1]) <= SKEW_MOST * width && fabs(up[0]) <= SKEW_MOST * height)
		return up[1] > 0 ? (right[0] > 0 ? 1 : 2) : (right[0] > 0 ? 4 : 3);
	if (fabs(right[0]) <= SKEW_MOST * width && fabs(up[1]) <= SKEW_MOST * height)
		return up[0] > 0 ? (right[1] > 0 ? 7 : 6) : (right[1] > 0 ? 8 : 5);
	return 0;
}

// Pixels are about as high as wide where they are placed.
static bool is_square(const struct pdf_matrix *place, double width_px, double height_px)
{
	double stretch = hypot(place->a, place->b) * height_px / (hypot(place->c, place->d) * width_px);
	return stretch < STRETCH_MOST && stretch > 1 / STRETCH_MOST;
}

// A graphics state that changes nothing of how an image is seen.
static bool state_is_plain(qpdf_data pdf, qpdf_oh state)
{
	static const char *const NAMED[][2] = {{"/SMask", "/None"}, {"/BM", "/Normal"}};
	if (!qpdf_oh_is_dictionary(pdf, state) || pdf_number(pdf, state, "/ca", 1) != 1 ||
		qpdf_oh_has_key(pdf, state, "/TR") || qpdf_oh_has_key(pdf, state, "/TR2"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(NAMED); i++)
		if (qpdf_oh_has_key(pdf, state, NAMED[i][0]) &&
			!qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, state, NAMED[i][0]), NAMED[i][1]))
			return false;
	return true;
}

// Whether the page is one image and nothing else; *drawing says how it is drawn.
static bool is_scan(qpdf_data pdf, qpdf_oh page, qpdf_oh resources, struct pdf_drawing *drawing)
{
	struct pdf_box box;
	if (!find_box(pdf, page, &box))
		return false;
	qpdf_oh notes = qpdf_oh_get_key(pdf, page, "/Annots");
	if (!qpdf_oh_is_null(pdf, notes) &&
		!(qpdf_oh_is_array(pdf, notes) && qpdf_oh_get_array_n_items(pdf, notes) == 0))
		return false;
	unsigned char *content = NULL;
	size_t size = 0;
	QPDF_ERROR_CODE code = qpdf_oh_get_page_content_data(pdf, page, &content, &size);
	bool one = !(code & QPDF_ERRORS) && content && size <= CONTENT_MOST_BYTES &&
		   pdf_content_is_one_image(content, size, &box, drawing);
	free(content);
	qpdf_oh states = qpdf_oh_get_key_if_dict(pdf, resources, "/ExtGState");
	for (unsigned i = 0; one && i < drawing->n_states; i++)
		one = state_is_plain(pdf, qpdf_oh_get_key_if_dict(pdf, states, drawing->states[i]));
	return one;
}

// A page that is one image, and how that is to be turned. False for a page that has to be rendered.
struct scan_on_page {
	qpdf_oh image;
	int orientation;
	bool black; // the colour to fill with
};

static bool find_scan(qpdf_data pdf, qpdf_oh page, struct scan_on_page *scan)
{
	qpdf_oh resources = inherited(pdf, page, "/Resources");
	struct pdf_drawing drawing;
	if (!is_scan(pdf, page, resources, &drawing))
		return false;
	qpdf_oh objects = qpdf_oh_get_key_if_dict(pdf, resources, "/XObject");
	qpdf_oh object = qpdf_oh_get_key_if_dict(pdf, objects, drawing.name);
	if (!qpdf_oh_is_stream(pdf, object))
		return false;
	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, object);
	qpdf_oh rotate = inherited(pdf, page, "/Rotate");
	double turn = qpdf_oh_is_number(pdf, rotate) ? qpdf_oh_get_numeric_value(pdf, rotate) : 0;
	double width = pdf_number(pdf, dictionary, "/Width", 0), height = pdf_number(pdf, dictionary, "/Height", 0);
	*scan = (struct scan_on_page){object, find_orientation(&drawing.place, turn), drawing.black};
	return qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, dictionary, "/Subtype"), "/Image") &&
	       scan->orientation != 0 && is_square(&drawing.place, width, height);
}

// As pdf_image_read, upright: NULL without an error for a page that has to be rendered.
static struct page_image *extract(
	struct pdf_reader *reader, qpdf_oh page, const struct scan_limits *limits, GError **error)
{
	struct scan_on_page scan;
	if (!find_scan(reader->pdf, page, &scan))
		return NULL;
	struct page_image *image = pdf_image_read(reader->pdf, scan.image, scan.black, limits, error);
	if (!image)
		return NULL;
	image = orientation_apply(image, scan.orientation);
	if (!image)
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	return image;
}

static bool as_it_is(const struct scan_source *source, void *state, unsigned index, struct scan_jpeg *jpeg)
{
	struct pdf_reader *reader = state;
	struct scan_on_page scan;
	(void)source;
	if (index == reader->pages->len)
		return false;
	const struct pdf_page *at = &g_array_index(reader->pages, struct pdf_page, index);
	pdf_complaints(reader->pdf);
	qpdf_oh page = qpdf_get_object_by_id(reader->pdf, at->id, at->generation);
	bool found = find_scan(reader->pdf, page, &scan);
	GBytes *bytes = found ? pdf_image_jpeg(reader->pdf, scan.image) : NULL;
	qpdf_oh_release_all(reader->pdf);
	struct jpeg_header header;
	size_t size;
	const uint8_t *stored = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	if (stored && jpeg_header_read(stored, size, &header) && header.is_plain) {
		*jpeg = (struct scan_jpeg){bytes, header.width_px, header.height_px, scan.orientation};
		return true;
	}
	g_clear_pointer(&bytes, g_bytes_unref);
	return false;
}

// What has to be known of a page's images before it is rendered.
struct images {
	const struct scan_limits *limits;
	double widest; // in pixels; 0: there is none
	unsigned n;
	bool sound; // none of them is damaged
	bool fit;   // none of them is beyond the limits: poppler would leave it out, and the page would look blank
};

// Looks at the images among the resources, and at those that drawings among them draw in turn.
static void survey(qpdf_data pdf, qpdf_oh resources, unsigned depth, struct images *images)
{
	qpdf_oh objects = qpdf_oh_get_key_if_dict(pdf, resources, "/XObject");
	if (!qpdf_oh_is_dictionary(pdf, objects) || depth > FORMS_MOST)
		return;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	qpdf_oh_begin_dict_key_iter(pdf, objects);
	while (qpdf_oh_dict_more_keys(pdf))
		g_ptr_array_add(keys, g_strdup(qpdf_oh_dict_next_key(pdf)));
	for (guint i = 0; i < keys->len && images->n < IMAGES_MOST; i++) {
		qpdf_oh object = qpdf_oh_get_key(pdf, objects, g_ptr_array_index(keys, i));
		if (!qpdf_oh_is_stream(pdf, object))
			continue;
		images->n++;
		qpdf_oh dictionary = qpdf_oh_get_dict(pdf, object);
		if (!qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, dictionary, "/Subtype"), "/Image")) {
			survey(pdf, qpdf_oh_get_key(pdf, dictionary, "/Resources"), depth + 1, images);
			continue;
		}
		double width = pdf_number(pdf, dictionary, "/Width", 0),
		       height = pdf_number(pdf, dictionary, "/Height", 0);
		images->fit &= width * height <= (double)images->limits->max_pixels &&
			       fmax(width, height) <= images->limits->max_side_px;
		images->widest = fmax(images->widest, width);
		images->sound &= pdf_image_is_sound(pdf, object, images->limits);
		qpdf_oh mask = qpdf_oh_get_key(pdf, dictionary, "/SMask");
		images->sound &= !qpdf_oh_is_stream(pdf, mask) || pdf_image_is_sound(pdf, mask, images->limits);
	}
}

// How finely to render: as finely as the widest of the page's images, were it as wide as the page.
static double find_dpi(qpdf_data pdf, qpdf_oh page, double widest)
{
	struct pdf_box box;
	if (widest <= 0 || !find_box(pdf, page, &box))
		return DPI_DEFAULT;
	return CLAMP(widest / ((box.right - box.left) / POINTS_PER_INCH), DPI_LEAST, DPI_MOST);
}

static void set_damaged(GError **error)
{
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
		"this page of the PDF file is cut off or damaged; scan it again");
}

static struct page_image *render(
	struct pdf_reader *reader, const struct scan_source *source, unsigned index, qpdf_oh page, GError **error)
{
	qpdf_data pdf = reader->pdf;
	struct images images = {.limits = &source->limits, .sound = true, .fit = true};
	// What qpdf had to repair on the way may be missing.
	bool repaired = pdf_complaints(pdf);
	survey(pdf, inherited(pdf, page, "/Resources"), 0, &images);
	if (repaired || !images.sound) {
		set_damaged(error);
		return NULL;
	}
	if (!images.fit) {
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE,
			"an image on this page of the PDF file is too large; scan it again at 300 dpi or less");
		return NULL;
	}
	if (!pdf_render_load()) {
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNPREPARED,
			"this page of the PDF file has to be drawn, and poppler, which does that, is not installed: "
			"scan "
			"to pages that are one image");
		return NULL;
	}
	if (!reader->renderer && !reader->render_failed)
		reader->renderer = pdf_renderer_new(source->bytes, source->size, reader->pages->len);
	reader->render_failed = !reader->renderer;
	if (reader->renderer)
		return pdf_render(reader->renderer, index, find_dpi(pdf, page, images.widest), &source->limits, error);
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
		"the PDF file is damaged, and this page cannot be drawn; scan it again");
	return NULL;
}

static struct page_image *decode(const struct scan_source *source, void *state, unsigned index, GError **error)
{
	struct pdf_reader *reader = state;
	if (index == reader->pages->len) {
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
			"the PDF file is damaged, %u pages of it were found: pages may be missing", index);
		return NULL;
	}
	const struct pdf_page *at = &g_array_index(reader->pages, struct pdf_page, index);
	GError *problem = NULL;
	pdf_complaints(reader->pdf);
	qpdf_oh page = qpdf_get_object_by_id(reader->pdf, at->id, at->generation);
	struct page_image *image = extract(reader, page, &source->limits, &problem);
	if (!image && !problem)
		image = render(reader, source, index, page, &problem);
	qpdf_oh_release_all(reader->pdf);
	if (problem)
		g_propagate_error(error, problem);
	return image;
}

static bool is_form(void *state)
{
	struct pdf_reader *reader = state;
	const char *creator = qpdf_get_info_key(reader->pdf, "/Creator");
	return creator && strcmp(creator, SCAN_FORM_CREATOR) == 0;
}

const struct scan_format format_pdf = {
	.name = "PDF",
	.probe = probe,
	.open = open_pdf,
	.decode = decode,
	.close = close_reader,
	.jpeg = as_it_is,
	.is_form = is_form,
};
