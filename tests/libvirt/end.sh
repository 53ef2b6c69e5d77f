# SPDX-License-Identifier: GPL-2.0-only
#
# What was started is ended, and the host has its queues again.
# shellcheck shell=bash disable=SC2154

stop_libvirtd
pkill -x virtlogd
pkill -x dbus-daemon
pkill -x systemd-udevd
unload
