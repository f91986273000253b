//! A fake Bot API server to try a program against by hand: prints its address, then reads what you type as the person.
//!
//! `cargo run -p testkit --example telegram -- [PORT] [TOKEN]`, 8081 and `42:TEST` when not said.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program for the terminal")]

use std::io::BufRead;

use testkit::telegram::{Fake, Options, Person};

const HELP: &str = "\
Type to write to the bot. Commands of this program begin with a dot:
  .key TEXT       press a key            .button TEXT   tap a button
  .contact        share your contact     .location      share a place
  .block          block the bot          .unblock       take it back
  .as NUMBER      be another person      .calls         the last calls of the bot
  .quit           stop";

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(8081, |port| port.parse().expect("the port is a number"));
    let token = arguments.next().unwrap_or_else(|| "42:TEST".to_owned());
    let fake = Fake::start_with(Options { port, ..Options::default() }).await;
    let bot = fake.bot(&token);
    println!("KARVON_TELEGRAM_API_URL={}\ntoken {token}\n{HELP}", fake.url());
    let mut person = bot.user(1001);
    let mut watching = tokio::spawn(watch(person.clone()));
    let (lines, mut typed) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = typed.recv().await {
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let screen = person.screen();
        match word {
            "" => {}
            ".quit" => return,
            ".key" if screen.has_key(rest) => person.tap_key(rest),
            ".button" if screen.messages.iter().any(|message| message.button(rest).is_some()) => {
                person.tap_button(rest);
            }
            ".key" | ".button" => println!("there is none like this"),
            ".block" => person.block(),
            ".unblock" => person.unblock(),
            ".contact" => drop(person.share_contact()),
            ".location" => drop(person.share_location(41.311_081, 69.240_562)),
            ".as" => {
                person = bot.user(rest.parse().unwrap_or(1001));
                watching.abort();
                watching = tokio::spawn(watch(person.clone()));
            }
            ".calls" => {
                for call in fake.calls().iter().rev().take(20).rev() {
                    println!("{} {} -> {:?}", call.method, call.params, call.ended);
                }
            }
            _ if word.starts_with('.') => println!("{HELP}"),
            _ => drop(person.send_text(&line)),
        }
    }
    // Input ended (started without a terminal): serve until stopped.
    std::future::pending::<()>().await;
}

/// Prints the chat whenever it changes.
async fn watch(person: Person) {
    let mut shown = String::new();
    loop {
        let screen = person.wait_for_change(|screen| screen.to_string() != shown).await;
        shown = screen.to_string();
        println!("────────\n{shown}");
    }
}
