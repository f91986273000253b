//! What a file says of a roster: which column holds what, and what is wrong in its rows. Pure.

use std::collections::HashMap;

use catalog::Item;
use kernel::{Checks, Error, FieldError, Id, Lang, Result, Text};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    import::{PROBLEMS_AT_MOST, RowProblem},
    json::{self, Object},
    roster::{STUDENT_ID_CHARS, checked_year},
    sheet::Piece,
    student_key,
};

/// What a column holds, with the names that it can have, the surest first.
const COLUMNS: [(Role, &[&str]); 4] = [
    (
        Role::Student,
        &[
            "student_external_id",
            "student_id",
            "talaba id",
            "talaba id raqami",
            "id студента",
            "talaba",
            "id",
        ],
    ),
    (
        Role::Program,
        &[
            "program_id",
            "program_code",
            "program",
            "direction",
            "dastur",
            "taʼlim dasturi",
            "yoʻnalish",
            "программа",
            "направление",
        ],
    ),
    (Role::Year, &["course_year", "course", "kurs", "курс"]),
    (Role::Active, &["is_active", "active", "faol", "активен"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Role {
    Student,
    Program,
    Year,
    Active,
}

impl Role {
    /// What the column is called where the file has no name for it.
    const fn name(self) -> &'static str {
        match self {
            Self::Student => "student_external_id",
            Self::Program => "program",
            Self::Year => "course_year",
            Self::Active => "is_active",
        }
    }
}

/// A row that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRow {
    pub(crate) student_external_id: String,
    pub(crate) student_fold: String,
    pub(crate) program: Id<Item>,
    /// Nothing where the file does not say it.
    pub(crate) course_year: Option<i32>,
    pub(crate) is_active: bool,
    /// The other columns; nothing where there are none.
    pub(crate) metadata: Option<Object>,
}

/// What students can study, by code, id and name.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    by_id: HashMap<Uuid, Id<Item>>,
    by_code: HashMap<String, Id<Item>>,
    /// Nothing where several are called so.
    by_name: HashMap<String, Option<Id<Item>>>,
}

impl Programs {
    /// The programs among which rows choose; of two that are called the same, one that is offered no more is not meant.
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut programs = Self::default();
        for item in items {
            programs.by_id.insert(item.id.uuid(), item.id);
            programs.by_code.insert(uztext::code_key(&item.code), item.id);
        }
        for item in items.iter().filter(|item| item.active) {
            let mut names: Vec<String> =
                Lang::ALL.iter().map(|lang| uztext::fold(item.name(*lang))).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                programs.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(item.id));
            }
        }
        programs
    }

    fn find(&self, key: &str) -> Result<Id<Item>, Text> {
        let by_id = Uuid::try_parse(key.trim()).ok().and_then(|id| self.by_id.get(&id));
        if let Some(id) = by_id.or_else(|| self.by_code.get(&uztext::code_key(key))) {
            return Ok(*id);
        }
        match self.by_name.get(&uztext::fold(key)) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err(Text::new("surveys-program-ambiguous").with("code", key)),
            None => Err(Text::new("surveys-program-unknown").with("code", key)),
        }
    }
}

/// A file's rows, as they are read.
#[derive(Debug)]
pub(crate) struct RosterFile<'p> {
    programs: &'p Programs,
    /// The columns of a table; of JSON the names seen so far.
    headings: Vec<String>,
    roles: Vec<Option<Role>>,
    keys: HashMap<String, Option<Role>>,
    seen: HashMap<String, u32>,
    pub(crate) rows: Vec<FileRow>,
    pub(crate) row_count: i64,
    pub(crate) wrong_count: i64,
    pub(crate) problems: Vec<RowProblem>,
}

/// A value with the name of its column.
type Named = (String, String);

impl<'p> RosterFile<'p> {
    pub(crate) fn new(programs: &'p Programs) -> Self {
        Self {
            programs,
            headings: Vec::new(),
            roles: Vec::new(),
            keys: HashMap::new(),
            seen: HashMap::new(),
            rows: Vec::new(),
            row_count: 0,
            wrong_count: 0,
            problems: Vec::new(),
        }
    }

