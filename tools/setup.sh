#!/bin/sh
# Brings what the tests and the checks need: sh tools/setup.sh [test] [e2e] [check] [windows]
#
#   test    the servers of PostgreSQL, gcc, which the race detector needs, LibreOffice and poppler,
#           which open the papers, and letters as wide as those of Times New Roman
#   e2e     a browser, fonts with Vietnamese letters, Java, and the checkers of pages (axe, Nu)
#   windows Wine, and the compiler for Windows that an old Wine needs (tools/wine)
#   check   the linters, by exact version, into .tools/bin
#
# Packages are installed where this runs as root on a system with apt; elsewhere the one
# line to run is printed. Where nothing is missing it is done at once.
set -eu
cd "$(dirname "$0")/.."

# One version for everybody: a linter that is newer finds other things.
golangci_lint=v2.15.0
gofumpt=v0.12.0

bin=$PWD/.tools/bin
missing=

need() { # need PACKAGE COMMAND…: the package is missing unless one of the commands is there
	package=$1
	shift
	for found in "$@"; do
		if command -v "$found" >/dev/null 2>&1; then return; fi
	done
	missing="$missing $package"
}

install_packages() {
	if [ -z "$missing" ]; then return; fi
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		echo "setup: installing$missing"
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		# shellcheck disable=SC2086 # the names are to be split
		apt-get install -y -qq --no-install-recommends $missing >/dev/null
		return
	fi
	echo "setup: something is missing. On Debian or Ubuntu run:" >&2
	echo "    sudo apt-get install$missing" >&2
	exit 1
}

page_checkers() { # of pages: pinned by checksum in tools/vendor/lock.json
	if [ ! -f .tools/axe.min.js ] || [ ! -f .tools/vnu.jar ]; then go run ./tools/vendor -test; fi
}

tool() { # tool NAME MODULE VERSION: the version is kept in a file beside the program
	if [ "$(cat "$bin/$1.version" 2>/dev/null)" = "$3 $(go env GOVERSION)" ] && [ -x "$bin/$1" ]; then return; fi
	echo "setup: building $1 $3"
	GOBIN=$bin GOFLAGS=-mod=mod go install "$2@$3"
	echo "$3 $(go env GOVERSION)" >"$bin/$1.version"
}

for part in "${@:-test}"; do
	case $part in
	test)
		need libreoffice-writer-nogui soffice
		need libreoffice-calc-nogui soffice
		need poppler-utils pdftotext
		if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list "Liberation Serif")" ]; then missing="$missing fonts-liberation"; fi
		if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then need postgresql postgres; fi
		need gcc gcc cc clang
		;;
	e2e)
		need chromium chromium chromium-browser google-chrome
		need default-jre-headless java
		if command -v fc-list >/dev/null 2>&1; then
			if [ -z "$(fc-list :lang=vi)" ]; then missing="$missing fonts-dejavu-core"; fi
		else
			missing="$missing fontconfig fonts-dejavu-core"
		fi
		page_checkers
		;;
	check)
		mkdir -p "$bin"
		tool golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint "$golangci_lint"
		tool gofumpt mvdan.cc/gofumpt "$gofumpt"
		;;
	windows)
		need wine64 wine
		need wine wine
		need gcc-mingw-w64-x86-64-win32 x86_64-w64-mingw32-gcc
		;;
	*)
		echo "setup: $part is not one of test, e2e, check, windows" >&2
		exit 2
		;;
	esac
done
install_packages
