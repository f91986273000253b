//! Every route of the program under the layers that all of them pass.

use axum::{
    Router,
    extract::State,
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use kernel::Error;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Content, Info, OpenApi, Ref, RefOr, ResponseBuilder},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App, Caller, Module, Problem, ProblemBody, assets, cors, guard, headers, meta,
    pages::{self, IslandPage},
    problem,
};

/// Where the description of the API stands.
const OPENAPI: &str = "/api/openapi.json";

/// The description of the API that these modules offer.
pub fn openapi(modules: Vec<Module>) -> (OpenApi, Router<App>) {
    let mut api = OpenApiRouter::<App>::new();
    let mut rest = Router::new();
    for Module { name: _, migrations: _, texts: _, api: more, pages, menu: _, documents: _, usage: _ } in
        modules
    {
        api = api.merge(more);
        rest = rest.merge(pages);
    }
    let (routes, mut description) = api.split_for_parts();
    description.info = Info::new("Karvon", env!("CARGO_PKG_VERSION"));
    describe_problems(&mut description);
    (description, rest.merge(routes))
}

/// Every operation may be refused, by the layers if not by its handler: the body of that stands under `default`.
fn describe_problems(description: &mut OpenApi) {
    let mut schemas = vec![("ProblemBody".to_owned(), ProblemBody::schema())];
    ProblemBody::schemas(&mut schemas);
    description.components.get_or_insert_default().schemas.extend(schemas);
    let body = Content::new(Some(Ref::from_schema_name("ProblemBody")));
    let problem = ResponseBuilder::new().description("problem details, RFC 9457");
    let problem = RefOr::T(problem.content("application/problem+json", body).build());
    for path in description.paths.paths.values_mut() {
        let methods = [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
        for operation in methods.into_iter().flatten() {
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| problem.clone());
        }
    }
}

/// The whole program: the modules' routes, the assets, the API's description and the page to try it.
pub fn router(app: &App, modules: Vec<Module>) -> Router {
    let (description, routes) = openapi(modules);
    let layered = |router: Router<App>| {
        router
            .layer(middleware::from_fn(pages::layer))
            .layer(middleware::from_fn_with_state(app.clone(), guard::layer))
            .layer(CatchPanicLayer::new())
            .layer(middleware::from_fn_with_state(app.clone(), problem::layer))
            .layer(middleware::from_fn_with_state(app.clone(), meta::layer))
            .layer(middleware::from_fn_with_state(app.clone(), headers::layer))
            .layer(middleware::from_fn_with_state(cors::Door::of(&app.config().origins), cors::layer))
    };
    let own = Router::new()
        .route(OPENAPI, described(&description))
        .route("/api", get(api_page))
        .route(assets::ROUTE, get(assets::serve))
        .fallback(nothing_here);
    // Streams are not compressed: a compressor would hold their events back.
    let compressible =
        DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream")).and(is_whole);
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(compressible);
    layered(routes.merge(own)).layer(compression).with_state(app.clone())
}

/// What can be asked for in parts is sent as it is: parts are counted in its own bytes.
fn is_whole(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// The description as it is sent. As a tree it would take ten megabytes for as long as the program runs.
fn described(description: &OpenApi) -> MethodRouter<App> {
    let json = serde_json::to_vec(description).map(Bytes::from).map_err(|error| error.to_string());
    get(move || async move {
        let json = json.map_err(|error| Problem(Error::internal(error)))?;
        Ok::<_, Problem>(([(header::CONTENT_TYPE, "application/json")], json))
    })
}

async fn nothing_here() -> Response {
    Problem(Error::not_found()).into_response()
}

async fn api_page(caller: Caller, State(_): State<App>) -> Response {
    pages::render(&IslandPage::api(caller.shell().titled("web-api-title"), OPENAPI))
}
