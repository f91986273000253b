//! One value type for both databases. A value is encoded by the type of the place it goes to.

use std::{borrow::Cow, error::Error as StdError};

use chrono::NaiveDate;
use kernel::{Barcode, Date, Id, Lang, Money, Mxik, Phone, Quantity, Rate, Timestamp, Tin};
use postgres::types::{FromSql, IsNull, ToSql, Type};
use rusqlite::types::{ToSqlOutput, ValueRef};
use uuid::Uuid;

/// What a column or a parameter holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// Any integer: counts, tiyin, thousandths, milliseconds.
    Int(i64),
    /// Text; JSON too, which PostgreSQL stores as `jsonb`.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A UUID; 16 bytes on SQLite.
    Uuid(Uuid),
    /// A business date; ISO text on SQLite.
    Date(NaiveDate),
}

impl Value<'_> {
    /// The same value, owning what it holds.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(v) => Value::Bool(v),
            Value::Int(v) => Value::Int(v),
            Value::Text(v) => Value::Text(Cow::Owned(v.into_owned())),
            Value::Bytes(v) => Value::Bytes(Cow::Owned(v.into_owned())),
            Value::Uuid(v) => Value::Uuid(v),
            Value::Date(v) => Value::Date(v),
        }
    }
}

/// What can be a parameter.
pub trait ToValue {
    /// As a database value.
    fn to_value(&self) -> Value<'_>;
}

/// What can be read from a column. `None` means that the column holds something else.
pub trait FromValue: Sized {
    /// From a database value.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        self.clone()
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

macro_rules! both_ways {
    ($($type:ty: |$me:ident| $to:expr, |$value:ident| $from:expr;)*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> { let $me = self; $to }
        }
        impl FromValue for $type {
            fn from_value($value: Value<'_>) -> Option<Self> { $from }
        }
    )*};
}

fn int(value: &Value<'_>) -> Option<i64> {
    if let Value::Int(n) = value { Some(*n) } else { None }
}
fn text<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    if let Value::Text(t) = value { Some(t) } else { None }
}

both_ways! {
    bool: |me| Value::Bool(*me), |v| match v { Value::Bool(b) => Some(b), Value::Int(0) => Some(false), Value::Int(1) => Some(true), _ => None };
    i64: |me| Value::Int(*me), |v| int(&v);
    i32: |me| Value::Int(i64::from(*me)), |v| int(&v)?.try_into().ok();
    u32: |me| Value::Int(i64::from(*me)), |v| int(&v)?.try_into().ok();
    u16: |me| Value::Int(i64::from(*me)), |v| int(&v)?.try_into().ok();
    String: |me| Value::Text(Cow::Borrowed(me)), |v| match v { Value::Text(t) => Some(t.into_owned()), _ => None };
    Vec<u8>: |me| Value::Bytes(Cow::Borrowed(me)), |v| match v { Value::Bytes(b) => Some(b.into_owned()), _ => None };
    Uuid: |me| Value::Uuid(*me), |v| match v { Value::Uuid(u) => Some(u), Value::Bytes(b) => Uuid::from_slice(&b).ok(), _ => None };
    NaiveDate: |me| Value::Date(*me), |v| match v { Value::Date(d) => Some(d), Value::Text(t) => NaiveDate::parse_from_str(&t, "%Y-%m-%d").ok(), _ => None };
    Date: |me| Value::Date(me.naive()), |v| NaiveDate::from_value(v).map(Date::from_naive);
    Timestamp: |me| Value::Int(me.as_millis()), |v| int(&v).map(Timestamp::from_millis);
    Money: |me| Value::Int(me.tiyin()), |v| int(&v).map(Money::from_tiyin);
    Quantity: |me| Value::Int(me.thousandths()), |v| int(&v).map(Quantity::from_thousandths);
    Rate: |me| Value::Int(me.basis_points()), |v| int(&v).map(Rate::from_basis_points);
    Lang: |me| Value::Text(Cow::Borrowed(me.code())), |v| Lang::parse(text(&v)?);
    Phone: |me| Value::Text(Cow::Borrowed(me.as_str())), |v| Phone::parse(text(&v)?).ok();
    Tin: |me| Value::Text(Cow::Borrowed(me.as_str())), |v| Tin::parse(text(&v)?).ok();
    Mxik: |me| Value::Text(Cow::Borrowed(me.as_str())), |v| Mxik::parse(text(&v)?).ok();
    Barcode: |me| Value::Text(Cow::Borrowed(me.as_str())), |v| Barcode::parse(text(&v)?).ok();
    serde_json::Value: |me| Value::Text(Cow::Owned(me.to_string())), |v| serde_json::from_str(text(&v)?).ok();
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}
impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}
impl<T> ToValue for Id<T> {
    fn to_value(&self) -> Value<'_> {
        Value::Uuid(self.uuid())
    }
}
impl<T> FromValue for Id<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        Uuid::from_value(value).map(Self::from_uuid)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(v) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*v))),
            Value::Int(v) => ToSqlOutput::Borrowed(ValueRef::Integer(*v)),
            Value::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Value::Bytes(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            Value::Uuid(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v.as_bytes())),
            Value::Date(v) => ToSqlOutput::Owned(rusqlite::types::Value::Text(v.to_string())),
        })
    }
}

