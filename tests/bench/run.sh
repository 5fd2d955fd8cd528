#!/bin/bash
# What reading costs, against what decoding the same files costs. Every number is the least of several runs, taken in
# turns, so that both sides of a ratio see the same machine.
#   run.sh SHEAF SIMULATE EXAM ROSTER PAGES TOOLS      (TOOLS: the folder of the bench programs)
# BENCH_CURVE: sizes of batches, for the curve; "100 1000" unless given. BENCH_CURVE_SET: of which pages; "grey" unless
# given, or colour, png, bits, g4. BENCH_RUNS: 5 unless given. BENCH_PARTS: of the report; all unless given.
set -eu
sheaf=$1 simulate=$2 exam=$3 roster=$4 pages=$5 tools=$6
runs=${BENCH_RUNS:-5} curve=${BENCH_CURVE:-100 1000} curve_set=${BENCH_CURVE_SET:-grey}
parts=${BENCH_PARTS:-formats stages workers batches start}
worker_pages=400
folder=build/bench/$pages
work=$folder/work
mkdir -p "$work"

if [ ! -e "$folder/made" ]; then
	echo "Making $pages pages, and the same in other formats …"
	rm -rf "$folder/pages" "$folder/sets"
	"$simulate" "$exam" --roster "$roster" -o "$folder/pages" --profile office --dpi 300 --seed 5 --format jpeg \
		--real none --pages "$pages" >/dev/null
	mkdir -p "$folder/sets"
	ln -sfn ../pages/scans "$folder/sets/grey"
	"$tools/bench_sets" "$folder/pages/scans" "$folder/sets"
	touch "$folder/made"
fi
roster=$folder/pages/roster.csv

# CPU seconds, wall seconds, most MB of any process, most MB of a worker, of: a first run of sheaf over a folder.
grade() { # scans jobs; on: taskset and where, or nothing
	rm -rf "$work/results" # or its session would know every page
	# shellcheck disable=SC2086 # words of our own: where it is to run
	${on:-} "$tools/bench_measure" "$sheaf" grade "$exam" "$1" --roster "$roster" -o "$work/results" --jobs "$2"
}

# Least CPU and wall seconds, most MB of each kind, of lines of these.
best() {
	awk 'NR == 1 || $1 < cpu { cpu = $1 } NR == 1 || $2 < wall { wall = $2 } $3 > mb { mb = $3 } $4 > worker { worker = $4 } END { print cpu, wall, mb, worker + 0 }'
}

