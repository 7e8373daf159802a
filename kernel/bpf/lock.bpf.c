// SPDX-License-Identifier: GPL-2.0
/*
 * The program for a hook that is asked often and matters to a locked gate only;
 * see execgate.bpf.c. Loaded apart, by the lock, so that others do not pay.
 */
#define BPF_NO_GLOBAL_DATA
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1

struct cred;
struct user_namespace;

extern int execgate_capable(int cap) __ksym;

SEC("lsm/capable")
int BPF_PROG(capable, const struct cred *cred, struct user_namespace *ns,
	     int cap)
{
	return execgate_capable(cap) ? -EPERM : 0;
}

char _license[] SEC("license") = "GPL";
