//! Numbers that go through a browser and come back, and tell nobody anything on the way: an act's number says how much was done
//! meanwhile, covert work too.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use super::{Result, Store, digest};

/// Seals numbers of one store.
pub struct Seal(LessSafeKey);

/// Bytes of what is drawn by lot for each.
const NONCE: usize = 12;

impl Seal {
    /// Two numbers under seal, as hex; another text each time.
    ///
    /// # Panics
    /// Never: the numbers are short.
    pub fn close(&self, numbers: (i64, i64)) -> String {
        let nonce: [u8; NONCE] = rand::random();
        let mut bytes = [numbers.0.to_be_bytes(), numbers.1.to_be_bytes()].concat();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut bytes,
            )
            .expect("two numbers are short");
        hex::encode(nonce) + &hex::encode(bytes)
    }

    /// The numbers; `None`: it was not sealed here.
    pub fn open(&self, text: &str) -> Option<(i64, i64)> {
        let bytes = hex::decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Aad::empty(), &mut sealed);
        let (first, rest) = opened.ok()?.split_first_chunk::<8>()?;
        let second = rest.try_into().ok()?;
        Some((i64::from_be_bytes(*first), i64::from_be_bytes(second)))
    }
}

impl Store {
    /// The seal of this store, the same on all servers of its database: made of what was drawn by lot for the first act.
    pub async fn seal(&self) -> Result<Seal> {
        let salt: Option<String> = sqlx::query_scalar("SELECT salt FROM act ORDER BY seq LIMIT 1")
            .fetch_optional(self.reading())
            .await?;
        let key = digest(format!("seal {}", salt.unwrap_or_default()));
        let key = hex::decode(key).expect("a digest is hex");
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).expect("a digest has 32 bytes");
        Ok(Seal(LessSafeKey::new(key)))
    }
}
