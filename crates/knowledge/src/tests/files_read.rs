//! Files, and the job that reads them.

use db::{Lane, db_test, testing::TestDb};
use serde_json::json;

use super::*;
use crate::{DocumentState, get_document, work::enqueue};

/// A PDF of these pages, each of lines of plain letters.
fn pdf(pages: &[&[&str]]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (n, lines) in pages.iter().enumerate() {
        let shown: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*")).collect();
        let stream = format!("BT /F1 12 Tf 14 TL 50 780 Td {} ET", shown.join(" "));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * n
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    assembled(&objects, "")
}

fn assembled(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    out.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n"));
    out.into_bytes()
}

/// A PDF that asks for a password nobody knows.
fn encrypted() -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [] /Count 0 >>".to_owned(),
    ];
    let key = "ab".repeat(32);
    objects.push(format!("<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>"));
    let id = "cd".repeat(16);
    assembled(&objects, &format!("/Encrypt 3 0 R /ID [<{id}> <{id}>]"))
}

impl Office {
    async fn bring(&self, filename: &str, file: &[u8]) -> i64 {
        let answer = self.site.upload("/api/knowledge/files", "file", filename, file).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_i64().unwrap()
    }

    async fn document(&self, number: i64) -> serde_json::Value {
        self.site.get(&format!("/api/knowledge/documents/{number}")).await.json()
    }

    async fn ask(&self, question: &str) -> serde_json::Value {
        let question = question.replace(' ', "%20");
        self.site.get(&format!("/api/knowledge/search?q={question}")).await.json()
    }
}

#[db_test]
async fn a_pdf_is_read_by_a_job_and_its_pages_are_cited(db: &TestDb) {
    let office = office(db);
    let pages: [&[&str]; 2] = [
        &["Tovarni qaytarish", "", "Tovar o'n kun ichida chek bilan qaytariladi."],
        &["Kafolat muddati", "", "Maishiy texnikaga bir yil rasmiy kafolat beriladi."],
    ];
    let number = office.bring("qoidalar 2026.pdf", &pdf(&pages)).await;
    let waiting = office.document(number).await;
    assert_eq!(
        (&waiting["title"], &waiting["state"], &waiting["passage_count"]),
        (&json!("qoidalar 2026"), &json!("waiting"), &json!(0))
    );
    assert_eq!(office.ask("kafolat muddati").await, json!([]));
    office.worker.drain().await.unwrap();
    let ready = office.document(number).await;
    assert_eq!((&ready["state"], &ready["problem"]), (&json!("ready"), &json!(null)), "{ready}");
    let found = office.ask("kafolat muddati qancha").await;
    assert_eq!((&found[0]["page"], &found[0]["document_id"]), (&json!(2), &json!(number)), "{found}");
    assert!(found[0]["text"].as_str().unwrap().contains("rasmiy kafolat"), "{found}");
    assert_eq!(office.ask("qaytarsa boladimi tovarni").await[0]["page"], 1);
}

#[db_test]
async fn texts_and_markdown_are_read_too(db: &TestDb) {
    let office = office(db);
    let text = "\u{feff}Yotoqxona\r\n\r\nBir oylik narxi 340 ming soʻm.\r\n";
    let plain = office.bring("narx.TXT", text.as_bytes()).await;
    let markdown = office.bring("nizom.md", "# Nizom\n\n## Stipendiya\n\nHar oy beriladi.".as_bytes()).await;
    let empty = office.bring("bosh.txt", b" \n \n").await;
    office.worker.drain().await.unwrap();
    assert_eq!(office.document(plain).await["passage_count"], 1);
    assert_eq!(office.ask("yotoqxona narxi").await[0]["heading"], "Yotoqxona");
    assert_eq!(office.document(markdown).await["state"], "ready");
    assert_eq!(office.ask("stipendiya").await[0]["heading"], "Nizom – Stipendiya");
    assert_eq!(office.document(empty).await["problem"], "empty");
}

#[db_test]
async fn a_pdf_that_cannot_be_read_says_why_in_words_and_stays(db: &TestDb) {
    let office = office(db);
    let cases: [(&str, Vec<u8>, &str, &str); 4] = [
        ("parol.pdf", encrypted(), "encrypted", "password"),
        ("rasm.pdf", pdf(&[&[]]), "pictures", "only pictures"),
        ("buzilgan.pdf", b"%PDF-1.4\nno objects at all".to_vec(), "broken", "damaged"),
        ("nol.pdf", b"%PDF-".to_vec(), "broken", "damaged"),
    ];
    for (filename, file, problem, words) in cases {
        let number = office.bring(filename, &file).await;
        office.worker.drain().await.unwrap();
        let failed = office.document(number).await;
        assert_eq!((&failed["state"], &failed["problem"]), (&json!("failed"), &json!(problem)), "{filename}");
        assert!(failed["problem_text"].as_str().unwrap().contains(words), "{failed}");
        let page = office.site.page(&format!("/knowledge/{number}")).await;
        assert!(page.text().contains(words), "{filename}");
        let again = office.site.post(&format!("/api/knowledge/documents/{number}/read"), json!({})).await;
        assert_eq!(again.json()["state"], "waiting");
        office.worker.drain().await.unwrap();
        assert_eq!(office.document(number).await["problem"], problem);
    }
}