impl<'a> Value<'a> {
    /// From a SQLite column; `None` for a REAL, which no table of ours has.
    pub(crate) fn from_sqlite(value: ValueRef<'a>) -> Option<Self> {
        Some(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(v) => Value::Int(v),
            ValueRef::Text(v) => Value::Text(Cow::Borrowed(std::str::from_utf8(v).ok()?)),
            ValueRef::Blob(v) => Value::Bytes(Cow::Borrowed(v)),
            ValueRef::Real(_) => return None,
        })
    }
}

type Boxed = Box<dyn StdError + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Boxed> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(v) => v.to_sql(ty, out),
            Value::Int(v) => match *ty {
                Type::INT2 => i16::try_from(*v)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
                Type::INT8 => v.to_sql(ty, out),
                ref other => Err(format!("an integer for a parameter of type {other}").into()),
            },
            Value::Text(v) => match *ty {
                Type::JSON => {
                    out.extend_from_slice(v.as_bytes());
                    Ok(IsNull::No)
                }
                Type::JSONB => {
                    // The wire form of jsonb: version 1, then the text.
                    out.extend_from_slice(&[1]);
                    out.extend_from_slice(v.as_bytes());
                    Ok(IsNull::No)
                }
                // sea-query carries dates as text.
                Type::DATE => v.parse::<NaiveDate>()?.to_sql(ty, out),
                _ => v.as_ref().to_sql(ty, out),
            },
            Value::Bytes(v) => v.as_ref().to_sql(ty, out),
            Value::Uuid(v) => v.to_sql(ty, out),
            Value::Date(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(match *ty {
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::UUID => Value::Uuid(Uuid::from_sql(ty, raw)?),
            Type::DATE => Value::Date(NaiveDate::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(Cow::Borrowed(raw)),
            Type::JSON => Value::Text(Cow::Borrowed(std::str::from_utf8(raw)?)),
            Type::JSONB => Value::Text(Cow::Borrowed(std::str::from_utf8(raw.get(1..).unwrap_or_default())?)),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(Cow::Borrowed(<&str>::from_sql(ty, raw)?))
            }
            ref other => return Err(format!("a column of type {other}: cast it in the query").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// What sea-query built a statement with.
pub(crate) fn from_sea(value: &sea_query::Value) -> kernel::Result<Value<'static>> {
    use sea_query::Value as Sea;
    Ok(match value {
        Sea::Bool(v) => v.map_or(Value::Null, Value::Bool),
        Sea::Int(v) => v.map_or(Value::Null, |v| Value::Int(v.into())),
        Sea::Unsigned(v) => v.map_or(Value::Null, |v| Value::Int(v.into())),
        Sea::BigInt(v) => v.map_or(Value::Null, Value::Int),
        Sea::BigUnsigned(v) => {
            v.map_or(Value::Null, |v| i64::try_from(v).map_or(Value::Int(i64::MAX), Value::Int))
        }
        Sea::String(v) => v.as_ref().map_or(Value::Null, |v| Value::Text(Cow::Owned(v.to_string()))),
        Sea::Bytes(v) => v.as_ref().map_or(Value::Null, |v| Value::Bytes(Cow::Owned(v.to_vec()))),
        Sea::Uuid(v) => v.map_or(Value::Null, Value::Uuid),
        other => return Err(kernel::Error::internal(format!("{other:?} has no place in a statement"))),
    })
}

/// So that sea-query's conditions take our values: `Expr::col("id").eq(sea(id))`.
impl From<Value<'_>> for sea_query::Value {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::String(None),
            Value::Bool(v) => Self::Bool(Some(v)),
            Value::Int(v) => Self::BigInt(Some(v)),
            Value::Text(v) => Self::String(Some(v.into_owned())),
            Value::Bytes(v) => Self::Bytes(Some(v.into_owned())),
            Value::Uuid(v) => Self::Uuid(Some(v)),
            Value::Date(v) => Self::String(Some(v.to_string())),
        }
    }
}