    /// Takes a piece of the file. Errors: the file as a whole cannot be taken.
    pub(crate) fn take(&mut self, piece: Piece) -> Result<()> {
        match piece {
            Piece::Headings(headings) => self.columns(headings),
            Piece::Cells(number, cells) => {
                let mut found: HashMap<Role, Named> = HashMap::new();
                let mut rest = Object::new();
                for ((heading, role), cell) in self.headings.iter().zip(&self.roles).zip(cells) {
                    let cell = cell.trim();
                    match role {
                        Some(role) => {
                            found.insert(*role, (heading.clone(), cell.to_owned()));
                        }
                        None if cell.is_empty() || heading.is_empty() => {}
                        None => {
                            rest.insert(heading.clone(), Value::String(cell.to_owned()));
                        }
                    }
                }
                let has_rest = self
                    .roles
                    .iter()
                    .zip(&self.headings)
                    .any(|(role, name)| role.is_none() && !name.is_empty());
                self.row(number, &found, has_rest.then_some(rest));
                Ok(())
            }
            Piece::Object(number, object) => {
                self.object(number, object);
                Ok(())
            }
        }
    }

    fn columns(&mut self, headings: Vec<String>) -> Result<()> {
        let mut roles: Vec<Option<Role>> = vec![None; headings.len()];
        let folded: Vec<String> = headings.iter().map(|heading| uztext::fold(heading)).collect();
        for (role, names) in COLUMNS {
            let place = names.iter().find_map(|name| {
                let name = uztext::fold(name);
                folded.iter().position(|heading| *heading == name)
            });
            if let Some(found) = place.and_then(|place| roles.get_mut(place)) {
                *found = Some(role);
            } else if matches!(role, Role::Student | Role::Program) {
                let words = Text::new("surveys-column-missing").with("column", role.name());
                return Err(Error::field("file", words));
            }
        }
        let rest: Vec<&String> = headings
            .iter()
            .zip(&roles)
            .filter(|(name, role)| role.is_none() && !name.is_empty())
            .map(|(name, _)| name)
            .collect();
        if let Some(twice) =
            rest.iter().enumerate().find(|(place, name)| rest.iter().take(*place).any(|one| one == *name))
        {
            let words = Text::new("surveys-column-twice").with("column", twice.1.as_str());
            return Err(Error::field("file", words));
        }
        (self.headings, self.roles) = (headings, roles);
        Ok(())
    }

    fn object(&mut self, number: u32, object: Object) {
        let mut found: HashMap<Role, Named> = HashMap::new();
        let mut taken: HashMap<Role, usize> = HashMap::new();
        let mut rest = Object::new();
        for (key, value) in object {
            let role = *self.keys.entry(key.clone()).or_insert_with(|| role_of(&key));
            let words = match &value {
                Value::Null => Some(String::new()),
                Value::String(text) => Some(text.trim().to_owned()),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(yes) => Some(yes.to_string()),
                Value::Array(_) | Value::Object(_) => None,
            };
            let rank = role.map(|role| rank_of(role, &key));
            match (role, words, rank) {
                // Of two names of one thing the surer one is meant, the other is kept beside it.
                (Some(role), Some(words), Some(rank)) if taken.get(&role).is_none_or(|best| rank < *best) => {
                    taken.insert(role, rank);
                    if let Some((before, words)) = found.insert(role, (key, words)) {
                        rest.insert(before, Value::String(words));
                    }
                }
                (None, None, _) if key == "metadata" => rest.extend(json::object(value)),
                _ if value.is_null() => {}
                _ => {
                    rest.insert(key, value);
                }
            }
        }
        let has_rest = !rest.is_empty();
        self.row(number, &found, has_rest.then_some(rest));
    }

