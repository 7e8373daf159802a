# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. 83: layers of overlays that hold data only, and fs-verity below an overlay.

O=$U/all
L=$T/verity
layer_sequence=${layer_sequence-0}

# Two layers: above, a file's name, owner and mode; below, its bytes, which no
# name of the overlay leads to.
data_only() {
	mkdir -p "$U/data/d" "$U/names" "$U/work" "$O" && mv "$U/x" "$U/data/d" &&
		mount -t overlay -o "lowerdir=$U/data,upperdir=$U/names,workdir=$U/work,metacopy=on,redirect_dir=on" \
			overlay "$O" && chmod 700 "$O/d/x" && mv "$O/d/x" "$O/x" &&
		umount "$O" && rm -rf "$U/names/d" && [[ ! -s $U/names/x || -e $U/names/x ]] &&
		mount -t overlay -o "lowerdir=$U/names::$U/data,metacopy=on" \
			overlay "$O" && [[ ! -e $O/d ]]
}
data_changed() { data_only && "$A" patch "$U/data/d/x"; }

with_layers() {
	local status
	"$@"
	status=$?
	umount "$O"
	return "$status"
}

allow 83-data-only file=good prepare=data_only -- with_layers "$A" exec "$O/x"
# Technique: T1554
deny 83-data-only-unsigned file=h9 prepare=data_only reason=unsigned target='' \
	pid=child -- with_layers "$A" exec "$O/x"
deny 83-data-only-changed file=good prepare=data_changed works=66 \
	reason=digest-mismatch target='' pid=child -- with_layers "$A" exec "$O/x"
allow 83-data-only-library file=good-blob prepare=data_only works=7 \
	-- with_layers "$A" protect-again "$O/x"
deny 83-data-only-write file=good-blob prepare=data_only hook=open reason=sealed \
	target='' pid=child refused="$etxtbsy" \
	-- with_layers "$A" mapped-beside "$O/x" "$U/data/d/x" write

# Unsigned, but a catalog knows its fs-verity digest.
verity_disk() {
	mkdir -p "$L" && gunzip -c "$V/ext4.img.gz" >"$T/verity.img" &&
		mount -t ext4 -o loop "$T/verity.img" "$L" && mkdir "$L/d" &&
		cp "$V/h9" "$L/d/x" && layer_sequence=$((layer_sequence + 1)) &&
		execgate catalog build --no-cache --name layers \
			--sequence "$layer_sequence" --enable-verity --sign \
			--key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem -o "$T/layers.cat" \
			"$L/d/x" &&
		execgate catalog install --no-persist --sequences "$T/none" \
			"$T/layers.cat"
}
over_verity() {
	mkdir -p "$U/up" "$U/work" "$O" && mount -t overlay -o \
		"lowerdir=$L/d,upperdir=$U/up,workdir=$U/work" overlay "$O"
}
# A copy does not have the digest any more, and its content nobody signed.
verity_copied_up() { over_verity && chmod 700 "$O/x" && [[ -s $U/up/x ]]; }
by_verity() {
	local status
	over_verity && field "$(execgate check --json "$O/x")" carrier &&
		same carrier "$REPLY" verity
	status=$?
	umount "$O"
	return "$status"
}

if verity_disk >"$T/out" 2>&1; then
	allow 83-verity prepare=over_verity -- with_layers "$A" exec "$O/x"
	check "$mode/83-verity-carrier" by_verity
	take_events >/dev/null
	deny 83-verity-copied-up prepare=verity_copied_up reason=unsigned \
		target='' pid=child -- with_layers "$A" exec "$O/x"
	{ execgate catalog remove --no-persist layers && umount "$L"; } \
		>"$T/out" 2>&1 || not_ok "$mode/83-verity" "it cannot be undone"
else
	not_ok "$mode/83-verity" "no file system with fs-verity, or no catalog"
fi
rm -f "$T/verity.img"
