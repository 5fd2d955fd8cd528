// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_total_file.h"

#include "sheet/exam_total.h"

static const char *const section_keys[] = {"best", "weight", "worth", "minimum", "maximum", NULL};
static const char *const exam_keys[] = {"minimum", "maximum", NULL};
static const char *const rounding_keys[] = {"mode", "to", NULL};
static const char *const rounding_words[] = {"half-up", "half-even", "down", "up", NULL}; // enum rational_rounding

// A number that must be more than 0.
static bool read_positive(
	struct exam_reader *reader, const struct yaml_node *map, const char *key, struct rational *value)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	if (!exam_reader_number(reader, map, key, value))
		return false;
	return node == NULL || value->num > 0 || exam_reader_fail(reader, node->line, "`%s` must be more than 0", key);
}

// What makes the section's maximum so many points.
static bool set_worth(struct exam_builder *builder, struct exam_section *section, unsigned line)
{
	exam_builder_lend(builder);
	struct rational maximum = exam_section_maximum(builder->exam, section);
	if (maximum.num <= 0)
		return exam_reader_fail(&builder->reader, line,
			"`worth` needs a section on which points can be scored, bonus questions aside");
	return rational_divide(section->total.worth, maximum, &section->total.factor) ||
	       exam_reader_fail(&builder->reader, line, "`worth` makes too long a fraction; use simpler points");
}

static bool read_factor(struct exam_builder *builder, const struct yaml_node *map, struct exam_section *section)
{
	struct exam_reader *reader = &builder->reader;
	const struct yaml_node *worth = yaml_node_get(map, "worth"), *weight = yaml_node_get(map, "weight");
	if (worth != NULL && weight != NULL)
		return exam_reader_fail(
			reader, weight->key_line, "`weight` and `worth` exclude each other; delete one of them");
	if (!read_positive(reader, map, "weight", &section->total.factor) ||
		!read_positive(reader, map, "worth", &section->total.worth))
		return false;
	section->total.has_worth = worth != NULL;
	if (worth != NULL && !set_worth(builder, section, worth->line))
		return false;
	const struct yaml_node *given = worth != NULL ? worth : weight;
	return given == NULL || exam_account_factor(&builder->account, reader, section->total.factor, given->line);
}

static unsigned n_regular(struct exam_builder *builder, const struct exam_section *section)
{
	unsigned n = 0;
	for (unsigned i = 0; i < section->n_questions; i++)
		n += !g_array_index(builder->questions, struct exam_question, section->first_question + i).bonus;
	return n;
}

static bool read_best(struct exam_builder *builder, const struct yaml_node *map, struct exam_section *section)
{
	struct exam_reader *reader = &builder->reader;
	const struct yaml_node *best = yaml_node_get(map, "best");
	unsigned n = n_regular(builder, section);
	if (!exam_reader_count(reader, map, "best", 1, EXAM_MAX_QUESTIONS, &section->total.best))
		return false;
	return best == NULL || section->total.best < n ||
	       exam_reader_fail(reader, best->line,
		       "`best` is %u, but the section has only %u question%s to choose from, bonus questions aside",
		       section->total.best, n, n == 1 ? "" : "s");
}

static bool read_bounds(struct exam_builder *builder, const struct yaml_node *map, struct exam_bounds *bounds)
{
	return exam_bounds_read(&builder->reader, map, bounds) &&
	       exam_account_bounds(&builder->account, &builder->reader, bounds, map->line);
}

static bool fail_maximum(struct exam_builder *builder, const struct yaml_node *total)
{
	return exam_reader_fail(
		&builder->reader, total->line, "`total` leaves no points to score; raise its `maximum`");
}

// Which questions count, and what their sum is kept within.
static bool read_sum(struct exam_builder *builder, const struct yaml_node *total, struct exam_section *section)
{
	if (!read_best(builder, total, section) || !read_bounds(builder, total, &section->total.bounds))
		return false;
	exam_builder_lend(builder);
	return !section->total.bounds.has_maximum || exam_section_maximum(builder->exam, section).num > 0 ||
	       fail_maximum(builder, total);
}

bool exam_total_read_section(struct exam_builder *builder, const struct yaml_node *map, struct exam_section *section)
{
	const struct yaml_node *total = yaml_node_get(map, "total");
	exam_reader_enter(&builder->reader, "section %u", (unsigned)(section - builder->exam->sections) + 1);
	section->total = (struct exam_total){.factor = {1, 1}, .worth = RATIONAL_ZERO};
	section->total.bounds = EXAM_NO_BOUNDS;
	return total == NULL || (exam_reader_check_keys(&builder->reader, total, section_keys) &&
					read_sum(builder, total, section) && read_factor(builder, total, section));
}

static bool read_scale(struct exam_builder *builder)
{
	unsigned line = builder->rescaled_line;
	if (line == 0)
		return true;
	exam_builder_lend(builder);
	if (!exam_set_scale(builder->exam))
		return exam_reader_fail(&builder->reader, line,
			"`event: rescale` leaves no points in the exam to multiply; write `event: drop`");
	return exam_account_factor(&builder->account, &builder->reader, builder->exam->scale, line);
}

// One word, or a mapping with the grain.
static bool read_rounding(struct exam_builder *builder, const struct yaml_node *root)
{
	struct exam_reader *reader = &builder->reader;
	struct exam *exam = builder->exam;
	const struct yaml_node *node = yaml_node_get(root, "rounding");
	unsigned mode = RATIONAL_HALF_UP, decimals = 1;
	for (int i = 0; i < RATIONAL_DECIMALS; i++)
		decimals *= 10;
	exam->grain = rational_make(1, decimals);
	if (node == NULL)
		return true;
	if (node->kind == YAML_LIST)
		return exam_reader_fail(reader, node->line,
			"`rounding` must be a word such as half-up, or more: {mode: half-up, to: 0.5}");
	bool read = node->kind == YAML_MAP ? exam_reader_check_keys(reader, node, rounding_keys) &&
						     exam_reader_word(reader, node, "mode", rounding_words, &mode) &&
						     read_positive(reader, node, "to", &exam->grain)
					   : exam_reader_word(reader, root, "rounding", rounding_words, &mode);
	exam->rounds = true;
	exam->rounding = (enum rational_rounding)mode;
	return read && exam_account_value(&builder->account, reader, exam->grain, 1, node->line);
}

bool exam_total_read(struct exam_builder *builder, const struct yaml_node *root)
{
	struct exam *exam = builder->exam;
	const struct yaml_node *total = yaml_node_get(root, "total");
	exam_reader_enter(&builder->reader, "%s", "");
	exam->scale = rational_make(1, 1);
	exam->bounds = EXAM_NO_BOUNDS;
	if (!read_scale(builder) || !read_rounding(builder, root))
		return false;
	if (total == NULL)
		return true;
	if (!exam_reader_check_keys(&builder->reader, total, exam_keys) || !read_bounds(builder, total, &exam->bounds))
		return false;
	exam_builder_lend(builder);
	return exam_maximum(exam).num > 0 || fail_maximum(builder, total);
}
