// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervisor.h"

#define DEVICE	"eth0"
#define GATEWAY	"10.0.2.2"
#define MASK	"255.255.255.0"

static struct sockaddr ip(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr address;

	inet_pton(AF_INET, text, &in.sin_addr);
	memcpy(&address, &in, sizeof(address));
	return address;
}

static int bring_up(int fd, const char *device)
{
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };

	strcpy(request.ifr_name, device);
	return ioctl(fd, SIOCSIFFLAGS, &request);
}

/*
 * Enable the loopback device. A kernel without a network has none, which is an
 * error only for commands that need it.
 */
void network_loopback(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	bring_up(fd, "lo");
	close(fd);
}

static int configure(int fd, const char *address)
{
	struct ifreq request = { .ifr_name = DEVICE, .ifr_addr = ip(address) };
	struct ifreq mask = { .ifr_name = DEVICE, .ifr_netmask = ip(MASK) };
	struct rtentry route = {
		.rt_dst = ip("0.0.0.0"), .rt_genmask = ip("0.0.0.0"),
		.rt_gateway = ip(GATEWAY), .rt_flags = RTF_UP | RTF_GATEWAY,
	};

	return ioctl(fd, SIOCSIFADDR, &request) || ioctl(fd, SIOCSIFNETMASK, &mask) ||
	       bring_up(fd, DEVICE) || ioctl(fd, SIOCADDRT, &route);
}

void network_address(const char *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || configure(fd, address))
		fail(125, "the network device " DEVICE " gets no address: %s", strerror(errno));
	close(fd);
}
