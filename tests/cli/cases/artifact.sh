# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Catalogs beside images, in folders of OCI's layout: signed, verified and trusted, and
# what somebody makes of them who can write there.

key=$KEYS/rsa/key.pem
mkdir trusted && cp "$KEYS/rsa/cert.pem" trusted/
image() { "$EXECGATE" image "$@"; }
sign_image() { image sign --no-classes --platform amd64 --key "$key" "$@"; }
check_image() { image verify --platform amd64 --keys-dir trusted --sequences none "$@"; }

# digest FOLDER: of the image that it lists first
digest() { jq -r '.manifests[0].digest' "$1/index.json"; }

# refuses CODE WHAT TEXT IMAGE: by verify and by trust; nothing is installed
refuses() {
	expect "$1" "$2" check_image "$4"
	says "$2: why" "$3"
	expect "$1" "$2: not trusted" image trust --platform amd64 --no-load --keys-dir trusted \
		--sequences none --catalogs-dir refused "$4"
	holds "$2: nothing is installed" test ! -e refused
}

make_images <<'PY'
def sh(text):
    return f"#!/bin/sh\necho {text}\n"

image("app", layer(("bin/app", sh("app")), ("etc/data", "no code")))
image("old", layer(("bin/app", sh("old"))), created="2020-01-01T00:00:00Z")
image("evil", layer(("bin/app", sh("evil"))))
image("tag", layer(("bin/app", sh("app"))), name="latest")
image("other", layer(("bin/app", sh("app"))), name="example.org/other:1")
image("nothing", layer(("etc/data", "no code")))
PY
for folder in app old evil tag other nothing; do
	cp -r "$folder" "$folder.unsigned"
done

# --- a folder
refuses 3 "an image that nobody signed" 'no signed catalog' oci:app
expect 0 "sign a folder" sign_image oci:app
prints "its digest" "$(digest app)"
prints "its catalog" 'example.org+app, sequence 1715648523, 2 digests'
expect 0 "it is good" check_image oci:app
prints "whose it is" 'oci:app: good, signed by CN=rsa'
prints "and covered" '1 files, 0 of them not in the catalog'
expect 0 "by its name" check_image oci:app:example.org/app:1
expect 0 "as JSON" check_image --json oci:app
json "has all of it" '.images[0] | .good and .image == "oci:app" and
	.digest == "'"$(digest app)"'" and .catalog.name == "example.org+app" and
	.not_covered == [] and (.signer | length) == 64'
holds "the artifact names the image" jq -e --arg d "$(digest app)" '.subject.digest == $d and
	.artifactType == "application/vnd.execgate.catalog.v1"' \
	"app/blobs/sha256/$(jq -r '.manifests[1].digest[7:]' app/index.json)"
cp app/index.json before
expect 0 "sign it again" sign_image oci:app
holds "the same bytes are the same artifact" cmp before app/index.json
expect 0 "its catalog is built as before" "$EXECGATE" catalog build --no-classes --no-cache \
	--platform amd64 --image oci:app -o t.manifest
expect 0 "an image without code" sign_image oci:nothing
expect 0 "is good, too" check_image oci:nothing
expect 0 "several at once" check_image oci:app oci:nothing
expect 3 "one of several that is not" check_image oci:app oci:evil oci:nothing
prints "does not hide the next" 'oci:nothing: good'
tar -cf app.tar -C app .
expect 0 "an archive of OCI" check_image oci-archive:app.tar
expect 2 "which nothing is put into" sign_image oci-archive:app.tar
says "what to do with it" 'skopeo copy'

# --- what the command line gets wrong
expect 2 "sign what?" sign_image
expect 2 "verify what?" check_image
expect 2 "pull without a folder" image pull --keys-dir trusted example.org/app:1
expect 2 "pull what is here" image pull --keys-dir trusted oci:app there
expect 2 "pull where something is" image pull --keys-dir trusted example.org/app:1 app
says "is refused before anything is fetched" 'is there already'
expect 2 "trust by a certificate of the caller's" image trust --cert trusted/cert.pem oci:app
expect 2 "neither loaded nor kept" image trust --no-load --no-persist oci:app
expect 2 "a file without its kind" sign_image app.tar
expect 2 "what a runtime has" check_image containers-storage:app
expect 7 "without skopeo" env PATH=/nowhere "$EXECGATE" image verify --keys-dir trusted \
	example.org/app:1
says "what to install" 'install the package skopeo'

# --- trust
trust_image() {
	image trust --platform amd64 --no-load --keys-dir trusted --sequences sequences \
		--catalogs-dir catalogs "$@"
}
expect 0 "trust" trust_image --json oci:app
json "says what is installed" '.installed[0] | .name == "example.org+app" and
	.persisted and (.loaded | not) and .image == "oci:app"'
