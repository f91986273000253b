//! What kinds of rows, actions and actors are called.

use web::pages::Words;

/// Kinds of rows and the keys of their names.
const ENTITIES: &[(&str, &str)] = &[
    ("api_key", "audit-entity-api-key"),
    ("bot", "audit-entity-bot"),
    ("category", "audit-entity-category"),
    ("channel", "audit-entity-channel"),
    ("contact", "audit-entity-contact"),
    ("import", "audit-entity-import"),
    ("invitation", "audit-entity-invitation"),
    ("job", "audit-entity-job"),
    ("member", "audit-entity-member"),
    ("person", "audit-entity-person"),
    ("product", "audit-entity-product"),
    ("role", "audit-entity-role"),
    ("sales_order", "audit-entity-sales-order"),
    ("session", "audit-entity-session"),
    ("stock", "audit-entity-stock"),
    ("stock_receipt", "audit-entity-stock-receipt"),
    ("vat_rate", "audit-entity-vat-rate"),
    ("warehouse", "audit-entity-warehouse"),
    ("workspace", "audit-entity-workspace"),
];

/// Verbs of actions and the keys of their names.
const VERBS: &[(&str, &str)] = &[
    ("accept", "audit-verb-accept"),
    ("act", "audit-verb-act"),
    ("add", "audit-verb-create"),
    ("adjust", "audit-verb-adjust"),
    ("apply", "audit-verb-import"),
    ("ask_confirmation", "audit-verb-ask-letter"),
    ("ask_email", "audit-verb-ask-letter"),
    ("cancel", "audit-verb-cancel"),
    ("change", "audit-verb-change"),
    ("change_email", "audit-verb-email"),
    ("change_password", "audit-verb-password"),
    ("close", "audit-verb-sign-out"),
    ("confirm", "audit-verb-confirm"),
    ("confirm_email", "audit-verb-confirm-email"),
    ("connect", "audit-verb-connect"),
    ("create", "audit-verb-create"),
    ("decline", "audit-verb-decline"),
    ("delete", "audit-verb-delete"),
    ("disconnect", "audit-verb-disconnect"),
    ("done", "audit-verb-done"),
    ("end", "audit-verb-end-acting"),
    ("import", "audit-verb-import"),
    ("open", "audit-verb-sign-in"),
    ("place", "audit-verb-place"),
    ("post", "audit-verb-post"),
    ("publish", "audit-verb-publish"),
    ("resend", "audit-verb-resend"),
    ("reset_password", "audit-verb-password"),
    ("resume", "audit-verb-resume"),
    ("retry", "audit-verb-retry"),
    ("revoke", "audit-verb-revoke"),
    ("revoke_others", "audit-verb-revoke"),
    ("revoke_reused", "audit-verb-revoke-reused"),
    ("set", "audit-verb-change"),
    ("set_picture", "audit-verb-picture"),
    ("set_role", "audit-verb-role"),
    ("set_state", "audit-verb-state"),
    ("sign_up", "audit-verb-sign-up"),
    ("suspend", "audit-verb-suspend"),
    ("switch", "audit-verb-switch"),
    ("update", "audit-verb-change"),
];

/// Kinds of actors and the keys of their names.
const ACTORS: &[(&str, &str)] = &[
    ("member", "audit-actor-member"),
    ("api_key", "audit-actor-api-key"),
    ("service", "audit-actor-service"),
    ("bot", "audit-actor-bot"),
    ("agent", "audit-actor-agent"),
    ("job", "audit-actor-job"),
    ("server", "audit-actor-server"),
    ("guest", "audit-actor-guest"),
];

/// What a kind of row is called; one without a name by its word.
pub(crate) fn entity(words: &Words, word: &str) -> String {
    named(words, ENTITIES, word)
}

/// What an action is called, by the verb at its end.
pub(crate) fn action(words: &Words, word: &str) -> String {
    let verb = word.rsplit('.').next().unwrap_or(word);
    if VERBS.iter().any(|(known, _)| *known == verb) { named(words, VERBS, verb) } else { word.to_owned() }
}

/// What a kind of actor is called.
pub(crate) fn actor(words: &Words, word: &str) -> String {
    named(words, ACTORS, word)
}

fn named(words: &Words, names: &[(&str, &str)], word: &str) -> String {
    names.iter().find(|(known, _)| *known == word).map_or_else(|| word.to_owned(), |(_, key)| words.t(key))
}
