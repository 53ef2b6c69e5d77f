# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A kit is a directory that all clones share. It is never changed after its file
# kit.mk says that it is complete. Sourced by lab/fetch.

# check_space CACHE MB
check_space()
{
	local free
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		fail "$1 has $free MB free, $2 are needed; free some or point XDG_CACHE_HOME elsewhere"
}

# lock CACHE: lets one fetch run at a time, until the process ends, and removes
# what an earlier one that was killed has left, except for its downloads.
lock()
{
	exec 9>"$1/lock"
	flock -n 9 || { say "waiting for another fetch into $1"; flock 9; }
	rm -rf "$1"/*.part
}

# make_kit PLACE MB COMMAND...: makes the kit PLACE as a whole, or not at all.
# COMMAND fills it, for which it needs that many MB, and gets as further
# arguments KIT, the directory to fill, WORK, a directory that is removed
# afterwards, ARCHIVES, the directory of downloads, and PLACE.
make_kit()
{
	local place=$1 space=$2 cache kit archives begin=$SECONDS
	cache=$(dirname "$place") kit=$place.part archives=$cache/archives
	shift 2
	mkdir -p "$cache" || fail "$cache cannot be created; point XDG_CACHE_HOME elsewhere"
	lock "$cache"
	[ ! -e "$place/kit.mk" ] || return 0
	check_space "$cache" "$space"
	# shellcheck disable=SC2064 # the value of this function's variable
	trap "rm -rf ${kit@Q}" EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	mkdir -p "$kit/work"
	say "filling $place"
	"$@" "$kit" "$kit/work" "$archives" "$place"
	rm -rf "$kit/work" "$place" "$archives"
	echo "# ${place##*/}" >"$kit/kit.mk"
	mv "$kit" "$place"
	say "done in $((SECONDS - begin)) s, $(size_of "$place")"
}

# obtain_kit PLACE MB COMMAND...: takes the kit from the bundle SWCEX_BUNDLE if
# that has it, and does make_kit otherwise.
obtain_kit()
{
	local bundle=${SWCEX_BUNDLE-}
	if [ -n "$bundle" ] && bundle_has "$bundle" "${1##*/}"; then
		make_kit "$1" "$2" fill_from_bundle "$bundle"
	else
		make_kit "$@"
	fi
}

# demand_mirror: fails if there is no source of packages.
demand_mirror()
{
	demand_debian "the kit is made of the packages of Debian 12 or 13, QEMU $(part qemu-oldest) among them"
	[ -n "$(mirror_of "$(codename)")" ] || fail "apt on this machine has no source for $(codename); add one to /etc/apt"
}

# fill_from_bundle FILE KIT WORK ARCHIVES PLACE
fill_from_bundle() { step "$3" "kit of $1" unpack_bundle "$2" "$3" "$5" "$1" "${5##*/}"; }

# add_compiler KIT WORK ARCHIVES PLACE: adds the compiler of the kernel's
# release, if that is not this machine's.
add_compiler()
{
	local release
	release=$(cat "$2/kernel.release")
	[ "$release" = "$(codename)" ] || step "$2" "compiler of $release" fetch_compiler "$@" "$release"
}

# fill_stock KIT WORK ARCHIVES PLACE: fills the kit that every clone needs.
fill_stock()
{
	local kit=$1 work=$2 archives=$3 place=$4
	demand_mirror
	step "$work" "QEMU" fetch_qemu "$kit" "$work" "$archives"
	step "$work" "packages of the root file system" fetch_root "$work" "$archives"
	# shellcheck disable=SC2046 # words
	step "$work" "packages of the kernel" obtain_kernel "$work" "$archives" "$(part linux)" . $(releases)
	step "$work" "later programs" unpack_later "$work/later" "$work" "$archives" later
	step "$work" "kernel, headers and modules" unpack_kernel "$kit" "$work" "$place"
	# shellcheck disable=SC2046 # words
	step "$work" "parts of the kernel's source" unpack_source "$kit/kernel/source" "$work" $(part source)
	add_compiler "$@"
	step "$work" "root file system" unpack_root "$kit" "$work"
}

# fill_series SERIES RELEASE BASE KIT WORK ARCHIVES PLACE: fills a kit with
# another kernel, and everything else from the kit BASE.
fill_series()
{
	local series=$1 release=$2 base=$3 kit=$4 work=$5 archives=$6 place=$7
	demand_mirror
	step "$work" "packages of the kernel" obtain_kernel "$work" "$archives" "$series" . "$release"
	step "$work" "kernel, headers and modules" unpack_kernel "$kit" "$work" "$place"
	# shellcheck disable=SC2046 # words
	step "$work" "parts of the kernel's source" unpack_source "$kit/kernel/source" "$work" $(kernel_part source)
	add_compiler "${@:4}"
	step "$work" "root file system" rebase_root "$kit" "$work" "$base"
}

# fill_debug NAME BASE KIT WORK ARCHIVES PLACE: does the same with the kernel
# that lab/NAME.config describes.
fill_debug()
{
	local options base=$2 kit=$3 work=$4 archives=$5
	options=$(lab_file "$1.config")
	demand_mirror
	# shellcheck disable=SC2046 # words
	step "$work" "the kernel's source" obtain_kernel "$work" "$archives" "$(part linux)" ^linux-source- $(releases)
	step "$work" "its files" unpack_source "$work/source" "$work"
	step "$work" "configuration" configure_kernel "$work" "$options"
	step "$work" "kernel and modules, a matter of half an hour" build_kernel "$work"
	step "$work" "kernel, headers and parts of the source" install_kernel "$kit" "$work"
	step "$work" "root file system" rebase_root "$kit" "$work" "$base"
}

# fill_sysroot KIT WORK ARCHIVES PLACE: fills a sysroot with headers and
# libraries.
fill_sysroot()
{
	demand_mirror
	step "$2" "headers and libraries for s390x" fetch_sysroot "$1" "$2" "$3"
	step "$2" "chzdev" fetch_chzdev "$1" "$2" "$3"
}

# obtain_kernel_kit NAME PLACE BASE: obtains the kit with the kernel NAME of
# lab/kernels.
obtain_kernel_kit()
{
	local name=$1 kind release
	kind=$(sed -n "s/^\([a-z]*\)	$name\( .*\)\?$/\1/p" "$(lab_file kernels)")
	case $kind in
	kernel)
		release=$(kernel_part kernel | sed -n "s/^$name //p")
		obtain_kit "$2" 1600 fill_series "$name" "$release" "$3"
		;;
	debug)
		host_packages build
		obtain_kit "$2" 4000 fill_debug "$name" "$3"
		;;
	*) fail "there is no kernel $name; lab/kernels has $(sed -n 's/^\(kernel\|debug\)	\([^ ]*\).*/\2/p' "$(lab_file kernels)" | paste -sd ' ')" ;;
	esac
}
