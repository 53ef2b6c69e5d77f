#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each command that a document shows does what the document says. What takes longer than a test may,
# or a tool that is not Debian's, is run elsewhere: then that place has it. Options that documents name
# exist, and the man page has each.
#
# timeout: 180
exec 3>&1 1>&2
. tests/tap.sh
. "$BUILD/lab/config"
. tests/documents.sh

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
BUILD=$(readlink -f "$BUILD")
mkdir "$run/tmp"
export TMPDIR="$run/tmp"
prepare_reader

# A pattern, the file that runs such commands, and the words by which it does. A line here whose
# command is in no document is found by nobody.
elsewhere='make run|tests/newcomer|sed -n
make check|.ci/run|check
make check-unit|.ci/run|check
make check TEST=*|.ci/run|check
make check-clients*|tests/build.mk|tests/clients/run
make kit-bundle|tests/system/fetch.sh|fetch bundle
SWCEX_BUNDLE=*|tests/system/fetch.sh|SWCEX_BUNDLE=
if *make kit-bundle*|tests/system/fetch.sh|fetch bundle
make ARCH=s390 *|lab/debug.sh|bzImage
podman *|tests/newcomer|Containerfile
docker *|tests/newcomer|Containerfile
swcex run --root debian:*|tests/debian-root|try_command'

# place_of COMMAND: sets $file and $words, or fails. Patterns are the shell's.
place_of()
{
	while IFS='|' read -r pattern file words; do
		# shellcheck disable=SC2254 # a pattern
		case $1 in
		$pattern) return ;;
		esac
	done <<-END
	$elsewhere
	END
	return 1
}

for document in README.md docs/testing.md docs/ci.md docs/hacking.md; do
	commands_of "$document" >"$run/commands"
	check "$document has commands" test -s "$run/commands"
	while read -r command <&4; do
		if place_of "$command"; then
			check "$document: $command: $file runs it" grep -qF -- "$words" "$file"
		else
			try_command "$document" "$command"
		fi
	done 4<"$run/commands"
done

# Targets and tests that make is told to make are there.
for document in README.md docs/*.md; do
	commands_of "$document" | grep '^make ' | grep -v ARCH= >"$run/commands"
	while read -r command <&4; do
		check "$document: $command: there are such targets" \
			env -u MAKEFLAGS -u MFLAGS sh -c "${command%% #*} -n >/dev/null"
		case $command in
		*CLIENTS=*)
			check "$document: $command: there is such a client" \
				grep -E "^clients=.*\\<${command##*CLIENTS=}\\>" tests/clients/run
			;;
		esac
	done 4<"$run/commands"
done

# Of one command, the man page, --help and docs/testing.md are three views.
"$BUILD/swcex" run --help | grep -o -- ' --[a-z][a-z-]*' | tr -d ' ' | sort -u >"$run/options"
sed -n 's/^\.It Fl //p' docs/man/swcex-run.1 | tr -d '\\' | tr ' ' '\n' |
	sed -n 's/^-\([a-z-]*\)$/--\1/p' | sort -u >"$run/described"
same "the man page has the options that there are" "$(cat "$run/options")" "$(cat "$run/described")"
# Commands in VMs, behind a prompt such as guest2#, have options of their own.
sed '/make \|podman\|docker/d; /^[a-z0-9][a-z0-9]*# /d; s/ -- .*//' docs/testing.md README.md | grep -oh -- '--[a-z][a-z-]*' | sort -u >"$run/named"
same "documents name no others" "" "$(comm -23 "$run/named" "$run/options")"
finish
