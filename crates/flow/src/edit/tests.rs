//! Changes of real files: what they say, and that nothing else is touched.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::examples;

const SHORT: &str = r#"# The bot.
format = 1 # of the file
start = "main.a"

[flows.main.a] # first
kind = "menu"
# Words.
text = { uz = "A", ru = "А", en = "A" } # all three
buttons = [
    { id = "one", text = { all = "1" }, go = "b" }, # to b
    # The second.
    { id = "two", text = { all = "2" }, go = "c" },
]

[flows.main.b]
kind = "message"
text.uz = "B" # as it is
text.ru = "Б"
text.en = "B"
go = "a"

# The last one.
[flows.main.c]
kind = "end"
"#;

fn change(path: &[&str], value: Value) -> Change {
    Change {
        path: path.iter().map(|key| (*key).to_owned()).collect(),
        rename: None,
        before: None,
        value: Some(value),
    }
}

#[track_caller]
fn check(changes: &[Change], was: &str, is: &str) {
    let text = apply(SHORT, changes).unwrap();
    assert_eq!(text, SHORT.replace(was, is));
    assert_eq!(apply(&text, changes).unwrap(), text, "the same changes again change nothing");
}

#[test]
fn a_changed_text_changes_its_word_and_leaves_every_comment() {
    let text = json!({ "kind": "message", "text": { "uz": "Yangi", "ru": "Б", "en": "B" }, "go": "a" });
    check(&[change(&["flows", "main", "b"], text)], "\"B\" # as", "\"Yangi\" # as");
    check(&[change(&["start"], json!("main.b"))], "start = \"main.a\"", "start = \"main.b\"");
}

#[test]
fn a_changed_button_leaves_the_others_as_they_are() {
    let mut step = tree(SHORT).unwrap()["flows"]["main"]["a"].clone();
    step["buttons"][1]["go"] = json!("b");
    check(&[change(&["flows", "main", "a"], step.clone())], "go = \"c\" }", "go = \"b\" }");
    step["buttons"][1]["go"] = json!("c");
    let third = json!({ "id": "three", "text": { "uz": "Uch", "ru": "Три", "en": "Three" }, "go": "b" });
    step["buttons"].as_array_mut().unwrap().push(third);
    let was = "go = \"c\" },\n]";
    let is = "go = \"c\" },\n    { id = \"three\", text = { uz = \"Uch\", ru = \"Три\", en = \"Three\" }, go = \"b\" },\n]";
    check(&[change(&["flows", "main", "a"], step)], was, is);
}

#[test]
fn a_new_step_stands_behind_those_of_its_flow() {
    let step = json!({ "kind": "text", "text": { "uz": "Ism?", "ru": "Имя?", "en": "Name?" }, "save": "name", "go": "a" });
    let text =
        apply(SHORT, &[change(&["flows", "main", "d"], step), change(&["variables"], json!({ "name": {} }))]);
    let text = text.unwrap();
    let tail = "kind = \"end\"\n\n[flows.main.d]\nkind = \"text\"\ntext = { uz = \"Ism?\", ru = \"Имя?\", en = \"Name?\" }\nsave = \"name\"\ngo = \"a\"\n";
    assert!(text.contains(tail), "{text}");
    assert!(text.contains("\n[variables]\nname = {}\n"), "{text}");
}

#[test]
fn a_step_is_renamed_where_it_stands_and_twice_is_once() {
    let rename = Change {
        path: ["flows", "main", "b"].map(str::to_owned).to_vec(),
        rename: Some("hello".to_owned()),
        before: None,
        value: None,
    };
    check(&[rename], "flows.main.b", "flows.main.hello");
}

#[test]
fn a_step_that_comes_back_stands_before_its_old_neighbour() {
    let step = json!({ "kind": "return" });
    let first = Change { before: Some("b".to_owned()), ..change(&["flows", "main", "z"], step) };
    check(&[first], "\n[flows.main.b]", "\n[flows.main.z]\nkind = \"return\"\n\n[flows.main.b]");
}

