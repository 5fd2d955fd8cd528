// SPDX-License-Identifier: GPL-3.0-or-later
// What learning management systems get: each system's documented import rules, one by one, and that nobody's grade goes
// to somebody else or becomes 0.
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <string.h>

#include "grade/csv_in.h"
#include "grade/export.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"

#define EXAM_OF(title)                                                                                                 \
	"exam: small\ntitle: " title "\npaper: a4\nsections:\n  - title: One\n    type: single\n    right: 600\n"      \
	"    wrong: -1/3\n    questions:\n      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n"
#define ROSTER                                                                                                         \
	"student_id,name,email,section,username\n0301,\"Lovelace, Ada\",ada@example.edu,101,al1\n"                     \
	"0302,Grace Hopper,Grace@example.edu,101,gh2\n0303,Alan Turing,alan@example.edu,102,at3\n"                     \
	"0304,Absent Ann,ann@example.edu,102,aa4\n0305,Emmy Noether,emmy@example.edu,102,en5\n"

struct setting {
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
	struct results *results;
};

// 0301 has 1200 points, 0302 handed in a blank paper, 0303 has a doubtful mark, 0304 is absent, 0305 has 599.6667;
// "9999" is not on the roster.
static struct setting make(const char *exam, const char *roster)
{
	struct setting setting = {.exam = exam_parse("exam.yaml", exam, strlen(exam), NULL)};
	setting.layout = layout_new(setting.exam, NULL);
	setting.roster = roster ? roster_parse("roster.csv", roster, strlen(roster), NULL) : NULL;
	struct batch *batch = batch_new(setting.exam, setting.layout, setting.roster);
	batch_add(batch, "1.png", 1, papers_page(setting.layout, "0301", NULL, 1, "1=A; 2=B"));
	batch_add(batch, "2.png", 2, papers_page(setting.layout, "0302", NULL, 1, ""));
	batch_add(batch, "3.png", 3, papers_page(setting.layout, "0303", NULL, 1, "1=A; 2?=C"));
	batch_add(batch, "4.png", 4, papers_page(setting.layout, "0305", NULL, 1, "1=A; 2=D"));
	batch_add(batch, "5.png", 5, papers_page(setting.layout, "9999", NULL, 1, "1=A"));
	setting.results = batch_finish(batch);
	return setting;
}

static void clear(struct setting *setting)
{
	results_free(setting->results);
	roster_free(setting->roster);
	layout_free(setting->layout);
	exam_free(setting->exam);
}
#define SETTING_AUTO __attribute__((cleanup(clear))) struct setting

struct asked {
	const char *system, *from, *column;
	bool final_only;
};

// The file, and all notes in one text. NULL with the error in *notes.
static char *export_text(const struct setting *setting, struct asked asked, char **notes)
{
	g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	CSV_IN_AUTO from = asked.from ? csv_in_parse("from.csv", asked.from, strlen(asked.from), &error) : NULL;
	assert_true(!asked.from || from);
	const struct export_request request = {asked.system, from, "from.csv", asked.column, asked.final_only};
	char *text = export_csv(setting->results, &request, said, &error);
	g_ptr_array_add(said, NULL);
	if (notes)
		*notes = text ? g_strjoinv("\n", (char **)said->pdata) : g_strdup(error->message);
	return text;
}

static void assert_text(const struct setting *setting, struct asked asked, const char *expected)
{
	g_autofree char *notes = NULL;
	g_autofree char *text = export_text(setting, asked, &notes);
	if (!text)
		fail_msg("%s", notes);
	assert_string_equal(text, expected);
}

static void assert_note(const struct setting *setting, struct asked asked, const char *words)
{
	g_autofree char *notes = NULL;
	g_autofree char *text = export_text(setting, asked, &notes);
	if (!strstr(notes, words))
		fail_msg("expected \"%s\" in: %s", words, notes);
}

static void assert_refused(const struct setting *setting, struct asked asked, const char *words)
{
	g_autofree char *notes = NULL;
	assert_null(export_text(setting, asked, &notes));
	if (!strstr(notes, words))
		fail_msg("expected \"%s\" in: %s", words, notes);
	assert_null(strchr(notes, '\n'));
}

// --- Canvas

static void canvas_by_the_roster_alone(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	// Without a thousands separator; our IDs are never passed off as Canvas's.
	assert_text(&setting, (struct asked){.system = "canvas"},
		"Student,ID,SIS User ID,SIS Login ID,Section,Midterm\n"
		"Points Possible,,,,,1200\n"
		"\"Lovelace, Ada\",,0301,al1,101,1200\n"
		"Grace Hopper,,0302,gh2,101,0\n"
		"Alan Turing,,0303,at3,102,599.6667\n"
		"Absent Ann,,0304,aa4,102,\n"
		"Emmy Noether,,0305,en5,102,599.6667\n");
	assert_note(&setting, (struct asked){.system = "canvas"}, "by SIS User ID");
}

