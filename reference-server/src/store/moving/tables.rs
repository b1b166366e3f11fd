//! What a tenant's data is: the tables that move with it, and how what changed in them is found and copied.
//!
//! Texts of statements are put together here from the names in this file and from nothing else.

/// What a column holds, where the two databases keep it in different types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Real,
    Bool,
    Time,
    Bytes,
    /// JSON that keeps its text.
    Json,
    /// JSON that PostgreSQL writes in its own way.
    Jsonb,
}

/// How rows are written that may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// They never change: what is there stays.
    Once,
    /// They are brought up to date, by this key.
    Again(&'static str),
    /// Those of a unit have an order, which the database gives by this column: new ones are written behind the others.
    InOrder(&'static str),
}

/// A table that moves with its tenant.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// All but `tenant_id`, and what the database itself gives (an identity, what is generated).
    pub(super) columns: &'static [(&'static str, Kind)],
    /// What is copied at once: the rows that have this column in common.
    pub(super) unit: &'static str,
    /// The units of the tenant `$1` that may have changed since the time `$2`, each with a text that changes with it. Ids begin with
    /// their time.
    pub(super) listing: &'static str,
    pub(super) writing: Writing,
    /// The order of a unit's rows.
    pub(super) order: &'static str,
    /// Whether there is nothing else in a table of this name: in the platform's database, keys of other work stay.
    pub(super) is_whole: bool,
}

