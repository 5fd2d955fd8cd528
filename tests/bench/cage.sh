#!/bin/bash
# What the cage costs: the same stack read with and without it, turn about, and the ratio of the least processor time that
# either took. One number from one run, so that other programs on the machine disturb both alike.
#   cage.sh SHEAF EXAM SCANS [ROUNDS]
set -eu
sheaf=$1 exam=$2 scans=$3 rounds=${4:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Processor seconds, the program's and its workers', of reading the stack anew.
cost() {
	rm -rf "$work/out"
	TIMEFORMAT='%U %S'
	{ time env "$@" "$sheaf" grade "$exam" "$scans" -o "$work/out" --jobs 1 >/dev/null; } 2>&1 | tail -n 1 |
		awk '{printf "%.3f\n", $1 + $2}'
}

for _ in $(seq "$rounds"); do
	cost CAGED=1 >>"$work/caged"
	cost SHEAF_UNCAGED=1 2>/dev/null >>"$work/uncaged"
done
caged=$(sort -n "$work/caged" | head -n 1) uncaged=$(sort -n "$work/uncaged" | head -n 1)
awk -v caged="$caged" -v uncaged="$uncaged" -v rounds="$rounds" 'BEGIN {
	printf "caged %.3f s, uncaged %.3f s: the cage costs %.1f %% (best of %d)\n", caged, uncaged, 100 * (caged / uncaged - 1), rounds}'