#[test]
fn a_step_goes_with_what_stands_over_it_and_twice_is_once() {
    let gone = Change {
        path: ["flows", "main", "c"].map(str::to_owned).to_vec(),
        rename: None,
        before: None,
        value: None,
    };
    check(&[gone], "\n# The last one.\n[flows.main.c]\nkind = \"end\"\n", "");
}

/// A step whose own headings stand in another order than its fields, and a list with a heading for each of its items.
const HEADINGS: &str = r#"start = "main.a"

[flows.main.a]
kind = "action"
on.failed = "b"
[flows.main.a.args]
x = "1"
[flows.main.a.on.ok]
go = "b"

[flows.other.d]
kind = "menu"
[flows.other.d.text]
all = "D"
[[flows.other.d.buttons]]
id = "one"
[flows.other.d.buttons.text]
all = "1"
[flows.other.d.also]
x = "1"
"#;

#[test]
fn a_new_step_stands_behind_all_headings_of_the_one_before_it() {
    let new = change(&["flows", "main", "new"], json!({ "kind": "end" }));
    let text = apply(HEADINGS, std::slice::from_ref(&new)).unwrap();
    let heading = "\n[flows.other.d]";
    assert_eq!(text, HEADINGS.replace(heading, &format!("\n[flows.main.new]\nkind = \"end\"\n{heading}")));
    let flow = change(&["flows", "third", "new"], json!({ "kind": "end" }));
    assert_eq!(apply(HEADINGS, &[flow]).unwrap(), format!("{HEADINGS}\n[flows.third.new]\nkind = \"end\"\n"));
    let before = Change { before: Some("a".into()), ..new };
    let text =
        apply(&HEADINGS.replace("[flows.main.a]\nkind = \"action\"\non.failed = \"b\"\n", ""), &[before]);
    let text = text.unwrap();
    assert!(text.contains("\n[flows.main.new]\nkind = \"end\"\n\n[flows.main.a.args]"), "{text}");
}

#[test]
fn a_new_item_with_a_heading_stands_behind_all_headings_of_the_one_before_it() {
    let button = |id: &str| json!({ "id": id, "text": { "all": "1" } });
    let buttons = change(&["flows", "other", "d", "buttons"], json!([button("one"), button("two")]));
    let text = apply(HEADINGS, &[buttons]).unwrap();
    let also = "[flows.other.d.also]";
    let two = "[[flows.other.d.buttons]]\nid = \"two\"\ntext = { all = \"1\" }\n";
    assert_eq!(text.replace('\n', ""), HEADINGS.replace(also, &format!("{two}{also}")).replace('\n', ""));
    let buttons = change(&["flows", "other", "d", "buttons"], json!([button("two"), button("one")]));
    let text = apply(HEADINGS, &[buttons]).unwrap();
    assert_eq!(tree(&text).unwrap()["flows"]["other"]["d"]["buttons"], json!([button("two"), button("one")]));
}

#[test]
fn dotted_keys_are_gone_on_with_in_their_own_way() {
    let file = "flows.main.a.kind = \"end\"\nflows.main.a.text = \"A\"\n";
    let text = apply(file, &[change(&["flows", "main", "b"], json!({ "kind": "return" }))]).unwrap();
    assert_eq!(tree(&text).unwrap()["flows"]["main"]["b"]["kind"], "return", "{text}");
}

#[test]
fn what_cannot_be_is_refused() {
    let deep = change(&["a", "b", "c", "d", "e"], json!(1));
    for changes in [
        vec![deep],
        vec![change(&[], json!(1))],
        vec![change(&["start", "x"], json!(1))],
        vec![change(&["start"], json!(u64::MAX))],
    ] {
        assert_eq!(apply(SHORT, &changes).unwrap_err().field_errors()[0].text.key(), "flow-change-misplaced");
    }
    assert_eq!(apply("a = ", &[]).unwrap_err().text().key(), "flow-file-no-toml");
}

