# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Catalogs beside images in registries: Debian's, on this machine's own address, and one
# that answers as an attacker likes (tests/cli/registry.py).

image() { "$EXECGATE" image "$@"; }
sign_image() { image sign --no-classes --platform amd64 --key "$KEYS/rsa/key.pem" "$@"; }
mkdir trusted && cp "$KEYS/rsa/cert.pem" trusted/
trusting=(--platform amd64 --keys-dir trusted --sequences none)
check_image() { image verify "${trusting[@]}" "$@"; }
digest() { jq -r '.manifests[0].digest' "$1/index.json"; }
copy() { skopeo copy --quiet --preserve-digests "$@"; }
mkdir tmp && export TMPDIR=$PWD/tmp

# port COMMAND...: what it prints, once it is there
port() {
	local found tries=0
	while found=$("$@" 2>/dev/null) && [ -z "$found" ] || [ ! "$found" ]; do
		[ $((tries += 1)) -lt 300 ] || return
		sleep 0.1
	done
	printf '%s\n' "$found"
}

# by_http PORT: skopeo is to speak so to it
by_http() {
	mkdir -p "$HOME/.config/containers"
	printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$1" \
		>>"$HOME/.config/containers/registries.conf"
}

# refuses CODE WHAT TEXT IMAGE: by verify, trust and pull alike; nothing is made
refuses() {
	expect "$1" "$2" check_image "$4"
	holds "$2: why" grep -qF -- "$3" err
	expect "$1" "$2: not trusted" image trust --no-load "${trusting[@]}" \
		--catalogs-dir refused "$4"
	expect "$1" "$2: not pulled" image pull "${trusting[@]}" "$4" refused
	holds "$2: nothing is made" test -z "$(find . -maxdepth 1 -name 'refused*')$(ls tmp)"
}

make_images <<'PY'
def sh(text):
    return f"#!/bin/sh\necho {text}\n"

image("app", layer(("bin/app", sh("app"))), layer(("bin/two", sh("two"))))
image("old", layer(("bin/app", sh("old"))), created="2020-01-01T00:00:00Z")
image("evil", layer(("bin/app", sh("evil"))))
made = Image()
both = [made.manifest([layer(("x", sh(arch)))], arch=arch) for arch in ("amd64", "arm64")]
for one, arch in zip(both, ("amd64", "arm64")):
    one["platform"] = {"os": "linux", "architecture": arch}
made.add(made.blob({"schemaVersion": 2, "mediaType": OCI + "index.v1+json", "manifests": both},
                   OCI + "index.v1+json"))
made.write("multi")
# As Docker writes them.
one = json.loads(made.blobs[both[0]["digest"][7:]])
docker = "application/vnd.docker."
one["mediaType"] = docker + "distribution.manifest.v2+json"
one["config"]["mediaType"] = docker + "container.image.v1+json"
one["layers"][0]["mediaType"] = docker + "image.rootfs.diff.tar.gzip"
os.mkdir("docker")
for name, data in {"manifest.json": json.dumps(one).encode(), "version": b"Directory Transport Version: 1.1\n",
                   **{one[k]["digest"][7:]: made.blobs[one[k]["digest"][7:]] for k in ["config"]},
                   one["layers"][0]["digest"][7:]: made.blobs[one["layers"][0]["digest"][7:]]}.items():
    open("docker/" + name, "wb").write(data)
PY

# --- Debian's registry
cat >registry.yml <<'YML'
version: 0.1
storage:
  filesystem:
    rootdirectory: registry
http:
  addr: 127.0.0.1:0
YML
"$REGISTRY" serve registry.yml >registry.log 2>&1 &
registry=$!
at=$(port sed -nE 's/.*listening on 127\.0\.0\.1:([0-9]+).*/\1/p' registry.log)
holds "the registry answers" test -n "$at"
by_http "$at"
at=127.0.0.1:$at
copy oci:app "docker://$at/some/app:1"
refuses 3 "an image that nobody signed" 'no signed catalog' "$at/some/app:1"
refuses 1 "an image that is not there" 'skopeo did not copy' "$at/some/none:1"
expect 0 "sign" sign_image "$at/some/app:1"
prints "the digest" "$(digest app)"
expect 0 "verify" check_image "$at/some/app:1"
prints "by whom" 'good, signed by CN=rsa'
expect 0 "by its digest" check_image "$at/some/app@$(digest app)"
expect 0 "as JSON" check_image --json "docker://$at/some/app:1"
json "all of it" '.images[0] | .good and .files == 2 and .not_covered == [] and
	(.catalog.name | endswith("+some+app"))'
