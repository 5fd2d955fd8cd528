// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a session of as many students as asked for out of one that was really read: each of them gets the answers of
// some page that was read, in turn. For timing what comes after reading.
//   bench_session EXAM.yaml FROM TO STUDENTS      (folders; TO/roster.csv names the students)
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "grade/session.h"
#include "sheet/exam_file.h"

#define READER "sheaf " SHEAF_VERSION // as `sheaf grade` calls itself

struct pages {
	GPtrArray *answers[16]; // that were read, by page of the paper
	unsigned n;
};

static void keep_page(void *data, int64_t file, unsigned page, struct answers *answers)
{
	struct pages *pages = data;
	(void)file;
	(void)page;
	if (answers->outcome == ANSWERS_READ && answers->student && answers->page <= pages->n)
		g_ptr_array_add(pages->answers[answers->page - 1], answers);
	else
		answers_free(answers);
}

static void add_file(struct session *session, const struct pages *pages, unsigned student, unsigned page)
{
	const GPtrArray *all = pages->answers[page];
	struct answers *answers = g_ptr_array_index(all, student % all->len);
	struct session_file file = {
		.path = g_strdup_printf("/scans/%05u-%u.jpg", student, page + 1),
		.depth = 1,
		.sha256 = g_strdup_printf("%032u%032u", student, page),
		.pages = 1,
	};
	unsigned n_read;
	g_free(answers->student);
	answers->student = g_strdup_printf("b%05u", student);
	file.place = g_strdup(file.path);
	session_take(session, &file, &n_read);
	session_add_page(session, file.id, 0, 1, answers);
	session_finish(session, file.id);
	g_free(file.path);
	g_free(file.place);
	g_free(file.sha256);
}

int main(int argc, char **argv)
{
	struct exam *exam = argc == 5 ? exam_load(argv[1], NULL) : NULL;
	struct layout *layout = exam ? layout_new(exam, NULL) : NULL;
	struct session *from = layout ? session_open(argv[2], exam, layout, READER, NULL) : NULL;
	if (!from || g_mkdir_with_parents(argv[3], 0700) != 0 || layout->n_pages > 16)
		return 2;
	struct pages pages = {.n = layout->n_pages};
	for (unsigned i = 0; i < pages.n; i++)
		pages.answers[i] = g_ptr_array_new();
	session_each_page(from, keep_page, &pages, NULL);
	session_close(from);
	struct session *to = session_open(argv[3], exam, layout, READER, NULL);
	g_autoptr(GString) roster = g_string_new("student_id,name\n");
	unsigned students = (unsigned)g_ascii_strtoull(argv[4], NULL, 10);
	for (unsigned i = 0; to && i < students; i++) {
		g_string_append_printf(roster, "b%05u,Student %u\n", i, i);
		for (unsigned page = 0; page < pages.n && pages.answers[page]->len > 0; page++)
			add_file(to, &pages, i, page);
	}
	bool good = to && !session_failed(to, NULL);
	session_close(to);
	g_autofree char *path = g_build_filename(argv[3], "roster.csv", NULL);
	return good && g_file_set_contents(path, roster->str, -1, NULL) ? 0 : 1;
}
