// SPDX-License-Identifier: GPL-2.0
/*
 * What is written to a disk below its file system changes files that no hook sees
 * being written. The kernel's own opens do not come to these hooks. Those for
 * commands and quotas are attached for the gate's sake.
 */
#include "hooks/hook.h"

#include <uapi/linux/cdrom.h>
#include <linux/hdreg.h>
#include <linux/major.h>
#include <linux/miscdevice.h>
#include <linux/nvme_ioctl.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>

#include "core/counter.h"
#include "core/disk.h"
#include "core/policy.h"
#include "gate.h"

/* What is not to be found out, say for a device cgroup that forbids reading: no. */
static int refuse_unless_free(const struct eg_request *req, int in_use)
{
	if (!in_use)
		return 0;
	return eg_gate_refuse(req,
			      in_use == -ENOMEM ? EXECGATE_REASON_NO_MEMORY :
						  EXECGATE_REASON_RAW_DISK,
			      -EPERM);
}

/*
 * Logical volumes share disks without overlapping, and fsck(8) opens one while
 * another is mounted. Which of them overlap is not known but by their sizes, so
 * that a small one may; who locks the gate has none of them written to.
 */
static int disk_in_use(dev_t dev)
{
	int in_use = eg_disk_in_use(dev);

	return in_use ? in_use : eg_disk_shares(dev, !eg_policy_locked());
}

static int open_disk(const struct eg_request *req)
{
	return refuse_unless_free(req,
				  disk_in_use(file_inode(req->file)->i_rdev));
}

/*
 * Commands for a disk need no right to write: CAP_SYS_RAWIO or CAP_SYS_ADMIN is
 * enough. Which disk they are for is not known here. The image of a machine that
 * slept is written to memory by whoever writes it to /dev/snapshot.
 */
static int open_character_device(const struct eg_request *req)
{
	dev_t dev = file_inode(req->file)->i_rdev;
	bool image = dev == MKDEV(MISC_MAJOR, SNAPSHOT_MINOR);

	if (image ? !(req->file->f_mode & FMODE_WRITE) :
		    !eg_disk_is_passthrough(dev))
		return 0;
	return eg_gate_refuse(req, EXECGATE_REASON_RAW_DISK, -EPERM);
}

/* A part of the hook for all that is opened, which may sleep. */
int eg_hook_open_disk(struct file *file)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_OPEN,
		.gate = EXECGATE_GATE_RAW_DISK,
		.file = file,
	};
	umode_t mode = file_inode(file)->i_mode;

	if (!eg_policy_gate(req.gate))
		return 0;
	if (S_ISCHR(mode))
		return open_character_device(&req);
	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	if (S_ISBLK(mode))
		return open_disk(&req);
	if (S_ISREG(mode) && eg_disk_is_image(file))
		return eg_gate_refuse(&req, EXECGATE_REASON_RAW_DISK, -EPERM);
	return 0;
}

/* Whose argument is a command for the device itself. */
static bool is_passthrough(unsigned int cmd)
{
	switch (cmd) {
	case SG_IO:
	case SCSI_IOCTL_SEND_COMMAND:
	case CDROM_SEND_PACKET:
	case HDIO_DRIVE_CMD:
	case HDIO_DRIVE_TASK:
	case HDIO_DRIVE_TASKFILE:
		return true;
	}
	/* All but the number of the namespace, and asking to look again. */
	return _IOC_TYPE(cmd) == 'N' && _IOC_NR(cmd) >= 0x41 &&
	       _IOC_NR(cmd) <= 0x4f && cmd != NVME_IOCTL_RESCAN &&
	       cmd != NVME_IOCTL_RESET && cmd != NVME_IOCTL_SUBSYS_RESET;
}

/*
 * A command goes to the whole disk, whichever partition it is sent to. The bytes
 * of the command are the caller's and can change until the driver reads them, so
 * that one which only reads cannot be told from one which writes.
 */
int eg_hook_disk_ioctl(struct file *file, unsigned int cmd)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_IOCTL,
		.gate = EXECGATE_GATE_RAW_DISK,
		.file = file,
	};
	dev_t dev;
	int in_use;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_IOCTL]);
	if (!is_passthrough(cmd) || !S_ISBLK(file_inode(file)->i_mode) ||
	    !eg_policy_gate(req.gate))
		return 0;
	in_use = eg_disk_whole(file_inode(file)->i_rdev, &dev);
	return refuse_unless_free(&req, in_use ?: disk_in_use(dev));
}

/* The hook for programs of 32 bits may not sleep: of them none is let through. */
int eg_hook_disk_ioctl_compat(struct file *file, unsigned int cmd)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_IOCTL,
		.gate = EXECGATE_GATE_RAW_DISK,
		.file = file,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_IOCTL]);
	if (!is_passthrough(cmd) || !S_ISBLK(file_inode(file)->i_mode) ||
	    !eg_policy_gate(req.gate))
		return 0;
	return eg_gate_refuse(&req, EXECGATE_REASON_RAW_DISK, -EPERM);
}

/*
 * The kernel writes to a file that is named as its quotas, whatever the file is,
 * and nobody has it open for writing. Quotas of today are not files.
 */
int eg_hook_quota_on(struct dentry *dentry)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_QUOTA_ON,
		.gate = EXECGATE_GATE_RAW_DISK,
		.dentry = dentry,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_QUOTA_ON]);
	if (!eg_policy_gate(req.gate))
		return 0;
	return eg_gate_refuse(&req, EXECGATE_REASON_RAW_DISK, -EPERM);
}
