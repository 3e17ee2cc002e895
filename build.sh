#!/usr/bin/env bash
# Everything the project does, as verbs. No argument prints them.
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/tools/bin:$PATH"

# What the browsers and their tests need from Debian.
DEBIAN_PACKAGES="chromium chromium-driver firefox-esr fonts-dejavu-core fonts-noto-color-emoji"

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB

  setup               install what building and testing need (idempotent; asks for root only for Debian packages)
  build               compile and assemble dist/, and print its sizes
  try [BROWSER]       build, open the demo mailbox in chromium (default) or firefox with Composure installed
  test                everything CI runs: check, unit tests, build, lint, end-to-end tests in both browsers
  check               formatting, clippy (native and wasm32), types of the hands, stale generated files
  unit                tests that need no browser
  e2e [BROWSER]       end-to-end tests of dist/ in chromium, firefox, or both
  package             out/composure-VERSION-chrome.zip, -firefox.xpi and -source.zip (what is committed)
  reproduce           packages, unpacks the source archive in an empty folder, builds it there from nothing, and compares every
                      byte (a second build of all: some fifteen minutes, not part of test)
  pictures            docs/store/*.png, from the demo mailbox in Chromium, and docs/surfaces/*.jpg, of every surface
  lint                web-ext lint on what the Firefox store gets
  eval                how well the engine judges labelled drafts; writes the tables of docs/evaluation.md
  spark [REPLIES]     the audit on a local Spark against the single process (Java and 500 MB of pyspark; not part of test)
  fuzz [MINUTES]      anything at all to all that takes something, so long (5) for each target of fuzz/
  soak [EDITS]        so many (1,000,000) random edits; reviews as fresh ones, memory does not grow (docs/proofs.md)
  soak browsers [EDITS]  so many (50,000) in the page in each browser, with the extension and without: also, no character differs
  licences            writes docs/licences.md and extension/LICENCES.txt, and has cargo deny check all crates (not part of test:
                      it installs cargo-deny, and its advisories come from elsewhere)
  bench               what a key costs: natively, in wasm beside harper.js, alex, retext and write-good, in the browsers beside
                      harper.js and no extension; writes docs/performance.md (COMPOSURE_KEYS=1000 in 250 words of Gmail, a tenth elsewhere). Then each
                      editor's and each webmail's main thread; the reader beside onnxruntime-web
TEXT
}

step() { printf '\033[1m==> %s\033[0m\n' "$*"; }

setup() {
  step "Rust target wasm32-unknown-unknown"
  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

  step "npm packages (TypeScript, esbuild, Binaryen, web-ext, harper.js for the benchmark)"
  if ! cmp -s package-lock.json node_modules/.composure-lock; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.composure-lock
  fi

  step "the editors that the end-to-end tests write in"
  if ! cmp -s tests/editors/package-lock.json tests/editors/node_modules/.composure-lock; then
    (cd tests/editors && npm ci --no-audit --no-fund --loglevel=error)
    cp tests/editors/package-lock.json tests/editors/node_modules/.composure-lock
  fi

  step "Chromium, Firefox and their fonts"
  local missing=() package
  for package in $DEBIAN_PACKAGES; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
      echo "Not root. Please run:  sudo apt-get install ${missing[*]}   and then this again." >&2
      exit 1
    fi
    echo "installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi

  step "geckodriver (Debian has none; built once, about three minutes)"
  if ! command -v geckodriver >/dev/null; then
    # A debug build: it only passes messages on, and compiles in a third of the time.
    cargo install --debug --locked --root tools geckodriver || cargo install --debug --root tools geckodriver
  fi
}

# What LLVM shall leave alone in the modules with the engine in them: they are smaller by a seventy-fifth, and no key is slower
# (docs/size.md). They are switches of its own, which it may drop: then it stops and says so.
LEAN="-Cllvm-args=-disable-lsr -enable-load-pre=false"

# Compiles for wasm32, with these flags for rustc beside those that keep the machine's paths out of what ships: two builds in
# two places give the same bytes. (A crate below the proofreader has its hash seeded when it is compiled: always alike.)
# As a `cdylib` alone: where a crate is a library too, as its tests want it, cargo optimises nothing across crates (LTO).
compile() {
  export CONST_RANDOM_SEED=composure
  local flags=("--remap-path-prefix=$PWD=." "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo")
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  CARGO_ENCODED_RUSTFLAGS="$(IFS=$'\x1f'; echo "${flags[*]}")" cargo rustc --target wasm32-unknown-unknown --lib --crate-type cdylib "$@"
}

build() {
  setup
  step "TypeScript types from Rust"
  COMPOSURE_WRITE_TYPES=1 cargo test --quiet -p composure-session --lib typescript_types >/dev/null
  step "wasm"
  local module
  mkdir -p target/wasm
  for module in mind pages packs; do
    # The engine for size: a key costs a twelfth more (3 µs), the module a thirtieth less. On a terminal it stays fast.
    compile "$LEAN" -- --release --config 'profile.release.package.composure-engine.opt-level="s"' \
      -p composure-web --no-default-features --features $module
    cp target/wasm32-unknown-unknown/release/composure_web.wasm target/wasm/$module.wasm
  done
  # A folder of its own: other flags would have cargo compile everything anew at each turn.
  compile -Ctarget-feature=+simd128 -- --release -p composure-reader-web --target-dir target/simd
  cp target/simd/wasm32-unknown-unknown/release/composure_reader_web.wasm target/wasm/reader.wasm
  # The same, and small rather than fast. Its random numbers come from the browser.
  compile '--cfg=getrandom_backend="wasm_js"' -- --profile proof -p composure-proof-web --target-dir target/proof
  cp target/proof/wasm32-unknown-unknown/proof/composure_proof_web.wasm target/wasm/proof.wasm
  step "dist/"
  cargo run --release --quiet -p composure-build -- dist target/wasm
}

package() {
  build
  cargo run --release --quiet -p composure-build -- package
}

reproduce() {
  package
  step "the same from the source archive"
  local folder archive
  folder="$(mktemp -d)"
  python3 -m zipfile -e out/composure-*-source.zip "$folder"
  (cd "$folder"/composure-* && env -u CARGO_TARGET_DIR bash build.sh package)
  for archive in out/*-chrome.zip out/*-firefox.xpi; do
    cmp "$archive" "$folder"/composure-*/"$archive"
    sha256sum "$archive"
  done
  rm -rf "$folder"
  echo "built twice, every byte the same"
}

