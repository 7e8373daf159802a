#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The entry point of the image of PostgreSQL, whose cluster is the one that the package made.
exec /usr/lib/postgresql/17/bin/postgres -D /var/lib/postgresql/17/main \
	-c config_file=/etc/postgresql/17/main/postgresql.conf -c ssl=off -c unix_socket_directories=/tmp
