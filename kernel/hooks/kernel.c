// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that the kernel itself loads: modules, kernels to boot, firmware.
 *
 * The bytes that are loaded are judged, not the file that they come from: a file
 * system may return others when it is read again (an overlay whose layer is
 * changed, FUSE, a disk that lies). The kernel shows them in kernel_post_read_file,
 * once they are in its buffer; but a signature cannot be verified there, because
 * that hook may not sleep. So the file is read and judged just before, in
 * kernel_read_file, and what was read is remembered by its digest. The second hook
 * compares the digest with the buffer's: the same bytes, or the answer is no.
 *
 * For modules and kernel images the kernel then looks at the signature inside, with
 * its built-in, secondary and machine keys, after it has decompressed them, and
 * tells the locked_down hook only about what those keys do not vouch for. So that
 * is where it is decided: what the kernel vouches for never gets there, be it a file
 * or memory. A kernel that was built without that question is not asked twice: its
 * modules and images are decided with their bytes at hand. What comes from memory
 * is shown in a hook that may not sleep and nowhere before: only the kernel's own
 * keys can vouch for it.
 */
#include "hooks/hook.h"

#include <linux/file.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "compat/compat.h"
#include "core/counter.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/object.h"

/* Kernel images and their initramfs have no class of their own. */
#define IMAGE_CLASSES (EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_DATA)

/* What the kernel reads, and what is to be said of it. */
struct object {
	enum kernel_read_file_id id; /* a compressed module is a module */
	enum execgate_gate gate;
	enum execgate_reason reason; /* of a denial */
	u16 classes;
	bool asked; /* later, by locked_down, if the kernel's keys do not vouch */
};

static const struct object objects[] = {
	{ READING_MODULE, EXECGATE_GATE_MODULE, EXECGATE_REASON_MODULE,
	  EXECGATE_CLASS_MODULE, IS_ENABLED(CONFIG_MODULE_SIG) },
	{ READING_FIRMWARE, EXECGATE_GATE_FIRMWARE, EXECGATE_REASON_FIRMWARE,
	  EXECGATE_CLASS_FIRMWARE | EXECGATE_CLASS_DATA, false },
	{ READING_KEXEC_IMAGE, EXECGATE_GATE_KEXEC, EXECGATE_REASON_KEXEC,
	  IMAGE_CLASSES, IS_ENABLED(CONFIG_KEXEC_SIG) },
	{ READING_KEXEC_INITRAMFS, EXECGATE_GATE_KEXEC, EXECGATE_REASON_KEXEC,
	  IMAGE_CLASSES, false },
};

static const struct object *find_object(int id)
{
	size_t i;

	if (eg_compat_reads_module(id))
		id = READING_MODULE;
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (objects[i].id == id)
			return &objects[i];
	return NULL;
}

/* Locked, nothing that becomes the kernel is let through for want of a gate. */
static bool is_judged(enum execgate_gate gate)
{
	return eg_policy_gate(gate) ||
	       (gate != EXECGATE_GATE_FIRMWARE && eg_policy_locked());
}

static int refuse_object(const struct eg_request *req,
			 enum execgate_reason reason)
{
	return eg_policy_gate(req->gate) || !eg_policy_locked() ?
		       eg_gate_refuse(req, reason, -EPERM) :
		       eg_gate_refuse_locked(req, reason);
}

/*
 * A task's findings about what it is loading. Only that task looks into
 * its note, so that notes_lock guards no more than the list.
 */
struct note {
	struct callback_head work;
	struct list_head list;
	const struct task_struct *task; /* compared only */
	struct file *file; /* reference held; NULL: see remember() */
	const struct object *object;
	int id;	      /* under which it was read: packed, or as it is */
	bool on_task; /* @task runs @work when its system call ends */
	bool vouched; /* for the bytes with this digest and size */
	bool loaded;  /* and the kernel's buffer has those */
	enum execgate_reason reason;   /* why not, if more than its object's */
	enum execgate_reason reported; /* good, but against such a rule */
	u64 size;
	u8 digest[EG_SHA256_SIZE];
};

