#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The entry point of the image of nginx.
exec nginx -g 'daemon off; error_log /dev/stderr;'
