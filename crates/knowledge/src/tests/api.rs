//! `/api/knowledge`, driven as programs drive it.

use db::{db_test, testing::TestDb};
use serde_json::json;

use super::*;

#[db_test]
async fn a_pair_is_written_changed_asked_and_deleted(db: &TestDb) {
    let site = office(db).site;
    let body = json!({
        "kind": "pair", "question": "  Ish  vaqtingiz qanday? ", "answer": "9:00 dan 21:00 gacha",
        "wordings": ["Nechigacha ochiqsiz?", "", "Nechigacha ochiqsiz?"],
    });
    let made = site.post("/api/knowledge/documents", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("location"), Some("/api/knowledge/documents/1"));
    let out = made.json();
    assert_eq!(
        (&out["id"], &out["question"], &out["wordings"], &out["state"], &out["passage_count"], &out["is_on"]),
        (
            &json!(1),
            &json!("Ish vaqtingiz qanday?"),
            &json!(["Nechigacha ochiqsiz?"]),
            &json!("ready"),
            &json!(1),
            &json!(true)
        )
    );
    let path = "/api/knowledge/documents/1";
    assert_eq!(site.get(path).await.json(), out);
    assert_eq!(site.get("/api/knowledge/documents?q=vaqt&kind=pair&is_on=true").await.json()["count"], 1);
    assert_eq!(site.get("/api/knowledge/documents?q=kafolat").await.json()["count"], 0);
    let asked = site.get("/api/knowledge/search?q=nechigacha%20ochiqsiz").await.json();
    assert_eq!(
        (&asked[0]["document_id"], &asked[0]["text"], &asked[0]["is_sure"]),
        (&json!(1), &json!("9:00 dan 21:00 gacha"), &json!(true))
    );
    let changed = site.patch(path, json!({ "answer": "Kecha-yu kunduz", "is_on": false })).await.json();
    assert_eq!((&changed["answer"], &changed["is_on"]), (&json!("Kecha-yu kunduz"), &json!(false)));
    assert_eq!(site.get("/api/knowledge/search?q=ish%20vaqti").await.json(), json!([]));
    let passages = site.get(&format!("{path}/passages")).await.json();
    assert_eq!((&passages["count"], &passages["results"][0]["text"]), (&json!(1), &json!("Kecha-yu kunduz")));
    assert_eq!(site.delete(path).await.status, 204);
    assert_eq!(site.get(path).await.status, 404);
}

#[db_test]
async fn what_is_wrong_is_said_beside_its_field(db: &TestDb) {
    let site = office(db).site;
    let long = "a".repeat(200_001);
    let wordings: Vec<String> = (0..21).map(|n| format!("savol {n}")).collect();
    for (body, expected) in [
        (json!({}), vec!["kind: knowledge-kind-unknown"]),
        (json!({ "kind": "file" }), vec!["kind: knowledge-kind-unknown"]),
        (json!({ "kind": "pair" }), vec!["question: kernel-text-missing", "answer: kernel-text-missing"]),
        (json!({ "kind": "text", "title": "T", "text": " \n " }), vec!["text: kernel-text-missing"]),
        (json!({ "kind": "text", "title": "T", "text": long }), vec!["text: kernel-text-too-long"]),
        (json!({ "kind": "text", "title": "a\u{7}b", "text": "x" }), vec!["title: kernel-text-has-control"]),
        (
            json!({ "kind": "pair", "question": "q", "answer": "a", "wordings": wordings }),
            vec!["wordings: knowledge-wordings-too-many"],
        ),
    ] {
        let answer = site.post("/api/knowledge/documents", body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors()),
            (422, expected.into_iter().map(str::to_owned).collect())
        );
    }
    assert_eq!(site.get("/api/knowledge/search").await.errors(), ["q: kernel-text-missing"]);
    assert_eq!(site.get("/api/knowledge/documents?kind=shoes").await.status, 404);
    site.post("/api/knowledge/documents", json!({ "kind": "text", "title": "T", "text": "x" })).await;
    let other = site.patch("/api/knowledge/documents/1", json!({ "kind": "pair" })).await;
    assert_eq!(other.errors(), ["kind: knowledge-kind-stays"]);
    let again = site.post("/api/knowledge/documents/1/read", json!({})).await;
    assert_eq!((again.status.as_u16(), again.errors()), (409, vec!["knowledge-not-a-file".to_owned()]));
}

