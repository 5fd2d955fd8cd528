# SPDX-License-Identifier: GPL-3.0-or-later
# One non-recursive file. Objects stand in build/<variant>/, so the sanitizer builds need no clean. `make help` explains.

VARIANT ?= release
B := build/$(VARIANT)
CC ?= gcc
VERSION := 0.1.0
PREFIX ?= /usr/local

FLAGS_release := -O2 -g
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
FLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FLAGS_coverage := -O0 -g --coverage
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes

PACKAGES := glib-2.0 libpng libjpeg yaml-0.1 cairo pangocairo zbar libqrencode
TOOL_PACKAGES := $(PACKAGES) poppler-glib
CPPFLAGS := -I. -D_GNU_SOURCE -DSHEAF_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(TOOL_PACKAGES) 2>/dev/null | sed 's/-I\//-isystem \//g')
CFLAGS := -std=c11 $(WARNINGS) $(FLAGS_$(VARIANT))
LDFLAGS := $(filter -fsanitize=% --coverage,$(subst fuzzer-no-link$(comma),,$(FLAGS_$(VARIANT))))
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lcsv -lm
TOOL_LIBS = $(shell pkg-config --libs $(TOOL_PACKAGES)) -lcsv -lm

ROOMS := sheet scan detect grade
LIB_SOURCES := $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))
CLI_SOURCES := $(wildcard cli/*.c)
CLI_PARTS := $(filter-out cli/main.c,$(CLI_SOURCES))
SIMULATE_SOURCES := $(wildcard fixtures/simulate/*.c)
SIMULATE_PARTS := $(filter-out fixtures/simulate/main.c,$(SIMULATE_SOURCES))
TEST_SOURCES := $(wildcard tests/test_*.c)
TEST_PARTS := $(filter-out $(TEST_SOURCES),$(wildcard tests/*.c))
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
HEADERS := $(wildcard $(foreach room,$(ROOMS) cli fixtures/simulate tests,$(room)/*.h))
C_FILES := $(LIB_SOURCES) $(CLI_SOURCES) $(SIMULATE_SOURCES) $(TEST_SOURCES) $(TEST_PARTS) $(FUZZ_SOURCES)

objects = $(patsubst %.c,$(B)/%.o,$(1))
LIB := $(B)/libsheaf.a
PROGRAM := $(if $(filter release,$(VARIANT)),build/sheaf,$(B)/sheaf)
SIMULATE := $(if $(filter release,$(VARIANT)),build/simulate,$(B)/simulate)
TESTS := $(patsubst tests/%.c,$(B)/%,$(TEST_SOURCES))

.PHONY: all
all: $(PROGRAM) ## build the program at build/sheaf

$(LIB): $(call objects,$(LIB_SOURCES) $(CLI_PARTS) $(SIMULATE_PARTS) $(TEST_PARTS))
	@rm -f $@
	$(AR) rcs $@ $^

$(PROGRAM): $(B)/cli/main.o $(LIB)
	$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(SIMULATE): $(B)/fixtures/simulate/main.o $(LIB)
	$(CC) $(LDFLAGS) $^ $(TOOL_LIBS) -o $@

$(TESTS): $(B)/%: $(B)/tests/%.o $(LIB)
	$(CC) $(LDFLAGS) $^ $(TOOL_LIBS) -lcmocka -o $@

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

-include $(patsubst %.o,%.d,$(call objects,$(C_FILES)))
