// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/plot.h"

#include <math.h>
#include <stdlib.h>

#include "grade/html.h"

#define MOST_BINS 26 // more are noise to the eye

static void text_at(GString *out, double x, double y, const char *class, const char *anchor, const char *text)
{
	g_autofree char *escaped = html_escape(text);
	g_string_append_printf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>", x, y,
		class, anchor, escaped);
}

static void line_at(GString *out, double x1, double y1, double x2, double y2, const char *class)
{
	g_string_append_printf(
		out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, class);
}

static void begin(GString *out, int width, int height, const char *says)
{
	g_string_append_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=img aria-label=\"%s\">",
		width, height, width, height, says);
}

// --- histogram

// A width of bins out of 1, 2, 5 times a power of ten with at most MOST_BINS of them.
static double bin_width(double range)
{
	static const double STEPS[] = {1, 2, 5};
	for (double power = 0.01;; power *= 10)
		for (size_t i = 0; i < G_N_ELEMENTS(STEPS); i++)
			if (range / (STEPS[i] * power) <= MOST_BINS)
				return STEPS[i] * power;
}

struct histogram {
	double from, step;
	unsigned n_bins, most;
	unsigned *counts;
};

static struct histogram count_bins(const double *scores, unsigned n, double maximum)
{
	double low = 0, high = maximum;
	for (unsigned i = 0; i < n; i++) {
		low = fmin(low, scores[i]);
		high = fmax(high, scores[i]);
	}
	struct histogram bins = {.step = bin_width(fmax(high - low, 1))};
	bins.from = floor(low / bins.step) * bins.step;
	bins.n_bins = (unsigned)ceil((high - bins.from) / bins.step - 1e-9) + (high <= bins.from);
	bins.counts = g_new0(unsigned, bins.n_bins + 1);
	for (unsigned i = 0; i < n; i++) {
		// The highest score belongs to the last bin.
		double bin = floor((scores[i] - bins.from) / bins.step + 1e-9);
		unsigned index = MIN((unsigned)bin, bins.n_bins - 1);
		bins.counts[index]++;
		bins.most = MAX(bins.most, bins.counts[index]);
	}
	return bins;
}

enum { HISTOGRAM_WIDTH = 1080, HISTOGRAM_HEIGHT = 230, HISTOGRAM_LEFT = 34, HISTOGRAM_FOOT = 26, HISTOGRAM_HEAD = 22 };

void plot_histogram(GString *out, const double *scores, unsigned n, double maximum, double mean)
{
	struct histogram bins = count_bins(scores, n, maximum);
	double wide = (double)(HISTOGRAM_WIDTH - HISTOGRAM_LEFT - 10) / bins.n_bins;
	double floor_y = HISTOGRAM_HEIGHT - HISTOGRAM_FOOT, tall = floor_y - HISTOGRAM_HEAD;
	begin(out, HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT, "How many students have each score");
	unsigned every = (bins.n_bins + 12) / 13;
	for (unsigned i = 0; i <= bins.n_bins; i++) {
		double x = HISTOGRAM_LEFT + i * wide;
		char label[G_ASCII_DTOSTR_BUF_SIZE];
		if (i % every == 0)
			text_at(out, x, floor_y + 16, "", "middle",
				g_ascii_formatd(label, sizeof label, "%.6g", bins.from + i * bins.step));
		if (i == bins.n_bins || !bins.counts[i])
			continue;
		double height = tall * bins.counts[i] / bins.most;
		g_string_append_printf(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" class=bar />", x + 1,
			floor_y - height, wide - 2, height);
		g_snprintf(label, sizeof label, "%u", bins.counts[i]);
		text_at(out, x + wide / 2, floor_y - height - 4, "t", "middle", label);
	}
	line_at(out, HISTOGRAM_LEFT, floor_y, HISTOGRAM_WIDTH - 10, floor_y, "axis");
	if (n) {
		double x = HISTOGRAM_LEFT + (mean - bins.from) / bins.step * wide;
		g_autofree char *label = g_strdup_printf("mean %.1f", mean);
		line_at(out, x, 6, x, floor_y, "mean");
		bool right = x > HISTOGRAM_WIDTH - 90;
		text_at(out, right ? x - 6 : x + 6, 14, "k", right ? "end" : "start", label);
	}
	g_string_append(out, "</svg>\n");
	g_free(bins.counts);
}

