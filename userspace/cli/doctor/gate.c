// SPDX-License-Identifier: GPL-2.0
/* The module itself: is it there, does it gate, whom does it trust? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/common/policy_print.h"
#include "cli/doctor/doctor.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/config/policy_file.h"
#include "lib/crypto/key_end.h"

static const char *how_to_load(const struct execgate_error *err)
{
	char disabled[8];

	if (err->code == EXECGATE_EXIT_NO_PRIVILEGE)
		return "run \"execgate doctor\" as root";
	if (execgate_netlink_built_in())
		return "journalctl -k -g execgate";
	if (execgate_io_read_line("/proc/sys/kernel/modules_disabled", disabled,
				  sizeof(disabled)) &&
	    !strcmp(disabled, "1"))
		return "reboot: kernel.modules_disabled=1, so this boot loads "
		       "no more modules";
	return "modprobe execgate; if that fails: \"dkms status execgate\" "
	       "and \"journalctl -k -g execgate\"";
}

static bool check_loaded(struct doctor *doctor)
{
	const struct execgate_error *err = &doctor->open_error;

	if (doctor->nl) {
		doctor_report(doctor, DOCTOR_OK, "module", NULL,
			      "execgate %s is %s", doctor->status.version,
			      execgate_netlink_built_in() ? "built in" :
							    "loaded");
		return true;
	}
	doctor_code(doctor, err->code);
	doctor_report(doctor, DOCTOR_FAIL, "module", how_to_load(err), "%s",
		      err->message);
	return false;
}

/* A hook is silent: what may be between it and the gate? */
static const char *how_to_attach(void)
{
	return execgate_netlink_built_in() ?
		       "journalctl -k -g execgate, and report it as a bug" :
		       "sysctl kernel.ftrace_enabled; then \"execgate mode "
		       "off\" and \"execgate mode audit\" to attach them anew";
}

static bool check_state(struct doctor *doctor)
{
	const struct execgate_status *status = &doctor->status;

	switch ((enum execgate_state)status->state) {
	case EXECGATE_STATE_GATING:
		doctor_report(doctor, DOCTOR_OK, "gating", NULL,
			      "the hooks are attached, mode %s",
			      execgate_mode_name(status->mode));
		return true;
	case EXECGATE_STATE_DETACHED:
		doctor_report(doctor, DOCTOR_WARN, "gating",
			      "execgate mode audit",
			      "mode off: the hooks are detached and nothing is "
			      "judged");
		return false;
	case EXECGATE_STATE_NOT_GATING:
		break;
	}
	doctor_code(doctor, EXECGATE_EXIT_NOT_GATING);
	doctor_report(doctor, DOCTOR_FAIL, "gating",
		      "journalctl -k -g execgate (or dmesg) has the cause; "
		      "then \"execgate mode audit\" tries again",
		      "the module is loaded but does NOT gate: every program "
		      "runs");
	return false;
}

/*
 * As ps does: it is asked about, yet never denied. (Asking to be traced cannot be
 * tried: in profile strict that is a denial.)
 */
static void look_at_another(void)
{
	char byte;
	int fd = open("/proc/1/environ", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, &byte, 1) < 0)
		errno = 0;
	close(fd);
}

/* Do what the hooks watch: map a page to execute it, cut a file. */
static int exercise_hooks(void)
{
	FILE *temporary;
	void *page;
	int fd, ret = 0;

	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	page = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (page == MAP_FAILED || mprotect(page, 1, PROT_READ | PROT_EXEC))
		ret = -errno;
	if (page != MAP_FAILED)
		munmap(page, 1);
	close(fd);
	prctl(PR_GET_DUMPABLE);
	look_at_another();
	if (ret)
		return ret;
	temporary = tmpfile();
	if (!temporary)
		return -errno;
	if (ftruncate(fileno(temporary), 1))
		ret = -errno;
	fclose(temporary);
	return ret;
}

/* A hook that was called before us may have stopped being called since. */
static void check_hooks_move(struct doctor *doctor)
{
	static const enum execgate_hook hooks[] = {
		EXECGATE_HOOK_MMAP_FILE,     EXECGATE_HOOK_FILE_OPEN,
		EXECGATE_HOOK_INODE_SETATTR, EXECGATE_HOOK_FILE_MPROTECT,
		EXECGATE_HOOK_PTRACE_ACCESS, EXECGATE_HOOK_TASK_PRCTL,
	};
	struct execgate_status before, after;
	struct execgate_error err;
	int ret;

	ret = execgate_netlink_status(doctor->nl, &before, &err);
	if (!ret) {
		ret = exercise_hooks();
		if (ret) {
			doctor_report(doctor, DOCTOR_WARN, "hook calls",
				      "execgate status --verbose shows "
				      "the counters",
				      "they could not be exercised: %s",
				      strerror(-ret));
			return;
		}
		ret = execgate_netlink_status(doctor->nl, &after, &err);
	}
	if (ret) {
		doctor_report(doctor, DOCTOR_FAIL, "hook calls",
			      "execgate status", "%s", err.message);
		return;
	}
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (after.counters.hook_calls[hooks[i]] >
		    before.counters.hook_calls[hooks[i]])
			continue;
		doctor_code(doctor, EXECGATE_EXIT_NOT_GATING);
		doctor_report(doctor, DOCTOR_FAIL, "hook calls",
			      how_to_attach(),
			      "the hook \"%s\" was not called although it had "
			      "to be: the kernel is NOT gated",
			      execgate_hook_name(hooks[i]));
		return;
	}
	doctor_report(doctor, DOCTOR_OK, "hook calls", NULL,
		      "mmap, mprotect, open, truncate, ptrace and prctl were "
		      "seen when tried");
}