    fn row(&mut self, number: u32, found: &HashMap<Role, Named>, metadata: Option<Object>) {
        self.row_count += 1;
        let mut checks = Checks::new();
        let said = |role: Role| found.get(&role).map_or("", |(_, words)| words.as_str());
        let student = checks.required_line(Role::Student.name(), said(Role::Student), STUDENT_ID_CHARS);
        let fold = student_key(&student);
        if !checks.has(Role::Student.name()) {
            if fold.is_empty() {
                checks.refuse(Role::Student.name(), Text::new("surveys-student-id-malformed"));
            } else if let Some(first) = self.seen.get(&fold) {
                let words = Text::new("surveys-student-twice").with("row", *first);
                checks.refuse(Role::Student.name(), words);
            } else {
                self.seen.insert(fold.clone(), number);
            }
        }
        let program = match said(Role::Program) {
            "" => {
                checks.refuse(Role::Program.name(), Text::new("kernel-text-missing"));
                None
            }
            key => match self.programs.find(key) {
                Ok(id) => Some(id),
                Err(text) => {
                    checks.refuse(Role::Program.name(), text);
                    None
                }
            },
        };
        let course_year = match said(Role::Year) {
            "" => None,
            words => match words.parse() {
                Ok(year) => checked_year(&mut checks, Role::Year.name(), year),
                Err(_) => {
                    checks.refuse(Role::Year.name(), Text::new("surveys-course-year-out-of-range"));
                    None
                }
            },
        };
        let is_active = yes_or_no(said(Role::Active));
        checks.hold(is_active.is_some(), Role::Active.name(), Text::new("surveys-active-unknown"));
        if let Some(metadata) = &metadata {
            json::check(&mut checks, "", metadata);
        }
        match (checks.done(), program) {
            (Ok(()), Some(program)) => self.rows.push(FileRow {
                student_external_id: student,
                student_fold: fold,
                program,
                course_year,
                is_active: is_active.unwrap_or(true),
                metadata,
            }),
            (Ok(()), None) => {}
            (Err(error), _) => self.wrong(number, found, error.field_errors()),
        }
    }

    fn wrong(&mut self, row: u32, found: &HashMap<Role, Named>, errors: &[FieldError]) {
        for FieldError { field, text } in errors {
            self.wrong_count += 1;
            if self.problems.len() < PROBLEMS_AT_MOST {
                let role = COLUMNS.iter().map(|(role, _)| *role).find(|role| role.name() == field);
                let named = role.and_then(|role| found.get(&role)).map(|(column, _)| column.clone());
                let column = named.or_else(|| role.map(|role| self.heading(role))).unwrap_or_default();
                self.problems.push(RowProblem { row, column, text: text.clone() });
            }
        }
    }

    fn heading(&self, role: Role) -> String {
        let place = self.roles.iter().position(|found| *found == Some(role));
        place.and_then(|place| self.headings.get(place)).cloned().unwrap_or_else(|| role.name().to_owned())
    }
}

fn role_of(key: &str) -> Option<Role> {
    let folded = uztext::fold(key);
    COLUMNS
        .iter()
        .find(|(_, names)| names.iter().any(|name| uztext::fold(name) == folded))
        .map(|(role, _)| *role)
}

fn rank_of(role: Role, key: &str) -> usize {
    let folded = uztext::fold(key);
    let names = COLUMNS.iter().find(|(found, _)| *found == role).map(|(_, names)| *names).unwrap_or_default();
    names.iter().position(|name| uztext::fold(name) == folded).unwrap_or(usize::MAX)
}

/// Whether a student is asked; who is in the file is, unless it says otherwise.
fn yes_or_no(words: &str) -> Option<bool> {
    match uztext::fold(words).as_str() {
        "" => Some(true),
        word if YES.iter().any(|yes| uztext::fold(yes) == word) => Some(true),
        word if NO.iter().any(|no| uztext::fold(no) == word) => Some(false),
        _ => None,
    }
}

const YES: [&str; 8] = ["true", "1", "yes", "ha", "да", "faol", "active", "активен"];
const NO: [&str; 8] = ["false", "0", "no", "yoʻq", "нет", "faol emas", "inactive", "неактивен"];

#[cfg(test)]
mod tests {
    use catalog::{ItemKind, Metadata};
    use kernel::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::sheet;

