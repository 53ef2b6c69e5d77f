# SPDX-License-Identifier: GPL-2.0-only
#
# openssl-ibmca's own test, which compares what the engine offers with what libica has from hardware; and
# OpenSSL's signatures and decryptions by that engine, which are compared with OpenSSL's own.
# shellcheck shell=bash disable=SC2154

# The Makefile of its test knows this machine's gcc only.
build_openssl_ibmca()
{
	configure &&
	make -j2 &&
	s390x-linux-gnu-gcc -O2 -g -std=gnu99 -I "$kit/usr/include" -I "$kit/usr/include/s390x-linux-gnu" \
		-o mechanisms src/test/ibmca_mechaList_test.c -L "$kit/usr/lib/s390x-linux-gnu" -lica -lcrypto \
		-Wl,-rpath-link,"$kit/usr/lib/s390x-linux-gnu" &&
	mkdir engines &&
	cp src/.libs/libibmca.so engines/ibmca.so
}

# results_of TRANSCRIPT: prints "RESULT MECHANISM" for each one that its test names.
results_of()
{
	sed -n 's/^\(NID\) \([0-9]*\) .*SUCCESS.*/PASS \1-\2/p
		s/^ERROR: \(NID\) \([0-9]*\) .*/FAIL \1-\2/p
		s/^\([A-Z]*\) Support .*SUCCESS.*/PASS \1/p
		s/^ERROR: Engine has .*enabe*led \([A-Z]*\) .*/FAIL \1/p' "$1"
}

# judge_tests TRANSCRIPT
judge_tests()
{
	local result test tests=()
	while read -r result test; do
		tests+=("$test")
		judge "$result" "$test" "$(grep -E "(^|ERROR.* )${test/-/ } " "$1")"
	done < <(results_of "$1")
	all_ran 27 "${tests[@]}"
}

obtain
check "openssl-ibmca: it is built" compile build_openssl_ibmca
make_keys 1024 2048 4096
try_in_vm
judge_tests "$transcript"
