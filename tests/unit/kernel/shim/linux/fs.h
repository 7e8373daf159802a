/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_FS_H
#define SHIM_LINUX_FS_H

#include <sys/stat.h>

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/timekeeping.h>

#define PATH_MAX 4096
#define FMODE_READ 1u
#define FMODE_WRITE 2u
#define S_VERITY 1u
#define S_DAX 2u
#define IS_VERITY(inode) ((inode)->i_flags & S_VERITY)
#define IS_DAX(inode) ((inode)->i_flags & S_DAX)
#define SB_KERNMOUNT 1u

struct block_device;

struct super_block {
	u32 s_dev;
	struct block_device *s_bdev;
	unsigned long s_magic;
	unsigned int s_flags;
	struct user_namespace *s_user_ns;
};

struct address_space {
	unsigned long flags;
	struct rb_root_cached i_mmap;
	bool busy; /* somebody else changes i_mmap */
};

static inline bool i_mmap_trylock_read(struct address_space *mapping)
{
	return !mapping->busy;
}

static inline void i_mmap_unlock_read(struct address_space *mapping)
{
	BUG_ON(mapping->busy);
}

struct file_ra_state {
	unsigned int unused;
};

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

static inline bool timespec64_equal(const struct timespec64 *a,
				    const struct timespec64 *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	u32 i_generation;
	atomic_t i_writecount;
	s64 i_size;
	unsigned long i_ino;
	struct super_block *i_sb;
	struct timespec64 ctime;
	struct address_space i_data;
	struct address_space *i_mapping;
	const u8 *data; /* i_size bytes */
	u8 verity[32];	/* with S_VERITY, by an algorithm of that number */
	u8 verity_algorithm;
};

struct dentry {
	const char *name; /* what dentry_path_raw() says; NULL: it fails */
	struct super_block *d_sb;
	unsigned int d_flags;
	bool unlinked;
	struct inode *d_inode;
	struct inode *real;   /* of an overlay's: the layer's */
	struct dentry *layer; /* of an overlay's: where its attributes are */
};

struct vfsmount {
	int mnt_flags;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	unsigned int f_mode;
	unsigned int f_flags;
	struct inode *f_inode;
	struct path f_path; /* of an overlay: the layer's */
	struct path user_path;
	int references; /* beside the test's own */
};

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline bool inode_is_open_for_write(const struct inode *inode)
{
	return inode->i_writecount.counter > 0;
}

static inline struct inode *d_backing_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

#define DCACHE_DISCONNECTED 1u

static inline bool d_unlinked(const struct dentry *dentry)
{
	return dentry->unlinked;
}

static inline struct inode *d_real_inode(const struct dentry *dentry)
{
	return dentry->real;
}

enum d_real_type { D_REAL_DATA, D_REAL_METADATA };

static inline struct dentry *d_real(struct dentry *dentry,
				    enum d_real_type type)
{
	return dentry->layer && type == D_REAL_METADATA ? dentry->layer :
							  dentry;
}

static inline const struct path *file_user_path(const struct file *file)
{
	return &file->user_path;
}

static inline struct inode *file_user_inode(const struct file *file)
{
	return file->user_path.dentry->d_inode;
}

static inline struct timespec64 inode_get_ctime(const struct inode *inode)
{
	return inode->ctime;
}

static inline s64 i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline struct file *get_file(struct file *file)
{
	file->references++;
	return file;
}

static inline struct file *get_file_rcu(struct file **file)
{
	BUG_ON(!shim_rcu);
	return *file ? get_file(*file) : NULL;
}

static inline void fput(struct file *file)
{
	BUG_ON(!file->references);
	file->references--;
}

char *d_path(const struct path *path, char *buffer, int size);
char *dentry_path_raw(const struct dentry *dentry, char *buffer, int size);

/* The one format of the kernel's own that is used: the last names of a path. */
int shim_path_end(char *buffer, size_t size, const char *format,
		  const struct file *file);
#define snprintf(buffer, size, format, file) \
	shim_path_end(buffer, size, format, file)

#endif /* SHIM_LINUX_FS_H */
