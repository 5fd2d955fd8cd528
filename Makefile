# SPDX-License-Identifier: GPL-3.0-or-later
# One non-recursive file. Objects stand in build/<variant>/, so the sanitizer builds need no clean. `make help` explains.
# Where a target calls make again, it is to change the variant, or to ask pkg-config again after `deps` installed it.

VARIANT ?= release
B := build/$(VARIANT)
ifeq ($(origin CC),default)
CC := gcc
endif
VERSION := 0.1.0
PREFIX ?= /usr/local

# As many jobs as there are processors, unless the command line says -j.
PROCESSORS := $(shell nproc 2>/dev/null || echo 2)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(PROCESSORS)
endif
MAKEFLAGS += --no-print-directory

# V=1 shows the commands.
Q := $(if $(V),,@)
comma := ,
say = @echo '$(1)'

FLAGS_release := -O3 -g
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
FLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FLAGS_coverage := -O0 -g --coverage
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes

PACKAGES := glib-2.0 libpng libjpeg libtiff-4 libqpdf yaml-0.1 cairo pangocairo zbar libqrencode sqlite3 jansson libmicrohttpd \
	libsodium libseccomp nettle libdeflate
CPPFLAGS := -I. -D_GNU_SOURCE -DSHEAF_VERSION='"$(VERSION)"' \
	$(shell pkg-config --cflags $(PACKAGES) poppler-glib 2>/dev/null | sed 's/-I\//-isystem \//g')
