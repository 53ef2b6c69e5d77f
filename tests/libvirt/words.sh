# SPDX-License-Identifier: GPL-2.0-only
#
# What the cases of this directory share. Runs in an LPAR that has libvirt, behind tests/tap.sh and
# tests/lpar.sh.
# shellcheck shell=bash

domain=guest1
cd /run || exit

# virsh COMMAND...: what it prints goes to the console as well, which reads as a transcript.
exec 4>&2
virsh()
{
	local said status
	echo "lpar# virsh $*" >&4
	said=$(command virsh "$@" 2>&1)
	status=$?
	echo "$said" >&4
	echo "$said"
	return $status
}
does() { check "virsh $*" virsh "$@"; }

# refuses_to WORD COMMAND...: virsh does not do it, and its reason has WORD.
refuses_to()
{
	local word=$1 said
	shift
	said=$(virsh "$@") && not_ok "virsh $* is refused" "it was done" && return
	check "virsh $* tells: $word" grep -qF -- "$word" <<<"$said"
}
in_domain_state() { [[ $(command virsh domstate $domain) == "$1"* ]]; }
comes_to() { check "$domain is $1" wait_until 60 in_domain_state "$1"; }
# has COMMAND: returns whether this virsh has it.
has() { command virsh help "$1" >/dev/null 2>&1; }
answers() { check "libvirtd answers" wait_until 60 command virsh uri; }

# daemon COMMAND...: it keeps nothing of what starts it.
apart() { "$@" 3>&-; }
daemon() { check "${1##*/} starts" apart "$@"; }
start_libvirtd()
{
	daemon libvirtd -d
	answers
}
stop_libvirtd()
{
	pkill -x libvirtd
	check "libvirtd ends" wait_until 20 eval '! pgrep -x libvirtd'
}

# node_device N ADAPTERS DOMAINS, hostdev N, domain_xml [DEVICE]: what virsh is given. Lists are parted by
# commas.
attributes() { for value in ${2//,/ }; do echo "<attr name='$1' value='$value'/>"; done; }
node_device()
{
	cat <<-END
	<device><parent>ap_matrix</parent><capability type='mdev'><type id='vfio_ap-passthrough'/>
	<uuid>$(uuid "$1")</uuid>$(attributes assign_adapter "$2")$(attributes assign_domain "$3")
	</capability></device>
	END
}
hostdev()
{
	cat <<-END
	<hostdev mode='subsystem' type='mdev' model='vfio-ap'>
	<source><address uuid='$(uuid "$1")'/></source></hostdev>
	END
}
domain_xml()
{
	cat <<-END
	<domain type='kvm'>
	<name>$domain</name><uuid>6f1ec5a2-0d5a-4b4f-9d0e-0c5c1a1f00aa</uuid>
	<memory unit='MiB'>512</memory><vcpu>1</vcpu>
	<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type>
	<kernel>/guest/vmlinuz</kernel><initrd>/guest/initrd</initrd>
	<cmdline>console=ttysclp0 vm=$domain cryptomgr.notests init_on_alloc=0 nokaslr norandmaps</cmdline></os>
	<devices>
	<disk type='file' device='disk'><driver name='qemu' type='raw'/>
	<source file='/guest/root.squashfs'/><target dev='vda' bus='virtio'/><readonly/></disk>
	<console type='pty'/>
	<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
	$1
	</devices></domain>
	END
}

# name_of N: what libvirt calls device N.
name_of()
{
	local id
	id=$(uuid "$1")
	command virsh nodedev-list --all --cap mdev | grep "^mdev_${id//-/_}"
}

# define_device N ADAPTERS DOMAINS: defined and started, by the name $name.
define_device()
{
	node_device "$@" >device.xml
	does nodedev-define device.xml
	check "it is listed" wait_until 10 name_of "$1"
	name=$(name_of "$1")
	does nodedev-start "$name"
}
undefine_device()
{
	does nodedev-destroy "$name"
	does nodedev-undefine "$name"
	check "it is gone" wait_until 10 test ! -e "$(mdev "$1")"
}

# start_domain [DEVICE]: define it, start it, and wait until it answers.
start_domain()
{
	domain_xml "$1" >domain.xml
	does define domain.xml
	does start $domain
	boots 1
}
end_domain()
{
	does destroy $domain
	comes_to 'shut off'
	does undefine $domain
}

# looks_again QUEUES: the guest's kernel looks at its AP bus, which it does every half minute, and sees these.
looks_again()
{
	in_guest 1 'echo 1 >/sys/bus/ap/scans'
	comes_to_see 1 "$1"
}

# reboots HOW: by libvirt, or by itself. Its agent could not answer any more, so
# the command is typed at its console.
reboots()
{
	in_guest 1 'touch /run/before'
	if [[ $1 == libvirt ]]; then
		does reboot $domain
	else
		echo 'busybox reboot -f' >"$(command virsh ttyconsole $domain)"
	fi
	check "$domain boots again, by $1" wait_until 90 in_guest 1 'test ! -e /run/before'
}
