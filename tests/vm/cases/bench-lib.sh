# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For bench and bench-peers: in the guest, under -icount.

# per WHAT COUNT FILE...: the least of three runs, after one that warms up. Others work
# meanwhile (a tick of the clock, a worker), which is up to half a percent of a run.
per() {
	local time least=
	"$bench" "$@" >/dev/null
	for _ in 1 2 3; do
		time=$("$bench" "$@")
		[[ $least && $least -le $time ]] || least=$time
	done
	echo "$least"
}

# ratio A B: A/B with three places
ratio() {
	printf '%d.%03d' $(($1 / $2)) $(($1 * 1000 / $2 % 1000))
}

now() { echo "${EPOCHREALTIME/./}000"; }

# whole COMMAND...: nanoseconds for it, the least of three, after one that warms up
whole() {
	local start time least=
	"$@" >/dev/null
	for _ in 1 2 3; do
		start=$(now)
		"$@" >/dev/null
		time=$(($(now) - start))
		[[ $least && $least -le $time ]] || least=$time
	done
	echo "$least"
}

# configure_script LINES: four commands each, most of them programs, as in configure scripts
configure_script() {
	local i
	for ((i = 0; i < $1; i++)); do
		echo "[ -e /etc/passwd ] && cat /dev/null && x=\$(stat -c %s /etc/passwd) && true \"\$x\" && sha256sum /dev/null"
	done
}

# A hundred modules of Python.
# shellcheck disable=SC2034 # those who source this use it
imports='import abc, argparse, array, ast, asyncio, base64, bisect, bz2, calendar, cmd, code, codecs, collections,
 concurrent.futures, configparser, contextlib, copy, csv, ctypes, datetime, decimal, difflib, dis, email, enum, filecmp,
 fileinput, fnmatch, fractions, ftplib, functools, getopt, getpass, gettext, glob, gzip, hashlib, heapq, hmac, html,
 http.client, http.server, imaplib, inspect, io, ipaddress, json, keyword, linecache, locale, logging, lzma, mailbox,
 mimetypes, multiprocessing, netrc, ntpath, numbers, operator, optparse, os, pathlib, pdb, pickle, pickletools, pkgutil,
 platform, plistlib, pprint, profile, pstats, queue, random, re, reprlib, rlcompleter, sched, secrets, selectors, shelve,
 shlex, shutil, smtplib, socket, socketserver, sqlite3, ssl, stat, statistics, string, stringprep, struct, subprocess,
 tarfile, tempfile, textwrap, threading, timeit, tokenize, traceback, types, typing, unittest, urllib.request, uuid,
 weakref, xml.dom, xml.sax, xmlrpc.client, zipapp, zipfile'
imports=${imports//$'\n'/}
