//! Profile, password, workspaces, the company, the command line and the demo.

use context::{Actor, CtxBuilder};
use db::{db_test, testing::TestDb};
use kernel::Kind;

use super::*;
use crate::{
    ChangePassword, DemoPeople, Requisites, Theme,
    actions::{CreateWorkspace, SetCompany, SetProfile},
};

#[db_test]
async fn a_profile_is_changed_and_what_is_wrong_is_told(db: &TestDb) {
    let server = Server::new(db);
    let owner = server.owner(server.sign_up("a@misol.uz", "A").await.unwrap());
    let set = |input: SetProfile| server.write(&owner, move |ctx, tx| actions::set_profile(ctx, tx, &input));
    let changed = set(SetProfile {
        name: Some("<b>Ali</b> O'tkirov".into()),
        phone: Some(String::new()),
        lang: Some(Lang::Ru),
        theme: Some(Theme::Light),
    })
    .unwrap();
    assert_eq!((changed.name.as_str(), changed.phone, changed.lang), ("<b>Ali</b> Oʻtkirov", None, Lang::Ru));
    let wrong =
        set(SetProfile { name: Some("a\0".into()), phone: Some("x".into()), ..SetProfile::default() });
    assert_eq!(
        fields(wrong),
        [("name".into(), "auth-text-invisible"), ("phone".into(), "kernel-phone-malformed")]
    );
    assert!(server.log(&owner).contains(&"person.change".to_owned()));
    let nobody = owner.with(|ctx| ctx.actor = Actor::guest());
    let refused = server.write(&nobody, |ctx, tx| actions::profile(ctx, tx));
    assert_eq!(refused.unwrap_err().kind(), Kind::Forbidden);
}

#[db_test]
async fn a_new_password_ends_the_other_sessions_only(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("a@misol.uz", "A").await.unwrap();
    let owner = server.owner(made);
    let here = server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    let change = |current: &str, new: &str| {
        let (current, new) = (Password::typed(current), Password::typed(new));
        server.auth.change_password(
            db,
            &owner,
            ChangePassword { current, new, session: Some(here.session.id) },
        )
    };
    assert_eq!(fields(change("boshqa", "yangi parol 1").await), [("current".into(), "auth-password-wrong")]);
    assert_eq!(fields(change(PASSWORD, "123").await), [("password".into(), "auth-password-short")]);
    assert_eq!(fields(change(PASSWORD, "a@misol.uz").await), [("password".into(), "auth-password-guessed")]);
    assert_eq!(change(PASSWORD, "yangi parol 1").await.unwrap(), 1);
    let left = server.write(&owner, |ctx, tx| actions::sessions(ctx, tx)).unwrap();
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [here.session.id]);
    assert_eq!(key(server.sign_in("a@misol.uz", PASSWORD).await), "auth-sign-in-refused");
    for _ in 0..5 {
        assert_eq!(
            fields(change("boshqa", "yangi parol 2").await),
            [("current".into(), "auth-password-wrong")]
        );
    }
    assert_eq!(key(change("yangi parol 1", "yangi parol 2").await), "auth-wait");
}

#[db_test]
async fn one_person_has_several_workspaces_and_switches(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("a@misol.uz", "Birinchi").await.unwrap();
    let signed = server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    let owner = server.owner(made);
    let input = CreateWorkspace { name: "Ikkinchi".into() };
    let second = server.write(&owner, move |ctx, tx| actions::create_workspace(ctx, tx, &input)).unwrap();
    let all = server.write_as_server(&owner, |ctx, tx| actions::belongings(ctx, tx, true)).unwrap();
    assert_eq!(all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Birinchi", "Ikkinchi"]);
    let session = Some(signed.session.id);
    server
        .write_as_server(&owner, move |ctx, tx| actions::switch_workspace(ctx, tx, session, second))
        .unwrap();
    let again = server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    assert_eq!(again.session.at_workspace, second, "the one used last is open");
    let elsewhere = server.sign_up("b@misol.uz", "Begona").await.unwrap().workspace;
    let session = Some(signed.session.id);
    let foreign =
        server.write_as_server(&owner, move |ctx, tx| actions::switch_workspace(ctx, tx, session, elsewhere));
    assert_eq!(foreign.unwrap_err().kind(), Kind::NotFound);
}

#[db_test]
async fn the_company_is_what_its_form_says(db: &TestDb) {
    let server = Server::new(db);
    let owner = server.owner(server.sign_up("a@misol.uz", "A").await.unwrap());
    let form = |tin: &str, zone: &str| SetCompany {
        name: "“Yulduz” MChJ".into(),
        tin: tin.into(),
        phone: "71 200 00 00".into(),
        address: "Toshkent sh.,\nChilonzor".into(),
        zone: zone.into(),
        lang: Lang::Ru,
        requisites: None,
    };
    let set = |input: SetCompany| server.write(&owner, move |ctx, tx| actions::set_company(ctx, tx, &input));
    let saved = set(form("300 000 017", "Asia/Samarkand")).unwrap().record;
    assert_eq!(saved.tin.as_ref().map(kernel::Tin::as_str), Some("300000017"));
    assert_eq!((saved.address.as_str(), saved.zone.name()), ("Toshkent sh., Chilonzor", "Asia/Samarkand"));
    let wrong = fields(set(SetCompany { address: "x".repeat(301), ..form("12", "Mars/Olympus") }));
    let names: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["zone", "tin", "address"]);
}