#[db_test]
async fn a_pdf_of_too_much_text_is_given_up(db: &TestDb) {
    let office = office(db);
    let line =
        "Bu juda uzun matnli hujjat bolib u besh megabaytdan oshadi va oqilmaydi albatta shunday".to_owned();
    let page: Vec<&str> = vec![line.as_str(); 50];
    let pages: Vec<&[&str]> = vec![page.as_slice(); 1_400];
    let number = office.bring("katta.pdf", &pdf(&pages)).await;
    office.worker.drain().await.unwrap();
    assert_eq!(office.document(number).await["problem"], "too_heavy");
}

#[db_test]
async fn files_of_another_kind_are_refused_beside_the_field(db: &TestDb) {
    let office = office(db);
    for (filename, file, expected) in [
        ("a.docx", b"PK\x03\x04".as_slice(), "file: knowledge-file-unknown"),
        ("a", b"matn", "file: knowledge-file-unknown"),
        ("a.pdf", b"matn", "file: knowledge-file-is-no-pdf"),
        ("a.txt", b"\xff\xfe\x00", "file: knowledge-file-is-not-utf8"),
        ("a.md", b"", "file: knowledge-file-missing"),
    ] {
        let answer = office.site.upload("/api/knowledge/files", "file", filename, file).await;
        assert_eq!(answer.status, 422, "{filename}");
        let page = office.site.upload("/knowledge/files/new", "file", filename, file).await;
        assert_eq!(page.status, 422, "{filename}");
        let key = expected.trim_start_matches("file: ");
        let words = office.site.app.texts().get(kernel::Lang::En, key);
        assert!(page.text().contains(&*words), "{filename}: {words}");
    }
    let huge = vec![b'a'; 21 << 20];
    assert_eq!(office.site.upload("/api/knowledge/files", "file", "a.txt", &huge).await.status, 429);
}

#[db_test]
async fn a_job_that_was_killed_and_runs_again_doubles_nothing(db: &TestDb) {
    let office = office(db);
    let number = office.bring("narx.txt", "Narxlar\n\nChoy 12 ming soʻm.".as_bytes()).await;
    let ctx = ctx(1);
    let before = read(db, &ctx, move |ctx, tx| get_document(ctx, tx, RowKey::Number(number)));
    office.worker.drain().await.unwrap();
    let ready = read(db, &ctx, move |ctx, tx| get_document(ctx, tx, RowKey::Number(number)));
    let revision = read(db, &ctx, crate::store::revision);
    // The process died after the passages were written and before the job was: it is run once more.
    let own = (ctx.clone(), before.clone());
    db.write(&ctx, Lane::Background, move |tx| enqueue(&own.0, tx, &own.1)).await.unwrap();
    office.worker.drain().await.unwrap();
    assert_eq!(read(db, &ctx, move |ctx, tx| get_document(ctx, tx, RowKey::Number(number))), ready);
    assert_eq!(read(db, &ctx, crate::store::revision), revision);
    // It died in the middle of writing: nothing of that is there, and the next run writes all of it.
    let (own, mut document) = (ctx.clone(), before.clone());
    document.passage_count = ready.passage_count;
    db.write(&ctx, Lane::Background, move |tx| crate::store::update(&own, tx, &document)).await.unwrap();
    let own = (ctx.clone(), before);
    db.write(&ctx, Lane::Background, move |tx| enqueue(&own.0, tx, &own.1)).await.unwrap();
    office.worker.drain().await.unwrap();
    let again = read(db, &ctx, move |ctx, tx| get_document(ctx, tx, RowKey::Number(number)));
    assert_eq!((again.state, again.passage_count), (DocumentState::Ready, 1));
    assert_eq!(read(db, &ctx, crate::store::count_passages), 1);
}

#[db_test]
async fn a_document_that_was_deleted_while_its_file_waits_is_not_missed(db: &TestDb) {
    let office = office(db);
    let number = office.bring("narx.txt", "Choy 12 ming soʻm.".as_bytes()).await;
    assert_eq!(office.site.delete(&format!("/api/knowledge/documents/{number}")).await.status, 204);
    office.worker.drain().await.unwrap();
    assert_eq!(office.ask("choy narxi").await, json!([]));
}

