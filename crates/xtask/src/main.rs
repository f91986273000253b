//! The workspace's own commands: `cargo xtask NAME`. Each command is a module; this file only finds it.

mod measure;
mod tidy;

use std::{path::PathBuf, process::ExitCode};

/// A command gets the workspace's root and the arguments after its name.
type Command = fn(PathBuf, Vec<String>) -> ExitCode;

/// Name, what it does in one line, the function.
const COMMANDS: &[(&str, &str, Command)] = &[
    ("tidy", "our own rules over every file: arrows, texts, SQL, names, marks, templates", tidy::run),
    ("bench", "NAME [--database sqlite|postgres]: measure against the bars, in release", measure::bench),
    (
        "simulate",
        "[--seeds N] [--from SEED] [--steps N] [--actions N] [--crashes N] [--seconds N] [--database sqlite|postgres]: many seeded stories",
        measure::simulate,
    ),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let asked = arguments.next().unwrap_or_default();
    match COMMANDS.iter().find(|(name, _, _)| *name == asked) {
        Some((_, _, command)) => command(root(), arguments.collect()),
        None => {
            for (name, about, _) in COMMANDS {
                eprintln!("cargo xtask {name:<8} {about}");
            }
            ExitCode::from(2)
        }
    }
}

/// The workspace's root: two folders above this crate, as cargo says when it runs us. What the compiler saw is only
/// for a binary that was started by hand: another checkout may share this one's target folder.
#[expect(clippy::disallowed_methods, reason = "cargo tells a tool by the environment which checkout runs it")]
fn root() -> PathBuf {
    let told = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = told.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or_else(|| here.clone(), PathBuf::from)
}
