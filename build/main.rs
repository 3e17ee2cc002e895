//! `composure-build dist MODULES` makes `dist/` with the wasm modules of a folder; `composure-build package` zips it for both stores,
//! and what it is made of for those who want to build it themselves.
//!
//! It is a program of its own rather than a call to the `wasm-bindgen` command so that the generator is the version in
//! Cargo.lock, always the one the wasm was compiled against, with nothing to install.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

mod order;

/// The wasm modules that ship, by the names of their files, and how large each may be, in bytes after brotli 11.
/// Where the mind's go, docs/size.md tells. The page of the packs has the whole engine in it, which reviews what a pack
/// inserts, a reader of TOML, and the round with other browsers. The other pages write mailboxes, tables and pictures of what was kept, in five languages; no mail waits for them.
const MODULES: &[(&str, usize)] =
    &[("mind", 300_000), ("pages", 175_000), ("packs", 375_000), ("reader", 80_000), ("proof", 900_000)];
/// How Binaryen makes a module small after brotli, which is not always small before it.
const SMALL: &[&str] = &[
    "-O3",
    "--converge",
    // What rustc did not inline is small enough where it is called, and compresses better there: but what is called once.
    "--always-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=20",
    "--skip-pass=local-cse",
    // Zeros cost less than what says that there are some.
    "--skip-pass=memory-packing",
    // The stack grows down to 0, so that no address is below 1,024.
    "--low-memory-unused",
];
/// Largest file of the learned reader, in bytes.
const READER_BUDGET: u64 = 16_000_000;
/// Largest script of the hands as it ships, in bytes: unminified, without comments. 60,000 until they held sends, 75,000
/// until they knew twenty webmails and fifteen editors, 127,000 until they kept what is typed while they write.
const HANDS_BUDGET: usize = 131_000;
/// Largest package without the learned reader, as the stores take it, in bytes, and without the proofreader either.
/// The aims were 3,000,000 for the one and nothing for the other, which has the engine in it twice (see `MODULES`).
const PACKAGE_BUDGET: [(u64, &[&str], &str); 2] = [
    (2_700_000, &["reader/", "reader.js", "wasm/reader"], "the reader"),
    (1_450_000, &["reader/", "reader.js", "wasm/reader", "proof.js", "wasm/proof"], "reader and proofreader"),
];

/// The version of all that is built; `Cargo.toml` says it for the whole workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["dist", modules] => dist(Path::new(modules)),
        ["package"] => package(),
        _ => bail!("usage: composure-build dist MODULES | package"),
    }
}

/// Assembles `dist/`: what both browsers load, unpacked.
fn dist(modules: &Path) -> Result<()> {
    let dist = Path::new("dist");
    if dist.exists() {
        fs::remove_dir_all(dist)?;
    }
    copy_tree(Path::new("extension"), dist)?;
    bundle_hands(dist)?;
    fs::write(dist.join("manifest.json"), manifest()?)?;
    fs::copy("LICENSE", dist.join("LICENSE"))?;

    let out = dist.join("wasm");
    for (name, budget) in MODULES {
        wasm_bindgen_cli_support::Bindgen::new()
            .input_path(modules.join(format!("{name}.wasm")))
            .out_name(name)
            .web(true)?
            .typescript(false)
            // The glue finds the wasm beside itself.
            .omit_default_module_path(false)
            .generate(&out)
            .context("generating the JavaScript bindings")?;
        let module = out.join(format!("{name}_bg.wasm"));
        // The proofreader is megabytes: what more costs a minute saves nothing after brotli.
        let flags = if *name == "proof" { &["-O1"][..] } else { SMALL };
        let compressed = optimise(&module, flags, &modules.join(format!("{name}-ordered{}", flags.concat())))?;
        println!(
            "{name:<6} {:>7} bytes of wasm, {compressed:>6} after brotli (budget {budget})",
            fs::metadata(&module)?.len()
        );
        ensure!(compressed < *budget, "the wasm of `{name}` is over its budget");
    }
    describe_reader(&dist.join("reader"))?;
    ship_snippets(dist)
}

