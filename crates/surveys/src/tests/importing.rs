//! Rosters come as files.

use std::{fmt::Write, sync::Arc};

use axum::http::{Request, StatusCode};
use context::{Random, Services};
use files::Blobs;
use jobs::Worker;
use kernel::{FixedClock, PageRequest};
use serde_json::{Value, json};
use web::testing::{Answer, NOW, Site};

use super::*;
use crate::{RosterRow, module, work};

const IMPORT: &str = "/api/v1/bot2/import-roster";

struct Office {
    site: Site,
    worker: Arc<Worker>,
    _folder: tempfile::TempDir,
}

fn office(db: &TestDb) -> Office {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let site = Site::new(db, services.clone(), vec![module(), catalog::module(), contacts::module()]);
    let clock = Arc::new(FixedClock::at(NOW));
    let worker = Worker::new((**db).clone(), services, clock, Random::from_seed(77), work());
    Office { site, worker, _folder: folder }
}

impl Office {
    async fn bring(&self, query: &str, file: &[u8]) -> Answer {
        self.site.upload(&format!("{IMPORT}?{query}"), "file", "royxat.csv", file).await
    }

    /// Brings a file and has it worked on; answers what became of it.
    async fn import(&self, query: &str, file: &[u8]) -> Value {
        let taken = self.bring(query, file).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text());
        assert_eq!(taken.json()["state"], "waiting");
        self.worker.drain().await.unwrap();
        self.site.get(taken.json()["status_url"].as_str().unwrap()).await.json()
    }
}

fn counts(out: &Value) -> (String, [i64; 5]) {
    let number = |key: &str| out[key].as_i64().unwrap();
    let all = ["created", "updated", "unchanged", "deactivated", "wrong"].map(number);
    (out["state"].as_str().unwrap().to_owned(), all)
}

fn done(all: [i64; 5]) -> (String, [i64; 5]) {
    ("done".to_owned(), all)
}

fn roster(db: &TestDb, ctx: &Ctx, id: Id<Campaign>) -> Vec<RosterRow> {
    let page = PageRequest::new(1, 500);
    run(db, ctx, move |ctx, tx| reads::roster(ctx, tx, id, "", page)).unwrap().results
}

fn settled(db: &TestDb) -> (Ctx, Campaign) {
    let ctx = ctx(1);
    for code in ["ME", "CE"] {
        item(db, &ctx, ItemKind::Program, code);
    }
    let kuz = campaign(db, &ctx, "kuz");
    (ctx, kuz)
}

#[db_test]
async fn a_roster_comes_as_a_file_and_again_changes_nothing(db: &TestDb) {
    let (ctx, kuz) = settled(db);
    let office = office(db);
    let file = "Talaba ID;Dastur;Kurs;F.I.O.\nU-1;ME;1;Aziza\nU-2;CE;2;Bobur\nU-3;CE;;\n".as_bytes();
    assert_eq!(counts(&office.import("", file).await), done([3, 0, 0, 0, 0]));
    assert_eq!(figures(db, &ctx, kuz.id).roster, 3);
    let before = roster(db, &ctx, kuz.id);
    assert_eq!(counts(&office.import("campaign=KUZ", file).await), done([0, 0, 3, 0, 0]));
    assert_eq!(roster(db, &ctx, kuz.id), before);
    let second = "student_id,program\nu-2,ME\nU-3,CE\nU-4,CE\n".as_bytes();
    assert_eq!(counts(&office.import("deactivate_missing=true", second).await), done([1, 1, 1, 1, 0]));
    let rows = roster(db, &ctx, kuz.id);
    let brief: Vec<_> =
        rows.iter().map(|row| (row.student_external_id.as_str(), row.course_year, row.is_active)).collect();
    let expected =
        [("U-1", Some(1), false), ("u-2", Some(2), true), ("U-3", None, true), ("U-4", None, true)];
    assert_eq!(brief, expected, "what the file does not say stays");
    assert_eq!(rows[1].metadata["F.I.O."], "Bobur");
    assert_eq!(figures(db, &ctx, kuz.id).roster, 3);
    check_tally(db, &ctx);
    let staged: i64 = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT COUNT(*) FROM surveys_import_row WHERE workspace_id = $1";
        tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    assert_eq!(staged, 0, "nothing waits any more");
}