holds "the catalog is kept" test -e catalogs/example.org+app.cat
expect 0 "as it was signed" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" \
	catalogs/example.org+app.cat
expect 0 "sign the image of before" sign_image oci:old
expect 0 "which is good where no other was" check_image oci:old
cp -r catalogs catalogs.before
expect 4 "an old image of the name" trust_image oci:old
says "is too old" 'is older than a catalog'
holds "and changes nothing" diff -r catalogs.before catalogs
expect 4 "verify knows it, too" image verify --platform amd64 --keys-dir trusted \
	--sequences sequences oci:old

# --- attacks on a folder
# attach FROM TO: all of the artifacts of one, in the other
attach() {
	cp -n "$1"/blobs/sha256/* "$2/blobs/sha256/"
	jq --slurpfile from "$1/index.json" \
		'.manifests += [$from[0].manifests[] | select(.artifactType)]' "$2/index.json" >index
	mv index "$2/index.json"
}
attach app evil
refuses 3 "a catalog of another image" 'no signed catalog' oci:evil
# forge FOLDER PYTHON: changes "it", the newest artifact of a layout, in its names, too
forge() {
	FOLDER=$1 CHANGE=$2 python3 - <<'PY'
import hashlib, json, os
folder = os.environ["FOLDER"]
blobs = folder + "/blobs/sha256/"
def put(data):
    digest = hashlib.sha256(data).hexdigest()
    open(blobs + digest, "wb").write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}
index = json.load(open(folder + "/index.json"))
it = json.load(open(blobs + index["manifests"][-1]["digest"][7:]))
exec(os.environ["CHANGE"])
index["manifests"][-1].update(put(it if isinstance(it, bytes) else json.dumps(it).encode()))
json.dump(index, open(folder + "/index.json", "w"))
PY
}
forge evil 'it["subject"] = {k: index["manifests"][0][k] for k in ("mediaType", "digest", "size")}'
refuses 4 "with another subject" 'it is of another image' oci:evil
cp -r other.unsigned mine
image sign --no-classes --platform amd64 --key "$KEYS/p256/key.pem" oci:mine >out 2>&1
refuses 5 "a stranger's" 'not trusted' oci:mine
expect 0 "beside it, one that is good" sign_image oci:mine
expect 0 "is found" check_image oci:mine
jq '.manifests |= [.[0], .[2], .[1]]' mine/index.json >index && mv index mine/index.json
expect 0 "whatever comes after it" check_image oci:mine
expect 0 "unless the stranger is known" image verify --platform amd64 --sequences none \
	--cert "$KEYS/p256/cert.pem" oci:mine

# damage FOLDER TEXT: one bit of the blob that has it in it
damage() {
	rm -rf damaged && cp -r "$1" damaged
	python3 - "$2" <<'PY'
import os, sys
for name in os.listdir("damaged/blobs/sha256"):
    path = "damaged/blobs/sha256/" + name
    data = open(path, "rb").read()
    if data.startswith(b"\x1f\x8b") if sys.argv[1] == "gzip" else sys.argv[1].encode() in data:
        open(path, "wb").write(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
        sys.exit(0)
sys.exit(1)
PY
}
for part in 'manifest:"layers": [{' configuration:rootfs layer:gzip catalog:EXECGATE \
	'artifact:"subject"'; do
	holds "one bit of the ${part%%:*}" damage app "${part#*:}"
	expect 4 "a changed ${part%%:*}" check_image oci:damaged
done
# bad CODE WHAT TEXT PYTHON: an artifact that was changed so
bad() {
	rm -rf bad && cp -r app bad
	forge bad "$4"
	expect "$1" "$2" check_image oci:bad
	says "$2: why" "$3"
}
bad 4 "a digest that is a path" 'not of the form sha256:HEX' \
	'it["layers"][0]["digest"] = "sha256:../../../../etc/passwd"'
bad 4 "a subject that is a path" 'not of the form sha256:HEX' \
	'it["subject"]["digest"] = "../" * 30'
bad 4 "another algorithm" 'not of the form sha256:HEX' \
	'it["subject"]["digest"] = "sha512:" + 128 * "0"'
bad 4 "two files" 'not one file' 'it["layers"] *= 2'
bad 4 "no file" 'not one file' 'it["layers"] = []'
bad 4 "layers that are not a list" 'not one file' 'it["layers"] = {"0": it["layers"][0]}'
bad 4 "a type in the index only" 'of two types' 'it["layers"][0]["mediaType"] = "text/plain"'
bad 4 "no subject" 'unknown contents' 'del it["subject"]'
bad 4 "a subject of a number" 'unknown contents' 'it["subject"] = 7'
bad 4 "a negative size" 'unknown contents' 'it["layers"][0]["size"] = -1'
bad 4 "an artifact that is an index" 'is an index and a manifest' 'it["manifests"] = []'
bad 4 "garbage" 'is not JSON' 'it = b"\xff\0{" * 99'
bad 4 "a key twice" 'is not JSON' 'it = json.dumps(it).encode()[:-1] + b", \"subject\": {}}"'
bad 4 "nesting without end" 'is not JSON' 'it = b"[" * 100000'
bad 1 "JSON of 5 MiB" 'is larger than' 'it = json.dumps(it).encode() + b" " * (5 << 20)'
bad 4 "a catalog that is none" 'is not a catalog' 'it["layers"][0].update(put(b"nothing"))'
bad 4 "an empty catalog" 'is not a catalog' 'it["layers"][0].update(put(b""))'
bad 3 "a catalog that nobody signed" 'not signed' 'it["layers"][0].update(put(open("t.manifest", "rb").read()))'
expect 0 "sign a catalog that names no image" "$EXECGATE" catalog sign --key "$key" -o t.cat \
	t.manifest
bad 4 "it is good for none" 'it is of another image' \
	'it["layers"][0].update(put(open("t.cat", "rb").read()))'
rm -rf many && cp -r other.unsigned many
expect 0 "sign one" sign_image oci:many
python3 - <<'PY'
import hashlib, json
index = json.load(open("many/index.json"))
good = index["manifests"][1]
it = json.load(open("many/blobs/sha256/" + good["digest"][7:]))
for number in range(40):
    it["annotations"] = {"n": str(number)}
    it["layers"][0]["digest"] = "sha256:" + 64 * "0"
    data = json.dumps(it).encode()
    digest = hashlib.sha256(data).hexdigest()
    open("many/blobs/sha256/" + digest, "wb").write(data)
    index["manifests"].append({**good, "digest": "sha256:" + digest, "size": len(data)})
json.dump(index, open("many/index.json", "w"))
PY
refuses 7 "more of them than are tried" 'cannot open' oci:many
cp -r other.unsigned hollow
expect 0 "a name that is not the image's" sign_image --name example.org+app oci:hollow
refuses 4 "moved to another repository" 'was signed as "example.org+app"' oci:hollow
expect 0 "unless the caller says so" check_image --name example.org+app oci:hollow
expect 0 "a folder that has a tag only" sign_image --name some.name oci:tag
expect 0 "can have any name" check_image oci:tag
expect 4 "but not another" check_image --name other.name oci:tag

# --- catalogs that a trusted key signed, but which are not of "image sign"
# made NAME-OF-IDENTITY CLASS CODE... : a catalog of app's manifest, and of its code
made() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/tests/vectors python3 - "$@" >made.manifest <<'PY'
import hashlib, json, sys
import manifest
it = json.load(open("app/index.json"))["manifests"][0]
entries = [(0, bytes.fromhex(it["digest"][7:]), it["size"], 0, int(sys.argv[2]))]
for name in sys.argv[3:]:
    data = open(name, "rb").read()
    entries.append((0, hashlib.sha256(data).digest(), len(data), 1, 4))
sys.stdout.buffer.write(manifest.manifest(sorted(entries), [
    (sys.argv[1].encode(), b"", 1), (b"org.example/x", b"", 1)], b"example.org+app", 1715648523))
PY
	"$EXECGATE" catalog sign --key "$key" -o made.cat made.manifest >out 2>&1
	rm -rf made && cp -r app made
	forge made 'it["layers"][0].update(put(open("made.cat", "rb").read()))'
}
printf '#!/bin/sh\necho app\n' >app.sh
bound=org.opencontainers.image.manifest
made $bound 64 app.sh
expect 0 "one that is made by hand" check_image oci:made
made $bound 1 app.sh
refuses 4 "the manifest as a program" 'it is of another image' oci:made
made org.example/image 64 app.sh
refuses 4 "the manifest as somebody's file" 'it is of another image' oci:made
made $bound 64
expect 3 "code that is left out" check_image oci:made
says "is named" '/bin/app is code that the catalog does not list'
expect 3 "in JSON" check_image --json oci:made
json "too" '.images[0] | .good and (.not_covered | map(.path)) == ["/bin/app"]'
expect 0 "it does not run, so the rest may" image trust --platform amd64 --no-load \
	--keys-dir trusted --sequences none --catalogs-dir short oci:made
says "but it is told of" 'it will not run'
