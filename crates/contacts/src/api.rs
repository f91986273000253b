//! `/api/contacts`, and `/api/customers`, which are those of them who buy.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::Permission;
use db::ReadTx;
use kernel::{Error, Id, Lang, Money, PageRequest, Phone, Result, Text, Timestamp, Tin};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    Contact, ContactFilter, ContactKind, ContactOrder, NewContact, create_contact as create,
    delete_contact as delete, find_by_number, get, list, update_contact as update,
};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts, create_contact))
        .routes(routes!(get_contact, replace_contact, change_contact, delete_contact))
        .routes(routes!(list_customers, create_customer))
        .routes(routes!(get_customer, replace_customer, change_customer, delete_customer))
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What is written into a contact. `name` is required of POST and PUT; what is absent stays as it is (its default on
/// POST), null takes a value away.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ContactIn {
    /// What it is called.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Its phone, in any way people write it; one contact a phone.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, example = "+998901234567")]
    pub phone: Option<Option<Phone>>,
    /// The language it is written to: `uz`, `ru` or `en`.
    #[schema(value_type = Option<String>)]
    pub language: Option<Lang>,
    /// `person` or `company`.
    pub kind: Option<ContactKind>,
    /// 9, 12 or 14 digits.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub tin: Option<Option<Tin>>,
    /// Its e-mail address.
    #[serde(default, deserialize_with = "said")]
    pub email: Option<Option<String>>,
    /// Where it is.
    #[serde(default, deserialize_with = "said")]
    pub address: Option<Option<String>>,
    /// It buys.
    pub is_customer: Option<bool>,
    /// It supplies.
    pub is_supplier: Option<bool>,
    /// What it may owe at most, in so'm; null is no limit.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    pub credit_limit: Option<Option<Money>>,
    /// What the staff should know.
    #[serde(default, deserialize_with = "said")]
    pub note: Option<Option<String>>,
}

impl ContactIn {
    fn whole(self) -> Result<Self> {
        if self.name.is_some() {
            Ok(self)
        } else {
            Err(Error::field("name", Text::new("kernel-text-missing")))
        }
    }

    /// What stands, with what is said written over it.
    fn over(self, stands: NewContact) -> NewContact {
        let Self {
            name,
            phone,
            language,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
        } = self;
        NewContact {
            name: name.unwrap_or(stands.name),
            phone: phone.unwrap_or(stands.phone),
            lang: language.unwrap_or(stands.lang),
            kind: kind.unwrap_or(stands.kind),
            tin: tin.unwrap_or(stands.tin),
            email: email.unwrap_or(stands.email),
            address: address.unwrap_or(stands.address),
            is_customer: is_customer.unwrap_or(stands.is_customer),
            is_supplier: is_supplier.unwrap_or(stands.is_supplier),
            credit_limit: credit_limit.unwrap_or(stands.credit_limit),
            note: note.unwrap_or(stands.note),
        }
    }
}

/// A contact as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the same fields as ContactIn's and Contact's")]
pub struct ContactOut {
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
    #[schema(value_type = String)]
    pub language: Lang,
    pub kind: ContactKind,
    #[schema(value_type = Option<String>)]
    pub tin: Option<Tin>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub is_customer: bool,
    pub is_supplier: bool,
    #[schema(value_type = Option<f64>)]
    pub credit_limit: Option<Money>,
    pub note: Option<String>,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}

