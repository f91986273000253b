//! The names of what the catalog tells after a commit. The subject is the product's or the category's id.

/// A product was written down.
pub const PRODUCT_CREATED: &str = "product.created";
/// Something in a product, or its picture, was changed.
pub const PRODUCT_CHANGED: &str = "product.changed";
/// A product was deleted.
pub const PRODUCT_DELETED: &str = "product.deleted";
/// A category was made, renamed, moved or deleted: paths and names below it may be others now.
pub const CATEGORY_CHANGED: &str = "category.changed";
