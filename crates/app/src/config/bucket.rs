//! The settings of a bucket of files.

use super::Given;

impl Given {
    /// Where files go. What is wrong with a key must not be printed.
    pub(super) fn s3(&mut self) -> Option<files::S3> {
        let text = |name| self.text(name).trim().to_owned();
        let (bucket, region, prefix) =
            (text("KARVON_S3_BUCKET"), text("KARVON_S3_REGION"), text("KARVON_S3_PREFIX"));
        let (key_id, secret_key) = (text("KARVON_S3_KEY_ID"), text("KARVON_S3_SECRET_KEY"));
        let endpoint = self.read_as("KARVON_S3_ENDPOINT", "an http(s) address", |text| {
            let is_address = text.is_empty() || text.starts_with("http://") || text.starts_with("https://");
            is_address.then(|| text.trim_end_matches('/').to_owned())
        })?;
        let path_style = self.flag("KARVON_S3_PATH_STYLE");
        if bucket.is_empty() {
            for name in ["KARVON_S3_ENDPOINT", "KARVON_S3_KEY_ID", "KARVON_S3_SECRET_KEY", "KARVON_S3_PREFIX"]
            {
                if !self.text(name).trim().is_empty() {
                    self.wrong.push(format!("{name}: needs KARVON_S3_BUCKET, without which nothing uses it"));
                }
            }
            return None;
        }
        let is_plain =
            |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
        if !is_plain(&bucket) {
            self.wrong.push(format!("KARVON_S3_BUCKET: {bucket:?} is not the name of a bucket"));
        }
        let parts: Vec<&str> = prefix.trim_matches('/').split('/').collect();
        if parts.iter().any(|part| !is_plain(part) || matches!(*part, "." | "..")) {
            self.wrong
                .push(format!("KARVON_S3_PREFIX: {prefix:?} is not letters, digits and . - _ between /"));
        }
        for (name, value) in [("KARVON_S3_KEY_ID", &key_id), ("KARVON_S3_SECRET_KEY", &secret_key)] {
            if value.is_empty() {
                self.wrong.push(format!("{name}: a bucket needs a key"));
            }
        }
        Some(files::S3 { endpoint, region, bucket, key_id, secret_key, path_style, prefix })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn files_go_to_a_bucket_where_one_is_named_whole() {
        let of = |pairs: &[(&str, &str)]| {
            let given = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Config::from("", &given.collect())
        };
        assert_eq!(of(&[]).unwrap().s3, None);
        let key = [("KARVON_S3_KEY_ID", "AKIA"), ("KARVON_S3_SECRET_KEY", "hush")];
        let whole =
            [("KARVON_S3_BUCKET", "shop"), ("KARVON_S3_ENDPOINT", "https://s3.example.uz/"), key[0], key[1]];
        let config = of(&whole).unwrap();
        let s3 = config.s3.clone().unwrap();
        assert_eq!((s3.endpoint.as_str(), s3.region.as_str()), ("https://s3.example.uz", "us-east-1"));
        assert!(s3.path_style && !format!("{config:?}").contains("hush"), "{config:?}");
        for wrong in [
            vec![key[1]],
            vec![("KARVON_S3_BUCKET", "shop"), key[1]],
            vec![("KARVON_S3_BUCKET", "shop/hushed"), key[0], key[1]],
            vec![("KARVON_S3_BUCKET", "shop"), ("KARVON_S3_ENDPOINT", "s3.example.uz"), key[0], key[1]],
            vec![("KARVON_S3_BUCKET", "shop"), ("KARVON_S3_PREFIX", "a/../b"), key[0], key[1]],
            vec![("KARVON_S3_BUCKET", "shop"), ("KARVON_S3_PATH_STYLE", "maybe"), key[0], key[1]],
        ] {
            let told = of(&wrong).unwrap_err();
            assert!(told.0.len() == 1 && told.0[0].starts_with("KARVON_S3_"), "{told}");
            assert!(!told.to_string().contains("hush\"") && !told.to_string().contains("AKIA"), "{told}");
        }
    }
}
