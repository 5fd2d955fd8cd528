#!/bin/bash
# Adds the tallies of accuracy.sh up and prints them, a column a profile. Fails if a page is lost or a mark silently wrong.
#   accuracy-table.sh FOLDER PROFILE...
set -eu
folder=$1
shift
for profile in "$@"; do
	cat "$folder/$profile"/*.tally | sed "s/^/$profile	/"
done | awk -F'\t' -v profiles="$*" '
# The upper end of the 95 % confidence interval of a Poisson mean after k events: 3.0 for none.
function upper(k,   low, high, mean, term, sum, i, j) {
	low = 0; high = 3 * k + 10
	for (j = 0; j < 60; j++) {
		mean = (low + high) / 2
		term = exp(-mean); sum = term
		for (i = 1; i <= k; i++) { term *= mean / i; sum += term }
		if (sum > 0.05) low = mean; else high = mean
	}
	return high
}
function row(name, values,   i, line) {
	line = sprintf("%-40.40s", name)
	for (i = 1; i <= n + 1; i++) line = line sprintf(" %12s", values[i])
	print line
}
function sums(name, by, what, field,   i, values, all) {
	all = 0
	for (i = 1; i <= n; i++) { values[i] = sum[p[i], by, what, field] + 0; all += values[i] }
	values[n + 1] = all
	row(name, values)
	return all
}
function share(name, part, whole,   i, values, a, b) {
	a = b = 0
	for (i = 1; i <= n; i++) {
		a += sum[p[i], "all", "all", part]; b += sum[p[i], "all", "all", whole]
		values[i] = sprintf("%.3f %%", 100 * sum[p[i], "all", "all", part] / (sum[p[i], "all", "all", whole] + 1e-9))
	}
	values[n + 1] = sprintf("%.3f %%", 100 * a / (b + 1e-9))
	row(name, values)
}
BEGIN { n = split(profiles, p, " ") }
$2 == "example" { examples[++n_examples] = $3; next }
{
	for (i = 4; i <= NF; i++) sum[$1, $2, $3, i] += $i
	if (!(($2, $3) in seen)) { seen[$2, $3] = 1; names[$2] = names[$2] "\t" $3 }
}
END {
	for (i = 1; i <= n; i++) head[i] = p[i]
	head[n + 1] = "all"
	row("", head)
	sums("pages", "all", "all", 4)
	sums("  read", "all", "all", 5)
	sums("  refused", "all", "all", 6)
	m = split(substr(names["refusal"], 2), kinds, "\t")
	for (k = 1; k <= m; k++) sums("    " kinds[k], "refusal", kinds[k], 6)
	lost = sums("  lost", "all", "all", 7)
	sums("positions (rings) read", "all", "all", 9)
	sums("items read", "all", "all", 8)
	share("clear items flagged", 11, 10)
	sums("doubtful items", "all", "all", 12)
	sums("  flagged", "all", "all", 13)
	print "flags, by reason"
	m = split(substr(names["reason"], 2), kinds, "\t")
	for (k = 1; k <= m; k++) sums("  " kinds[k], "reason", kinds[k], 8)
	silent = sums("SILENT ERRORS", "all", "all", 14)
	for (i = 1; i <= n + 1; i++) {
		k = positions = 0
		for (j = 1; j <= n; j++) if (i == j || i == n + 1) {
			k += sum[p[j], "all", "all", 14]; positions += sum[p[j], "all", "all", 9]
		}
		bound[i] = positions ? sprintf("%.1e", upper(k) / positions) : "-"
	}
	row("error rate a position, 95 % below", bound)
	for (i = 1; i <= n_examples && i <= 40; i++) print "  " examples[i]
	exit (silent > 0 || lost > 0)
}'
