//! What is wrong with a blueprint is found when it is saved, all at once, with the place named.

use flow::{ActionSignature, Blueprint, examples};

const ACTIONS: &[ActionSignature] = &[ActionSignature {
    name: "look",
    args: &[("what", true), ("how", false)],
    outcomes: &["ok", "none"],
    checks: &[],
}];

const HEAD: &str = r#"
format = 1
id = "small"
version = 1
language = "uz"
start = "main.top"
home = "main.top"
name = { uz = "a", ru = "b", en = "c" }
[variables]
answer = {}
[flows.main.top]
kind = "menu"
text = { uz = "a", ru = "b", en = "c" }
buttons = [{ id = "go", text = { uz = "a", ru = "b", en = "c" }, go = "next" }]
"#;

fn problems(steps: &str) -> Vec<String> {
    let source = format!("{}{steps}", HEAD.trim_start());
    match Blueprint::load("small.toml", &source, ACTIONS) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[track_caller]
fn check(steps: &str, expected: &[&str]) {
    assert_eq!(problems(steps), expected);
}

const NEXT: &str = r#"
[flows.main.next]
kind = "message"
text = { uz = "a", ru = "b", en = "c" }
go = "home"
"#;

#[test]
fn a_blueprint_without_fault_has_no_problems() {
    check(NEXT, &[]);
}

#[test]
fn unknown_steps_variables_fields_and_actions_are_named_with_their_lines() {
    check(
        r#"
[flows.main.next]
kind = "action"
call = "look"
args = { how = "{answr}", far = 1 }
save = "found"
colour = "red"
on.ok = "basket"
on.maybe = "home"
[flows.main.other]
kind = "action"
call = "fly"
"#,
        &[
            "small.toml:18 main.next args: flow-argument-unknown name=far",
            "small.toml:18 main.next args: flow-argument-missing name=what",
            "small.toml:18 main.next args.how: flow-variable-unknown name=answr",
            "small.toml:19 main.next save: flow-variable-unknown name=found",
            "small.toml:20 main.next colour: flow-field-unknown",
            "small.toml:21 main.next on: flow-outcome-unknown name=maybe",
            "small.toml:21 main.next on: flow-outcome-missing name=none",
            "small.toml:21 main.next on.ok: flow-step-unknown name=basket",
            "small.toml:23 main.other on: flow-dead-end",
            "small.toml:25 main.other call: flow-action-unknown name=fly",
        ],
    );
}

#[test]
fn missing_translations_and_malformed_texts_are_named() {
    check(
        r#"
[flows.main.next]
kind = "message"
text = { uz = "{answer", ru = "<b>{answer:loud}</b>" }
go = "home"
[flows.main.other]
kind = "message"
text = "bare words"
go = "home"
[flows.main.plural]
kind = "message"
text = { uz = "{answer:plural a}", ru = "{answer:plural a|b}", en = "{answer:plural a|b}" }
go = "home"
"#,
        &[
            "small.toml:17 main.next text: flow-translation-missing languages=en",
            "small.toml:17 main.next text.ru: flow-text-malformed piece=answer:loud",
            "small.toml:17 main.next text.uz: flow-text-malformed piece={answer",
            "small.toml:21 main.other text: flow-translation-missing languages=uz, ru, en",
            "small.toml:25 main.plural text.ru: flow-plural-forms forms=2 wanted=3",
        ],
    );
}

#[test]
fn dead_ends_rounds_and_steps_nobody_reaches_are_named() {
    check(
        r#"
[flows.main.next]
kind = "message"
text = { uz = "a", ru = "b", en = "c" }
go = "round"
[flows.main.round]
kind = "condition"
cases = [{ when = "answer", go = "next" }]
otherwise = "stuck"
[flows.main.stuck]
kind = "menu"
nav = []
text = { uz = "a", ru = "b", en = "c" }
buttons = [{ id = "stay", text = { uz = "a", ru = "b", en = "c" }, go = "stay" }]
[flows.main.lonely]
kind = "end"
[flows.main.calls]
kind = "flow"
flow = "lonely"
go = "home"
"#,
        &[
            "small.toml:15 main.next go: flow-endless-round name=main.next",
            "small.toml:19 main.round go: flow-endless-round name=main.round",
            "small.toml:23 main.stuck buttons: flow-dead-end",
            "small.toml:28 main.lonely : flow-step-unreachable name=main.lonely",
            "small.toml:30 main.calls : flow-step-unreachable name=main.calls",
            "small.toml:30 main.calls flow: flow-never-returns name=main.calls",
        ],
    );
}

#[test]
fn sizes_beyond_a_channels_limits_are_named() {
    let long_label = "x".repeat(65);
    let long_text = "x".repeat(4097);
    let found = problems(&format!(
        r#"
[flows.main.next]
kind = "menu"
text = {{ uz = "{long_text}", ru = "b", en = "c" }}
buttons = [{{ id = "a", text = {{ uz = "{long_label}", ru = "b", en = "c" }}, go = "home" }}]
[commands]
"Start!" = {{ go = "main.top", text = {{ uz = "a", ru = "b", en = "c" }} }}
"#
    ));
    let expected = [
        "small.toml:17 main.next text.uz: flow-text-long length=4097 max=4096",
        "small.toml:18 main.next buttons.0.text.uz: flow-text-long length=65 max=64",
        "small.toml:20 commands.Start!: flow-command-malformed name=Start!",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_the_line() {
    let found = problems("[flows.main.next\nkind = 1 1\n");
    assert!(
        !found.is_empty() && found.iter().all(|problem| problem.contains("flow-file-malformed")),
        "{found:?}"
    );
    assert!(Blueprint::load("empty.toml", "", ACTIONS).is_err());
    assert!(
        Blueprint::load(
            "odd.toml",
            "flows = 1\nvariables = 2\ncommands = []\ntexts = 1\non = 1\nwords = 3",
            ACTIONS
        )
        .is_err()
    );
}

#[test]
fn any_text_is_read_or_refused_and_never_panics() {
    // Every line of the shop's file left out in turn, and the file cut at every 97th byte.
    let shop = flow::shop::BLUEPRINT;
    let lines: Vec<&str> = shop.lines().collect();
    for left_out in (0..lines.len()).step_by(23) {
        let kept = lines.iter().enumerate().filter(|(number, _)| *number != left_out).map(|(_, line)| *line);
        let _ = Blueprint::load("shop.toml", &kept.collect::<Vec<_>>().join("\n"), flow::shop::ACTIONS);
    }
    for end in (0..shop.len()).step_by(997).filter(|end| shop.is_char_boundary(*end)) {
        let _ = Blueprint::load("shop.toml", &shop[..end], flow::shop::ACTIONS);
    }
}

#[test]
fn the_worked_example_of_the_reference_has_no_fault() {
    let reference = include_str!("../../../../docs/BLUEPRINTS.md");
    let example = reference.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let problems = Blueprint::load("callback.toml", example, &examples::ACTIONS).err().unwrap_or_default();
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_fault_has_its_words_in_three_languages() {
    let texts = [
        include_str!("../../texts/uz.ftl"),
        include_str!("../../texts/ru.ftl"),
        include_str!("../../texts/en.ftl"),
    ];
    let found = problems("[flows.main.next]\nkind = \"x\"\ncolour = 1\n[variables.A]\n");
    assert!(!found.is_empty());
    let key = |problem: &String| problem.split(": ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    for key in found.iter().map(key) {
        assert!(texts.iter().all(|text| text.contains(&format!("{key} = "))), "{key}");
    }
}

#[test]
fn a_button_of_a_notification_is_a_command_that_is_there() {
    let tail = r#"
[commands]
rate = { go = "main.next", hidden = true, text = { uz = "a", ru = "b", en = "c" } }
[notifications.done]
args = ["number"]
text = { uz = "a", ru = "b", en = "c" }
buttons = [
    { text = { all = "5" }, command = "rate 5 {number}" },
    { text = { all = "4" }, command = "stars 4 {nummer}", beside = true },
    { command = "rate" },
]
"#;
    check(
        &format!("{NEXT}{tail}"),
        &[
            "small.toml:27 notifications.done.buttons.1.command: flow-word-unknown word=stars known=rate",
            "small.toml:27 notifications.done.buttons.1.command: flow-variable-unknown name=nummer",
            "small.toml:28 notifications.done.buttons.2.text: flow-field-missing",
        ],
    );
}