expect 0 "pull" image pull "${trusting[@]}" "$at/some/app:1" pulled/
holds "what was signed" cmp pulled/blobs/sha256/"$(digest app | cut -c8-)" \
	app/blobs/sha256/"$(digest app | cut -c8-)"
expect 0 "the catalog is with it" check_image oci:pulled
holds "skopeo can use it" copy "oci:pulled:$at/some/app:1" dir:used
holds "nothing else is left" test -z "$(find . -maxdepth 1 -name 'pulled.*')$(ls tmp)"
expect 2 "pull once more" image pull "${trusting[@]}" "$at/some/app:1" pulled
expect 0 "trust" image trust --platform amd64 --no-load --keys-dir trusted \
	--sequences sequences --catalogs-dir catalogs "$at/some/app:1"
holds "the catalog is kept" test -e "catalogs/${at/:/_}+some+app.cat"
expect 0 "sign again" sign_image "$at/some/app:1"
expect 0 "is as good" check_image "$at/some/app:1"

tag() { skopeo inspect --raw "docker://$at/some/app:${1/:/-}.execgate"; }
tag "$(digest app)" >artifact
holds "the artifact is one of OCI" jq -e --arg d "$(digest app)" '.subject.digest == $d and
	.artifactType == "application/vnd.execgate.catalog.v1" and
	.config.mediaType == "application/vnd.oci.empty.v1+json"' artifact

copy --all oci:multi "docker://$at/some/multi:1"
expect 0 "sign one of several machines'" sign_image "$at/some/multi:1"
expect 0 "it is good" check_image "$at/some/multi:1"
expect 3 "the others are not" image verify --platform arm64 --keys-dir trusted \
	--sequences none "$at/some/multi:1"
copy dir:docker "docker://$at/some/docker:1"
expect 0 "sign one of Docker's own format" sign_image "$at/some/docker:1"
prints "by the digest that the registry has" "$(sha256sum docker/manifest.json | cut -d' ' -f1)"
expect 0 "it is good" check_image "$at/some/docker:1"
expect 0 "pull it" image pull "${trusting[@]}" "$at/some/docker:1" pulled-docker
expect 0 "good as well" check_image oci:pulled-docker

# --- what cosign signed, as its specification has it
# cosign DIGEST KEY-OF TYPE [CHANGE]: the layout cosigned; CHANGE: python, of the "payload"
cosign() {
	rm -rf cosigned
	DIGEST=$1 TYPE=$3 CHANGE=${4-} make_images <<'PY'
payload = {"critical": {"identity": {"docker-reference": "example.org/app"},
                        "image": {"docker-manifest-digest": os.environ["DIGEST"]},
                        "type": os.environ["TYPE"]}, "optional": None}
exec(os.environ["CHANGE"])
open("payload", "w").write(json.dumps(payload))
PY
	openssl dgst -sha256 -sign "$2" -out signature payload || return
	make_images <<'PY'
import base64
made = Image()
one = made.blob(open("payload", "rb").read(), "application/vnd.dev.cosign.simplesigning.v1+json")
one["annotations"] = {"dev.cosignproject.cosign/signature":
                      base64.b64encode(open("signature", "rb").read()).decode()}
other = made.blob(b"{}", "application/vnd.dev.cosign.simplesigning.v1+json")
other["annotations"] = {"dev.cosignproject.cosign/signature": "AAAA"}
config = made.blob({"architecture": "", "config": {}, "os": "", "rootfs": {"type": "layers",
                   "diff_ids": [other["digest"], one["digest"]]}}, OCI + "config.v1+json")
made.add(made.blob({"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config,
                    "layers": [other, one]}, OCI + "manifest.v1+json"))
made.write("cosigned")
PY
	copy oci:cosigned "docker://$at/some/theirs:$(digest evil | tr : -).sig"
}
for of in p256 rsa; do
	openssl pkey -in "$KEYS/$of/key.pem" -pubout -out $of.pub
