#!/bin/bash
# What Auto Multiple Choice takes for pages of its own, as it reads no others: a sheet of 41 questions, 205 boxes on 3
# pages, made by it, as clean grey JPEGs of 300 dpi. Prints CPU ms a page of a bare decode and of its analysis, and the ratio.
# Nothing where it is not installed.
#   amc.sh TOOLS WORK      (TOOLS: the folder of the bench programs)
set -eu
tools=$(realpath "$1") work=$(realpath -m "$2")
command -v auto-multiple-choice >/dev/null || exit 0
rm -rf "$work"
mkdir -p "$work/data" "$work/cr" "$work/scans"
cd "$work"

{
	printf '%s\n' '\documentclass[a4paper]{article}' '\usepackage[box]{automultiplechoice}' '\begin{document}' '\onecopy{1}{' \
		'\namefield{\fbox{Name: \hspace*{6cm}}}'
	for i in $(seq 41); do
		printf '\\begin{question}{q%d} Question %d \\begin{choiceshoriz}\\correctchoice{A}' "$i" "$i"
		printf '\\wrongchoice{%s}' B C D E
		printf '\\end{choiceshoriz}\\end{question}\n'
	done
	printf '%s\n' '}' '\end{document}'
} >sheet.tex
auto-multiple-choice prepare --mode s --prefix "$work/" --data data --out-sujet sheet.pdf --out-corrige key.pdf \
	--out-calage sheet.xy --with pdflatex sheet.tex >prepare.log 2>&1
auto-multiple-choice meptex --src sheet.xy --data data >meptex.log 2>&1
pdftoppm -gray -r 300 -jpeg -jpegopt quality=80 sheet.pdf page
for copy in 1 2 3 4 5; do
	for page in page-*.jpg; do cp "$page" "scans/$copy-$page"; done
done
files=(scans/*.jpg)
bare=$("$tools/bench_measure" "$tools/bench_decode" "${files[@]}")
theirs=$("$tools/bench_measure" auto-multiple-choice analyse --projet "$work" --data data --cr cr --n-procs 1 --multiple \
	"${files[@]}" 2>analyse.log)
read -r bare_cpu _ <<<"$bare"
read -r cpu _ mb _ <<<"$theirs"
awk -v bare="$bare_cpu" -v cpu="$cpu" -v mb="$mb" -v n="${#files[@]}" 'BEGIN {
	printf "Auto Multiple Choice, %d clean pages of its own: bare decode %.2f, its analysis %.0f CPU ms a page, ratio %.0f, %.0f MB\n",
		n, bare * 1000 / n, cpu * 1000 / n, cpu / bare, mb }'
