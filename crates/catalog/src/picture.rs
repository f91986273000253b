//! A picture as strangers send it, made into the two that are kept. Pure, slow (tens of milliseconds): never on a
//! database thread.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use kernel::{Error, Kind, Result, Text};

/// The largest file that is taken: a photo of a good telephone.
pub const PICTURE_BYTES_AT_MOST: usize = 10 * 1_024 * 1_024;
/// Pixels on a side at most; a picture of that many on both sides takes 256 MB to decode.
const SIDE_AT_MOST: u32 = 8_192;
/// Bytes that decoding may take.
const MEMORY_AT_MOST: u64 = 256 * 1_024 * 1_024;
/// The kept sizes: for the product's page and chats, and for lists.
const LARGE_SIDE: u32 = 1_280;
const SMALL_SIDE: u32 = 320;
/// JPEG quality: no difference seen, a third of the bytes of 95.
const QUALITY: u8 = 82;

/// The two kept pictures, as JPEG, which every channel takes.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// At most 1,280 pixels on a side.
    pub large: Vec<u8>,
    /// At most 320 pixels on a side.
    pub small: Vec<u8>,
}

/// Reads a PNG, JPEG or WebP file and makes the two kept pictures of it: turned upright, transparent parts white,
/// nothing of the file's own metadata (place, camera) left. Errors are about the field `image`.
pub fn prepare(file: &[u8]) -> Result<Prepared> {
    if file.len() > PICTURE_BYTES_AT_MOST {
        let words = Text::new("catalog-image-too-large").with("max", PICTURE_BYTES_AT_MOST / 1_048_576);
        return Err(Error::new(Kind::TooMuch { retry_after_s: None }, words));
    }
    let refused = |source: image::ImageError| {
        let key = match source {
            image::ImageError::Limits(_) => "catalog-image-too-many-pixels",
            _ => "catalog-image-unreadable",
        };
        Error::field("image", Text::new(key)).because(source)
    };
    let mut reader = ImageReader::new(Cursor::new(file));
    let format = image::guess_format(file).map_err(refused)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(Error::field("image", Text::new("catalog-image-unreadable")));
    }
    reader.set_format(format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_AT_MOST);
    limits.max_image_height = Some(SIDE_AT_MOST);
    limits.max_alloc = Some(MEMORY_AT_MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let orientation = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    Ok(Prepared {
        large: jpeg(&within(&picture, LARGE_SIDE)).map_err(refused)?,
        small: jpeg(&within(&picture, SMALL_SIDE)).map_err(refused)?,
    })
}

/// The picture with no side longer than `side`; never made larger.
fn within(picture: &DynamicImage, side: u32) -> DynamicImage {
    if picture.width() <= side && picture.height() <= side {
        return picture.clone();
    }
    picture.resize(side, side, FilterType::CatmullRom)
}

fn jpeg(picture: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&on_white(picture))?;
    Ok(out)
}

/// JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let layered = picture.to_rgba8();
    let mut out = RgbImage::new(layered.width(), layered.height());
    for (to, from) in out.pixels_mut().zip(layered.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let alpha = u16::from(alpha);
        let over = |colour: u8| {
            u8::try_from((u16::from(colour) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        to.0 = [over(red), over(green), over(blue)];
    }
    out
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbaImage::from_pixel(width, height, Rgba([200, 30, 30, 0]));
        let mut out = Cursor::new(Vec::new());
        let picture = DynamicImage::from(picture);
        let picture = if format == ImageFormat::Jpeg { picture.to_rgb8().into() } else { picture };
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_picture_is_kept_in_two_sizes_and_transparency_becomes_white() {
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
            let Prepared { large, small } = prepare(&file(1_600, 400, format)).unwrap();
            let (large, small) =
                (image::load_from_memory(&large).unwrap(), image::load_from_memory(&small).unwrap());
            assert_eq!((large.width(), large.height()), (1_280, 320), "{format:?}");
            assert_eq!((small.width(), small.height()), (320, 80), "{format:?}");
            if format != ImageFormat::Jpeg {
                assert!(small.to_rgb8().pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
            }
        }
        let small = prepare(&file(10, 12, ImageFormat::Png)).unwrap().large;
        assert_eq!(image::load_from_memory(&small).unwrap().width(), 10);
    }

    #[test]
    fn what_is_no_picture_or_a_bomb_is_refused() {
        let bomb = file(9_000, 1, ImageFormat::Png);
        let torn = file(100, 100, ImageFormat::Png).get(..60).unwrap().to_vec();
        for (file, key) in [
            (b"<svg onload=alert(1)>".to_vec(), "catalog-image-unreadable"),
            (b"GIF89a".to_vec(), "catalog-image-unreadable"),
            (Vec::new(), "catalog-image-unreadable"),
            (torn, "catalog-image-unreadable"),
            (bomb, "catalog-image-too-many-pixels"),
        ] {
            assert_eq!(prepare(&file).unwrap_err().field_errors()[0].text.key(), key);
        }
        assert!(prepare(&vec![0; PICTURE_BYTES_AT_MOST + 1]).is_err());
    }
}