static void canvas_ids_of_the_roster(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), "student_id,name,Canvas_ID\n0301,Ada,7001\n");
	assert_text(&setting, (struct asked){.system = "canvas"},
		"Student,ID,SIS User ID,SIS Login ID,Section,Midterm\nPoints "
		"Possible,,,,,1200\nAda,7001,0301,,,1200\n");
}

#define CANVAS                                                                                                         \
	"\xEF\xBB\xBFStudent,ID,SIS User ID,SIS Login ID,Section,Midterm (481),Final (482),Homework Current Score\n"   \
	",,,,,Manual Posting,,\n    Points Possible,,,,,1200.00,50.00,(read only)\n"                                   \
	"\"Turing, Alan\",13,0303,x,Lab 2,,,\n\"Lovelace, Ada\",11,0301,y,Lab 1,,,90\n"                                \
	"\"Noether, Emmy\",15,,EMMY@example.edu,Lab 2,,,\n\"Ann, Absent\",14,0304,z,Lab 2,,,\n"                        \
	"\"Student, Test\",99,,abc,Lab 1,,,\n"

static void canvas_takes_over_ids_and_column_of_its_own_export(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	const struct asked asked = {.system = "canvas", .from = CANVAS};
	assert_text(&setting, asked,
		"Student,ID,SIS User ID,SIS Login ID,Section,Midterm (481)\n"
		"Points Possible,,,,,1200\n"
		"\"Lovelace, Ada\",11,0301,y,Lab 1,1200\n"
		"\"Turing, Alan\",13,0303,x,Lab 2,599.6667\n"
		"\"Ann, Absent\",14,0304,z,Lab 2,\n"
		"\"Noether, Emmy\",15,,EMMY@example.edu,Lab 2,599.6667\n");
	assert_note(&setting, asked, "1 not found in from.csv, Canvas's own export, and left out: 0302");
	const struct asked other = {.system = "canvas", .from = CANVAS, .column = "Final"};
	assert_note(&setting, other, "worth 50 points in Canvas, the exam 1200");
}

static void canvas_files_in_other_forms(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	assert_text(&setting,
		(struct asked){.system = "canvas",
			.from = "LastName;FirstName;ID;SIS User ID;SIS Login ID;Integration ID;Section;Midterm (1)\n"
				"    Points Possible;;;;;;;1200\nLovelace;Ada;11;;y;0301;1;\n"},
		"LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Section,Midterm (1)\n"
		"Points Possible,,,,,,,1200\nLovelace,Ada,11,,y,0301,1,1200\n");
}

