//! Lets requests in: finds the key, checks it, and says who is calling and with which limits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use super::{
    Mode,
    key::{ParsedKey, Scope},
};
use crate::{
    clock::Clock,
    config::OperatorSecret,
    error::{Problem, Result},
    ids::{KeyId, TenantId},
    recent::Recent,
    store::{Store, TenantStore, platform::FoundKey},
    tenancy::{Limits, Tiers},
};

/// Beyond this many keys, uses older than a minute are forgotten: bounds the memory.
const NOTED_KEYS: usize = 20_000;
/// How exactly a key's last use is noted.
const NOTED_EVERY: chrono::Duration = chrono::Duration::minutes(1);

/// Who is calling.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The handle to the tenant's rows.
    pub store: TenantStore,
    /// The key that was shown.
    pub key_id: KeyId,
    /// What the key may do at most.
    pub scope: Scope,
    /// Live or test.
    pub mode: Mode,
    /// The tenant's tier.
    pub tier: String,
    /// The tenant's limits.
    pub limits: Limits,
}

impl Caller {
    /// Whose data is reached.
    #[must_use]
    pub fn tenant_id(&self) -> &TenantId {
        self.store.tenant_id()
    }

    /// Refuses a key that lacks a scope.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.scope >= scope { Ok(()) } else { Err(Problem::missing_scope(scope.as_str(), self.scope.as_str())) }
    }
}

/// Checks keys.
#[derive(Debug)]
pub struct Gate {
    store: Store,
    clock: Clock,
    tiers: Arc<Tiers>,
    operator: Option<OperatorSecret>,
    found: Recent<String, FoundKey>,
    noted: Mutex<HashMap<KeyId, chrono::DateTime<chrono::Utc>>>,
}

impl Gate {
    /// A gate to what `store` holds.
    #[must_use]
    pub fn new(store: Store, clock: Clock, tiers: Arc<Tiers>, operator: Option<OperatorSecret>) -> Self {
        Self { store, clock, tiers, operator, found: Recent::default(), noted: Mutex::default() }
    }

    /// Who is calling, by the header `Authorization: Bearer pk_…`.
    ///
    /// # Errors
    /// 401 without a valid key, 403 where the tenant is suspended, 503 where the database is gone.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller> {
        let key = ParsedKey::tenant(bearer(headers)?).ok_or_else(|| {
            Problem::unauthorized(
                "The API key is malformed: a key is `pk_live_<12 characters>_<32 characters>`, as sign-up shows it.",
            )
        })?;
        let refused = || {
            Problem::unauthorized(
                "The API key is not valid: it is unknown, revoked or expired. Use another key of your tenant.",
            )
        };
        let found = self
            .find(&key.public_id)
            .await?
            .filter(|f| key.secret.matches(&f.secret_hash) && f.mode == key.mode)
            .ok_or_else(refused)?;
        let now = self.clock.now();
        if found.expires_at.is_some_and(|at| at <= now) {
            return Err(refused());
        }
        if found.status != "active" {
            return Err(Problem::suspended());
        }
        let tier = self.tiers.get(&found.tier).ok_or_else(|| {
            Problem::internal(format!(
                "tenant {} is on the tier `{}`, which is not configured",
                found.tenant_id, found.tier
            ))
        })?;
        let caller = Caller {
            store: self.store.tenant(found.tenant_id.clone()),
            key_id: found.key_id.clone(),
            scope: found.scopes.iter().copied().max().unwrap_or(Scope::Read),
            mode: found.mode,
            tier: found.tier.clone(),
            limits: found.quota_overrides.over(tier.limits()),
        };
        self.note_use(&caller, now);
        Ok(caller)
    }

    /// Lets the operator in, by the header `Authorization: Bearer <operator key>`.
    ///
    /// # Errors
    /// 404 where no operator key is configured, so that `/admin` does not exist; 401 without the right one.
    pub async fn operator(&self, headers: &HeaderMap, path: &str) -> Result<()> {
        if self.operator.is_none() && !self.store.has_operator_keys().await? {
            return Err(Problem::no_such_path(path));
        }
        let refused = || {
            Problem::unauthorized("The operator key is not valid. Make one with `agent-platform operator-key create`.")
        };
        let shown = bearer(headers)?;
        if let Some(configured) = &self.operator {
            // Comparing hashes takes the same time whatever was shown, also for its length.
            if bool::from(digest(shown).ct_eq(&digest(configured.expose()))) {
                return Ok(());
            }
        }
        let key = ParsedKey::operator(shown).ok_or_else(refused)?;
        let hash = self.store.operator_key_hash(&key.public_id).await?.ok_or_else(refused)?;
        if key.secret.matches(&hash) { Ok(()) } else { Err(refused()) }
    }

    /// Forgets a key that was revoked here.
    pub fn forget(&self, public_id: &str) {
        self.found.forget(public_id);
    }

    /// Forgets a tenant whose limits were changed here.
    pub fn forget_tenant(&self, tenant_id: &TenantId) {
        self.found.forget_where(|key| key.tenant_id == *tenant_id);
    }

    async fn find(&self, public_id: &str) -> Result<Option<Arc<FoundKey>>> {
        if let Some(key) = self.found.get(public_id) {
            return Ok(Some(key));
        }
        let asked = Instant::now();
        let key = self.store.find_key(public_id).await?;
        Ok(self.found.put(public_id.to_owned(), asked, key))
    }

    /// Notes the key's use in the background, at most once a minute: no request waits for it.
    fn note_use(&self, caller: &Caller, now: chrono::DateTime<chrono::Utc>) {
        {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            if noted.get(&caller.key_id).is_some_and(|&at| now - at < NOTED_EVERY) {
                return;
            }
            if noted.len() >= NOTED_KEYS {
                noted.retain(|_, at| now - *at < NOTED_EVERY);
            }
            noted.insert(caller.key_id.clone(), now);
        }
        let caller = caller.clone();
        tokio::spawn(async move {
            if let Err(error) = caller.store.touch_key(&caller.key_id, now).await {
                tracing::warn!(key_id = %caller.key_id, %error, "a key's last use was not noted");
            }
        });
    }
}

fn digest(text: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The credential in `Authorization: Bearer …` (RFC 6750).
fn bearer(headers: &HeaderMap) -> Result<&str> {
    let missing = || {
        Problem::unauthorized(
            "No API key was given. Send it as `Authorization: Bearer pk_live_…`; POST /signup gives one.",
        )
    };
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?.to_str().map_err(|_| missing())?;
    let (scheme, credential) = value.split_once(' ').ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(credential.trim()) } else { Err(missing()) }
}
