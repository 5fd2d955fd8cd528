// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that fails as told, under SQLite: everything that this process does to databases goes through it and is noted
// down. Knows reads, writes and syncs; nothing of what they are for.
//
// What was noted can be played into another folder up to any point, as if the power had failed there: with all that was
// written by then, or without some of what had not been synced yet.
#ifndef SHEAF_TESTS_FAULTY_DISK_H
#define SHEAF_TESTS_FAULTY_DISK_H

#include <glib.h>
#include <stdbool.h>

enum disk_fault { DISK_FINE, DISK_FULL, DISK_WRITE_ERROR, DISK_READ_ERROR };

// Puts the disk under SQLite for the rest of the process.
void faulty_disk_install(void);

// Forgets all that was noted; from the n-th reading or writing on (from 0), each of that kind fails.
void faulty_disk_reset(enum disk_fault fault, unsigned n);

// So many events were noted, and so many readings or writings were asked for that the fault may hit.
unsigned faulty_disk_events(void);
unsigned faulty_disk_chances(void);

// Plays the first n events into a folder. lost: of each file, every second of the writes after its last sync is
// missing.
void faulty_disk_play(const char *folder, unsigned n, bool lost);

#endif
