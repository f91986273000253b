//! Places on the globe.

/// Millionths of a degree (WGS 84) as people write degrees, by its digits: no arithmetic with floats.
pub fn degrees(millionths: i32) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let whole = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", whole / 1_000_000, whole % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::degrees;

    #[test]
    fn places_are_written_in_degrees_by_their_digits() {
        assert_eq!(degrees(41_311_080), "41.311080");
        assert_eq!(degrees(-500), "-0.000500");
        assert_eq!(degrees(-69_240_562), "-69.240562");
    }
}