CFLAGS := -std=c11 $(WARNINGS) $(FLAGS_$(VARIANT))
LDFLAGS := $(filter-out -fsanitize=fuzzer-no-link%,$(filter -fsanitize=% --coverage,$(FLAGS_$(VARIANT))))
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lcsv -lz -lm
# Loaded by the program when it is needed (scan/pdf_render.h); by the name that it has here.
LIBS_POPPLER = $(shell pkg-config --libs poppler-glib)
POPPLER_LIBRARY = $(shell readelf -d "$$($(CC) -print-file-name=libpoppler-glib.so)" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')

# Debian's names. The fonts: DejaVu for most of the world's alphabets, Noto for the scripts of South and East Asia that
# have letters, WenQuanYi for Chinese, Japanese and Korean.
DEPS := gcc libc6-dev make pkg-config libglib2.0-dev libpng-dev libjpeg-dev libtiff-dev libqpdf-dev libyaml-dev \
	libcairo2-dev libpango1.0-dev libzbar-dev libqrencode-dev libcsv-dev libsqlite3-dev libjansson-dev libmicrohttpd-dev libpoppler-glib-dev \
	libsodium-dev libseccomp-dev nettle-dev libdeflate-dev libcmocka-dev poppler-utils fonts-dejavu-core fonts-noto-core fonts-wqy-microhei
DEPS_LINT := clang clang-format clang-tidy libclang-rt-14-dev cppcheck universal-ctags mandoc

ROOMS := sheet scan detect grade review
LIB_SOURCES := $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))
CLI_SOURCES := $(wildcard cli/*.c)
# Of the program alone: its main function, and its way to allocate, which the sanitizers' takes the place of.
CLI_OWN := cli/main.c cli/allocator.c
CLI_PARTS := $(filter-out $(CLI_OWN),$(CLI_SOURCES))
SIMULATE_SOURCES := $(wildcard fixtures/simulate/*.c)
SIMULATE_PARTS := $(filter-out fixtures/simulate/main.c,$(SIMULATE_SOURCES))
TEST_SOURCES := $(wildcard tests/test_*.c)
REAL_SOURCES := $(wildcard tests/real/*.c)
TEST_PARTS := $(filter-out $(TEST_SOURCES),$(wildcard tests/*.c)) $(filter-out tests/real/main.c,$(REAL_SOURCES))
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
BENCH_SOURCES := $(wildcard tests/bench/bench_*.c)
HEADERS := $(wildcard $(foreach room,$(ROOMS) cli fixtures/simulate tests tests/real,$(room)/*.h))
C_FILES := $(LIB_SOURCES) $(CLI_SOURCES) $(SIMULATE_SOURCES) $(TEST_SOURCES) $(TEST_PARTS) tests/real/main.c tests/rules/main.c $(FUZZ_SOURCES) $(BENCH_SOURCES)

objects = $(patsubst %.c,$(B)/%.o,$(1))
LIB := $(B)/libsheaf.a
TOOL_LIB := $(B)/libtools.a
PROGRAM := $(if $(filter release,$(VARIANT)),build/sheaf,$(B)/sheaf)
SIMULATE := $(if $(filter release,$(VARIANT)),build/simulate,$(B)/simulate)
TESTS := $(patsubst tests/%.c,$(B)/%,$(TEST_SOURCES))
REAL := $(B)/accuracy-real
RULES := $(B)/measure-rules
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/%,$(FUZZ_SOURCES))
BENCHES := $(patsubst tests/bench/%.c,$(B)/%,$(BENCH_SOURCES))

DEMO_DIR ?= results
FUZZ_SECONDS ?= 20
EXAM ?= fixtures/cs182-midterm.yaml
ROSTER ?= fixtures/roster.csv
POSITIONS ?= 100000
PROFILE ?= all
SEED ?= 1
BENCH_PAGES ?= 100
RULES_PAGES ?= 100
REAL_MARKS ?= ../shared/real/marks

.DELETE_ON_ERROR:

.PHONY: all
all: $(PROGRAM) ## build the program at build/sheaf

$(LIB): $(call objects,$(LIB_SOURCES) $(CLI_PARTS)) $(B)/review_assets.o
$(TOOL_LIB): $(call objects,$(SIMULATE_PARTS) $(TEST_PARTS))
$(LIB) $(TOOL_LIB):
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

# The review's page, its script and its style, as bytes within the program.
ASSETS := review/page/page.html review/page/page.js review/page/page.css review/page/icon.svg
$(B)/review_assets.c: $(ASSETS) review/assets.sh
	@mkdir -p $(@D)
	$(Q)review/assets.sh $(ASSETS) >$@

$(B)/review_assets.o: $(B)/review_assets.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(PROGRAM): $(call objects,$(CLI_OWN)) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(SIMULATE): $(B)/fixtures/simulate/main.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(REAL): $(B)/tests/real/main.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(RULES): $(B)/tests/rules/main.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(TESTS): $(B)/%: $(B)/tests/%.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

# What prints sheets for tests, and looks at printed ones, is linked to poppler.
$(SIMULATE) $(REAL) $(RULES) $(TESTS) $(BENCHES) $(FUZZERS): LIBS += -Wl,--as-needed $(LIBS_POPPLER)

# Its stand-ins for GLib's functions refuse memory to our code.
$(B)/test_no_memory: LDFLAGS += $(patsubst %,-Wl$(comma)--wrap=%,g_try_malloc g_try_malloc0 g_try_malloc_n g_try_malloc0_n)
# Its stand-in changes the file that is read.
$(B)/test_scan_file: LDFLAGS += -Wl,--wrap=read
# Its stand-in refuses memory.
$(B)/test_loan: LDFLAGS += -Wl,--wrap=pwrite

$(BENCHES): $(B)/%: $(B)/tests/bench/%.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

$(FUZZERS): $(B)/%: $(B)/tests/fuzz/%.o $(TOOL_LIB) $(LIB)
	$(call say,  LD $@)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined $^ $(LIBS) -lcmocka -o $@

# Tests run the programs of their own variant.
$(B)/tests/%.o: CPPFLAGS += -DSHEAF_PROGRAM='"$(PROGRAM)"' -DSIMULATE_PROGRAM='"$(SIMULATE)"' \
	-DTEST_SLOWNESS=$(if $(filter release,$(VARIANT)),1,30)

$(B)/scan/pdf_render.o: CPPFLAGS += $(if $(POPPLER_LIBRARY),-DPOPPLER_LIBRARY='"$(POPPLER_LIBRARY)"')

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,  CC $<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

-include $(patsubst %.o,%.d,$(call objects,$(C_FILES)))

# --- what it needs ---

# Installs what is missing of the packages $(1); no network, and quickly, where nothing is.
define install_missing
@command -v apt-get >/dev/null || { echo "Not a Debian system. Needed, by Debian's names: $(1)"; exit 0; }; \
have=$$(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(1) 2>/dev/null | sed -n 's/^installed //p'); \
missing=$$(printf '%s\n' $(1) | grep -vxF -e "$$have" | tr '\n' ' '); \
[ -n "$$missing" ] || exit 0; \
sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
echo "Installing $$missing"; \
$$sudo apt-get update -qq && \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends $$missing >/dev/null
endef

.PHONY: deps deps-lint
deps: ## install the Debian packages that are missing
	$(call install_missing,$(DEPS))

deps-lint: deps ## the same for lint, asan, tsan and fuzz
	$(call install_missing,$(DEPS_LINT))

# Node.js brings npm along in some packages and not in others, so what counts are the commands.
DEPS_BROWSER = $(if $(shell command -v node),,nodejs) $(if $(shell command -v npm),,npm) \
	$(if $(shell command -v chromium),,chromium)

.PHONY: deps-browser
deps-browser: deps ## the same for test-browser, with what npm brings
	$(if $(strip $(DEPS_BROWSER)),$(call install_missing,$(DEPS_BROWSER)))
	@$(MAKE) tests/browser/node_modules/.package-lock.json

tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	@cd tests/browser && npm ci --silent --ignore-scripts --no-audit --no-fund

# --- tests ---

.PHONY: test test-kill test-encodings hostile valgrind run-tests check asan tsan coverage
test: deps ## build and run all tests; the last line says how many passed
	@$(MAKE) run-tests

run-tests: $(TESTS) $(PROGRAM) $(SIMULATE)
	@tests/run.sh $(B) $(TESTS)

test-kill: $(B)/test_resume $(PROGRAM) $(SIMULATE) ## 500 pages, 20 times kill -9 at random moments: the same bytes in the end
	@SHEAF_TEST_PAGES=500 SHEAF_TEST_KILLS=20 $(B)/test_resume

test-encodings: $(B)/test_encodings $(SIMULATE) ## 48 pages in every encoding that scanners deliver: the same marks
	@SHEAF_ENCODING_PAGES=48 $(B)/test_encodings

valgrind: $(PROGRAM) ## the main job under Valgrind (which has to be installed)
	@tests/valgrind.sh $(PROGRAM) $(EXAM) $(ROSTER) $(wildcard fixtures/scans/scan000[1-4].*)

hostile: $(B)/test_hostile $(PROGRAM) ## what people put into exam folders: what becomes of each, seconds and memory
	@SHEAF_HOSTILE_CASE= $(B)/test_hostile 2>&1 | sed -n '/^|/p; /FAILED/p'

check: ## lint, then test
	@$(MAKE) lint
	@$(MAKE) test

asan: deps-lint ## the tests under AddressSanitizer and UBSan
	@ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
	LSAN_OPTIONS=suppressions=$(CURDIR)/tests/leaks.supp:print_suppressions=0 $(MAKE) VARIANT=asan run-tests

tsan: deps-lint ## the tests under ThreadSanitizer (address randomization off, which it cannot stand)
	@TSAN_OPTIONS=ignore_noninstrumented_modules=1 \
	setarch $$(uname -m) -R $(MAKE) VARIANT=tsan run-tests

coverage: deps ## which share of each room's lines the tests run
	@$(MAKE) VARIANT=coverage count-coverage

.PHONY: count-coverage
count-coverage: $(TESTS) $(PROGRAM) $(SIMULATE)
	@find $(B) -name '*.gcda' -delete
	@tests/run.sh $(B) $(TESTS)
	@tests/coverage.sh $(B) $(LIB_SOURCES) $(CLI_SOURCES)

.PHONY: test-browser run-browser
test-browser: deps-browser ## what a proctor does in sheaf review, in Debian's Chromium; screenshots in build/browser
	@$(MAKE) run-browser

run-browser: $(PROGRAM) $(SIMULATE)
	@SHEAF=$(PROGRAM) SIMULATE=$(SIMULATE) node --test tests/browser/review.test.mjs

.PHONY: fuzz run-fuzzers
fuzz: deps-lint ## every fuzzer for FUZZ_SECONDS (20) each
	@$(MAKE) VARIANT=fuzz CC=clang run-fuzzers

run-fuzzers: $(FUZZERS)
	@tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZERS)

# --- seeing it work ---

.PHONY: demo run-demo accuracy accuracy-real accuracy-rules bench cost-of-cage fixtures
demo: deps ## grade the bundled scans into ./results (or DEMO_DIR=…)
	@$(MAKE) run-demo

run-demo: $(PROGRAM)
	@$(PROGRAM) grade $(EXAM) fixtures/scans --roster $(ROSTER) -o $(DEMO_DIR)
	@if cmp -s $(DEMO_DIR)/gradebook.csv fixtures/expected/gradebook.csv; then \
	echo; echo "The gradebook is in $(DEMO_DIR)/gradebook.csv, and it is what it should be."; \
	echo "What a person should look at is in $(DEMO_DIR)/exceptions.csv, every mark in $(DEMO_DIR)/marks.csv."; \
	else echo; echo "The gradebook in $(DEMO_DIR)/gradebook.csv is NOT what it should be:"; \
	diff fixtures/expected/gradebook.csv $(DEMO_DIR)/gradebook.csv; exit 1; fi

accuracy: $(PROGRAM) $(SIMULATE) ## read simulated scans, count silent errors: POSITIONS=100000 (each) PROFILE=all SEED=1
	@tests/accuracy.sh $(PROGRAM) $(SIMULATE) $(ROSTER) build/accuracy/$(SEED) $(POSITIONS) \
	"$(if $(filter all,$(PROFILE)),clean office rough brutal,$(PROFILE))" $(SEED) $(PROCESSORS) \
	fixtures/exams/dense.yaml fixtures/exams/dense.yaml fixtures/exams/dense.yaml $(EXAM)

accuracy-real: $(REAL) ## decide bubbles that people marked on other forms: REAL_MARKS=../shared/real/marks
	@$(REAL) $(REAL_MARKS)

accuracy-rules: $(RULES) $(SIMULATE) ## what goes wrong without each rule of deciding: RULES_PAGES=100 SEED=1
	@tests/accuracy-rules.sh $(RULES) $(SIMULATE) $(ROSTER) fixtures/exams/dense.yaml build/rules $(RULES_PAGES) $(SEED) \
	$(PROCESSORS)

bench: $(PROGRAM) $(SIMULATE) $(BENCHES) ## what reading costs against decoding the same files: BENCH_PAGES=100
	@tests/bench/run.sh $(PROGRAM) $(SIMULATE) $(EXAM) $(ROSTER) $(BENCH_PAGES) $(B)

cost-of-cage: $(PROGRAM) ## what caging the reading processes costs, in percent
	@tests/bench/cage.sh $(PROGRAM) $(EXAM) fixtures/scans

fixtures: $(PROGRAM) $(SIMULATE) ## make the bundled scans and what is expected of them anew
	@fixtures/make-scans.sh

# --- the look of the source ---

.PHONY: lint format lint-format lint-house lint-headers lint-cppcheck lint-tidy lint-docs
lint: deps-lint ## format, cppcheck, clang-tidy, and the rules of the house
	@$(MAKE) -k lint-format lint-house lint-headers lint-docs lint-cppcheck lint-tidy
	@echo "lint: nothing found"

lint-format:
	@clang-format --dry-run -Werror $(C_FILES) $(HEADERS)

lint-house:
	@tests/house.sh $(C_FILES) $(HEADERS)

# Every header compiles alone.
lint-headers: $(HEADERS:%=$(B)/%.alone)
$(B)/%.h.alone: %.h
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $< | $(CC) $(CPPFLAGS) $(CFLAGS) -Werror -Wno-unused-macros -fsyntax-only -x c -
	@touch $@

lint-docs:
	@mandoc -T lint -W warning docs/sheaf.1

# Not asked for: what it misunderstands of GLib's and POSIX's ways (owning arrays, arrays filled in a loop and sorted, a
# NULL that ends a list); the sanitizers and clang's analyzer watch the same.
lint-cppcheck:
	@mkdir -p build/cppcheck
	@cppcheck --quiet --std=c11 --language=c -j$(PROCESSORS) --cppcheck-build-dir=build/cppcheck -I. -D_GNU_SOURCE \
	-DSHEAF_VERSION='""' -DSHEAF_PROGRAM='""' -DSIMULATE_PROGRAM='""' --library=gtk --inline-suppr \
	--enable=warning,performance,portability --suppress=missingIncludeSystem --suppress=varFuncNullUB \
	--suppress=uninitvar --suppress=memleak '-DG_GNUC_PRINTF(a,b)=' --error-exitcode=1 $(C_FILES)

lint-tidy: $(C_FILES:%=build/tidy/%.tidy)
build/tidy/%.tidy: % .clang-tidy tests/.clang-tidy $(HEADERS)
	@mkdir -p $(@D)
	@clang-tidy --quiet --warnings-as-errors='*' $< -- $(CPPFLAGS) -DSHEAF_PROGRAM='""' -DSIMULATE_PROGRAM='""' \
	-std=c11 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

format: deps-lint ## lay the source out with clang-format
	@clang-format -i $(C_FILES) $(HEADERS)

# --- the rest ---

.PHONY: install uninstall clean help
install: $(PROGRAM) ## copy the program and its man page under PREFIX (/usr/local); DESTDIR is honoured
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/sheaf
	install -D -m 644 docs/sheaf.1 $(DESTDIR)$(PREFIX)/share/man/man1/sheaf.1

uninstall: ## take them away again
	rm -f $(DESTDIR)$(PREFIX)/bin/sheaf $(DESTDIR)$(PREFIX)/share/man/man1/sheaf.1

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
