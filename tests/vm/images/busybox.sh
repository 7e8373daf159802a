#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The entry point of the image of busybox: a command, or a server.
[ $# -eq 0 ] || exec "$@"
trap 'exit 0' TERM
httpd -p 8080 -h /www
while sleep 1; do :; done
