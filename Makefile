# Two commands do all the set-up: `make quickstart` and `make test`.

SWIFT ?= swift
ABLATE = .build/release/ablate
# The tests see inside the modules of the same release build that users run.
BUILD = $(SWIFT) build -c release -Xswiftc -enable-testing
TEST = $(SWIFT) test -c release -Xswiftc -enable-testing --skip-build --disable-xctest
# One thread in BLAS: results differ in their last bits between thread counts, and runs go side by side as processes.
export OPENBLAS_NUM_THREADS = 1
# The commit that `ablate --version` prints; empty where it is unknown.
export ABLATE_COMMIT := $(shell ./.ci/commit)

.PHONY: install uninstall quickstart reproduce reproduce-all build test test-all test-slurm torture benchmark gpu dist dependencies format lint clean

quickstart: build
	$(ABLATE) run experiments/quickstart.yaml

# The paper's claims: eleven studies with two teachers and four students each, then results/REPORT.md and results/report.html, within two and
# a half hours on two cores. Prints a time estimate first; when stopped, resumes. STUDIES names others.
PAPER = quickstart synergy objectives decay alpha r-distribution guidance-interval error-accumulation mismatch mismatch-weighted onset
reproduce: build
	$(ABLATE) reproduce $(or $(STUDIES),$(PAPER:%=experiments/%.yaml))

# Every study of experiments/, and Fashion-MNIST where Debian's dataset-fashion-mnist is installed: some hours more.
FASHION = $(if $(wildcard /usr/share/datasets/fashion-mnist/train-*),experiments/fashion)
reproduce-all: build
	$(ABLATE) reproduce experiments $(FASHION)

build: dependencies
	$(BUILD) --product ablate

# The tests; those of bits that must be the same everywhere also with each smaller instruction set that the processor can run.
test: dependencies
	$(BUILD) --build-tests
	@for set in portable avx2; do \
		ABLATE_INSTRUCTIONS=$$set $(ABLATE) --version >/dev/null 2>&1 || continue; \
		echo "The engine and golden weights with ABLATE_INSTRUCTIONS=$$set"; \
		ABLATE_INSTRUCTIONS=$$set $(TEST) --filter 'EngineTests|GoldenWeights' || exit 1; \
	done
	$(TEST)

# Also the tests that train for minutes, the kernels' bits on an emulated Arm processor, the sanitizers, and whether a torture finds out
# a program without its guards.
test-all: dependencies
	$(BUILD) --build-tests
	Tests/Kernels/run
	Tests/Sanitizers/run
	Tests/Broken/run
	ABLATE_SLOW_TESTS=1 $(TEST)

# Kills processes and damages files of a small study, fills its disk and its streams, lowers its limits, and gives it mutated studies
# and crafted records; a line a kind says what was lost, crashed or hung. KILLS, CORRUPTIONS, MUTANTS, SECONDS and SEED say how much.
torture: dependencies
	$(BUILD) --product ablate
	$(BUILD) --product ablate-torture
	.build/release/ablate-torture --kills $(or $(KILLS),200) --corruptions $(or $(CORRUPTIONS),100) \
		--mutants $(or $(MUTANTS),1000) --seconds $(or $(SECONDS),900) --seed $(or $(SEED),1)

# A small sweep through a real Slurm of one node on this machine, with a job requeued and one killed; its records are compared with
# those of a run without. Needs root; installs slurm-wlm and munge where they are missing; LIMIT is the longest, in seconds.
test-slurm: build
	Tests/Slurm/run

# The training step of three models and the harness's overhead as CSV rows; PEERS=1 puts JAX and PyTorch beside it, and writes the
# instruction set's page of Benchmarks/RESULTS.md. Benchmarks/run describes the other settings.
benchmark: dependencies
	Benchmarks/run

# XLA's plug-in for NVIDIA's cards in an environment of its own, .build/gpu, by pip: about 2.5 GB.
gpu:
	./.ci/gpu

# dist/ablate, one binary for machines without Swift and without this folder; dist/NEEDS.txt lists what it still needs.
dist: dependencies
	./.ci/dist

# The program, its completion for three shells and its manual page below PREFIX; DESTDIR stands before it for packagers.
PREFIX ?= /usr/local
INSTALLED = bin/ablate share/man/man1/ablate.1 share/bash-completion/completions/ablate \
	share/zsh/site-functions/_ablate share/fish/vendor_completions.d/ablate.fish

install: build
	install -d $(addprefix "$(DESTDIR)$(PREFIX)"/,$(dir $(INSTALLED)))
	install -m 755 $(ABLATE) "$(DESTDIR)$(PREFIX)/bin/ablate"
	$(ABLATE) manual >"$(DESTDIR)$(PREFIX)/share/man/man1/ablate.1"
	$(ABLATE) --generate-completion-script bash >"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ablate"
	$(ABLATE) --generate-completion-script zsh >"$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ablate"
	$(ABLATE) --generate-completion-script fish >"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ablate.fish"

uninstall:
	rm -f $(addprefix "$(DESTDIR)$(PREFIX)"/,$(INSTALLED))

# Installs missing packages of the system, with sudo where that is needed.
dependencies:
	@./.ci/dependencies

format:
	$(SWIFT) format --in-place --recursive Sources Tests plots Package.swift

# Style, documentation of what is public, and names and keys that are gone.
lint:
	$(SWIFT) format lint --strict --recursive Sources Tests plots Package.swift
	./.ci/words

clean:
	rm -rf .build .build-dist dist
