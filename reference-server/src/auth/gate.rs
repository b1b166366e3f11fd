//! Lets requests in: finds the key, checks it, and says who is calling and with which limits.

use std::{net::IpAddr, sync::Arc, time::Instant};

use http::{HeaderMap, HeaderValue, header};
use subtle::ConstantTimeEq;

use super::{
    Mode,
    key::{ParsedKey, Scope},
    uses::Uses,
};
use crate::{
    address,
    audit::{Actor, Origin, Reason, Refusals, Refused},
    clock::Clock,
    config::OperatorSecret,
    error::{Problem, Result},
    ids::{KeyId, TenantId},
    rate::Rate,
    recent::{Recent, Trust},
    store::{Store, TenantStore, platform::FoundKey},
    tenancy::{Limits, Tiers},
};

/// What the secret of a key is compared with that does not exist: the time tells no guesser which do.
const NO_HASH: [u8; 32] = [0; 32];

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

const NO_KEY: &str = "No API key was given. Send it as `Authorization: Bearer pk_live_…`; POST /signup gives one.";
const NO_OPERATOR_KEY: &str = "No operator key was given. Send it as `Authorization: Bearer op_live_…`; `agent-platform operator-key create` gives one.";

/// Checks keys.
#[derive(Debug)]
pub struct Gate {
    store: Store,
    clock: Clock,
    tiers: Arc<Tiers>,
    operator: Option<OperatorSecret>,
    found: Recent<String, FoundKey>,
    uses: Arc<Uses>,
    refusals: Refusals,
    /// Refused sign-ins by address.
    failed: Rate<IpAddr>,
}

