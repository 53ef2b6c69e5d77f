# SPDX-License-Identifier: GPL-2.0-only
#
# How clients have OpenSSL sign by an adapter, in the VM. Behind tap.sh; KEY is a file with an RSA key, and "text"
# what is signed.
# shellcheck shell=sh

# use_engine PATH: openssl does RSA by this engine of openssl-ibmca, and libica by adapters only.
use_engine()
{
	cat >ibmca.cnf <<-END
	openssl_conf = conf
	[conf]
	engines = engines
	[engines]
	ibmca = ibmca
	[ibmca]
	engine_id = ibmca
	dynamic_path = $1
	default_algorithms = RSA
	init = 1
	END
	export LIBICA_FALLBACK_MODE=0
}
own_engine() { find /usr/lib/*-linux-gnu -name '*ibmca.so'; }

# by_engine COMMAND...: openssl with the engine.
by_engine() { OPENSSL_CONF=ibmca.cnf openssl "$@"; }
signs() { by_engine dgst -sha256 -sign "$1" -out signature text; }
# is_good KEY: openssl without the engine verifies the signature.
is_good() { openssl dgst -sha256 -prverify "$1" -signature signature text; }
