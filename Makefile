# Two commands do everything: `make demo` and `make test`.

.DELETE_ON_ERROR:
.PHONY: demo test build web packages check-tools clean

KENIKI := $(abspath $(or $(CARGO_TARGET_DIR),target))/release/keniki

# What the screen is made of; the folders too, so that a file that was taken away counts.
WEB_SOURCES := $(shell find web/src web/public) web/index.html web/tsconfig.json web/vite.config.ts

# Plans the invented prefecture and serves the workbench on http://127.0.0.1:8080.
demo: build
	exec $(KENIKI) demo --out out/demo

# Everything that must hold.
test: build
	cargo fmt --check
	cargo clippy --release --all-targets --quiet -- -D warnings
	cd web && npm run --silent check && npm test --silent
	cargo test --release --quiet
	cd web && KENIKI="$(KENIKI)" npm run --silent e2e

build: packages web/dist/index.html
	cargo build --release --quiet

web: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json | check-tools
	cd web && npm ci --silent --no-audit --no-fund || { echo "npm packages of web/package-lock.json could not be installed (is there a network?)" >&2; exit 1; }
	@touch $@

packages: check-tools
	@tools/install-debian-packages

check-tools:
	@tools/check-tools

clean:
	cargo clean
	rm -rf web/dist web/node_modules out
