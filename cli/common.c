// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/common.h"

#include <sys/stat.h>

#include "cli/cage.h"
#include "sheet/exam_file.h"
#include "sheet/plain_text.h"

void say_error(GError *error)
{
	g_autofree char *line = plain_text(error->message);
	g_printerr("%s\n", line);
	g_error_free(error);
}

bool load_exam(const char *path, struct exam **exam, struct layout **layout)
{
	GError *error = NULL;
	*layout = NULL;
	*exam = exam_load(path, &error);
	if (!*exam) {
		say_error(error);
		return false;
	}
	*layout = layout_new(*exam, &error);
	if (!*layout) {
		g_printerr("%s: %s\n", path, error->message);
		g_error_free(error);
		g_clear_pointer(exam, exam_free);
		return false;
	}
	return true;
}

bool parse_options(int *argc, char ***argv, const char *operands, const char *summary, const GOptionEntry *entries)
{
	g_autoptr(GOptionContext) context = g_option_context_new(operands);
	g_autofree char *program = g_strdup_printf("sheaf %s", (*argv)[0]);
	g_set_prgname(program);
	g_option_context_set_summary(context, summary);
	if (entries)
		g_option_context_add_main_entries(context, entries, NULL);
	g_autoptr(GError) error = NULL;
	if (g_option_context_parse(context, argc, argv, &error))
		return true;
	g_printerr("%s: %s\n", program, error->message);
	return false;
}

void say_if_uncaged(void)
{
	const char *why;
	if (!cage_is_whole(&why))
		g_printerr("note: the processes that read the scans are not caged: %s\n", why);
}

bool spares_inputs(const char *output, const char *const *inputs)
{
	struct stat out, in;
	if (!output || stat(output, &out) != 0)
		return true;
	for (; *inputs; inputs++)
		if (stat(*inputs, &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
			g_printerr("%s: %s would be overwritten, which is to be read; choose another place with -o\n",
				g_get_prgname(), output);
			return false;
		}
	return true;
}
