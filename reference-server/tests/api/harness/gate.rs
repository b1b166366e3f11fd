//! Holds executions at a point of their life by the database, so that a test acts while they are there.

use super::{Backend, Database, database::Behind};

/// While this stands, no execution can be settled: each tries again until it is lifted.
pub struct SettlementGate<'a>(&'a Database);

impl<'a> SettlementGate<'a> {
    pub async fn close(database: &'a Database) -> Self {
        let statements = match database.backend {
            Backend::Sqlite => {
                "CREATE TRIGGER gate BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'a test holds the ledger'); END"
            }
            Backend::Postgres => {
                "CREATE OR REPLACE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'a test holds the ledger'; END $$; \
                 CREATE TRIGGER gate BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION gate();"
            }
        };
        database.execute(statements).await.expect("the gate closes");
        Self(database)
    }

    pub async fn open(self) {
        let statement = match self.0.backend {
            Backend::Sqlite => "DROP TRIGGER gate",
            Backend::Postgres => "DROP TRIGGER gate ON ledger",
        };
        self.0.execute(statement).await.expect("the gate opens");
    }
}

/// While this stands, no execution can be begun: each waits for the database, its quota reserved. For less than the five
/// seconds that SQLite waits for a lock.
pub struct BeginningGate(Behind);

impl BeginningGate {
    pub async fn close(database: &Database) -> Self {
        let mut behind = database.behind().await;
        let statements = match database.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN; LOCK TABLE executions IN SHARE ROW EXCLUSIVE MODE",
        };
        behind.execute(statements).await.expect("the lock is given");
        Self(behind)
    }

    pub async fn open(self) {
        self.open_after("SELECT 1").await;
    }

    /// Runs a statement in the transaction that holds the lock, then gives it back.
    pub async fn open_after(mut self, statement: &str) {
        self.0.execute(&format!("{statement}; COMMIT")).await.expect("the lock is given back");
    }
}

/// While this stands, nothing of what an execution has come to can be stored before its end: one that calls a tool waits there.
pub struct ProgressGate<'a>(&'a Database);

impl<'a> ProgressGate<'a> {
    pub async fn close(database: &'a Database) -> Self {
        let statements = match database.backend {
            Backend::Sqlite => {
                "CREATE TRIGGER progress_gate BEFORE UPDATE OF layout ON executions WHEN NEW.status = 'running' \
                 BEGIN SELECT RAISE(ABORT, 'a test holds the progress'); END"
            }
            Backend::Postgres => {
                "CREATE FUNCTION progress_gate() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'a test holds the progress'; END $$; \
                 CREATE TRIGGER progress_gate BEFORE UPDATE OF layout ON executions FOR EACH ROW WHEN (NEW.status = 'running') \
                 EXECUTE FUNCTION progress_gate();"
            }
        };
        database.execute(statements).await.expect("the gate closes");
        Self(database)
    }

    pub async fn open(self) {
        let statement = match self.0.backend {
            Backend::Sqlite => "DROP TRIGGER progress_gate",
            Backend::Postgres => "DROP TRIGGER progress_gate ON executions",
        };
        self.0.execute(statement).await.expect("the gate opens");
    }
}
