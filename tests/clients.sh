# SPDX-License-Identifier: GPL-2.0-only
#
# The expected output of Debian's clients of adapters. lszcrypt is that of this
# machine's suite, and one of a later suite, which shows more, is in the VMs'
# /usr/lib/later/bin.
# shellcheck shell=sh disable=SC2034

# later COMMAND...: runs COMMAND with the later suite's lszcrypt and chzcrypt.
later() { PATH=/usr/lib/later/bin:$PATH "$@"; }

# capabilities MODE: prints what lszcrypt -c shows of an adapter A, C or P,
# below the heading. Later suites add the limit.
limit='AP bus max message size limit 12 Kb'
capabilities()
{
	case $1 in
	A) echo 'RSA 4K Clear Key' ;;
	C) printf '%s\n' 'RSA 4K Clear Key' 'CCA Secure Key (full function set)' 'Long RNG' ;;
	P) echo 'EP11 Secure Key' ;;
	esac
}

# counted: extracts the counts of RSA and elliptic curves, in hardware and in
# software, from the output of icastats.
counted()
{
	sed -nE 's/^ *(ECDH|ECDSA Sign|ECDSA Verify|EC Keygen|RSA-ME|RSA-CRT) *[|] *([0-9]+) *[|] *([0-9]+) *$/\1 \2 \3/p'
}
# The counts for elliptic curves after one run of ec: libica counts the
# signatures that it verifies.
curves_counted='ECDH 12 0,ECDSA Sign 12 0,ECDSA Verify 12 0,EC Keygen 24 0'

# has_key_client VM MODULE...: loads the kernel's client of secure keys there,
# which is a point. Up to Linux 6.10 it is a single module, which needs a CPU
# with protected keys; without these, it is skipped.
has_key_client()
{
	vm=$1
	shift
	point="$vm: the kernel's client of secure keys is there"
	pieces=$(in_vm "$vm" "modinfo -n $* >/dev/null 2>&1 && echo $*")
	if said=$(in_vm "$vm" "modprobe -a pkey $pieces" 2>&1); then
		ok "$point"
	elif [ -z "$pieces" ] && [ "${said##*: }" = 'No such device' ]; then
		skip "$point" "it wants a CPU with protected keys, which QEMU's has not"
		false
	else
		not_ok "$point" "$said"
		false
	fi
}