done
kind='cosign container image signature'
copy oci:evil "docker://$at/some/theirs:1"
theirs() { sign_image --cosign-key p256.pub "$at/some/theirs:1"; }
unsigned() {
	holds "$1: why" grep -qF -- "$2" err
	expect 3 "$1: no catalog" check_image "$at/some/theirs:1"
}
expect 3 "what cosign did not sign" theirs
unsigned "what cosign did not sign" 'cosign did not sign'
holds "cosign's signature of another image" cosign "$(digest app)" "$KEYS/p256/key.pem" "$kind"
expect 4 "is not this one's" theirs
unsigned "is not this one's" 'is of another image'
holds "a signature by another key" cosign "$(digest evil)" "$KEYS/rsa/key.pem" "$kind"
expect 5 "is not the key's" theirs
unsigned "is not the key's" 'is by the key'
holds "a document of another kind" cosign "$(digest evil)" "$KEYS/p256/key.pem" 'something else'
expect 4 "is not a signature of an image" theirs
unsigned "is not a signature of an image" 'is of another image'
holds "a document without its half" cosign "$(digest evil)" "$KEYS/p256/key.pem" "$kind" \
	'payload["critical"] = [payload["critical"]]'
expect 4 "is not one either" theirs
unsigned "is not one either" 'is of another image'
copy oci:app "docker://$at/some/theirs:$(digest evil | tr : -).sig"
expect 5 "an image in place of signatures" theirs
unsigned "an image in place of signatures" 'is by the key'
expect 1 "a key that is none" sign_image --cosign-key payload "$at/some/theirs:1"
says "what it must be" 'not a public key in PEM'
expect 7 "a key that is not there" sign_image --cosign-key none "$at/some/theirs:1"
expect 2 "a folder" sign_image --cosign-key p256.pub oci:app
says "has no signatures of cosign" 'in registries'
holds "cosign signs" cosign "$(digest evil)" "$KEYS/p256/key.pem" "$kind"
expect 0 "so the image is signed" theirs
expect 0 "and good" check_image "$at/some/theirs:1"
holds "cosign signs with RSA" cosign "$(digest evil)" "$KEYS/rsa/key.pem" "$kind"
expect 0 "that is as good" sign_image --cosign-key rsa.pub "$at/some/theirs:1"

# --- attacks by somebody who may push there
copy oci:old "docker://$at/some/app:0"
expect 0 "an old image, signed once" sign_image "$at/some/app:0"
copy "docker://$at/some/app:0" "docker://$at/some/app:1"
expect 4 "the old one under the tag" image trust --platform amd64 --no-load \
	--keys-dir trusted --sequences sequences --catalogs-dir catalogs "$at/some/app:1"
says "is too old" 'is older than a catalog'
expect 4 "and is not pulled" image pull --platform amd64 --keys-dir trusted \
	--sequences sequences "$at/some/app:1" refused
holds "at all" test ! -e refused
copy oci:evil "docker://$at/some/app:1"
refuses 3 "another image under the tag" 'no signed catalog' "$at/some/app:1"
expect 0 "the digest is still good" check_image "$at/some/app@$(digest app)"
copy "docker://$at/some/app:$(digest app | tr : -).execgate" \
	"docker://$at/some/app:$(digest evil | tr : -).execgate"
refuses 3 "with the catalog of the good one" 'no signed catalog' "$at/some/app:1"
copy oci:evil "docker://$at/some/evil:1"
expect 0 "signed by a stranger" image sign --no-classes --platform amd64 \
	--key "$KEYS/p256/key.pem" "$at/some/evil:1"
refuses 5 "a stranger's catalog" 'not trusted' "$at/some/evil:1"
copy oci:app "docker://$at/other/app:1"
copy "docker://$at/some/app:$(digest app | tr : -).execgate" \
	"docker://$at/other/app:$(digest app | tr : -).execgate"
