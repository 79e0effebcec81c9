#!/bin/sh
# Reads "folder [files] [files] [files]" lines, as go list writes them, and prints the
# folders in whose files goroutines are started or shared things are guarded.
set -eu
while read -r dir files; do
	for f in $(printf '%s' "$files" | tr -d '[]'); do
		if grep -qE '^[[:space:]]*go (func|[a-z])|"sync(/atomic)?"' "$dir/$f"; then
			echo "$dir"
			break
		fi
	done
done
