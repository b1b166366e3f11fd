//! What each tenant has made, and whose every id is.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Call, Tenant, server::id};

/// Beyond this many of a kind the next thing that is done to it is to delete one: each list fits on a page.
const OF_A_KIND: usize = 40;
/// Idempotency keys that all tenants use.
const KEYS: usize = 50;
const ID_CHARS: usize = 20;
const PREFIXES: [&str; 6] = ["agent-", "conv-", "exec-", "key-", "doc-", "tick-"];
/// Words that stand in everything that a tenant writes, and in nothing of the others.
const WORDS: [&str; 5] = ["aardvark", "bumblebee", "chinchilla", "dragonfly", "echidna"];

/// A seeded source of chance (splitmix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    fn of<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { Some(&from[self.below(from.len())]) }
    }
}

/// Whose each id is that any answer ever showed: that of the tenant to whom it was shown first.
#[derive(Default)]
pub(super) struct Owners(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    owners: HashMap<String, usize>,
    ids: Vec<String>,
}

impl Owners {
    /// Holds an answer to the rule that it shows no id of another, but for the one that was asked for.
    fn check(&self, number: usize, asked: &str, text: &str) {
        let mut seen = self.0.lock().unwrap();
        // Every id has one hyphen, before which its kind stands.
        for (hyphen, _) in text.match_indices('-') {
            let Some(prefix) = PREFIXES.iter().find(|prefix| text[..=hyphen].ends_with(**prefix)) else { continue };
            let Some(id) = text.get(hyphen + 1 - prefix.len()..hyphen + 1 + ID_CHARS) else { continue };
            let is_id = id[prefix.len()..].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            if is_id && !asked.contains(id) {
                if !seen.owners.contains_key(id) {
                    seen.owners.insert(id.to_owned(), number);
                    seen.ids.push(id.to_owned());
                }
                let owner = seen.owners[id];
                assert_eq!(owner, number, "tenant {number} asked {asked} and was shown tenant {owner}'s {id}: {text}");
            }
        }
    }

    /// The id of another tenant, if there is one.
    fn of_another(&self, number: usize, chance: &mut Chance) -> Option<String> {
        let seen = self.0.lock().unwrap();
        let tries = (0..8).filter_map(|_| chance.of(&seen.ids));
        tries.into_iter().find(|id| seen.owners[*id] != number).cloned()
    }
}

/// A tenant with what it must see.
pub(super) struct Member {
    tenant: Tenant,
    number: usize,
    chance: Chance,
    owners: Arc<Owners>,
    /// By list: the ids with what their names hold.
    own: BTreeMap<&'static str, BTreeMap<String, String>>,
    executed: BTreeSet<String>,
    /// What was answered under each key.
    answered: BTreeMap<usize, Answer>,
    made: usize,
    /// How many operations it has sent.
    pub(super) sent: usize,
    /// How often it tried an id of another.
    pub(super) foreign: usize,
}

impl Member {
    pub(super) async fn new(tenant: Tenant, number: usize, chance: Chance, owners: Arc<Owners>) -> Self {
        let own = ["agents", "documents", "conversations", "api-keys"].map(|kind| (kind, BTreeMap::new())).into();
        let mut member = Self {
            tenant,
            number,
            chance,
            owners,
            own,
            executed: BTreeSet::new(),
            answered: BTreeMap::new(),
            made: 0,
            sent: 0,
            foreign: 0,
        };
        let first = member.tenant.get("/api-keys").await.ok(200)["data"][0].clone();
        member.own.get_mut("api-keys").unwrap().insert(id(&first, "key_id"), "First key".to_owned());
        member
    }

    pub(super) fn executions(&self) -> usize {
        self.executed.len()
    }

