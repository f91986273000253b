//! `bench` and `simulate`: builds the tool in release, starts the servers it needs, runs it, stops what was started.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

/// Measures; `karvon` itself is built too, because its size and start are measured.
pub fn bench(root: PathBuf, arguments: Vec<String>) -> ExitCode {
    outcome(run(&root, "bench", &["bench", "app"], &arguments, &["--durable"]))
}

/// Runs seeded stories.
pub fn simulate(root: PathBuf, arguments: Vec<String>) -> ExitCode {
    outcome(run(&root, "simulation", &["simulation"], &arguments, &[]))
}

fn outcome(ran: Result<bool, String>) -> ExitCode {
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(
    root: &Path,
    tool: &str,
    packages: &[&str],
    arguments: &[String],
    server: &[&str],
) -> Result<bool, String> {
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(root).args(["build", "--release", "--bins"]);
    build.args(packages.iter().flat_map(|package| ["-p", package]));
    if !succeeds(&mut build)? {
        return Err(format!("{tool} could not be built"));
    }
    let mut measure = Command::new(root.join("target/release").join(tool));
    measure.current_dir(root).args(arguments);
    let mut started = Vec::new();
    if arguments.iter().any(|argument| argument == "postgres") {
        started.push(("KARVON_TEST_POSTGRES_URL", Beside::start(root, "postgres", server)?));
    }
    if arguments.iter().any(|argument| argument == "media") {
        started.push(("KARVON_TEST_S3_URL", Beside::start(root, "s3", &[])?));
    }
    succeeds(measure.envs(started.iter().map(|(name, server)| (name, &server.url))))
}

fn succeeds(command: &mut Command) -> Result<bool, String> {
    command.status().map(|status| status.success()).map_err(|error| format!("{command:?}: {error}"))
}

/// A private server of `scripts/NAME.sh`, stopped when it goes.
struct Beside {
    script: PathBuf,
    state: PathBuf,
    url: String,
}

impl Beside {
    fn start(root: &Path, name: &str, options: &[&str]) -> Result<Self, String> {
        let script = root.join(format!("scripts/{name}.sh"));
        let state = std::env::temp_dir().join(format!("karvon-measure-{}-{name}", std::process::id()));
        let mut start = Command::new(&script);
        start.arg("start").args(options).arg(&state).stderr(Stdio::inherit());
        let started = start.output().map_err(|error| format!("{}: {error}", script.display()))?;
        let url = String::from_utf8_lossy(&started.stdout).trim().to_owned();
        let server = Self { script, state, url };
        if started.status.success() {
            Ok(server)
        } else {
            Err(format!("{} did not start", server.script.display()))
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !matches!(Command::new(&self.script).arg("stop").arg(&self.state).status(), Ok(status) if status.success())
        {
            eprintln!("xtask: the server of {} was not stopped", self.state.display());
        }
        // Nothing else lies there.
        let _empty = std::fs::remove_dir(&self.state);
    }
}
