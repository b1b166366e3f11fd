//! The scripts, each one atomic step of Redis; see their files.

use std::sync::LazyLock;

use redis::Script;

/// A script that speaks of one tenant.
macro_rules! of_tenant {
    ($file:literal) => {
        LazyLock::new(|| Script::new(concat!(include_str!("scripts/prelude.lua"), include_str!($file))))
    };
}

/// A script that speaks of all of them.
macro_rules! of_all {
    ($file:literal) => {
        LazyLock::new(|| Script::new(include_str!($file)))
    };
}

pub(super) static RESERVE: LazyLock<Script> = of_tenant!("scripts/reserve.lua");
pub(super) static RAISE: LazyLock<Script> = of_tenant!("scripts/raise.lua");
pub(super) static RELEASE: LazyLock<Script> = of_tenant!("scripts/release.lua");
pub(super) static COUNT: LazyLock<Script> = of_tenant!("scripts/count.lua");
pub(super) static TAKE_STORAGE: LazyLock<Script> = of_tenant!("scripts/take_storage.lua");
pub(super) static CHANGE_STORAGE: LazyLock<Script> = of_tenant!("scripts/change_storage.lua");
pub(super) static EPOCH: LazyLock<Script> = of_tenant!("scripts/epoch.lua");
pub(super) static INVALIDATE: LazyLock<Script> = of_tenant!("scripts/invalidate.lua");
pub(super) static INSTALL: LazyLock<Script> = of_tenant!("scripts/install.lua");
pub(super) static RENEW: LazyLock<Script> = of_all!("scripts/renew.lua");
pub(super) static EXPIRED: LazyLock<Script> = of_all!("scripts/expired.lua");
pub(super) static ADOPT: LazyLock<Script> = of_all!("scripts/adopt.lua");
