//! The assets are embedded: when they are built anew, so is the program.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../assets-built/manifest.json");
}