impl Gate {
    /// A gate to what `store` holds, that refuses an address with 401 so often a minute, and with 429 from then on.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        tiers: Arc<Tiers>,
        operator: Option<OperatorSecret>,
        refusals: Refusals,
        failed_a_minute: u32,
        trust: Trust,
    ) -> Self {
        let failed = Rate::new(failed_a_minute, chrono::Duration::minutes(1));
        let uses = Uses::new(store.clone());
        Self { store, clock, tiers, operator, found: Recent::new(trust), uses, refusals, failed }
    }

    /// Who is calling, by the header `Authorization: Bearer pk_…`.
    ///
    /// # Errors
    /// 401 without a valid key, 429 instead where the address was refused too often, 403 where the tenant is suspended, 503 where the
    /// database is gone.
    pub async fn caller(&self, headers: &HeaderMap, origin: &Origin) -> Result<Caller> {
        let unknown = Refused { tenant_id: None, public_id: None, reason: Reason::UnknownKey };
        let shown = self.shown(headers, &unknown, origin, NO_KEY)?;
        let key = ParsedKey::tenant(shown).ok_or_else(|| {
            let detail = if ParsedKey::operator(shown).is_some() {
                "This is an operator's key, which opens /admin alone. Use an API key of a tenant: `pk_live_…`."
            } else {
                "The API key is malformed: a key is `pk_live_<12 characters>_<32 characters>`, as sign-up shows it."
            };
            self.refuse(&unknown, origin, Problem::unauthorized(detail))
        })?;
        let refused = |refused: &Refused| {
            let detail = "The API key is not valid: it is unknown, revoked or expired. Use another key of your tenant.";
            self.refuse(refused, origin, Problem::unauthorized(detail))
        };
        let of = |tenant_id: &TenantId, reason| Refused {
            tenant_id: Some(tenant_id.clone()),
            public_id: Some(key.public_id.clone()),
            reason,
        };
        let found = self.find(&key.public_id).await?;
        let is_its_secret = key.secret.matches(found.as_ref().map_or(&NO_HASH, |found| &found.secret_hash));
        let Some(found) = found else {
            let owner = self.store.revoked_key(&key.public_id).await?;
            return Err(refused(&owner.map_or(unknown, |tenant_id| of(&tenant_id, Reason::Revoked))));
        };
        if !is_its_secret || found.mode != key.mode {
            return Err(refused(&of(&found.tenant_id, Reason::WrongSecret)));
        }
        let now = self.clock.now();
        if found.expires_at.is_some_and(|at| at <= now) {
            return Err(refused(&of(&found.tenant_id, Reason::Expired)));
        }
        if found.status != "active" {
            return Err(self.refuse(&of(&found.tenant_id, Reason::Suspended), origin, Problem::suspended()));
        }
        let tier = self.tiers.get(&found.tier).ok_or_else(|| {
            Problem::internal(format!(
                "tenant {} is on the tier `{}`, which is not configured",
                found.tenant_id, found.tier
            ))
        })?;
        let caller = Caller {
            store: self.store.tenant(found.tenant_id.clone()).acting(Actor::key(&found.key_id, origin.clone())),
            key_id: found.key_id.clone(),
            scope: found.scopes.iter().copied().max().unwrap_or(Scope::Read),
            mode: found.mode,
            tier: found.tier.clone(),
            limits: found.quota_overrides.over(tier.limits()),
        };
        self.uses.note(caller.tenant_id(), &caller.key_id, now);
        Ok(caller)
    }

    /// Lets the operator in, by the header `Authorization: Bearer <operator key>`.
    ///
    /// # Errors
    /// 404 where no operator key is configured, so that `/admin` does not exist; 401 without the right one, and 429 instead where
    /// the address was refused too often.
    pub async fn operator(&self, headers: &HeaderMap, path: &str, origin: &Origin) -> Result<Actor> {
        if self.operator.is_none() && !self.store.has_operator_keys().await? {
            return Err(Problem::no_such_path(path));
        }
        let of = |public_id| Refused { tenant_id: None, public_id, reason: Reason::OperatorKeyRefused };
        let shown = self.shown(headers, &of(None), origin, NO_OPERATOR_KEY)?;
        let refused = |public_id| {
            let detail = if ParsedKey::tenant(shown).is_some() {
                "This is an API key of a tenant; /admin takes the operator's. Make one with `agent-platform operator-key create`."
            } else {
                "The operator key is not valid. Make one with `agent-platform operator-key create`."
            };
            self.refuse(&of(public_id), origin, Problem::unauthorized(detail))
        };
        if let Some(configured) = &self.operator {
            // Comparing hashes takes the same time whatever was shown, also for its length.
            if bool::from(digest(shown).ct_eq(&digest(configured.expose()))) {
                let public_id = ParsedKey::operator(configured.expose()).map(|key| key.public_id);
                return Ok(Actor::operator(public_id, origin.clone()));
            }
        }
        let key = ParsedKey::operator(shown).ok_or_else(|| refused(None))?;
        let hash = self.store.operator_key_hash(&key.public_id).await?;
        let is_its_secret = key.secret.matches(hash.as_deref().unwrap_or(&NO_HASH));
        match hash {
            Some(_) if is_its_secret => Ok(Actor::operator(Some(key.public_id), origin.clone())),
            known => Err(refused(known.map(|_| key.public_id))),
        }
    }

    /// The credential that was shown; to show none is no attempt, to show anything else than a key is one.
    fn shown<'a>(
        &self,
        headers: &'a HeaderMap,
        refused: &Refused,
        origin: &Origin,
        detail: &'static str,
    ) -> Result<&'a str> {
        let missing = || Problem::unauthorized(detail);
        let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
        bearer(value).ok_or_else(|| self.refuse(refused, origin, missing()))
    }

    /// Notes a refusal for the audit log, and counts it for its address: beyond the limit it is answered 429. Whoever has a valid key
    /// is never asked.
    fn refuse(&self, refused: &Refused, origin: &Origin, problem: Problem) -> Problem {
        let now = self.clock.now();
        self.refusals.note(refused.clone(), origin, now);
        if refused.reason == Reason::Suspended {
            return problem;
        }
        match self.failed.take(address::counted(origin.address), now) {
            Ok(()) => problem,
            Err(seconds) => Problem::too_many_requests(
                format!(
                    "Too many keys from this address were refused. A valid key is let in; try again in {seconds} s otherwise."
                ),
                seconds,
            ),
        }
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
}

fn digest(text: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The credential in `Authorization: Bearer …` (RFC 6750).
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, credential) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
}
