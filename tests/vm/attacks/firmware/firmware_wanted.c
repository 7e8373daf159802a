// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of nothing that loads firmware by both of the kernel's ways: from a
 * file, whose name is written to the parameter "load", and handed over through
 * /sys/class/firmware/firmware_wanted. No device that QEMU has needs any from a
 * driver that Debian's cloud kernels have.
 */
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/module.h>

static struct device *device;
static struct fw_upload *upload;

static int load(const char *name, const struct kernel_param *param)
{
	const struct firmware *firmware;
	char file[64];
	int err;

	strscpy(file, name, sizeof(file));
	err = request_firmware_direct(&firmware, strim(file), device);
	if (!err)
		release_firmware(firmware);
	return err;
}

static const struct kernel_param_ops load_ops = { .set = load };
module_param_cb(load, &load_ops, NULL, 0200);

static enum fw_upload_err prepare(struct fw_upload *fw, const u8 *data,
				  u32 size)
{
	return FW_UPLOAD_ERR_NONE;
}

static enum fw_upload_err take(struct fw_upload *fw, const u8 *data, u32 offset,
			       u32 size, u32 *written)
{
	*written = size;
	return FW_UPLOAD_ERR_NONE;
}

static enum fw_upload_err complete_all_of_it(struct fw_upload *fw)
{
	return FW_UPLOAD_ERR_NONE;
}

static void cancel(struct fw_upload *fw)
{
}

static const struct fw_upload_ops upload_ops = {
	.prepare = prepare,
	.write = take,
	.poll_complete = complete_all_of_it,
	.cancel = cancel,
};

static int __init firmware_wanted_init(void)
{
	device = root_device_register("firmware_wanted");
	if (IS_ERR(device))
		return PTR_ERR(device);
	upload = firmware_upload_register(THIS_MODULE, device,
					  "firmware_wanted", &upload_ops, NULL);
	if (IS_ERR(upload)) {
		root_device_unregister(device);
		return PTR_ERR(upload);
	}
	return 0;
}

static void __exit firmware_wanted_exit(void)
{
	firmware_upload_unregister(upload);
	root_device_unregister(device);
}

module_init(firmware_wanted_init);
module_exit(firmware_wanted_exit);
MODULE_DESCRIPTION("Wants firmware");
/* What "race-module" changes, and sysfs shows. */
MODULE_VERSION("good");
MODULE_LICENSE("GPL");
