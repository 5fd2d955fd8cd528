// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/rulings.h"

#include <string.h>

#define NOT_READ "not read: enter what is marked on the paper"

struct rulings {
	GPtrArray *decisions;
	GHashTable *by_subject; // text of what it is about -> the last struct decision * that holds
	GHashTable *by_page;    // text of a page -> GPtrArray of the decisions about its marks that hold
	GHashTable *undone;     // id (in the decision) -> itself
	GHashTable *pages;      // texts of the pages that were asked for
};

// What a decision is about; two about the same replace each other. Owned by the caller.
static char *subject(enum decision_kind kind, const char *content, unsigned number, const char *item,
	const char *student, unsigned page)
{
	switch (kind) {
	case DECISION_MARK:
		return g_strdup_printf("mark %s %u %s", content, number, item);
	case DECISION_MISSING:
		return g_strdup_printf("missing %u %s", page, student);
	case DECISION_STRANGER:
		return g_strdup_printf("stranger %s", student);
	default:
		return g_strdup_printf("%s %s %u", decision_kind_text(kind), content, number);
	}
}

static char *page_key(const char *content, unsigned number)
{
	return g_strdup_printf("%s %u", content, number);
}

static void note_undone(struct rulings *rulings)
{
	for (guint i = 0; i < rulings->decisions->len; i++) {
		struct decision *decision = g_ptr_array_index(rulings->decisions, i);
		if (decision->kind == DECISION_UNDO)
			g_hash_table_add(rulings->undone, &decision->undoes);
	}
}

static void note_mark(struct rulings *rulings, struct decision *decision)
{
	char *key = page_key(decision->content, decision->number);
	GPtrArray *marks = g_hash_table_lookup(rulings->by_page, key);
	if (!marks) {
		marks = g_ptr_array_new();
		g_hash_table_insert(rulings->by_page, key, marks);
	} else {
		g_free(key);
	}
	g_ptr_array_add(marks, decision);
}

struct rulings *rulings_new(GPtrArray *decisions)
{
	struct rulings *rulings = g_new(struct rulings, 1);
	*rulings = (struct rulings){
		.decisions = decisions,
		.by_subject = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.by_page = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref),
		.undone = g_hash_table_new(g_int64_hash, g_int64_equal),
		.pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	note_undone(rulings);
	for (guint i = 0; i < decisions->len; i++) {
		struct decision *decision = g_ptr_array_index(decisions, i);
		if (decision->kind == DECISION_UNDO || g_hash_table_contains(rulings->undone, &decision->id))
			continue;
		g_hash_table_replace(rulings->by_subject,
			subject(decision->kind, decision->content, decision->number, decision->item, decision->student,
				decision->page),
			decision);
		if (decision->kind == DECISION_MARK)
			note_mark(rulings, decision);
	}
	return rulings;
}

void rulings_free(struct rulings *rulings)
{
	if (!rulings)
		return;
	g_hash_table_unref(rulings->by_subject);
	g_hash_table_unref(rulings->by_page);
	g_hash_table_unref(rulings->undone);
	g_hash_table_unref(rulings->pages);
	g_ptr_array_unref(rulings->decisions);
	g_free(rulings);
}

const GPtrArray *rulings_decisions(const struct rulings *rulings)
{
	return rulings->decisions;
}

const struct decision *rulings_find(
	const struct rulings *rulings, enum decision_kind kind, const char *content, unsigned number, const char *item)
{
	g_autofree char *about = rulings ? subject(kind, content, number, item, "", 0) : NULL;
	return about ? g_hash_table_lookup(rulings->by_subject, about) : NULL;
}

// --- pages

static struct answers_mark *find_mark(const struct answers *answers, const struct layout *layout, const char *item)
{
	for (unsigned i = 0; i < answers->n_marks; i++)
		if (strcmp(layout->items[answers->marks[i].item].id, item) == 0)
			return &answers->marks[i];
	return NULL;
}

