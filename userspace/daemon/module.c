// SPDX-License-Identifier: GPL-2.0
#include "daemon/module.h"

#include <errno.h>
#include <libkmod.h>
#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/netlink/connection.h"

#define MODULE_NAME "execgate"

static int fail_insert(struct execgate_error *err, int ret)
{
	switch (-ret) {
	case EKEYREJECTED:
	case ENOKEY:
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_NOT_LOADED,
			"the kernel does not trust the signature of its module "
			"execgate (%s): with Secure Boot, enroll the key of "
			"DKMS: \"mokutil --import /var/lib/dkms/mok.pub\", then "
			"reboot",
			strerror(-ret));
	case EPERM:
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_NO_PRIVILEGE,
			"the module execgate may not be loaded: it takes "
			"CAP_SYS_MODULE and kernel.modules_disabled=0");
	}
	return execgate_error_set(
		err, ret, EXECGATE_EXIT_NOT_LOADED,
		"the module execgate refuses to load (%s): the reason is in "
		"the kernel's log, see \"journalctl -k -g execgate\"",
		strerror(-ret));
}

static int insert_module(struct kmod_ctx *ctx, struct execgate_error *err)
{
	struct kmod_list *list = NULL, *item;
	struct utsname uts;
	int ret;

	ret = kmod_module_new_from_lookup(ctx, MODULE_NAME, &list);
	if (ret < 0)
		return execgate_error_errno(
			err, ret, "the module execgate cannot be looked up");
	if (!list) {
		uname(&uts);
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_NOT_LOADED,
			"there is no module execgate for the kernel %s: see "
			"\"dkms status execgate\", and install the headers of "
			"this kernel",
			uts.release);
	}
	kmod_list_foreach(item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		ret = kmod_module_probe_insert_module(
			module, KMOD_PROBE_APPLY_BLACKLIST, "mode=off", NULL,
			NULL, NULL);
		kmod_module_unref(module);
		if (ret)
			break;
	}
	kmod_module_unref_list(list);
	if (ret == KMOD_PROBE_APPLY_BLACKLIST)
		return execgate_error_set(
			err, -EPERM, EXECGATE_EXIT_NOT_LOADED,
			"the module execgate is on a modprobe.d blacklist: "
			"\"modprobe -c | grep execgate\" tells the line");
	return ret < 0 && ret != -EEXIST ? fail_insert(err, ret) : 0;
}

int module_load(struct execgate_error *err)
{
	struct kmod_ctx *ctx;
	int ret;

	if (execgate_netlink_built_in())
		return 0;
	ctx = kmod_new(NULL, NULL);
	if (!ctx)
		return execgate_error_errno(err, -ENOMEM, "libkmod");
	ret = insert_module(ctx, err);
	kmod_unref(ctx);
	return ret;
}
