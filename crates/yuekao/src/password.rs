//! Passwords: hashed with argon2, compared without telling whether the login exists.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use assessment::message::Message;
use rand::Rng as _;

/// Characters that a password has at least.
pub const SHORTEST: usize = 10;
/// Bytes that a password has at most: hashing a long text would keep the server busy.
const LONGEST: usize = 512;

/// Characters of made passwords: none that look alike.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The hash to keep for a password. Takes a while: call it where blocking is allowed.
pub fn hash(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes(), &SaltString::generate(&mut OsRng))
        .expect("argon2 hashes any text with its default parameters")
        .to_string()
}

/// Whether this is the password of the hash. Without a hash the answer is no, after the same while.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| hash(&made()));
    let kept = kept.filter(|hash| !hash.is_empty());
    let parsed = PasswordHash::new(kept.unwrap_or(&NOBODYS));
    let right = password.len() <= LONGEST
        && parsed.is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
    right && kept.is_some()
}

/// What is wrong with a new password for this login, if anything.
pub fn fault(password: &str, login: &str) -> Option<Message> {
    let letters = password.chars().count();
    let kinds: std::collections::HashSet<_> = password.chars().collect();
    match () {
        () if letters < SHORTEST => Some(Message::new("password-short").with("letters", SHORTEST)),
        () if password.len() > LONGEST => Some(Message::new("password-long")),
        () if kinds.len() < 5 => Some(Message::new("password-monotonous")),
        () if password.to_lowercase().contains(&login.to_lowercase()) => {
            Some(Message::new("password-has-login"))
        }
        () => None,
    }
}

/// A password that nobody has to think of: sixteen letters and digits in groups of four.
pub fn made() -> String {
    let mut random = rand::rng();
    let groups: Vec<String> = (0..4)
        .map(|_| {
            (0..4)
                .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
                .collect()
        })
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_opens_its_hash() {
        let kept = hash("合适的密码-2022-三月");
        assert!(kept.starts_with("$argon2id$"));
        assert!(is_right("合适的密码-2022-三月", Some(&kept)));
        assert!(!is_right("合适的密码-2022-四月", Some(&kept)));
        assert!(!is_right("", Some("")));
        assert!(!is_right("x", None));
        assert!(!is_right("x", Some("not a hash")));
    }

    #[test]
    fn weak_passwords_are_named() {
        let key = |password: &str| fault(password, "jiayu").map(|message| message.key);
        assert_eq!(key("short"), Some("password-short"));
        assert_eq!(key("aaaaaaaaaaaa"), Some("password-monotonous"));
        assert_eq!(key("JiaYu-2022-03"), Some("password-has-login"));
        assert_eq!(key(&"长而又长的密码".repeat(100)), Some("password-long"));
        assert_eq!(key(&made()), None);
    }
}
