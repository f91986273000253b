//! Commands of the program, run as whoever keeps the server runs them.

use db::{Lane, db_test, params, testing::TestDb};

use crate::{
    program::{Program, free_address},
    world::World,
};

#[db_test]
async fn check_books_says_what_does_not_agree_and_fails(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let program = Program::new(db, &world, "http://127.0.0.1:9", free_address(), &[]);
    let sound = program.run("check-books").await;
    let said = String::from_utf8_lossy(&sound.stdout).into_owned();
    assert!(sound.status.success() && said.contains("Everything agrees."), "{sound:?}");
    // One tiyin of one product's worth goes astray.
    let sql = "UPDATE stock_balance SET value_tiyin = value_tiyin + 1
               WHERE workspace_id = $1 AND product_id =
                   (SELECT product_id FROM stock_balance WHERE workspace_id = $1 ORDER BY product_id LIMIT 1)";
    let ctx = world.ctx.clone();
    let astray = move |tx: &mut db::Tx<'_>| tx.execute_one(sql, params![ctx.workspace()]);
    db.write(&world.ctx, Lane::People, astray).await.unwrap();
    let wrong = program.run("check-books").await;
    let said = String::from_utf8_lossy(&wrong.stdout).into_owned();
    assert!(!wrong.status.success() && said.contains("in the warehouses"), "{wrong:?}");
}
