//! Logs: to the console, and rolling daily files `bot_*.log`. Returns a guard that writes out what is buffered.

use std::io::IsTerminal;

use kernel::{Error, Result};
use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::Config;

/// Days of log files that are kept.
const FILES_KEPT: usize = 14;

/// Lines that wait for the disk; each takes its place in memory from the start. Further ones are dropped.
const LINES_WAITING: usize = 8_192;

/// Starts logging; keep what it answers until the end of the process.
pub fn start(config: &Config) -> Result<Option<WorkerGuard>> {
    let filter =
        || EnvFilter::try_new(&config.log).map_err(|error| Error::internal(format!("KARVON_LOG: {error}")));
    let console = if config.log_json {
        tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr).with_filter(filter()?).boxed()
    } else {
        tracing_subscriber::fmt::layer()
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .with_filter(filter()?)
            .boxed()
    };
    if !config.log_files {
        tracing_subscriber::registry().with(console).try_init().map_err(Error::internal)?;
        return Ok(None);
    }
    let folder = config.data.join("logs");
    let cannot = |error: &dyn std::fmt::Display| Error::internal(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(&folder).map_err(|error| cannot(&error))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("bot_karvon")
        .filename_suffix("log")
        .max_log_files(FILES_KEPT)
        .build(&folder)
        .map_err(|error| cannot(&error))?;
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES_WAITING).finish(files);
    let file = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let file = if config.log_json {
        file.json().with_filter(filter()?).boxed()
    } else {
        file.with_filter(filter()?).boxed()
    };
    tracing_subscriber::registry().with(console).with(file).try_init().map_err(Error::internal)?;
    Ok(Some(guard))
}
