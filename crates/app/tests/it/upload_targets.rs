//! Targets that come of files: imports and pictures, sent by the API as programs send them.

use catalog::ProductContent;
use context::Ctx;
use db::{Lane, Tx};
use kernel::Money;
use tower::ServiceExt;

use crate::{targets::Target, world::World};

impl World {
    /// Sends a file as a program does.
    async fn send_file(
        &self,
        ctx: &Ctx,
        method: &str,
        path: &str,
        fields: &str,
        name: &str,
        bytes: &[u8],
    ) -> serde_json::Value {
        let key = self.key(ctx).await;
        let head = format!(
            "{fields}--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", key)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(axum::body::Body::from(body))
            .unwrap();
        let response = self.router().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// An import that was read and waits to be applied.
    pub(crate) async fn import(&self, ctx: &Ctx) -> Target {
        let unique = ctx.new_id::<()>().uuid().simple().to_string();
        let called = self.called(ctx);
        let sheet = format!("Kod,Nomi (oʻzbekcha),Sotuv narxi\nI-{unique},{called},1000\n");
        let kind = "--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nproducts\r\n";
        let file = format!("{called}.csv");
        let made = self.send_file(ctx, "POST", "/api/imports", kind, &file, sheet.as_bytes()).await;
        self.work_off().await;
        let uuid = made["uuid"].as_str().and_then(|uuid| uuid.parse().ok()).unwrap_or_default();
        Target { number: made["id"].as_i64(), id: uuid, word: None, second: None }
    }

    /// A broadcast with a picture, and the picture's name.
    pub(crate) async fn broadcast_file(&self, ctx: &Ctx) -> Target {
        let made = Box::pin(self.target(ctx, "/broadcasts/{number}")).await.unwrap();
        let path = format!("/api/broadcasts/{}/file", made.number.unwrap());
        let grey = u8::try_from(crate::samples::fresh() % 250).unwrap();
        let picture = crate::samples::picture_of(grey);
        let saved = self.send_file(ctx, "PUT", &path, "", "a.png", &picture).await;
        let address = saved["file"]["url"].as_str().unwrap();
        Target { second: address.rsplit('/').next().map(str::to_owned), ..made }
    }

    /// A picture of a product.
    pub(crate) async fn file(&self, ctx: &Ctx) -> Target {
        let own = ctx.clone();
        let code = ctx.new_id::<()>().uuid().simple().to_string();
        let called = self.called(ctx);
        let product = move |tx: &mut Tx<'_>| {
            catalog::create_product(&own, tx, ProductContent::new(code.clone(), called, Money::from_som(1)))
        };
        let product = self.parts.app.db().write(ctx, Lane::People, product).await.unwrap();
        let path = format!("/api/products/{}/image", product.number);
        // A file is known by what is in it: another workspace has another picture.
        let is_ours = ctx.workspace() == self.ctx.workspace();
        let picture = crate::samples::picture_of(if is_ours { 30 } else { 220 });
        self.send_file(ctx, "PUT", &path, "", "a.png", &picture).await;
        let (own, id) = (ctx.clone(), product.id);
        let read = move |tx: &mut db::ReadTx<'_>| catalog::get(&own, tx, id);
        let product = self.parts.app.db().read(ctx, read).await.unwrap();
        let word = product.picture.map(|picture| picture.large);
        Target { number: None, id: product.id.uuid(), word, second: None }
    }
}
