// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/file_out.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static bool fail(const char *path, int failure, GError **error)
{
	g_set_error(
		error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: it cannot be written: %s", path, g_strerror(failure));
	return false;
}

static void note_failure(struct file_out *out)
{
	out->failure = out->failure ? out->failure : errno;
}

// Neither through a link that somebody laid there, nor waiting for a pipe's other end.
bool file_out_open(struct file_out *out, const char *path, GError **error)
{
	*out = (struct file_out){.path = g_strdup(path), .partial = g_strconcat(path, FILE_OUT_PARTIAL, NULL)};
	int file = open(out->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	out->file = file >= 0 ? fdopen(file, "wb") : NULL;
	if (out->file)
		return true;
	note_failure(out);
	return fail(path, out->failure, error);
}

bool file_out_write(struct file_out *out, const void *bytes, size_t size)
{
	if (!out->failure && fwrite(bytes, 1, size, out->file) != size)
		note_failure(out);
	return !out->failure;
}

bool file_out_complete(struct file_out *out)
{
	if (out->complete || !out->file)
		return out->complete && !out->failure;
	if (!out->failure && (fflush(out->file) != 0 || fsync(fileno(out->file)) != 0))
		note_failure(out);
	if (fclose(out->file) != 0)
		note_failure(out);
	out->complete = true;
	return !out->failure;
}

bool file_out_close(struct file_out *out, bool keep, GError **error)
{
	if (out->file) {
		file_out_complete(out);
		if (keep && !out->failure && g_rename(out->partial, out->path) != 0)
			note_failure(out);
		if (!keep || out->failure)
			g_unlink(out->partial);
	}
	bool good = !keep || (out->file && !out->failure) || fail(out->path, out->failure, error);
	g_free(out->path);
	g_free(out->partial);
	*out = (struct file_out){0};
	return good;
}
