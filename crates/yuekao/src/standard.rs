//! Catalogues of indicators around the program: those that ship with it, the case data that they
//! refer to, and lists of outer standards that a host has obtained.

pub mod cases;
pub mod outer;

use std::path::Path;

use anyhow::bail;
use assessment::indicator::Standard;
use rust_embed::RustEmbed;

use crate::file;

/// The folder `standards/` as it was when the program was built.
#[derive(RustEmbed)]
#[folder = "../../standards"]
struct Shipped;

/// A catalogue with its text.
pub struct Catalogue {
    pub standard: Standard,
    pub text: String,
}

/// All catalogues of a folder, or those that ship with the program where no folder is given, by file name.
///
/// # Errors
/// A file cannot be read or is no catalogue.
pub fn all(folder: Option<&Path>) -> anyhow::Result<Vec<Catalogue>> {
    let Some(folder) = folder else {
        let catalogue = |name: &str| name.ends_with(".toml") && !name.contains('/');
        let mut names: Vec<_> = Shipped::iter().filter(|name| catalogue(name)).collect();
        names.sort();
        return names.iter().map(|name| shipped(name)).collect();
    };
    let mut paths = file::entries(folder)?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.iter().map(|path| read(path)).collect()
}

/// The catalogue of that file or, if there is no such file, of that id.
///
/// # Errors
/// There is neither, or the file has faults.
pub fn find(name: &str, folder: Option<&Path>) -> anyhow::Result<Option<Catalogue>> {
    let path = Path::new(name);
    if path.is_file() {
        return read(path).map(Some);
    }
    Ok(all(folder)?
        .into_iter()
        .find(|catalogue| catalogue.standard.id == name))
}

fn read(path: &Path) -> anyhow::Result<Catalogue> {
    Ok(Catalogue {
        standard: file::standard_file(path)?,
        text: file::text(path)?,
    })
}

fn shipped(name: &str) -> anyhow::Result<Catalogue> {
    let bytes = Shipped::get(name)
        .map(|file| file.data.into_owned())
        .unwrap_or_default();
    let text = String::from_utf8(bytes)?;
    match Standard::parse(&text) {
        (Some(standard), _) => Ok(Catalogue { standard, text }),
        (None, issues) => bail!(
            "{name}:{}",
            issues.iter().map(ToString::to_string).collect::<String>()
        ),
    }
}