#[db_test]
async fn what_the_companys_papers_say_is_checked_and_stays_when_nobody_speaks_of_it(db: &TestDb) {
    let server = Server::new(db);
    let owner = server.owner(server.sign_up("a@misol.uz", "A").await.unwrap());
    let form = |requisites: Option<Requisites>| SetCompany {
        name: "“Yulduz” MChJ".into(),
        tin: String::new(),
        phone: String::new(),
        address: String::new(),
        zone: "Asia/Tashkent".into(),
        lang: Lang::Uz,
        requisites,
    };
    let set = |input: SetCompany| server.write(&owner, move |ctx, tx| actions::set_company(ctx, tx, &input));
    let said = Requisites {
        vat_code: "3260 1234 5678".into(),
        bank: "  Ipak Yoʻli  banki ".into(),
        bank_account: "2020 8000 9001 2345 6001".into(),
        mfo: "00444".into(),
        director: "Gʻaniyev Oʻ.".into(),
        accountant: String::new(),
    };
    let saved = set(form(Some(said.clone()))).unwrap().requisites;
    assert_eq!(
        (saved.bank.as_str(), saved.bank_account.as_str()),
        ("Ipak Yoʻli banki", "20208000900123456001")
    );
    assert_eq!(set(form(None)).unwrap().requisites, saved);
    let wrong = Requisites { mfo: "4444".into(), vat_code: "12a".into(), bank: "x".repeat(121), ..said };
    let wrong = fields(set(form(Some(wrong))));
    let names: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["vat_code", "mfo", "bank"]);
    let read = server.write(&owner, |ctx, tx| crate::requisites(ctx, tx)).unwrap();
    assert_eq!(read, saved);
}

fn console(server: &Server<'_>) -> Ctx {
    let nobody = Id::from_uuid(uuid::Uuid::nil());
    CtxBuilder::server(nobody, Actor::server("karvon user"), server.now, Random::from_seed(3)).build()
}

#[db_test]
async fn the_command_line_makes_the_first_admin_and_sets_passwords(db: &TestDb) {
    let server = Server::new(db);
    let console = console(&server);
    let hash = server.auth.passwords().hash_now(console.random(), &Password::typed(PASSWORD)).unwrap();
    let (owner, first) = (sign_up("a@misol.uz", "A").check().unwrap(), hash.clone());
    let create = move |ctx: &Ctx, tx: &mut db::Tx<'_>| actions::create_first_admin(ctx, tx, &owner, &first);
    let made = server.write_as_server(&console, create.clone()).unwrap();
    assert_eq!(key(server.write_as_server(&console, create)), "auth-workspace-exists");
    server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    let new = server.auth.passwords().hash_now(console.random(), &Password::typed("yangi parol 1")).unwrap();
    let set = move |ctx: &Ctx, tx: &mut db::Tx<'_>| actions::set_password(ctx, tx, "A@misol.uz", &new);
    server.write_as_server(&console, set.clone()).unwrap();
    server.sign_in("a@misol.uz", "yangi parol 1").await.unwrap();
    let by_member = server.write_as_server(&server.owner(made), set);
    assert_eq!(by_member.unwrap_err().kind(), Kind::Forbidden);
    assert!(server.log(&server.owner(made)).contains(&"person.change_password".to_owned()));
}

#[db_test]
async fn the_demo_has_a_member_for_each_role_however_often_it_starts(db: &TestDb) {
    let server = Server::new(db);
    let console = console(&server);
    let people: DemoPeople = toml::from_str(include_str!("../../../../demo/people.toml")).unwrap();
    let hash = server.auth.passwords().hash_now(console.random(), &people.sign_in.password).unwrap();
    let file = people.clone();
    let make = move |ctx: &Ctx, tx: &mut db::Tx<'_>| crate::demo_people(ctx, tx, &file, &hash);
    let workspace = server.write_as_server(&console, make.clone()).unwrap();
    assert_eq!(server.write_as_server(&console, make).unwrap(), workspace);
    for member in &people.members {
        let signed = server.sign_in(member.email.as_str(), "karvon-demo-2026").await.unwrap();
        let ctx = server.as_member(workspace, signed.person.id);
        assert_eq!(
            Some(ctx.permissions()),
            member.role.parse::<RoleKind>().unwrap().permissions(),
            "{}",
            member.role
        );
    }
}