// --- curves

enum { CURVES_WIDTH = 270, CURVES_HEIGHT = 132, CURVES_LEFT = 34, CURVES_RIGHT = 44, CURVES_TOP = 8, CURVES_FOOT = 22 };
#define LABEL_GAP 11 // px between the labels of two lines

static double curve_y(double share)
{
	return CURVES_TOP + (1 - share) * (CURVES_HEIGHT - CURVES_TOP - CURVES_FOOT);
}

static double curve_x(unsigned point, unsigned n_points)
{
	return CURVES_LEFT + (double)point * (CURVES_WIDTH - CURVES_LEFT - CURVES_RIGHT) / (n_points - 1);
}

static const char *line_class(const struct plot_line *line)
{
	return line->is_suspect ? "warnline" : line->is_key ? "keyline" : "other";
}

static void draw_line(GString *out, const struct plot_line *line, unsigned index, unsigned n_points)
{
	static const char *const DASHES[] = {"6 3", "2 2", "8 3 2 3", "1 3", "10 4"};
	bool plain = line->is_key || line->is_suspect;
	g_string_append_printf(out, "<polyline class=%s%s%s%s points=\"", line_class(line),
		plain ? "" : " stroke-dasharray=\"", plain ? "" : DASHES[index % G_N_ELEMENTS(DASHES)],
		plain ? "" : "\"");
	for (unsigned i = 0; i < n_points; i++)
		if (!isnan(line->y[i]))
			g_string_append_printf(out, "%.1f,%.1f ", curve_x(i, n_points), curve_y(line->y[i]));
	g_string_append(out, "\"/>");
	for (unsigned i = 0; plain && i < n_points; i++)
		if (!isnan(line->y[i]))
			g_string_append_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=%s />",
				curve_x(i, n_points), curve_y(line->y[i]), line->is_suspect ? "warndot" : "dot");
}

struct end_label {
	double y;
	const struct plot_line *line;
};

static int compare_labels(const void *a, const void *b)
{
	const struct end_label *left = a, *right = b;
	if (left->y != right->y)
		return left->y < right->y ? -1 : 1;
	return left->line < right->line ? -1 : left->line > right->line;
}

// From the top down, each at least LABEL_GAP below the one before; then up again where the last is too low.
static void draw_labels(GString *out, const struct plot_line *lines, unsigned n_lines, unsigned n_points)
{
	g_autofree struct end_label *labels = g_new(struct end_label, n_lines + 1);
	unsigned n = 0;
	for (unsigned i = 0; i < n_lines; i++) {
		unsigned last = n_points;
		while (last > 0 && isnan(lines[i].y[last - 1]))
			last--;
		if (last)
			labels[n++] = (struct end_label){curve_y(lines[i].y[last - 1]) + 4, &lines[i]};
	}
	qsort(labels, n, sizeof *labels, compare_labels);
	for (unsigned i = 1; i < n; i++)
		labels[i].y = fmax(labels[i].y, labels[i - 1].y + LABEL_GAP);
	double lowest = CURVES_HEIGHT - 10;
	for (unsigned i = n; i-- > 0; lowest = labels[i].y - LABEL_GAP)
		labels[i].y = fmin(labels[i].y, lowest);
	for (unsigned i = 0; i < n; i++) {
		const struct plot_line *line = labels[i].line;
		g_autofree char *named =
			g_strconcat(line->label, line->is_key ? " ✓" : "", line->is_suspect ? " ▲" : "", NULL);
		text_at(out, CURVES_WIDTH - CURVES_RIGHT + 7, labels[i].y,
			line->is_suspect ? "w"
			: line->is_key   ? "k"
					 : "",
			"start", named);
	}
}