    fn programs() -> Programs {
        let item = |n: u128, code: &str, name: &str, active: bool| Item {
            id: Id::from_uuid(Uuid::from_u128(n)),
            kind: ItemKind::Program,
            code: code.to_owned(),
            metadata: json::object(json!({ "name_uz": name })) as Metadata,
            active,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        };
        Programs::of(&[
            item(1, "ME-IT", "Mexanika", true),
            item(2, "CE", "Qurilish", true),
            item(3, "CE-2", "Qurilish", true),
            item(4, "OLD", "Mexanika", false),
        ])
    }

    fn read(text: &str) -> Result<(Vec<FileRow>, Vec<String>)> {
        let programs = programs();
        let mut file = RosterFile::new(&programs);
        sheet::read(text.as_bytes(), &mut |piece| file.take(piece))?;
        let said =
            |problem: &RowProblem| format!("{} {}: {}", problem.row, problem.column, problem.text.key());
        assert_eq!(file.wrong_count, i64::try_from(file.problems.len()).unwrap());
        Ok((file.rows, file.problems.iter().map(said).collect()))
    }

    #[test]
    fn a_table_is_read_by_its_headings_in_any_language() {
        let text = "Talaba ID;Йўналиш;Kurs;Faol;F.I.O.;Guruh\nu-1;me it;2;ha;Aziza;\nu-2;механика;;yo'q;;5\n";
        let (rows, wrong) = read(text).unwrap();
        assert_eq!(wrong, Vec::<String>::new());
        let brief: Vec<_> = rows
            .iter()
            .map(|row| {
                (row.student_fold.as_str(), row.program.uuid().as_u128(), row.course_year, row.is_active)
            })
            .collect();
        assert_eq!(brief, [("U-1", 1, Some(2), true), ("U-2", 1, None, false)]);
        let metadata = |place: usize| Value::Object(rows[place].metadata.clone().unwrap());
        assert_eq!((metadata(0), metadata(1)), (json!({"F.I.O.": "Aziza"}), json!({"Guruh": "5"})));
    }

    #[test]
    fn everything_wrong_in_rows_is_said_with_their_columns() {
        let text = "ID,Dastur,Kurs,Faol\n,ME-IT,1,1\nU-1,Qurilish,5,balki\nU-2,,x,\nU-3,XX,1,1\nU-4,OLD,1,1\nu-4,CE,1,1\n";
        let (rows, wrong) = read(text).unwrap();
        assert_eq!(rows.len(), 1);
        let expected = [
            "2 ID: kernel-text-missing",
            "3 Dastur: surveys-program-ambiguous",
            "3 Kurs: surveys-course-year-out-of-range",
            "3 Faol: surveys-active-unknown",
            "4 Dastur: kernel-text-missing",
            "4 Kurs: surveys-course-year-out-of-range",
            "5 Dastur: surveys-program-unknown",
            "7 ID: surveys-student-twice",
        ];
        assert_eq!(wrong, expected);
    }

    #[test]
    fn json_is_read_by_its_keys() {
        let text = json!([
            {"id": 5, "student_external_id": "U-1", "program": "ce", "course_year": 4, "group": 7, "metadata": {"a": [1]}},
            {"student_id": 17, "program_id": Uuid::from_u128(2), "is_active": false},
            {"program": "CE", "course_year": 1.5}
        ]);
        let (rows, wrong) = read(&text.to_string()).unwrap();
        assert_eq!(
            Value::Object(rows[0].metadata.clone().unwrap()),
            json!({"id": "5", "group": 7, "a": [1]})
        );
        assert_eq!((rows[0].student_fold.as_str(), rows[1].student_fold.as_str()), ("U-1", "17"));
        assert_eq!((rows[1].is_active, &rows[1].metadata), (false, &None));
        let expected =
            ["3 student_external_id: kernel-text-missing", "3 course_year: surveys-course-year-out-of-range"];
        assert_eq!(wrong, expected);
    }

    #[test]
    fn a_file_without_the_columns_is_refused_as_a_whole() {
        let refused = |text: &str| read(text).unwrap_err().field_errors()[0].text.key();
        assert_eq!(refused("Ism,Dastur\nA,CE\n"), "surveys-column-missing");
        assert_eq!(refused("ID,Ism\n1,A\n"), "surveys-column-missing");
        assert_eq!(refused("ID,Dastur,a,a\n1,CE,2,3\n"), "surveys-column-twice");
    }
}
