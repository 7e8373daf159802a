# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# README's way: a local key, a catalog of what packages installed, enforce. Profile standard.

local_key=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)

# trust_drivers FILE...: these besides
# shellcheck disable=SC2120 # execgate-strict.sh has some
trust_drivers() {
	execgate catalog build --no-cache --name drivers --sign "${local_key[@]}" -o /root/drivers.cat \
		"$here"/{T*,good,guest} "$@" && execgate catalog install /root/drivers.cat
}
put_in_force() {
	execgate mode audit && /usr/libexec/execgate-apt setup && trust_drivers && execgate mode enforce
}
versions() { execgate --version; execgate status | head -n 12; }