void plot_curves(GString *out, const struct plot_line *lines, unsigned n_lines, unsigned n_points)
{
	begin(out, CURVES_WIDTH, CURVES_HEIGHT,
		"Share of each choice, from the worst to the best fifth of the students");
	for (unsigned i = 0; i <= 2; i++) {
		static const char *const SHARES[] = {"0 %", "50 %", "100 %"};
		double y = curve_y(i / 2.0);
		line_at(out, CURVES_LEFT, y, CURVES_WIDTH - CURVES_RIGHT, y, "axis");
		text_at(out, CURVES_LEFT - 4, y + 4, "", "end", SHARES[i]);
	}
	text_at(out, CURVES_LEFT, CURVES_HEIGHT - 6, "", "start", "worst fifth");
	text_at(out, CURVES_WIDTH - CURVES_RIGHT, CURVES_HEIGHT - 6, "", "end", "best");
	for (unsigned pass = 0; pass < 2; pass++) // the lines that matter above the others
		for (unsigned i = 0; i < n_lines; i++)
			if ((lines[i].is_key || lines[i].is_suspect) == (pass == 1))
				draw_line(out, &lines[i], i, n_points);
	draw_labels(out, lines, n_lines, n_points);
	g_string_append(out, "</svg>");
}

// --- bars

enum { SHARE_WIDTH = 90, SHARE_HEIGHT = 10 };

void plot_share(GString *out, double share, bool is_key, bool is_suspect)
{
	g_string_append_printf(out,
		"<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" aria-hidden=true>"
		"<rect x=0 y=0.5 width=%d height=9 class=axis rx=2 />",
		SHARE_WIDTH, SHARE_HEIGHT, SHARE_WIDTH, SHARE_HEIGHT, SHARE_WIDTH);
	if (share > 0)
		g_string_append_printf(out, "<rect x=0 y=0.5 width=\"%.1f\" height=9 rx=2 class=%s />",
			fmin(share, 1) * SHARE_WIDTH,
			is_suspect ? "warnbar"
			: is_key   ? "keybar"
				   : "bar");
	g_string_append(out, "</svg>");
}

// --- the map of questions

enum { MAP_WIDTH = 1080, MAP_HEIGHT = 360, MAP_LEFT = 46, MAP_TOP = 24, MAP_FOOT = 40 };
#define MAP_LOW_R (-0.4)
#define MAP_HIGH_R 1.0

static double map_x(double difficulty)
{
	return MAP_LEFT + 12 + fmax(fmin(difficulty, 1), 0) * (MAP_WIDTH - MAP_LEFT - 36);
}

static double map_y(double r)
{
	double inside = fmax(fmin(r, MAP_HIGH_R), MAP_LOW_R);
	return MAP_TOP + (MAP_HIGH_R - inside) / (MAP_HIGH_R - MAP_LOW_R) * (MAP_HEIGHT - MAP_TOP - MAP_FOOT);
}

static void draw_map_axes(GString *out)
{
	double floor_y = MAP_HEIGHT - MAP_FOOT;
	for (int tenth = -4; tenth <= 10; tenth += 2) {
		g_autofree char *label =
			g_strdup_printf("%s%d.%d", tenth < 0 ? "−" : "", abs(tenth) / 10, abs(tenth) % 10);
		line_at(out, MAP_LEFT, map_y(tenth / 10.0), MAP_WIDTH - 10, map_y(tenth / 10.0),
			tenth ? "axis" : "other");
		text_at(out, MAP_LEFT - 6, map_y(tenth / 10.0) + 4, "", "end", tenth ? label : "0");
	}
	for (int percent = 0; percent <= 100; percent += 20) {
		g_autofree char *label = g_strdup_printf("%d %%", percent);
		text_at(out, map_x(percent / 100.0), floor_y + 16, "", "middle", label);
	}
	text_at(out, MAP_LEFT + 12, floor_y + 33, "", "start", "← hard");
	text_at(out, MAP_WIDTH - 24, floor_y + 33, "", "end", "easy →");
	text_at(out, MAP_WIDTH / 2.0, floor_y + 33, "", "middle", "share of the points that students scored");
}

