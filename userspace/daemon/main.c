// SPDX-License-Identifier: GPL-2.0
/* execgated: what it does is in daemon.h; here it is put together. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "daemon/configure.h"
#include "daemon/daemon.h"
#include "daemon/boot/early.h"
#include "daemon/journal.h"
#include "daemon/key_ends.h"
#include "daemon/stream.h"
#include "daemon/trial.h"
#include "daemon/watch.h"
#include "lib/catalog/file.h"
#include "lib/config/config.h"
#include "lib/config/deadline.h"
#include "lib/crypto/crypto.h"
#include "lib/crypto/keystore.h"

static void print_help(void)
{
	printf("usage: execgated [--config DIR] [--keys DIR] [--catalogs DIR]\n"
	       "       execgated --early ROOT [PROGRAM...]"
	       "\n\n"
	       "Load the execgate module, its keys and catalogs, set the "
	       "configured mode,\nand write what the kernel denies to the journal.\n\n"
	       "  --config DIR  instead of " EXECGATE_CONFIG_DIR "\n"
	       "  --keys DIR    instead of " EXECGATE_KEYSTORE_DIR "\n"
	       "  --catalogs DIR  instead of " EXECGATE_CATALOG_DIR "\n"
	       "  --early ROOT  in an initramfs: arm the gate, and end; PROGRAMs\n"
	       "                switch to ROOT then\n"
	       "  --early-files  print what an initramfs needs of the\n"
	       "                configuration, if that wants it\n"
	       "  --version     print the version\n"
	       "  --help        print this\n");
}

/* Returns -1 to go on, else what to exit with. */
static int read_options(struct daemon *daemon, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "keys", required_argument, NULL, 'k' },
		{ "catalogs", required_argument, NULL, 'C' },
		{ "early", required_argument, NULL, 'e' },
		{ "early-files", no_argument, NULL, 'E' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			daemon->config_dir = optarg;
			break;
		case 'k':
			daemon->keys_dir = optarg;
			break;
		case 'C':
			daemon->catalogs_dir = optarg;
			break;
		case 'e':
			daemon->root = optarg;
			break;
		case 'E':
			return early_print_files(daemon->config_dir);
		case 'V':
			printf("execgated %s\n", EXECGATE_VERSION);
			return EXECGATE_EXIT_OK;
		case 'h':
			print_help();
			return EXECGATE_EXIT_OK;
		default:
			return EXECGATE_EXIT_USAGE;
		}
	}
	daemon->switchers = argv + optind;
	if (optind == argc || daemon->root)
		return -1;
	fprintf(stderr,
		"execgated: \"%s\" is one argument too many; see "
		"\"execgated --help\"\n",
		argv[optind]);
	return EXECGATE_EXIT_USAGE;
}

static int on_hangup(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *arg)
{
	struct daemon *daemon = arg;

	(void)source;
	(void)info;
	sd_notify(0, "RELOADING=1");
	if (daemon->control)
		configure_gate(daemon, true);
	watch_look(daemon);
	sd_notify(0, "READY=1");
	return 0;
}

static int loop_init(struct daemon *daemon)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t blocked;
	int ret;

	sigemptyset(&blocked);
	for (size_t i = 0; i < 3; i++)
		sigaddset(&blocked, signals[i]);
	if (sigprocmask(SIG_BLOCK, &blocked, NULL))
		return -errno;
	ret = sd_event_default(&daemon->loop);
	/* Without a handler of its own a signal ends the loop. */
	if (ret >= 0)
		ret = sd_event_add_signal(daemon->loop, NULL, SIGTERM, NULL,
					  NULL);
	if (ret >= 0)
		ret = sd_event_add_signal(daemon->loop, NULL, SIGINT, NULL,
					  NULL);
	if (ret >= 0)
		ret = sd_event_add_signal(daemon->loop, NULL, SIGHUP, on_hangup,
					  daemon);
	if (ret >= 0)
		ret = sd_event_set_watchdog(daemon->loop, true);
	if (ret >= 0)
		ret = stream_init(daemon);
	if (ret >= 0)
		ret = key_ends_init(daemon);
	return ret < 0 ? ret : trial_init(daemon);
}

/* Return: 0, or what to exit with: another daemon runs. */
static int open_resume(struct daemon *daemon)
{
	struct execgate_error err;
	int ret;

	/* Under systemd it is there already (RuntimeDirectory=). */
	if (mkdir(EXECGATE_RUN_DIR, 0755) && errno != EEXIST)
		ret = execgate_error_errno(&err, -errno,
					   "cannot make " EXECGATE_RUN_DIR);
	else
		ret = execgate_resume_open(EXECGATE_RESUME_FILE,
					   &daemon->resume, &err);
	if (!ret)
		return 0;
	if (ret == -EBUSY) {
		fprintf(stderr, "execgated: %s\n", err.message);
		return err.code;
	}
	/* The gate does not wait for a note of where in the events we are. */
	journal_say(EXECGATE_MESSAGE_RESUME_FAILED, LOG_ERR,
		    "after a restart denials may be in the journal twice: %s",
		    err.message);
	daemon->resume = execgate_resume_without();
	return 0;
}

static int wait_for_events(struct daemon *daemon)
{
	int ret = loop_init(daemon);

	if (!ret)
		ret = watch_start(daemon);
	if (ret)
		return ret;
	sd_notify(0, "READY=1");
	return sd_event_loop(daemon->loop);
}

static int run_loop(struct daemon *daemon)
{
	int ret = open_resume(daemon);

	if (ret)
		return ret;
	journal_tell_kept();
	watch_begin(daemon);
	ret = wait_for_events(daemon);
	sd_notify(0, "STOPPING=1");
	stream_flush(daemon);
	watch_stop(daemon);
	if (ret < 0) {
		fprintf(stderr, "execgated: the event loop failed: %s\n",
			strerror(-ret));
		return EXECGATE_EXIT_ERROR;
	}
	journal_say(EXECGATE_MESSAGE_STOPPED, LOG_INFO,
		    "execgated stops; the kernel goes on gating and keeps the "
		    "last %d denials for its return",
		    EXECGATE_RING_MAX);
	return EXECGATE_EXIT_OK;
}

int main(int argc, char **argv)
{
	static struct daemon daemon = {
		.config_dir = EXECGATE_CONFIG_DIR,
		.keys_dir = EXECGATE_KEYSTORE_DIR,
		.catalogs_dir = EXECGATE_CATALOG_DIR,
	};
	int ret;

	execgate_crypto_start();
	ret = read_options(&daemon, argc, argv);
	if (ret < 0)
		ret = daemon.root ? early_run(&daemon) : run_loop(&daemon);
	return ret;
}
