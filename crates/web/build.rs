//! A release binary embeds web/dist: it is built again when the front end was. (A debug build reads the folder
//! while it runs, and needs no rebuild.)
#![allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PROFILE");
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by its environment")]
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release {
        println!("cargo::rerun-if-changed=../../web/dist/manifest.json");
    }
}