#[db_test]
async fn one_wrong_row_keeps_all_of_them_out(db: &TestDb) {
    let (ctx, kuz) = settled(db);
    let office = office(db);
    let mut file = "ID,Dastur,Kurs\n".to_owned();
    for n in 0..2_500 {
        let year = if n % 2 == 0 { "5" } else { "1" };
        writeln!(file, "U-{n},ME,{year}").unwrap();
    }
    let refused = office.import("", file.as_bytes()).await;
    assert_eq!(counts(&refused), ("refused".to_owned(), [0, 0, 0, 0, 1_250]));
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1_000, "of all that is wrong the first is kept");
    let first = json!({"row": 2, "field": "Kurs", "code": "surveys-course-year-out-of-range",
        "message": "The course year is from 1 to 4"});
    assert_eq!(refused["errors"][0], first);
    assert_eq!(refused["rows"], 2_500);
    assert_eq!((roster(db, &ctx, kuz.id).len(), figures(db, &ctx, kuz.id).roster), (0, 0));
    let path = format!("{}/errors.csv", refused["status_url"].as_str().unwrap());
    let csv = office.site.in_lang(kernel::Lang::Uz).get(&path).await;
    assert!(csv.text().contains("2,Kurs,Kurs 1 dan 4 gacha"), "{}", &csv.text()[..200]);
    let nuls = json!([{"id\u{0}": "U\u{0}-1", "program": "M\u{0}E"}, {"id": "U-2", "program": "X\u{0}", "a\u{0}": "b"}]);
    let nuls = office.import("", nuls.to_string().as_bytes()).await;
    assert_eq!((&nuls["state"], &nuls["wrong"]), (&json!("refused"), &json!(3)), "{nuls}");
    let whole = office.import("", "Ism,Dastur\nA,ME\n".as_bytes()).await;
    assert_eq!(
        (&whole["state"], &whole["refusal"]),
        (&json!("refused"), &json!("The column student_external_id is missing"))
    );
}

#[db_test]
async fn every_kind_of_file_is_read_and_programs_are_sent_as_bodies(db: &TestDb) {
    let (ctx, kuz) = settled(db);
    let office = office(db);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["student_external_id", "program", "course_year"]) {
        sheet.write(0, column, heading).unwrap();
    }
    sheet.write(1, 0, 2_023_001).unwrap();
    sheet.write(1, 1, "me").unwrap();
    sheet.write(1, 2, 3).unwrap();
    let book = book.save_to_buffer().unwrap();
    assert_eq!(counts(&office.import("", &book).await), done([1, 0, 0, 0, 0]));
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Талаба ID;Дастур;Курс\nЎ-1;CE;4\n");
    assert_eq!(counts(&office.import("", &cyrillic).await).1[0], 1);
    for (kind, body) in [
        (
            "application/json",
            json!({"students": [{"student_id": "J-1", "program": "CE", "group": 5}]}).to_string(),
        ),
        ("text/csv; charset=utf-8", "id\tprogram\nT-1\tME\n".to_owned()),
    ] {
        let request =
            Request::post(IMPORT).header("x-api-key", "1:surveys.edit").header("content-type", kind);
        let taken = office.site.ask(request, body).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text());
        office.worker.drain().await.unwrap();
        let out = office.site.get(taken.json()["status_url"].as_str().unwrap()).await.json();
        assert_eq!(counts(&out), done([1, 0, 0, 0, 0]), "{out}");
    }
    let rows = roster(db, &ctx, kuz.id);
    let ids: Vec<_> = rows.iter().map(|row| row.student_external_id.as_str()).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    assert_eq!(rows.iter().find(|row| row.student_external_id == "J-1").unwrap().metadata["group"], 5);
}

