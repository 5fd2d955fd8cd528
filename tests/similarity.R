# SPDX-License-Identifier: GPL-3.0-or-later
# K2 and S2 of every ordered pair by R's own lm, glm, pbinom and ppois, from files in the folder given:
# tests/test_similarity.c compares.
#   marks.csv  a row a student, a column a row of bubbles: what is marked, bit by bit, 0 for blank
#   right.csv  the same, 1 where it is right
#   guess.csv  how likely a guess has each row right
# Prints "copier source k2 s2" lines, papers counted from 0.
folder <- commandArgs(trailingOnly = TRUE)[1]
table_of <- function(name) as.matrix(read.csv(file.path(folder, name), header = FALSE))
marks <- table_of("marks.csv")
right <- table_of("right.csv") == 1
guess <- as.vector(table_of("guess.csv"))
n <- nrow(marks)
items <- ncol(marks)
wrong <- marks != 0 & !right
w <- rowSums(wrong)

known <- function(group) colMeans(right[w == group, , drop = FALSE])
weights <- t(sapply(w, function(group) (exp(1) * (1 + guess) / (1 - guess))^(-(1 + guess) / guess * known(group))))

for (s in 1:n) {
	same <- sapply(1:n, function(i) sum(wrong[i, ] & wrong[s, ] & marks[i, ] == marks[s, ]))
	star <- same + sapply(1:n, function(i) sum(weights[i, right[i, ] & right[s, ]]))
	group <- w[-s]
	x <- sort(unique(group))
	q <- x / items
	share <- as.vector(tapply(same[-s], group, mean)) / max(w[s], 1)
	mean_star <- as.vector(tapply(star[-s], group, mean))
	parabola <- lm(share ~ q + I(q^2))
	line <- suppressWarnings(glm(mean_star ~ x, family = poisson, control = list(epsilon = 1e-15, maxit = 100)))
	p <- pmin(pmax(predict(parabola, data.frame(q = w / items)), 0.001), 0.999)
	mu <- pmin(exp(predict(line, data.frame(x = w))), items)
	k2 <- pbinom(same - 1, w[s], p, lower.tail = FALSE)
	s2 <- ppois(floor(star + 1e-9) - 1, mu, lower.tail = FALSE) - ppois(items, mu, lower.tail = FALSE)
	for (i in setdiff(1:n, s)) cat(i - 1, s - 1, sprintf("%.17g %.17g", k2[i], s2[i]), "\n")
}
