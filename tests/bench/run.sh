#!/bin/bash
# How many pages a second are read, over clean scans of one exam; then the benches of single steps, if there are any.
#   run.sh SHEAF SIMULATE EXAM ROSTER PAGES BENCH...
set -eu
sheaf=$1 simulate=$2 exam=$3 roster=$4 pages=$5
shift 5
folder=build/bench/$pages
if [ ! -d "$folder/scans" ]; then
	rm -rf "$folder"
	"$simulate" "$exam" --roster "$roster" -o "$folder" --profile clean --dpi 200 --pages "$pages" >/dev/null
fi
for jobs in 1 "$(nproc)"; do
	start=$(date +%s%N)
	rm -rf "$folder/results" # or its session would know every page
	"$sheaf" grade "$exam" "$folder/scans" --roster "$folder/roster.csv" -o "$folder/results" --jobs "$jobs" >/dev/null
	end=$(date +%s%N)
	awk -v pages="$pages" -v jobs="$jobs" -v ns=$((end - start)) 'BEGIN {
		printf "%d pages, %d at once: %.2f s, %.1f pages a second\n", pages, jobs, ns / 1e9, pages * 1e9 / ns}'
done
