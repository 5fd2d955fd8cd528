// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time goes in one page: CPU milliseconds a page of each step that a worker takes, measured one by one.
//   bench_stages EXAM.yaml FILE...
#include <stdio.h>
#include <time.h>

#include <glib.h>

#include "detect/page.h"
#include "detect/paper.h"
#include "scan/decode.h"
#include "sheet/exam_file.h"

#define TILE_PX 46 // of 8 mm at 150 dpi, as the detector takes them

enum stage { FILE_READ, DECODE, PAPER, REGISTER, IDENTIFY, DETECT, TEXT, N_STAGES };

struct clocks {
	double ms[N_STAGES], last;
};

static double now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void begin(struct clocks *clocks)
{
	clocks->last = now_ms();
}

static void end(struct clocks *clocks, enum stage stage)
{
	double now = now_ms();
	clocks->ms[stage] += now - clocks->last;
	clocks->last = now;
}

struct bench {
	const struct layout *layout;
	struct detector *detector;
	struct identity_reader *identity;
	struct clocks clocks;
};

static void detect_in_steps(struct bench *bench, const struct page_image *image)
{
	struct page_source source = {.image = {image->pixels, image->width_px, image->height_px, image->width_px},
		.reduction = image->reduction,
		.full_width_px = image->full_width_px,
		.full_height_px = image->full_height_px};
	struct paper_map paper;
	struct registration registration;
	struct code code;
	begin(&bench->clocks);
	paper_map_init(&paper, &source.image, TILE_PX);
	end(&bench->clocks, PAPER);
	enum registration_failure failure = registration_find(bench->layout, &source.image, &registration);
	end(&bench->clocks, REGISTER);
	source.fetched = true; // codes that need all pixels are left alone here
	if (failure == REGISTRATION_OK && identity_read(bench->identity, bench->layout, &registration, &source.image,
						  &source, image->reduction, &code) == IDENTITY_READ)
		code_clear(&code);
	end(&bench->clocks, IDENTIFY);
	ANSWERS_AUTO answers = detect_source(bench->detector, &source, NULL);
	end(&bench->clocks, DETECT);
	g_autofree char *text = answers_format(answers, bench->layout);
	ANSWERS_AUTO back = answers_parse(text, bench->layout, NULL);
	end(&bench->clocks, TEXT);
	paper_map_clear(&paper);
}

static bool read_file(struct bench *bench, const char *path)
{
	g_autofree char *bytes = NULL;
	gsize size;
	struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	limits.enough_px = detect_enough_px(bench->layout);
	begin(&bench->clocks);
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		return false;
	end(&bench->clocks, FILE_READ);
	struct scan_document *document = scan_document_new((const uint8_t *)bytes, size, &limits, NULL);
	struct page_image *image = document ? scan_document_decode(document, 0, NULL) : NULL;
	end(&bench->clocks, DECODE);
	if (image)
		detect_in_steps(bench, image);
	page_image_free(image);
	scan_document_free(document);
	return image != NULL;
}

int main(int argc, char **argv)
{
	struct exam *exam = argc > 2 ? exam_load(argv[1], NULL) : NULL;
	struct layout *layout = exam ? layout_new(exam, NULL) : NULL;
	if (!layout)
		return 2;
	struct bench bench = {layout, detector_new(layout), identity_reader_new(), {{0}, 0}};
	for (int i = 2; i < argc; i++)
		if (!read_file(&bench, argv[i]))
			return 1;
	const double *ms = bench.clocks.ms, n = argc - 2;
	const double marks = ms[DETECT] - ms[PAPER] - ms[REGISTER] - ms[IDENTIFY];
	printf("reading the file        %7.2f\n", ms[FILE_READ] / n);
	printf("decoding                %7.2f\n", ms[DECODE] / n);
	printf("how bright the paper is %7.2f\n", ms[PAPER] / n);
	printf("finding the frame       %7.2f\n", ms[REGISTER] / n);
	printf("reading the code        %7.2f\n", ms[IDENTIFY] / n);
	printf("measuring and deciding  %7.2f\n", marks / n);
	printf("answers to text, back   %7.2f\n", ms[TEXT] / n);
	printf("all of these            %7.2f\n", (ms[FILE_READ] + ms[DECODE] + ms[DETECT] + ms[TEXT]) / n);
	identity_reader_free(bench.identity);
	detector_free(bench.detector);
	layout_free(layout);
	exam_free(exam);
	return 0;
}
