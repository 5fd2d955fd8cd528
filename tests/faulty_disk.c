// SPDX-License-Identifier: GPL-3.0-or-later
// A virtual file system of SQLite's (https://www.sqlite.org/vfs.html) that hands everything on to the usual one.
#include "tests/faulty_disk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness.h"

enum event_kind { EVENT_WRITE, EVENT_TRUNCATE, EVENT_SYNC, EVENT_DELETE };

struct event {
	enum event_kind kind;
	char *name; // of the file, without its folder
	gint64 offset;
	GBytes *bytes; // written; NULL otherwise
};

static struct {
	sqlite3_vfs vfs, *usual;
	GArray *events; // struct event
	enum disk_fault fault;
	unsigned from, chances;
} disk;

struct faulty_file {
	sqlite3_file base;
	sqlite3_file *usual;
	char *name; // NULL for a temporary file
};

static void note(const struct faulty_file *file, enum event_kind kind, gint64 offset, const void *bytes, size_t size)
{
	if (!file->name)
		return;
	struct event event = {kind, g_strdup(file->name), offset, bytes ? g_bytes_new(bytes, size) : NULL};
	g_array_append_val(disk.events, event);
}

static void event_clear(void *data)
{
	struct event *event = data;
	g_free(event->name);
	if (event->bytes)
		g_bytes_unref(event->bytes);
}

// The code to fail with; SQLITE_OK to go on.
static int fault_of(bool reading)
{
	if (disk.fault == DISK_FINE || (disk.fault == DISK_READ_ERROR) != reading)
		return SQLITE_OK;
	if (disk.chances++ < disk.from)
		return SQLITE_OK;
	return disk.fault == DISK_FULL ? SQLITE_FULL : reading ? SQLITE_IOERR_READ : SQLITE_IOERR_WRITE;
}

// --- a file's methods

#define SELF struct faulty_file *self = (struct faulty_file *)file
#define USUAL self->usual->pMethods

static int on_close(sqlite3_file *file)
{
	SELF;
	int result = USUAL->xClose(self->usual);
	g_free(self->name);
	return result;
}

static int on_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
	SELF;
	int fault = fault_of(true);
	return fault ? fault : USUAL->xRead(self->usual, bytes, size, offset);
}

static int on_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
	SELF;
	int fault = fault_of(false);
	if (fault)
		return fault;
	note(self, EVENT_WRITE, offset, bytes, (size_t)size);
	return USUAL->xWrite(self->usual, bytes, size, offset);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	SELF;
	note(self, EVENT_TRUNCATE, size, NULL, 0);
	return USUAL->xTruncate(self->usual, size);
}

static int on_sync(sqlite3_file *file, int flags)
{
	SELF;
	note(self, EVENT_SYNC, 0, NULL, 0);
	return USUAL->xSync(self->usual, flags);
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size)
{
	SELF;
	return USUAL->xFileSize(self->usual, size);
}

static int on_lock(sqlite3_file *file, int lock)
{
	SELF;
	return USUAL->xLock(self->usual, lock);
}

static int on_unlock(sqlite3_file *file, int lock)
{
	SELF;
	return USUAL->xUnlock(self->usual, lock);
}

static int on_check_lock(sqlite3_file *file, int *reserved)
{
	SELF;
	return USUAL->xCheckReservedLock(self->usual, reserved);
}

static int on_control(sqlite3_file *file, int operation, void *argument)
{
	SELF;
	return USUAL->xFileControl(self->usual, operation, argument);
}

static int on_sector_size(sqlite3_file *file)
{
	SELF;
	return USUAL->xSectorSize(self->usual);
}

static int on_device(sqlite3_file *file)
{
	SELF;
	return USUAL->xDeviceCharacteristics(self->usual);
}

static int on_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
	SELF;
	return USUAL->xShmMap(self->usual, region, size, extend, memory);
}

static int on_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	SELF;
	return USUAL->xShmLock(self->usual, offset, n, flags);
}

static void on_barrier(sqlite3_file *file)
{
	SELF;
	USUAL->xShmBarrier(self->usual);
}

static int on_unmap(sqlite3_file *file, int delete_it)
{
	SELF;
	return USUAL->xShmUnmap(self->usual, delete_it);
}

static const sqlite3_io_methods METHODS = {.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_check_lock,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_device,
	.xShmMap = on_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_barrier,
	.xShmUnmap = on_unmap};

// --- the disk's

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	(void)vfs;
	SELF;
	self->usual = (sqlite3_file *)(void *)(self + 1);
	int result = disk.usual->xOpen(disk.usual, name, self->usual, flags, out);
	if (result != SQLITE_OK) {
		file->pMethods = NULL;
		return result;
	}
	file->pMethods = &METHODS;
	self->name = name ? g_path_get_basename(name) : NULL;
	return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	(void)vfs;
	g_autofree char *name = g_path_get_basename(path);
	const struct faulty_file file = {.name = name};
	note(&file, EVENT_DELETE, 0, NULL, 0);
	return disk.usual->xDelete(disk.usual, path, sync);
}

void faulty_disk_install(void)
{
	disk.usual = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.usual;
	disk.vfs.zName = "faulty";
	disk.vfs.szOsFile += (int)sizeof(struct faulty_file);
	disk.vfs.xOpen = on_open;
	disk.vfs.xDelete = on_delete;
	disk.events = g_array_new(FALSE, FALSE, sizeof(struct event));
	g_array_set_clear_func(disk.events, event_clear);
	assert_int_equal(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

void faulty_disk_reset(enum disk_fault fault, unsigned n)
{
	g_array_set_size(disk.events, 0);
	disk.fault = fault;
	disk.from = n;
	disk.chances = 0;
}

unsigned faulty_disk_events(void)
{
	return disk.events->len;
}

unsigned faulty_disk_chances(void)
{
	return disk.chances;
}

// --- playing

static const struct event *event_at(unsigned i)
{
	return &g_array_index(disk.events, struct event, i);
}

// Whether the file is synced between this event and the n-th.
static bool is_synced(unsigned i, unsigned n)
{
	for (unsigned k = i + 1; k < n; k++)
		if (event_at(k)->kind == EVENT_SYNC && strcmp(event_at(k)->name, event_at(i)->name) == 0)
			return true;
	return false;
}

static void play(const char *folder, const struct event *event)
{
	g_autofree char *path = g_build_filename(folder, event->name, NULL);
	if (event->kind == EVENT_DELETE) {
		g_unlink(path);
		return;
	}
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	if (event->kind == EVENT_TRUNCATE) {
		assert_int_equal(ftruncate(file, event->offset), 0);
	} else if (event->kind == EVENT_WRITE) {
		size_t size;
		const void *bytes = g_bytes_get_data(event->bytes, &size);
		assert_int_equal(pwrite(file, bytes, size, event->offset), size);
	}
	close(file);
}

void faulty_disk_play(const char *folder, unsigned n, bool lost)
{
	unsigned unsynced = 0;
	for (unsigned i = 0; i < n; i++) {
		bool in_doubt = lost && event_at(i)->kind == EVENT_WRITE && !is_synced(i, n);
		if (!in_doubt || unsynced++ % 2)
			play(folder, event_at(i));
	}
}
