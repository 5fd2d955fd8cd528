// SPDX-License-Identifier: GPL-3.0-or-later
// accuracy-real FOLDER: decides crops of bubbles that people marked on forms of other projects, and prints what that is
// worth. Exit status 0 with a message where the folder is missing, 1 where a crop is silently wrong or too many are
// flagged, 2 where the folder cannot be read.
#include <stdlib.h>

#include "tests/real/table.h"

static struct foreign_crop seen_of(const struct crop *crop)
{
	const struct page_image *image = crop->image;
	return (struct foreign_crop){crop->source, crop->tone, crop->radius_px,
		{image->pixels, image->width_px, image->height_px, image->width_px}};
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: accuracy-real FOLDER\n");
		return 2;
	}
	g_autofree char *index = g_build_filename(argv[1], "index.csv", NULL);
	if (!g_file_test(index, G_FILE_TEST_EXISTS)) {
		printf("skipped: there are no marks in %s (REAL_MARKS=FOLDER takes them from elsewhere)\n", argv[1]);
		return 0;
	}
	struct crops crops;
	g_autoptr(GError) error = NULL;
	if (!crops_load(argv[1], &crops, &error)) {
		fprintf(stderr, "%s\n", error->message);
		crops_clear(&crops);
		return 2;
	}
	g_autofree struct foreign_crop *seen = g_new(struct foreign_crop, MAX(crops.n, 1));
	g_autofree struct decision *decisions = g_new0(struct decision, MAX(crops.n, 1));
	for (unsigned i = 0; i < crops.n; i++)
		seen[i] = seen_of(&crops.items[i]);
	decide_crops(seen, crops.n, decisions);
	bool good = table_print(stdout, &crops, decisions);
	decide_clear(decisions, crops.n);
	crops_clear(&crops);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