impl From<Contact> for ContactOut {
    fn from(contact: Contact) -> Self {
        let Contact {
            id,
            number,
            name,
            phone,
            lang,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
            created_at,
            updated_at,
            deleted_at: _,
        } = contact;
        Self {
            id: number,
            uuid: id.uuid(),
            name,
            phone,
            language: lang,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
            created_at,
            updated_at,
        }
    }
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactQuery {
    /// Words of the name in either script, or an end of the phone.
    q: Option<String>,
    /// Those who buy, or who do not.
    is_customer: Option<bool>,
    /// Those who supply, or who do not.
    is_supplier: Option<bool>,
    /// This phone, in any way of writing it.
    phone: Option<String>,
    /// This TIN.
    tin: Option<String>,
    /// `name` or `id`; with `-` before it from the end.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl ContactQuery {
    fn read(self) -> Result<(ContactFilter, PageRequest)> {
        let Self { q, is_customer, is_supplier, phone, tin, ordering, page, page_size } = self;
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let phone = given(phone).map(|text| Phone::parse(&text)).transpose();
        let tin = given(tin).map(|text| Tin::parse(&text)).transpose();
        let ordering = ordering.unwrap_or_default();
        let (word, descending) =
            ordering.strip_prefix('-').map_or((ordering.as_str(), false), |word| (word, true));
        let unknown = || Error::field("ordering", Text::new("contacts-ordering-unknown"));
        let order = match word {
            "" => ContactOrder::default(),
            word => ContactOrder::parse(word).ok_or_else(unknown)?,
        };
        let filter = ContactFilter {
            q: given(q),
            is_customer,
            is_supplier,
            phone: phone.map_err(|error| error.under("phone"))?,
            tin: tin.map_err(|error| error.under("tin"))?,
            order,
            descending,
        };
        Ok((filter, PageQuery::of(page, page_size).request()))
    }
}

/// The contact that a path names by number or id, unless it was deleted.
pub(crate) fn find(ctx: &context::Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Contact> {
    ctx.require(Permission::SalesRead)?;
    let found = match key {
        RowKey::Number(number) => find_by_number(ctx, tx, number)?,
        RowKey::Id(uuid) => Some(get(ctx, tx, Id::from_uuid(uuid))?),
    };
    found.filter(|contact| contact.deleted_at.is_none()).ok_or_else(Error::not_found)
}

async fn read_list(caller: &Caller, query: ContactQuery) -> web::Result<Json<Listed<ContactOut>>> {
    let (filter, part) = query.read()?;
    let page = caller.read(move |ctx, tx| list(ctx, tx, &filter, part)).await?;
    Ok(Json(Listed::of(caller, page.map(ContactOut::from))))
}

async fn make(caller: Caller, body: ContactIn, is_customer: bool) -> web::Result<impl IntoResponse> {
    let stands = NewContact { is_customer, ..NewContact::customer("", None) };
    let content = body.whole()?.over(stands);
    let make =
        move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| create(ctx, tx, content.clone()).map(ContactOut::from);
    let out = caller.once(make).await?;
    let place = [(header::LOCATION, format!("/api/contacts/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

async fn read_one(caller: &Caller, key: RowKey) -> web::Result<Json<ContactOut>> {
    Ok(Json(caller.read(move |ctx, tx| find(ctx, tx, key)).await?.into()))
}

async fn write(caller: &Caller, key: RowKey, body: ContactIn) -> web::Result<Json<ContactOut>> {
    let write = move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| {
        let stands = find(ctx, tx, key)?;
        update(ctx, tx, stands.id, body.clone().over(stands.content())).map(ContactOut::from)
    };
    Ok(Json(caller.write(write).await?))
}

async fn remove(caller: &Caller, key: RowKey) -> web::Result<StatusCode> {
    let remove = move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        delete(ctx, tx, id).map(drop)
    };
    caller.write(remove).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The contacts that fit.
#[utoipa::path(get, path = "/api/contacts", tag = "contacts", params(ContactQuery),
    responses((status = 200, body = Listed<ContactOut>)))]
async fn list_contacts(
    caller: Caller,
    Query(query): Query<ContactQuery>,
) -> web::Result<Json<Listed<ContactOut>>> {
    read_list(&caller, query).await
}

/// The customers that fit.
#[utoipa::path(get, path = "/api/customers", tag = "contacts", params(ContactQuery),
    responses((status = 200, body = Listed<ContactOut>)))]
async fn list_customers(
    caller: Caller,
    Query(query): Query<ContactQuery>,
) -> web::Result<Json<Listed<ContactOut>>> {
    read_list(&caller, ContactQuery { is_customer: Some(true), ..query }).await
}

/// Writes a new contact.
#[utoipa::path(post, path = "/api/contacts", tag = "contacts", request_body = ContactIn,
    responses((status = 201, body = ContactOut), (status = 422, body = ProblemBody)))]
async fn create_contact(caller: Caller, Json(body): Json<ContactIn>) -> web::Result<impl IntoResponse> {
    make(caller, body, false).await
}

/// Writes a new customer.
#[utoipa::path(post, path = "/api/customers", tag = "contacts", request_body = ContactIn,
    responses((status = 201, body = ContactOut), (status = 422, body = ProblemBody)))]
async fn create_customer(caller: Caller, Json(body): Json<ContactIn>) -> web::Result<impl IntoResponse> {
    make(caller, body, true).await
}

macro_rules! one {
    ($path:literal, $get:ident, $put:ident, $patch:ident, $delete:ident) => {
        /// One contact.
        #[utoipa::path(get, path = $path, tag = "contacts", params(("id" = String, Path)),
                    responses((status = 200, body = ContactOut), (status = 404, body = ProblemBody)))]
        async fn $get(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ContactOut>> {
            read_one(&caller, key).await
        }

        /// Changes a contact; `name` is required, what else is absent stays.
        #[utoipa::path(put, path = $path, tag = "contacts", params(("id" = String, Path)),
                    request_body = ContactIn, responses((status = 200, body = ContactOut), (status = 422, body = ProblemBody)))]
        async fn $put(
            caller: Caller,
            Path(key): Path<RowKey>,
            Json(body): Json<ContactIn>,
        ) -> web::Result<Json<ContactOut>> {
            write(&caller, key, body.whole()?).await
        }

        /// Changes what is said of a contact; what is absent stays.
        #[utoipa::path(patch, path = $path, tag = "contacts", params(("id" = String, Path)),
                    request_body = ContactIn, responses((status = 200, body = ContactOut), (status = 422, body = ProblemBody)))]
        async fn $patch(
            caller: Caller,
            Path(key): Path<RowKey>,
            Json(body): Json<ContactIn>,
        ) -> web::Result<Json<ContactOut>> {
            write(&caller, key, body).await
        }

        /// Deletes a contact. Where documents name it, it leaves every list and stays readable in them.
        #[utoipa::path(delete, path = $path, tag = "contacts", params(("id" = String, Path)),
                    responses((status = 204), (status = 404, body = ProblemBody)))]
        async fn $delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
            remove(&caller, key).await
        }
    };
}

one!("/api/contacts/{id}", get_contact, replace_contact, change_contact, delete_contact);
one!("/api/customers/{id}", get_customer, replace_customer, change_customer, delete_customer);
