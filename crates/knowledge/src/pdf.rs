//! The text of a PDF, read by poppler's `pdftotext`: a program of its own, held in limits, because a PDF of a stranger is
//! a program for it.

use std::{ffi::OsString, io::Write, path::Path, process::Stdio, time::Duration};

use kernel::{Error, Result};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
};

use crate::Problem;

/// The program that reads (Debian: poppler-utils).
const PROGRAM: &str = "pdftotext";
/// The program that holds it in its limits (util-linux, which every Linux of ours has).
const LIMITER: &str = "prlimit";
/// How long reading may take.
const TIME: Duration = Duration::from_secs(30);
/// Address space of the program, bytes.
const MEMORY_BYTES: u64 = 1_024 * 1_024 * 1_024;
/// Seconds of a processor that it may use.
const PROCESSOR_SECONDS: u64 = 30;
/// Files that it may hold open: its input, its ends, its libraries one after another.
const FILES: u64 = 32;
/// Bytes of text at most.
const TEXT_BYTES: u64 = 5 * 1_024 * 1_024;
/// Bytes that are read of what it complains about.
const COMPLAINT_BYTES: u64 = 4_096;

/// The text of a PDF, its pages ended by form feeds; or why there is none. An error is the server's, and passes.
pub(crate) async fn text_of(bytes: Vec<u8>) -> Result<Result<String, Problem>> {
    if !bytes.starts_with(b"%PDF-") {
        return Ok(Err(Problem::Broken));
    }
    let file = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(&bytes)?;
        file.flush()?;
        Ok::<_, std::io::Error>((file, tempfile::tempdir()?))
    });
    let (file, folder) = file.await.map_err(Error::internal)?.map_err(Error::internal)?;
    let mut child = match command(file.path(), folder.path()).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Err(Problem::NoProgram)),
        Err(error) => return Err(Error::internal(error)),
    };
    match tokio::time::timeout(TIME, run(&mut child)).await {
        Ok(ended) => ended,
        // Dropping the child kills it.
        Err(_) => Ok(Err(Problem::TooHeavy)),
    }
}

/// `-layout` keeps a row of a table in one line; form feeds, which tell the pages, are written unless refused.
fn command(file: &Path, folder: &Path) -> Command {
    let mut command = limited(PROGRAM, folder);
    command.args(["-enc", "UTF-8", "-eol", "unix", "-layout"]).arg(file).arg("-");
    command
}

/// A program in its limits, in an empty folder, that is told nothing of our environment: secrets stand there.
/// It may start no other (where the server is root, the kernel does not hold it to that).
fn limited(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(LIMITER);
    command
        .arg(format!("--as={MEMORY_BYTES}"))
        .arg(format!("--cpu={PROCESSOR_SECONDS}"))
        .arg(format!("--nofile={FILES}"))
        .args(["--nproc=0", "--core=0", "--fsize=0", "--", program])
        .current_dir(folder)
        .env_clear()
        .env("PATH", programs())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Where the server looks for programs.
#[expect(clippy::disallowed_methods, reason = "no setting of ours: the programs stand where the system says")]
fn programs() -> OsString {
    std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into())
}

async fn run(child: &mut Child) -> Result<Result<String, Problem>> {
    // Beside the text: a program that waits for a reader of its complaints writes none.
    let complaints = child.stderr.take().map(|from| tokio::spawn(begin_of(from)));
    let mut text = Vec::new();
    if let Some(from) = child.stdout.take() {
        from.take(TEXT_BYTES + 1).read_to_end(&mut text).await.map_err(Error::internal)?;
    }
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > TEXT_BYTES {
        return Ok(Err(Problem::TooHeavy));
    }
    let complaint = match complaints {
        Some(complaints) => complaints.await.map_err(Error::internal)?.map_err(Error::internal)?,
        None => Vec::new(),
    };
    let status = child.wait().await.map_err(Error::internal)?;
    if status.success() {
        let text = String::from_utf8_lossy(&text).into_owned();
        let is_empty = !text.chars().any(char::is_alphanumeric);
        return Ok(if is_empty { Err(Problem::Pictures) } else { Ok(text) });
    }
    Ok(Err(problem_of(status.code(), &String::from_utf8_lossy(&complaint))))
}

/// `pdftotext(1)`: 1 the file could not be opened, 3 permissions; `prlimit` ends with 127 (126) when it finds (may run)
/// no program.
fn problem_of(code: Option<i32>, complaint: &str) -> Problem {
    let said = |words: &str| complaint.contains(words);
    match code {
        _ if said("Incorrect password") || said("ncrypt") => Problem::Encrypted,
        Some(3) => Problem::Encrypted,
        Some(126 | 127) => Problem::NoProgram,
        _ if said("failed to execute") => Problem::NoProgram,
        _ if said("Out of memory") || said("bad_alloc") => Problem::TooHeavy,
        Some(_) => Problem::Broken,
        // A signal: of a limit, or of a fault.
        None => Problem::TooHeavy,
    }
}

/// The first bytes of what it complains about; the rest is read and forgotten.
async fn begin_of(mut from: impl AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut from).take(COMPLAINT_BYTES).read_to_end(&mut bytes).await?;
    tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_the_program_has_its_words() {
        for (code, complaint, expected) in [
            (Some(1), "Command Line Error: Incorrect password", Problem::Encrypted),
            (Some(3), "Permission Error", Problem::Encrypted),
            (Some(1), "Syntax Error: Couldn't find trailer dictionary", Problem::Broken),
            (
                Some(127),
                "prlimit: failed to execute pdftotext: No such file or directory",
                Problem::NoProgram,
            ),
            (Some(1), "prlimit: failed to execute pdftotext: No such file or directory", Problem::NoProgram),
            (Some(99), "Out of memory", Problem::TooHeavy),
            (None, "", Problem::TooHeavy),
        ] {
            assert_eq!(problem_of(code, complaint), expected, "{complaint}");
        }
    }

    #[tokio::test]
    async fn the_program_is_told_nothing_of_ours_and_held_in_its_limits() {
        let folder = tempfile::tempdir().unwrap();
        // Nothing but what the shell does by itself: it may start no program.
        let script = "export -p; echo at $PWD; while read line; do echo $line; done < /proc/self/limits";
        let mut shell = limited("sh", folder.path());
        let out = shell.args(["-c", script]).output().await.unwrap();
        let said = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success(), "{said} {}", String::from_utf8_lossy(&out.stderr));
        let mut names: Vec<&str> = said
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split('=').next())
            .filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name))
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["LC_ALL", "PATH"], "{said}");
        assert!(said.contains("LC_ALL='C.UTF-8'") || said.contains("LC_ALL=C.UTF-8"), "{said}");
        let place = folder.path().canonicalize().unwrap();
        assert!(said.contains(&format!("at {}", place.display())), "{said}");
        for limit in [
            "Max processes 0 0",
            "Max open files 32 32",
            "Max file size 0 0",
            "Max core file size 0 0",
            "Max cpu time 30 30",
            "Max address space 1073741824 1073741824",
        ] {
            assert!(said.contains(limit), "{limit}: {said}");
        }
    }
}