/*
 * As many as tasks are loading something right now, and one for each kernel thread
 * whose last read of firmware failed between the two hooks.
 */
static LIST_HEAD(notes);
static DEFINE_SPINLOCK(notes_lock);
static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

static void discard_note(struct note *note)
{
	spin_lock(&notes_lock);
	list_del(&note->list);
	spin_unlock(&notes_lock);
	if (note->file)
		fput(note->file);
	kfree(note);
}

static void forget_note(struct callback_head *work)
{
	discard_note(container_of(work, struct note, work));
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

static struct note *find_note(const struct object *object)
{
	struct note *note, *found = NULL;

	spin_lock(&notes_lock);
	list_for_each_entry(note, &notes, list) {
		if (note->task != current || note->object != object)
			continue;
		found = note;
		break;
	}
	spin_unlock(&notes_lock);
	return found;
}

/*
 * A kernel thread has no end of a system call. It loads nothing but firmware, and
 * that is decided in the second hook, after which its note goes; one of a read that
 * failed before is used again by the thread's next one, or by a later task of the
 * same address, which overwrites it first.
 */
static struct note *new_note(const struct object *object)
{
	struct note *note = kzalloc(sizeof(*note), GFP_KERNEL);

	if (!note)
		return NULL;
	note->task = current;
	note->object = object;
	spin_lock(&notes_lock);
	list_add(&note->list, &notes);
	spin_unlock(&notes_lock);
	if (current->flags & PF_KTHREAD)
		return note;
	note->on_task = true;
	init_task_work(&note->work, forget_note);
	atomic_inc(&pending);
	if (!task_work_add(current, &note->work, TWA_RESUME))
		return note;
	/* Only an exiting task refuses it, and that one loads nothing more. */
	forget_note(&note->work);
	return NULL;
}

/*
 * Kept is what the object's own reason, that nobody vouches for it, does not say: the
 * key is good for something else, a rule was broken, or nothing was found out.
 */
static enum execgate_reason reason_to_keep(enum execgate_reason reason)
{
	return reason == EXECGATE_REASON_WRONG_PURPOSE ||
			       reason == EXECGATE_REASON_WRONG_PATH ||
			       reason == EXECGATE_REASON_ROLLBACK ||
			       reason == EXECGATE_REASON_TOO_LARGE ||
			       reason == EXECGATE_REASON_IO_ERROR ||
			       reason == EXECGATE_REASON_NO_MEMORY ||
			       reason == EXECGATE_REASON_INTERRUPTED ?
		       reason :
		       EXECGATE_REASON_ALLOWED;
}

/*
 * Without a note, for want of memory too, the answer later is no. What is decided
 * by locked_down keeps the file, so that an event can name it; the other hook has
 * it anyway.
 */
static void remember_object(struct file *file, const struct object *object,
			    int id)
{
	struct note *note = find_note(object) ?: new_note(object);
	struct eg_verdict verdict;

	if (!note)
		return;
	note->id = id;
	note->vouched = false;
	note->loaded = false;
	if (note->file)
		fput(note->file);
	note->file = object->asked && note->on_task ? get_file(file) : NULL;
	note->size =
		eg_object_judge(file, object->classes, note->digest, &verdict);
	note->vouched = note->size && verdict.reason == EXECGATE_REASON_ALLOWED;
	note->reason = reason_to_keep(verdict.reason);
	note->reported = verdict.reported;
}

/* It is loaded, against a rule that only reports. */
static void tell_reported(const struct eg_request *req,
			  enum execgate_reason reported)
{
	if (reported)
		eg_gate_break_rule(req, NULL, reported, true);
}

static enum execgate_reason reason_of(const struct note *note,
				      const struct object *object)
{
	return note && note->reason ? note->reason : object->reason;
}

int eg_hook_kernel_read_file(struct file *file, int id, bool contents)
{
	const struct object *object = find_object(id);
	struct eg_request req = {
		.hook = EXECGATE_HOOK_KERNEL_READ_FILE,
		.file = file,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_KERNEL_READ_FILE]);
	/* The kernel reads without a file too; see execgate_mmap_file(). */
	if (!file || !object || !is_judged(object->gate))
		return 0;
	req.gate = object->gate;
	/* In parts: the second hook is not called, so no part can be let through. */
	if (!contents)
		return refuse_object(&req, object->reason);
	remember_object(file, object, id);
	return 0;
}

