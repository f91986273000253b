//! Somebody asks the support desk in Telegram: what they send stands in one ticket, in order, each once, and the desk's answers
//! come into their chat.

use std::time::Duration;

use bots::Intake;
use catalog::Names;
use context::Ctx;
use db::{Lane, Tx, db_test, testing::TestDb};
use kernel::{Id, PageRequest};
use testkit::telegram::{Fake, Limits, Options, Person, Screen};
use tickets::{
    Agent, By, Deed, Message, MessageFilter, MessageKind, NewAgent, NewCategory, Place, Said, Ticket,
    actions, reads,
};

use crate::{
    chat::{see, see_button},
    world::World,
};

/// Does what the desk does.
async fn desk<T, F>(world: &World, act: F) -> T
where
    F: Fn(&Ctx, &mut Tx<'_>) -> kernel::Result<T> + Send + 'static,
    T: Send + 'static,
{
    let ctx = world.ctx.clone();
    world.parts.app.db().write(&world.ctx, Lane::People, move |tx| act(&ctx, tx)).await.unwrap()
}

/// A category and an agent who answers in it.
async fn opened(world: &World) -> Agent {
    desk(world, |ctx, tx| {
        let name =
            Names {
                uz: "Toʻlov".to_owned(), ru: Some("Оплата".to_owned()), en: Some("Payment".to_owned())
            };
        let category = actions::create_category(ctx, tx, NewCategory::named(name))?;
        let agent = NewAgent {
            member: None,
            telegram_id: Some(501),
            full_name: "Bobur".to_owned(),
            is_head: false,
            is_active: true,
            categories: vec![category.id],
        };
        actions::create_agent(ctx, tx, agent)
    })
    .await
}

/// What stands in the ticket, once so many messages do.
async fn standing(world: &World, number: i64, count: usize) -> (Ticket, Vec<Message>) {
    for _ in 0..500 {
        let found = world
            .read(move |ctx, tx| {
                let ticket = reads::get_by_number(ctx, tx, number)?;
                let filter = MessageFilter { ticket: Some(ticket.id), ..MessageFilter::default() };
                Ok((ticket, reads::messages(ctx, tx, &filter, PageRequest::default())?.results))
            })
            .await;
        if found.1.len() >= count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{count} messages do not come");
}

/// Waits until this was done with the ticket.
async fn done(world: &World, number: i64, deed: Deed) {
    for _ in 0..500 {
        let acts = world
            .read(move |ctx, tx| {
                let ticket = reads::get_by_number(ctx, tx, number)?;
                reads::acts(ctx, tx, ticket.id, 0, i64::MAX)
            })
            .await;
        if acts.last().is_some_and(|act| act.deed == deed) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{deed:?} is not written down");
}

async fn answer(world: &World, ticket: Id<Ticket>, agent: Id<Agent>, said: Said) {
    desk(world, move |ctx, tx| actions::add_message(ctx, tx, ticket, By::Agent(agent), said.clone())).await;
}

async fn reads_once(person: &Person, words: &str) {
    see(person, words, |screen| screen.says(words)).await;
    assert_eq!(person.screen().count(words), 1, "{}", person.screen());
}

#[db_test]
async fn what_a_person_sends_stands_in_one_ticket_and_its_answers_come_into_the_chat(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::new(db, fake.url()).await;
    world.start();
    let agent = opened(&world).await.id;
    let bot = world.connect_new(&fake, flow::examples::SUPPORT, Intake::Polling).await;
    let person = bot.user(7_001).named("Aziza", "ru", "+998901230001").known_as("Karimova", "aziza");

    person.send_text("/start");
    see_button(&person, "🇷🇺 Русский").await;
    person.tap_button("🇷🇺 Русский");
    see_button(&person, "1. Оплата").await;
    person.tap_button("1. Оплата");
    reads_once(&person, "Обращение № 1 открыто: Оплата").await;

    let first = person.send_text("Деньги списали");
    person.send_photo(b"photo".to_vec(), "Вот чек");
    person.send_album(vec![b"one".to_vec().into(), b"two".to_vec().into()], "Ещё два");
    person.send_voice(b"voice".to_vec());
    person.share_location(41.311_081, 69.240_562);
    let (ticket, said) = standing(&world, 1, 6).await;
    let told: Vec<_> =
        said.iter().map(|one| (one.place, one.said.kind, one.said.text.as_str(), one.is_answer)).collect();
    assert_eq!(
        told,
        [
            (1, MessageKind::Text, "Деньги списали", false),
            (2, MessageKind::Image, "Вот чек", false),
            (3, MessageKind::Image, "Ещё два", false),
            (4, MessageKind::Image, "", false),
            (5, MessageKind::Audio, "", false),
            (6, MessageKind::Location, "", false),
        ]
    );
    assert_eq!(said[5].said.place, Some(Place { latitude_e6: 41_311_081, longitude_e6: 69_240_562 }));
    let photo = said[1].said.file_id.clone().unwrap();
    assert!(fake.file(&photo).is_some(), "what Telegram knows it by: {photo}");
    let user = world.read(|ctx, tx| reads::user_of_telegram(ctx, tx, 7_001)).await.unwrap();
    assert_eq!((user.contact.id, user.telegram.username.as_deref()), (ticket.contact, Some("aziza")));

    // Words change, and nothing is lost with them.
    person.edit_text(first, "Деньги списали дважды");
    for _ in 0..500 {
        let (_, said) = standing(&world, 1, 6).await;
        if said[0].edited_at.is_some() {
            assert_eq!((said[0].said.text.as_str(), said.len()), ("Деньги списали дважды", 6));
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(standing(&world, 1, 6).await.1[0].edited_at.is_some(), "the words do not change");

    answer(&world, ticket.id, agent, Said::words("Вернём завтра")).await;
    reads_once(&person, "Вернём завтра").await;
    let shop = Place { latitude_e6: -41_000_001, longitude_e6: 69_240_562 };
    let place = Said { kind: MessageKind::Location, place: Some(shop), ..Said::words("Наш офис") };
    answer(&world, ticket.id, agent, place).await;
    reads_once(&person, "Наш офис").await;
    let places = |screen: &Screen| {
        screen.messages.iter().filter(|message| message.by_bot && message.location.is_some()).count()
    };
    assert_eq!(places(&person.screen()), 1, "{}", person.screen());
    let url = Some("https://example.com/act.pdf".to_owned());
    answer(&world, ticket.id, agent, Said { kind: MessageKind::File, file_url: url, ..Said::words("Акт") })
        .await;
    reads_once(&person, "Акт").await;
    let act = person.screen().last().and_then(|last| last.media.clone()).unwrap();
    assert_eq!((act.kind.as_str(), act.name.as_deref()), ("document", Some("act.pdf")));
    let again = Said { kind: MessageKind::Image, file_id: Some(photo), ..Said::words("Ваш чек") };
    answer(&world, ticket.id, agent, again).await;
    reads_once(&person, "Ваш чек").await;
    assert_eq!(person.screen().last().and_then(|last| last.media.clone()).unwrap().kind, "photo");

    // Who has an open ticket goes on in it, wherever they were led.
    person.send_text("/menu");
    see(&person, "the menu", |screen| screen.says("Чем можем помочь?")).await;
    person.send_text("И ещё вопрос");
    reads_once(&person, "Ваше обращение № 1 открыто: Оплата. Пишите").await;
    let (_, said) = standing(&world, 1, 11).await;
    assert_eq!((said[10].said.text.as_str(), said[10].is_answer), ("И ещё вопрос", false));

    let id = ticket.id;
    desk(&world, move |ctx, tx| actions::close(ctx, tx, id)).await;
    reads_once(&person, "Ваше обращение № 1 закрыто").await;
    // The bot answers again, and what is written is the first message of what is asked next.
    person.send_text("Спасибо, а доставка?");
    see(&person, "the question what about", |screen| {
        screen.last().is_some_and(|last| last.button("1. Оплата").is_some())
    })
    .await;
    person.tap_button("1. Оплата");
    reads_once(&person, "Обращение № 2 открыто").await;
    let (second, said) = standing(&world, 2, 1).await;
    assert_eq!((second.contact, said[0].said.text.as_str()), (ticket.contact, "Спасибо, а доставка?"));
    // Who stops the bot cannot be reached, and their ticket says so until they are back.
    person.block();
    done(&world, 2, Deed::Blocked).await;
    person.unblock();
    done(&world, 2, Deed::Unblocked).await;
    person.send_text("/close");
    reads_once(&person, "Обращение № 2 закрыто. Спасибо!").await;
    assert!(!standing(&world, 2, 1).await.0.is_open);
    person.send_text("/close");
    reads_once(&person, "У вас нет открытого обращения.").await;
    world.stop().await;
    assert!(!person.screen().says("Ваше обращение № 2 закрыто"), "who closed it knows it");
}