/// In an order in which nothing refers to what comes later.
pub(super) static TABLES: [Table; 9] = [
    Table {
        name: "agents",
        columns: &[
            ("agent_id", Kind::Text),
            ("name", Kind::Text),
            ("status", Kind::Text),
            ("system_prompt", Kind::Text),
            ("tools", Kind::Jsonb),
            ("model", Kind::Text),
            ("max_output_tokens", Kind::Int),
            ("temperature", Kind::Real),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
            ("updated_at", Kind::Time),
        ],
        unit: "agent_id",
        // All of them: an old one may be changed, and there are few.
        listing: "SELECT agent_id, CAST(updated_at AS TEXT) FROM agents WHERE tenant_id = $1 AND CAST($2 AS TEXT) IS NOT NULL",
        writing: Writing::Again("agent_id"),
        order: "agent_id",
        is_whole: true,
    },
    Table {
        name: "conversations",
        columns: &[("conversation_id", Kind::Text), ("agent_id", Kind::Text), ("created_at", Kind::Time)],
        unit: "conversation_id",
        listing: "SELECT conversation_id, '' FROM conversations WHERE tenant_id = $1 AND conversation_id >= 'conv-' || $2",
        writing: Writing::Once,
        order: "conversation_id",
        is_whole: true,
    },
    Table {
        name: "executions",
        columns: &[
            ("execution_id", Kind::Text),
            ("agent_id", Kind::Text),
            ("conversation_id", Kind::Text),
            ("key_id", Kind::Text),
            ("mode", Kind::Text),
            ("owner", Kind::Text),
            ("status", Kind::Text),
            ("input", Kind::Text),
            ("output", Kind::Text),
            ("model", Kind::Text),
            ("finish_reason", Kind::Text),
            ("reserved_tokens", Kind::Int),
            ("input_tokens", Kind::Int),
            ("output_tokens", Kind::Int),
            ("estimated", Kind::Bool),
            ("cost_micros", Kind::Int),
            ("tool_calls", Kind::Json),
            ("steps", Kind::Json),
            ("problem", Kind::Jsonb),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
            ("completed_at", Kind::Time),
            ("duration_ms", Kind::Int),
            ("layout", Kind::Text),
            ("last_event_id", Kind::Int),
            ("cancel_requested", Kind::Bool),
            ("reserved_micros", Kind::Int),
            ("reserved_bytes", Kind::Int),
        ],
        unit: "execution_id",
        // One that runs changes with each checkpoint; one that has ended never does.
        listing: "SELECT execution_id, CASE status WHEN 'running' THEN NULL ELSE status END FROM executions \
                  WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2",
        writing: Writing::Again("execution_id"),
        order: "execution_id",
        is_whole: true,
    },
    Table {
        name: "messages",
        columns: &[
            ("conversation_id", Kind::Text),
            ("execution_id", Kind::Text),
            ("role", Kind::Text),
            ("content", Kind::Text),
            ("created_at", Kind::Time),
        ],
        unit: "conversation_id",
        // By conversations, so that messages keep their order.
        listing: "SELECT conversation_id, CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(message_id) AS TEXT) FROM messages \
                  WHERE tenant_id = $1 AND conversation_id IN (SELECT conversation_id FROM messages \
                  WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2) GROUP BY conversation_id",
        writing: Writing::InOrder("message_id"),
        order: "message_id",
        is_whole: true,
    },
    Table {
        name: "ledger",
        columns: &[
            ("execution_id", Kind::Text),
            ("agent_id", Kind::Text),
            ("key_id", Kind::Text),
            ("mode", Kind::Text),
            ("model", Kind::Text),
            ("status", Kind::Text),
            ("input_tokens", Kind::Int),
            ("output_tokens", Kind::Int),
            ("estimated", Kind::Bool),
            ("cost_micros", Kind::Int),
            ("started_at", Kind::Time),
            ("settled_at", Kind::Time),
        ],
        unit: "execution_id",
        listing: "SELECT execution_id, '' FROM ledger WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2",
        writing: Writing::Once,
        order: "execution_id",
        is_whole: true,
    },
    Table {
        name: "documents",
        columns: &[
            ("document_id", Kind::Text),
            ("title", Kind::Text),
            ("content", Kind::Text),
            ("bytes", Kind::Int),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
        ],
        unit: "document_id",
        listing: "SELECT document_id, '' FROM documents WHERE tenant_id = $1 AND document_id >= 'doc-' || $2",
        writing: Writing::Once,
        order: "document_id",
        is_whole: true,
    },
    Table {
        name: "passages",
        columns: &[("document_id", Kind::Text), ("ordinal", Kind::Int), ("text", Kind::Text), ("terms", Kind::Text)],
        unit: "document_id",
        listing: "SELECT document_id, CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(passage_id) AS TEXT) FROM passages \
                  WHERE tenant_id = $1 AND document_id >= 'doc-' || $2 GROUP BY document_id",
        writing: Writing::InOrder("passage_id"),
        order: "passage_id",
        is_whole: true,
    },
    Table {
        name: "tickets",
        columns: &[
            ("ticket_id", Kind::Text),
            ("subject", Kind::Text),
            ("body", Kind::Text),
            ("execution_id", Kind::Text),
            ("created_at", Kind::Time),
        ],
        unit: "ticket_id",
        listing: "SELECT ticket_id, '' FROM tickets WHERE tenant_id = $1 AND ticket_id >= 'tick-' || $2",
        writing: Writing::Once,
        order: "ticket_id",
        is_whole: true,
    },
    Table {
        name: "idempotency_keys",
        columns: &[
            ("operation", Kind::Text),
            ("key_hash", Kind::Text),
            ("request_hash", Kind::Text),
            ("execution_id", Kind::Text),
            ("status", Kind::Int),
            ("answer", Kind::Bytes),
            ("created_at", Kind::Time),
            ("expires_at", Kind::Time),
        ],
        unit: "key_hash",
        // All of them: they are kept for a day.
        listing: "SELECT key_hash, CAST(COUNT(*) AS TEXT) || ' ' || MAX(CAST(created_at AS TEXT)) || ' ' || \
                  MAX(CAST(expires_at AS TEXT)) FROM idempotency_keys \
                  WHERE tenant_id = $1 AND CAST($2 AS TEXT) IS NOT NULL GROUP BY key_hash",
        writing: Writing::Again("tenant_id, operation, key_hash"),
        order: "operation",
        is_whole: false,
    },
];

/// In whose words a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The units that `$2` names, a list in JSON.
    fn named(self) -> &'static str {
        match self {
            Self::Sqlite => "(SELECT value FROM json_each($2))",
            Self::Postgres => "(SELECT json_array_elements_text($2::json))",
        }
    }

    fn read(self, (column, kind): (&str, Kind)) -> String {
        match (self, kind) {
            (Self::Postgres, Kind::Json | Kind::Jsonb) => format!("CAST({column} AS TEXT)"),
            _ => column.to_owned(),
        }
    }

    fn write(self, number: usize, kind: Kind) -> String {
        match (self, kind) {
            (Self::Postgres, Kind::Json) => format!("CAST(${number}::text AS JSON)"),
            (Self::Postgres, Kind::Jsonb) => format!("CAST(${number}::text AS JSONB)"),
            _ => format!("${number}"),
        }
    }
}

