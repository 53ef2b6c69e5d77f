# SPDX-License-Identifier: GPL-2.0-only
#
# A private apt state: index and packages of any suite and architecture, without
# root rights and without touching the host's own apt and dpkg.
# shellcheck shell=sh

# mirror_of SUITE: the address that this host's own apt takes SUITE from.
mirror_of()
{
	# shellcheck disable=SC2016 # apt's own fields
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME)' 'Created-By: Packages' |
		awk -v suite="$1" '$2 == suite || $3 == suite { print $1; exit }'
}

# apt_state DIR ARCH...: makes an empty state; the first ARCH is the native one.
apt_state()
{
	state=$1
	shift
	mkdir -p "$state/lists/partial" "$state/archives/partial"
	: >"$state/status"
	: >"$state/sources.list"
	{
		echo '#clear APT::Architectures;'
		echo "APT::Architecture \"$1\";"
		for arch; do
			echo "APT::Architectures:: \"$arch\";"
		done
	} >"$state/architectures"
}

# apt_suite DIR ADDRESS SUITE...: adds suites of the mirror at ADDRESS to the state.
apt_suite()
{
	state=$1 address=$2
	shift 2
	for suite; do
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $address $suite main"
	done >>"$state/sources.list"
}

# apt_in DIR COMMAND ARGUMENT...: runs an apt COMMAND in the state.
apt_in()
{
	state=$1 command=$2
	shift 2
	"$command" -c "$state/architectures" \
		-o Dir::State="$state" -o Dir::State::status="$state/status" \
		-o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives" \
		-o Dir::Cache::pkgcache=pkgcache.bin \
		-o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=20 \
		-o APT::Sandbox::User=root -o APT::Get::Assume-Yes=true \
		-o APT::Install-Recommends=false -o Dpkg::Use-Pty=0 "$@"
}

# apt_why LOG: says in a sentence what a failed apt command's LOG means.
apt_why()
{
	if grep -Eq 'Could not resolve|Temporary failure|Could not connect|Cannot initiate|unreachable|timed out|Connection failed' "$1"; then
		echo "the mirror cannot be reached; is there a network, and a proxy to set in apt's configuration?"
	elif grep -Eq 'Hash Sum mismatch|unexpected size|Mirror sync' "$1"; then
		echo "an index or package of the mirror does not match its release file; the mirror is being updated or broken, try again later"
	elif grep -Eq 'NO_PUBKEY|not signed|signatures' "$1"; then
		echo "a release file is not signed by a known key; upgrade the package debian-archive-keyring"
	elif grep -q 'No space left' "$1"; then
		echo "no space left on the device"
	else
		echo "see the messages above"
	fi
}
