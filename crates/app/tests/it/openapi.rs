//! The description of the API: a snapshot, and what must be said of each operation.

use crate::routes;

#[test]
fn the_description_of_the_api_is_what_was_agreed() {
    insta::assert_json_snapshot!("openapi", routes::description());
}

#[test]
fn every_operation_has_a_tag_an_answer_and_the_body_of_its_problems() {
    let description = routes::description();
    let mut wrong = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for route in routes::api() {
        let operation = &description["paths"][&route.path][route.method.to_lowercase()];
        let id = operation["operationId"].as_str().unwrap_or_default();
        if id.is_empty() || !ids.insert(id.to_owned()) {
            wrong.push(format!("{route}: the name {id:?} is missing or another's"));
        }
        if operation["tags"].as_array().is_none_or(Vec::is_empty) {
            wrong.push(format!("{route}: no tag"));
        }
        let responses = operation["responses"].as_object().cloned().unwrap_or_default();
        if !responses.keys().any(|status| status.starts_with('2')) {
            wrong.push(format!("{route}: no success"));
        }
        let has_problem = responses.iter().any(|(status, response)| {
            !status.starts_with('2') && response["content"].to_string().contains("ProblemBody")
        });
        if !has_problem {
            wrong.push(format!("{route}: no problem"));
        }
        for parameter in route.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            if !parameters.iter().any(|found| found["name"] == parameter && found["in"] == "path") {
                wrong.push(format!("{route}: the parameter {parameter} is not described"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
