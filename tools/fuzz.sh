#!/bin/sh
# Runs every fuzz test of the module in turn: sh tools/fuzz.sh 20s
set -eu
cd "$(dirname "$0")/.."
grep -rlE '^func Fuzz' --include='*_test.go' . | while read -r file; do
	package=./$(dirname "$file")
	grep -ohE '^func Fuzz[A-Za-z0-9_]*' "$file" | while read -r _ name; do
		echo "$package $name"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "${1:-20s}" "$package"
	done
done