/// Makes one script of the hands, in place of their modules: one file is read instead of fifty, and none needs to be open to pages,
/// as what a content script imports must be.
fn bundle_hands(dist: &Path) -> Result<()> {
    let (modules, script) = (dist.join("content"), dist.join("content/loader.js"));
    let esbuild = fs::canonicalize("node_modules/.bin/esbuild").context("no esbuild: run `./build.sh setup`")?;
    let bundle = Command::new(esbuild)
        // Whose names for the modules stand in the script.
        .current_dir(dist)
        .arg("content/loader.js")
        .args(["--bundle", "--format=iife", "--target=esnext", "--charset=utf8", "--log-level=warning"])
        .output()
        .context("running esbuild")?;
    ensure!(bundle.status.success(), "esbuild: {}", String::from_utf8_lossy(&bundle.stderr));
    fs::remove_dir_all(&modules)?;
    fs::create_dir(&modules)?;
    fs::write(&script, &bundle.stdout)?;
    println!("hands  {:>7} bytes of JavaScript (budget {HANDS_BUDGET})", bundle.stdout.len());
    ensure!(bundle.stdout.len() < HANDS_BUDGET, "the hands are over their budget");
    Ok(())
}

/// `manifest.json` with the hosts that the adapters name, and the version of `Cargo.toml`.
fn manifest() -> Result<String> {
    let node = Command::new("node")
        .arg("build/hosts.mjs")
        .stdin(fs::File::open("manifest.json")?)
        .output()
        .context("running node")?;
    ensure!(node.status.success(), "build/hosts.mjs: {}", String::from_utf8_lossy(&node.stderr));
    Ok(String::from_utf8(node.stdout)?.replace("__VERSION__", VERSION))
}

/// Says beside the reader's file that it is there, so that the options page need not load megabytes to know.
fn describe_reader(folder: &Path) -> Result<()> {
    let file = folder.join("reader.safetensors");
    if !file.exists() {
        println!("reader not there: extension/reader/reader.safetensors is missing");
        return Ok(());
    }
    let bytes = fs::metadata(&file)?.len();
    println!("reader {bytes:>7} bytes of weights (budget {READER_BUDGET})");
    ensure!(bytes < READER_BUDGET, "the reader's file is over its budget");
    Ok(fs::write(folder.join("about.json"), format!("{{ \"bytes\": {bytes} }}\n"))?)
}

/// Writes the shipped snippets into one file. They are no part of the mind's wasm: most mails never ask for them.
fn ship_snippets(dist: &Path) -> Result<()> {
    let mut snippets = Vec::new();
    for file in files(Path::new("src/snippets/shipped"))? {
        let mut snippet: composure_snippets::Snippet =
            toml::from_str(&fs::read_to_string(&file)?).with_context(|| format!("reading {}", file.display()))?;
        snippet.id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(problem) = composure_snippets::check(&snippet.text).first() {
            bail!("{}: line {} of the text: {} {}", file.display(), problem.line, problem.reason, problem.mend);
        }
        snippets.push(snippet);
    }
    let json = serde_json::to_vec(&snippets)?;
    println!("{} snippets, {} bytes", snippets.len(), json.len());
    Ok(fs::write(dist.join("snippets.json"), json)?)
}

/// Optimises a module and returns its size after brotli. Both take minutes, so the `kept` files have the last module's.
fn optimise(module: &Path, flags: &[&str], kept: &Path) -> Result<usize> {
    let [before, after, size] = ["before.wasm", "after.wasm", "size"].map(|kind| kept.with_extension(kind));
    let given = fs::read(module)?;
    if fs::read(&before).is_ok_and(|before| before == given)
        && let Ok(size) = fs::read_to_string(&size)
    {
        fs::copy(&after, module)?;
        return Ok(size.parse()?);
    }
    fs::remove_file(&before).ok();
    binaryen(module, flags)?;
    fs::write(module, order::named(&fs::read(module)?)?)?;
    binaryen(module, &["--reorder-functions-by-name", "--strip-target-features"])?;
    let wasm = fs::read(module)?;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut wasm.as_slice(), &mut compressed, &brotli::enc::BrotliEncoderParams::default())?;
    fs::write(&after, &wasm)?;
    fs::write(&size, compressed.len().to_string())?;
    // Last: where it is, the others are whole.
    fs::write(&before, &given)?;
    Ok(compressed.len())
}

/// Has Binaryen work on a module.
fn binaryen(module: &Path, flags: &[&str]) -> Result<()> {
    let wasm_opt = Path::new("node_modules/.bin/wasm-opt");
    ensure!(wasm_opt.exists(), "no wasm-opt: run `./build.sh setup`");
    let status = Command::new(wasm_opt)
        // The features that rustc turns on by default; wasm-opt must be told.
        .args(flags)
        .args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"])
        .args(["--enable-mutable-globals", "--enable-multivalue", "--enable-reference-types"])
        // The reader's; no other module has any.
        .arg("--enable-simd")
        .args(["--strip-debug", "--strip-producers", "-o"])
        .args([module, module])
        .status()
        .context("running wasm-opt")?;
    ensure!(status.success(), "wasm-opt failed");
    Ok(())
}

