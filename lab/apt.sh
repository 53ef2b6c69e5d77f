# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A private apt state: index and packages of any suite and architecture, without
# root rights and without touching the host's own apt and dpkg. A state is a
# directory. The packages that it downloads go to another directory, which
# outlives it, so that an interrupted download can be continued. Sourced by
# lab/fetch.

# mirror_of SUITE: prints the address from which this host's own apt takes
# SUITE; or else the one from which it takes its own suite, since a mirror has
# them all. SWCEX_MIRROR names another mirror, and SWCEX_SECURITY_MIRROR one of
# the security suites. Prints nothing if there is none.
mirror_of()
{
	local kind=
	case $1 in *-security) kind=-security ;; esac
	if [ -n "${SWCEX_MIRROR-}" ]; then
		[ -n "$kind" ] && echo "${SWCEX_SECURITY_MIRROR-}" || echo "$SWCEX_MIRROR"
		return
	fi
	# shellcheck disable=SC2016 # apt's own fields
	apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(RELEASE) $(CODENAME)' 'Created-By: Packages' |
		awk -v suite="$1" -v own="$(codename)$kind" '
			$2 != "main" { next }
			($3 == suite || $4 == suite) && !exact { exact = $1 }
			($3 == own || $4 == own) && !likely { likely = $1 }
			END { print exact ? exact : likely }'
}

# apt_state STATE ARCHIVES ARCH...: makes an empty state, whose packages go to ARCHIVES; the
# first ARCH is the native one.
apt_state()
{
	local state=$1 archives=$2 arch
	shift 2
	mkdir -p "$state/lists/partial" "$state/empty" "$archives/partial"
	ln -s "$archives" "$state/archives"
	: >"$state/status"
	: >"$state/sources.list"
	: >"$state/preferences"
	{
		echo '#clear APT::Architectures;'
		echo "APT::Architecture \"$1\";"
		for arch; do
			echo "APT::Architectures:: \"$arch\";"
		done
	} >"$state/architectures"
}

# apt_suites STATE SUITE...: adds suites to the state, except those for which no
# mirror is known. SWCEX_SOURCE_OPTIONS are options of sources.list(5) that name
# another key than Debian's.
apt_suites()
{
	local state=$1 suite address
	local options=${SWCEX_SOURCE_OPTIONS:-signed-by=/usr/share/keyrings/debian-archive-keyring.gpg}
	shift
	for suite; do
		address=$(mirror_of "$suite")
		[ -z "$address" ] || echo "deb [$options] $address $suite main"
	done >>"$state/sources.list"
}

# apt_in STATE COMMAND ARGUMENT...: runs an apt COMMAND in the state.
apt_in()
{
	local state=$1 command=$2
	shift 2
	LC_ALL=C.UTF-8 "$command" -c "$state/architectures" \
		-o Dir::State="$state" -o Dir::State::status="$state/status" \
		-o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives" \
		-o Dir::Cache::pkgcache=pkgcache.bin \
		-o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences="$state/preferences" -o Dir::Etc::PreferencesParts=/dev/null \
		-o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=20 \
		-o APT::Sandbox::User=root -o APT::Get::Assume-Yes=true \
		-o APT::Install-Recommends=false -o Dpkg::Use-Pty=0 "$@"
}

# apt_update STATE: fetches the indexes. A suite whose index cannot be fetched,
# or does not match its release file, is reported as lost; the others are used.
# Returns 1 if there is none.
apt_update()
{
	local state=$1 suite reason
	if ! apt_in "$state" apt-get update >"$state/update.log" 2>&1; then
		echo "some indexes cannot be fetched:"
	fi
	cat "$state/update.log"
	# shellcheck disable=SC2016 # apt's own field
	apt_in "$state" apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' >"$state/suites"
	while read -r suite; do
		reason=$(apt_suite_reason "$state" "$suite")
		[ -z "$reason" ] || lose "the index of $suite" "$reason"
	done < <(awk '{ print $(NF - 1) }' "$state/sources.list")
	[ -s "$state/suites" ]
}

# apt_suite_reason STATE SUITE: prints why apt_update could not use the suite,
# if it could not.
apt_suite_reason()
{
	sed -n "s,^[EW][a-z]*: \(Failed to fetch [^ ]*/dists/$2/[^ ]* *\|The repository '[^']* $2 [^']*'\) *,,p" \
		"$1/update.log" | sed -n '1s/ \[IP: .*//; 1s/[.] Mirror sync .*//; 1s/  */ /gp'
}

