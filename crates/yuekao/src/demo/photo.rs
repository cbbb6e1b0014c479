//! Photos, drawn: simple scenes before and after rectification, each marked as synthetic in the picture itself.
//!
//! A demo folder holds one small album; findings refer to its pictures by digest. No photograph is used.

mod canvas;
mod scene;

use std::collections::BTreeMap;

use anyhow::Result;
use assessment::facts::sha256;
use assessment::indicator::Indicator;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::dice::Dice;
use canvas::Canvas;
pub use scene::Scene;

/// Variants of each scene in a demo folder.
pub const VARIANTS: usize = 6;

const QUALITY: u8 = 62;

/// A picture of a place before and after rectification: digest and JPEG.
type Pair = [(String, Vec<u8>); 2];

/// The pictures that findings refer to.
pub struct Album(BTreeMap<Scene, Vec<Pair>>);

impl Album {
    /// Draws so many variants of every scene, on all processors.
    ///
    /// # Errors
    /// A picture cannot be encoded.
    pub fn draw(seed: u64, variants: usize) -> Result<Self> {
        let tasks: Vec<(Scene, usize)> = Scene::ALL
            .iter()
            .flat_map(|scene| (0..variants).map(|variant| (*scene, variant)))
            .collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let drawn: Vec<Result<(Scene, Pair)>> = std::thread::scope(|scope| {
            let workers: Vec<_> = tasks
                .chunks(tasks.len().div_ceil(threads).max(1))
                .map(|tasks| {
                    scope.spawn(|| {
                        let draw = |(scene, variant): &(Scene, usize)| {
                            Ok((*scene, pair(seed, *scene, *variant)?))
                        };
                        tasks.iter().map(draw).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().expect("drawing does not panic"))
                .collect()
        });
        let mut album = BTreeMap::<Scene, Vec<Pair>>::new();
        for drawn in drawn {
            let (scene, pair) = drawn?;
            album.entry(scene).or_default().push(pair);
        }
        Ok(Self(album))
    }

    /// Digests without pictures, for tests that only count.
    #[cfg(test)]
    pub fn unseen() -> Self {
        let picture =
            |scene: &Scene, when| (sha256(format!("{scene:?} {when}").as_bytes()), Vec::new());
        Self(
            Scene::ALL
                .iter()
                .map(|scene| {
                    (
                        *scene,
                        vec![[picture(scene, "before"), picture(scene, "after")]],
                    )
                })
                .collect(),
        )
    }

    /// Digests for a finding: the picture that shows it, and one of the same place after rectification.
    pub fn of(&self, indicator: &Indicator, rectified: bool, dice: &mut Dice) -> Vec<String> {
        let [before, after] = dice.pick(&self.0[&Scene::of(indicator)]);
        let after = rectified.then(|| after.0.clone());
        std::iter::once(before.0.clone()).chain(after).collect()
    }

    /// The digest of a picture that shows the breach of an indicator, the same each time.
    pub fn example(&self, indicator: &Indicator) -> (Scene, &str) {
        let scene = Scene::of(indicator);
        (scene, &self.0[&scene][0][0].0)
    }

    /// Every picture: digest and JPEG.
    pub fn pictures(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .values()
            .flatten()
            .flatten()
            .map(|(digest, jpeg)| (digest.as_str(), jpeg.as_slice()))
    }
}

fn pair(seed: u64, scene: Scene, variant: usize) -> Result<Pair> {
    Ok([
        draw(seed, scene, variant, false)?,
        draw(seed, scene, variant, true)?,
    ])
}

/// One picture of a place, before or after rectification: digest and JPEG.
///
/// # Errors
/// It cannot be encoded.
pub fn draw(seed: u64, scene: Scene, variant: usize, rectified: bool) -> Result<(String, Vec<u8>)> {
    let purpose = format!("photo|{scene:?}|{variant}");
    let mut canvas = Canvas::new();
    scene.backdrop(
        &mut canvas,
        &mut Dice::new(seed, &format!("{purpose}|place")),
    );
    if rectified {
        scene.sound(&mut canvas);
    } else {
        scene.fault(
            &mut canvas,
            &mut Dice::new(seed, &format!("{purpose}|fault")),
        );
    }
    canvas.grain(
        2,
        &mut Dice::new(seed, &format!("{purpose}|grain|{rectified}")),
    );
    canvas.mark();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).write_image(
        &canvas.bytes(),
        canvas::WIDTH as u32,
        canvas::HEIGHT as u32,
        ExtendedColorType::Rgb8,
    )?;
    Ok((sha256(&jpeg), jpeg))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn pictures_are_small_differ_and_say_what_they_are() {
        let album = Album::draw(5, 1).unwrap();
        let digests: BTreeSet<&str> = album.pictures().map(|(digest, _)| digest).collect();
        assert_eq!(digests.len(), Scene::ALL.len() * 2);
        for (_, jpeg) in album.pictures() {
            assert!(
                (8_000..50_000).contains(&jpeg.len()),
                "{} bytes",
                jpeg.len()
            );
            let picture = image::load_from_memory(jpeg).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), (640, 480));
            // The mark is white on a dark band at the foot of the picture.
            let band: Vec<u8> = picture
                .enumerate_pixels()
                .filter(|(_, y, _)| (452..476).contains(y))
                .map(|(.., pixel)| pixel.0[1])
                .collect();
            let white = band.iter().filter(|green| **green > 200).count();
            let dark = band.iter().filter(|green| **green < 70).count();
            assert!(white > 600 && dark > white, "{white} white, {dark} dark");
        }
        let again = pair(5, Scene::Stall, 0).unwrap();
        assert!(
            again
                .iter()
                .all(|(digest, _)| digests.contains(digest.as_str()))
        );
    }
}