# A set against the bare decoder: sets bare and ours to "CPU wall MB MB".
compare() { # set
	local scans=$folder/sets/$1/ files i
	files=$(ls "$folder/sets/$1"/*)
	[ "$1" != pdf ] || files=$(ls "$folder"/sets/grey/*)
	: >"$work/bare"
	: >"$work/ours"
	for ((i = 0; i < runs; i++)); do
		# shellcheck disable=SC2086 # names without spaces, of our own making
		"$tools/bench_measure" "$tools/bench_decode" $files >>"$work/bare"
		grade "$scans" 1 >>"$work/ours"
	done
	bare=$(best <"$work/bare")
	ours=$(best <"$work/ours")
}

formats() {
	echo
	echo "$pages pages of 300 dpi, $(basename "$exam"), one worker; CPU ms a page, start and gradebook included"
	echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) processors"
	echo
	echo "format            bare decode   sheaf   ratio    goal      bar   pages a minute   peak MB: any process, a worker"
	grey=""
	while read -r set name goal bar; do
		compare "$set"
		[ "$set" != grey ] || grey=$(echo "$ours" | cut -d' ' -f1)
		echo "$name $goal $bar $bare $ours $pages $grey" | awk '{
			n = $12; bare = $4 * 1000 / n; ours = $8 * 1000 / n; ratio = $4 > 0 ? ours / bare : 0
			if ($1 == "image-only_PDF") ratio = $8 / $13
			gsub("_", " ", $1)
			printf "%-18s %10.2f %7.2f %7.3f %7s %8s %16.0f %12.1f %8.1f\n", $1, bare, ours, ratio, $2, $3, 60 * n / $8, $10, $11 }'
	done <<END
grey grey_JPEG 1.10 1.25
colour colour_JPEG 1.10 1.25
png 8-bit_PNG 1.05 1.10
bits bilevel_PNG <6_ms <6_ms
g4 G4_TIFF <6_ms <6_ms
pdf image-only_PDF 1.05 1.05
END
	echo "(the ratio of the PDF is to its images as files)"
	"$(dirname "$0")/amc.sh" "$tools" "$folder/amc" || echo "Auto Multiple Choice is installed, but its analysis failed: see $folder/amc"
}

stages() {
	echo
	echo "CPU ms a page by stage, grey JPEG"
	"$tools/bench_stages" "$exam" "$folder"/sets/grey/*
}

# So many pages: those of a set under other names, again and again. Each name is a file of its own to the session: what
# was read of one is not taken for another with the same bytes.
fill_batch() { # set pages
	rm -rf "$work/batch"
	for ((i = 0; i < $2; i += pages)); do
		mkdir -p "$work/batch/$i"
		find "$folder/sets/$1/" -type f | sort | head -n $(($2 - i)) | xargs cp -l -t "$work/batch/$i"
	done
}

# Wall time on one processor, which everything has to share, and on all of them, by turns.
workers() {
	local i all
	all=$(nproc)
	echo
	echo "processors, $worker_pages pages    wall s   times one   peak MB: any process, a worker"
	fill_batch grey "$worker_pages"
	: >"$work/one"
	: >"$work/single"
	: >"$work/ours"
	for ((i = 0; i < runs; i++)); do
		on="taskset -c 0" grade "$work/batch" 1 >>"$work/one"
		grade "$work/batch" 1 >>"$work/single"
		grade "$work/batch" "$all" >>"$work/ours"
	done
	rm -rf "$work/batch"
	while read -r name set; do
		echo "$name $(best <"$work/$set") $(best <"$work/one")" |
			awk '{ gsub("_", " ", $1); printf "%-24s %8.2f %11.2f %12.1f %8.1f\n", $1, $3, $7 / $3, $4, $5 }'
	done <<END
1,_1_worker one
$all,_1_worker single
$all,_${all}_workers ours
END
}

batches() {
	echo
	echo "batch, $curve_set    CPU ms a page   wall s   peak MB: any process, a worker   (the same $pages pages again and again)"
	for size in $curve; do
		fill_batch "$curve_set" "$size"
		grade "$work/batch" "$(nproc)" |
			awk -v n="$size" '{ printf "%-12d %15.2f %8.2f %12.1f %8.1f\n", n, $1 * 1000 / n, $2, $3, $4 }'
	done
	rm -rf "$work/batch"
}

start() {
	echo
	: >"$work/ours"
	for ((i = 0; i < 20; i++)); do "$tools/bench_measure" "$sheaf" --version >>"$work/ours"; done
	best <"$work/ours" | awk '{ printf "start-up: %.1f ms of CPU, %.1f ms on the clock (goal: under 20)\n", $1 * 1000, $2 * 1000 }'
	grade "$folder/sets/grey/" 1 >/dev/null
	rm -rf "$work/many"
	"$tools/bench_session" "$exam" "$work/results" "$work/many" 10000
	: >"$work/ours"
	for i in 1 2 3; do
		"$tools/bench_measure" "$sheaf" grade "$exam" -o "$work/many" --roster "$work/many/roster.csv" >>"$work/ours"
	done
	best <"$work/ours" | awk '{ printf "grading 10,000 students from the session: %.2f s of CPU, %.2f s on the clock, %.0f MB (goal: under 2 s)\n", $1, $2, $3 }'
}

for part in $parts; do "$part"; done
rm -rf "$work"
