//! Every route there is: those of the API from its description, the others from the routers themselves.

use std::{collections::BTreeSet, fs, path::PathBuf, sync::LazyLock};

use serde_json::Value;

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    /// With its parameters: `/products/{id}`.
    pub(crate) path: String,
    pub(crate) method: String,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Routes that anybody may call.
const OPEN: &[&str] = &[
    "/sign-in",
    "/sign-up",
    "/language/{code}",
    "/health/live",
    "/health/ready",
    // What a blueprint looks like is no secret, and editors ask for it without a key.
    "/api/blueprints/schema",
    "/metrics",
    "/api/auth/sign-in",
    "/api/auth/sign-up",
    // Whoever has a refresh token may use it up.
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
    // Links of letters: whoever has one may open it.
    "/forgot-password",
    "/reset-password/{token}",
    "/confirm/{token}",
    "/invitation/{token}",
    "/invitation/{token}/accept",
    "/api/auth/forgot-password",
    "/api/auth/reset-password",
    "/api/auth/confirm",
    "/api/auth/invitation",
    "/api/auth/invitation/join",
    // Telegram shows that it knows the secret; strangers are told that nothing is there.
    "/webhook/telegram/{channel}",
    // Chats on sites: whoever visits a site may write; what is said is opened by the visitor's token.
    "/chat.js",
    "/chat/{key}",
    "/chat/{key}/config",
    "/chat/{key}/visitors",
    "/chat/{key}/history",
    "/chat/{key}/messages",
    "/chat/{key}/files",
    "/chat/{key}/files/{message}",
    "/chat/{key}/news",
    "/chat/{key}/live",
];
/// Routes about whoever calls: everybody signed in may call them.
const OWN: &[&str] = &[
    "/profile",
    "/workspaces",
    "/api/workspaces",
    "/api/auth/",
    "/api/sessions",
    "/sign-out",
    "/search",
    "/operator/end",
    "/api/operator/act",
];

impl Route {
    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    pub(crate) fn is_open(&self) -> bool {
        OPEN.contains(&self.path.as_str())
    }

    /// The console of whoever runs the server, which is not there for anybody else (crates/auth/src/tests/operator.rs).
    pub(crate) fn is_operators(&self) -> bool {
        ["/operator", "/api/operator"].iter().any(|start| self.path.starts_with(start))
    }

    /// Whether it is about nobody's workspace: anybody's, or that of whoever runs the server.
    pub(crate) fn is_for_others(&self) -> bool {
        self.is_open() || self.is_operators()
    }

    pub(crate) fn is_own(&self) -> bool {
        OWN.iter().any(|start| self.path.starts_with(start))
    }

    pub(crate) fn is_safe(&self) -> bool {
        self.method == "GET"
    }
}

/// The description of the API, made once: it takes all modules to make it.
pub(crate) fn description() -> &'static Value {
    static DESCRIPTION: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(web::openapi(app::modules::all()).0).unwrap());
    &DESCRIPTION
}

/// The routes that the description has.
pub(crate) fn api() -> Vec<Route> {
    let description = description();
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            found.push(Route { path: path.clone(), method: method.to_uppercase() });
        }
    }
    found.sort();
    found
}

/// What the routers of the modules' pages hold. They do not list it, but they print it.
fn printed() -> Vec<Route> {
    let mut found = Vec::new();
    for module in app::modules::all() {
        let printed = format!("{:?}", module.pages);
        let printed = printed.split("fallback_router").next().unwrap();
        let (routes, paths) = printed.split_once("node: Node").expect("a router prints its paths");
        for named in paths.split("RouteId(").skip(1) {
            let (id, path) = named.split_once("): ").expect("a path has a number");
            let path = path.split('"').nth(1).expect("a path is quoted");
            let endpoint =
                routes.split(&format!("RouteId({id}): ")).nth(1).expect("a route stands behind a path");
            let endpoint = endpoint.split("RouteId(").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                let answers =
                    endpoint.split(&format!(" {method}: ")).nth(1).expect("a route prints its methods");
                if !answers.starts_with("None") {
                    found.push(Route { path: path.to_owned(), method: method.to_uppercase() });
                }
            }
        }
    }
    found.sort();
    found
}

fn list_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/pages.txt")
}

/// The pages and the other routes that are not REST, from the checked-in list.
pub(crate) fn pages() -> Vec<Route> {
    let list = fs::read_to_string(list_file()).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(method, path)| Route { method: method.to_owned(), path: path.trim().to_owned() })
        .collect()
}

/// All of them.
pub(crate) fn all() -> Vec<Route> {
    let mut all = pages();
    all.extend(api());
    all
}

/// Compares a checked-in file with what it should hold; `KARVON_TEST_UPDATE=1` writes it instead.
pub(crate) fn must_equal(file: &PathBuf, should: &str) {
    #[expect(clippy::disallowed_methods, reason = "a person asks for the file to be written anew")]
    let update = std::env::var("KARVON_TEST_UPDATE").is_ok();
    if update {
        fs::write(file, should).unwrap();
    }
    let stands = fs::read_to_string(file).unwrap_or_default();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (stands_lines, should_lines) = (lines(&stands), lines(should));
    let gone: Vec<_> = stands_lines.difference(&should_lines).collect();
    let new: Vec<_> = should_lines.difference(&stands_lines).collect();
    assert!(
        stands == should,
        "{} is not what it should be; look at the difference and, when it is right, run the test with \
         KARVON_TEST_UPDATE=1\n- {gone:#?}\n+ {new:#?}",
        file.display()
    );
}

#[test]
fn the_list_of_pages_holds_every_page_and_no_other() {
    let should: String =
        printed().iter().map(|route| format!("{:<4} {}\n", route.method, route.path)).collect();
    must_equal(&list_file(), &should);
}

#[test]
fn every_entry_of_the_menu_leads_to_a_page() {
    let pages = pages();
    for entry in app::modules::all().into_iter().flat_map(|module| module.menu) {
        let leads = |route: &&Route| route.is_safe() && route.path == entry.href;
        let is_web = entry.href == "/api";
        assert!(is_web || pages.iter().any(|route| leads(&route)), "{} leads nowhere", entry.href);
    }
}