static int check_key(const struct execgate_key *key, void *arg)
{
	struct doctor *doctor = arg;
	uint64_t now = (uint64_t)time(NULL);
	char text[EXECGATE_KEY_END_TEXT];
	unsigned int stage = execgate_key_end_stage(key, now);

	if (stage && !key->revoked)
		doctor_report(doctor, DOCTOR_WARN, "keys",
			      stage == 4 ?
				      "check the clock; execgate key generate "
				      "--out new && execgate key enroll "
				      "new/cert.pem, and sign with that" :
				      "execgate key generate --out new && "
				      "execgate key enroll new/cert.pem, and "
				      "sign with that",
			      "%s", execgate_key_end_text(key, now, text));
	return 0;
}

static void check_keys(struct doctor *doctor)
{
	const uint64_t keys = doctor->status.counters.keys;
	unsigned int before = doctor->warnings;
	struct execgate_error err;

	if (!keys) {
		doctor_report(doctor,
			      doctor->status.mode == EXECGATE_MODE_ENFORCE ?
				      DOCTOR_FAIL :
				      DOCTOR_WARN,
			      "keys",
			      "execgate setup, or execgate key enroll "
			      "CERTIFICATE",
			      "none is enrolled: no file can be trusted");
		return;
	}
	if (execgate_netlink_key_list(doctor->nl, check_key, doctor, &err)) {
		doctor_report(doctor, DOCTOR_FAIL, "keys", "execgate key list",
			      "%s", err.message);
		return;
	}
	if (doctor->warnings == before)
		doctor_report(doctor, DOCTOR_OK, "keys", NULL,
			      "%" PRIu64 " enrolled, none ends within 60 days",
			      keys);
}

/* A gate that the profile has and that is off is an open door: say which. */
static void check_policy(struct doctor *doctor)
{
	const struct execgate_status *status = &doctor->status;
	uint32_t missing = execgate_profile_gates(status->profile) &
			   ~status->gates.on;
	char text[EXECGATE_PROFILE_TEXT], next[128];

	policy_text(status, text);
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		if (!(missing & EXECGATE_GATE_BIT(i)))
			continue;
		snprintf(next, sizeof(next), "execgate gate %s on",
			 execgate_gate_name(i));
		doctor_report(doctor, DOCTOR_WARN, "profile", next,
			      "%s: not judged: %s", text,
			      execgate_gate_text(i));
	}
	if (!missing)
		doctor_report(doctor, DOCTOR_OK, "profile", NULL, "%s", text);
}

/* Does the key that bound the machine still count? It binds all the same. */
static int is_signer(const struct execgate_key *key, void *arg)
{
	const struct doctor *doctor = arg;

	return !memcmp(key->fingerprint, doctor->status.policy.signer,
		       EXECGATE_FINGERPRINT_SIZE) &&
	       !key->revoked;
}

static void check_signed_policy(struct doctor *doctor)
{
	const struct execgate_loaded_policy *policy = &doctor->status.policy;
	struct execgate_policy_file file;
	struct execgate_error err;
	uint64_t kept = 0;

	if (!execgate_policy_file_load(EXECGATE_POLICY_FILE, &file, NULL)) {
		kept = file.object.version;
		execgate_policy_file_free(&file);
	}
	if (!policy->version && kept) {
		doctor_report(doctor, DOCTOR_WARN, "signed policy",
			      "journalctl -b -t execgated; \"execgate policy "
			      "load " EXECGATE_POLICY_FILE "\"",
			      EXECGATE_POLICY_FILE ", version %" PRIu64
						   ", is not in force",
			      kept);
		return;
	}
	if (!policy->version)
		return;
	if (execgate_netlink_key_list(doctor->nl, is_signer, doctor, &err) != 1)
		doctor_report(doctor, DOCTOR_WARN, "signed policy",
			      "sign a newer one with a trusted key: \"execgate "
			      "policy make --sign\"",
			      "%s, version %" PRIu64
			      ", stays in force, but its "
			      "key is not trusted any more",
			      policy->name, policy->version);
	else
		doctor_report(doctor, DOCTOR_OK, "signed policy", NULL,
			      "%s, version %" PRIu64 ", in force", policy->name,
			      policy->version);
}

void doctor_check_gate(struct doctor *doctor)
{
	if (!check_loaded(doctor))
		return;
	check_policy(doctor);
	check_signed_policy(doctor);
	if (check_state(doctor))
		check_hooks_move(doctor);
	check_keys(doctor);
}
