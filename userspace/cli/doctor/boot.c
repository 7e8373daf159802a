// SPDX-License-Identifier: GPL-2.0
/* Will the kernels that may boot next load the module? */
#include <stdio.h>

#include "cli/doctor/doctor.h"
#include "lib/preflight/kernels.h"

static const char *next_of(const struct execgate_kernel *kernel, char *text,
			   size_t size)
{
	switch (kernel->state) {
	case EXECGATE_KERNEL_GOOD:
		return NULL;
	case EXECGATE_KERNEL_BLACKLISTED:
		return "\"modprobe -c | grep execgate\" tells the line";
	case EXECGATE_KERNEL_MISSING:
	case EXECGATE_KERNEL_UNREADABLE:
	case EXECGATE_KERNEL_FOREIGN:
	case EXECGATE_KERNEL_NO_BTF:
		break;
	}
	snprintf(
		text, size,
		"apt install linux-headers-%.79s, then dkms autoinstall -k %.79s",
		kernel->release, kernel->release);
	return text;
}

/* If a machine enforces, the next boot is as grave as this one. */
static void check_kernel(struct doctor *doctor,
			 const struct execgate_kernel *kernel)
{
	bool grave = doctor->wanted == EXECGATE_MODE_ENFORCE && kernel->next;
	char next[320];

	if (kernel->state == EXECGATE_KERNEL_GOOD)
		doctor_report(doctor, DOCTOR_OK,
			      kernel->next ? "next boot" : "other kernel", NULL,
			      "%s for the kernel %s",
			      execgate_kernel_text(kernel->state),
			      kernel->release);
	else
		doctor_report(doctor, grave ? DOCTOR_FAIL : DOCTOR_WARN,
			      kernel->next ? "next boot" : "other kernel",
			      next_of(kernel, next, sizeof(next)),
			      "%s for the kernel %s: a boot of it will NOT gate",
			      execgate_kernel_text(kernel->state),
			      kernel->release);
}

void doctor_check_next_boot(struct doctor *doctor)
{
	struct execgate_kernel all[EXECGATE_KERNELS_MAX];
	size_t count = execgate_kernels_find("", all);

	for (size_t i = 0; i < count; i++)
		check_kernel(doctor, &all[i]);
}
