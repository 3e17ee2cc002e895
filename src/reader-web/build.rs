//! Bakes the SHA-256 of the reader's file that ships into the module, which then takes no other.

use std::env;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

fn main() {
    // Another file can be named, to try and to measure one before it ships.
    println!("cargo::rerun-if-env-changed=COMPOSURE_READER_FILE");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../extension/reader/reader.safetensors");
    let file = env::var_os("COMPOSURE_READER_FILE").map_or(shipped, Into::into);
    println!("cargo::rerun-if-changed={}", file.display());
    // Without a file there is no hash, and the module refuses whatever it is given.
    let hash = fs::read(&file).map(|bytes| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect());
    println!("cargo::rustc-env=COMPOSURE_READER_SHA256={}", hash.unwrap_or_else(|_| String::new()));
}
