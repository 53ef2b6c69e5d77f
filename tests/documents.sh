# SPDX-License-Identifier: GPL-2.0-only
#
# The commands that a document shows, as its reader would type them, and how tests run them. It is
# sourced after tap.sh. $BUILD is absolute, and $run is a directory of the test, in which $run/here
# is the reader's.
# shellcheck shell=sh disable=SC2154

# commands_of FILE: prints a line for each command. Commands are the lines of blocks of code; if a
# block has prompts, only what follows one; in YAML, what is handed to a shell. Comments are left
# out.
commands_of()
{
	awk '
	/^ *```/ { language = substr($0, index($0, "```") + 3); inside = !inside; if (!inside) flush(); next }
	inside && language == "" { lines[++count] = $0; if (/^\$ /) prompts = 1 }
	inside && language == "yaml" && sub(/^ *(- )?(run: )?/, "") && /^(make|if|docker|podman) / { sub(/\x27$/, ""); print }
	function flush(i, line) {
		for (i = 1; i <= count; i++) {
			line = lines[i]
			if (prompts && !sub(/^\$ /, "", line)) continue
			if (!prompts && line !~ /^[a-z0-9.\/-]+ |^[A-Z_]+=[^ ]+ [a-z]/) continue
			sub(/  +# .*/, "", line)
			print line
		}
		count = prompts = 0
	}' "$1"
}

# transcript_of FILE COMMAND: prints what the document shows as the output of COMMAND.
transcript_of()
{
	command=$2 awk '
	/^ *```/ || /^\$ / { shown = 0 }
	shown { print }
	$0 == "$ " ENVIRON["command"] { shown = 1 }' "$1"
}

# normal: replaces numbers and the widths of columns, which differ from run to run.
normal() { awk '{ for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) $i = "N"; $1 = $1; print }'; }

# fits TRANSCRIPT OUTPUT: returns whether OUTPUT has the lines of TRANSCRIPT, one after the other; a
# line "..." stands for any number of lines.
fits()
{
	normal <"$2" >"$2.normal"
	normal <"$1" | awk -v output="$2.normal" '
	BEGIN { while ((getline line < output) > 0) said[++count] = line }
	$0 == "..." { gap = 1; next }
	{
		at++
		while (gap && at <= count && said[at] != $0) at++
		if (said[at] != $0) { print "not said: " $0; failed = 1; exit }
		gap = 0
	}
	END { exit failed }' >&2
}

# prepare_reader: makes what the reader of a document is supposed to have.
prepare_reader()
{
	mkdir -p "$run/here/arch/s390/boot" "$run/bin"
	ln -s "$BUILD/swcex" "$run/bin/swcex"
	ln -s "$BUILD" "$run/here/build"
	ln -s "$KIT/kernel/image" "$run/here/arch/s390/boot/bzImage"
	# shellcheck disable=SC2016 # for the script
	printf '%s\n' '#!/bin/sh' 'echo zcrypt >/sys/class/misc/hw_random/rng_current &&' \
		'dd if=/dev/hwrng of=/dev/null bs=4096 count=4 iflag=fullblock status=none' >"$run/here/run-tests"
	chmod 755 "$run/here/run-tests"
	cp "$run/here/run-tests" "$run/here/your-tests"
}

# type_command COMMAND: runs it as the reader would, and keeps what it says in $run/said. The place of
# modules is the kit's, and QEMU's other options are few.
type_command()
{
	line=$(printf '%s\n' "$1" | sed "s,/tmp/modules,$KIT/kernel/modules,
		s,^qemu-system-s390x \.\.\.,echo quit | $QEMU -M s390-ccw-virtio -nodefaults -display none -monitor stdio -S,")
	place=$run/here
	case $1 in
	make\ *) place=$PWD ;;
	esac
	(cd "$place" && PATH=$run/bin:$PATH && unset MAKEFLAGS MFLAGS && eval "$line") >"$run/said" 2>&1 </dev/null
}

# try_command FILE COMMAND: checks that COMMAND prints what the document shows or, if it shows
# nothing, succeeds. A transcript may be of a failure.
try_command()
{
	type_command "$2"
	status=$?
	transcript_of "$1" "$2" >"$run/transcript"
	if [ -s "$run/transcript" ]; then
		check "$1: $2" fits "$run/transcript" "$run/said"
	elif [ $status = 0 ]; then
		ok "$1: $2"
	else
		not_ok "$1: $2" "exit status $status: $(cat "$run/said")"
	fi
}
