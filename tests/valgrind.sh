#!/bin/bash
# The main job under Valgrind: a few of the bundled scans, the program and its workers. Says what was found.
#   valgrind.sh SHEAF EXAM ROSTER SCANS...
set -eu
sheaf=$1 exam=$2 roster=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Valgrind needs what the cage takes away. Its runs tell nothing of the cage, which tests/test_cage.c does.
SHEAF_UNCAGED=1 valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite \
	--suppressions=tests/valgrind.supp --child-silent-after-fork=no --log-file="$work/log-%p" \
	"$sheaf" grade "$exam" "$@" --roster "$roster" -o "$work/out" --jobs 1 >"$work/said" 2>&1 || {
	cat "$work/said" "$work"/log-*
	exit 1
}
if cat "$work"/log-* | grep -q .; then
	cat "$work"/log-*
	echo "valgrind: found something"
	exit 1
fi
grep "^Pages" "$work/said"
echo "valgrind: nothing found in $(find "$work" -name 'log-*' | wc -l) processes"
