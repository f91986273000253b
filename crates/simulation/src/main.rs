//! `cargo xtask simulate`: many stories, as many at once as there are cores.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool that speaks to a person")]

use std::{
    num::NonZero,
    process::ExitCode,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use simulation::{CRASH_EVERY, Story, Told, tell};

const USAGE: &str = "simulate [--seeds N] [--from SEED] [--steps N] [--database sqlite|postgres]
         [--crash-every STEPS] [--actions N] [--crashes N] [--seconds N]

--crash-every         the process dies once in about so many steps
--actions, --crashes  tell stories until there were as many; a line for each says how many there were
--seconds             a line says whether the stories were told within as many";
/// Stories where nobody says how many.
const SEEDS: u64 = 100;

/// What is asked for.
struct Asked {
    story: Story,
    seeds: Option<u64>,
    actions: Option<usize>,
    crashes: Option<usize>,
    seconds: Option<u64>,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let story = Story { seed: 1, steps: 300, crash_every: CRASH_EVERY, on_postgres: false };
        let mut asked = Self { story, seeds: None, actions: None, crashes: None, seconds: None };
        while let Some(name) = arguments.next() {
            let value = arguments.next().unwrap_or_default();
            let number = value.parse::<u64>();
            let size = value.parse::<usize>();
            match (name.as_str(), number, size) {
                ("--seeds", Ok(number), _) => asked.seeds = Some(number),
                ("--from", Ok(number), _) => asked.story.seed = number,
                ("--steps", _, Ok(size)) => asked.story.steps = size,
                ("--crash-every", _, Ok(size @ 1..)) => asked.story.crash_every = size,
                ("--actions", _, Ok(size)) => asked.actions = Some(size),
                ("--crashes", _, Ok(size)) => asked.crashes = Some(size),
                ("--seconds", Ok(number), _) => asked.seconds = Some(number),
                ("--database", _, _) if value == "sqlite" => asked.story.on_postgres = false,
                ("--database", _, _) if value == "postgres" => asked.story.on_postgres = true,
                _ => return None,
            }
        }
        Some(asked)
    }

    /// Whether `stories` stories are enough, of which those that have ended told this.
    fn is_enough(&self, stories: u64, whole: &Told) -> bool {
        let Self { story: _, seeds, actions, crashes, seconds: _ } = self;
        let by_count = if actions.or(*crashes).is_some() { 0 } else { SEEDS };
        stories >= seeds.unwrap_or(by_count)
            && whole.actions >= actions.unwrap_or(0)
            && whole.crashes >= crashes.unwrap_or(0)
    }

    /// A line for each thing that was asked for; whether all of it was met.
    fn bars(&self, whole: &Told, took: Duration) -> bool {
        let least = [("actions", whole.actions, self.actions), ("crashes", whole.crashes, self.crashes)];
        let mut are_met = true;
        let mut bar = |line: String, is_met: bool| {
            println!("bar {line}: {}", if is_met { "met" } else { "short" });
            are_met &= is_met;
        };
        for (name, there_were, wanted) in least {
            if let Some(wanted) = wanted {
                bar(format!("{name}: {there_were} at least {wanted}"), there_were >= wanted);
            }
        }
        if let Some(seconds) = self.seconds {
            let line = format!("seconds: {:.1} at most {seconds}", took.as_secs_f64());
            bar(line, took <= Duration::from_secs(seconds));
        }
        are_met
    }
}

/// What the tellers have told so far.
#[derive(Default)]
struct Progress {
    whole: Told,
    /// Stories that were begun.
    begun: u64,
    /// One ended in a panic, which has said which.
    has_failed: bool,
}

/// Takes the next seed and tells its story until enough are told, or one has failed.
fn tell_on(asked: &Asked, progress: &Mutex<Progress>) {
    loop {
        let story = {
            let mut progress = progress.lock().unwrap();
            if progress.has_failed || asked.is_enough(progress.begun, &progress.whole) {
                return;
            }
            progress.begun += 1;
            Story { seed: asked.story.seed + progress.begun - 1, ..asked.story }
        };
        let told = std::panic::catch_unwind(|| tell(story));
        let mut progress = progress.lock().unwrap();
        match told {
            Ok(told) => add(&mut progress.whole, told),
            Err(_) => progress.has_failed = true,
        }
    }
}

fn main() -> ExitCode {
    let Some(asked) = Asked::read(std::env::args().skip(1)) else {
        println!("{USAGE}");
        return ExitCode::from(2);
    };
    let Story { seed: first, steps, .. } = asked.story;
    let progress = Mutex::new(Progress::default());
    let tellers = thread::available_parallelism().map_or(1, NonZero::get);
    let started = now();
    thread::scope(|scope| {
        for _ in 0..tellers {
            scope.spawn(|| tell_on(&asked, &progress));
        }
    });
    let took = started.elapsed();
    let Progress { whole, begun, has_failed } = progress.into_inner().unwrap();
    let last = (first + begun).saturating_sub(1);
    println!("the stories of seeds {first}..={last}, {steps} steps each, in {took:.1?}: {whole:#?}");
    if asked.bars(&whole, took) && !has_failed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long the stories take is measured, and nothing is decided by it"
)]
fn now() -> Instant {
    Instant::now()
}

fn add(whole: &mut Told, told: Told) {
    whole.updates += told.updates;
    whole.orders += told.orders;
    whole.orders_by_chat += told.orders_by_chat;
    whole.cancelled += told.cancelled;
    whole.refused += told.refused;
    whole.crashes += told.crashes;
    whole.lost_writes += told.lost_writes;
    whole.carts_of_many += told.carts_of_many;
    whole.deaths_at_work += told.deaths_at_work;
    whole.restocks += told.restocks;
    whole.products_replaced += told.products_replaced;
    whole.deliveries += told.deliveries;
    whole.invoices += told.invoices;
    whole.payments += told.payments;
    whole.credit_notes += told.credit_notes;
    whole.refunds += told.refunds;
    whole.sold += told.sold;
    whole.taken_back += told.taken_back;
    whole.asked += told.asked;
    whole.answers += told.answers;
    whole.merged += told.merged;
    whole.actions += told.actions;
}