static void canvas_refusals(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	static const struct {
		struct asked asked;
		const char *words;
	} ROWS[] = {
		{{.system = "canvas", .from = CANVAS, .column = "Quiz"},
			"no item is named \"Quiz\"; name one with --column: "
			"\"Midterm\", \"Final\""},
		{{.system = "canvas", .column = "My Final Grade"}, "Canvas passes over columns named"},
		{{.system = "canvas", .from = "a,b\n1,2\n"}, "from.csv: this is no export of Canvas's"},
		{{.system = "canvas", .from = "Student,ID,SIS User ID,Section,Other\nA,1,0301,1,\n"},
			"from.csv: there is no item to take the points"},
		{{.system = "canvas", .from = "Student,ID,SIS User ID,Section,Midterm (1),Midterm (2)\nA,1,0301,1,,\n"},
			"2 items are named \"Midterm\"; give the whole header"},
		{{.system = "canvas",
			 .from = "Student,ID,SIS User ID,SIS Login ID,Section,Midterm (1)\nA,1,0301,0302,1,\n"},
			"the students 0301 and 0302 are found in the same row"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
		assert_refused(&setting, ROWS[i].asked, ROWS[i].words);
}

// An ID that two rows have finds neither of them.
static void a_doubled_id_finds_nobody(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	assert_text(&setting,
		(struct asked){.system = "canvas",
			.from = "Student,ID,SIS User ID,SIS Login ID,Section,Midterm "
				"(1)\nA,1,0301,u,1,\nB,2,0301,v,1,\n"
				"C,3,0302,w,1,\n"},
		"Student,ID,SIS User ID,SIS Login ID,Section,Midterm (1)\nPoints Possible,,,,,1200\nC,3,0302,w,1,0\n");
}

// --- Moodle

static void moodle_by_email(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	const struct asked asked = {.system = "moodle"};
	// The email's letters as they are; "-" and never an empty cell, which may become 0 in a new item.
	assert_text(&setting, asked,
		"Email address,Midterm\nada@example.edu,1200\nGrace@example.edu,0\nalan@example.edu,599.6667\n"
		"ann@example.edu,-\nemmy@example.edu,599.6667\n");
	assert_note(&setting, asked, "3 scores are above 100");
}

static void moodle_by_id_number_where_emails_lack_or_double(void **state)
{
	(void)state;
	static const char *const ROSTERS[] = {"student_id,email\n0301,\n0302,g@example.edu\n",
		"student_id,email\n0301,g@example.edu\n0302,g@example.edu\n", "student_id\n0301\n0302\n"};
	for (size_t i = 0; i < G_N_ELEMENTS(ROSTERS); i++) {
		SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTERS[i]);
		assert_text(&setting, (struct asked){.system = "moodle"}, "ID number,Midterm\n0301,1200\n0302,0\n");
	}
}

static void moodle_keys_of_its_own_export(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	assert_text(&setting,
		(struct asked){.system = "moodle",
			.from = "First name,Last name,ID number,Email address,Quiz: Midterm (Real),Course total "
				"(Real)\n"
				"Ada,L,0301,a@moodle.example,-,-\nGrace,H,0302,g@moodle.example,-,-\n"},
		"Email address,Midterm\na@moodle.example,1200\ng@moodle.example,0\n");
}

// "Quiz: (Real)": the item's name is what is left when both signs are off.
static void moodle_item_without_a_name(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	assert_text(&setting,
		(struct asked){.system = "moodle",
			.from = "ID number,Email address,Midterm (Real),Quiz: (Real)\n0301,a@moodle.example,-,-\n"},
		"Email address,Midterm\na@moodle.example,1200\n");
}

// --- Blackboard

static void blackboard_quotes_every_cell(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm [A|B]"), ROSTER);
	assert_text(&setting, (struct asked){.system = "blackboard"},
		"\"Username\",\"Midterm  A B  [Total Pts: 1200 Score]\"\n\"al1\",\"1200\"\n\"gh2\",\"0\"\n"
		"\"at3\",\"599.6667\"\n\"aa4\",\"\"\n\"en5\",\"599.6667\"\n");
	assert_note(&setting, (struct asked){.system = "blackboard"}, "will make a new column");
}

static void blackboard_takes_over_usernames_and_header(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	const struct asked asked = {.system = "blackboard",
		.from = "\"Last Name\",\"First Name\",\"Username\",\"Student ID\",\"Midterm [Total Pts: 40 Score] "
			"|3766016\","
			"\"Total [Total Pts: up to 100 Score] |7\"\n\"L\",\"Ada\",\"lovelace\",\"0301\",\"\",\"\"\n"
			"\"Ann\",\"A\",\"annbb\",\"0304\",\"\",\"\"\n"};
	assert_text(&setting, asked,
		"\"Username\",\"Midterm [Total Pts: 40 Score] |3766016\"\n\"lovelace\",\"1200\"\n\"annbb\",\"\"\n");
	assert_note(&setting, asked, "worth 40 points in Blackboard, the exam 1200");
}

// Its downloads are UTF-16 with tabs by default.
static void blackboard_downloads_as_they_come(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	const char *text = "\xEF\xBB\xBF\"Username\"\t\"Student ID\"\t\"Midterm [Total Pts: 1200 Score] |5\"\n"
			   "\"zo\xC3\xAB\"\t\"0301\"\t\"\"\n";
	gsize size = 0;
	g_autofree char *bytes = g_convert(text, -1, "UTF-16LE", "UTF-8", NULL, &size, NULL);
	CSV_IN_AUTO from = csv_in_parse("from.xls", bytes, size, NULL);
	assert_non_null(from);
	const struct export_request request = {"blackboard", from, "from.xls", NULL, false};
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *out = export_csv(setting.results, &request, notes, NULL);
	assert_string_equal(out, "\"Username\",\"Midterm [Total Pts: 1200 Score] |5\"\n\"zo\xC3\xAB\",\"1200\"\n");
}

// --- Brightspace

static void brightspace_marks_and_names(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("'CS 182/282A, 50% + = *'"), ROSTER);
	const struct asked asked = {.system = "brightspace"};
	assert_text(&setting, asked,
		"OrgDefinedId,Username,CS 182 282A 50 Points Grade,End-of-Line Indicator\n#0301,#al1,1200,#\n"
		"#0302,#gh2,0,#\n#0303,#at3,599.6667,#\n#0304,#aa4,,#\n#0305,#en5,599.6667,#\n");
	assert_note(&setting, asked, "the item is named \"CS 182 282A 50\"");
}