refuses 4 "a copy in another repository" 'was signed as' "$at/other/app:1"
expect 0 "that the caller knows" check_image --name "${at/:/_}+some+app" "$at/other/app:1"
copy oci:app "docker://$at/some/app:$(digest old | tr : -).execgate"
copy oci:old "docker://$at/some/app:1"
refuses 3 "an image in place of the catalog" 'no signed catalog' "$at/some/app:1"
blob=$(find registry -path "*$(jq -r '.layers[0].digest[7:]' artifact)/data")
holds "the catalog's blob" test -s "$blob"
printf 'x' | dd of="$blob" bs=1 seek=100 conv=notrunc status=none
expect 1 "a blob that was changed on the registry's disk" \
	check_image "$at/some/app@$(digest app)"
kill $registry
wait $registry

# --- a registry that lies
"$EXECGATE" image sign --no-classes --platform amd64 --key "$KEYS/rsa/key.pem" \
	--name liar+app oci:app >out 2>&1
serve() {
	mkdir -p "liar/manifests" liar/blobs
	cp app/blobs/sha256/* evil/blobs/sha256/* liar/blobs
}
serve
python3 "$TOP/tests/cli/registry.py" liar >liar.log 2>&1 &
liar=$!
liar_port=$(port cat liar/port)
holds "the liar answers" test -n "$liar_port"
by_http "$liar_port"
at=127.0.0.1:$liar_port
trusting+=(--name liar+app)
good=$(digest app | cut -c8-)
evil=$(digest evil | cut -c8-)
catalog=$(jq -r '.manifests[1].digest[7:]' app/index.json)
answers() { cp "$2" "liar/manifests/$1"; }
answers 1 "app/blobs/sha256/$good"
answers "sha256-$good" "app/blobs/sha256/$good"
answers "sha256-$good.execgate" "app/blobs/sha256/$catalog"
expect 0 "while it does not lie" check_image "$at/app:1"

answers 2 "app/blobs/sha256/$good"
answers 2+ "evil/blobs/sha256/$evil"
expect 0 "a tag that is another image the second time" image pull "${trusting[@]}" "$at/app:2" twice
holds "there is no second time" test "$(grep -c 'GET /v2/app/manifests/2$' liar/log)" -eq 1
holds "it is the image that was verified" test "$(digest twice)" = "sha256:$good"
answers "sha256-$good" "evil/blobs/sha256/$evil"
refuses 1 "another digest than was asked for" 'skopeo did not copy' "$at/app@sha256:$good"
answers "sha256-$good.execgate" "app/blobs/sha256/$good"
refuses 3 "the image as its own catalog" 'no signed catalog' "$at/app:1"
printf '{"schemaVersion": 2, "mediaType": "' >garbage
refuses_catalog() {
	answers "sha256-$good.execgate" garbage
	refuses "$1" "$2" "$3" "$at/app:1"
}
refuses_catalog 1 "garbage for a catalog" 'skopeo did not copy'
{
	cat "app/blobs/sha256/$catalog"
	head -c 9000000 /dev/zero | tr '\0' ' '
} >garbage
refuses_catalog 1 "a catalog's manifest of 9 MB" 'skopeo did not copy'
sed 's|"digest":"sha256:[0-9a-f]*"|"digest":"sha256:../../../../../etc/passwd"|g' \
	"app/blobs/sha256/$catalog" >garbage
refuses_catalog 1 "digests that are paths" 'skopeo did not copy'
sed "s|$good|$evil|" "app/blobs/sha256/$catalog" >garbage
refuses_catalog 3 "a catalog with the subject of another" 'no signed catalog'
layer=$(jq -r '.layers[0].digest[7:]' "app/blobs/sha256/$good")
cp "evil/blobs/sha256/$(jq -r '.layers[0].digest[7:]' "evil/blobs/sha256/$evil")" \
	"liar/blobs/$layer"
refuses 1 "another layer than was asked for" 'skopeo did not copy' "$at/app:1"
kill $liar
wait $liar 2>/dev/null
unset TMPDIR
