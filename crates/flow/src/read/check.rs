//! Checks that need the whole blueprint: steps nobody reaches, rounds without a question, questions without a way out.

use kernel::Text;

use super::fields::Source;
use crate::{
    blueprint::{Ask, Blueprint, ButtonAct, Go, Kind, Step},
    limits::BUTTONS_MAX,
};

/// Reports what is wrong with `blueprint` as a whole.
pub(super) fn check(source: &Source, blueprint: &Blueprint) {
    let reached = reached(blueprint);
    for (number, step) in blueprint.steps.iter().enumerate() {
        let report = |field: &str, text| source.report(step.line, Some(&step.place), field, text);
        if !reached.contains(&number) {
            report("", Text::new("flow-step-unreachable").with("name", &step.place));
        }
        if goes_round(blueprint, number) {
            report("go", Text::new("flow-endless-round").with("name", &step.place));
        }
        match &step.kind {
            Kind::Ask(ask) => check_ask(ask, &report),
            Kind::Call { flow, .. } if !returns(blueprint, *flow) => {
                report("flow", Text::new("flow-never-returns").with("name", &step.place));
            }
            _ => {}
        }
    }
    let home = blueprint.steps.get(blueprint.home);
    if let Some(home) = home.filter(|home| !matches!(home.kind, Kind::Ask(_))) {
        source.report(home.line, Some(&home.place), "kind", Text::new("flow-home-asks-nothing"));
    }
}

fn check_ask(ask: &Ask, report: &dyn Fn(&str, Text)) {
    let leads_on = |go: &Go| !matches!(go, Go::Stay | Go::Again);
    let by_button = ask.groups.iter().flat_map(|group| &group.buttons).any(|button| match &button.act {
        ButtonAct::Go(go) => leads_on(go),
        ButtonAct::Url(_) | ButtonAct::WebApp(_) => false,
    });
    if !(by_button || leads_on(&ask.go) || ask.nav.back || ask.nav.home) {
        report("buttons", Text::new("flow-dead-end"));
    }
    let fixed: usize =
        ask.groups.iter().filter(|group| group.each.is_none()).map(|group| group.buttons.len()).sum();
    if fixed > BUTTONS_MAX {
        report("buttons", Text::new("flow-too-many").with("max", BUTTONS_MAX));
    }
}

/// The targets of a step.
fn targets(step: &Step) -> Vec<Go> {
    match &step.kind {
        Kind::Say { go, .. } | Kind::Set { go, .. } => vec![*go],
        Kind::Branch { cases, otherwise } => cases.iter().map(|(_, go)| *go).chain([*otherwise]).collect(),
        Kind::Act(act) => act.outcomes.iter().map(|outcome| outcome.go).collect(),
        Kind::Call { flow, go } => vec![Go::Step(*flow), *go],
        Kind::Return | Kind::Handover { .. } | Kind::End { .. } => Vec::new(),
        Kind::Ask(ask) => {
            let buttons = ask.groups.iter().flat_map(|group| &group.buttons);
            let by_button = buttons.filter_map(|button| match &button.act {
                ButtonAct::Go(go) => Some(*go),
                ButtonAct::Url(_) | ButtonAct::WebApp(_) => None,
            });
            let reload = ask.reload.map(Go::Step);
            by_button.chain([ask.go]).chain(reload).collect()
        }
    }
}

/// The steps that can be reached from the start, the home, the commands and the unasked answers.
fn reached(blueprint: &Blueprint) -> std::collections::BTreeSet<usize> {
    let on = [&blueprint.on.text, &blueprint.on.contact, &blueprint.on.location, &blueprint.on.media];
    let mut open: Vec<usize> = vec![blueprint.start, blueprint.home];
    open.extend(blueprint.commands.iter().map(|command| command.go));
    open.extend(on.into_iter().flatten().map(|handler| handler.go));
    spread(blueprint, open, |_| true)
}

/// The steps reached from `open`, going on from those that `passes` only.
fn spread(
    blueprint: &Blueprint,
    mut open: Vec<usize>,
    passes: impl Fn(&Step) -> bool,
) -> std::collections::BTreeSet<usize> {
    let mut reached = std::collections::BTreeSet::new();
    while let Some(number) = open.pop() {
        let Some(step) = blueprint.steps.get(number) else { continue };
        if reached.insert(number) && passes(step) {
            open.extend(targets(step).into_iter().filter_map(|go| match go {
                Go::Step(next) => Some(next),
                Go::Back | Go::Home | Go::Again | Go::Stay | Go::Return => None,
            }));
        }
    }
    reached
}

/// Whether a step that asks nothing leads to itself without any question or action between.
fn goes_round(blueprint: &Blueprint, number: usize) -> bool {
    let silent = |step: &Step| {
        matches!(step.kind, Kind::Say { .. } | Kind::Set { .. } | Kind::Branch { .. } | Kind::Call { .. })
    };
    let Some(step) = blueprint.steps.get(number).filter(|step| silent(step)) else { return false };
    let next =
        targets(step).into_iter().filter_map(|go| if let Go::Step(next) = go { Some(next) } else { None });
    spread(blueprint, next.collect(), silent).contains(&number)
}

/// Whether a called flow can come back, or leaves for good on every way.
fn returns(blueprint: &Blueprint, flow: usize) -> bool {
    let steps = spread(blueprint, vec![flow], |_| true);
    steps
        .into_iter()
        .filter_map(|number| blueprint.steps.get(number))
        .any(|step| matches!(step.kind, Kind::Return) || targets(step).contains(&Go::Return))
}
