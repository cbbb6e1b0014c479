use super::Scheme;
use crate::read::Reader;
pub fn scheme(_scheme: &Scheme, _reader: &Reader) {}