    fn word(&self) -> &'static str {
        WORDS[self.number]
    }

    /// A text that nobody else writes.
    fn text(&mut self) -> String {
        self.made += 1;
        format!("{} {}", self.word(), self.made)
    }

    /// Sends a call, and holds its answer to the rule for all: nothing of another tenant is in it.
    async fn send(&mut self, asked: &str, call: Call) -> Answer {
        let answer = call.await;
        self.sent += 1;
        self.owners.check(self.number, asked, answer.text());
        for (number, word) in WORDS.iter().enumerate().filter(|(number, _)| *number != self.number) {
            assert!(
                !answer.text().contains(word),
                "tenant {} asked {asked} and was shown {number}'s: {}",
                self.number,
                answer.text()
            );
        }
        answer
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let call = self.tenant.call(method.clone(), path);
        let (call, shown) = match body {
            Some(body) => (call.json(&body), body.to_string()),
            None => (call, String::new()),
        };
        self.send(&format!("{method} {path} {shown}"), call).await
    }

    fn one_of(&mut self, kind: &str) -> Option<String> {
        let ids: Vec<_> = self.own[kind].keys().cloned().collect();
        self.chance.of(&ids).cloned()
    }

    /// One random operation.
    pub(super) async fn act(&mut self) {
        match self.chance.below(100) {
            0..30 => self.try_anothers().await,
            30..42 => self.execute().await,
            42..50 => self.use_a_shared_key().await,
            50..58 => self.search().await,
            58..64 => self.list_executions().await,
            64..70 => self.read_an_execution().await,
            _ => {
                let kind =
                    ["agents", "agents", "documents", "documents", "conversations", "api-keys"][self.chance.below(6)];
                let is_full = self.own[kind].len() >= OF_A_KIND;
                match self.chance.below(10) {
                    _ if is_full => self.delete(kind).await,
                    0 => self.delete(kind).await,
                    1..4 if kind == "conversations" => self.execute().await,
                    1..4 => self.make(kind).await,
                    4..6 => self.list(kind).await,
                    6 if kind == "agents" => self.rename_an_agent().await,
                    _ => self.read(kind).await,
                }
            }
        }
    }

    async fn make(&mut self, kind: &'static str) {
        let text = self.text();
        let (body, field) = match kind {
            "agents" => {
                (json!({ "name": text, "system_prompt": text, "tools": ["search_kb", "create_ticket"] }), "agent_id")
            }
            "documents" => {
                (json!({ "title": text, "content": format!("All that is known of the {text}.") }), "document_id")
            }
            _ => (json!({ "name": text }), "key_id"),
        };
        let made = self.ask(Method::POST, &format!("/{kind}"), Some(body)).await.ok(201);
        self.own.get_mut(kind).unwrap().insert(id(&made, field), text);
    }

    async fn read(&mut self, kind: &'static str) {
        let Some(id) = self.one_of(kind) else { return };
        if kind == "api-keys" {
            return self.list(kind).await;
        }
        let found = self.ask(Method::GET, &format!("/{kind}/{id}"), None).await.ok(200).to_string();
        assert!(found.contains(&id) && found.contains(&self.own[kind][&id]), "{found}");
    }

    async fn rename_an_agent(&mut self) {
        let Some(id) = self.one_of("agents") else { return };
        let text = self.text();
        self.ask(Method::PATCH, &format!("/agents/{id}"), Some(json!({ "name": text }))).await.ok(200);
        self.own.get_mut("agents").unwrap().insert(id, text);
    }

    async fn delete(&mut self, kind: &'static str) {
        let Some(id) = self.one_of(kind) else { return };
        if self.own["api-keys"].get(&id).is_some_and(|name| name == "First key") {
            return;
        }
        self.ask(Method::DELETE, &format!("/{kind}/{id}"), None).await.no_content();
        self.own.get_mut(kind).unwrap().remove(&id);
        self.ask(Method::DELETE, &format!("/{kind}/{id}"), None).await.problem(404, "not_found");
    }

    async fn list(&mut self, kind: &'static str) {
        let page = self.ask(Method::GET, &format!("/{kind}?limit=100"), None).await.ok(200);
        let field = match kind {
            "agents" => "agent_id",
            "documents" => "document_id",
            "conversations" => "conversation_id",
            _ => "key_id",
        };
        let seen: BTreeSet<_> = page["data"].as_array().unwrap().iter().map(|row| id(row, field)).collect();
        let own: BTreeSet<_> = self.own[kind].keys().cloned().collect();
        assert_eq!(seen, own, "tenant {} and its {kind}", self.number);
    }

    async fn execute(&mut self) {
        let Some(agent_id) = self.one_of("agents") else { return self.make("agents").await };
        let text = self.text();
        let message = match self.chance.below(3) {
            0 => format!("Please open a ticket: the {text} is ill."),
            _ => format!("What is known of the {text}?"),
        };
        let mut body = json!({ "message": message, "max_output_tokens": 60 });
        if self.chance.below(4) == 0 {
            body["stream"] = true.into();
        }
        let is_stream = body["stream"] == true;
        let answer = self.ask(Method::POST, &format!("/agents/{agent_id}/execute"), Some(body)).await;
        let result = match is_stream {
            true => answer.events().last().unwrap().data["response"].clone(),
            false => answer.ok(200),
        };
        self.executed.insert(id(&result, "execution_id"));
        let conversation_id = id(&result, "conversation_id");
        if self.own["conversations"].len() >= OF_A_KIND {
            self.ask(Method::DELETE, &format!("/conversations/{conversation_id}"), None).await.no_content();
        } else {
            self.own.get_mut("conversations").unwrap().insert(conversation_id, text);
        }
    }

    async fn read_an_execution(&mut self) {
        let ids: Vec<_> = self.executed.iter().cloned().collect();
        let Some(execution_id) = self.chance.of(&ids).cloned() else { return };
        match self.chance.below(3) {
            0 => drop(self.ask(Method::GET, &format!("/executions/{execution_id}/events"), None).await.events()),
            1 => drop(self.ask(Method::POST, &format!("/executions/{execution_id}/cancel"), None).await.ok(200)),
            _ => drop(self.ask(Method::GET, &format!("/executions/{execution_id}"), None).await.ok(200)),
        }
    }

    async fn list_executions(&mut self) {
        let path = if self.chance.below(2) == 0 { "/executions?limit=5" } else { "/tickets?limit=5" };
        let page = self.ask(Method::GET, path, None).await.ok(200);
        for row in page["data"].as_array().unwrap() {
            assert!(self.executed.contains(&id(row, "execution_id")), "tenant {}: {row}", self.number);
        }
    }

    /// For its own word and for another's.
    async fn search(&mut self) {
        let word = WORDS[self.chance.below(WORDS.len())];
        let found = self.ask(Method::GET, &format!("/documents/search?q={word}"), None).await.ok(200);
        let found = found["data"].as_array().unwrap();
        if word != self.word() {
            assert!(found.is_empty(), "tenant {} found {found:?}", self.number);
        }
        for hit in found {
            assert!(self.own["documents"].contains_key(&id(hit, "document_id")), "tenant {}: {hit}", self.number);
        }
    }

    /// Each tenant uses the same keys; each has its own answer under each.
    async fn use_a_shared_key(&mut self) {
        let key = self.chance.below(KEYS);
        let body = json!({ "title": format!("{} under a key", self.word()), "content": "The same each time." });
        let call = self.tenant.post("/documents", body).once(&format!("shared-{key}"));
        let answer = self.send(&format!("POST /documents under shared-{key}"), call).await;
        match self.answered.get(&key) {
            Some(first) => answer.replays(first),
            None => {
                assert!(!answer.is_replayed(), "tenant {}: {}", self.number, answer.text());
                let made = id(&answer.ok(201), "document_id");
                self.answered.insert(key, answer);
                self.ask(Method::DELETE, &format!("/documents/{made}"), None).await.no_content();
            }
        }
    }

    async fn try_anothers(&mut self) {
        let Some(foreign) = self.owners.of_another(self.number, &mut self.chance) else { return };
        self.foreign += 1;
        let kind = foreign.split('-').next().unwrap();
        let (get, delete, post, patch) = (Method::GET, Method::DELETE, Method::POST, Method::PATCH);
        let rename = Some(json!({ "name": "Taken over" }));
        let message = Some(json!({ "message": "Hello!" }));
        let (method, path, body) = match (kind, self.chance.below(4)) {
            ("agent", 0) => (get, format!("/agents/{foreign}"), None),
            ("agent", 1) => (patch, format!("/agents/{foreign}"), rename),
            ("agent", 2) => (delete, format!("/agents/{foreign}"), None),
            ("agent", _) => (post, format!("/agents/{foreign}/execute"), message),
            ("doc", 0..2) => (get, format!("/documents/{foreign}"), None),
            ("doc", _) => (delete, format!("/documents/{foreign}"), None),
            ("conv", 0) => (get, format!("/conversations/{foreign}"), None),
            ("conv", 1) => (delete, format!("/conversations/{foreign}"), None),
            ("conv", _) => match self.one_of("agents") {
                None => return,
                Some(own) => {
                    let body = json!({ "message": "Hello!", "conversation_id": foreign });
                    (post, format!("/agents/{own}/execute"), Some(body))
                }
            },
            ("exec", 0) => (get, format!("/executions/{foreign}"), None),
            ("exec", 1) => (get, format!("/executions/{foreign}/events"), None),
            ("exec", 2) => (post, format!("/executions/{foreign}/cancel"), None),
            ("exec", _) => (get, format!("/executions/{foreign}/events"), None),
            ("key", _) => (delete, format!("/api-keys/{foreign}"), None),
            _ => (get, format!("/tickets/{foreign}"), None),
        };
        self.ask(method, &path, body).await.problem(404, "not_found");
    }

    /// At the end, everything once more: what others tried has changed nothing.
    pub(super) async fn sees_its_own_alone(&mut self) {
        for kind in ["agents", "documents", "conversations", "api-keys"] {
            self.list(kind).await;
            let ids: Vec<_> = self.own[kind].keys().cloned().collect();
            for id in ids.iter().filter(|_| kind != "api-keys") {
                let found = self.ask(Method::GET, &format!("/{kind}/{id}"), None).await.ok(200).to_string();
                assert!(found.contains(&self.own[kind][id]), "{found}");
            }
        }
        let in_all = self.tenant.usage().await["usage"]["requests_this_hour"].as_u64().unwrap();
        assert_eq!(in_all, self.executed.len() as u64, "each execution was counted for who asked for it");
    }
}
