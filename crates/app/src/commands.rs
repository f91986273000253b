//! The sub-commands of `karvon`.

use std::{
    io::{BufRead, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use auth::Password;
use clap::{Parser, Subcommand};
use context::{Actor, Ctx, CtxBuilder};
use db::Scope;
use kernel::{Clock, Error, Id, Lang, Result, SystemClock, Text, WorkspaceId};
use uuid::Uuid;

use crate::{
    backup,
    config::{Config, SETTINGS},
    demo, logs, modules,
    parts::{self, Parts},
    seed::{
        self,
        ttpumock::{Mock, Progress, Scale},
    },
    server,
};

/// Runs a business or an institution: bots in front, desks behind, the books at the back.
#[derive(Debug, Parser)]
#[command(name = "karvon", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages, the API and the bots.
    Serve,
    /// Make the demo shop (where it is not there yet), print how to sign in, and serve.
    Demo {
        /// Listen here instead of where the configuration says.
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// Only make the shop.
        #[arg(long)]
        no_serve: bool,
    },
    /// Bring the database up to date.
    Migrate,
    /// Put data in.
    Seed {
        #[command(subcommand)]
        command: SeedCommand,
    },
    /// People who sign in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// People who run the server: they see the console of all workspaces.
    Operator {
        #[command(subcommand)]
        command: OperatorCommand,
    },
    /// The search index.
    Search {
        #[command(subcommand)]
        command: SearchCommand,
    },
    /// Write everything that the server keeps into a new ZIP file. The server may run meanwhile.
    Backup {
        /// The file to write. It opens everything: keep it as you keep the server.
        file: PathBuf,
    },
    /// Read a backup into an empty database and folder of data, and check the books. Also from SQLite to PostgreSQL.
    Restore {
        /// The file that `backup` wrote.
        file: PathBuf,
    },
    /// Check that balances equal their moves and reservations, in every workspace.
    CheckBooks,
    /// Read the configuration, say what is wrong with it, and end.
    CheckConfig {
        /// Also print every setting there is.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make a workspace with its first Admin. The password is read from the standard input.
    Add {
        /// Their name.
        #[arg(long)]
        name: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// The new workspace's name.
        #[arg(long)]
        workspace: String,
    },
    /// Set a person's password; it is read from the standard input.
    SetPassword {
        /// E-mail address or username.
        login: String,
    },
}

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Let somebody who can sign in run the server.
    Add {
        /// E-mail address or username.
        login: String,
    },
    /// End that.
    Remove {
        /// E-mail address or username.
        login: String,
    },
}

#[derive(Debug, Subcommand)]
enum SeedCommand {
    /// Make the demo shop without serving.
    Demo,
    /// Put the catalog items of a university in: 8 directions, 14 regions, 2 tracks, 8 subjects. Those that are there, by
    /// their codes, are brought up to date.
    Catalog {
        /// The workspace's name in addresses; else the server's first workspace.
        #[arg(long)]
        workspace: Option<String>,
    },
    /// Put the forms of a university's admissions in: Campus Tour, Admissions 2026, Foundation Year, Polito Academy, with
    /// the catalog items that they choose among. What is there already stays as it is.
    Admissions {
        /// The workspace's name in addresses; else the server's first workspace.
        #[arg(long)]
        workspace: Option<String>,
    },
    /// Put a university of made-up people in, to try things out: applicants with applications of the last months, and a
    /// survey of students. The same people each time, nobody twice; nothing is sent to anybody.
    Ttpumock {
        /// How many people.
        #[arg(long, value_enum, default_value = "small")]
        scale: Scale,
        /// Write those again who are there already, instead of leaving them as they are.
        #[arg(long)]
        upsert: bool,
        /// The workspace's name in addresses; else the server's first workspace.
        #[arg(long)]
        workspace: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum SearchCommand {
    /// Make the index anew from the catalog. Stop the server first: two processes cannot share an index.
    Rebuild,
}

/// Reads the command line and runs it.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::read() {
        Ok(config) => config,
        Err(wrong) => return refused(&wrong.to_string()),
    };
    let guard = match logs::start(&config) {
        Ok(guard) => guard,
        Err(error) => return refused(&error.to_string()),
    };
    let outcome = run_command(cli.command, config);
    drop(guard);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refused(&words_of(&error)),
    }
}

