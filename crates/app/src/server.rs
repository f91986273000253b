//! `karvon serve`: the web, the workers, the channels, until somebody says stop.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use bots::Runner;
use broadcast::Broadcasts;
use jobs::Worker;
use kernel::{Error, Result};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tower_http::normalize_path::NormalizePath;

use crate::{bot_token, config::Config, head_agents, health, modules, parts::Parts};

/// After this a stop waits no longer for requests in hand.
const GRACE: Duration = Duration::from_secs(20);
/// Jobs that run side by side on one node.
const TAKERS: usize = 2;

/// The routes of the whole program. A trailing slash is optional.
pub fn router(parts: &Parts) -> NormalizePath<Router> {
    NormalizePath::trim_trailing_slash(web::router(&parts.app, modules::all()))
}

/// Serves until Ctrl-C or a termination signal; finishes what is in hand.
pub async fn serve(config: &Config, parts: Parts, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    health::start(config.metrics_token.clone())?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| Error::internal(format!("{}: {error}", config.listen)))?;
    let address = listener.local_addr().map_err(Error::internal)?;
    // Heard from before anybody is told that it answers.
    let told = StopSignals::listen()?;
    let db = parts.app.db().clone();
    tokio::task::spawn_blocking(move || db.join_nodes()).await.map_err(Error::internal)??;
    let background = Background::start(&parts);
    let service = axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<SocketAddr>(
        router(&parts),
    );
    tracing::info!(%address, "karvon answers");
    ready(address);
    if let Some(token) = config.telegram_bot_token.clone() {
        tokio::spawn(bot_token::connect(parts.clone(), token));
    }
    if !config.super_admin_ids.is_empty() {
        tokio::spawn(head_agents::make(parts.clone(), config.super_admin_ids.clone()));
    }
    let stopping = parts.app.stopping().clone();
    let asked = stopping.clone();
    let stop = async move {
        told.one().await;
        tracing::info!("stopping: what is in hand is finished");
        // Streams, which would go on for ever, end.
        asked.cancel();
    };
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    let outcome = tokio::select! {
        served = served => served.map_err(Error::internal),
        () = async { stopping.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("requests that do not end are left");
            Ok(())
        }
    };
    background.stop().await;
    outcome
}

/// Everything that runs beside the web.
pub struct Background {
    follow: search::FollowHandle,
    realtime: realtime::RealtimeHandle,
    worker: jobs::WorkerHandle,
    runner: bots::RunnerHandle,
}

impl std::fmt::Debug for Background {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Background")
    }
}

impl Background {
    /// Starts it.
    pub fn start(parts: &Parts) -> Self {
        let lease = parts.lease;
        let app = &parts.app;
        let (db, clock, random) = (app.db().clone(), Arc::clone(app.clock()), app.random().clone());
        let worker = Worker::with_lease(
            db.clone(),
            app.services().clone(),
            Arc::clone(&clock),
            random.clone(),
            modules::work(),
            lease * 3,
        );
        let runner = Runner::new(db, Arc::clone(&parts.bots), clock, random, lease, Some(Broadcasts::new()));
        let (follow, realtime) = (parts.search.start(), parts.realtime.start());
        Self { follow, realtime, worker: worker.start(TAKERS), runner: runner.start() }
    }

    /// Ends it after what is in hand.
    pub async fn stop(self) {
        let Self { follow, realtime, worker, runner } = self;
        realtime.stop().await;
        runner.stop().await;
        worker.stop().await;
        follow.stop().await;
    }
}

/// Ctrl-C and the termination signal.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// From here on they end nothing by themselves.
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).map_err(Error::internal);
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// The first of them.
    async fn one(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
