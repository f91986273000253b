//! Threads of the store: those that may wait for the disk, and those that speak with a bucket.

use std::{future::Future, sync::mpsc};

use kernel::{Error, Result};
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// Runs what waits for a disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// A runtime for the connections to a bucket. All calls run here, so whoever blocks on one can be a thread of any other
/// runtime: no connection waits for that thread.
#[derive(Debug)]
pub(super) struct Own(Option<Runtime>);

impl Own {
    pub(super) fn start() -> Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("bucket").enable_all();
        builder.build().map(|runtime| Self(Some(runtime))).map_err(Error::internal)
    }

    /// Runs it here; it ends when the caller goes away.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        AbortOnDropHandle::new(self.runtime()?.spawn(work)).await.map_err(Error::internal)?
    }

    /// Runs it here to its end, whatever becomes of the caller.
    pub(super) async fn run_to_end<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.runtime()?.spawn(work).await.map_err(Error::internal)?
    }

    /// Runs it here and blocks.
    pub(super) fn now<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let (done, outcome) = mpsc::sync_channel(1);
        self.runtime()?.spawn(async move {
            // Whoever waits is there until it is answered.
            let _told = done.send(work.await);
        });
        outcome.recv().map_err(Error::internal)?
    }

    fn runtime(&self) -> Result<&Runtime> {
        self.0.as_ref().ok_or_else(|| Error::internal("the store of files has ended"))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // Without waiting: the last one may go away inside another runtime.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