/// What an error says to whoever sits at the console.
fn words_of(error: &Error) -> String {
    let texts = modules::texts();
    let mut out = texts.say(Lang::En, error.text());
    for field in error.field_errors() {
        out.push_str(&format!("\n{}: {}", field.field, texts.say(Lang::En, &field.text)));
    }
    if error.kind() == kernel::Kind::Internal {
        out = error.to_string();
    }
    out
}

fn refused(words: &str) -> ExitCode {
    say_aside(&format!("karvon: {words}"));
    ExitCode::FAILURE
}

/// How often a long command says how far it is.
const TELL_MS: i64 = 3_000;

#[expect(clippy::print_stderr, reason = "the command line speaks to a person")]
fn say_aside(words: &str) {
    eprintln!("{words}");
}

#[expect(clippy::print_stdout, reason = "the command line speaks to a person")]
fn say(words: &str) {
    println!("{words}");
    // Nobody may be reading.
    let _closed = std::io::stdout().flush();
}

fn run_command(command: Command, mut config: Config) -> Result<()> {
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal);
    match command {
        Command::Serve => {
            let parts = parts::open(&config)?;
            runtime()?.block_on(server::serve(&config, parts, |address| say(&format!("http://{address}"))))
        }
        Command::Demo { listen, no_serve } => {
            config.listen = listen.unwrap_or(config.listen);
            let parts = parts::open(&config)?;
            runtime()?.block_on(async move {
                let sign_ins = demo::make(&parts).await?;
                if no_serve {
                    return Ok(());
                }
                server::serve(&config, parts, |address| say(&sign_ins.words(address))).await
            })
        }
        Command::Migrate => parts::open(&config).map(|_| say("The database is up to date.")),
        Command::Seed { command } => {
            let parts = parts::open(&config)?;
            say(&runtime()?.block_on(put_in(&parts, command))?);
            Ok(())
        }
        Command::User { command } => {
            let parts = parts::open(&config)?;
            runtime()?.block_on(user(&parts, command))
        }
        Command::Operator { command } => set_operator(&parts::open(&config)?, command),
        Command::Search { command: SearchCommand::Rebuild } => {
            let rebuilt = parts::open(&config)?.search.rebuild()?;
            say(&format!("{rebuilt:?}"));
            Ok(())
        }
        Command::Backup { file } => {
            let manifest = backup::back_up(&config, &file, SystemClock.now())?;
            say(&format!("{} rows and {} files are in {}.", manifest.rows(), manifest.files, file.display()));
            Ok(())
        }
        Command::Restore { file } => {
            let manifest = backup::restore(&config, &file)?;
            say(&format!("{} rows and {} files are back.", manifest.rows(), manifest.files));
            check_books(&parts::open(&config)?)
        }
        Command::CheckBooks => check_books(&parts::open(&config)?),
        Command::CheckConfig { all } => {
            if all {
                for setting in SETTINGS {
                    say(&format!("{} (default {:?}): {}", setting.name, setting.default, setting.about));
                }
            }
            say("The configuration is right.");
            Ok(())
        }
    }
}

async fn put_in(parts: &Parts, command: SeedCommand) -> Result<String> {
    match command {
        SeedCommand::Demo => demo::make(parts).await.map(|_| "The demo shop is there.".to_owned()),
        SeedCommand::Catalog { workspace } => seed::catalog(parts, workspace.as_deref()).await,
        SeedCommand::Admissions { workspace } => seed::admissions(parts, workspace.as_deref()).await,
        SeedCommand::Ttpumock { scale, upsert, workspace } => {
            let mut told_at = parts.app.clock().now();
            let mut tell = |Progress { what, done, of }: Progress| -> Result<()> {
                let now = parts.app.clock().now();
                if now.millis_since(told_at) >= TELL_MS {
                    told_at = now;
                    say_aside(&format!("{done} of {of} {what}"));
                }
                Ok(())
            };
            let mock = Mock { workspace, scale, upsert };
            Ok(seed::ttpumock::ttpumock(parts, &mock, &mut tell).await?.to_string())
        }
    }
}