#[db_test]
async fn a_file_that_does_not_fit_any_more_says_so(db: &TestDb) {
    let office = office(db);
    let section = |n: usize| format!("# Bob {n}\n\nBu bobda bitta gap bor.\n\n");
    let file: String = (0..5_001).map(section).collect();
    let number = office.bring("kop.md", file.as_bytes()).await;
    office.worker.drain().await.unwrap();
    let failed = office.document(number).await;
    assert_eq!((&failed["problem"], &failed["passage_count"]), (&json!("too_many"), &json!(0)), "{failed}");
}

#[db_test]
async fn when_the_server_fails_it_is_tried_again_and_then_said(db: &TestDb) {
    let office = office(db);
    let number = office.bring("narx.txt", "Choy 12 ming soʻm.".as_bytes()).await;
    let aside = office.folder.path().with_extension("aside");
    std::fs::rename(office.folder.path(), &aside).unwrap();
    office.worker.drain().await.unwrap();
    assert_eq!(office.document(number).await["state"], "waiting");
    for _ in 0..4 {
        office.clock.advance_millis(3_600_000);
        office.worker.drain().await.unwrap();
    }
    let failed = office.document(number).await;
    assert_eq!((&failed["state"], &failed["problem"]), (&json!("failed"), &json!("server")));
    std::fs::rename(&aside, office.folder.path()).unwrap();
    office.site.post(&format!("/api/knowledge/documents/{number}/read"), json!({})).await;
    office.worker.drain().await.unwrap();
    assert_eq!(office.document(number).await["state"], "ready");
}

#[db_test]
async fn what_cannot_be_read_again_is_not_told_any_more(db: &TestDb) {
    let office = office(db);
    let number = office.bring("narx.txt", "Choy narxi 12 ming soʻm.".as_bytes()).await;
    office.worker.drain().await.unwrap();
    assert_eq!(office.ask("choy narxi").await[0]["document_id"], number);
    let revision = read(db, &ctx(1), crate::store::revision);
    office.site.post(&format!("/api/knowledge/documents/{number}/read"), json!({})).await;
    assert_eq!(office.ask("choy narxi").await[0]["document_id"], number, "until it is read anew");
    let aside = office.folder.path().with_extension("aside");
    std::fs::rename(office.folder.path(), &aside).unwrap();
    for _ in 0..4 {
        office.worker.drain().await.unwrap();
        office.clock.advance_millis(3_600_000);
    }
    let failed = office.document(number).await;
    assert_eq!((&failed["state"], &failed["passage_count"]), (&json!("failed"), &json!(0)), "{failed}");
    assert_eq!(office.ask("choy narxi").await, json!([]));
    assert_eq!(read(db, &ctx(1), crate::store::count_passages), 0);
    assert!(read(db, &ctx(1), crate::store::revision) > revision, "every node notices");
    std::fs::rename(&aside, office.folder.path()).unwrap();
    office.site.post(&format!("/api/knowledge/documents/{number}/read"), json!({})).await;
    office.worker.drain().await.unwrap();
    assert_eq!(office.ask("choy narxi").await[0]["document_id"], number);
}

#[db_test]
async fn a_file_that_nobody_reads_any_more_says_so_and_is_read_on_demand(db: &TestDb) {
    let office = office(db);
    let mut site = office.site.clone();
    let number = office.bring("narx.txt", "Choy 12 ming soʻm.".as_bytes()).await;
    let path = format!("/knowledge/{number}");
    let page = site.page(&path).await.text();
    assert!(page.contains("is being read") && !page.contains("broke off"), "{page}");
    // Its process died at the last attempt.
    let own = ctx(1);
    let die = "UPDATE jobs_job SET state = 'dead' WHERE workspace_id = $1 AND kind = 'knowledge.read'";
    let kill = move |tx: &mut Tx<'_>| tx.execute_one(die, db::params![own.workspace()]);
    db.write_now(&ctx(1), kill).unwrap();
    office.worker.drain().await.unwrap();
    let page = site.page(&path).await.text();
    assert!(page.contains("broke off") && !page.contains("is being read"), "{page}");
    assert!(page.contains(&format!("{path}/read")), "{page}");
    assert_eq!(site.form(&format!("{path}/read"), &[]).await.status, 303);
    assert!(site.page(&path).await.text().contains("is being read"));
    office.worker.drain().await.unwrap();
    assert_eq!(office.document(number).await["state"], "ready");
}
