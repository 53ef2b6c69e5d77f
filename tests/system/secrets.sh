#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcexd forgets keys: its whole memory is searched for those that a guest's requests brought, and
# for parts of a master key that was replaced.
#
# timeout: 120
. tests/vms.sh

if [ "$(id -u)" != 0 ]; then
	skip "swcexd forgets keys" "only root may read its memory"
	finish
fi
cat >"$run/machine" <<END
adapter 04 CEX8A
adapter 05 CEX8C
domain 0004
END
machine "$run/machine"
boot_lpar

clear=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
part=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
# found [HEX]...: prints how many parts of secrets are in swcexd's memory.
found() { "$BUILD/tests/guest/find_secrets" "$swcexd" "$@"; }

all_online() { [ "$(in_vm lpar lszcrypt -V | grep -c 'online.*cex4queue')" = 2 ]; }
check "the queues come online" wait_until 60 all_online
for bits in 1024 2048 4096; do
	for queue in 04.0004 05.0004; do
		check "RSA-$bits on $queue" in_vm lpar rsa --bits $bits $queue
	done
done
same "no part of the RSA keys is left" 0 "$(found)"
check "a key is made of a clear one" in_vm lpar ": >k && cca 05.0004 request CM AES token=k part=$clear"
check "a protected key is made of it" in_vm lpar cca 05.0004 request US part=00040001 token=k
same "nothing of it is left" 0 "$(found "$clear")"

check "a master key is loaded" machine_says "$run" master-key load 05.0004 aes "$part"
check "the search finds it" [ "$(found "$part")" -gt 0 ]
check "it is cleared" machine_says "$run" master-key clear 05.0004 aes new
same "nothing of it is left" 0 "$(found "$part")"
check "all queues are online still" all_online
the_end