static void brightspace_takes_over_ids_and_header(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	assert_text(&setting,
		(struct asked){.system = "brightspace",
			.from = "OrgDefinedId,Username,Midterm Points Grade <Numeric MaxPoints:1200 "
				"Weight:10>,End-of-Line "
				"Indicator\n#0301,#ada.l,,#\n#8,#gh2,,#\n"},
		"OrgDefinedId,Username,Midterm Points Grade <Numeric MaxPoints:1200 Weight:10>,End-of-Line Indicator\n"
		"#0301,#ada.l,1200,#\n#8,#gh2,0,#\n");
}

// --- Gradescope

static void gradescope_has_the_columns_of_its_download(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	const struct asked asked = {.system = "gradescope", .final_only = true};
	assert_text(&setting, asked,
		"Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time,Lateness (H:M:S),"
		"View Count,Submission Count,1: Question 1 (600 pts),2: Question 2 (600 pts)\n"
		"\"Lovelace, Ada\",0301,ada@example.edu,101,1200,1200,Graded,,,,,,600,600\n"
		"Grace Hopper,0302,Grace@example.edu,101,0,1200,Graded,,,,,,0,0\n"
		"Alan Turing,0303,alan@example.edu,102,,1200,Ungraded,,,,,,,\n"
		"Absent Ann,0304,ann@example.edu,102,,1200,Missing,,,,,,,\n"
		"Emmy Noether,0305,emmy@example.edu,102,599.6667,1200,Graded,,,,,,600,-0.3333\n");
}

// --- all

static void all_say_who_is_left_out_and_what_is_not_final(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), ROSTER);
	for (const char *const *system = export_systems(); *system; system++) {
		struct asked asked = {.system = *system};
		g_autofree char *text = export_text(&setting, asked, NULL);
		assert_null(strstr(text, "9999"));
		assert_note(&setting, asked, "1 not on the roster and left out: 9999");
		assert_note(&setting, asked, "not final: 1 to review, 0 incomplete; their scores are in this file");
		asked.final_only = true;
		g_autofree char *final = export_text(&setting, asked, NULL);
		assert_non_null(strstr(text, "599.6667"));
		assert_true(strlen(final) < strlen(text));
		assert_note(&setting, asked, "they have no score in this file");
	}
}

static void scores_are_rounded_as_the_exam_says(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm") "rounding: {mode: down, to: 0.5}\n", ROSTER);
	for (const char *const *system = export_systems(); *system; system++) {
		g_autofree char *text = export_text(&setting, (struct asked){.system = *system}, NULL);
		assert_non_null(strstr(text, "599.5"));
		assert_null(strstr(text, "599.6"));
	}
}

static void without_a_roster_everybody_is_exported(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("Midterm"), NULL);
	assert_text(&setting, (struct asked){.system = "moodle"},
		"ID number,Midterm\n0301,1200\n0302,0\n0303,599.6667\n0305,599.6667\n9999,600\n");
}

static void cells_that_a_spreadsheet_would_run_are_defused(void **state)
{
	(void)state;
	SETTING_AUTO setting = make(EXAM_OF("=1+1"), "student_id,name\n0301,=cmd()\n");
	g_autofree char *text = export_text(&setting, (struct asked){.system = "canvas"}, NULL);
	assert_non_null(strstr(text, ",'=1+1\n"));
	assert_non_null(strstr(text, "\n'=cmd(),"));
}

// --- other programs' CSV files

static void csv_files_as_they_come(void **state)
{
	(void)state;
	static const struct {
		const char *text, *second;
	} ROWS[] = {
		{"a,b\n1,2\n", "2"},
		{"a;b\n1;2", "2"},
		{"a\tb\r\n1\t2\r\n", "2"},
		{"\"a;x\",b\n1,2\n", "2"},
		{"a,b\n\n,\n1,\"2\n3\"\n", "2\n3"},
		{"a,b\n1\n", ""},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		CSV_IN_AUTO table = csv_in_parse("t", ROWS[i].text, strlen(ROWS[i].text), NULL);
		assert_int_equal(csv_in_n_rows(table), 1);
		assert_int_equal(csv_in_find(table, "B"), 1);
		assert_string_equal(csv_in_cell(table, 0, 1), ROWS[i].second);
		assert_string_equal(csv_in_cell(table, 0, -1), "");
	}
}