static void apply_mark(const struct decision *decision, const struct layout *layout, struct answers *answers)
{
	struct answers_mark *mark = find_mark(answers, layout, decision->item);
	const struct exam_item *item = mark ? layout->items[mark->item].exam_item : NULL;
	exam_choices choices = 0;
	if (!item || (*decision->becomes && !exam_choices_parse(item, decision->becomes, &choices)))
		return;
	mark->marked = choices;
	mark->review = false;
	mark->decided = true;
	g_clear_pointer(&mark->reason, g_free);
}

// A page of which nothing could be read, for a person to enter.
static struct answers *by_hand(const struct layout *layout, const char *student, unsigned page)
{
	struct answers *answers = g_new0(struct answers, 1);
	answers->outcome = ANSWERS_READ;
	answers->student = g_strdup(student);
	answers->page = page;
	answers_make_room(answers, layout);
	for (unsigned i = 0; i < layout->n_items; i++)
		if (layout->items[i].page == page && layout->items[i].exam_item)
			answers->marks[answers->n_marks++] =
				(struct answers_mark){.item = i, .review = true, .reason = g_strdup(NOT_READ)};
	return answers;
}

static void apply_identity(const struct decision *decision, const struct layout *layout, struct answers **answers)
{
	const char *student = decision->becomes;
	if ((*answers)->outcome == ANSWERS_READ) {
		(*answers)->form = decision->item[0] ? decision->item[0] : (*answers)->form;
		return;
	}
	struct answers *identified = answers_identified(*answers, layout, student, decision->page);
	if (!identified && decision->page >= 1 && decision->page <= layout->n_pages)
		identified = by_hand(layout, student, decision->page);
	if (!identified)
		return;
	identified->form = decision->item[0];
	answers_free(*answers);
	*answers = identified;
}

void rulings_apply(struct rulings *rulings, const char *content, unsigned number, const struct layout *layout,
	struct answers **answers, struct page_ruling *ruling)
{
	*ruling = (struct page_ruling){0};
	if (!rulings || !rulings->decisions->len)
		return;
	char *key = page_key(content, number);
	const struct decision *identity = rulings_find(rulings, DECISION_IDENTITY, content, number, "");
	const GPtrArray *marks = g_hash_table_lookup(rulings->by_page, key);
	ruling->set_aside = rulings_find(rulings, DECISION_SET_ASIDE, content, number, "");
	if (identity) {
		apply_identity(identity, layout, answers);
		if ((*answers)->outcome == ANSWERS_READ)
			ruling->student = identity->becomes;
	}
	for (guint i = 0; marks && i < marks->len; i++)
		apply_mark(g_ptr_array_index(marks, i), layout, *answers);
	g_hash_table_add(rulings->pages, key);
}

// --- students

bool rulings_page_is_lost(struct rulings *rulings, const char *student, unsigned page)
{
	g_autofree char *about = rulings ? subject(DECISION_MISSING, "", 0, "", student, page) : NULL;
	return about && g_hash_table_contains(rulings->by_subject, about);
}

bool rulings_student_may_stay(struct rulings *rulings, const char *student)
{
	g_autofree char *about = rulings ? subject(DECISION_STRANGER, "", 0, "", student, 0) : NULL;
	return about && g_hash_table_contains(rulings->by_subject, about);
}

const char *rulings_state(const struct rulings *rulings, const struct decision *decision)
{
	if (decision->kind == DECISION_UNDO)
		return "holds";
	if (g_hash_table_contains(rulings->undone, &decision->id))
		return "undone";
	g_autofree char *about = subject(
		decision->kind, decision->content, decision->number, decision->item, decision->student, decision->page);
	if (g_hash_table_lookup(rulings->by_subject, about) != decision)
		return "replaced";
	g_autofree char *key = page_key(decision->content, decision->number);
	return !*decision->content || g_hash_table_contains(rulings->pages, key) ? "holds" : "reopened";
}
