# SPDX-License-Identifier: GPL-3.0-or-later
# The numbers of item analysis by R's own functions, from files in the folder given: tests/test_analysis.c compares.
#   points.csv  a row a student, a column a question
#   rows.csv    for each row of bubbles: its question, its key as a number, its choices; from 1
#   marks.csv   a row a student, a column a row of bubbles: what is marked, bit by bit
#   most.csv    the questions' maxima
# Prints "name value" lines.
folder <- commandArgs(trailingOnly = TRUE)[1]
table_of <- function(name) as.matrix(read.csv(file.path(folder, name), header = FALSE))
emit <- function(name, value) cat(name, sprintf("%.17g", value), "\n")

x <- table_of("points.csv")
most <- as.vector(table_of("most.csv"))
rows <- table_of("rows.csv")
marks <- table_of("marks.csv")
n <- nrow(x)
k <- ncol(x)
total <- rowSums(x)
size <- max(floor((27 * n + 50) / 100), 1)

# Students who tie at the border count by shares.
upper <- function(score) {
	cut <- sort(score, decreasing = TRUE)[size]
	ifelse(score > cut, 1, ifelse(score == cut, (size - sum(score > cut)) / sum(score == cut), 0))
}
lower <- function(score) upper(-score)
alpha <- function(x) ncol(x) / (ncol(x) - 1) * (1 - sum(apply(x, 2, var)) / var(rowSums(x)))

emit("mean", mean(total))
emit("deviation", sd(total))
emit("median", median(total))
emit("quartile.1", quantile(total, 0.25))
emit("quartile.3", quantile(total, 0.75))
emit("lowest", min(total))
emit("highest", max(total))
emit("alpha", alpha(x))
emit("sem", sd(total) * sqrt(1 - alpha(x)))
for (j in 1:k) {
	name <- function(what) paste0("question.", j, ".", what)
	emit(name("mean"), mean(x[, j]))
	emit(name("deviation"), sd(x[, j]))
	emit(name("difficulty"), mean(x[, j]) / most[j])
	apart <- weighted.mean(x[, j], upper(total)) - weighted.mean(x[, j], lower(total))
	emit(name("discrimination"), apart / most[j])
	emit(name("correlation"), cor(x[, j], total - x[, j]))
	emit(name("alpha"), alpha(x[, -j]))
}
for (r in seq_len(nrow(rows))) {
	rest <- total - x[, rows[r, 1]]
	right <- as.numeric(marks[, r] == rows[r, 2])
	name <- function(what) paste0("row.", r, ".", what)
	emit(name("difficulty"), mean(right))
	emit(name("discrimination"), weighted.mean(right, upper(total)) - weighted.mean(right, lower(total)))
	emit(name("correlation"), suppressWarnings(cor(right, rest)))
	group <- floor(5 * (rank(rest) - 0.5) / n)
	for (choice in seq_len(rows[r, 3])) {
		chosen <- marks[, r] == 2^(choice - 1)
		name <- function(what) paste0("row.", r, ".", choice, ".", what)
		emit(name("n"), sum(chosen))
		emit(name("rest"), mean(rest[chosen]))
		emit(name("correlation"), suppressWarnings(cor(as.numeric(chosen), rest)))
		emit(name("upper"), sum(upper(rest)[chosen]))
		emit(name("lower"), sum(lower(rest)[chosen]))
		for (g in 0:4) emit(name(paste0("curve.", g)), mean(chosen[group == g]))
	}
}
