#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files as C: assets.sh FILE... prints what review/assets.h declares.
set -eu

type_of() {
	case $1 in
	*.html) echo 'text/html; charset=utf-8' ;;
	*.js) echo 'text/javascript; charset=utf-8' ;;
	*.svg) echo 'image/svg+xml' ;;
	*.css) echo 'text/css; charset=utf-8' ;;
	esac
}

echo '#include "review/assets.h"'
n=0
for file in "$@"; do
	echo "static const unsigned char BYTES_$n[] = {"
	od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '};'
	n=$((n + 1))
done
echo 'const struct asset ASSETS[] = {'
n=0
for file in "$@"; do
	echo "	{\"$(basename "$file")\", \"$(type_of "$file")\", BYTES_$n, sizeof BYTES_$n},"
	n=$((n + 1))
done
echo '};'
echo 'const size_t N_ASSETS = sizeof ASSETS / sizeof ASSETS[0];'