check() {
  setup
  step "formatting"
  cargo fmt --all --check
  step "clippy, native"
  cargo clippy --workspace --all-targets -- -D warnings
  step "clippy, wasm32"
  cargo clippy --target wasm32-unknown-unknown -p composure-web -- -D warnings
  step "clippy, what is no part of the workspace"
  local beside
  for beside in fuzz bench; do
    cargo clippy --manifest-path $beside/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}/beside" --all-targets -- -D warnings
  done
  step "types of the hands"
  npx --no-install tsc --noEmit -p tsconfig.json
  step "generated files"
  cargo test --quiet -p composure-session --lib typescript_types
  node build/licences.mjs --check
}

unit() {
  step "unit tests"
  cargo test --workspace --exclude composure-tests
}

lint() {
  step "web-ext lint"
  cargo run --release --quiet -p composure-build -- package
  node build/lint.mjs out/composure-*-firefox.xpi
}

e2e() {
  step "end-to-end tests${1:+ in $1}"
  if [ -n "${1:-}" ]; then export COMPOSURE_BROWSER="$1"; fi
  cargo run --release --quiet -p composure-build -- package
  cargo test -p composure-tests
}

evaluate() {
  step "labelled drafts"
  cargo build --release --quiet -p composure-cli
  # What the figures are held against.
  [ -d tools/eval ] || { python3 -m venv tools/eval && tools/eval/bin/pip install -q vaderSentiment==3.3.2 better-profanity==0.7.0; }
  tools/eval/bin/python build/eval.py "${CARGO_TARGET_DIR:-target}/release/composure" "${SHARED:-../shared}" \
    extension/reader/reader.safetensors
}

