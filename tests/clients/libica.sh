# SPDX-License-Identifier: GPL-2.0-only
#
# libica's own `make check`, without its fallback to software: what it computes by itself with that, it
# must have from CPACF or an adapter.
# shellcheck shell=bash disable=SC2154

build_libica()
{
	configure &&
	make -j2 &&
	make -j2 -C test check TESTS=
}

# ending_of LOG: prints how a test has ended, PASS or as in "FAIL:132". The last line is automake's.
ending_of() { sed -n '$s/^\([A-Z]*\) .* (exit status: \([0-9]*\))$/\1:\2/; $s/^PASS:0$/PASS/; $p' "$1"; }

# judge_tests DIRECTORY: judges each test that `make check` has run there.
judge_tests()
{
	local results test tests=()
	for results in "$1"/*.trs; do
		test=$(basename "$results" .trs)
		tests+=("$test")
		judge "$(ending_of "$1/$test.log")" "$test" "$(tail -n 5 "$1/$test.log")"
	done
	all_ran 59 "${tests[@]}"
}

obtain
check "libica: it is built" compile build_libica
# The lab's root file system has perl and gawk, but no make.
cp "$kit/usr/bin/make" "$work/"
rm -f "$work"/test/*.trs "$work"/test/*.log
use_adapters -- env LIBICA_FALLBACK_MODE=0 ./make -k check AWK=gawk
judge_tests "$work/test"
