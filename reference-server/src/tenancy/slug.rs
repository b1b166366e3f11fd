//! A tenant's id is a slug of its name, or of the domain of its e-mail address.

use crate::ids::{self, TenantId};

/// Leaves room for a suffix of seven characters within a tenant id's 63.
const MAX_BASE: usize = 40;
/// Domains whose users share nothing but their mail provider.
const PUBLIC_MAIL: [&str; 8] =
    ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.de", "aol.com"];

/// The slug to try first: of the name where one is given, else of the e-mail's domain (or its local part at a public provider).
#[must_use]
pub fn of(name: Option<&str>, email: &str) -> TenantId {
    let (local, domain) = email.rsplit_once('@').unwrap_or(("", email));
    let source = match name {
        Some(name) if !slugify(name).is_empty() => name,
        _ if PUBLIC_MAIL.contains(&domain.to_ascii_lowercase().as_str()) => local,
        _ => domain.rsplit_once('.').map_or(domain, |(host, _)| host),
    };
    let slug = slugify(source);
    let text = if slug.is_empty() { "tenant".to_owned() } else { slug };
    let slug = text.parse().expect("a slug of letters, digits and inner hyphens is a tenant id");
    if slug == TenantId::platform() { with_suffix(&slug) } else { slug }
}

/// The same slug with a suffix, for when it is taken.
#[must_use]
pub fn with_suffix(base: &TenantId) -> TenantId {
    let suffix = ids::random_u64() & 0xff_ffff;
    format!("{base}-{suffix:06x}").parse().expect("a slug with a hexadecimal suffix is a tenant id")
}

fn slugify(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if slug.len() >= MAX_BASE {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable() {
        assert_eq!(of(Some("Acme Corp."), "user@acme.com").as_str(), "acme-corp");
        assert_eq!(of(None, "user@acme-corp.com").as_str(), "acme-corp");
        assert_eq!(of(None, "jane.doe@gmail.com").as_str(), "jane-doe");
        assert_eq!(of(Some("日本"), "user@example.co.jp").as_str(), "example-co");
        assert_eq!(of(Some("***"), "x@日本.jp").as_str(), "tenant");
        assert!(of(Some("Platform"), "a@b.c").as_str().starts_with("platform-"), "the platform's own is taken");
        let taken = of(Some("Acme"), "a@b.c");
        assert!(with_suffix(&taken).as_str().starts_with("acme-"));
        assert_eq!(of(Some(&"x".repeat(300)), "a@b.c").as_str().len(), MAX_BASE);
    }
}