#[test]
fn the_delivered_blueprints_come_back_as_they_were() {
    for source in examples::ALL {
        let all = tree(source).unwrap();
        let Value::Object(fields) = &all else { panic!() };
        let changes: Vec<Change> = fields.iter().map(|(key, value)| change(&[key], value.clone())).collect();
        assert_eq!(apply(source, &changes).unwrap(), source);
    }
}

/// The step's own lines: from its heading to the next heading of something else.
fn lines_of(source: &str, step: &str) -> String {
    let heading = format!("[flows.{step}");
    let is_own =
        |line: &str| line.starts_with(&format!("{heading}]")) || line.starts_with(&format!("{heading}."));
    let mut is_inside = false;
    let mut lines = Vec::new();
    for line in source.lines() {
        if line.starts_with('[') {
            is_inside = is_own(line);
        }
        if is_inside {
            lines.push(line);
        }
    }
    // What stands over the next heading belongs to that.
    while lines.last().is_some_and(|line| line.is_empty() || line.starts_with('#')) {
        lines.pop();
    }
    lines.join("\n")
}

/// Something that a field may say.
fn said() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~\\n\"'\\\\ʻя🍽]{0,20}".prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| items.into_iter().filter(|item| !item.is_null()).collect()),
            proptest::collection::btree_map("[a-z]{1,5}|[ -~]{0,5}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// What is left of a value in a file: fields of nothing are not there.
fn written(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(fields.map(|(name, value)| (name.clone(), written(value))).collect())
        }
        Value::Array(items) => items.iter().map(written).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_changes_leave_a_file_that_says_them_and_every_other_step_in_its_words(
        changes in proptest::collection::vec((0_usize..40, 0_u8..8, said(), "[a-z]{1,6}"), 1..8),
        is_shop in any::<bool>(),
    ) {
        let source = if is_shop { examples::SHOP } else { examples::BOOKING };
        let before = tree(source).unwrap();
        let mut steps: Vec<String> = Vec::new();
        for (flow, fields) in before["flows"].as_object().unwrap() {
            steps.extend(fields.as_object().unwrap().keys().map(|step| format!("{flow}.{step}")));
        }
        let mut text = source.to_owned();
        let mut touched = Vec::new();
        for (number, what, value, field) in changes {
            let step = steps[number % steps.len()].clone();
            let (flow, name) = step.split_once('.').unwrap();
            let path = vec!["flows".to_owned(), flow.to_owned(), name.to_owned()];
            let present = tree(&text).unwrap();
            let Some(mut fields) = present["flows"][flow].get(name).cloned() else { continue };
            let made = match what {
                0 => Change { path, rename: None, before: None, value: None },
                1 => Change { path, rename: Some(format!("renamed_{number}")), before: None, value: None },
                2 => Change { path: vec!["flows".to_owned(), flow.to_owned(), format!("new_{field}")], rename: None, before: None, value: Some(fields) },
                3 => { let Value::Object(map) = &mut fields else { panic!() }; map.shift_remove(&field); Change { path, rename: None, before: None, value: Some(fields) } }
                _ => { fields[field] = value; Change { path, rename: None, before: None, value: Some(fields) } }
            };
            if what != 2 { touched.push(step.clone()); }
            text = apply(&text, std::slice::from_ref(&made)).unwrap();
            let after = tree(&text).unwrap();
            if let Some(value) = &made.value {
                let said = made.path.iter().fold(&after, |at, key| &at[key.as_str()]);
                prop_assert_eq!(said, &written(value));
            }
        }
        for step in steps.iter().filter(|step| !touched.contains(step)) {
            let lines = lines_of(source, step);
            prop_assert!(text.contains(&lines), "{}:\n{}\n---\n{}", step, lines, text);
        }
    }
}
