/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /etc/execgate/execgate.conf, then /etc/execgate/execgate.conf.d/ *.conf in
 * order of their names; a later file wins. INI: "[gate]", "mode = audit".
 */
#ifndef EXECGATE_CONFIG_H
#define EXECGATE_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* How many boots in enforce may fail in a row. */
#define EXECGATE_BOOT_ATTEMPTS 3
#define EXECGATE_BOOT_ATTEMPTS_MAX 100

#define EXECGATE_CONFIG_DIR "/etc/execgate"
#define EXECGATE_CONFIG_CONTACT_MAX 120
#define EXECGATE_CONFIG_URL_MAX 200
#define EXECGATE_CONFIG_TPM_MAX 160
#define EXECGATE_CONFIG_NO_MODE (-1)
#define EXECGATE_CONFIG_NO_PROFILE (-1)
#define EXECGATE_CONFIG_NO_PCR (-1)

/**
 * struct execgate_config - what the files say
 * @mode: enum execgate_mode, or EXECGATE_CONFIG_NO_MODE if none says
 * @mode_file: the file that says it
 * @profile: enum execgate_profile, or EXECGATE_CONFIG_NO_PROFILE
 * @gates: bits by enum execgate_gate, of those in @select
 * @select: the gates that are set by themselves, whatever the profile
 * @policy_file: the last file that says a profile or a gate
 * @lock: the daemon locks the gate when it enforces
 * @lock_file: the file that says so, or that it does not
 * @early: the initramfs arms the gate before it switches to the machine's root
 * @pcr: of the TPM, extended by what is trusted; EXECGATE_CONFIG_NO_PCR = none
 * @boot_attempts: boots in enforce that may fail in a row; 0 = any number
 * @tpm: where the version of the signed policy is kept, too: of policy_known.h; "" = auto
 * @no_terminal: a denied user is not told at the terminal
 * @no_desktop: nor by a notification on the desktop
 * @contact, @url: whom a denied user may ask; "" = nobody in particular
 */
struct execgate_config {
	int mode;
	int profile;
	uint32_t gates;
	uint32_t select;
	unsigned int boot_attempts;
	bool lock;
	bool early;
	int pcr;
	char mode_file[PATH_MAX];
	char policy_file[PATH_MAX];
	char lock_file[PATH_MAX];
	char tpm[EXECGATE_CONFIG_TPM_MAX + 1];
	bool no_terminal;
	bool no_desktop;
	char contact[EXECGATE_CONFIG_CONTACT_MAX + 1];
	char url[EXECGATE_CONFIG_URL_MAX + 1];
};

/* As if no file said anything. */
void execgate_config_clear(struct execgate_config *out);

/*
 * Missing files are fine. A file that cannot be read, that is not a file, or has a line that is not
 * understood fails the whole: half a security configuration is none.
 */
int execgate_config_load(const char *dir, struct execgate_config *out,
			 struct execgate_error *err);

/*
 * Write the drop-in that makes @mode the configured one, atomically. @path gets
 * its name. Fails if a later file still says otherwise.
 */
int execgate_config_persist(const char *dir, int mode, char path[PATH_MAX],
			    struct execgate_error *err);

/*
 * The same for a profile and single gates, in a drop-in of their own: @profile
 * takes the place of what stood in it, without one (NO_PROFILE) the gates of
 * @select are added to it.
 */
int execgate_config_persist_policy(const char *dir, int profile, uint32_t gates,
				   uint32_t select, char path[PATH_MAX],
				   struct execgate_error *err);

/* The gates that @config asks for, by its profile or else the default one. */
uint32_t execgate_config_gates(const struct execgate_config *config);

/*
 * The mode that the kernel command line @text asks for: enum execgate_mode,
 * -ENOENT if it does not say "execgate.mode=", -EINVAL if it says nonsense.
 * As in the kernel, the last one counts.
 */
int execgate_config_boot_mode(const char *text);

#endif /* EXECGATE_CONFIG_H */