impl Table {
    /// The rows of some units of a tenant.
    pub(super) fn select(&self, dialect: Dialect) -> String {
        let columns: Vec<_> = self.columns.iter().map(|&column| dialect.read(column)).collect();
        let Self { name, unit, order, .. } = self;
        let (columns, named) = (columns.join(", "), dialect.named());
        format!("SELECT {columns} FROM {name} WHERE tenant_id = $1 AND {unit} IN {named} ORDER BY {order}")
    }

    /// The rows of one unit behind the place `$3` in its order.
    pub(super) fn select_behind(&self, dialect: Dialect) -> Option<String> {
        let Writing::InOrder(place) = self.writing else { return None };
        let columns: Vec<_> = self.columns.iter().map(|&column| dialect.read(column)).collect();
        let Self { name, unit, .. } = self;
        let columns = columns.join(", ");
        Some(format!(
            "SELECT {columns} FROM {name} WHERE tenant_id = $1 AND {unit} = $2 AND {place} > $3 ORDER BY {place}"
        ))
    }

    /// So many rows of a tenant, which is `$1`; their columns follow.
    pub(super) fn insert(&self, dialect: Dialect, rows: usize) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(column, _)| *column).collect();
        let width = columns.len();
        let row = |row: usize| {
            let numbers = (row * width + 2)..;
            let values: Vec<_> =
                self.columns.iter().zip(numbers).map(|((_, kind), i)| dialect.write(i, *kind)).collect();
            format!("($1, {})", values.join(", "))
        };
        let values: Vec<_> = (0..rows).map(row).collect();
        let conflict = match self.writing {
            Writing::InOrder(_) => String::new(),
            Writing::Once => "ON CONFLICT DO NOTHING".to_owned(),
            Writing::Again(key) => {
                let changes: Vec<_> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
                format!("ON CONFLICT ({key}) DO UPDATE SET {}", changes.join(", "))
            }
        };
        let (name, columns, values) = (self.name, columns.join(", "), values.join(", "));
        format!("INSERT INTO {name} (tenant_id, {columns}) VALUES {values} {conflict}")
    }

    /// The deletion of some units of a tenant.
    pub(super) fn delete(&self, dialect: Dialect) -> String {
        format!("DELETE FROM {} WHERE tenant_id = $1 AND {} IN {}", self.name, self.unit, dialect.named())
    }

    /// How many rows a tenant has.
    pub(super) fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {} WHERE tenant_id = $1", self.name)
    }

    /// How many rows each unit of a tenant has.
    pub(super) fn count_units(&self) -> String {
        let Self { name, unit, .. } = self;
        format!("SELECT {unit}, COUNT(*) FROM {name} WHERE tenant_id = $1 GROUP BY {unit}")
    }

    /// The deletion of some of a tenant's rows, `$2` at most: SQLite's part, whose tables have no owner. It looks each time whether the
    /// tenant lives elsewhere, and the move is still `$3`: much may have happened since the last.
    pub(super) fn clear(&self) -> String {
        let name = self.name;
        // A table without row ids has its key for them.
        let row = if let Writing::Again(key) = self.writing { format!("({key})") } else { "rowid".to_owned() };
        let key = row.trim_matches(['(', ')']);
        format!(
            "DELETE FROM {name} WHERE tenant_id = $1 AND {row} IN (SELECT {key} FROM {name} WHERE tenant_id = $1 LIMIT $2) \
             AND EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND move_id = $3 \
             AND (database_url IS NOT NULL OR state IN ('arriving', 'leaving')))"
        )
    }
}

/// How many rows a tenant has in each table of which there is nothing else, in one answer.
pub(super) fn counts() -> String {
    let count = |(place, table): (usize, &Table)| {
        format!("SELECT CAST({place} AS BIGINT), COUNT(*) FROM {} WHERE tenant_id = $1", table.name)
    };
    let counts: Vec<_> = TABLES.iter().filter(|table| table.is_whole).enumerate().map(count).collect();
    format!("{} ORDER BY 1", counts.join(" UNION ALL "))
}