spark() {
  step "the audit on a local Spark"
  local venv="${CARGO_TARGET_DIR:-target}/spark"
  command -v java >/dev/null || { echo "Spark needs Java 17:  sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; }
  cargo build --release --quiet -p composure-cli
  [ -d "$venv" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install -q pyspark==4.3.0; }
  "$venv/bin/python" examples/spark/check.py "${CARGO_TARGET_DIR:-target}/release/composure" ${1:+"$1"}
}

fuzz() {
  step "cargo-fuzz"
  command -v cargo-fuzz >/dev/null || cargo install --debug --locked --root tools cargo-fuzz
  # Coverage flags are nightly's; the stable compiler has them too once it is told so. -O leaves it to fuzz/Cargo.toml
  # which debug assertions count. No address sanitizer: it costs time, and neither we nor the engine have unsafe code.
  export RUSTC_BOOTSTRAP=1
  local target
  for target in session protocol settings packs review thread mail mbox reader; do
    step "fuzz $target, ${1:-5} minutes"
    cargo fuzz run -O -s none "$target" -- -max_total_time=$((${1:-5} * 60)) -timeout=10 -max_len=8192
  done
}

soak() {
  if [ "${1:-}" = browsers ]; then
    build
    step "soak in browsers"
    cargo run --quiet -p composure-tests --bin soak -- "${2:-50000}"
    return
  fi
  step "soak"
  cargo run --release --quiet -p composure-session --example soak -- "${1:-1000000}"
}

licences() {
  step "what ships, with its licences"
  node build/licences.mjs
  step "cargo deny"
  command -v cargo-deny >/dev/null || cargo install --debug --locked --root tools cargo-deny
  cargo deny --log-level error check licenses bans sources
  # The database of advisories is a repository elsewhere; without it nothing is known, which is not the same as all well.
  if cargo deny --log-level error fetch db; then
    cargo deny --log-level error check --disable-fetch advisories
  else
    echo "advisories: not checked, because their database could not be reached"
  fi
}

bench_reader() {
  step "the learned reader, native beside wasm, and in Node and Chromium (beside onnxruntime-web: see bench/reader/run.mjs)"
  cargo build --release --quiet -p composure-cli
  node bench/reader/agree.mjs extension/reader/reader.safetensors target/bench/wasm32-unknown-unknown/release/composure_bench.wasm
  local onnx=target/onnx
  node bench/reader/run.mjs extension/reader/reader.safetensors $([ -e $onnx/f32.onnx ] && echo $onnx)
}

bench_wasm() {
  step "the mind in wasm, beside plain phrase search, harper.js and others"
  [ -d bench/peers/node_modules ] || (cd bench/peers && npm ci --no-audit --no-fund --loglevel=error)
  compile "$LEAN" -- --release --manifest-path bench/Cargo.toml --target-dir target/bench
  node bench/wasm.mjs target/bench/wasm32-unknown-unknown/release/composure_bench.wasm
}

case "${1:-}" in
  setup) setup ;;
  build) build ;;
  try) build; cargo run --release --quiet -p composure-build -- package; cargo run --quiet -p composure-tests --bin try -- "${2:-chromium}" ;;
  test) check; unit; build; lint; e2e ;;
  check) check ;;
  unit) unit ;;
  e2e) build; e2e "${2:-}" ;;
  package) package ;;
  reproduce) reproduce ;;
  pictures) build; cargo run --quiet -p composure-tests --bin pictures ;;
  lint) lint ;;
  eval) evaluate ;;
  spark) spark "${2:-}" ;;
  fuzz) fuzz "${2:-}" ;;
  soak) soak "${@:2}" ;;
  licences) licences ;;
  bench) build; cargo bench -p composure-engine; bench_wasm; cargo run --quiet -p composure-tests --bin bench; node bench/report.mjs
         cargo run --quiet -p composure-tests --bin typing; bench_reader ;;
  *) usage; [ $# -eq 0 ] || exit 2 ;;
esac
