//! `karvon`: see [`app::commands`].

use std::process::ExitCode;

fn main() -> ExitCode {
    app::commands::run()
}