/// A context of the command line in this workspace.
pub(crate) fn console_ctx(parts: &Parts, workspace: WorkspaceId) -> Ctx {
    let app = &parts.app;
    let mut builder =
        CtxBuilder::server(workspace, Actor::server("console"), app.clock().now(), app.random().clone());
    builder.origin = "console".to_owned();
    builder.build()
}

fn password_from_input() -> Result<Password> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Error::internal)?;
    let password = Password::typed(line.trim_end_matches(['\r', '\n']));
    password.check(&[])?;
    Ok(password)
}

async fn user(parts: &Parts, command: UserCommand) -> Result<()> {
    let password = password_from_input()?;
    let hash = parts.auth.passwords().hash(parts.app.random(), password.clone()).await?;
    let ctx = console_ctx(parts, Id::from_uuid(Uuid::nil()));
    let db = parts.app.db();
    match command {
        UserCommand::Add { name, email, workspace } => {
            let owner = auth::actions::SignUp {
                name,
                email,
                username: None,
                phone: None,
                password,
                workspace,
                lang: Lang::default(),
            };
            let owner = owner.check()?;
            let add = move |tx: &mut db::Tx<'_>| auth::actions::sign_up(&ctx, tx, &owner, &hash);
            db.write(Scope::Server, db::Lane::People, add).await?;
            say("They can sign in.");
        }
        UserCommand::SetPassword { login } => {
            let set = move |tx: &mut db::Tx<'_>| auth::actions::set_password(&ctx, tx, &login, &hash);
            db.write(Scope::Server, db::Lane::People, set).await?;
            say("The password is set; their sessions are ended.");
        }
    }
    Ok(())
}

fn set_operator(parts: &Parts, command: OperatorCommand) -> Result<()> {
    let (login, is_operator, done) = match command {
        OperatorCommand::Add { login } => (login, true, "They run the server from now on: /operator."),
        OperatorCommand::Remove { login } => (login, false, "They do not run the server any more."),
    };
    let ctx = console_ctx(parts, Id::from_uuid(Uuid::nil()));
    let set = move |tx: &mut db::Tx<'_>| auth::actions::set_operator(&ctx, tx, &login, is_operator).map(drop);
    parts.app.db().write_now(Scope::Server, set)?;
    say(done);
    Ok(())
}

fn check_books(parts: &Parts) -> Result<()> {
    let workspaces = parts.app.db().read_now(Scope::Server, auth::workspaces)?;
    let mut wrong = 0_usize;
    for workspace in workspaces {
        let ctx = console_ctx(parts, workspace);
        let found = parts.app.db().read_now(Scope::from(&ctx), move |tx| books(&ctx, tx))?;
        wrong += found.len();
        found.iter().for_each(|what| say(&format!("{workspace}: {what}")));
    }
    if wrong == 0 {
        say("Everything agrees.");
        Ok(())
    } else {
        Err(Error::conflict(
            Text::new("app-books-disagree").with("count", i64::try_from(wrong).unwrap_or(i64::MAX)),
        ))
    }
}

/// Everything of a workspace's books that does not agree, in words for whoever runs the server.
fn books(ctx: &Ctx, tx: &mut db::ReadTx) -> Result<Vec<String>> {
    let mut found: Vec<String> =
        stock::check(ctx, tx)?.into_iter().map(|violation| format!("{violation:?}")).collect();
    found.extend(stock::check_worth(ctx, tx)?);
    found.extend(sales::check(ctx, tx)?);
    found.extend(cash::check(ctx, tx)?);
    found.extend(ledger::check(ctx, tx)?);
    Ok(found)
}