#[db_test]
async fn another_workspaces_document_is_not_there_and_permissions_are_asked_for(db: &TestDb) {
    let site = office(db).site;
    let made = site
        .post("/api/knowledge/documents", json!({ "kind": "pair", "question": "Kafolat?", "answer": "Ha" }));
    let uuid = made.await.json()["uuid"].as_str().unwrap().to_owned();
    let other = site.by("2");
    for key in ["1", &uuid, "x", "999"] {
        let path = format!("/api/knowledge/documents/{key}");
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&format!("{path}/passages")).await.status, 404);
        assert_eq!(other.patch(&path, json!({ "answer": "Yoq" })).await.status, 404);
        assert_eq!(other.post(&format!("{path}/read"), json!({})).await.status, 404);
        assert_eq!(other.delete(&path).await.status, 404);
    }
    assert_eq!(other.get("/api/knowledge/documents").await.json()["count"], 0);
    assert_eq!(other.get("/api/knowledge/search?q=kafolat").await.json(), json!([]));
    let reader = site.by("1:bots.read");
    assert_eq!(reader.get("/api/knowledge/search?q=kafolat").await.json()[0]["text"], "Ha");
    let body = json!({ "kind": "pair", "question": "q", "answer": "a" });
    assert_eq!(reader.post("/api/knowledge/documents", body).await.status, 403);
    assert_eq!(reader.patch("/api/knowledge/documents/1", json!({ "answer": "b" })).await.status, 403);
    assert_eq!(reader.delete("/api/knowledge/documents/1").await.status, 403);
    assert_eq!(reader.upload("/api/knowledge/files", "file", "a.txt", b"matn").await.status, 403);
    let stranger = site.by("1:sales.read");
    for path in ["/api/knowledge/documents", "/api/knowledge/documents/1", "/api/knowledge/search?q=kafolat"]
    {
        assert_eq!(stranger.get(path).await.status, 403, "{path}");
    }
}

#[db_test]
async fn pairs_come_from_csv_once_and_change_what_is_there(db: &TestDb) {
    let site = office(db).site;
    let send =
        async |csv: &str| site.upload("/api/knowledge/pairs", "file", "savollar.csv", csv.as_bytes()).await;
    let csv = "Savol,Javob\nKafolat bormi?,Bir yil\nManzil qayerda?,Chilonzor\n";
    let first = send(csv).await;
    assert_eq!(
        (first.status.as_u16(), first.json()),
        (200, json!({ "created": 2, "changed": 0, "same": 0 }))
    );
    assert_eq!(send(csv).await.json(), json!({ "created": 0, "changed": 0, "same": 2 }));
    let other = send("Кафолат борми?;Ikki yil\nAksiya bormi?;Ha\n").await;
    assert_eq!(other.json(), json!({ "created": 1, "changed": 1, "same": 0 }));
    assert_eq!(site.get("/api/knowledge/search?q=kafolat%20bormi").await.json()[0]["text"], "Ikki yil");
    assert_eq!(send("Yangi savol?,Javob\nJavobsiz savol?,\n").await.status, 422);
    assert_eq!(site.get("/api/knowledge/documents").await.json()["count"], 3, "all or none");
    let page = site.upload("/knowledge/pairs/import", "file", "a.csv", b"Savol?,\n").await;
    assert!(page.status == 422 && page.text().contains("Row 1: the answer is missing"), "{}", page.text());
    let done = site.upload("/knowledge/pairs/import", "file", "a.csv", b"Savol?,Javob\n").await;
    assert_eq!(done.header("location"), Some("/knowledge"));
    assert_eq!(site.by("1:bots.read").page("/knowledge/pairs/import").await.status, 403);
}
