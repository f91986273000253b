//! People, who belong to the server and not to one workspace.

use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, FieldError, PersonId, Result, Text, Timestamp};

use crate::{Email, PasswordHash, Person, Username};

fn read(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        username: row.get(4)?,
        phone: row.get(5)?,
        lang: row.get(6)?,
        theme: row.parse(7)?,
        password_set_at: row.get(8)?,
        created_at: row.get(9)?,
        email_confirmed_at: row.get(10)?,
    })
}

/// The person with this id.
pub fn get(tx: &mut ReadTx, id: PersonId) -> Result<Person> {
    // tidy: no workspace: people belong to the server
    let sql =
        "SELECT id, number, name, email, username, phone, lang, theme, password_set_at_ms, created_at_ms,
             email_confirmed_at_ms
         FROM auth_person WHERE id = $1";
    tx.query_one(sql, params![id], read)
}

/// The person who signs in as `login`, an e-mail address or a username in small letters, and what their password
/// is kept as.
pub fn find_by_login(tx: &mut ReadTx, login: &str) -> Result<Option<(Person, PasswordHash)>> {
    // tidy: no workspace: people belong to the server
    let sql =
        "SELECT id, number, name, email, username, phone, lang, theme, password_set_at_ms, created_at_ms,
             email_confirmed_at_ms, password_hash
         FROM auth_person WHERE email = $1 OR username = $1";
    tx.query_opt(sql, params![login], |row| Ok((read(row)?, row.get(11)?)))
}

/// Whether somebody signs in with this e-mail address already, and who.
pub fn find_by_email(tx: &mut ReadTx, email: &Email) -> Result<Option<PersonId>> {
    // tidy: no workspace: people belong to the server
    tx.query_opt("SELECT id FROM auth_person WHERE email = $1", params![email], |row| row.get(0))
}

/// Whether somebody signs in with this username already.
pub fn find_by_username(tx: &mut ReadTx, username: &Username) -> Result<Option<PersonId>> {
    // tidy: no workspace: people belong to the server
    tx.query_opt("SELECT id FROM auth_person WHERE username = $1", params![username], |row| row.get(0))
}

/// What the person's password is kept as.
pub fn get_password(tx: &mut ReadTx, id: PersonId) -> Result<PasswordHash> {
    // tidy: no workspace: people belong to the server
    tx.query_one("SELECT password_hash FROM auth_person WHERE id = $1", params![id], |row| row.get(0))
}

/// Puts a new person in and answers their number; `person.number` is not looked at. An e-mail address or a username
/// that is taken is an error of its field.
pub fn insert(tx: &mut Tx, person: &Person, password: &PasswordHash) -> Result<i64> {
    let Person {
        id,
        number: _,
        name,
        email,
        email_confirmed_at,
        username,
        phone,
        lang,
        theme,
        password_set_at,
        created_at,
    } = person;
    let mut taken = Vec::new();
    if let Some(email) = email
        && find_by_email(tx, email)?.is_some()
    {
        taken.push(FieldError { field: "email".into(), text: Text::new("auth-email-taken") });
    }
    if let Some(username) = username
        && find_by_username(tx, username)?.is_some()
    {
        taken.push(FieldError { field: "username".into(), text: Text::new("auth-username-taken") });
    }
    Error::all(taken)?;
    // tidy: no workspace: people belong to the server
    let sql = "INSERT INTO auth_person (id, name, email, username, search_key, sort_key, phone, lang, theme,
             password_hash, password_set_at_ms, created_at_ms, email_confirmed_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING number";
    tx.query_one(
        sql,
        params![
            id,
            name,
            email,
            username,
            search_key(person),
            uztext::sort_key(name),
            phone,
            lang,
            theme.word(),
            password,
            password_set_at,
            created_at,
            email_confirmed_at
        ],
        |row| row.get(0),
    )
    // Two at once with the same address: the look above saw neither.
    .on_unique(|| Error::conflict(Text::new("auth-login-taken")))
}

/// Writes what a person may change about themselves: name, phone, language, theme.
pub fn update(tx: &mut Tx, person: &Person) -> Result<()> {
    let Person {
        id,
        number: _,
        name,
        email: _,
        email_confirmed_at: _,
        username: _,
        phone,
        lang,
        theme,
        password_set_at: _,
        created_at: _,
    } = person;
    // tidy: no workspace: people belong to the server
    let sql =
        "UPDATE auth_person SET name = $2, phone = $3, lang = $4, theme = $5, search_key = $6, sort_key = $7
         WHERE id = $1";
    tx.execute_one(
        sql,
        params![id, name, phone, lang, theme.word(), search_key(person), uztext::sort_key(name)],
    )
}

/// Sets the password.
pub fn set_password(tx: &mut Tx, id: PersonId, password: &PasswordHash, at: Timestamp) -> Result<()> {
    // tidy: no workspace: people belong to the server
    let sql = "UPDATE auth_person SET password_hash = $2, password_set_at_ms = $3 WHERE id = $1";
    tx.execute_one(sql, params![id, password, at])
}

/// Notes that the address of a person is theirs; nothing happens when it is another by now.
pub fn set_email_confirmed(tx: &mut Tx, id: PersonId, email: &Email, at: Timestamp) -> Result<u64> {
    // tidy: no workspace: people belong to the server
    let sql = "UPDATE auth_person SET email_confirmed_at_ms = $3 WHERE id = $1 AND email = $2";
    tx.execute(sql, params![id, email, at])
}

/// Gives a person another address; one that is taken is an error of its field. `person` has it already.
pub fn set_email(tx: &mut Tx, person: &Person) -> Result<()> {
    // tidy: no workspace: people belong to the server
    let sql = "UPDATE auth_person SET email = $2, email_confirmed_at_ms = $3, search_key = $4 WHERE id = $1";
    tx.execute_one(sql, params![person.id, person.email, person.email_confirmed_at, search_key(person)])
        .on_unique(|| Error::field("email", Text::new("auth-email-taken")))
}

/// What a search for people looks in.
fn search_key(person: &Person) -> String {
    let email = person.email.as_ref().map(Email::as_str).unwrap_or_default();
    let username = person.username.as_ref().map(Username::as_str).unwrap_or_default();
    let phone = person.phone.as_ref().map(kernel::Phone::as_str).unwrap_or_default();
    format!("{} {email} {username} {phone}", uztext::fold(&person.name))
}
