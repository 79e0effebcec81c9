#!/bin/sh
# Runs every fuzz test of the module in turn, each for so long: sh tools/fuzz.sh 10m
#
# What a run found worth keeping stays in .tools/fuzz and is where the next run begins; a
# breach is written into the testdata of its package, to be committed with its mend.
set -eu
cd "$(dirname "$0")/.."
corpus=$PWD/.tools/fuzz
grep -rlE '^func Fuzz' --include='*_test.go' internal | sort | while read -r file; do
	package=./$(dirname "$file")
	grep -ohE '^func Fuzz[A-Za-z0-9_]*' "$file" | while read -r _ name; do
		echo "$package $name"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "${1:-10m}" "$package" -args -test.fuzzcachedir="$corpus/$(basename "$package")"
	done
done
