# SPDX-License-Identifier: GPL-2.0-only
#
# The processor time of a VM's QEMU and of swcexd, by what their threads are for.
# shellcheck shell=sh

# threads QEMU [SWCEXD]: these processes' threads: process, thread, nanoseconds, name.
threads() {
	for process; do
		for task in "/proc/$process/task"/*; do
			# A thread may have ended meanwhile.
			# shellcheck disable=SC2162 # names have no backslash
			{ read thread_time _ <"$task/schedstat" && read thread_name <"$task/comm"; } 2>/dev/null || continue
			printf '%s\n' "$process ${task##*/} $thread_time $thread_name"
		done
	done
}

# kinds QEMU SWCEXD BEFORE AFTER REQUESTS: of what threads() printed before and after so many requests, the
# microseconds per request of: vCPUs, QEMU's loop, the interruption thread, other threads of
# QEMU, swcexd's loop, its workers, and all.
kinds() {
	awk -v qemu="$1" -v requests="$5" '
		function kind() {
			if ($1 == qemu)
				return $4 == "CPU" ? 1 : $2 == $1 ? 2 : $4 == "ap-interrupts" ? 3 : 4
			return $2 == $1 ? 5 : 6
		}
		FNR == NR { before[$2] = $3; next }
		{ took = ($3 - before[$2]) / 1000 / requests; of[kind()] += took; of[7] += took }
		END { for (k = 1; k <= 7; k++) printf "%.2f%s", of[k], k < 7 ? " " : "\n" }' "$3" "$4"
}
