# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian with its files unchanged, whose interpreters have the rules of
# examples/scripts.conf: what they read as code is in the catalog of its packages.

S=$T/scripts
mkdir -p "$S"

# A catalog without the rules is that much smaller.
size_of_catalog() { execgate catalog show --json "$@" | tr -d ' \n' | sed 's/.*"entries":\([0-9]*\).*/\1/'; }
built_without() {
	quiet execgate catalog build --name without --installed -o "$S/without.manifest" &&
		size_of_catalog "$S/without.manifest" >"$S/without"
}
set_up() {
	cp /usr/share/doc/execgate/examples/scripts.conf /etc/execgate/identities.d/ &&
		quiet /usr/libexec/execgate-apt setup &&
		execgate key enroll /suite/keys/trusted.pem && listed_product
}
# It came with no package here. What a shell reads is listed by its name.
listed_product() {
	execgate catalog build --no-cache --name product --sign --key /etc/execgate/local/key.pem \
		--cert /etc/execgate/local/cert.pem -o "$S/product.cat" /etc/profile.d/execgate.sh &&
		execgate catalog install "$S/product.cat"
}
lists_what_is_read() {
	local before after bytes
	before=$(<"$S/without")
	after=$(size_of_catalog /etc/execgate/catalogs/local.cat)
	bytes=$(stat -c %s /etc/execgate/catalogs/local.cat)
	echo "$before digests without rules, $after with them, $bytes bytes"
	((after > before + 1000 && bytes <= after * 48 + 65536))
}
found_nothing() { quiet execgate preflight; }
enforced() {
	execgate mode enforce && same mode "$(execgate mode)" enforce &&
		says 'script' "$(execgate gate | tr '\n' ' ')"
}

check scripts-without-rules built_without
check scripts-setup set_up
check scripts-catalog lists_what_is_read
check scripts-preflight found_nothing
check scripts-enforced enforced