static void draw_dot(GString *out, const struct plot_dot *dot, double x, double y)
{
	if (dot->is_suspect)
		g_string_append_printf(out, "<path d=\"M%.1f %.1fl5 9h-10z\" class=warndot />", x, y - 6);
	else
		g_string_append_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" class=dot />", x, y);
}

struct map_box {
	double left, top, right, bottom;
};

static bool overlaps(const struct map_box *box, const GArray *taken)
{
	for (unsigned i = 0; i < taken->len; i++) {
		const struct map_box *other = &g_array_index(taken, struct map_box, i);
		if (box->left < other->right && box->right > other->left && box->top < other->bottom &&
			box->bottom > other->top)
			return true;
	}
	return false;
}

#define LETTER_PX 7.0 // of the labels' font, roughly

// Beside, above or below its dot, wherever nothing stands yet; to the right where everything does.
static void label_dot(GString *out, const struct plot_dot *dot, GArray *taken)
{
	static const struct {
		double x, y;
		const char *anchor;
		double share; // of its width that lies left of x
	} PLACES[] = {{7, 4, "start", 0}, {-7, 4, "end", 1}, {0, -7, "middle", 0.5}, {0, 16, "middle", 0.5},
		{6, -5, "start", 0}, {6, 13, "start", 0}, {-6, -5, "end", 1}, {-6, 13, "end", 1}};
	double x = map_x(dot->x), y = map_y(dot->y), width = LETTER_PX * (double)g_utf8_strlen(dot->label, -1);
	size_t chosen = G_N_ELEMENTS(PLACES);
	for (size_t i = G_N_ELEMENTS(PLACES); i-- > 0;) {
		double left = x + PLACES[i].x - PLACES[i].share * width, base = y + PLACES[i].y;
		const struct map_box box = {left, base - 9, left + width, base + 1};
		if (!overlaps(&box, taken) && box.right < MAP_WIDTH)
			chosen = i;
	}
	// Labels over each other say nothing; the table below has all questions. A suspect is named in any case.
	if (chosen == G_N_ELEMENTS(PLACES) && !dot->is_suspect)
		return;
	chosen %= G_N_ELEMENTS(PLACES);
	double left = x + PLACES[chosen].x - PLACES[chosen].share * width, base = y + PLACES[chosen].y;
	const struct map_box box = {left, base - 9, left + width, base + 1};
	g_array_append_val(taken, box);
	text_at(out, x + PLACES[chosen].x, base, dot->is_suspect ? "w" : "t", PLACES[chosen].anchor, dot->label);
}

void plot_map(GString *out, const struct plot_dot *dots, unsigned n_dots)
{
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(struct map_box));
	begin(out, MAP_WIDTH, MAP_HEIGHT, "Questions by difficulty and by correlation with the rest of the exam");
	draw_map_axes(out);
	for (unsigned i = 0; i < n_dots; i++) {
		if (isnan(dots[i].x) || isnan(dots[i].y))
			continue;
		double x = map_x(dots[i].x), y = map_y(dots[i].y);
		const struct map_box box = {x - 5, y - 5, x + 5, y + 5};
		g_array_append_val(taken, box);
		draw_dot(out, &dots[i], x, y);
	}
	for (unsigned i = 0; i < n_dots; i++)
		if (!isnan(dots[i].x) && !isnan(dots[i].y))
			label_dot(out, &dots[i], taken);
	g_string_append(out, "</svg>\n");
}