/// Zips `dist/` for each store, under the name it wants, and without the way into the background script that its browser has none of.
fn package() -> Result<()> {
    let dist = Path::new("dist");
    ensure!(dist.join("manifest.json").exists(), "no dist: run `./build.sh build`");
    fs::create_dir_all("out")?;
    for (store, unknown) in [("chrome.zip", "scripts"), ("firefox.xpi", "service_worker")] {
        let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(dist.join("manifest.json"))?)?;
        let background = manifest["background"].as_object_mut().context("the manifest has no background script")?;
        background.remove(unknown);
        let archive = zip_folder(dist, &serde_json::to_vec_pretty(&manifest)?)?;
        let name = format!("out/composure-{VERSION}-{store}");
        fs::write(&name, &archive)?;
        println!("{name}  {} bytes", archive.len());
        check_package(&archive)?;
    }
    source()
}

/// Prints how large the package is without what only some writers load and holds that to its budgets.
fn check_package(archive: &[u8]) -> Result<()> {
    let mut files = zip::ZipArchive::new(std::io::Cursor::new(archive))?;
    for (budget, left_out, what) in PACKAGE_BUDGET {
        let mut size = archive.len() as u64;
        for index in 0..files.len() {
            let file = files.by_index_raw(index)?;
            if left_out.iter().any(|part| file.name().starts_with(part)) {
                size -= file.compressed_size();
            }
        }
        println!("  without {what}: {size} bytes (budget {budget})");
        ensure!(size < budget, "the package without {what} is over its budget");
    }
    Ok(())
}

/// Zips what is committed: the Firefox store wants what a package was made of, and how. The same commit gives the same bytes.
fn source() -> Result<()> {
    let git = |arguments: &[&str]| Command::new("git").args(arguments).output().context("running git");
    if !Path::new(".git").exists() {
        println!("no source archive: nothing says what is committed");
        return Ok(());
    }
    if !git(&["status", "--porcelain", "--untracked-files=no"])?.stdout.is_empty() {
        println!("the source archive is that of the last commit; there are changes since");
    }
    let (name, prefix) = (format!("out/composure-{VERSION}-source.zip"), format!("--prefix=composure-{VERSION}/"));
    let made = git(&["archive", "--format=zip", &prefix, "-o", &name, "HEAD"])?;
    ensure!(made.status.success(), "git archive: {}", String::from_utf8_lossy(&made.stderr));
    println!("{name}  {} bytes", fs::metadata(&name)?.len());
    Ok(())
}

/// A folder's files, with this for its manifest.
fn zip_folder(folder: &Path, manifest: &[u8]) -> Result<Vec<u8>> {
    // Sorted names, no dates, no permissions: two builds of the same tree give the same bytes.
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for file in files(folder)? {
        let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        archive.start_file(&*name, options)?;
        if name == "manifest.json" {
            archive.write_all(manifest)?;
        } else {
            archive.write_all(&fs::read(&file)?)?;
        }
    }
    Ok(archive.finish()?.into_inner())
}

/// Copies what ships: everything but type declarations and stray editor files.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let name = file.to_string_lossy().into_owned();
        if name.ends_with(".d.ts") || name.ends_with('~') {
            continue;
        }
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        if name.ends_with(".js") {
            let script = fs::read_to_string(&file).with_context(|| format!("reading {name}"))?;
            fs::write(&target, without_comments(&script))?;
        } else {
            fs::copy(&file, &target).with_context(|| format!("copying {name}"))?;
        }
    }
    Ok(())
}

/// A script as it ships: without its types and explanations, which are a quarter of it and are parsed on every page.
/// Takes out `/** … */` anywhere and lines that are a `//` comment; the hands use no others, and have neither in strings.
fn without_comments(script: &str) -> String {
    let mut code = String::with_capacity(script.len());
    let mut rest = script;
    while let Some((before, comment)) = rest.split_once("/**") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let mut lines = String::with_capacity(code.len());
    for line in code.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//")) {
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// All files below a folder, sorted by path.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tidy;

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "/** @import { A } from './a' */\n// Why.\nconst a = /** @type {B} */ (b); // kept: not a line of its own\n\n  /**\n   * What.\n   */\n  f();\n";
        assert_eq!(without_comments(script), "const a =  (b); // kept: not a line of its own\n  f();\n");
    }
}