# apt_missed LOG: prints "PACKAGE VERSION REASON" for each package that a failed
# apt command with this LOG did not get.
apt_missed()
{
	awk '
		missed { sub(/^ +/, ""); sub(/ \[IP: .*/, ""); sub(/  +/, " "); print missed, $0 }
		{ missed = "" }
		/^Err:[0-9]+ / && NF >= 7 { missed = $5 " " $7 }' "$1" | sort -u
}

# apt_strike STATE LOG: reports the versions that a failed apt command with this
# LOG did not get as lost, and excludes them from the state. Returns 1 if there
# are none, or if the mirror cannot be reached.
apt_strike()
{
	local state=$1 package version reason
	! apt_is_cut_off "$2" || return
	apt_missed "$2" >"$state/missed"
	while read -r package version reason; do
		lose "$package $version" "$reason"
		printf 'Package: %s\nPin: version %s\nPin-Priority: -1\n\n' "$package" "$version" >>"$state/preferences"
	done <"$state/missed"
	[ -s "$state/missed" ]
}

# apt_install STATE OPTION-OR-PACKAGE...: downloads packages and all their
# dependencies, in the newest versions that can be fetched. STATE/files lists
# the paths.
apt_install()
{
	local state=$1
	shift
	until apt_in "$state" apt-get install --download-only "$@" >"$state/install.log" 2>&1; do
		cat "$state/install.log"
		apt_strike "$state" "$state/install.log" || return
	done
	apt_in "$state" apt-get install --simulate "$@" |
		sed -n 's/^Inst \([^ :]*\)[^ ]* (\([^ ]*\) .*\[\([^] ]*\)\]).*/\1_\2_\3.deb/p' |
		sed "s/:/%3a/g; s,^,$state/archives/," >"$state/files"
	[ -s "$state/files" ]
}

# apt_download STATE PACKAGE[:ARCH][=VERSION]...: downloads these packages
# without their dependencies. STATE/files lists the paths. The caller reports
# what is lost, from STATE/download.log.
apt_download()
{
	local state=$1
	shift
	: >"$state/download.log"
	(cd "$state/empty" && apt_in "$state" apt-get download --print-uris "$@") >"$state/uris" || return
	apt_resume "$state" >"$state/download.log" 2>&1
	if ! (cd "$state/archives" && apt_in "$state" apt-get download "$@") >>"$state/download.log" 2>&1; then
		cat "$state/download.log"
		return 1
	fi
	awk -v archives="$state/archives" '{ print archives "/" $2 }' "$state/uris" >"$state/files"
}

# apt_download_newest STATE PACKAGE...: does the same for packages without a
# version, in the newest versions that can be fetched.
apt_download_newest()
{
	until apt_download "$@"; do
		apt_strike "$1" "$1/download.log" || return
	done
}

# apt_resume STATE: downloads what STATE/uris names, or the missing rest of it,
# as far as the server there has it. `apt-get download` knows other servers of a
# package, but would start again from the beginning.
apt_resume()
{
	local state=$1 uri file size hash
	while read -r uri file size hash; do
		[ ! -e "$state/archives/$file" ] || continue
		uri=${uri//\'/}
		if apt_in "$state" /usr/lib/apt/apt-helper download-file "$uri" "$state/archives/partial/$file" "$hash"; then
			mv "$state/archives/partial/$file" "$state/archives/$file"
		else
			echo "$file, $size bytes, cannot be fetched from there"
		fi
	done <"$state/uris"
}

# apt_is_cut_off LOG: returns whether no mirror could be reached at all.
apt_is_cut_off()
{
	grep -Eq 'Could not resolve|Temporary failure|Could not connect|Cannot initiate|unreachable' "$1"
}

# apt_why LOG: prints a sentence that explains a failed apt command with this
# LOG.
apt_why()
{
	if apt_is_cut_off "$1" || grep -Eq 'timed out|Connection failed' "$1"; then
		echo "the mirror cannot be reached; is there a network, and a proxy to set in apt's configuration?"
	elif grep -Eq 'Hash Sum mismatch|unexpected size|Mirror sync' "$1"; then
		echo "an index or package of the mirror does not match its release file; the mirror is being updated or broken, try again later"
	elif grep -Eq 'NO_PUBKEY|not signed|signatures' "$1"; then
		echo "a release file is not signed by a known key; upgrade the package debian-archive-keyring"
	elif grep -Eq '404  Not Found' "$1"; then
		echo "the mirror lacks files that its own index names; try again later, or another mirror: SWCEX_MIRROR=ADDRESS"
	elif grep -q 'No space left' "$1"; then
		echo "no space left on the device"
	else
		echo "see the messages above"
	fi
}
