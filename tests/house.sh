#!/bin/bash
# The rules of the house that no compiler checks: which room may include which, and how long functions and files may be.
#   house.sh FILE...
set -eu
MOST_LINES_OF_A_FUNCTION=70
MOST_LINES_OF_A_FILE=600

# Rooms that a file of room $1 may include, itself among them.
allowed() {
	case $1 in
	sheet) echo 'sheet' ;;
	scan) echo 'scan' ;;
	detect) echo 'detect|sheet' ;;
	grade) echo 'grade|sheet' ;;
	review) echo 'review|grade|sheet' ;;
	cli) echo 'cli|review|grade|detect|scan|sheet' ;;
	fixtures | tests) echo '[a-z]*' ;;
	*) echo 'nothing' ;;
	esac
}

found=0
complain() {
	echo "$1"
	found=1
}

for file in "$@"; do
	room=${file%%/*}
	wrong=$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" | grep -vE "\"($(allowed "$room"))/" || true)
	[ -z "$wrong" ] || complain "$file: $room may include only $(allowed "$room"), by paths from the top folder:
$wrong"
	lines=$(wc -l <"$file")
	[ "$lines" -le "$MOST_LINES_OF_A_FILE" ] || complain "$file: $lines lines; $MOST_LINES_OF_A_FILE are the most"
done

long=$(ctags -x --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne --_xformat='%F:%n %N %{end}' "$@" |
	awk -v most="$MOST_LINES_OF_A_FUNCTION" '{split($1, at, ":"); n = $3 - at[2] + 1
		if (n > most) print $1 ": " $2 " has " n " lines; " most " are the most"}')
[ -z "$long" ] || complain "$long"
exit $found
