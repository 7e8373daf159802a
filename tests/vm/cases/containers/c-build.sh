# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# "podman build" in enforce, by the documented way: what RUN starts is either of the image below, which is trusted, or
# signed before it is copied in. The new image is signed as a whole, and runs.

C=/srv/context

context() {
	rm -rf "$C" && mkdir -p "$C" && printf '#!/bin/sh\nexec cp /etc/passwd /www/users\n' >"$C/step" &&
		printf '#!/bin/sh\ncat /www/built\n' >"$C/show" && printf '%s\n' "FROM $H/busybox:1" 'COPY show /bin/show' \
		'RUN cp /www/index.html /www/built && chmod 755 /www/built' 'COPY step /tmp/step' 'RUN /tmp/step' \
		'ENTRYPOINT ["/bin/show"]' >"$C/Containerfile" && chmod 755 "$C" "$C/step" "$C/show" && chmod 644 "$C/Containerfile"
}
built() { pod build -q --network none -t "$H/show:1" "$C"; }
out_of_build() { pod run -q --rm --network none "$H/show:1"; }

build_signed() { execgate sign "${K[@]}" "$C/step" && built && take_events && same events "${#EVENTS[@]}" 0; }
sign_image() {
	rm -rf "/srv/out-$owner" && install -d -m 777 "/srv/out-$owner" && quiet pod push -q "$H/show:1" "oci:/srv/out-$owner:$H/show:1" &&
		quiet execgate image sign "${K[@]}" "oci:/srv/out-$owner:$H/show:1" &&
		execgate image trust "oci:/srv/out-$owner:$H/show:1" && same output "$(out_of_build)" busybox &&
		take_events && same events "${#EVENTS[@]}" 0
}

# Technique: T1525
for owner in "${owners[@]}"; do
	check "containers-$owner-context" context
	deny "containers-$owner-build-unsigned-step" reason=unsigned pid=any target='' works=0 uid="${uid_of[$owner]}" \
		-- built
	check "containers-$owner-build" build_signed
	deny "containers-$owner-built-unsigned" reason=unsigned pid=any target='' works=0 uid="${uid_of[$owner]}" \
		-- out_of_build
	check "containers-$owner-built-signed" sign_image
	check "containers-$owner-built-forgotten" execgate catalog remove example.org+shop+show
done