/*
 * Newer kernels come here once more with a module that they have unpacked, from
 * the very buffer that they came with before: what was said of that stands.
 */
static bool is_unpacked(const struct note *note, int id)
{
	return note && note->id != id;
}

int eg_hook_kernel_post_read(struct file *file, const void *data, u64 size,
			     int id)
{
	const struct object *object = find_object(id);
	struct eg_request req = {
		.hook = EXECGATE_HOOK_KERNEL_POST_READ,
		.file = file,
	};
	enum execgate_reason reason, reported;
	struct note *note;
	bool good;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_KERNEL_POST_READ]);
	if (!object || !is_judged(object->gate))
		return 0;
	req.gate = object->gate;
	note = find_note(object);
	if (is_unpacked(note, id))
		good = note->loaded;
	else
		good = note && note->vouched && note->size == size &&
		       eg_object_is(note->digest, data, size);
	reason = reason_of(note, object);
	reported = note ? note->reported : EXECGATE_REASON_ALLOWED;
	if (note)
		note->loaded = good;
	if (note && !note->on_task)
		discard_note(note);
	/* The kernel's own keys may vouch for these yet. */
	if (object->asked)
		return 0;
	if (!good)
		return refuse_object(&req, reason);
	tell_reported(&req, reported);
	return 0;
}

/* What a program hands over: there is no file that could be signed. */
int eg_hook_kernel_load_data(int id)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_KERNEL_LOAD_DATA,
		.gate = EXECGATE_GATE_FIRMWARE,
	};
	enum execgate_reason reason = EXECGATE_REASON_FIRMWARE;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_KERNEL_LOAD_DATA]);
	if (id == LOADING_MODULE && !IS_ENABLED(CONFIG_MODULE_SIG)) {
		req.gate = EXECGATE_GATE_MODULE;
		reason = EXECGATE_REASON_MODULE;
	} else if (id != LOADING_FIRMWARE) {
		return 0;
	}
	return is_judged(req.gate) ? refuse_object(&req, reason) : 0;
}

/* kexec_load(2) always ends up here, as what it loads is in memory only. */
static int judge_unsigned(int id)
{
	const struct object *object = find_object(id);
	struct eg_request req = {
		.hook = EXECGATE_HOOK_LOCKED_DOWN,
		.gate = object->gate,
	};
	const struct note *note;

	if (!is_judged(object->gate))
		return 0;
	note = find_note(object);
	if (note)
		req.file = note->file;
	if (note && note->loaded) {
		tell_reported(&req, note->reported);
		return 0;
	}
	return refuse_object(&req, reason_of(note, object));
}

int eg_hook_locked_down(int what)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_LOCKED_DOWN]);
	if (what == LOCKDOWN_MODULE_SIGNATURE)
		return judge_unsigned(READING_MODULE);
	if (what == LOCKDOWN_KEXEC)
		return judge_unsigned(READING_KEXEC_IMAGE);
	return eg_hook_lockdown(what);
}

void eg_hook_exit(void)
{
	struct note *note, *next;

	wait_event(none_pending, !atomic_read(&pending));
	/* The last one may still be on its way out of forget(). */
	synchronize_rcu_tasks();
	/* No hook runs any more: what kernel threads have left. */
	list_for_each_entry_safe(note, next, &notes, list)
		discard_note(note);
}
