//! `#[db_test]`: one test body, both databases.

use proc_macro::TokenStream;
use quote::quote;
use syn::{ItemFn, parse_macro_input};

/// Turns `fn name(db: &TestDb)` (or an `async fn`) into two tests, `name::sqlite` and `name::postgres`,
/// each with a fresh database that holds the crate's migrations.
///
/// The crate's root offers `pub(crate) fn test_migrations() -> Vec<db::Migrations>`: what to put into it,
/// lower crates first.
#[proc_macro_attribute]
pub fn db_test(_args: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let name = &function.sig.ident;
    let inputs = &function.sig.inputs;
    let block = &function.block;
    let output = &function.sig.output;
    let asyncness = &function.sig.asyncness;
    let run = if asyncness.is_some() {
        quote! { db::testing::block_on(body(&db)) }
    } else {
        quote! { body(&db) }
    };
    quote! {
        mod #name {
            use super::*;
            #asyncness fn body(#inputs) #output #block

            #[test]
            fn sqlite() #output {
                let db = db::testing::TestDb::sqlite(&crate::test_migrations());
                #run
            }

            #[test]
            fn postgres() #output {
                let db = db::testing::TestDb::postgres(&crate::test_migrations());
                #run
            }
        }
    }
    .into()
}