static void csv_files_that_are_none(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	assert_null(csv_in_parse("t", "", 0, &error));
	assert_string_equal(error->message, "t: the file is empty");
	g_clear_error(&error);
	assert_null(csv_in_parse("t", "a\xff\n", 3, &error));
	assert_non_null(strstr(error->message, "not UTF-8"));
	g_clear_error(&error);
	g_autofree char *wide = g_strnfill(CSV_IN_MAX_COLUMNS + 1, ',');
	wide[0] = 'a';
	assert_null(csv_in_parse("t", wide, strlen(wide), &error));
	assert_non_null(strstr(error->message, "more than 4096 cells"));
	g_clear_error(&error);
	assert_null(csv_in_load("no/such/file.csv", &error));
	assert_non_null(strstr(error->message, "no/such/file.csv: "));
	g_clear_error(&error);
	// What never ends is read up to the cap.
	assert_null(csv_in_load("/dev/zero", &error));
	assert_non_null(strstr(error->message, "/dev/zero: larger than 64 MB"));
}

// --- the command

static int run(char **out, char **err, const char *const *words)
{
	int status = -1;
	assert_true(g_spawn_sync(
		NULL, (char **)(uintptr_t)words, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, err, &status, NULL));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_folder_alone_suffices(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-export-XXXXXX", NULL), *file = NULL, *out = NULL, *err = NULL;
	const char *const grade[] = {SHEAF_PROGRAM, "grade", "fixtures/cs182-midterm.yaml", "fixtures/scans",
		"--roster", "fixtures/roster.csv", "-o", folder, NULL};
	const char *const nothing[] = {SHEAF_PROGRAM, "export", folder, "canvas", NULL};
	assert_int_equal(run(NULL, &err, nothing), 1);
	assert_non_null(strstr(err, "nothing was graded into this folder"));
	assert_int_equal(run(NULL, NULL, grade), 0);
	file = g_build_filename(folder, "moodle.csv", NULL);
	const char *const moodle[] = {
		SHEAF_PROGRAM, "export", folder, "moodle", "-o", file, "--column", "Midterm", NULL};
	g_clear_pointer(&err, g_free);
	assert_int_equal(run(&out, &err, moodle), 0);
	assert_string_equal(out, "");
	assert_string_equal(err,
		"sheaf export: not final: 1 to review, 3 incomplete; their scores are in this file as they "
		"stand now (--final-only leaves them out)\n");
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_true(g_str_has_prefix(text, "Email address,Midterm\nzoe@example.edu,50\nwang@example.edu,0\n"));
	assert_true(g_str_has_suffix(text, "taro@example.edu,-\n"));
	const char *const wrong[] = {SHEAF_PROGRAM, "export", folder, "excel", NULL};
	g_clear_pointer(&err, g_free);
	assert_int_equal(run(NULL, &err, wrong), 2);
	assert_non_null(strstr(err, "there is no format 'excel'; there are canvas, moodle"));
	const char *const clean[] = {"/bin/rm", "-rf", folder, NULL};
	assert_int_equal(run(NULL, NULL, clean), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canvas_by_the_roster_alone),
		cmocka_unit_test(canvas_ids_of_the_roster),
		cmocka_unit_test(canvas_takes_over_ids_and_column_of_its_own_export),
		cmocka_unit_test(canvas_files_in_other_forms),
		cmocka_unit_test(canvas_refusals),
		cmocka_unit_test(a_doubled_id_finds_nobody),
		cmocka_unit_test(moodle_by_email),
		cmocka_unit_test(moodle_by_id_number_where_emails_lack_or_double),
		cmocka_unit_test(moodle_keys_of_its_own_export),
		cmocka_unit_test(moodle_item_without_a_name),
		cmocka_unit_test(blackboard_quotes_every_cell),
		cmocka_unit_test(blackboard_takes_over_usernames_and_header),
		cmocka_unit_test(blackboard_downloads_as_they_come),
		cmocka_unit_test(brightspace_marks_and_names),
		cmocka_unit_test(brightspace_takes_over_ids_and_header),
		cmocka_unit_test(gradescope_has_the_columns_of_its_download),
		cmocka_unit_test(all_say_who_is_left_out_and_what_is_not_final),
		cmocka_unit_test(scores_are_rounded_as_the_exam_says),
		cmocka_unit_test(without_a_roster_everybody_is_exported),
		cmocka_unit_test(cells_that_a_spreadsheet_would_run_are_defused),
		cmocka_unit_test(csv_files_as_they_come),
		cmocka_unit_test(csv_files_that_are_none),
		cmocka_unit_test(the_folder_alone_suffices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