#[db_test]
async fn only_the_staff_brings_rosters(db: &TestDb) {
    settled(db);
    let office = office(db);
    let file = b"id,program\nU-1,ME\n";
    let by = |key: &str| Office {
        site: office.site.by(key),
        worker: Arc::clone(&office.worker),
        _folder: tempfile::tempdir().unwrap(),
    };
    assert_eq!(by("1:surveys.read,surveys.create").bring("", file).await.status, StatusCode::FORBIDDEN);
    let service = ctx(1).with(|ctx| ctx.actor.kind = context::ActorKind::Service);
    assert_eq!(actions::may_import(&service).unwrap_err().kind(), Kind::Forbidden);
    let taken = office.bring("", file).await.json();
    let status = taken["status_url"].as_str().unwrap();
    assert_eq!(office.site.by("2").get(status).await.status, StatusCode::NOT_FOUND);
    for (query, file, expected) in [
        ("campaign=yoz", &file[..], "campaign: surveys-campaign-unknown"),
        ("deactivate_missing=balki", &file[..], "deactivate_missing: surveys-active-unknown"),
        ("", b"", "file: surveys-file-empty"),
    ] {
        let answer = office.bring(query, file).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![expected.to_owned()])
        );
    }
}

#[db_test]
async fn answers_come_while_a_roster_goes_in(db: &TestDb) {
    let (ctx, kuz) = settled(db);
    let office = office(db);
    let mut file = "id,program\n".to_owned();
    for n in 0..3_000 {
        writeln!(file, "U-{n},ME").unwrap();
    }
    let taken = office.bring("", file.as_bytes()).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED);
    let (answering, own) = ((**db).clone(), ctx.clone());
    let answers = tokio::task::spawn(async move {
        for n in (2_900..3_100).rev() {
            let ctx = own.clone();
            let new = crate::NewSurvey {
                student_external_id: format!("U-{n}"),
                program: Some("CE".to_owned()),
                ..crate::NewSurvey::default()
            };
            let save = move |tx: &mut Tx<'_>| actions::save_survey(&ctx, tx, new.clone()).map(drop);
            answering.write(&own, db::Lane::People, save).await.unwrap();
        }
    });
    office.worker.drain().await.unwrap();
    answers.await.unwrap();
    let all = figures(db, &ctx, kuz.id);
    assert_eq!((all.roster, all.responses), (3_100, 200));
    check_tally(db, &ctx);
}

#[db_test]
async fn a_hundred_thousand_rows_go_in_at_once(db: &TestDb) {
    let (ctx, kuz) = settled(db);
    let office = office(db);
    let mut file = "Talaba ID,Dastur,Kurs,F.I.O.,Guruh\n".to_owned();
    for n in 0..100_000 {
        let program = if n % 3 == 0 { "ME" } else { "CE" };
        writeln!(file, "U-2026-{n:06},{program},{},Talaba Talabayev {n},G-{}", n % 4 + 1, n % 97).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = std::time::Instant::now();
    let first = office.import("", file.as_bytes()).await;
    let took = begin.elapsed();
    assert_eq!(counts(&first), done([100_000, 0, 0, 0, 0]), "{}", first["refusal"]);
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = std::time::Instant::now();
    let again = office.import("", file.replace("G-5\n", "G-6\n").as_bytes()).await;
    let again_took = begin.elapsed();
    assert_eq!(counts(&again).1, [0, 1_031, 98_969, 0, 0]);
    #[expect(clippy::print_stdout, reason = "a measurement")]
    {
        println!("100,000 rows: {took:?}; again with 1,031 changed: {again_took:?}");
    }
    assert_eq!(figures(db, &ctx, kuz.id).roster, 100_000);
    check_tally(db, &ctx);
}
